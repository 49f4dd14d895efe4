/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-conversation"

#include "config.h"

#include "app-town.h"

#include "cpm-address.h"
#include "cpm-json.h"

#define WINDOW(town) GTK_WIDGET ((town)->window)

/* Writes as somebody who types and presses the button. */
static void
write_message (AppTown    *town,
               const char *text)
{
  GtkWidget *view = app_await_named (WINDOW (town), GTK_TYPE_TEXT_VIEW, "Message");

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
  app_press (WINDOW (town), "Send");
}

static void
test_message_is_sent (AppTown       *town,
                      gconstpointer  data)
{
  g_autoptr (CpmMessage) message = NULL;
  GtkWidget *view;
  GtkTextBuffer *buffer;

  app_town_open_window (town);
  write_message (town, "I have found beautiful dresses");

  app_await_label (WINDOW (town), "I have found beautiful dresses");
  message = person_take (town->emily, CPM_MESSAGE_TEXT);
  g_assert_cmpstr (body_text (message, "text"), ==, "I have found beautiful dresses");
  app_await_label (WINDOW (town), "Sent");

  view = app_await_named (WINDOW (town), GTK_TYPE_TEXT_VIEW, "Message");
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), ==, 0);
}

static void
say_receipt (AppTown    *town,
             CpmMessage *message,
             const char *state)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", body_text (message, "conversation"));
  json_object_set_string_member (body, "message", cpm_message_get_id (message));
  json_object_set_string_member (body, "state", state);
  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_RECEIPT, "alice@a.test", body), ==, "ack");
}

static void
test_receipts_are_words (AppTown       *town,
                         gconstpointer  data)
{
  g_autoptr (CpmMessage) message = NULL;

  app_town_open_window (town);
  write_message (town, "Do you want to see them?");
  message = person_take (town->emily, CPM_MESSAGE_TEXT);

  say_receipt (town, message, "delivered");
  app_await_label (WINDOW (town), "Delivered");
  say_receipt (town, message, "displayed");
  app_await_label (WINDOW (town), "Seen");
}

static void
test_spaces_are_no_message (AppTown       *town,
                            gconstpointer  data)
{
  GtkWidget *view;

  app_town_open_window (town);
  view = app_await_named (WINDOW (town), GTK_TYPE_TEXT_VIEW, "Message");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "  \n ", -1);

  g_assert_false (
    gtk_widget_is_sensitive (app_await_named (WINDOW (town), GTK_TYPE_BUTTON, "Send")));
}

static gboolean
has_displayed_receipt (gpointer user_data)
{
  AppTown *town = user_data;

  while (person_has (town->emily, CPM_MESSAGE_RECEIPT))
    {
      g_autoptr (CpmMessage) receipt = person_take (town->emily, CPM_MESSAGE_RECEIPT);

      if (g_strcmp0 (body_text (receipt, "state"), "displayed") == 0)
        return TRUE;
    }

  return FALSE;
}

static void
test_what_is_seen_is_told (AppTown       *town,
                           gconstpointer  data)
{
  app_town_open_window (town);
  app_town_emily_says (town, "Yes, please!");

  app_await_label (WINDOW (town), "Yes, please!");
  app_wait_until (has_displayed_receipt, town);
  g_assert_cmpuint (client_conversation_get_n_unread (town->conversation), ==, 0);
}

static void
test_markup_is_text (AppTown       *town,
                     gconstpointer  data)
{
  app_town_open_window (town);
  app_town_emily_says (town, "<b>bold</b> & <span");

  app_await_label (WINDOW (town), "<b>bold</b> & <span");
}

static void
test_presence_in_words (AppTown       *town,
                        gconstpointer  data)
{
  app_town_open_window (town);
  app_await_label (WINDOW (town), "Online");

  transport_connection_close (town->emily->connection);
  home_settle (town->home);
  home_advance (town->home, 60 * G_USEC_PER_SEC);
  app_await_label (WINDOW (town), "Offline");
}

/* Whoever is not connected cannot know who else is. */
static void
test_presence_is_unknown_without_connection (AppTown       *town,
                                             gconstpointer  data)
{
  GtkWidget *row;

  app_town_open_window (town);
  app_await_label (WINDOW (town), "Online");
  client_disconnect (town->alice);

  app_await_no_label (WINDOW (town), "Online");
  row = app_await_named (WINDOW (town), GTK_TYPE_LIST_BOX_ROW, "Emily");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Not known whether online");
}

static void
test_failed_message_says_why (AppTown       *town,
                              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  ClientConversation *conversation;

  app_town_open_window (town);
  conversation = client_open_conversation (town->alice, "nobody@a.test", &error);
  g_assert_no_error (error);
  vitrine_window_open_conversation (town->window, conversation);
  write_message (town, "Hello?");

  app_await_label (WINDOW (town), "Not sent");
  app_await_named (WINDOW (town), GTK_TYPE_BUTTON, "Try Again");
}

static void
test_photo_request_can_be_refused (AppTown       *town,
                                   gconstpointer  data)
{
  g_autoptr (CpmMessage) answer = NULL;
  g_autofree char *conversation = cpm_address_conversation_id ("emily@a.test", "alice@a.test");
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", conversation);
  json_object_set_string_member (body, "text", "Of the blue one");
  app_town_open_window (town);
  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_PHOTO_REQUEST, "alice@a.test", body), ==,
                   "ack");

  app_await_label (WINDOW (town), "Emily asks you for a photograph");
  app_await_label (WINDOW (town), "Of the blue one");
  app_await_named (WINDOW (town), GTK_TYPE_BUTTON, "Take a Photograph Now");
  app_press (WINDOW (town), "Not Now");

  answer = person_take (town->emily, CPM_MESSAGE_PHOTO_ANSWER);
  g_assert_false (cpm_json_get_boolean (cpm_message_get_body (answer), "accepted", TRUE));
  app_await_label (WINDOW (town), "You said: not now");
  g_assert_null (app_find_named (WINDOW (town), GTK_TYPE_BUTTON, "Not Now"));
}

