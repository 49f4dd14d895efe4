/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-error"

#include "config.h"

#include "relay-error.h"

G_DEFINE_QUARK (relay-error-quark, relay_error)
