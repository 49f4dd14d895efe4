/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-byte-range"

#include "config.h"

#include "relay-byte-range.h"

#include <string.h>

#define UNIT "bytes="

/* At least one digit; more than fits is as good as the largest. */
static gboolean
take_number (const char **text,
             int64_t     *out_number)
{
  const char *end = *text;

  while (g_ascii_isdigit (*end))
    end++;

  if (end == *text)
    return FALSE;

  *out_number = g_ascii_strtoll (*text, NULL, 10);
  *text = end;
  return TRUE;
}

RelayByteRange
relay_byte_range_parse (const char *header,
                        int64_t     size,
                        int64_t    *out_start,
                        int64_t    *out_end)
{
  const char *text = header;
  int64_t first = -1;
  int64_t last = -1;
  gboolean has_first;
  gboolean has_last;

  if (header == NULL || !g_str_has_prefix (header, UNIT))
    return RELAY_BYTE_RANGE_ALL;

  text += strlen (UNIT);
  has_first = take_number (&text, &first);
  if (*text++ != '-')
    return RELAY_BYTE_RANGE_ALL;
  has_last = take_number (&text, &last);
  if (*text != '\0' || (!has_first && !has_last) || (has_first && has_last && last < first))
    return RELAY_BYTE_RANGE_ALL;

  /* "-N" is the last N bytes. */
  *out_start = has_first ? first : MAX (0, size - last);
  *out_end = has_first && has_last ? MIN (last, size - 1) : size - 1;

  return *out_start < size && (has_first || last > 0) ? RELAY_BYTE_RANGE_PART
                                                      : RELAY_BYTE_RANGE_BAD;
}
