/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-json.h"

#include <string.h>

static JsonObject *
parse (const char  *text,
       GError     **error)
{
  return cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, error);
}

static void
test_accept (void)
{
  static const char * const texts[] = {
    "{}", " \t\r\n{ } \n", "{\"a\":1}", "{\"a\":[],\"b\":{},\"c\":[{}],\"\":\"\"}",
    "{\"a\":[1,2.5,-3,0,-0,1e3,1E+2,0.1e-7,9223372036854775807,-9223372036854775807]}",
    "{\"a\":[true,false,null]}",
    "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é😀\"}",
    "{\"a\" : [ 1 , [ 2 , { \"b\" : 3 } ] ] , \"c\" : 4 }", "{\"a\":1,\"a\":2}",
    "{\"a\":\"\x7f\"}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) object = parse (texts[i], &error);

      g_assert_no_error (error);
      g_assert_nonnull (object);
    }
}

static void
test_refuse (void)
{
  static const char * const texts[] = {
    "", " ", "[]", "1", "null", "\"a\"", "{", "}", "{]", "[}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
    "{,}", "{\"a\":1 \"b\":2}", "{a:1}", "{'a':1}", "{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1 2]}",
    "{\"a\":[1}", "{\"a\":{]}", "{}{}", "{} {}", "{}x", "{},", "{}//", "/**/{}", "{\"a\":/**/1}",
    "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":5.}", "{\"a\":1e}", "{\"a\":0x10}",
    "{\"a\":--1}", "{\"a\":-}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":1e999}",
    "{\"a\":9223372036854775808}", "{\"a\":-9223372036854775808}",
    "{\"a\":99999999999999999999999999999999999999999999999999999999999999999999}",
    "{\"a\":tru}", "{\"a\":truex}", "{\"a\":TRUE}", "{\"a\":nul",
    "{\"a\":\"", "{\"a\":\"\\", "{\"a\":\"\\x\"}",
    "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\u0000\"}", "{\"\\u0000\":1}",
    "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"\\ud800\\u0041\"}",
    "{\"a\":\"\\ud800x\"}",
    "{\"a\":\"\n\"}", "{\"a\":\"\001\"}", "{\"a\":\"\xff\"}", "{\"a\":\"\xc0\x80\"}",
    "{\"a\":\"\xed\xa0\x80\"}", "\xef\xbb\xbf{}", "{\"a\":\"\xf4\x90\x80\x80\"}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) object = parse (texts[i], &error);

      if (object != NULL)
        g_test_message ("was taken: %s", texts[i]);
      g_assert_null (object);
      g_assert_error (error, CPM_ERROR, CPM_ERROR_BAD_JSON);
    }
}

static void
test_nul_byte (void)
{
  static const char after[] = "{}\0";
  static const char within[] = "{\"a\":\"b\0c\"}";

  g_assert_false (cpm_json_scan (after, sizeof after - 1, 100, NULL));
  g_assert_false (cpm_json_scan (within, sizeof within - 1, 100, NULL));
}

/* The text need not end with NUL: nothing behind its length is read. */
static void
test_without_nul (void)
{
  g_autofree char *text = g_memdup2 ("{\"a\":12}", 8);
  g_autoptr (JsonObject) object = cpm_json_parse (text, 8, 100, NULL);

  g_assert_cmpint (cpm_json_get_int (object, "a", 0), ==, 12);
  for (size_t length = 0; length < 8; length++)
    {
      g_autofree char *part = g_memdup2 (text, length);

      g_assert_false (cpm_json_scan (part, length, 100, NULL));
    }
}

static char *
nest (unsigned    depth,
      const char *open,
      const char *close,
      const char *inside)
{
  GString *text = g_string_new ("{\"a\":");

  for (unsigned i = 1; i < depth; i++)
    g_string_append (text, open);
  g_string_append (text, inside);
  for (unsigned i = 1; i < depth; i++)
    g_string_append (text, close);
  g_string_append_c (text, '}');

  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  g_autofree char *arrays = nest (CPM_JSON_MAX_DEPTH, "[", "]", "1");
  g_autofree char *objects = nest (CPM_JSON_MAX_DEPTH, "{\"a\":", "}", "1");
  g_autofree char *deep_arrays = nest (CPM_JSON_MAX_DEPTH + 1, "[", "]", "1");
  g_autofree char *deep_objects = nest (CPM_JSON_MAX_DEPTH + 1, "{\"a\":", "}", "1");
  g_autofree char *deep_empty = nest (CPM_JSON_MAX_DEPTH, "[", "]", "[]");
  g_autofree char *abyss = nest (30000, "[", "]", "1");
  g_autoptr (JsonObject) object = NULL;

  g_assert_true (cpm_json_scan (arrays, strlen (arrays), 1000, NULL));
  g_assert_true (cpm_json_scan (objects, strlen (objects), 1000, NULL));
  g_assert_false (cpm_json_scan (deep_arrays, strlen (deep_arrays), 1000, NULL));
  g_assert_false (cpm_json_scan (deep_objects, strlen (deep_objects), 1000, NULL));
  g_assert_false (cpm_json_scan (deep_empty, strlen (deep_empty), 1000, NULL));
  g_assert_false (cpm_json_scan (abyss, strlen (abyss), G_MAXUINT, NULL));

  object = parse (objects, NULL);
  g_assert_nonnull (object);
}

static void
test_size (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cpm_json_scan ("{\"a\":1}", 7, 7, NULL));
  g_assert_false (cpm_json_scan ("{\"a\":1} ", 8, 7, &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_TOO_BIG);
}

