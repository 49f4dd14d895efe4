/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a home may try that is up to no good. evil.test is one that has keys and is known; what it
 * says is written by hand. */

#include "config.h"

#include "two-homes.h"

#include "cpm-address.h"
#include "cpm-group.h"
#include "cpm-json.h"

#include <string.h>

#define SECOND_US ((int64_t) G_USEC_PER_SEC)

typedef struct
{
  Homes *homes;
  TransportConnection *connection;
  TransportConnection *far_end;
  GQueue inbox; /* of CpmMessage */
  gboolean is_closed;
  char *nonce;
} Evil;

/* What a hello says, when it does not say what it should. */
typedef struct
{
  const char *what;
  const char *from;
  const char *signer;
  const char *to;
  const char *signed_to;
  const char *key;
  int64_t late_us;
  gboolean is_nonce_wrong;
} Lie;

static void
on_message (Evil       *evil,
            CpmMessage *message)
{
  g_queue_push_tail (&evil->inbox, g_object_ref (message));
}

static void
on_closed (Evil *evil)
{
  evil->is_closed = TRUE;
}

static CpmMessage *
take (Evil           *evil,
      CpmMessageType  type)
{
  homes_settle (evil->homes);
  while (!g_queue_is_empty (&evil->inbox))
    {
      g_autoptr (CpmMessage) message = g_queue_pop_head (&evil->inbox);

      if (cpm_message_get_message_type (message) == type)
        return g_steal_pointer (&message);
    }

  return NULL;
}

/* Connects to b.test from this address; says nothing. */
static Evil *
evil_new (Homes      *homes,
          const char *address)
{
  Evil *evil = g_new0 (Evil, 1);
  g_autoptr (CpmMessage) challenge = NULL;

  evil->homes = homes;
  transport_pair_new (&evil->connection, &evil->far_end);
  g_signal_connect_swapped (evil->connection, "message", G_CALLBACK (on_message), evil);
  g_signal_connect_swapped (evil->connection, "closed", G_CALLBACK (on_closed), evil);
  relay_server_accept_home (homes_get (homes, "b.test")->server, evil->far_end, address);
  challenge = take (evil, CPM_MESSAGE_HOME_CHALLENGE);
  if (challenge != NULL)
    evil->nonce = g_strdup (body_text (challenge, "nonce"));

  return evil;
}

static void
evil_free (Evil *evil)
{
  g_signal_handlers_disconnect_by_data (evil->connection, evil);
  transport_connection_close (evil->connection);
  homes_settle (evil->homes);
  g_object_unref (evil->connection);
  g_object_unref (evil->far_end);
  g_queue_clear_full (&evil->inbox, g_object_unref);
  g_free (evil->nonce);
  g_free (evil);
}

static void
say (Evil       *evil,
     const char *text)
{
  transport_pair_send_text (TRANSPORT_PAIR (evil->connection), text);
}

static char *
new_id (Evil *evil)
{
  return cpm_clock_new_id (CPM_CLOCK (evil->homes->clock));
}

static char *
make_hello (Evil      *evil,
            const Lie *lie)
{
  int64_t ts_us = cpm_clock_get_real_us (CPM_CLOCK (evil->homes->clock)) + lie->late_us;
  g_autofree char *ts = g_strdup_printf ("%" G_GINT64_FORMAT, ts_us);
  g_autofree char *nonce = lie->is_nonce_wrong ? g_strnfill (64, 'a') : g_strdup (evil->nonce);
  g_autoptr (GBytes) statement = relay_home_statement ("vitrine-home-1", lie->from, lie->signed_to,
                                                       nonce, ts, NULL);
  g_autofree char *signature = relay_homes_sign (homes_get_links (evil->homes, lie->signer),
                                                 statement);
  g_autofree char *id = new_id (evil);
  char *colon = strchr (signature, ':');

  *colon = '\0';
  return g_strdup_printf (
    "{\"v\":1,\"t\":\"home.hello\",\"id\":\"%s\",\"body\":{\"from\":\"%s\",\"to\":\"%s\",\"key\":\"%s\","
    "\"ts\":%s,\"nonce\":\"%s\",\"signature\":\"%s\"}}",
    id, lie->from, lie->to, lie->key != NULL ? lie->key : signature, ts, nonce, colon + 1);
}

