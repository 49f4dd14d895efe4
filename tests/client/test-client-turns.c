/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-relay.h"

#include "cpm-json.h"

#define CAROL "carol@b.test"
#define NEXT "01930000-0000-7000-8000-000000000004"

/* A share of three as one of its viewers sees it: it is handed over, left and come back to, and
 * what became of each. */

/* Emily shows, Alice (with this device) and Carol are in. */
static ClientShare *
be_in (ScriptedRelay *self)
{
  g_autofree char *in = g_strdup_printf (
    "{\"who\":\"" ALICE "\",\"state\":\"accepted\",\"reason\":\"none\",\"device\":\"%s\"},"
    "{\"who\":\"" CAROL "\",\"state\":\"accepted\",\"reason\":\"none\"}",
    self->device);

  scripted_relay_say_share (self, SHARE, 1, "inviting", EMILY,
                            "{\"who\":\"" ALICE "\",\"state\":\"invited\",\"reason\":\"none\"},"
                            "{\"who\":\"" CAROL "\",\"state\":\"invited\",\"reason\":\"none\"}",
                            "\"reason\":\"none\"");
  scripted_relay_say_share (self, SHARE, 2, "active", EMILY, in, "\"reason\":\"none\"");
  scripted_relay_drop_said (self);
  g_assert_cmpuint (self->n_invited, ==, 1);
  g_assert_cmpint (client_share_get_state (client_find_share (self->client, SHARE)), ==,
                   CPM_SESSION_ACTIVE);

  return client_find_share (self->client, SHARE);
}

static void
say_handed_over (ScriptedRelay *self,
                 const char    *heir)
{
  g_autofree char *in = g_strdup_printf (
    "{\"who\":\"" ALICE "\",\"state\":\"accepted\",\"reason\":\"none\",\"device\":\"%s\"},"
    "{\"who\":\"" CAROL "\",\"state\":\"accepted\",\"reason\":\"none\"}",
    self->device);
  g_autofree char *more = g_strdup_printf ("\"reason\":\"handed-over\",\"by\":\"" EMILY
                                           "\",\"next\":{\"share\":\"" NEXT "\",\"sharer\":\"%s\"}",
                                           heir);

  scripted_relay_say_share (self, SHARE, 3, "ended", EMILY, in, more);
}

static void
say_next (ScriptedRelay *self,
          const char    *sharer)
{
  scripted_relay_say_share (self, NEXT, 1, "inviting", sharer,
             "{\"who\":\"" ALICE "\",\"state\":\"invited\",\"reason\":\"none\"},"
             "{\"who\":\"" EMILY "\",\"state\":\"invited\",\"reason\":\"none\"}",
             "\"reason\":\"none\",\"continues\":\"" SHARE "\"");
}

static void
test_continued (ScriptedRelay *self,
                gconstpointer  data)
{
  gboolean end_comes_first = GPOINTER_TO_INT (data);
  g_autoptr (CpmMessage) accept = NULL;

  scripted_relay_sign_in (self);
  g_assert_nonnull (be_in (self));
  if (end_comes_first)
    {
      say_handed_over (self, CAROL);
      say_next (self, CAROL);
    }
  else
    {
      /* The homes of the two sharers do not wait for each other. */
      say_next (self, CAROL);
      scripted_relay_expect_silence (self);
      say_handed_over (self, CAROL);
    }

  accept = scripted_relay_expect (self, CPM_MESSAGE_SHARE_ACCEPT);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (accept), "share", NULL), ==, NEXT);
  g_assert_cmpuint (self->n_invited, ==, 1);
  g_assert_cmpuint (self->n_continued, ==, 1);
  g_assert_nonnull (client_find_share (self->client, NEXT));
}

/* Whoever claims to continue what was not handed over to them has to ring. */
static void
test_false_heir (ScriptedRelay *self,
                 gconstpointer  data)
{
  g_autoptr (CpmMessage) ringing = NULL;

  scripted_relay_sign_in (self);
  g_assert_nonnull (be_in (self));
  say_next (self, "mallory@b.test");
  say_handed_over (self, CAROL);
  scripted_relay_expect_silence (self);
  test_clock_advance (self->clock, 4 * SECOND);
  ringing = scripted_relay_expect (self, CPM_MESSAGE_SHARE_RINGING);
  g_assert_cmpuint (self->n_invited, ==, 2);
  g_assert_cmpuint (self->n_continued, ==, 0);
}

static void
on_shared (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  client_share_finish (CLIENT_SHARE (source), result, NULL);
}

