/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-schema"

#include "config.h"

#include "cpm-schema.h"

#include "cpm-address.h"
#include "cpm-clock.h"

#include <string.h>

#define HEX64_CHARS 64
#define CONVERSATION_HEX_DIGITS 32
#define SIGNATURE_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:."

/* The checks return what is wrong, as the end of a sentence, or NULL. The place is
 * written into @path only then, from the inside outwards: the good case costs nothing. */
static const char *find_object_fault (const CpmSchema *members,
                                      JsonObject      *object,
                                      GString         *path);

static gboolean
is_hex (const char *text,
        size_t      length)
{
  return strlen (text) == length && strspn (text, "0123456789abcdef") == length;
}

static gboolean
is_printable (const char *text,
              const char *controls)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_iscntrl (c) && (c > 0x7f || strchr (controls, (int) c) == NULL))
        return FALSE;
    }

  return TRUE;
}

/* Free text: its length and its characters. */
static const char *
find_text_fault (const CpmSchema *schema,
                 const char      *text)
{
  long length;

  /* What did not come through the scanner must not get past here either. */
  if (!g_utf8_validate (text, -1, NULL))
    return "is not UTF-8";

  length = schema->unit == CPM_SCHEMA_BYTES ? (long) strlen (text) : g_utf8_strlen (text, -1);
  if (length < schema->min)
    return length == 0 ? "is empty" : "is too short";

  if (length > schema->max)
    return "is too long";

  if (schema->format == CPM_FORMAT_ANY || is_printable (text, schema->format == CPM_FORMAT_TEXT
                                                              ? "\t\n" : ""))
    return NULL;

  return "has control characters in it";
}

static const char *
find_string_fault (const CpmSchema *schema,
                   JsonNode        *node)
{
  const char *text;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return "is not a string";

  text = json_node_get_string (node);
  switch (schema->format)
    {
    case CPM_FORMAT_ADDRESS:
      return cpm_address_is_normal (text) ? NULL : "is not an address";

    case CPM_FORMAT_ID:
      return cpm_id_is_valid (text) ? NULL : "is not an id (a UUID of version 7)";

    case CPM_FORMAT_CONVERSATION:
      return (g_str_has_prefix (text, "c-") && is_hex (text + 2, CONVERSATION_HEX_DIGITS))
             || cpm_address_is_group (text)
             ? NULL : "is not the id of a conversation";

    case CPM_FORMAT_HEX64:
      return is_hex (text, HEX64_CHARS) ? NULL : "is not a SHA-256 of 64 hex digits";

    case CPM_FORMAT_SIGNATURE:
      return strspn (text, SIGNATURE_CHARS) == strlen (text) ? find_text_fault (schema, text)
                                                             : "is not a signature";

    case CPM_FORMAT_ENUM:
      return g_strv_contains (schema->values, text) ? NULL : "has a value that is not known here";

    case CPM_FORMAT_ANY:
    case CPM_FORMAT_LINE:
    case CPM_FORMAT_TEXT:
    default:
      return find_text_fault (schema, text);
    }
}

static const char *
find_integer_fault (const CpmSchema *schema,
                    JsonNode        *node)
{
  int64_t value;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return "is not a whole number";

  value = json_node_get_int (node);
  if (value < schema->min)
    return "is too small";

  return value > schema->max ? "is too large" : NULL;
}

static gboolean
has_duplicates (JsonArray *array)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  unsigned length = json_array_get_length (array);

  for (unsigned i = 0; i < length; i++)
    {
      if (!g_hash_table_add (seen, (char *) json_array_get_string_element (array, i)))
        return TRUE;
    }

  return FALSE;
}

static const char *find_fault (const CpmSchema *schema,
                               JsonNode        *node,
                               GString         *path);

static const char *
find_array_fault (const CpmSchema *schema,
                  JsonNode        *node,
                  GString         *path)
{
  JsonArray *array;
  unsigned length;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return "is not an array";

  array = json_node_get_array (node);
  length = json_array_get_length (array);
  if (length < schema->min)
    return "has too few elements";

  if (length > schema->max)
    return "has too many elements";

  for (unsigned i = 0; i < length; i++)
    {
      const char *fault = find_fault (schema->element, json_array_get_element (array, i), path);

      if (fault != NULL)
        {
          g_autofree char *index = g_strdup_printf ("[%u]", i);

          g_string_prepend (path, index);
          return fault;
        }
    }

  return schema->unique && has_duplicates (array) ? "says the same twice" : NULL;
}

static const char *
find_fault (const CpmSchema *schema,
            JsonNode        *node,
            GString         *path)
{
  switch (schema->kind)
    {
    case CPM_SCHEMA_STRING:
      return find_string_fault (schema, node);

    case CPM_SCHEMA_INTEGER:
      return find_integer_fault (schema, node);

    case CPM_SCHEMA_BOOLEAN:
      return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN
             ? NULL : "is neither true nor false";

    case CPM_SCHEMA_OBJECT:
      return JSON_NODE_HOLDS_OBJECT (node)
             ? find_object_fault (schema->members, json_node_get_object (node), path)
             : "is not an object";

    case CPM_SCHEMA_ARRAY:
    default:
      return find_array_fault (schema, node, path);
    }
}

static const char *
find_object_fault (const CpmSchema *members,
                   JsonObject      *object,
                   GString         *path)
{
  for (const CpmSchema *member = members; member->name != NULL; member++)
    {
      JsonNode *node = json_object_get_member (object, member->name);
      const char *fault = NULL;

      if (node != NULL)
        fault = find_fault (member, node, path);
      else if (member->presence == CPM_SCHEMA_REQUIRED)
        fault = "is missing";

      if (fault != NULL)
        {
          g_string_prepend (path, member->name);
          g_string_prepend_c (path, '.');
          return fault;
        }
    }

  return NULL;
}

gboolean
cpm_schema_check (const CpmSchema  *members,
                  const char       *path,
                  JsonObject       *object,
                  GError          **error)
{
  g_autoptr (GString) place = NULL;
  const char *fault;

  g_return_val_if_fail (members != NULL, FALSE);
  g_return_val_if_fail (object != NULL, FALSE);

  place = g_string_new (NULL);
  fault = find_object_fault (members, object, place);
  if (fault == NULL)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "%s%s %s.", path, place->str, fault);
  return FALSE;
}

static gboolean
is_named (const CpmSchema *members,
          const char      *name)
{
  for (const CpmSchema *member = members; member->name != NULL; member++)
    {
      if (g_str_equal (member->name, name))
        return TRUE;
    }

  return FALSE;
}

static void
prune (const CpmSchema *schema,
       JsonNode        *node)
{
  if (schema->kind == CPM_SCHEMA_OBJECT)
    {
      cpm_schema_prune (schema->members, json_node_get_object (node));
    }
  else if (schema->kind == CPM_SCHEMA_ARRAY)
    {
      JsonArray *array = json_node_get_array (node);

      for (unsigned i = 0; i < json_array_get_length (array); i++)
        prune (schema->element, json_array_get_element (array, i));
    }
}

void
cpm_schema_prune (const CpmSchema *members,
                  JsonObject      *object)
{
  g_autoptr (GList) names = NULL;

  g_return_if_fail (members != NULL);
  g_return_if_fail (object != NULL);

  names = json_object_get_members (object);
  for (GList *name = names; name != NULL; name = name->next)
    {
      if (!is_named (members, name->data))
        json_object_remove_member (object, name->data);
    }

  for (const CpmSchema *member = members; member->name != NULL; member++)
    {
      JsonNode *node = json_object_get_member (object, member->name);

      if (node != NULL)
        prune (member, node);
    }
}
