/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "message-fixture.h"

#include "cpm-json.h"
#include "cpm-message-schema.h"
#include "cpm-session.h"

#include <string.h>

#define ID "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define CONVERSATION "c-0123456789abcdef0123456789abcdef"

/* The envelope */

static void
test_envelope (void)
{
  g_autoptr (CpmMessage) message = parse_message ("{\"v\":1,\"t\":\"ping\",\"surprise\":[1]}",
                                                  NULL);

  g_assert_nonnull (message);
  g_assert_cmpint (cpm_message_get_message_type (message), ==, CPM_MESSAGE_PING);
  g_assert_nonnull (cpm_message_get_body (message));
  g_assert_cmpstr (cpm_message_get_text (message), ==, "{\"v\":1,\"t\":\"ping\",\"body\":{}}");

  assert_message_refused ("{\"v\":1,\"t\":\"ping\"}}", CPM_ERROR_BAD_JSON);
  assert_message_refused ("[]", CPM_ERROR_BAD_JSON);
  assert_message_refused ("{}", CPM_ERROR_BAD_ENVELOPE);
  assert_message_refused ("{\"v\":1}", CPM_ERROR_BAD_ENVELOPE);
  assert_message_refused ("{\"t\":\"ping\"}", CPM_ERROR_BAD_ENVELOPE);
  assert_message_refused ("{\"v\":\"1\",\"t\":\"ping\"}", CPM_ERROR_BAD_ENVELOPE);
  assert_message_refused ("{\"v\":2,\"t\":\"ping\"}", CPM_ERROR_VERSION);
  assert_message_refused ("{\"v\":0,\"t\":\"ping\"}", CPM_ERROR_VERSION);
  assert_message_refused ("{\"v\":1,\"t\":\"teleport\"}", CPM_ERROR_UNSUPPORTED);
  assert_message_refused ("{\"v\":1,\"t\":\"Ping\"}", CPM_ERROR_UNSUPPORTED);
  assert_message_refused ("{\"v\":1,\"t\":\"ping\",\"body\":[]}", CPM_ERROR_BAD_ENVELOPE);
  assert_message_refused ("{\"v\":1,\"t\":\"ping\",\"body\":null}", CPM_ERROR_BAD_ENVELOPE);
  assert_message_refused ("{\"v\":1,\"t\":\"ping\",\"id\":\"7\"}", CPM_ERROR_BAD_ENVELOPE);
  assert_message_refused ("{\"v\":1,\"t\":\"ping\",\"to\":\"Emily@a.test\"}",
                          CPM_ERROR_BAD_ENVELOPE);
  assert_message_refused ("{\"v\":1,\"t\":\"contact.add\",\"to\":\"e@a.test\"}",
                          CPM_ERROR_BAD_ENVELOPE);
  assert_message_refused ("{\"v\":1,\"t\":\"contact.add\",\"id\":\"" ID "\"}",
                          CPM_ERROR_BAD_ENVELOPE);
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

  assert_message_refused (none, CPM_ERROR_BAD_ENVELOPE);
  assert_message_refused (both, CPM_ERROR_BAD_ENVELOPE);
  message = parse_message (one, NULL);
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
  g_autoptr (CpmMessage) got = parse_message ("{\"v\":1,\"t\":\"got\",\"body\":{\"seq\":1}}", NULL);
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
  g_autoptr (CpmMessage) said =
    parse_message ("{\"v\":1,\"t\":\"share.lost\",\"id\":\"" ID
                   "\",\"to\":\"emily@b.test\",\"from\":\"alice@a.test\","
                   "\"body\":{\"share\":\"" ID "\"}}",
                   NULL);
  g_autoptr (CpmMessage) of_client =
    parse_message ("{\"v\":1,\"t\":\"privacy.block\",\"id\":\"" ID
                   "\",\"body\":{\"who\":\"x.test\",\"blocked\":true}}",
                   NULL);
  g_autoptr (CpmMessage) in_group =
    parse_message ("{\"v\":1,\"t\":\"message.text\",\"id\":\"" ID
                   "\",\"to\":\"emily@b.test\",\"from\":\"carol@c.test\","
                   "\"body\":{\"conversation\":\"" ID "@a.test\",\"text\":\"Hello\"}}",
                   NULL);
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
  g_autoptr (CpmMessage) in_group = parse_message (
    "{\"v\":1,\"t\":\"message.text\",\"id\":\"" ID
    "\",\"to\":\"emily@b.test\",\"from\":\"carol@c.test\","
    "\"sig\":\"k1:abc\",\"body\":{\"conversation\":\"" ID "@d.test\",\"text\":\"Hello\"}}",
    NULL);
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
      gboolean durable = type >= CPM_MESSAGE_TEXT && type <= CPM_MESSAGE_GROUP_STATE &&
                         type != CPM_MESSAGE_GROUP_CREATE;

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
    parse_message ("{\"v\":1,\"t\":\"err\",\"body\":{\"code\":\"of-tomorrow\",\"status\":499,"
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
  g_autoptr (CpmMessage) message = parse_message (largest, NULL);

  g_assert_nonnull (message);
  assert_message_refused (no_room, CPM_ERROR_TOO_BIG);
  assert_message_refused (too_big, CPM_ERROR_TOO_BIG);

  /* Every tenth takes 20 bytes for 4 when it is written: what was taken could not be handed on. */
  assert_message_refused (grows, CPM_ERROR_TOO_BIG);
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
      g_autoptr (CpmMessage) message = parse_message (text, NULL);
      g_autoptr (CpmMessage) back = NULL;

      if (message == NULL)
        continue;

      cpm_message_stamp (message, who, G_MAXINT64);
      cpm_message_set_seq (message, G_MAXINT64);
      back = parse_message (cpm_message_get_text (message), NULL);
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
          const char * const *codecs = member->members[4].values;

          g_assert_cmpstr (codecs[CPM_CODEC_H264], ==, cpm_codec_to_string (CPM_CODEC_H264));
          g_assert_cmpstr (codecs[CPM_CODEC_VP8], ==, cpm_codec_to_string (CPM_CODEC_VP8));
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
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