static const Lie truth = { "the truth", "evil.test", "evil.test", "b.test", "b.test" };

static Evil *
evil_new_welcome (Homes      *homes,
                  const char *address)
{
  Evil *evil = evil_new (homes, address);
  g_autofree char *hello = make_hello (evil, &truth);
  g_autoptr (CpmMessage) welcome = NULL;

  say (evil, hello);
  welcome = take (evil, CPM_MESSAGE_HOME_WELCOME);
  g_assert_nonnull (welcome);
  return evil;
}

static int64_t
count_refused (Homes      *homes,
               const char *other,
               const char *code)
{
  g_autoptr (JsonArray) array = relay_homes_to_json (homes_get_links (homes, "b.test"));

  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);

      if (g_strcmp0 (cpm_json_get_string (object, "home", NULL), other) == 0)
        return cpm_json_get_int (cpm_json_get_object (object, "refused"), code, 0);
    }

  return 0;
}

typedef struct
{
  gboolean done;
  GError *error;
} Answer;

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Answer *answer = user_data;

  relay_homes_request_finish (RELAY_HOMES (source), result, &answer->error);
  answer->done = TRUE;
}

/* Whether an honest home gets its answer while all this goes on. */
static void
assert_others_unharmed (Homes *homes)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (homes->clock));
  g_autoptr (CpmMessage) message = cpm_message_new (CPM_MESSAGE_CONTACT_ADD, id, "nobody@b.test",
                                                    json_object_new ());
  Answer answer = { FALSE };

  cpm_message_stamp (message, "alice@a.test", cpm_clock_get_real_us (CPM_CLOCK (homes->clock)));
  relay_homes_request_async (homes_get_links (homes, "a.test"), "b.test", message, 5 * SECOND_US,
                             on_answered, &answer);
  homes_settle (homes);
  g_assert_true (answer.done);
  g_assert_error (answer.error, CPM_ERROR, CPM_ERROR_NOT_FOUND);
  g_clear_error (&answer.error);
}

static void
assert_turned_away (Evil       *evil,
                    const char *code)
{
  g_autoptr (CpmMessage) err = take (evil, CPM_MESSAGE_ERR);

  g_assert_nonnull (err);
  g_assert_cmpstr (body_text (err, "code"), ==, code);
  g_assert_true (evil->is_closed);
}

static void
test_lies (void)
{
  static const Lie lies[] = {
    { "another's name", "a.test", "evil.test", "b.test", "b.test" },
    { "our own name", "b.test", "evil.test", "b.test", "b.test" },
    { "a name that is none", "not a name", "evil.test", "b.test", "b.test" },
    { "a name that nobody knows", "nowhere.test", "evil.test", "b.test", "b.test" },
    { "a proof for another home", "a.test", "a.test", "evil.test", "evil.test" },
    { "the same, with our name put in", "a.test", "a.test", "b.test", "evil.test" },
    { "an old proof", "evil.test", "evil.test", "b.test", "b.test", NULL, -301 * SECOND_US },
    { "a proof from tomorrow", "evil.test", "evil.test", "b.test", "b.test", NULL,
      301 * SECOND_US },
    { "the answer to another challenge", "evil.test", "evil.test", "b.test", "b.test", NULL, 0,
      TRUE },
    { "a key that there is not", "evil.test", "evil.test", "b.test", "b.test", "k0" },
    { "a key that is two", "evil.test", "evil.test", "b.test", "b.test", "k0:k1" },
  };
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      Evil *evil = evil_new (homes, "192.0.2.66");
      g_autofree char *hello = make_hello (evil, &lies[i]);

      g_test_message ("%s", lies[i].what);
      say (evil, hello);
      assert_turned_away (evil, g_str_equal (lies[i].from, "nowhere.test") ? "remote-unreachable"
                                                                           : "auth");
      evil_free (evil);
    }

  g_assert_cmpint (count_refused (homes, NULL, "auth"), ==, G_N_ELEMENTS (lies) - 1);
  g_assert_null (relay_homes_find_visitor (homes_get_links (homes, "b.test"), "evil.test"));
  g_assert_null (relay_homes_find_visitor (homes_get_links (homes, "b.test"), "a.test"));
  assert_others_unharmed (homes);
  homes_free (homes);
}

