/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-show"

#include "config.h"

#include "app-town.h"
#include "vitrine-invitation-card.h"
#include "vitrine-stage.h"

#include "cpm-json.h"

#define WINDOW(town) GTK_WIDGET ((town)->window)

/* The one member of the newest state that Emily was told. (transfer full) (nullable) */
static JsonObject *
newest_member (AppTown *town)
{
  g_autoptr (CpmMessage) state = NULL;
  JsonArray *members;

  while (person_has (town->emily, CPM_MESSAGE_SHARE_STATE))
    {
      g_clear_object (&state);
      state = person_take (town->emily, CPM_MESSAGE_SHARE_STATE);
    }

  if (state == NULL)
    return NULL;

  members = cpm_json_get_array (cpm_message_get_body (state), "members");

  return json_object_ref (json_array_get_object_element (members, 0));
}

/* Waits for a state in which the member Alice is in @wanted, and returns her reason. */
typedef struct
{
  AppTown *town;
  const char *state;
  char *reason;
  char *text;
} Answer;

static gboolean
has_answered (gpointer user_data)
{
  Answer *answer = user_data;
  g_autoptr (JsonObject) member = newest_member (answer->town);

  if (member == NULL || g_strcmp0 (cpm_json_get_string (member, "state", NULL), answer->state) != 0)
    return FALSE;

  answer->reason = g_strdup (cpm_json_get_string (member, "reason", NULL));
  answer->text = g_strdup (cpm_json_get_string (member, "text", NULL));

  return TRUE;
}

static gboolean
card_is_gone (gpointer user_data)
{
  AppTown *town = user_data;

  return app_find_named (WINDOW (town), VITRINE_TYPE_INVITATION_CARD,
                         "Emily wants to show you what the camera sees, live") == NULL;
}

static GtkWidget *
await_card (AppTown *town)
{
  GtkWidget *card = app_await_named (WINDOW (town), VITRINE_TYPE_INVITATION_CARD,
                                     "Emily wants to show you what the camera sees, live");

  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (card), GTK_ACCESSIBLE_ROLE_DIALOG);

  return card;
}

static void
test_invitation_is_declined (AppTown       *town,
                             gconstpointer  data)
{
  g_autofree char *id = NULL;
  Answer answer = { town, "declined" };

  app_town_open_window (town);
  id = app_town_emily_shows (town, "camera");
  await_card (town);
  app_press (WINDOW (town), "Decline");

  app_wait_until (has_answered, &answer);
  g_assert_cmpstr (answer.reason, ==, "declined");
  app_wait_until (card_is_gone, town);
  g_free (answer.reason);
  g_free (answer.text);
}

static void
test_invitation_is_declined_with_a_reason (AppTown       *town,
                                           gconstpointer  data)
{
  g_autofree char *id = NULL;
  Answer answer = { town, "declined" };

  app_town_open_window (town);
  id = app_town_emily_shows (town, "camera");
  gtk_widget_activate_action (await_card (town), "invitation.decline", "s", "busy");

  app_wait_until (has_answered, &answer);
  g_assert_cmpstr (answer.reason, ==, "busy");
  g_free (answer.reason);
  g_free (answer.text);
}

static void
test_invitation_is_declined_in_own_words (AppTown       *town,
                                          gconstpointer  data)
{
  g_autofree char *id = NULL;
  Answer answer = { town, "declined" };
  GtkWidget *entry;

  app_town_open_window (town);
  id = app_town_emily_shows (town, "camera");
  gtk_widget_activate_action (await_card (town), "invitation.decline-in-words", NULL);
  entry = app_await_named (WINDOW (town), GTK_TYPE_ENTRY, "Reason");
  gtk_editable_set_text (GTK_EDITABLE (entry), "in a meeting, sorry");
  app_press (WINDOW (town), "Decline With These Words");

  app_wait_until (has_answered, &answer);
  g_assert_cmpstr (answer.text, ==, "in a meeting, sorry");
  g_free (answer.reason);
  g_free (answer.text);
}

