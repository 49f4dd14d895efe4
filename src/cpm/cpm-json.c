/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-json"

#include "config.h"

#include "cpm-json.h"

#include <math.h>
#include <string.h>

#define MAX_NUMBER_CHARS 64

/* The scanner accepts exactly the grammar of RFC 8259 and nothing of what json-glib
 * accepts beside it (comments, several roots, numbers that overflow), since what
 * is read here in one way and elsewhere in another is a hole. It keeps one bit per open bracket
 * instead of a stack of calls, so nesting costs nothing. */
typedef struct
{
  const char *at;
  const char *end;
  uint64_t in_object;   /* bit n: whether the bracket at depth n+1 is a brace */
  unsigned depth;
  const char *fault;    /* the end of a sentence */
} Scan;

G_STATIC_ASSERT (CPM_JSON_MAX_DEPTH <= 64);

static gboolean
scan_fail (Scan       *scan,
           const char *fault)
{
  scan->fault = fault;
  return FALSE;
}

static void
skip_space (Scan *scan)
{
  while (scan->at < scan->end && memchr (" \t\n\r", *scan->at, 4) != NULL)
    scan->at++;
}

static gboolean
take (Scan *scan,
      char  c)
{
  if (scan->at == scan->end || *scan->at != c)
    return FALSE;

  scan->at++;
  return TRUE;
}

static size_t
take_digits (Scan *scan)
{
  const char *begin = scan->at;

  while (scan->at < scan->end && g_ascii_isdigit (*scan->at))
    scan->at++;

  return (size_t) (scan->at - begin);
}

/* The four digits after \u, or -1. */
static int
take_hex4 (Scan *scan)
{
  int value = 0;

  for (int i = 0; i < 4; i++)
    {
      int digit = scan->at < scan->end ? g_ascii_xdigit_value (*scan->at) : -1;

      if (digit < 0)
        return -1;

      value = value << 4 | digit;
      scan->at++;
    }

  return value;
}

static gboolean
scan_unicode_escape (Scan *scan)
{
  int unit = take_hex4 (scan);

  if (unit < 0)
    return scan_fail (scan, "a \\u escape lacks its four hex digits");

  if (unit == 0)
    return scan_fail (scan, "a string has a NUL in it");

  if (unit >= 0xd800 && unit <= 0xdbff)
    {
      int low = take (scan, '\\') && take (scan, 'u') ? take_hex4 (scan) : -1;

      if (low < 0xdc00 || low > 0xdfff)
        return scan_fail (scan, "a string has half a surrogate pair in it");
    }
  else if (unit >= 0xdc00 && unit <= 0xdfff)
    {
      return scan_fail (scan, "a string has half a surrogate pair in it");
    }

  return TRUE;
}

/* The opening quote has been taken. */
static gboolean
scan_string (Scan *scan)
{
  while (scan->at < scan->end)
    {
      char c = *scan->at++;

      if (c == '"')
        return TRUE;

      if ((unsigned char) c < 0x20)
        return scan_fail (scan, "a string has a raw control character in it");

      if (c != '\\')
        continue;

      if (take (scan, 'u'))
        {
          if (!scan_unicode_escape (scan))
            return FALSE;
        }
      else if (scan->at == scan->end || memchr ("\"\\/bfnrt", *scan->at++, 8) == NULL)
        {
          return scan_fail (scan, "a string has an unknown escape in it");
        }
    }

  return scan_fail (scan, "a string does not end");
}

/* json-glib would wrap a large integer round, and give infinity for a large fraction. */
static gboolean
number_fits (const char *begin,
             size_t      length,
             gboolean    is_integer)
{
  char number[MAX_NUMBER_CHARS + 1];

  memcpy (number, begin, length);
  number[length] = '\0';

  if (!is_integer)
    return isfinite (g_ascii_strtod (number, NULL)) != 0;

  return g_ascii_string_to_unsigned (number + (number[0] == '-' ? 1 : 0), 10,
                                     0, G_MAXINT64, NULL, NULL);
}

