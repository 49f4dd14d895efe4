/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-relay.h"

#include "cpm-json.h"

#include <glib/gstdio.h>

static void
on_said (TransportConnection *connection,
         CpmMessage          *message,
         ScriptedRelay       *self)
{
  g_queue_push_tail (&self->said, g_object_ref (message));
}

static void
on_accept (TransportConnection *relay_end,
           gpointer             user_data)
{
  ScriptedRelay *self = user_data;

  g_clear_object (&self->relay_end);
  self->relay_end = relay_end;
  g_signal_connect (relay_end, "message", G_CALLBACK (on_said), self);
}

static void
on_received (Client             *client,
             ClientConversation *conversation,
             ClientMessage      *message,
             ScriptedRelay      *self)
{
  self->n_received++;
}

static void
on_invited (Client        *client,
            ClientShare   *share,
            ScriptedRelay *self)
{
  self->n_invited++;
}

static void
on_continued (Client        *client,
              ClientShare   *old,
              ClientShare   *share,
              ScriptedRelay *self)
{
  self->n_continued++;
}

static void
on_turn_given (Client        *client,
               ClientShare   *share,
               ScriptedRelay *self)
{
  self->n_turns_given++;
}

void
scripted_relay_turn (ScriptedRelay *self)
{
  for (int i = 0; i < 5; i++)
    {
      test_clock_advance (self->clock, 1000);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
}

void
scripted_relay_open_client (ScriptedRelay *self)
{
  g_autoptr (GError) error = NULL;

  self->client = client_new (self->directory, CPM_CLOCK (self->clock), "test/1", &error);
  g_assert_no_error (error);
  client_set_connector (self->client, TRANSPORT_CONNECTOR (self->connector));
  client_set_capabilities (self->client, CPM_CAPABILITY_EVERYTHING);
  g_signal_connect (self->client, "message-received", G_CALLBACK (on_received), self);
  g_signal_connect (self->client, "invited", G_CALLBACK (on_invited), self);
  g_signal_connect (self->client, "share-continued", G_CALLBACK (on_continued), self);
  g_signal_connect (self->client, "turn-given", G_CALLBACK (on_turn_given), self);
}

CpmMessage *
scripted_relay_expect (ScriptedRelay  *self,
                       CpmMessageType  type)
{
  CpmMessage *message;

  scripted_relay_turn (self);
  message = g_queue_pop_head (&self->said);
  g_assert_nonnull (message);
  g_assert_cmpstr (cpm_message_type_to_string (cpm_message_get_message_type (message)), ==,
                   cpm_message_type_to_string (type));

  return message;
}

void
scripted_relay_expect_silence (ScriptedRelay *self)
{
  scripted_relay_turn (self);
  g_assert_cmpuint (g_queue_get_length (&self->said), ==, 0);
}

void
scripted_relay_say (ScriptedRelay *self,
                    const char    *text)
{
  transport_pair_send_text (TRANSPORT_PAIR (self->relay_end), text);
  if (!self->is_in_one_go)
    scripted_relay_turn (self);
}

void
scripted_relay_say_welcome (ScriptedRelay *self,
                            CpmMessage    *hello,
                            int64_t        seq,
                            const char    *token)
{
  const char *device = cpm_json_get_string (cpm_message_get_body (hello), "device", NULL);
  g_autofree char *token_member = token != NULL ? g_strdup_printf ("\"token\":\"%s\",", token)
                                                : g_strdup ("");
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"welcome\",\"body\":{\"account\":\"" ALICE "\",\"device\":\"%s\",%s"
    "\"seq\":%" G_GINT64_FORMAT ",\"time\":%" G_GINT64_FORMAT ",\"pictures\":\"https://x.test/p\","
    "\"limits\":{\"message_bytes\":65536,\"picture_bytes\":1,\"quota_bytes\":1,\"used_bytes\":0}}}",
    device, token_member, seq, cpm_clock_get_real_us (CPM_CLOCK (self->clock)));

  g_free (self->device);
  self->device = g_strdup (device);
  scripted_relay_say (self, text);
}

void
scripted_relay_say_ack (ScriptedRelay *self,
                        CpmMessage    *message)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"ack\",\"body\":{\"re\":\"%s\",\"ts\":1}}", cpm_message_get_id (message));

  scripted_relay_say (self, text);
}

