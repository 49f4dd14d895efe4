/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The examples of data/protocol/ are the good messages; each of them is spoilt in every
 * way that its table knows, and must be refused then. */

#include "cpm-address.h"
#include "cpm-capabilities.h"
#include "cpm-json.h"
#include "cpm-message-schema.h"
#include "cpm-session.h"

#include <string.h>

#define ID "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define CONVERSATION "c-0123456789abcdef0123456789abcdef"

static CpmMessage *
parse (const char  *text,
       GError     **error)
{
  return cpm_message_parse (text, strlen (text), NULL, error);
}

static void
assert_refused (const char *text,
                CpmError    code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmMessage) message = parse (text, &error);

  if (message != NULL)
    g_test_message ("was taken: %s", text);
  g_assert_null (message);
  g_assert_error (error, CPM_ERROR, (int) code);
}

/* The examples */

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
  g_autoptr (CpmMessage) message = parse (text, &error);
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
  again = parse (cpm_message_get_text (message), &error);
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
  assert_refused (text, CPM_ERROR_BAD_ENVELOPE);
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

/* The envelope */

static void
test_envelope (void)
{
  g_autoptr (CpmMessage) message = parse ("{\"v\":1,\"t\":\"ping\",\"surprise\":[1]}", NULL);

  g_assert_nonnull (message);
  g_assert_cmpint (cpm_message_get_message_type (message), ==, CPM_MESSAGE_PING);
  g_assert_nonnull (cpm_message_get_body (message));
  g_assert_cmpstr (cpm_message_get_text (message), ==, "{\"v\":1,\"t\":\"ping\",\"body\":{}}");

  assert_refused ("{\"v\":1,\"t\":\"ping\"}}", CPM_ERROR_BAD_JSON);
  assert_refused ("[]", CPM_ERROR_BAD_JSON);
  assert_refused ("{}", CPM_ERROR_BAD_ENVELOPE);
  assert_refused ("{\"v\":1}", CPM_ERROR_BAD_ENVELOPE);
  assert_refused ("{\"t\":\"ping\"}", CPM_ERROR_BAD_ENVELOPE);
  assert_refused ("{\"v\":\"1\",\"t\":\"ping\"}", CPM_ERROR_BAD_ENVELOPE);
  assert_refused ("{\"v\":2,\"t\":\"ping\"}", CPM_ERROR_VERSION);
  assert_refused ("{\"v\":0,\"t\":\"ping\"}", CPM_ERROR_VERSION);
  assert_refused ("{\"v\":1,\"t\":\"teleport\"}", CPM_ERROR_UNSUPPORTED);
  assert_refused ("{\"v\":1,\"t\":\"Ping\"}", CPM_ERROR_UNSUPPORTED);
  assert_refused ("{\"v\":1,\"t\":\"ping\",\"body\":[]}", CPM_ERROR_BAD_ENVELOPE);
  assert_refused ("{\"v\":1,\"t\":\"ping\",\"body\":null}", CPM_ERROR_BAD_ENVELOPE);
  assert_refused ("{\"v\":1,\"t\":\"ping\",\"id\":\"7\"}", CPM_ERROR_BAD_ENVELOPE);
  assert_refused ("{\"v\":1,\"t\":\"ping\",\"to\":\"Emily@a.test\"}", CPM_ERROR_BAD_ENVELOPE);
  assert_refused ("{\"v\":1,\"t\":\"contact.add\",\"to\":\"e@a.test\"}", CPM_ERROR_BAD_ENVELOPE);
  assert_refused ("{\"v\":1,\"t\":\"contact.add\",\"id\":\"" ID "\"}", CPM_ERROR_BAD_ENVELOPE);
}

/* The error can name the request as soon as its id can be read. */
static void
test_id_of_what_is_refused (void)
{
  static const struct
  {
    const char *text;
    const char *id;
  } cases[] = {
    { "{\"v\":1,\"t\":\"teleport\",\"id\":\"" ID "\"}", ID },
    { "{\"v\":9,\"t\":\"ping\",\"id\":\"" ID "\"}", ID },
    { "{\"v\":1,\"id\":\"" ID "\"}", ID },
    { "{\"v\":1,\"t\":\"got\",\"id\":\"" ID "\",\"body\":{}}", ID },
    { "{\"v\":1,\"t\":\"got\",\"id\":\"evil\",\"body\":{}}", NULL },
    { "{\"v\":1,\"t\":\"got\",\"id\":7}", NULL },
    { "{\"v\":1,\"id\":\"" ID "\"", NULL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *id = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_null (cpm_message_parse (cases[i].text, strlen (cases[i].text), &id, &error));
      g_assert_nonnull (error);
      g_assert_cmpstr (id, ==, cases[i].id);
    }
}

static void
test_either_password_or_token (void)
{
  const char *head =
    "{\"v\":1,\"t\":\"hello\",\"body\":{\"account\":\"e@a.test\",\"device\":\"" ID "\"";
  g_autofree char *none = g_strconcat (head, "}}", NULL);
  g_autofree char *both = g_strconcat (head, ",\"token\":\"x\",\"password\":\"12345678\"}}", NULL);
  g_autofree char *one = g_strconcat (head, ",\"password\":\"12345678\"}}", NULL);
  g_autoptr (CpmMessage) message = NULL;

  assert_refused (none, CPM_ERROR_BAD_ENVELOPE);
  assert_refused (both, CPM_ERROR_BAD_ENVELOPE);
  message = parse (one, NULL);
  g_assert_nonnull (message);
}

static CpmMessage *
new_text (const char *text)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", CONVERSATION);
  json_object_set_string_member (body, "text", text);

  return cpm_message_new (CPM_MESSAGE_TEXT, ID, "emily@a.test", body);
}

