/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "client.h"
#include "cpm-address.h"
#include "cpm-json.h"
#include "pair-connector.h"
#include "test-clock.h"

#include <glib/gstdio.h>

#define SECOND G_USEC_PER_SEC
#define ALICE "alice@a.test"
#define EMILY "emily@a.test"
#define SHARE "01930000-0000-7000-8000-000000000003"

/* A client, and a relay that does what the test says. What the client said since the last look waits in `said`. */
typedef struct
{
  char *directory;
  TestClock *clock;
  PairConnector *connector;
  Client *client;
  TransportConnection *relay_end;
  GQueue said;            /* of CpmMessage */
  unsigned n_received;
  unsigned n_invited;
  GError *sign_in_error;
  gboolean signed_in;
} Fixture;

static void
on_said (TransportConnection *connection,
         CpmMessage          *message,
         Fixture             *self)
{
  g_queue_push_tail (&self->said, g_object_ref (message));
}

static void
on_accept (TransportConnection *relay_end,
           gpointer             user_data)
{
  Fixture *self = user_data;

  g_clear_object (&self->relay_end);
  self->relay_end = relay_end;
  g_signal_connect (relay_end, "message", G_CALLBACK (on_said), self);
}

static void
on_received (Client             *client,
             ClientConversation *conversation,
             ClientMessage      *message,
             Fixture            *self)
{
  self->n_received++;
}

static void
on_invited (Client      *client,
            ClientShare *share,
            Fixture     *self)
{
  self->n_invited++;
}

static void
turn (Fixture *self)
{
  for (int i = 0; i < 5; i++)
    {
      test_clock_advance (self->clock, 1000);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
}

static void
open_client (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->client = client_new (self->directory, CPM_CLOCK (self->clock), "test/1", &error);
  g_assert_no_error (error);
  client_set_connector (self->client, TRANSPORT_CONNECTOR (self->connector));
  client_set_capabilities (self->client, CPM_CAPABILITY_EVERYTHING);
  g_signal_connect (self->client, "message-received", G_CALLBACK (on_received), self);
  g_signal_connect (self->client, "invited", G_CALLBACK (on_invited), self);
}

/* The next message of the client, which must be of @type. (transfer full) */
static CpmMessage *
expect (Fixture        *self,
        CpmMessageType  type)
{
  CpmMessage *message;

  turn (self);
  message = g_queue_pop_head (&self->said);
  g_assert_nonnull (message);
  g_assert_cmpstr (cpm_message_type_to_string (cpm_message_get_message_type (message)), ==,
                   cpm_message_type_to_string (type));

  return message;
}

static void
expect_silence (Fixture *self)
{
  turn (self);
  g_assert_cmpuint (g_queue_get_length (&self->said), ==, 0);
}

static void
say (Fixture    *self,
     const char *text)
{
  transport_pair_send_text (TRANSPORT_PAIR (self->relay_end), text);
  turn (self);
}

static void
say_welcome (Fixture    *self,
             CpmMessage *hello,
             int64_t     seq,
             const char *token)
{
  const char *device = cpm_json_get_string (cpm_message_get_body (hello), "device", NULL);
  g_autofree char *token_member = token != NULL ? g_strdup_printf ("\"token\":\"%s\",", token) : g_strdup ("");
  g_autofree char *text =
    g_strdup_printf ("{\"v\":1,\"t\":\"welcome\",\"body\":{\"account\":\"" ALICE "\",\"device\":\"%s\",%s"
                     "\"seq\":%" G_GINT64_FORMAT ",\"time\":%" G_GINT64_FORMAT ",\"pictures\":\"https://x.test/p\","
                     "\"limits\":{\"message_bytes\":65536,\"picture_bytes\":1,\"quota_bytes\":1,\"used_bytes\":0}}}",
                     device, token_member, seq, cpm_clock_get_real_us (CPM_CLOCK (self->clock)));

  say (self, text);
}

static void
say_ack (Fixture    *self,
         CpmMessage *message)
{
  g_autofree char *text =
    g_strdup_printf ("{\"v\":1,\"t\":\"ack\",\"body\":{\"re\":\"%s\",\"ts\":1}}", cpm_message_get_id (message));

  say (self, text);
}

static void
say_text (Fixture    *self,
          unsigned    n,
          int64_t     seq,
          const char *from)
{
  g_autofree char *conversation = cpm_address_conversation_id (ALICE, EMILY);
  g_autofree char *text =
    g_strdup_printf ("{\"v\":1,\"t\":\"message.text\",\"id\":\"01930000-0000-7000-8000-%012u\",\"to\":\"%s\","
                     "\"from\":\"%s\",\"ts\":5,\"seq\":%" G_GINT64_FORMAT ","
                     "\"body\":{\"conversation\":\"%s\",\"text\":\"text %u\"}}",
                     n, g_str_equal (from, ALICE) ? EMILY : ALICE, from, seq, conversation, n);

  say (self, text);
}

static void
on_signed_in (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Fixture *self = user_data;

  self->signed_in = client_sign_in_finish (CLIENT_CLIENT (source), result, &self->sign_in_error);
}

static void
begin_sign_in (Fixture *self)
{
  ClientAccountInfo info = { .relay = "relay.test", .account = ALICE, .password = "dresses and shoes" };

  client_sign_in_async (self->client, &info, NULL, on_signed_in, self);
}

static void
sign_in (Fixture *self)
{
  g_autoptr (CpmMessage) hello = NULL;

  begin_sign_in (self);
  hello = expect (self, CPM_MESSAGE_HELLO);
  g_assert_true (json_object_has_member (cpm_message_get_body (hello), "password"));
  say_welcome (self, hello, 0, "the-token");
  g_assert_no_error (self->sign_in_error);
  g_assert_true (self->signed_in);
  g_assert_cmpint (client_get_connection_state (self->client), ==, CLIENT_ONLINE);
}

/* The connection breaks, and the client comes back; what it says then is in the queue. */
static void
come_back (Fixture *self,
           int64_t  seq)
{
  g_autoptr (CpmMessage) hello = NULL;

  transport_pair_cut (TRANSPORT_PAIR (self->relay_end));
  turn (self);
  g_queue_clear_full (&self->said, g_object_unref);
  test_clock_advance (self->clock, SECOND);
  hello = expect (self, CPM_MESSAGE_HELLO);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (hello), "token", NULL), ==, "the-token");
  say_welcome (self, hello, seq, NULL);
}

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->directory = g_dir_make_tmp ("vitrine-client-XXXXXX", NULL);
  self->clock = test_clock_new ();
  self->connector = pair_connector_new (on_accept, self);
  open_client (self);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }

  g_remove (path);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  client_disconnect (self->client);
  turn (self);
  g_assert_finalize_object (self->client);
  g_queue_clear_full (&self->said, g_object_unref);
  g_clear_error (&self->sign_in_error);
  g_clear_object (&self->relay_end);
  g_clear_object (&self->connector);
  g_clear_object (&self->clock);
  remove_all (self->directory);
  g_free (self->directory);
}

