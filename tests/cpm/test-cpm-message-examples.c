/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The examples of data/protocol/ are the good messages; each of them is spoilt in every
 * way that its table knows, and must be refused then. */

#include "message-fixture.h"

#include "cpm-json.h"
#include "cpm-message-schema.h"
#include "cpm-session.h"

typedef void (*ExampleFunc) (const char *name,
                             JsonObject *example);

static void
for_each_example (ExampleFunc function)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "..", "..", "data", "protocol",
                                                   NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  unsigned count = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      g_autoptr (JsonObject) example = NULL;
      size_t length;

      if (!g_str_has_suffix (name, ".example.json"))
        continue;

      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      example = cpm_json_parse (text, length, CPM_JSON_MAX_BYTES, NULL);
      g_assert_nonnull (example);
      function (name, example);
      count++;
    }

  g_assert_cmpuint (count, >=, CPM_N_MESSAGE_TYPES);
}

static void
check_round_trip (const char *name,
                  JsonObject *example)
{
  g_autofree char *text = cpm_json_to_text (example);
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmMessage) message = parse_message (text, &error);
  g_autoptr (CpmMessage) again = NULL;
  g_autoptr (CpmMessage) copy = NULL;
  const char *type;

  g_assert_no_error (error);
  type = cpm_message_type_to_string (cpm_message_get_message_type (message));
  g_assert_true (g_str_has_prefix (name, type));
  g_assert_cmpstr (cpm_message_get_id (message), ==, cpm_json_get_string (example, "id", NULL));
  g_assert_cmpstr (cpm_message_get_to (message), ==, cpm_json_get_string (example, "to", NULL));
  g_assert_cmpstr (cpm_message_get_from (message), ==, cpm_json_get_string (example, "from", NULL));
  g_assert_cmpint (cpm_message_get_ts_us (message), ==, cpm_json_get_int (example, "ts", 0));
  g_assert_cmpint (cpm_message_get_seq (message), ==, cpm_json_get_int (example, "seq", 0));

  /* Written with `body` always, else the same. */
  if (json_object_has_member (example, "body"))
    g_assert_cmpstr (cpm_message_get_text (message), ==, text);
  copy = cpm_message_copy (message);
  g_assert_cmpstr (cpm_message_get_text (copy), ==, cpm_message_get_text (message));
  again = parse_message (cpm_message_get_text (message), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cpm_message_get_text (again), ==, cpm_message_get_text (message));
}

static void
test_examples (void)
{
  for_each_example (check_round_trip);
}

static void
check_share_state (const char *name,
                   JsonObject *example)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmSession) session = NULL;
  g_autoptr (JsonObject) back = NULL;
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;
  JsonObject *body = cpm_json_get_object (example, "body");

  if (!g_str_has_prefix (name, "share.state."))
    return;

  session = cpm_session_new_from_json (body, &error);
  g_assert_no_error (error);
  back = cpm_session_to_json (session);
  text = cpm_json_to_text (back);
  json_object_remove_member (body, "media");
  expected = cpm_json_to_text (body);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_examples_of_shares (void)
{
  for_each_example (check_share_state);
}

/* Spoiling */

typedef struct
{
  const char *name;
  JsonObject *root;
  unsigned count;
} Spoiling;

static void
assert_spoilt (Spoiling   *spoiling,
               const char *member,
               const char *how)
{
  g_autofree char *text = cpm_json_to_text (spoiling->root);

  g_test_message ("%s: %s %s", spoiling->name, member, how);
  assert_message_refused (text, CPM_ERROR_BAD_ENVELOPE);
  spoiling->count++;
}

/* Puts @value (transfer full) in place of the member, looks that it is refused, and restores it. */
static void
spoil_with (Spoiling   *spoiling,
            JsonObject *object,
            const char *member,
            JsonNode   *value,
            const char *how)
{
  JsonNode *good = json_object_dup_member (object, member);

  json_object_set_member (object, member, value);
  assert_spoilt (spoiling, member, how);
  json_object_set_member (object, member, good);
}

static JsonNode *
new_string (const char *text)
{
  return json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
new_int (int64_t value)
{
  return json_node_init_int (json_node_alloc (), value);
}

static JsonNode *
new_taking_array (JsonArray *array)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  return node;
}

static JsonNode *
new_object (void)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, json_object_new ());
  return node;
}

static JsonNode *
new_array (int64_t         length,
           JsonNode       *element)
{
  JsonArray *array = json_array_new ();

  for (int64_t i = 0; i < length; i++)
    json_array_add_element (array, json_node_copy (element));

  return new_taking_array (array);
}

static void
spoil_string (Spoiling        *spoiling,
              JsonObject      *object,
              const CpmSchema *schema)
{
  g_autofree char *too_long = g_strnfill ((size_t) schema->max + 1, 'x');
  g_autofree char *too_short = g_strnfill (schema->min > 0 ? (size_t) schema->min - 1 : 0, 'x');
  gboolean is_text = schema->format == CPM_FORMAT_TEXT;

  spoil_with (spoiling, object, schema->name, new_int (7), "as a number");
  if (schema->max > 0)
    spoil_with (spoiling, object, schema->name, new_string (too_long), "too long");
  if (schema->min > 0)
    spoil_with (spoiling, object, schema->name, new_string (too_short), "too short");
  if (schema->format != CPM_FORMAT_ANY)
    {
      spoil_with (spoiling, object, schema->name, new_string ("abcdefgh\001"),
                  "with a control character");
      spoil_with (spoiling, object, schema->name, new_string ("abcdefgh\xc2\x85"),
                  "with a C1 control");
    }
  if (schema->format != CPM_FORMAT_ANY && !is_text)
    spoil_with (spoiling, object, schema->name, new_string ("abcdefgh\n"), "with a line feed");
  if (schema->format > CPM_FORMAT_TEXT)
    spoil_with (spoiling, object, schema->name, new_string ("something else"), "not in its form");
}

