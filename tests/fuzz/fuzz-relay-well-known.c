/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a stranger's web server answers when it is asked for the document of b.test: the document,
 * or the head before it and then the document. See tests/fuzz/README.md. */

#include "fuzz.h"
#include "relay-well-known.h"

#include <string.h>

#define END_OF_HEAD "\r\n\r\n"

/* What is taken in can be said again, and is the same there. */
static void
check_document (const char *text,
                size_t      length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayHome) home = relay_well_known_parse ("b.test", text, length, &error);
  g_autoptr (RelayHome) copy = NULL;
  g_autofree char *said = NULL;
  g_autofree char *said_again = NULL;

  g_assert_true ((home == NULL) == (error != NULL));
  if (home == NULL)
    return;

  g_assert_cmpuint (home->port, >, 0);
  g_assert_cmpuint (home->port, <=, G_MAXUINT16);
  g_assert_cmpuint (home->n_keys, >, 0);
  g_assert_null (strpbrk (home->host, "\r\n /"));
  said = relay_well_known_print (home);
  copy = relay_well_known_parse ("b.test", said, strlen (said), &error);
  g_assert_no_error (error);
  said_again = relay_well_known_print (copy);
  g_assert_cmpstr (said, ==, said_again);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         length)
{
  g_autofree char *text = length > 0 ? g_strndup ((const char *) data, length) : g_strdup ("");
  const char *end = strstr (text, END_OF_HEAD);

  if (length == 0)
    return 0;

  check_document ((const char *) data, length);
  if (end != NULL)
    {
      size_t head_length = (size_t) (end - text) + strlen (END_OF_HEAD);
      g_autofree char *head = g_strndup (text, head_length);
      g_autoptr (GError) error = NULL;

      g_assert_true (relay_well_known_check_head (head, &error) == (error == NULL));
      check_document ((const char *) data + head_length, length - head_length);
    }

  return 0;
}