static void
test_build_and_stamp (void)
{
  g_autoptr (CpmMessage) message = new_text ("\"Hello\"\n\U0001F600");
  g_autoptr (CpmMessage) copy = cpm_message_copy (message);
  g_autofree char *before = g_strdup (cpm_message_get_text (message));

  cpm_message_stamp (copy, "alice@a.test", 12);
  cpm_message_set_seq (copy, 7);
  g_assert_cmpstr (cpm_message_get_text (copy), ==,
                   "{\"v\":1,\"t\":\"message.text\",\"id\":\"" ID "\",\"to\":\"emily@a.test\","
                   "\"from\":\"alice@a.test\",\"ts\":12,\"seq\":7,\"body\":{\"conversation\":\""
                   CONVERSATION "\",\"text\":\"\\\"Hello\\\"\\n\U0001F600\"}}");

  /* The message that was copied is as it was. */
  g_assert_cmpstr (cpm_message_get_text (message), ==, before);
  g_assert_null (cpm_message_get_from (message));

  cpm_message_stamp (copy, "alice@a.test", 13);
  g_assert_nonnull (strstr (cpm_message_get_text (copy), "\"ts\":13,"));
}

static void
test_senders (void)
{
  g_autoptr (CpmMessage) text = new_text ("Hello");
  g_autoptr (CpmMessage) ack = cpm_message_new_ack (ID, 5);
  g_autoptr (CpmMessage) got = parse ("{\"v\":1,\"t\":\"got\",\"body\":{\"seq\":1}}", NULL);
  g_autoptr (GError) type_error = NULL;
  g_autoptr (GError) from_error = NULL;

  g_assert_true (cpm_message_check_sender (text, CPM_MESSAGE_SENDER_CLIENT, NULL));
  g_assert_true (cpm_message_check_sender (text, CPM_MESSAGE_SENDER_RELAY, NULL));
  g_assert_true (cpm_message_check_sender (ack, CPM_MESSAGE_SENDER_RELAY, NULL));
  g_assert_false (cpm_message_check_sender (ack, CPM_MESSAGE_SENDER_CLIENT, &type_error));
  g_assert_error (type_error, CPM_ERROR, CPM_ERROR_UNSUPPORTED);
  g_assert_false (cpm_message_check_sender (got, CPM_MESSAGE_SENDER_RELAY, NULL));

  cpm_message_stamp (text, "mallory@a.test", 1);
  g_assert_false (cpm_message_check_sender (text, CPM_MESSAGE_SENDER_CLIENT, &from_error));
  g_assert_error (from_error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
  g_assert_true (cpm_message_check_sender (text, CPM_MESSAGE_SENDER_RELAY, NULL));
}

static gboolean
check_home (CpmMessage  *message,
            const char **out_author,
            int          code)
{
  g_autoptr (GError) error = NULL;
  gboolean good = cpm_message_check_home (message, "a.test", "b.test", out_author, &error);

  if (code >= 0)
    g_assert_error (error, CPM_ERROR, code);
  else
    g_assert_no_error (error);

  return good;
}

static void
test_homes (void)
{
  g_autoptr (CpmMessage) said = parse ("{\"v\":1,\"t\":\"share.lost\",\"id\":\"" ID "\",\"to\":\"emily@b.test\",\"from\":\"alice@a.test\","
                                       "\"body\":{\"share\":\"" ID "\"}}", NULL);
  g_autoptr (CpmMessage) of_client = parse ("{\"v\":1,\"t\":\"privacy.block\",\"id\":\"" ID "\",\"body\":{\"who\":\"x.test\",\"blocked\":true}}", NULL);
  g_autoptr (CpmMessage) in_group = parse ("{\"v\":1,\"t\":\"message.text\",\"id\":\"" ID "\",\"to\":\"emily@b.test\",\"from\":\"carol@c.test\","
                                           "\"body\":{\"conversation\":\"" ID "@a.test\",\"text\":\"Hello\"}}", NULL);
  g_autoptr (CpmMessage) pong = cpm_message_new (CPM_MESSAGE_PONG, NULL, NULL, json_object_new ());
  const char *author = NULL;

  g_assert_true (check_home (said, &author, -1));
  g_assert_null (author);
  g_assert_true (check_home (pong, &author, -1));
  g_assert_false (check_home (of_client, &author, CPM_ERROR_UNSUPPORTED));

  /* Nobody speaks for another home, to another home, or with no name at all. */
  cpm_message_stamp (said, "alice@c.test", 1);
  g_assert_false (check_home (said, &author, CPM_ERROR_FORBIDDEN));
  cpm_message_stamp (said, "alice@a.test", 1);
  cpm_message_set_to (said, "emily@c.test");
  g_assert_false (check_home (said, &author, CPM_ERROR_FORBIDDEN));

  /* But in a group of its own it hands on what others signed. */
  g_assert_false (check_home (in_group, &author, CPM_ERROR_FORBIDDEN));
  cpm_message_set_signature (in_group, "k1:abc");
  g_assert_true (check_home (in_group, &author, -1));
  g_assert_cmpstr (author, ==, "c.test");
}

static void
test_homes_group_elsewhere (void)
{
  g_autoptr (CpmMessage) in_group = parse ("{\"v\":1,\"t\":\"message.text\",\"id\":\"" ID "\",\"to\":\"emily@b.test\",\"from\":\"carol@c.test\","
                                           "\"sig\":\"k1:abc\",\"body\":{\"conversation\":\"" ID "@d.test\",\"text\":\"Hello\"}}", NULL);
  const char *author = "";

  g_assert_false (check_home (in_group, &author, CPM_ERROR_FORBIDDEN));
  g_assert_null (author);
}

static void
test_durable (void)
{
  for (int i = 0; i < CPM_N_MESSAGE_TYPES; i++)
    {
      CpmMessageType type = (CpmMessageType) i;
      gboolean durable = type >= CPM_MESSAGE_TEXT && type <= CPM_MESSAGE_GROUP_STATE && type != CPM_MESSAGE_GROUP_CREATE;

      g_assert_cmpint (cpm_message_type_is_durable (type), ==, durable);
    }
}

static void
test_errors_travel (void)
{
  g_autofree char *long_text = g_strnfill (5000, 'x');
  g_autoptr (GError) error = g_error_new (CPM_ERROR, CPM_ERROR_QUOTA, "Full\001: %s", long_text);
  g_autoptr (GError) foreign = g_error_new_literal (G_CONVERT_ERROR, 1, "/srv/secret: no");
  g_autoptr (CpmMessage) message = cpm_message_new_err (ID, error);
  g_autoptr (CpmMessage) foreign_message = cpm_message_new_err (NULL, foreign);
  g_autoptr (CpmMessage) of_tomorrow =
    parse ("{\"v\":1,\"t\":\"err\",\"body\":{\"code\":\"of-tomorrow\",\"status\":499,"
           "\"text\":\"No.\"}}", NULL);
  g_autoptr (GError) back = cpm_message_to_error (message);
  g_autoptr (GError) foreign_back = cpm_message_to_error (foreign_message);
  g_autoptr (GError) tomorrow_back = cpm_message_to_error (of_tomorrow);

  g_assert_error (back, CPM_ERROR, CPM_ERROR_QUOTA);
  g_assert_true (g_str_has_prefix (back->message, "Full\uFFFD: xxx"));
  g_assert_cmpint (g_utf8_strlen (back->message, -1), ==, 1000);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (message), "re", NULL), ==, ID);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (message), "status", 0), ==, 413);

  g_assert_error (foreign_back, CPM_ERROR, CPM_ERROR_INTERNAL);
  g_assert_null (strstr (foreign_back->message, "secret"));

  g_assert_error (tomorrow_back, CPM_ERROR, CPM_ERROR_INTERNAL);
  g_assert_cmpstr (tomorrow_back->message, ==, "No.");
}

