/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelayByteRange:
 *
 * What a Range header (RFC 9110, 14.2) wants of something. libsoup 3.2 answers a bad one with
 * everything, so we look ourselves.
 */
typedef enum
{
  /* no header, or one that need not be understood (several ranges, other units) */
  RELAY_BYTE_RANGE_ALL,
  RELAY_BYTE_RANGE_PART, /* from @out_start to @out_end, both included */
  RELAY_BYTE_RANGE_BAD   /* nothing of it is there: 416 */
} RelayByteRange;

RelayByteRange relay_byte_range_parse (const char *header,
                                       int64_t     size,
                                       int64_t    *out_start,
                                       int64_t    *out_end);

G_END_DECLS
