/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-log"

#include "config.h"

#include "relay-log.h"

#include <json-glib/json-glib.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Marks the fields of an event among those that GLib adds. */
#define FIELD_PREFIX "VITRINE_"
#define MAX_PAIRS 12

void
relay_log_event (const char *event,
                 ...)
{
  GLogField fields[MAX_PAIRS + 3] = {
    { "PRIORITY", "5", -1 },
    { "GLIB_DOMAIN", "relay", -1 },
    { "MESSAGE", event, -1 },
  };
  char *names[MAX_PAIRS];
  size_t n = 0;
  const char *name;
  va_list args;

  va_start (args, event);
  while (n < MAX_PAIRS && (name = va_arg (args, const char *)) != NULL)
    {
      const char *value = va_arg (args, const char *);

      if (value == NULL)
        continue;

      names[n] = g_strconcat (FIELD_PREFIX, name, NULL);
      fields[n + 3] = (GLogField) { names[n], value, -1 };
      n++;
    }
  va_end (args);

  g_log_structured_array (G_LOG_LEVEL_MESSAGE, fields, n + 3);

  for (size_t i = 0; i < n; i++)
    g_free (names[i]);
}

static const char *
level_to_string (GLogLevelFlags level)
{
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
    return "error";
  if (level & G_LOG_LEVEL_WARNING)
    return "warning";
  if (level & G_LOG_LEVEL_MESSAGE)
    return "message";
  if (level & G_LOG_LEVEL_INFO)
    return "info";
  return "debug";
}

static char *
field_dup_text (const GLogField *field)
{
  g_autofree char *raw = field->length < 0 ? g_strdup (field->value)
                                           : g_strndup (field->value, (size_t) field->length);

  return g_utf8_make_valid (raw, -1);
}

static void
add_field (JsonObject      *line,
           const GLogField *field)
{
  g_autofree char *text = NULL;

  if (g_str_equal (field->key, "MESSAGE"))
    {
      text = field_dup_text (field);
      json_object_set_string_member (line, "event", text);
    }
  else if (g_str_equal (field->key, "GLIB_DOMAIN"))
    {
      text = field_dup_text (field);
      json_object_set_string_member (line, "domain", text);
    }
  else if (g_str_has_prefix (field->key, FIELD_PREFIX))
    {
      text = field_dup_text (field);
      json_object_set_string_member (line, field->key + strlen (FIELD_PREFIX), text);
    }
}

GLogWriterOutput
relay_log_writer (GLogLevelFlags   level,
                  const GLogField *fields,
                  size_t           n_fields,
                  gpointer         user_data)
{
  g_autoptr (JsonObject) line = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  const char *domain = NULL;

  for (size_t i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, "GLIB_DOMAIN"))
        domain = fields[i].value;
    }

  if (g_log_writer_default_would_drop (level, domain))
    return G_LOG_WRITER_HANDLED;

  line = json_object_new ();
  json_object_set_int_member (line, "ts", g_get_real_time ());
  json_object_set_string_member (line, "level", level_to_string (level));
  for (size_t i = 0; i < n_fields; i++)
    add_field (line, &fields[i]);

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, line);
  text = json_to_string (node, FALSE);
  fprintf (stderr, "%s\n", text);
  fflush (stderr);

  return G_LOG_WRITER_HANDLED;
}