void
scripted_relay_say_text (ScriptedRelay *self,
                         unsigned       n,
                         int64_t        seq,
                         const char    *from)
{
  g_autofree char *conversation = cpm_address_conversation_id (ALICE, EMILY);
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"message.text\",\"id\":\"01930000-0000-7000-8000-%012u\",\"to\":\"%s\","
    "\"from\":\"%s\",\"ts\":5,\"seq\":%" G_GINT64_FORMAT ","
    "\"body\":{\"conversation\":\"%s\",\"text\":\"text %u\"}}",
    n, g_str_equal (from, ALICE) ? EMILY : ALICE, from, seq, conversation, n);

  scripted_relay_say (self, text);
}

static void
on_signed_in (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  ScriptedRelay *self = user_data;

  self->signed_in = client_sign_in_finish (CLIENT_CLIENT (source), result, &self->sign_in_error);
}

void
scripted_relay_begin_sign_in (ScriptedRelay *self)
{
  ClientAccountInfo info = { .relay = "relay.test",
                             .account = ALICE,
                             .password = "dresses and shoes" };

  client_sign_in_async (self->client, &info, NULL, on_signed_in, self);
}

void
scripted_relay_sign_in (ScriptedRelay *self)
{
  g_autoptr (CpmMessage) hello = NULL;

  scripted_relay_begin_sign_in (self);
  hello = scripted_relay_expect (self, CPM_MESSAGE_HELLO);
  g_assert_true (json_object_has_member (cpm_message_get_body (hello), "password"));
  scripted_relay_say_welcome (self, hello, 0, "the-token");
  g_assert_no_error (self->sign_in_error);
  g_assert_true (self->signed_in);
  g_assert_cmpint (client_get_connection_state (self->client), ==, CLIENT_ONLINE);
}

void
scripted_relay_come_back (ScriptedRelay *self,
                          int64_t        seq)
{
  g_autoptr (CpmMessage) hello = NULL;

  transport_pair_cut (TRANSPORT_PAIR (self->relay_end));
  scripted_relay_turn (self);
  g_queue_clear_full (&self->said, g_object_unref);
  test_clock_advance (self->clock, SECOND);
  hello = scripted_relay_expect (self, CPM_MESSAGE_HELLO);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (hello), "token", NULL), ==,
                   "the-token");
  scripted_relay_say_welcome (self, hello, seq, NULL);
}

void
scripted_relay_set_up (ScriptedRelay *self,
                       gconstpointer  data)
{
  self->directory = g_dir_make_tmp ("vitrine-client-XXXXXX", NULL);
  self->clock = test_clock_new ();
  self->connector = pair_connector_new (on_accept, self);
  scripted_relay_open_client (self);
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

void
scripted_relay_tear_down (ScriptedRelay *self,
                          gconstpointer  data)
{
  client_disconnect (self->client);
  scripted_relay_turn (self);
  g_assert_finalize_object (self->client);
  g_queue_clear_full (&self->said, g_object_unref);
  g_clear_error (&self->sign_in_error);
  g_clear_object (&self->relay_end);
  g_clear_object (&self->connector);
  g_clear_object (&self->clock);
  remove_all (self->directory);
  g_free (self->device);
  g_free (self->directory);
}

void
scripted_relay_say_share (ScriptedRelay *self,
                          const char    *share,
                          int            rev,
                          const char    *state,
                          const char    *sharer,
                          const char    *members,
                          const char    *more)
{
  /* Without media an active share waits for them. */
  const char *grace = g_str_equal (state, "active") ? "\"grace\":5," : "";
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"share.state\",\"body\":{\"share\":\"%s\",\"rev\":%d,\"state\":\"%s\","
    "\"sharer\":\"%s\",\"expires\":%" G_GINT64_FORMAT ",\"n\":1,%s"
    "\"content\":{\"kind\":\"camera\",\"audio\":true},\"media_up\":false,\"members\":[%s],%s}}",
    share, rev, state, sharer, cpm_clock_get_real_us (CPM_CLOCK (self->clock)) + 30 * SECOND, grace,
    members, more);

  scripted_relay_say (self, text);
}

void
scripted_relay_drop_said (ScriptedRelay *self)
{
  scripted_relay_turn (self);
  g_queue_clear_full (&self->said, g_object_unref);
}
