/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-relay.h"

#include "cpm-json.h"

#include <glib/gstdio.h>

static void
test_sign_in (ScriptedRelay *self,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->directory, "token", NULL);
  g_autoptr (CpmMessage) hello = NULL;
  GStatBuf info;

  scripted_relay_sign_in (self);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  /* After a restart the token is enough. */
  client_disconnect (self->client);
  scripted_relay_turn (self);
  g_assert_finalize_object (self->client);
  scripted_relay_open_client (self);
  client_connect (self->client);
  hello = scripted_relay_expect (self, CPM_MESSAGE_HELLO);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (hello), "token", NULL), ==,
                   "the-token");
}

static void
test_refused (ScriptedRelay *self,
              gconstpointer  data)
{
  g_autoptr (CpmMessage) hello = NULL;
  g_autofree char *err = NULL;

  scripted_relay_begin_sign_in (self);
  hello = scripted_relay_expect (self, CPM_MESSAGE_HELLO);
  err = g_strdup_printf (
    "{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"auth\",\"status\":401,"
    "\"text\":\"Wrong.\"}}",
    cpm_message_get_id (hello));
  scripted_relay_say (self, err);
  g_assert_error (self->sign_in_error, CPM_ERROR, CPM_ERROR_AUTH);
  g_assert_cmpint (client_get_connection_state (self->client), ==, CLIENT_SIGNED_OUT);
}

static void
test_not_there (ScriptedRelay *self,
                gconstpointer  data)
{
  pair_connector_set_refuses (self->connector, TRUE);
  scripted_relay_begin_sign_in (self);
  scripted_relay_turn (self);
  g_assert_error (self->sign_in_error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  test_clock_advance (self->clock, 60 * SECOND);
  g_assert_cmpuint (pair_connector_get_n_tries (self->connector), ==, 1);
}

static void
test_outbox (ScriptedRelay *self,
             gconstpointer  data)
{
  ClientConversation *conversation;
  ClientMessage *rows[3];
  g_autoptr (CpmMessage) add = NULL;

  scripted_relay_sign_in (self);
  conversation = client_open_conversation (self->client, EMILY, NULL);
  add = scripted_relay_expect (self, CPM_MESSAGE_CONTACT_ADD);
  for (int i = 0; i < 3; i++)
    {
      rows[i] = client_conversation_send_text (conversation, "hello", NULL);
      g_assert_cmpint (client_message_get_state (rows[i]), ==, CLIENT_MESSAGE_SENDING);
    }

  /* The first is lost on the way; all come again, one after the other, in their order. */
  scripted_relay_come_back (self, 0);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (CpmMessage) message = scripted_relay_expect (self, CPM_MESSAGE_TEXT);

      g_assert_cmpstr (cpm_message_get_id (message), ==, client_message_get_id (rows[i]));
      scripted_relay_expect_silence (self);
      scripted_relay_say_ack (self, message);
      g_assert_cmpint (client_message_get_state (rows[i]), ==, CLIENT_MESSAGE_SENT);
    }

  scripted_relay_come_back (self, 0);
  scripted_relay_expect_silence (self);
}

static void
test_unknown (ScriptedRelay *self,
              gconstpointer  data)
{
  ClientConversation *conversation;
  ClientMessage *row;
  g_autoptr (CpmMessage) add = NULL;
  g_autoptr (CpmMessage) message = NULL;
  g_autofree char *err = NULL;

  scripted_relay_sign_in (self);
  conversation = client_open_conversation (self->client, EMILY, NULL);
  add = scripted_relay_expect (self, CPM_MESSAGE_CONTACT_ADD);
  row = client_conversation_send_text (conversation, "hello", NULL);
  message = scripted_relay_expect (self, CPM_MESSAGE_TEXT);
  err = g_strdup_printf (
    "{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"not-found\",\"status\":404,"
    "\"text\":\"Nobody there.\"}}",
    cpm_message_get_id (message));
  scripted_relay_say (self, err);
  g_assert_cmpint (client_message_get_state (row), ==, CLIENT_MESSAGE_FAILED);
  g_assert_cmpstr (client_message_get_error_text (row), ==, "Nobody there.");
  scripted_relay_expect_silence (self);

  client_conversation_retry (conversation, row);
  g_clear_object (&message);
  message = scripted_relay_expect (self, CPM_MESSAGE_TEXT);
  g_assert_cmpint (client_message_get_state (row), ==, CLIENT_MESSAGE_SENDING);
}