static void spoil_members (Spoiling        *spoiling,
                           JsonObject      *object,
                           const CpmSchema *members);

static void
spoil_array (Spoiling        *spoiling,
             JsonObject      *object,
             const CpmSchema *schema)
{
  JsonArray *array = json_object_get_array_member (object, schema->name);
  JsonNode *first = json_array_get_length (array) > 0 ? json_array_get_element (array, 0) : NULL;

  spoil_with (spoiling, object, schema->name, new_object (), "as an object");
  if (schema->min > 0)
    spoil_with (spoiling, object, schema->name, new_array (schema->min - 1, first), "too short");
  if (first == NULL)
    return;

  spoil_with (spoiling, object, schema->name, new_array (schema->max + 1, first), "too long");
  if (schema->unique)
    spoil_with (spoiling, object, schema->name, new_array (2, first), "twice the same");
  if (schema->element->kind == CPM_SCHEMA_OBJECT)
    spoil_members (spoiling, json_node_get_object (first), schema->element->members);
  else
    {
      g_autoptr (JsonNode) wrong = new_int (7);

      spoil_with (spoiling, object, schema->name, new_array (1, wrong), "with a number in it");
    }
}

static void
spoil_member (Spoiling        *spoiling,
              JsonObject      *object,
              const CpmSchema *schema)
{
  spoil_with (spoiling, object, schema->name, json_node_init_null (json_node_alloc ()), "as null");

  switch (schema->kind)
    {
    case CPM_SCHEMA_STRING:
      spoil_string (spoiling, object, schema);
      break;

    case CPM_SCHEMA_INTEGER:
      spoil_with (spoiling, object, schema->name, new_string ("7"), "as a string");
      spoil_with (spoiling, object, schema->name,
                  json_node_init_double (json_node_alloc (), 7.5), "as a fraction");
      spoil_with (spoiling, object, schema->name, new_int (schema->min - 1), "too small");
      if (schema->max < G_MAXINT64)
        spoil_with (spoiling, object, schema->name, new_int (schema->max + 1), "too large");
      break;

    case CPM_SCHEMA_BOOLEAN:
      spoil_with (spoiling, object, schema->name, new_int (1), "as a number");
      break;

    case CPM_SCHEMA_OBJECT:
      spoil_with (spoiling, object, schema->name, new_string ("{}"), "as a string");
      spoil_members (spoiling, json_object_get_object_member (object, schema->name),
                     schema->members);
      break;

    case CPM_SCHEMA_ARRAY:
    default:
      spoil_array (spoiling, object, schema);
      break;
    }
}

static void
spoil_members (Spoiling        *spoiling,
               JsonObject      *object,
               const CpmSchema *members)
{
  for (const CpmSchema *member = members; member->name != NULL; member++)
    {
      if (!json_object_has_member (object, member->name))
        continue;

      if (member->presence == CPM_SCHEMA_REQUIRED)
        {
          g_autoptr (JsonNode) good = json_object_dup_member (object, member->name);

          json_object_remove_member (object, member->name);
          assert_spoilt (spoiling, member->name, "left out");
          json_object_set_member (object, member->name, g_steal_pointer (&good));
        }

      spoil_member (spoiling, object, member);
    }
}

static unsigned n_spoilt;

static void
spoil_example (const char *name,
               JsonObject *example)
{
  static const CpmSchema envelope[] = {
    { "v", CPM_SCHEMA_INTEGER, CPM_SCHEMA_REQUIRED, .min = G_MININT64, .max = G_MAXINT64 },
    { "id", CPM_SCHEMA_STRING, CPM_SCHEMA_OPTIONAL, CPM_FORMAT_ID },
    { "to", CPM_SCHEMA_STRING, CPM_SCHEMA_OPTIONAL, CPM_FORMAT_ADDRESS },
    { "from", CPM_SCHEMA_STRING, CPM_SCHEMA_OPTIONAL, CPM_FORMAT_ADDRESS },
    { "ts", CPM_SCHEMA_INTEGER, CPM_SCHEMA_OPTIONAL, .min = 0, .max = G_MAXINT64 },
    { "seq", CPM_SCHEMA_INTEGER, CPM_SCHEMA_OPTIONAL, .min = 1, .max = G_MAXINT64 },
    { "n", CPM_SCHEMA_INTEGER, CPM_SCHEMA_OPTIONAL, .min = 1, .max = G_MAXINT64 },
    { "sig", CPM_SCHEMA_STRING, CPM_SCHEMA_OPTIONAL, CPM_FORMAT_SIGNATURE },
    { NULL }
  };
  Spoiling spoiling = { name, example, 0 };
  JsonObject *body = cpm_json_get_object (example, "body");
  CpmMessageType type;

  g_assert_true (cpm_message_schema_find (cpm_json_get_string (example, "t", ""), &type));
  for (const CpmSchema *member = envelope + 1; member->name != NULL; member++)
    {
      if (json_object_has_member (example, member->name))
        spoil_member (&spoiling, example, member);
    }

  if (body != NULL)
    spoil_members (&spoiling, body, cpm_message_schema_get (type)->body);
  n_spoilt += spoiling.count;
}

static void
test_spoilt_examples (void)
{
  for_each_example (spoil_example);
  g_test_message ("%u spoilt messages were refused", n_spoilt);
  g_assert_cmpuint (n_spoilt, >, 500);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/examples", test_examples);
  g_test_add_func ("/message/examples-of-shares", test_examples_of_shares);
  g_test_add_func ("/message/spoilt-examples", test_spoilt_examples);

  return g_test_run ();
}