/* Size */

static char *
make_padded (size_t      length,
             const char *pad)
{
  GString *text = g_string_new ("{\"v\":1,\"t\":\"ping\",\"body\":{\"pad\":\"");

  while (text->len + strlen (pad) + 3 <= length)
    g_string_append (text, pad);
  g_string_append (text, "\"}}");

  return g_string_free (text, FALSE);
}

static void
test_size (void)
{
  g_autofree char *largest = make_padded (60 * 1024, "x");
  g_autofree char *no_room = make_padded (CPM_JSON_MAX_BYTES, "x");
  g_autofree char *too_big = make_padded (CPM_JSON_MAX_BYTES + 1024, "x");
  g_autofree char *many = g_strnfill (4 * 1024, '7');
  g_auto (GStrv) sevens = g_strsplit (many, "7", 0);
  g_autofree char *tenths = g_strjoinv ("0.1,", sevens);
  g_autofree char *grows =
    g_strconcat ("{\"v\":1,\"t\":\"ping\",\"body\":{\"pad\":[", tenths, "0]}}", NULL);
  g_autoptr (CpmMessage) message = parse (largest, NULL);

  g_assert_nonnull (message);
  assert_refused (no_room, CPM_ERROR_TOO_BIG);
  assert_refused (too_big, CPM_ERROR_TOO_BIG);

  /* Every tenth takes 20 bytes for 4 when it is written: what was taken could not be handed on. */
  assert_refused (grows, CPM_ERROR_TOO_BIG);
}