static void
test_once (ScriptedRelay *self,
           gconstpointer  data)
{
  g_autoptr (CpmMessage) got = NULL;
  g_autoptr (CpmMessage) receipt = NULL;

  scripted_relay_sign_in (self);
  scripted_relay_say_text (self, 1, 1, EMILY);
  scripted_relay_say_text (self, 1, 1, EMILY);
  got = scripted_relay_expect (self, CPM_MESSAGE_GOT);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (got), "seq", 0), ==, 1);
  receipt = scripted_relay_expect (self, CPM_MESSAGE_RECEIPT);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (receipt), "state", NULL), ==,
                   "delivered");
  g_assert_cmpuint (self->n_received, ==, 1);

  /* Said again after a reconnect, by a relay that did not hear `got`. */
  scripted_relay_come_back (self, 1);
  scripted_relay_say_text (self, 1, 1, EMILY);
  g_assert_cmpuint (self->n_received, ==, 1);
}

/* A new device of an account with history: signing in waits for the disk when they come. */
static void
test_messages_with_the_welcome (ScriptedRelay *self,
                                gconstpointer  data)
{
  g_autoptr (CpmMessage) hello = NULL;
  g_autoptr (CpmMessage) got = NULL;

  scripted_relay_begin_sign_in (self);
  hello = scripted_relay_expect (self, CPM_MESSAGE_HELLO);
  self->is_in_one_go = TRUE;
  scripted_relay_say_welcome (self, hello, 2, "the-token");
  scripted_relay_say_text (self, 1, 1, EMILY);
  self->is_in_one_go = FALSE;
  scripted_relay_say_text (self, 2, 2, EMILY);

  g_assert_no_error (self->sign_in_error);
  g_assert_true (self->signed_in);
  g_assert_cmpuint (self->n_received, ==, 2);
  got = scripted_relay_expect (self, CPM_MESSAGE_GOT);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (got), "seq", 0), ==, 2);
}

static void
test_forgetful_relay (ScriptedRelay *self,
                      gconstpointer  data)
{
  g_autoptr (CpmMessage) hello = NULL;

  scripted_relay_sign_in (self);
  scripted_relay_say_text (self, 1, 7, EMILY);
  g_assert_cmpuint (self->n_received, ==, 1);

  /* Its inbox begins anew at 1: the client asks for all of it, and knows what it has by the ids. */
  scripted_relay_come_back (self, 2);
  test_clock_advance (self->clock, SECOND);
  hello = scripted_relay_expect (self, CPM_MESSAGE_HELLO);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (hello), "since", -1), ==, 0);
  scripted_relay_say_welcome (self, hello, 2, NULL);
  scripted_relay_say_text (self, 1, 1, EMILY);
  scripted_relay_say_text (self, 2, 2, EMILY);
  g_assert_cmpuint (self->n_received, ==, 2);
}

static void
say_invitation (ScriptedRelay *self,
                int64_t        expires_us)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"share.state\",\"body\":{\"share\":\"" SHARE "\",\"rev\":1,"
    "\"state\":\"inviting\",\"sharer\":\"" EMILY "\",\"reason\":\"none\","
    "\"expires\":%" G_GINT64_FORMAT ",\"n\":1,\"content\":{\"kind\":\"camera\",\"audio\":true},"
    "\"media_up\":false,\"members\":[{\"who\":\"" ALICE "\",\"state\":\"invited\","
    "\"reason\":\"none\"}]}}",
    expires_us);

  scripted_relay_say (self, text);
}

static void
test_invitation (ScriptedRelay *self,
                 gconstpointer  data)
{
  g_autoptr (CpmMessage) ringing = NULL;

  scripted_relay_sign_in (self);
  say_invitation (self, cpm_clock_get_real_us (CPM_CLOCK (self->clock)) + 30 * SECOND);
  g_assert_cmpuint (self->n_invited, ==, 1);
  ringing = scripted_relay_expect (self, CPM_MESSAGE_SHARE_RINGING);
  g_assert_nonnull (client_find_share (self->client, SHARE));

  scripted_relay_say (self, "{\"v\":1,\"t\":\"share.taken\",\"body\":{\"share\":\"" SHARE "\","
             "\"device\":\"01930000-0000-7000-8000-0000000000ff\"}}");
  g_assert_null (client_find_share (self->client, SHARE));
}

static void
test_late_invitation (ScriptedRelay *self,
                      gconstpointer  data)
{
  scripted_relay_sign_in (self);
  say_invitation (self, cpm_clock_get_real_us (CPM_CLOCK (self->clock)) - 1);
  g_assert_cmpuint (self->n_invited, ==, 0);
  scripted_relay_expect_silence (self);
}