static void
test_replay (void)
{
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);
  Evil *first = evil_new (homes, "192.0.2.66");
  Evil *second = evil_new (homes, "192.0.2.67");
  g_autofree char *hello = make_hello (first, &truth);
  g_autoptr (CpmMessage) welcome = NULL;

  say (first, hello);
  welcome = take (first, CPM_MESSAGE_HOME_WELCOME);
  g_assert_nonnull (welcome);
  say (second, hello);
  assert_turned_away (second, "auth");

  /* Nor by the same link. */
  say (first, hello);
  {
    g_autoptr (CpmMessage) err = take (first, CPM_MESSAGE_ERR);

    g_assert_cmpstr (body_text (err, "code"), ==, "unsupported");
  }

  evil_free (first);
  evil_free (second);
  homes_free (homes);
}

/* A proof costs a look-up: so who brings bad ones is not listened to for a while. */
static void
test_bad_proofs_are_throttled (void)
{
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);
  const Lie lie = { "another's name", "a.test", "evil.test", "b.test", "b.test" };
  g_autoptr (CpmMessage) last = NULL;

  for (unsigned i = 0; i < 40; i++)
    {
      Evil *evil = evil_new (homes, "192.0.2.66");
      g_autofree char *hello = make_hello (evil, &lie);

      say (evil, hello);
      g_clear_object (&last);
      last = take (evil, CPM_MESSAGE_ERR);
      evil_free (evil);
    }

  g_assert_cmpstr (body_text (last, "code"), ==, "rate");
  assert_others_unharmed (homes);
  homes_free (homes);
}

static void
test_speaks_too_early (void)
{
  static const char * const texts[] = {
    "{\"v\":1,\"t\":\"ping\",\"body\":{}}",
    "{\"v\":1,\"t\":\"hello\",\"body\":{}}",
    "no JSON",
    "",
    "{\"v\":1,\"t\":\"home.hello\",\"id\":\"x\",\"body\":{}}",
    "{\"v\":1,\"t\":\"home.welcome\",\"body\":{\"name\":\"b.test\",\"got\":0,\"time\":0}}",
  };
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Evil *evil = evil_new (homes, "192.0.2.66");

      g_test_message ("%s", texts[i]);
      say (evil, texts[i]);
      homes_settle (homes);
      g_assert_true (evil->is_closed);
      evil_free (evil);
    }

  assert_others_unharmed (homes);
  homes_free (homes);
}

