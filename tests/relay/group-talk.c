/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "group-talk.h"

#include "cpm-json.h"

#include <string.h>

JsonObject *
body_json (const char *format,
           ...)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  object = cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, &error);
  g_assert_no_error (error);

  return object;
}

char *
person_take_members (Person *self)
{
  g_autoptr (CpmMessage) state = NULL;
  g_autoptr (GString) names = g_string_new ("");
  JsonArray *members;

  while (person_has (self, CPM_MESSAGE_GROUP_STATE))
    {
      g_clear_object (&state);
      state = person_take (self, CPM_MESSAGE_GROUP_STATE);
    }

  if (state == NULL)
    return NULL;

  members = cpm_json_get_array (cpm_message_get_body (state), "members");
  for (unsigned i = 0; i < json_array_get_length (members); i++)
    {
      const char *member = json_array_get_string_element (members, i);

      g_string_append_printf (names, "%s%.*s", i > 0 ? " " : "", (int) strcspn (member, "@"),
                              member);
    }

  return g_strdup (names->str);
}

char *
person_take_texts (Person *self)
{
  g_autoptr (GString) texts = g_string_new ("");

  while (person_has (self, CPM_MESSAGE_TEXT))
    {
      g_autoptr (CpmMessage) message = person_take (self, CPM_MESSAGE_TEXT);

      g_string_append_printf (texts, "%s%s", texts->len > 0 ? " " : "",
                              body_text (message, "text"));
    }

  return g_strdup (texts->str);
}