static void
test_sign_in (Fixture       *self,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->directory, "token", NULL);
  g_autoptr (CpmMessage) hello = NULL;
  GStatBuf info;

  sign_in (self);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  /* After a restart the token is enough. */
  client_disconnect (self->client);
  turn (self);
  g_assert_finalize_object (self->client);
  open_client (self);
  client_connect (self->client);
  hello = expect (self, CPM_MESSAGE_HELLO);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (hello), "token", NULL), ==, "the-token");
}

static void
test_refused (Fixture       *self,
              gconstpointer  data)
{
  g_autoptr (CpmMessage) hello = NULL;
  g_autofree char *err = NULL;

  begin_sign_in (self);
  hello = expect (self, CPM_MESSAGE_HELLO);
  err = g_strdup_printf ("{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"auth\",\"status\":401,"
                         "\"text\":\"Wrong.\"}}", cpm_message_get_id (hello));
  say (self, err);
  g_assert_error (self->sign_in_error, CPM_ERROR, CPM_ERROR_AUTH);
  g_assert_cmpint (client_get_connection_state (self->client), ==, CLIENT_SIGNED_OUT);
}

static void
test_not_there (Fixture       *self,
                gconstpointer  data)
{
  pair_connector_set_refuses (self->connector, TRUE);
  begin_sign_in (self);
  turn (self);
  g_assert_error (self->sign_in_error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  test_clock_advance (self->clock, 60 * SECOND);
  g_assert_cmpuint (pair_connector_get_n_tries (self->connector), ==, 1);
}

static void
test_outbox (Fixture       *self,
             gconstpointer  data)
{
  ClientConversation *conversation;
  ClientMessage *rows[3];
  g_autoptr (CpmMessage) add = NULL;

  sign_in (self);
  conversation = client_open_conversation (self->client, EMILY, NULL);
  add = expect (self, CPM_MESSAGE_CONTACT_ADD);
  for (int i = 0; i < 3; i++)
    {
      rows[i] = client_conversation_send_text (conversation, "hello", NULL);
      g_assert_cmpint (client_message_get_state (rows[i]), ==, CLIENT_MESSAGE_SENDING);
    }

  /* The first is lost on the way; all come again, one after the other, in their order. */
  come_back (self, 0);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (CpmMessage) message = expect (self, CPM_MESSAGE_TEXT);

      g_assert_cmpstr (cpm_message_get_id (message), ==, client_message_get_id (rows[i]));
      expect_silence (self);
      say_ack (self, message);
      g_assert_cmpint (client_message_get_state (rows[i]), ==, CLIENT_MESSAGE_SENT);
    }

  come_back (self, 0);
  expect_silence (self);
}