static void
test_forged_senders (void)
{
  static const struct { const char *rest; const char *code;
  } cases[] = {
    { "\"t\":\"contact.add\",\"from\":\"emily@b.test\",\"to\":\"emily@b.test\",\"body\":{}",
      "forbidden" },
    { "\"t\":\"contact.add\",\"from\":\"alice@a.test\",\"to\":\"emily@b.test\",\"body\":{}",
      "forbidden" },
    { "\"t\":\"contact.add\",\"from\":\"mallory@evil.test\",\"to\":\"alice@a.test\",\"body\":{}",
      "forbidden" },
    { "\"t\":\"contact.add\",\"from\":\"mallory@evil.test.b.test\",\"to\":\"emily@b.test\",\"body\":{}",
      "forbidden" },
    { "\"t\":\"contact.add\",\"to\":\"emily@b.test\",\"body\":{}", "forbidden" },
    { "\"t\":\"contact.add\",\"from\":\"mallory@evil.test\",\"to\":\"nobody@b.test\",\"body\":{}",
      "not-found" },
    { "\"t\":\"contact.remove\",\"from\":\"mallory@evil.test\",\"to\":\"emily@b.test\",\"body\":{}",
      "unsupported" },
    { "\"t\":\"group.create\",\"from\":\"mallory@evil.test\",\"to\":\"emily@b.test\",\"body\":{\"name\":\"x\",\"members\":[\"a@a.test\"]}",
      "unsupported" },
    { "\"t\":\"message.text\",\"n\":1,\"ts\":1,\"from\":\"alice@a.test\",\"to\":\"emily@b.test\",\"body\":{\"conversation\":\"c-00000000000000000000000000000000\",\"text\":\"x\"}",
      "forbidden" },
    { "\"t\":\"message.text\",\"n\":2,\"ts\":1,\"from\":\"mallory@evil.test\",\"to\":\"emily@b.test\",\"body\":{\"conversation\":\"c-00000000000000000000000000000000\",\"text\":\"x\"}",
      "bad-envelope" },
    { "\"t\":\"message.failed\",\"n\":3,\"ts\":1,\"from\":\"mallory@evil.test\",\"to\":\"emily@b.test\",\"body\":{\"conversation\":\"c-00000000000000000000000000000000\",\"message\":\"0193593b-0000-7000-8000-000000000000\",\"who\":\"a@a.test\",\"code\":\"x\",\"status\":400,\"text\":\"x\"}",
      "bad-envelope" },
    { "\"t\":\"device.revoke\",\"from\":\"emily@b.test\",\"to\":\"emily@b.test\",\"body\":{\"device\":\"0193593b-0000-7000-8000-000000000000\"}",
      "unsupported" },
    { "\"t\":\"got\",\"body\":{\"seq\":9223372036854775807}", "unsupported" },
    { "\"t\":\"ack\",\"body\":{\"re\":\"0193593b-0000-7000-8000-000000000000\",\"ts\":0}",
      "unsupported" },
    { "\"t\":\"hello\",\"body\":{\"account\":\"emily@b.test\",\"password\":\"correct horse\",\"device\":\"0193593b-0000-7000-8000-000000000000\"}",
      "unsupported" },
  };
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);
  Person *emily = person_sign_up (homes_get (homes, "b.test"), "emily");
  Evil *evil = evil_new_welcome (homes, "192.0.2.66");

  person_forget (emily);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *id = new_id (evil);
      g_autofree char *text = g_strdup_printf ("{\"v\":1,\"id\":\"%s\",%s}", id, cases[i].rest);
      g_autoptr (CpmMessage) err = NULL;

      g_test_message ("%s", text);
      say (evil, text);
      err = take (evil, CPM_MESSAGE_ERR);
      g_assert_nonnull (err);
      g_assert_cmpstr (body_text (err, "code"), ==, cases[i].code);
      g_assert_cmpstr (body_text (err, "re"), ==, id);
    }

  g_assert_true (g_queue_is_empty (&emily->inbox));
  g_assert_cmpint (count_refused (homes, "evil.test", "forbidden"), ==, 6);
  g_assert_false (evil->is_closed);
  assert_others_unharmed (homes);
  evil_free (evil);
  person_free (emily);
  homes_free (homes);
}

static void
test_nonsense (void)
{
  g_autofree char *deep = g_strnfill (40000, '[');
  g_autofree char *long_text = g_strnfill (200000, 'x');
  const char *const texts[] = {
    "",
    "x",
    "{}",
    "[]",
    "null",
    "{\"v\":2,\"t\":\"ping\"}",
    "{\"v\":1,\"t\":\"what.ever\"}",
    deep,
    long_text,
    "{\"v\":1,\"t\":\"ping\"}{\"v\":1,\"t\":\"ping\"}",
  };
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);
  Evil *evil = evil_new_welcome (homes, "192.0.2.66");

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (CpmMessage) err = NULL;

      say (evil, texts[i]);
      err = take (evil, CPM_MESSAGE_ERR);
      g_assert_nonnull (err);
    }

  assert_others_unharmed (homes);
  evil_free (evil);
  homes_free (homes);
}