static gboolean
scan_number (Scan *scan)
{
  const char *begin = scan->at;
  gboolean is_integer = TRUE;

  take (scan, '-');
  if (!take (scan, '0') && take_digits (scan) == 0)
    return scan_fail (scan, "a value is expected where something else stands");

  if (take (scan, '.'))
    {
      is_integer = FALSE;
      if (take_digits (scan) == 0)
        return scan_fail (scan, "a number ends with its point");
    }

  if (take (scan, 'e') || take (scan, 'E'))
    {
      is_integer = FALSE;
      if (!take (scan, '+'))
        take (scan, '-');
      if (take_digits (scan) == 0)
        return scan_fail (scan, "a number lacks its exponent");
    }

  if (scan->at - begin > MAX_NUMBER_CHARS
      || !number_fits (begin, (size_t) (scan->at - begin), is_integer))
    return scan_fail (scan, "a number is too large");

  return TRUE;
}

static gboolean
scan_word (Scan       *scan,
           const char *word)
{
  size_t length = strlen (word);

  if ((size_t) (scan->end - scan->at) < length || memcmp (scan->at, word, length) != 0)
    return scan_fail (scan, "a value is expected where something else stands");

  scan->at += length;
  return TRUE;
}

static gboolean
scan_member_name (Scan *scan)
{
  skip_space (scan);
  if (!take (scan, '"'))
    return scan_fail (scan, "an object's member has no name");

  if (!scan_string (scan))
    return FALSE;

  skip_space (scan);
  if (!take (scan, ':'))
    return scan_fail (scan, "a member's name has no colon after it");

  return TRUE;
}

/* An opening bracket, which has been taken; *@out_empty tells whether it closed at once. */
static gboolean
scan_open (Scan     *scan,
           gboolean  is_object,
           gboolean *out_empty)
{
  if (scan->depth == CPM_JSON_MAX_DEPTH)
    return scan_fail (scan, "it is nested deeper than 32 levels");

  skip_space (scan);
  *out_empty = take (scan, is_object ? '}' : ']');
  if (*out_empty)
    return TRUE;

  if (is_object)
    scan->in_object |= G_GUINT64_CONSTANT (1) << scan->depth;
  else
    scan->in_object &= ~(G_GUINT64_CONSTANT (1) << scan->depth);

  scan->depth++;

  return !is_object || scan_member_name (scan);
}

/* One value; of an object or array that is not empty only the beginning, up to
 * the place where its first inner value stands: then *@out_whole is %FALSE. */
static gboolean
scan_value (Scan     *scan,
            gboolean *out_whole)
{
  *out_whole = TRUE;
  skip_space (scan);
  if (scan->at == scan->end)
    return scan_fail (scan, "it ends too early");

  switch (*scan->at)
    {
    case '{':
    case '[':
      return scan_open (scan, *scan->at++ == '{', out_whole);
    case '"':
      scan->at++;
      return scan_string (scan);
    case 't':
      return scan_word (scan, "true");
    case 'f':
      return scan_word (scan, "false");
    case 'n':
      return scan_word (scan, "null");
    default:
      return scan_number (scan);
    }
}

/* After a whole value inside brackets: closes what closes, up to where the next value stands. */
static gboolean
scan_after_value (Scan *scan)
{
  while (scan->depth > 0)
    {
      gboolean in_object = (scan->in_object >> (scan->depth - 1)) & 1;

      skip_space (scan);
      if (take (scan, ','))
        return !in_object || scan_member_name (scan);

      if (scan->at == scan->end)
        return scan_fail (scan, "it ends too early");

      if (!take (scan, in_object ? '}' : ']'))
        return scan_fail (scan, "a comma or a closing bracket is missing");

      scan->depth--;
    }

  return TRUE;
}