static void
test_unknown (Fixture       *self,
              gconstpointer  data)
{
  ClientConversation *conversation;
  ClientMessage *row;
  g_autoptr (CpmMessage) add = NULL;
  g_autoptr (CpmMessage) message = NULL;
  g_autofree char *err = NULL;

  sign_in (self);
  conversation = client_open_conversation (self->client, EMILY, NULL);
  add = expect (self, CPM_MESSAGE_CONTACT_ADD);
  row = client_conversation_send_text (conversation, "hello", NULL);
  message = expect (self, CPM_MESSAGE_TEXT);
  err = g_strdup_printf ("{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"not-found\",\"status\":404,"
                         "\"text\":\"Nobody there.\"}}", cpm_message_get_id (message));
  say (self, err);
  g_assert_cmpint (client_message_get_state (row), ==, CLIENT_MESSAGE_FAILED);
  g_assert_cmpstr (client_message_get_error_text (row), ==, "Nobody there.");
  expect_silence (self);

  client_conversation_retry (conversation, row);
  g_clear_object (&message);
  message = expect (self, CPM_MESSAGE_TEXT);
  g_assert_cmpint (client_message_get_state (row), ==, CLIENT_MESSAGE_SENDING);
}

static void
test_once (Fixture       *self,
           gconstpointer  data)
{
  g_autoptr (CpmMessage) got = NULL;
  g_autoptr (CpmMessage) receipt = NULL;

  sign_in (self);
  say_text (self, 1, 1, EMILY);
  say_text (self, 1, 1, EMILY);
  got = expect (self, CPM_MESSAGE_GOT);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (got), "seq", 0), ==, 1);
  receipt = expect (self, CPM_MESSAGE_RECEIPT);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (receipt), "state", NULL), ==, "delivered");
  g_assert_cmpuint (self->n_received, ==, 1);

  /* Said again after a reconnect, by a relay that did not hear `got`. */
  come_back (self, 1);
  say_text (self, 1, 1, EMILY);
  g_assert_cmpuint (self->n_received, ==, 1);
}

static void
test_forgetful_relay (Fixture       *self,
                      gconstpointer  data)
{
  g_autoptr (CpmMessage) hello = NULL;

  sign_in (self);
  say_text (self, 1, 7, EMILY);
  g_assert_cmpuint (self->n_received, ==, 1);

  /* Its inbox begins anew at 1: the client asks for all of it, and knows what it has by the ids. */
  come_back (self, 2);
  test_clock_advance (self->clock, SECOND);
  hello = expect (self, CPM_MESSAGE_HELLO);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (hello), "since", -1), ==, 0);
  say_welcome (self, hello, 2, NULL);
  say_text (self, 1, 1, EMILY);
  say_text (self, 2, 2, EMILY);
  g_assert_cmpuint (self->n_received, ==, 2);
}

static void
say_invitation (Fixture *self,
                int64_t  expires_us)
{
  g_autofree char *text =
    g_strdup_printf ("{\"v\":1,\"t\":\"share.state\",\"body\":{\"share\":\"" SHARE "\",\"rev\":1,"
                     "\"state\":\"inviting\",\"sharer\":\"" EMILY "\",\"reason\":\"none\","
                     "\"expires\":%" G_GINT64_FORMAT ",\"n\":1,\"content\":{\"kind\":\"camera\",\"audio\":true},"
                     "\"media_up\":false,\"members\":[{\"who\":\"" ALICE "\",\"state\":\"invited\","
                     "\"reason\":\"none\"}]}}", expires_us);

  say (self, text);
}

