/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer, and replay.c, call with each input. Returns 0. */
int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         length);