static void
test_flood (void)
{
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);
  Evil *evil = evil_new_welcome (homes, "192.0.2.66");
  int64_t n_rate;

  for (unsigned i = 0; i < 10000; i++)
    {
      g_autofree char *id = new_id (evil);
      g_autofree char *text = g_strdup_printf (
        "{\"v\":1,\"id\":\"%s\",\"t\":\"contact.add\",\"from\":\"mallory@evil.test\","
        "\"to\":\"nobody@b.test\",\"body\":{}}",
        id);

      say (evil, text);
    }
  assert_others_unharmed (homes);

  n_rate = count_refused (homes, "evil.test", "rate");
  g_assert_cmpint (n_rate, >=, 5900);
  g_assert_cmpint (n_rate + count_refused (homes, "evil.test", "not-found"), ==, 10000);

  /* Later it may ask again. */
  homes_advance (homes, 2 * SECOND_US);
  g_queue_clear_full (&evil->inbox, g_object_unref);
  say (
    evil,
    "{\"v\":1,\"id\":\"0193593b-0000-7000-8000-000000000000\",\"t\":\"contact.add\",\"from\":\"mallory@evil.test\","
    "\"to\":\"nobody@b.test\",\"body\":{}}");
  {
    g_autoptr (CpmMessage) err = take (evil, CPM_MESSAGE_ERR);

    g_assert_cmpstr (body_text (err, "code"), ==, "not-found");
  }

  evil_free (evil);
  homes_free (homes);
}

static void
test_many_strangers (void)
{
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);
  RelayServer *server = homes_get (homes, "b.test")->server;
  GPtrArray *crowd = g_ptr_array_new_with_free_func ((GDestroyNotify) evil_free);

  for (unsigned i = 0; i < 300; i++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%u", i % 3);

      g_ptr_array_add (crowd, evil_new (homes, address));
    }

  /* 16 from each of the three addresses. */
  g_assert_cmpuint (relay_server_get_n_connections (server), ==, 48);
  g_assert_cmpint (count_refused (homes, NULL, "busy"), ==, 252);
  assert_others_unharmed (homes);

  homes_advance (homes, 16 * SECOND_US);
  g_assert_cmpuint (relay_server_get_n_connections (server), ==, 1);
  g_ptr_array_unref (crowd);
  homes_free (homes);
}

static void
test_two_of_one (void)
{
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);
  Evil *first = evil_new_welcome (homes, "192.0.2.66");
  Evil *second = evil_new_welcome (homes, "192.0.2.67");
  g_autoptr (CpmMessage) bye = take (first, CPM_MESSAGE_BYE);

  g_assert_cmpstr (body_text (bye, "reason"), ==, "replaced");
  g_assert_true (first->is_closed);
  g_assert_false (second->is_closed);
  g_assert_nonnull (relay_homes_find_visitor (homes_get_links (homes, "b.test"), "evil.test"));

  evil_free (first);
  evil_free (second);
  homes_free (homes);
}

/* A group at evil.test, in which it puts words into the mouth of somebody of a.test. */
static char *
make_group_message (Evil       *evil,
                    const char *signer,
                    const char *signed_text,
                    const char *text)
{
  g_autofree char *id = new_id (evil);
  g_autofree char *group = g_strconcat ("0193593b-0000-7000-8000-000000000000", "@evil.test", NULL);
  g_autoptr (CpmMessage) message = NULL;
  g_autoptr (CpmMessage) said = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *signature = NULL;
  JsonObject *body = json_object_new ();
  JsonObject *said_body = json_object_new ();

  json_object_set_string_member (body, "conversation", group);
  json_object_set_string_member (body, "text", text);
  json_object_set_string_member (said_body, "conversation", group);
  json_object_set_string_member (said_body, "text", signed_text);
  message = cpm_message_new (CPM_MESSAGE_TEXT, id, "emily@b.test", body);
  said = cpm_message_new (CPM_MESSAGE_TEXT, id, group, said_body);
  cpm_message_stamp (message, "alice@a.test", 1795370000000000);
  cpm_message_stamp (said, "alice@a.test", 1795370000000000);
  cpm_message_set_n (message, 1);

  if (signer != NULL)
    {
      bytes = cpm_group_get_signed_bytes (said, group);
      signature = relay_homes_sign (homes_get_links (evil->homes, signer), bytes);
      cpm_message_set_signature (message, signature);
    }

  return g_strdup (cpm_message_get_text (message));
}