static void
test_invitation_is_accepted (AppTown       *town,
                             gconstpointer  data)
{
  g_autofree char *id = NULL;
  Answer answer = { town, "accepted" };

  app_town_open_window (town);
  id = app_town_emily_shows (town, "camera");
  await_card (town);
  app_press (WINDOW (town), "Accept");

  app_wait_until (has_answered, &answer);
  app_wait_until (card_is_gone, town);
  app_await_label (WINDOW (town), "One moment…");
  app_await_label (WINDOW (town), "shown by Emily");
  app_await_named (WINDOW (town), GTK_TYPE_BUTTON, "Stop");
  g_free (answer.reason);
  g_free (answer.text);
}

/* Nobody comes back to an invitation that rings for ever. */
static void
test_invitation_expires_into_a_missed_row (AppTown       *town,
                                           gconstpointer  data)
{
  g_autofree char *id = NULL;

  app_town_open_window (town);
  id = app_town_emily_shows (town, "camera");
  await_card (town);
  home_advance (town->home, 50 * G_USEC_PER_SEC);

  app_wait_until (card_is_gone, town);
  app_await_label (WINDOW (town), "Missed: Live camera by Emily");
}

static void
test_invitation_is_withdrawn (AppTown       *town,
                              gconstpointer  data)
{
  g_autofree char *id = NULL;

  app_town_open_window (town);
  id = app_town_emily_shows (town, "camera");
  await_card (town);
  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_SHARE_CANCEL, NULL, share_body (id, "")),
                   ==, "ack");

  app_wait_until (card_is_gone, town);
}

/* The ringing does not just stop. */
static void
test_answer_on_another_device_is_told (AppTown       *town,
                                       gconstpointer  data)
{
  Person *model = person_new (town->home, "alice");
  Person *other = person_on_device (model, "correct horse");
  g_autofree char *id = NULL;

  app_town_open_window (town);
  id = app_town_emily_shows (town, "camera");
  await_card (town);
  g_assert_cmpstr (person_ask (other, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (id, "")), ==,
                   "ack");

  app_wait_until (card_is_gone, town);
  app_await_label (WINDOW (town), "Answered on");
  g_assert_null (app_find_label (WINDOW (town), "shown by Emily"));
  person_free (other);
  person_free (model);
}

static void
test_sharer_waits_and_is_told (AppTown       *town,
                               gconstpointer  data)
{
  g_autofree char *id = NULL;

  app_town_open_window (town);
  id = app_town_alice_shows (town, CPM_CONTENT_CAMERA);

  app_await_label (WINDOW (town), "Waiting for Emily…");
  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_SHARE_RINGING, NULL, share_body (id, "")),
                   ==, "ack");
  app_await_label (WINDOW (town), "Emily: Ringing…");

  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_SHARE_DECLINE, NULL,
                               share_body (id, "\"reason\":\"later\",\"text\":\"at six\"")),
                   ==, "ack");
  app_await_no_label (WINDOW (town), "Waiting for Emily…");
  app_await_label (WINDOW (town), "Emily declined: “at six”");
}

/* Both in the conversation and in the list beside it. */
static void
test_list_tells_how_it_ended (AppTown       *town,
                              gconstpointer  data)
{
  g_autofree char *id = NULL;

  app_town_open_window (town);
  id = app_town_alice_shows (town, CPM_CONTENT_CAMERA);
  app_await_label (WINDOW (town), "You want to show Emily: Live camera");
  g_assert_null (app_find_label (WINDOW (town), "Showing"));
  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_SHARE_DECLINE, NULL,
                               share_body (id, "\"reason\":\"busy\"")), ==, "ack");

  app_await_label (WINDOW (town), "You wanted to show Emily: Live camera");
  app_await_no_label (WINDOW (town), "You want to show Emily: Live camera");
}

static void
test_list_tells_that_it_goes_on (AppTown       *town,
                                 gconstpointer  data)
{
  g_autofree char *id = NULL;

  app_town_open_window (town);
  id = app_town_alice_shows (town, CPM_CONTENT_CAMERA);
  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (id, "")),
                   ==, "ack");

  app_await_label (WINDOW (town), "You are showing Emily: Live camera");
  app_await_label (WINDOW (town), "Showing");
  app_press (WINDOW (town), "Stop");
  app_await_label (WINDOW (town), "You ended it");
}

