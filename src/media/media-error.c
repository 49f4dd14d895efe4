/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-error"

#include "config.h"

#include "media-error.h"

G_DEFINE_QUARK (media-error-quark, media_error)
