/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes from the network: see tests/fuzz/README.md. */

#include "cpm-address.h"
#include "cpm-clock.h"
#include "cpm-json.h"
#include "cpm-message.h"
#include "cpm-session.h"
#include "fuzz.h"

#include <string.h>

/* What was taken in can be handed on with any envelope, and is the same at the other end. */
static void
check_handing_on (CpmMessage *message)
{
  g_autoptr (CpmMessage) copy = cpm_message_copy (message);
  g_autoptr (CpmMessage) back = NULL;
  g_autoptr (GError) error = NULL;
  const char *text;

  cpm_message_stamp (copy, "alice@a.test", G_MAXINT64);
  cpm_message_set_seq (copy, G_MAXINT64);
  text = cpm_message_get_text (copy);
  back = cpm_message_parse (text, strlen (text), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cpm_message_get_text (back), ==, text);
}

static void
check_message (CpmMessage *message)
{
  g_assert_true (cpm_message_get_id (message) == NULL
                 || cpm_id_is_valid (cpm_message_get_id (message)));
  g_assert_true (cpm_message_get_to (message) == NULL
                 || cpm_address_is_normal (cpm_message_get_to (message)));
  check_handing_on (message);

  if (cpm_message_get_message_type (message) == CPM_MESSAGE_ERR)
    {
      g_autoptr (GError) error = cpm_message_to_error (message);

      g_assert_cmpint (error->domain, ==, CPM_ERROR);
    }
  else if (cpm_message_get_message_type (message) == CPM_MESSAGE_SHARE_STATE)
    {
      g_autoptr (CpmSession) session =
        cpm_session_new_from_json (cpm_message_get_body (message), NULL);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         length)
{
  const char *text = length > 0 ? (const char *) data : "";
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmMessage) message = cpm_message_parse (text, length, &id, &error);
  g_autofree char *string = g_strndup (text, length);
  g_autofree char *clean = cpm_text_clean (string);
  g_autofree char *address = cpm_address_normalize (string, NULL);

  g_assert_true (g_utf8_validate (clean, -1, NULL));
  g_assert_true (address == NULL || cpm_address_is_normal (address));
  g_assert_true (id == NULL || cpm_id_is_valid (id));
  g_assert_true ((message == NULL) == (error != NULL));

  if (message != NULL)
    check_message (message);
  else
    g_assert_cmpint (error->domain, ==, CPM_ERROR);

  return 0;
}
