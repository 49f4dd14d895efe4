/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "message-fixture.h"

#include <string.h>

CpmMessage *
parse_message (const char  *text,
               GError     **error)
{
  return cpm_message_parse (text, strlen (text), NULL, error);
}

void
assert_message_refused (const char *text,
                        CpmError    code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmMessage) message = parse_message (text, &error);

  if (message != NULL)
    g_test_message ("was taken: %s", text);
  g_assert_null (message);
  g_assert_error (error, CPM_ERROR, (int) code);
}