static void
test_invitation (Fixture       *self,
                 gconstpointer  data)
{
  g_autoptr (CpmMessage) ringing = NULL;

  sign_in (self);
  say_invitation (self, cpm_clock_get_real_us (CPM_CLOCK (self->clock)) + 30 * SECOND);
  g_assert_cmpuint (self->n_invited, ==, 1);
  ringing = expect (self, CPM_MESSAGE_SHARE_RINGING);
  g_assert_nonnull (client_find_share (self->client, SHARE));

  say (self, "{\"v\":1,\"t\":\"share.taken\",\"body\":{\"share\":\"" SHARE "\","
             "\"device\":\"01930000-0000-7000-8000-0000000000ff\"}}");
  g_assert_null (client_find_share (self->client, SHARE));
}

static void
test_late_invitation (Fixture       *self,
                      gconstpointer  data)
{
  sign_in (self);
  say_invitation (self, cpm_clock_get_real_us (CPM_CLOCK (self->clock)) - 1);
  g_assert_cmpuint (self->n_invited, ==, 0);
  expect_silence (self);
}

static void
test_forgotten_share (Fixture       *self,
                      gconstpointer  data)
{
  g_autoptr (CpmMessage) ringing = NULL;
  g_autoptr (CpmMessage) sync = NULL;
  g_autoptr (ClientShare) share = NULL;
  g_autofree char *err = NULL;

  sign_in (self);
  say_invitation (self, cpm_clock_get_real_us (CPM_CLOCK (self->clock)) + 30 * SECOND);
  ringing = expect (self, CPM_MESSAGE_SHARE_RINGING);
  share = g_object_ref (client_find_share (self->client, SHARE));

  come_back (self, 0);
  sync = expect (self, CPM_MESSAGE_SHARE_SYNC);
  err = g_strdup_printf ("{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"not-found\",\"status\":404,"
                         "\"text\":\"No such share.\"}}", cpm_message_get_id (sync));
  say (self, err);
  g_assert_cmpint (client_share_get_state (share), ==, CPM_SESSION_ENDED);
  g_assert_cmpint (cpm_session_get_reason (client_share_get_session (share)), ==, CPM_REASON_LOST);
  g_assert_null (client_find_share (self->client, SHARE));
}

static void
test_bad_texts (Fixture       *self,
                gconstpointer  data)
{
  g_autofree char *long_text = g_strnfill (CPM_MESSAGE_MAX_TEXT_BYTES + 1, 'x');
  ClientConversation *conversation;
  g_autoptr (CpmMessage) add = NULL;
  g_autoptr (GError) error = NULL;

  sign_in (self);
  conversation = client_open_conversation (self->client, EMILY, NULL);
  add = expect (self, CPM_MESSAGE_CONTACT_ADD);
  g_assert_null (client_conversation_send_text (conversation, "", &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
  g_clear_error (&error);
  g_assert_null (client_conversation_send_text (conversation, long_text, &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_TOO_BIG);
  g_clear_error (&error);
  g_assert_null (client_open_conversation (self->client, "no address", &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
  g_clear_error (&error);
  g_assert_null (client_open_conversation (self->client, ALICE, &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
  g_assert_nonnull (client_conversation_send_text (conversation, "control \001 and \xff bytes", NULL));
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client/the-token-is-kept-and-enough-next-time", test_sign_in);
  ADD ("/client/a-wrong-password-is-told", test_refused);
  ADD ("/client/a-relay-that-is-not-there-is-told-and-not-tried-again", test_not_there);
  ADD ("/client/the-outbox-is-sent-again-in-order", test_outbox);
  ADD ("/client/a-refused-message-fails-and-can-be-retried", test_unknown);
  ADD ("/client/what-is-said-twice-is-shown-once", test_once);
  ADD ("/client/a-relay-that-lost-its-store-is-heard-from-the-start", test_forgetful_relay);
  ADD ("/client/an-invitation-rings-until-another-device-answers", test_invitation);
  ADD ("/client/a-late-invitation-never-rings", test_late_invitation);
  ADD ("/client/a-share-that-the-relay-forgot-ends", test_forgotten_share);
  ADD ("/client/bad-texts-and-addresses-are-errors", test_bad_texts);

  return g_test_run ();
}