static gboolean
are_photos_allowed (gpointer contact)
{
  return client_contact_are_photos_allowed (contact);
}

/* And it can be taken back where one reads about the person. */
static void
test_photo_requests_can_be_allowed_for_good (AppTown       *town,
                                             gconstpointer  data)
{
  ClientContact *emily = client_conversation_get_peer (town->conversation);
  g_autofree char *conversation = cpm_address_conversation_id ("emily@a.test", "alice@a.test");
  JsonObject *body = json_object_new ();
  GtkWidget *details;
  GtkWidget *row_switch;

  json_object_set_string_member (body, "conversation", conversation);
  app_town_open_window (town);
  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_PHOTO_REQUEST, "alice@a.test", body), ==,
                   "ack");
  app_press (WINDOW (town), "Yes, and Always for Emily");
  app_wait_until (are_photos_allowed, emily);

  app_press (WINDOW (town), "About Emily");
  details = app_await_window ("VitrineDetailsWindow");
  row_switch = app_await_switch (details, "Photographs Without a Question");
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (row_switch)));
  gtk_switch_set_active (GTK_SWITCH (row_switch), FALSE);
  g_assert_false (client_contact_are_photos_allowed (emily));
  gtk_window_destroy (GTK_WINDOW (details));
}

/* Whoever is blocked does not answer: the conversation says why. */
static void
test_blocked_person_is_told_of (AppTown       *town,
                                gconstpointer  data)
{
  app_town_open_window (town);
  client_block_async (town->alice, "emily@a.test", TRUE, NULL, NULL, NULL);
  app_await_label (WINDOW (town), "You have blocked Emily");
  g_assert_null (app_find_named (WINDOW (town), GTK_TYPE_TEXT_VIEW, "Message"));

  app_press (WINDOW (town), "Unblock");
  app_await_no_label (WINDOW (town), "You have blocked Emily");
  app_await_named (WINDOW (town), GTK_TYPE_TEXT_VIEW, "Message");
}

static void
test_unread_in_the_list (AppTown       *town,
                         gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  app_town_open_window (town);
  vitrine_window_open_conversation (town->window,
                                    client_open_conversation (town->alice, "bob@a.test", &error));
  g_assert_no_error (error);
  app_town_emily_says (town, "one");
  app_town_emily_says (town, "two");

  app_await_label (WINDOW (town), "2");
  app_await_label (WINDOW (town), "two");
}

static gboolean
has_moved_down (gpointer user_data)
{
  return gtk_adjustment_get_value (user_data) > 1000;
}

static gboolean
has_all_words (gpointer user_data)
{
  return g_list_model_get_n_items (G_LIST_MODEL (((AppTown *) user_data)->conversation)) == 130;
}

/* Nothing has to be pressed, and what one reads does not jump away. */
static void
test_earlier_rows_come_by_scrolling (AppTown       *town,
                                     gconstpointer  data)
{
  GtkWidget *log;
  GtkAdjustment *adjustment;

  for (int i = 0; i < 130; i++)
    {
      g_autofree char *text = g_strdup_printf ("word number %d.", i);

      app_town_emily_says (town, text);
    }

  app_wait_until (has_all_words, town);
  app_town_open_window (town);
  app_await_label (WINDOW (town), "word number 129.");
  g_assert_null (app_find_label (WINDOW (town), "word number 5."));
  log = app_find_of_type (WINDOW (town), "VitrineMessageLog");
  adjustment =
    gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (gtk_widget_get_first_child (log)));
  app_wait_until (has_moved_down, adjustment);
  gtk_adjustment_set_value (adjustment, 100);

  app_await_label (WINDOW (town), "word number 5.");
  app_wait_until (has_moved_down, adjustment);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (AppTown *, gconstpointer);
  } tests[] = {
    { "/conversation/message-is-sent", test_message_is_sent },
    { "/conversation/receipts-are-words", test_receipts_are_words },
    { "/conversation/spaces-are-no-message", test_spaces_are_no_message },
    { "/conversation/what-is-seen-is-told", test_what_is_seen_is_told },
    { "/conversation/markup-is-text", test_markup_is_text },
    { "/conversation/presence-in-words", test_presence_in_words },
    { "/conversation/presence-is-unknown-without-connection",
      test_presence_is_unknown_without_connection },
    { "/conversation/failed-message-says-why", test_failed_message_says_why },
    { "/conversation/photo-request-can-be-refused", test_photo_request_can_be_refused },
    { "/conversation/photo-requests-can-be-allowed-for-good",
      test_photo_requests_can_be_allowed_for_good },
    { "/conversation/blocked-person-is-told-of", test_blocked_person_is_told_of },
    { "/conversation/unread-in-the-list", test_unread_in_the_list },
    { "/conversation/earlier-rows-come-by-scrolling", test_earlier_rows_come_by_scrolling },
  };

  app_town_init (&argc, &argv);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, AppTown, NULL, app_town_set_up, tests[i].test, app_town_tear_down);

  return g_test_run ();
}