static void
test_forgotten_share (ScriptedRelay *self,
                      gconstpointer  data)
{
  g_autoptr (CpmMessage) ringing = NULL;
  g_autoptr (CpmMessage) sync = NULL;
  g_autoptr (ClientShare) share = NULL;
  g_autofree char *err = NULL;

  scripted_relay_sign_in (self);
  say_invitation (self, cpm_clock_get_real_us (CPM_CLOCK (self->clock)) + 30 * SECOND);
  ringing = scripted_relay_expect (self, CPM_MESSAGE_SHARE_RINGING);
  share = g_object_ref (client_find_share (self->client, SHARE));

  scripted_relay_come_back (self, 0);
  sync = scripted_relay_expect (self, CPM_MESSAGE_SHARE_SYNC);
  err = g_strdup_printf (
    "{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"not-found\",\"status\":404,"
    "\"text\":\"No such share.\"}}",
    cpm_message_get_id (sync));
  scripted_relay_say (self, err);
  g_assert_cmpint (client_share_get_state (share), ==, CPM_SESSION_ENDED);
  g_assert_cmpint (cpm_session_get_reason (client_share_get_session (share)), ==, CPM_REASON_LOST);
  g_assert_null (client_find_share (self->client, SHARE));
}

static void
on_joined (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  char **answer = user_data;
  g_autoptr (GError) error = NULL;
  ClientShare *share = client_join_share_finish (CLIENT_CLIENT (source), result, &error);

  *answer = g_strdup (share != NULL ? client_share_get_id (share) : error->message);
}

/* The relay has taken Alice into a share, and has not said yet how it stands; nor does it when
 * asked. @answer is set later. */
static void
join (ScriptedRelay  *self,
      char          **answer)
{
  g_autoptr (CpmMessage) word = NULL;
  g_autoptr (CpmMessage) sync = NULL;
  g_autofree char *err = NULL;

  scripted_relay_sign_in (self);
  client_join_share_async (self->client, SHARE, NULL, on_joined, answer);
  word = scripted_relay_expect (self, CPM_MESSAGE_SHARE_JOIN);
  scripted_relay_say_ack (self, word);
  sync = scripted_relay_expect (self, CPM_MESSAGE_SHARE_SYNC);
  err = g_strdup_printf (
    "{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"not-found\",\"status\":404,"
    "\"text\":\"No such share.\"}}",
    cpm_message_get_id (sync));
  scripted_relay_say (self, err);
  g_assert_null (*answer);
}

static void
test_join (ScriptedRelay *self,
           gconstpointer  data)
{
  g_autofree char *answer = NULL;
  g_autofree char *state = NULL;

  join (self, &answer);
  state =
    g_strdup_printf ("{\"v\":1,\"t\":\"share.state\",\"body\":{\"share\":\"" SHARE "\",\"rev\":4,"
                     "\"state\":\"active\",\"sharer\":\"" EMILY "\",\"reason\":\"none\","
                     "\"expires\":1,\"n\":1,\"content\":{\"kind\":\"camera\",\"audio\":true},"
                     "\"media_up\":true,\"members\":[{\"who\":\"" ALICE "\",\"state\":\"joined\","
                     "\"reason\":\"none\",\"device\":\"%s\"}]}}",
                     self->device);
  scripted_relay_say (self, state);
  g_assert_cmpstr (answer, ==, SHARE);
}

static void
test_join_in_vain (ScriptedRelay *self,
                   gconstpointer  data)
{
  g_autofree char *answer = NULL;

  join (self, &answer);
  test_clock_advance (self->clock, 6 * SECOND);
  scripted_relay_turn (self);
  g_assert_cmpstr (answer, ==, "This share has ended.");
}

static void
test_bad_texts (ScriptedRelay *self,
                gconstpointer  data)
{
  g_autofree char *long_text = g_strnfill (CPM_MESSAGE_MAX_TEXT_BYTES + 1, 'x');
  ClientConversation *conversation;
  g_autoptr (CpmMessage) add = NULL;
  g_autoptr (GError) error = NULL;

  scripted_relay_sign_in (self);
  conversation = client_open_conversation (self->client, EMILY, NULL);
  add = scripted_relay_expect (self, CPM_MESSAGE_CONTACT_ADD);
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
  g_assert_nonnull (
    client_conversation_send_text (conversation, "control \001 and \xff bytes", NULL));
}

#define ADD(name, function) \
  g_test_add (name, ScriptedRelay, NULL, scripted_relay_set_up, function, scripted_relay_tear_down)

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
  ADD ("/client/messages-that-come-with-the-welcome-are-taken", test_messages_with_the_welcome);
  ADD ("/client/a-relay-that-lost-its-store-is-heard-from-the-start", test_forgetful_relay);
  ADD ("/client/an-invitation-rings-until-another-device-answers", test_invitation);
  ADD ("/client/a-late-invitation-never-rings", test_late_invitation);
  ADD ("/client/a-share-that-the-relay-forgot-ends", test_forgotten_share);
  ADD ("/client/who-joins-waits-for-how-the-share-stands", test_join);
  ADD ("/client/who-joins-does-not-wait-for-ever", test_join_in_vain);
  ADD ("/client/bad-texts-and-addresses-are-errors", test_bad_texts);

  return g_test_run ();
}