/* The note in the conversation says how it ended; a toast over it would only hide it. */
static void
test_end_is_said_once (AppTown       *town,
                       gconstpointer  data)
{
  g_autofree char *id = NULL;

  app_town_open_window (town);
  id = app_town_alice_shows (town, CPM_CONTENT_CAMERA);
  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_SHARE_DECLINE, NULL,
                               share_body (id, "\"reason\":\"busy\"")), ==, "ack");
  app_await_label (WINDOW (town), "Emily is busy right now");
  app_await_no_label (WINDOW (town), "Waiting for Emily…");

  g_assert_null (app_find_of_type (WINDOW (town), "AdwToastWidget"));
}

static gboolean
is_withdrawn (gpointer user_data)
{
  AppTown *town = user_data;

  while (person_has (town->emily, CPM_MESSAGE_SHARE_STATE))
    {
      g_autoptr (CpmMessage) state = person_take (town->emily, CPM_MESSAGE_SHARE_STATE);

      if (g_strcmp0 (body_text (state, "reason"), "cancelled") == 0)
        return TRUE;
    }

  return FALSE;
}

static void
test_stop_withdraws_the_invitation (AppTown       *town,
                                    gconstpointer  data)
{
  g_autofree char *id = NULL;

  app_town_open_window (town);
  id = app_town_alice_shows (town, CPM_CONTENT_CAMERA);
  app_await_label (WINDOW (town), "Waiting for Emily…");
  app_press (WINDOW (town), "Stop");

  app_wait_until (is_withdrawn, town);
  app_await_label (WINDOW (town), "You withdrew the invitation");
}

/* The one who cannot see it is told before, not afterwards. */
static void
test_chooser_says_why_not (AppTown       *town,
                           gconstpointer  data)
{
  GtkWidget *button;

  transport_connection_close (town->emily->connection);
  home_settle (town->home);
  home_advance (town->home, 60 * G_USEC_PER_SEC);

  app_town_open_window (town);
  app_await_label (WINDOW (town), "Offline");
  gtk_widget_activate_action (gtk_window_get_focus (GTK_WINDOW (town->window)), "conversation.show",
                              NULL);
  button = app_await_named (WINDOW (town), GTK_TYPE_BUTTON, "Live camera");

  g_assert_false (gtk_widget_is_sensitive (button));
  app_await_label (WINDOW (town), "Emily is not online now");
}

static void
test_chooser_begins_a_share (AppTown       *town,
                             gconstpointer  data)
{
  g_autoptr (CpmMessage) state = NULL;

  app_town_open_window (town);
  person_forget (town->emily);
  gtk_widget_activate_action (gtk_window_get_focus (GTK_WINDOW (town->window)), "conversation.show",
                              NULL);
  app_press (WINDOW (town), "Photographs");

  state = person_take (town->emily, CPM_MESSAGE_SHARE_STATE);
  g_assert_cmpstr (cpm_json_get_string (
                     cpm_json_get_object (cpm_message_get_body (state), "content"), "kind", NULL),
                   ==, "picture");
  app_await_label (WINDOW (town), "Waiting for Emily…");
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (AppTown *, gconstpointer); } tests[] = {
    { "/show/invitation-is-declined", test_invitation_is_declined },
    { "/show/invitation-is-declined-with-a-reason", test_invitation_is_declined_with_a_reason },
    { "/show/invitation-is-declined-in-own-words", test_invitation_is_declined_in_own_words },
    { "/show/invitation-is-accepted", test_invitation_is_accepted },
    { "/show/invitation-expires-into-a-missed-row", test_invitation_expires_into_a_missed_row },
    { "/show/invitation-is-withdrawn", test_invitation_is_withdrawn },
    { "/show/answer-on-another-device-is-told", test_answer_on_another_device_is_told },
    { "/show/sharer-waits-and-is-told", test_sharer_waits_and_is_told },
    { "/show/list-tells-how-it-ended", test_list_tells_how_it_ended },
    { "/show/list-tells-that-it-goes-on", test_list_tells_that_it_goes_on },
    { "/show/end-is-said-once", test_end_is_said_once },
    { "/show/stop-withdraws-the-invitation", test_stop_withdraws_the_invitation },
    { "/show/chooser-says-why-not", test_chooser_says_why_not },
    { "/show/chooser-begins-a-share", test_chooser_begins_a_share },
  };

  app_town_init (&argc, &argv);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, AppTown, NULL, app_town_set_up, tests[i].test, app_town_tear_down);

  return g_test_run ();
}