/* Whatever is taken in can be handed on, with the longest of all envelopes. */
static void
test_stamped_still_fits (void)
{
  g_autofree char *label = g_strnfill (63, 'x');
  g_autofree char *name = g_strnfill (64, 'n');
  g_autofree char *who = g_strdup_printf ("%s@%s.%s.%s", name, label, label, label);

  for (int surplus = -20; surplus < 60; surplus++)
    {
      g_autofree char *text = make_padded ((size_t) (CPM_MESSAGE_MAX_BODY_BYTES + surplus), "x");
      g_autoptr (CpmMessage) message = parse (text, NULL);
      g_autoptr (CpmMessage) back = NULL;

      if (message == NULL)
        continue;

      cpm_message_stamp (message, who, G_MAXINT64);
      cpm_message_set_seq (message, G_MAXINT64);
      back = parse (cpm_message_get_text (message), NULL);
      g_assert_nonnull (back);
    }
}

/* The tables of words stand in two places: they must agree. */
static void
test_words_agree (void)
{
  const CpmSchema *member = cpm_message_schema_get (CPM_MESSAGE_SHARE_STATE)->body;

  for (; member->name != NULL; member++)
    {
      for (unsigned i = 0; member->values != NULL && member->values[i] != NULL; i++)
        {
          CpmSessionState state;
          CpmReason reason;

          if (g_str_equal (member->name, "state"))
            g_assert_true (cpm_session_state_from_string (member->values[i], &state));
          else if (g_str_equal (member->name, "reason"))
            g_assert_true (cpm_reason_from_string (member->values[i], &reason));
        }

      if (g_str_equal (member->name, "content"))
        {
          CpmContentKind kind;

          for (unsigned i = 0; i < CPM_N_CONTENT_KINDS; i++)
            g_assert_true (cpm_content_kind_from_string (member->members[0].values[i], &kind));
          g_assert_null (member->members[0].values[CPM_N_CONTENT_KINDS]);
        }
      else if (g_str_equal (member->name, "members"))
        {
          const CpmSchema *state = &member->element->members[1];
          CpmMemberState member_state;

          for (unsigned i = 0; i <= CPM_MEMBER_REFUSED; i++)
            g_assert_true (cpm_member_state_from_string (state->values[i], &member_state));
          g_assert_null (state->values[CPM_MEMBER_REFUSED + 1]);
        }
      else if (g_str_equal (member->name, "media"))
        {
          CpmCodec codec;

          g_assert_true (cpm_codec_from_string (member->members[4].values[0], &codec));
          g_assert_true (cpm_codec_from_string (member->members[4].values[1], &codec));
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/examples", test_examples);
  g_test_add_func ("/message/examples-of-shares", test_examples_of_shares);
  g_test_add_func ("/message/spoilt-examples", test_spoilt_examples);
  g_test_add_func ("/message/envelope", test_envelope);
  g_test_add_func ("/message/id-of-what-is-refused", test_id_of_what_is_refused);
  g_test_add_func ("/message/either-password-or-token", test_either_password_or_token);
  g_test_add_func ("/message/build-and-stamp", test_build_and_stamp);
  g_test_add_func ("/message/senders", test_senders);
  g_test_add_func ("/message/homes", test_homes);
  g_test_add_func ("/message/homes-group-elsewhere", test_homes_group_elsewhere);
  g_test_add_func ("/message/durable", test_durable);
  g_test_add_func ("/message/errors-travel", test_errors_travel);
  g_test_add_func ("/message/size", test_size);
  g_test_add_func ("/message/stamped-still-fits", test_stamped_still_fits);
  g_test_add_func ("/message/words-agree", test_words_agree);

  return g_test_run ();
}