static void
test_values (void)
{
  g_autoptr (JsonObject) object =
    parse ("{\"s\":\"\\u00e9\\ud83d\\ude00\\/\",\"i\":-12,\"d\":2.5,\"b\":true,\"n\":null,"
           "\"o\":{\"x\":1},"
           "\"a\":[1,2],\"max\":9223372036854775807,\"min\":-9223372036854775807}", NULL);

  g_assert_cmpstr (cpm_json_get_string (object, "s", NULL), ==, "\u00e9\U0001F600/");
  g_assert_cmpint (cpm_json_get_int (object, "i", 0), ==, -12);
  g_assert_cmpint (cpm_json_get_int (object, "max", 0), ==, G_MAXINT64);
  g_assert_cmpint (cpm_json_get_int (object, "min", 0), ==, -G_MAXINT64);
  g_assert_cmpfloat (cpm_json_get_double (object, "d", 0), ==, 2.5);
  g_assert_cmpfloat (cpm_json_get_double (object, "i", 0), ==, -12);
  g_assert_true (cpm_json_get_boolean (object, "b", FALSE));
  g_assert_cmpint (cpm_json_get_int (cpm_json_get_object (object, "o"), "x", 0), ==, 1);
  g_assert_cmpuint (json_array_get_length (cpm_json_get_array (object, "a")), ==, 2);
}

static void
test_fallbacks (void)
{
  static const char * const members[] = { "s", "i", "d", "b", "n", "o", "a", "missing" };
  g_autoptr (JsonObject) object =
    parse ("{\"s\":\"x\",\"i\":1,\"d\":2.5,\"b\":true,\"n\":null,\"o\":{},\"a\":[]}", NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *name = members[i];

      g_assert_cmpint (cpm_json_get_string (object, name, NULL) != NULL, ==, *name == 's');
      g_assert_cmpint (cpm_json_get_int (object, name, -7) != -7, ==, *name == 'i');
      g_assert_cmpint (cpm_json_get_double (object, name, -7) != -7, ==,
                       *name == 'd' || *name == 'i');
      g_assert_cmpint (cpm_json_get_boolean (object, name, FALSE), ==, *name == 'b');
      g_assert_cmpint (cpm_json_get_object (object, name) != NULL, ==, *name == 'o');
      g_assert_cmpint (cpm_json_get_array (object, name) != NULL, ==, *name == 'a');
    }

  g_assert_cmpstr (cpm_json_get_string (NULL, "s", "fallback"), ==, "fallback");
}

static void
test_to_text (void)
{
  const char *text = "{\"a\\n\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u001f/\x7f\u00e9\","
                     "\"b\":[1,true,false,null,{\"c\":-2}],\"d\":{},\"e\":[]}";
  g_autoptr (JsonObject) object = parse (text, NULL);
  g_autofree char *back = cpm_json_to_text (object);

  g_assert_cmpstr (back, ==, text);
}

/* What is written can be read, and is then written the same. */
static void
test_numbers_to_text (void)
{
  static const char * const cases[][2] = {
    { "1e-8", "1e-08" }, { "1e300", "1.0000000000000001e+300" }, { "1e3", "1000.0" },
    { "2.5", "2.5" },
    { "-0.0", "-0.0" }, { "-0", "0" }, { "5e-324", "4.9406564584124654e-324" }, { "7", "7" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"a\":%s}", cases[i][0]);
      g_autofree char *expected = g_strdup_printf ("{\"a\":%s}", cases[i][1]);
      g_autoptr (JsonObject) object = parse (text, NULL);
      g_autofree char *written = cpm_json_to_text (object);
      g_autoptr (JsonObject) again = parse (written, NULL);
      g_autofree char *rewritten = NULL;

      g_assert_cmpstr (written, ==, expected);
      g_assert_nonnull (again);
      rewritten = cpm_json_to_text (again);
      g_assert_cmpstr (rewritten, ==, written);
    }
}

static void
test_clean (void)
{
  static const char * const cases[][2] = {
    { "", "" },
    { "Gr\u00fc\u00dfe,\n\tEmily \U0001F600", "Gr\u00fc\u00dfe,\n\tEmily \U0001F600" },
    { "a\001b\rc\x7f", "a\uFFFDb\uFFFDc\uFFFD" },
    { "a\xc2\x85" "b", "a\uFFFDb" },
    { "evil\u202Egnp.exe", "evilgnp.exe" },
    { "\u2066x\u2069", "x" },
    { "broken \xff text", "broken \uFFFD text" },
    { "\u05e9\u05dc\u05d5\u05dd\u200f", "\u05e9\u05dc\u05d5\u05dd\u200f" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = cpm_text_clean (cases[i][0]);

      g_assert_cmpstr (clean, ==, cases[i][1]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/accept", test_accept);
  g_test_add_func ("/json/refuse", test_refuse);
  g_test_add_func ("/json/refuse-nul-byte", test_nul_byte);
  g_test_add_func ("/json/text-without-nul", test_without_nul);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/size", test_size);
  g_test_add_func ("/json/values", test_values);
  g_test_add_func ("/json/fallbacks-instead-of-warnings", test_fallbacks);
  g_test_add_func ("/json/to-text", test_to_text);
  g_test_add_func ("/json/numbers-to-text", test_numbers_to_text);
  g_test_add_func ("/json/clean-text", test_clean);

  return g_test_run ();
}
