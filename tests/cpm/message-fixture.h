/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-message.h"

/* (nullable) (transfer full) */
CpmMessage *parse_message (const char *text, GError **error);
void assert_message_refused (const char *text, CpmError code);