static void
test_turn (ScriptedRelay *self,
           gconstpointer  data)
{
  gboolean said_what = GPOINTER_TO_INT (data);
  g_autoptr (ClientShowable) what = client_showable_new (CPM_CONTENT_CAMERA, NULL, "test");
  g_autoptr (CpmMessage) request = NULL;
  g_autoptr (CpmMessage) invite = NULL;
  JsonObject *body;
  ClientShare *share;

  scripted_relay_sign_in (self);
  share = be_in (self);
  if (said_what)
    {
      client_share_request_turn_async (share, what, NULL, on_shared, NULL);
      request = scripted_relay_expect (self, CPM_MESSAGE_SHARE_REQUEST);
      scripted_relay_say_ack (self, request);
    }

  say_handed_over (self, ALICE);
  if (!said_what)
    {
      g_assert_cmpuint (self->n_turns_given, ==, 1);
      scripted_relay_expect_silence (self);
      return;
    }

  invite = scripted_relay_expect (self, CPM_MESSAGE_SHARE_INVITE);
  body = cpm_message_get_body (invite);
  g_assert_cmpstr (cpm_json_get_string (body, "share", NULL), ==, NEXT);
  g_assert_cmpstr (cpm_json_get_string (body, "continues", NULL), ==, SHARE);
  g_assert_cmpstr (json_array_get_string_element (cpm_json_get_array (body, "viewers"), 0), ==,
                   EMILY);
  g_assert_cmpstr (json_array_get_string_element (cpm_json_get_array (body, "viewers"), 1), ==,
                   CAROL);
  g_assert_cmpuint (self->n_turns_given, ==, 0);
  g_assert_cmpuint (self->n_continued, ==, 1);
}

/* Who leaves, or declines, in a share of many is out of it, though it goes on; and may come
 * back. */
static void
test_out (ScriptedRelay *self,
          gconstpointer  data)
{
  g_autoptr (ClientShare) share = NULL;
  g_autofree char *in = NULL;

  scripted_relay_sign_in (self);
  share = g_object_ref (be_in (self));
  scripted_relay_say_share (self, SHARE, 3, "active", EMILY,
                            "{\"who\":\"" ALICE "\",\"state\":\"left\",\"reason\":\"left\"},"
                            "{\"who\":\"" CAROL "\",\"state\":\"accepted\",\"reason\":\"none\"}",
                            "\"reason\":\"none\"");
  g_assert_null (client_find_share (self->client, SHARE));
  g_assert_cmpint (client_share_get_state (share), ==, CPM_SESSION_ENDED);
  g_assert_cmpint (client_message_get_reason (client_find_message (self->client, SHARE, NULL)), ==,
                   CPM_REASON_LEFT);

  in = g_strdup_printf ("{\"who\":\"" ALICE
                        "\",\"state\":\"accepted\",\"reason\":\"none\",\"device\":\"%s\"},"
                        "{\"who\":\"" CAROL "\",\"state\":\"accepted\",\"reason\":\"none\"}",
                        self->device);
  scripted_relay_say_share (self, SHARE, 4, "active", EMILY, in, "\"reason\":\"none\"");
  g_assert_nonnull (client_find_share (self->client, SHARE));
  g_assert_cmpint (client_message_get_duration_us (client_find_message (self->client, SHARE, NULL)),
                   ==, -1);
}

/* Each viewer's answer stays in the row, over a restart. */
static void
test_outcomes (ScriptedRelay *self,
               gconstpointer  data)
{
  g_autoptr (CpmMessage) hello = NULL;
  ClientMessage *row;
  const ClientOutcome *outcome;

  scripted_relay_sign_in (self);
  g_assert_nonnull (be_in (self));
  scripted_relay_say_share (
    self, SHARE, 3, "ended", EMILY,
    "{\"who\":\"" ALICE "\",\"state\":\"left\",\"reason\":\"left\"},"
    "{\"who\":\"" CAROL "\",\"state\":\"declined\",\"reason\":\"busy\",\"text\":\"I am at work\"}",
    "\"reason\":\"stopped\",\"by\":\"" EMILY "\"");
  client_disconnect (self->client);
  scripted_relay_turn (self);
  g_assert_finalize_object (self->client);
  scripted_relay_open_client (self);
  row = client_find_message (self->client, SHARE, NULL);
  g_assert_cmpuint (client_message_get_n_outcomes (row), ==, 2);
  outcome = client_message_get_outcome (row, 1);
  g_assert_cmpstr (outcome->who, ==, CAROL);
  g_assert_cmpint (outcome->state, ==, CPM_MEMBER_DECLINED);
  g_assert_cmpint (outcome->reason, ==, CPM_REASON_BUSY);
  g_assert_cmpstr (outcome->text, ==, "I am at work");
}

#define ADD(name, function, data) \
  g_test_add (name, ScriptedRelay, data, scripted_relay_set_up, function, scripted_relay_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client/turn/what-continues-a-share-does-not-ring", test_continued, GINT_TO_POINTER (TRUE));
  ADD ("/client/turn/nor-when-it-comes-before-the-end", test_continued, GINT_TO_POINTER (FALSE));
  ADD ("/client/turn/a-false-heir-rings", test_false_heir, NULL);
  ADD ("/client/turn/who-asked-begins-by-itself", test_turn, GINT_TO_POINTER (TRUE));
  ADD ("/client/turn/who-did-not-ask-is-asked", test_turn, GINT_TO_POINTER (FALSE));
  ADD ("/client/share/who-is-out-may-come-back", test_out, NULL);
  ADD ("/client/share/each-viewers-answer-stays", test_outcomes, NULL);

  return g_test_run ();
}