static gboolean
scan_root (Scan *scan)
{
  skip_space (scan);
  if (scan->at == scan->end || *scan->at != '{')
    return scan_fail (scan, "it is not an object");

  do
    {
      gboolean whole;

      if (!scan_value (scan, &whole) || (whole && !scan_after_value (scan)))
        return FALSE;
    }
  while (scan->depth > 0);

  skip_space (scan);
  if (scan->at != scan->end)
    return scan_fail (scan, "something stands after its end");

  return TRUE;
}

gboolean
cpm_json_scan (const char  *text,
               size_t       length,
               size_t       max_bytes,
               GError     **error)
{
  Scan scan = { 0 };

  g_return_val_if_fail (text != NULL || length == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (length > max_bytes)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_TOO_BIG,
                   "The text has %" G_GSIZE_FORMAT " bytes; at most %" G_GSIZE_FORMAT
                   " are allowed.", length, max_bytes);
      return FALSE;
    }

  if (length == 0 || !g_utf8_validate_len (text, length, NULL))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_JSON,
                           length == 0 ? "The text is empty." : "The text is not UTF-8.");
      return FALSE;
    }

  scan.at = text;
  scan.end = text + length;
  if (!scan_root (&scan))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_JSON,
                   "The text is not JSON as it should be: %s (at byte %" G_GSIZE_FORMAT ").",
                   scan.fault, (size_t) (scan.at - text));
      return FALSE;
    }

  return TRUE;
}

JsonObject *
cpm_json_parse (const char  *text,
                size_t       length,
                size_t       max_bytes,
                GError     **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!cpm_json_scan (text, length, max_bytes, error))
    return NULL;

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, (gssize) length, &local_error)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_JSON, "The text is not JSON: %s",
                   local_error != NULL ? local_error->message : "it is not an object");
      return NULL;
    }

  return json_node_dup_object (json_parser_get_root (parser));
}

static JsonNode *
get_node (JsonObject *object,
          const char *member,
          GType       value_type)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL
         && JSON_NODE_HOLDS_VALUE (node)
         && json_node_get_value_type (node) == value_type ? node : NULL;
}

const char *
cpm_json_get_string (JsonObject *object,
                     const char *member,
                     const char *fallback)
{
  JsonNode *node = get_node (object, member, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : fallback;
}

int64_t
cpm_json_get_int (JsonObject *object,
                  const char *member,
                  int64_t     fallback)
{
  JsonNode *node = get_node (object, member, G_TYPE_INT64);

  return node != NULL ? json_node_get_int (node) : fallback;
}

double
cpm_json_get_double (JsonObject *object,
                     const char *member,
                     double      fallback)
{
  JsonNode *node = get_node (object, member, G_TYPE_DOUBLE);

  if (node != NULL)
    return json_node_get_double (node);

  node = get_node (object, member, G_TYPE_INT64);

  return node != NULL ? (double) json_node_get_int (node) : fallback;
}

gboolean
cpm_json_get_boolean (JsonObject *object,
                      const char *member,
                      gboolean    fallback)
{
  JsonNode *node = get_node (object, member, G_TYPE_BOOLEAN);

  return node != NULL ? json_node_get_boolean (node) : fallback;
}

JsonObject *
cpm_json_get_object (JsonObject *object,
                     const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
cpm_json_get_array (JsonObject *object,
                    const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
is_bidi_override (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *
cpm_text_clean (const char *text)
{
  g_autofree char *valid = NULL;
  GString *clean;

  g_return_val_if_fail (text != NULL, NULL);

  valid = g_utf8_make_valid (text, -1);
  clean = g_string_sized_new (strlen (valid));
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (is_bidi_override (c))
        continue;

      if (g_unichar_iscntrl (c) && c != '\t' && c != '\n')
        c = 0xfffd;

      g_string_append_unichar (clean, c);
    }

  return g_string_free (clean, FALSE);
}
