/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-json-writer"

#include "config.h"

#include "cpm-json.h"

#include <math.h>
#include <string.h>

/* The generator of json-glib 1.6 writes 1e-08 as `1e-08.0`, which no parser takes: a
 * message with such a number in it could not be handed on. So we write ourselves. What
 * comes from outside is at most CPM_JSON_MAX_DEPTH deep, which bounds the recursion. */
static void write_node (GString  *text,
                        JsonNode *node);

static void
write_string (GString    *text,
              const char *string)
{
  static const char letters[] = "\b\f\n\r\t";
  static const char escapes[] = "bfnrt";

  g_string_append_c (text, '"');
  for (const char *at = string; *at != '\0'; at++)
    {
      const char *letter = strchr (letters, *at);

      if (*at == '"' || *at == '\\')
        g_string_append_printf (text, "\\%c", *at);
      else if (letter != NULL)
        g_string_append_printf (text, "\\%c", escapes[letter - letters]);
      else if ((unsigned char) *at < 0x20)
        g_string_append_printf (text, "\\u%04x", (unsigned) *at);
      else
        g_string_append_c (text, *at);
    }
  g_string_append_c (text, '"');
}

static void
write_double (GString *text,
              double   value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      g_string_append (text, "null");
      return;
    }

  g_string_append (text, g_ascii_dtostr (buffer, sizeof buffer, value));

  /* A fraction stays one when it is read again. */
  if (strpbrk (buffer, ".e") == NULL)
    g_string_append (text, ".0");
}

static void
write_value (GString  *text,
             JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    write_string (text, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (text, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_DOUBLE)
    write_double (text, json_node_get_double (node));
  else
    g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

static void
write_object (GString    *text,
              JsonObject *object)
{
  const char *separator = "{";
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_string_append (text, separator);
      write_string (text, name);
      g_string_append_c (text, ':');
      write_node (text, node);
      separator = ",";
    }

  g_string_append (text, json_object_get_size (object) > 0 ? "}" : "{}");
}

static void
write_array (GString   *text,
             JsonArray *array)
{
  unsigned length = json_array_get_length (array);

  g_string_append_c (text, '[');
  for (unsigned i = 0; i < length; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      write_node (text, json_array_get_element (array, i));
    }
  g_string_append_c (text, ']');
}

static void
write_node (GString  *text,
            JsonNode *node)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      write_object (text, json_node_get_object (node));
      break;

    case JSON_NODE_ARRAY:
      write_array (text, json_node_get_array (node));
      break;

    case JSON_NODE_VALUE:
      write_value (text, node);
      break;

    case JSON_NODE_NULL:
    default:
      g_string_append (text, "null");
      break;
    }
}

char *
cpm_json_to_text (JsonObject *object)
{
  GString *text;

  g_return_val_if_fail (object != NULL, NULL);

  text = g_string_new (NULL);
  write_object (text, object);

  return g_string_free (text, FALSE);
}
