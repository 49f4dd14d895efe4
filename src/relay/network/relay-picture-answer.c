/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-picture-answer"

#include "config.h"

#include "relay-picture-answer.h"

#include "cpm-json.h"

#include <string.h>

void
relay_picture_answer (SoupServerMessage *message,
                      unsigned           status,
                      const GError      *error)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (JsonObject) body = json_object_new ();
  char *text;

  if (error != NULL)
    {
      json_object_set_string_member (body, "code", cpm_error_to_code (cpm_error_of (error)));
      json_object_set_int_member (body, "status", status);
      json_object_set_string_member (body, "text", error->message);
      soup_message_headers_replace (headers, "Connection", "close");
    }

  text = cpm_json_to_text (body);
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text,
                                    strlen (text));
  soup_server_message_set_status (message, status, NULL);
}

void
relay_picture_refuse (SoupServerMessage *message,
                      unsigned           status,
                      CpmError           code,
                      const char        *text)
{
  g_autoptr (GError) error = g_error_new_literal (CPM_ERROR, (int) code, text);

  relay_picture_answer (message, status, error);
}