static void
test_words_in_a_mouth (void)
{
  static const struct { const char *signer; const char *signed_text; const char *code; } cases[] = {
    { NULL, "x", "forbidden" },
    { "evil.test", "I give it to you", "auth" },
    { "b.test", "I give it to you", "auth" },
    { "a.test", "I do not give it to you", "auth" },
  };
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);
  Person *emily = person_sign_up (homes_get (homes, "b.test"), "emily");
  Evil *evil = evil_new_welcome (homes, "192.0.2.66");

  person_forget (emily);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = make_group_message (evil, cases[i].signer, cases[i].signed_text,
                                                  "I give it to you");
      g_autoptr (CpmMessage) err = NULL;

      say (evil, text);
      err = take (evil, CPM_MESSAGE_ERR);
      g_assert_nonnull (err);
      g_assert_cmpstr (body_text (err, "code"), ==, cases[i].code);
    }

  g_assert_true (g_queue_is_empty (&emily->inbox));
  assert_others_unharmed (homes);
  evil_free (evil);
  person_free (emily);
  homes_free (homes);
}

/* A callee that talks and does not listen, or says what is not its to say, on the link that we have
 * made. */
static void
test_evil_callee (void)
{
  Homes *homes = homes_new ("a.test", "b.test", "evil.test", NULL);
  RelayHomes *links = homes_get_links (homes, "b.test");
  g_autoptr (RelayVisitor) visitor = NULL;
  RelayVisitor *found;
  unsigned n_said = 0;

  relay_homes_wake (links, "evil.test");
  homes_settle (homes);
  g_assert_true (relay_homes_is_up (links, "evil.test"));
  found = relay_homes_find_visitor (homes_get_links (homes, "evil.test"), "b.test");
  g_assert_nonnull (found);
  visitor = g_object_ref (found);

  for (; n_said < 100; n_said++)
    {
      g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (homes->clock));
      g_autoptr (CpmMessage) forged = cpm_message_new (CPM_MESSAGE_CONTACT_ADD, id, "emily@b.test",
                                                       json_object_new ());
      g_autoptr (CpmMessage) pong = cpm_message_new (CPM_MESSAGE_PONG, id, NULL,
                                                     json_object_new ());
      g_autoptr (CpmMessage) ack = cpm_message_new_ack (id, 0);

      cpm_message_stamp (forged, "alice@b.test", 1);
      relay_visitor_send (visitor, forged);
      relay_visitor_send (visitor, pong);
      relay_visitor_send (visitor, ack);
    }
  homes_settle (homes);
  g_assert_true (relay_homes_is_up (links, "evil.test"));

  /* It goes on talking, but nothing that it is asked is answered. */
  relay_visitor_hold (visitor);
  for (unsigned i = 0; i < 60; i++)
    {
      g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (homes->clock));
      g_autoptr (CpmMessage) ack = cpm_message_new_ack (id, 0);

      relay_visitor_send (visitor, ack);
      homes_advance (homes, SECOND_US);
    }
  g_assert_false (relay_homes_is_up (links, "evil.test"));
  assert_others_unharmed (homes);
  g_clear_object (&visitor);
  homes_free (homes);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/home-hostile/lies", test_lies);
  g_test_add_func ("/relay/home-hostile/replay", test_replay);
  g_test_add_func ("/relay/home-hostile/bad-proofs-are-throttled", test_bad_proofs_are_throttled);
  g_test_add_func ("/relay/home-hostile/speaks-too-early", test_speaks_too_early);
  g_test_add_func ("/relay/home-hostile/forged-senders", test_forged_senders);
  g_test_add_func ("/relay/home-hostile/nonsense", test_nonsense);
  g_test_add_func ("/relay/home-hostile/flood", test_flood);
  g_test_add_func ("/relay/home-hostile/many-strangers", test_many_strangers);
  g_test_add_func ("/relay/home-hostile/two-of-one", test_two_of_one);
  g_test_add_func ("/relay/home-hostile/words-in-a-mouth", test_words_in_a_mouth);
  g_test_add_func ("/relay/home-hostile/evil-callee", test_evil_callee);

  return g_test_run ();
}
