/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: screenshots FOLDER [PICTURE [LOCALE-FOLDER]]
 *
 * Draws the main pages of the app with a conversation under way, narrow and wide, light and dark,
 * into FOLDER as PNG: to be looked at by people. PICTURE is a photograph that stands in the
 * conversation and on the stage. Run it by `ninja -C build screenshots`. With the build's own
 * LOCALE-FOLDER (build/po) and LANGUAGE=de the pages are German. */

#define G_LOG_DOMAIN "screenshots"

#include "config.h"

#include "studio.h"
#include "vitrine-audience.h"
#include "vitrine-picture-window.h"
#include "vitrine-show-chooser.h"

#include "cpm-json.h"

#include <glib/gstdio.h>
#include <libintl.h>

static void
open_window (Studio *studio)
{
  AppTown *town = &studio->town;

  town->window = vitrine_window_new (NULL, town->alice, "test");
  gtk_window_set_default_size (GTK_WINDOW (town->window), studio->width, studio->height);
  gtk_window_present (GTK_WINDOW (town->window));
  studio_settle ();
}

static void
say (Studio     *studio,
     const char *text)
{
  g_autoptr (GError) error = NULL;

  if (client_conversation_send_text (studio->town.conversation, text, &error) == NULL)
    g_error ("%s", error->message);

  studio_settle ();
}

static void
receipt_for_all (Studio     *studio,
                 const char *state)
{
  while (person_has (studio->town.emily, CPM_MESSAGE_TEXT))
    {
      g_autoptr (CpmMessage) message = person_take (studio->town.emily, CPM_MESSAGE_TEXT);
      JsonObject *body = json_object_new ();

      json_object_set_string_member (body, "conversation", body_text (message, "conversation"));
      json_object_set_string_member (body, "message", cpm_message_get_id (message));
      json_object_set_string_member (body, "state", state);
      person_ask (studio->town.emily, CPM_MESSAGE_RECEIPT, "alice@a.test", body);
    }
}

static void
ask_for_photograph (Studio *studio)
{
  g_autofree char *conversation = cpm_address_conversation_id ("emily@a.test", "alice@a.test");
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", conversation);
  json_object_set_string_member (body, "text", "Of the blue dress, please, from the front");
  person_ask (studio->town.emily, CPM_MESSAGE_PHOTO_REQUEST, "alice@a.test", body);
}

/* What Alice and Emily have said so far. */
static void
talk (Studio *studio)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *share = NULL;

  say (
    studio,
    "Hello Emily! I am at the fashion show, and I have found the most beautiful dresses. Do you"
    " want to see them?");
  receipt_for_all (studio, "displayed");
  app_town_emily_says (&studio->town, "Oh yes, please!");
  app_town_emily_says (&studio->town, "Show me everything 😍");

  share = app_town_alice_shows (&studio->town, CPM_CONTENT_PICTURE);
  person_ask (studio->town.emily, CPM_MESSAGE_SHARE_DECLINE, NULL,
              share_body (share, "\"reason\":\"later\",\"text\":\"in five minutes\""));

  if (studio->picture != NULL)
    client_conversation_send_picture (studio->town.conversation, studio->picture, NULL, NULL,
                                      &error);

  app_town_emily_says (&studio->town, "These are very beautiful! I want to see the live show.");
  ask_for_photograph (studio);
  say (studio, "Just a moment");
  receipt_for_all (studio, "delivered");
}

static void
shoot_first_start (Studio *studio)
{
  g_autofree char *folder = g_dir_make_tmp ("vitrine-shot-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Client) client = client_new (folder, CPM_CLOCK (studio->town.home->clock), "test",
                                          &error);
  VitrineWindow *window;

  g_assert_no_error (error);
  window = vitrine_window_new (NULL, client, NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), studio->width, studio->height);
  gtk_window_present (GTK_WINDOW (window));
  studio_shoot (studio, GTK_WIDGET (window), "first-start");
  app_press (GTK_WIDGET (window), gettext ("Sign In"));
  studio_shoot (studio, GTK_WIDGET (window), "first-start-trouble");
  gtk_window_destroy (GTK_WINDOW (window));
  g_clear_object (&client);
  app_remove_folder (folder);
}

static void
shoot_conversation (Studio *studio)
{
  GtkWidget *window;
  VitrinePictureWindow *picture;

  open_window (studio);
  window = GTK_WIDGET (studio->town.window);
  studio_shoot (studio, window, "empty");
  talk (studio);
  studio_shoot (studio, window, "list");
  vitrine_window_open_conversation (studio->town.window, studio->town.conversation);
  studio_shoot (studio, window, "conversation");

  if (studio->picture == NULL)
    return;

  picture = vitrine_picture_window_new (GTK_WINDOW (window), studio->picture, NULL);
  gtk_window_set_default_size (GTK_WINDOW (picture), studio->width, studio->height);
  gtk_window_present (GTK_WINDOW (picture));
  studio_shoot (studio, GTK_WIDGET (picture), "picture");
  gtk_window_destroy (GTK_WINDOW (picture));
}

static void
shoot_shares (Studio *studio)
{
  GtkWidget *window = GTK_WIDGET (studio->town.window);
  g_autofree char *mine = NULL;
  g_autofree char *hers = NULL;

  hers = app_town_emily_shows (&studio->town, "camera");
  studio_shoot (studio, window, "invitation");
  app_press (window, gettext ("Accept"));
  studio_shoot (studio, window, "viewer-waiting");
  app_press (window, gettext ("Stop"));
  studio_settle ();

  mine = app_town_alice_shows (&studio->town, CPM_CONTENT_CAMERA);
  person_ask (studio->town.emily, CPM_MESSAGE_SHARE_RINGING, NULL, share_body (mine, ""));
  studio_shoot (studio, window, "sharer-waiting");
  person_ask (studio->town.emily, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (mine, ""));
  studio_settle ();
  studio_shoot (studio, window, "sharer");
  app_press (window, gettext ("Stop"));
  studio_settle ();
}

/* A popover is a surface of its own, so it is drawn alone. */
static void
shoot_chooser (Studio *studio)
{
  GtkWidget *window = GTK_WIDGET (studio->town.window);
  GtkWidget *button;

  gtk_widget_activate_action (app_find_of_type (window, "VitrineConversationPage"),
                              "conversation.show", NULL);
  button = app_await_named (window, GTK_TYPE_BUTTON, gettext ("Photographs"));
  studio_shoot (studio, gtk_widget_get_ancestor (button, VITRINE_TYPE_SHOW_CHOOSER), "chooser");
}

/* A dialog is a window of its own, and is gone afterwards. */
static void
shoot_dialog (Studio     *studio,
              const char *type_name,
              const char *name)
{
  GtkWidget *dialog = app_await_window (type_name);
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (dialog), &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (dialog), MIN (width, studio->width),
                               MIN (height, studio->height));
  studio_shoot (studio, dialog, name);
  gtk_window_close (GTK_WINDOW (dialog));
  studio_settle ();
}

static void
says_in_group (Person     *who,
               const char *group,
               const char *text)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", group);
  json_object_set_string_member (body, "text", text);
  person_ask (who, CPM_MESSAGE_TEXT, group, body);
}

/* Alice shows the camera to a group: one watches, one declines, one does not answer. */
static void
shoot_group_share (Studio *studio,
                   Person *bob)
{
  GtkWidget *window = GTK_WIDGET (studio->town.window);
  g_autoptr (CpmMessage) state = NULL;
  const char *share;

  person_forget (studio->town.emily);
  gtk_widget_activate_action (app_find_of_type (window, "VitrineConversationPage"),
                              "conversation.show", NULL);
  app_press (window, gettext ("Live camera"));
  state = person_take (studio->town.emily, CPM_MESSAGE_SHARE_STATE);
  share = body_text (state, "share");
  person_ask (bob, CPM_MESSAGE_SHARE_DECLINE, NULL,
              share_body (share, "\"reason\":\"busy\",\"text\":\"cooking, sorry\""));
  person_ask (studio->town.emily, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (share, ""));
  studio_settle ();
  studio_shoot (studio, window, "group-sharer");
  app_press (window, gettext ("Who Is Watching"));
  studio_shoot (
    studio, gtk_widget_get_ancestor (app_await_label (window, "cooking"), VITRINE_TYPE_AUDIENCE),
    "audience");
  app_press (window, gettext ("Stop"));
  studio_settle ();
}

static void
shoot_group (Studio *studio)
{
  GtkWidget *window = GTK_WIDGET (studio->town.window);
  Person *bob = person_sign_up (studio->town.home, "bob");
  Person *carol = person_sign_up (studio->town.home, "carol");
  GtkWidget *dialog;
  ClientConversation *group;

  gtk_widget_activate_action (window, "win.new-group", NULL);
  dialog = app_await_window ("VitrineGroupDialog");
  gtk_editable_set_text (
    GTK_EDITABLE (app_await_named (dialog, GTK_TYPE_ENTRY, gettext ("Name of the Group"))),
    "Fashion week");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (app_await_switch (dialog, "Emily")), TRUE);
  shoot_dialog (studio, "VitrineGroupDialog", "new-group");

  group = app_town_make_group (&studio->town, "Fashion week", bob);
  vitrine_window_open_conversation (studio->town.window, group);
  studio_settle ();
  says_in_group (studio->town.emily, client_conversation_get_id (group), "Who is coming tomorrow?");
  says_in_group (studio->town.emily, client_conversation_get_id (group),
                 "I have two tickets left 🎟");
  says_in_group (bob, client_conversation_get_id (group),
                 "Me! Do they have the green ones from last year?");
  client_conversation_send_text (group, "I am there already. Shall I show you around?", NULL);
  studio_settle ();
  shoot_group_share (studio, bob);
  studio_shoot (studio, window, "group");
  app_press (window, g_strdup_printf (gettext ("About %s"), "Fashion week"));
  shoot_dialog (studio, "VitrineDetailsWindow", "group-details");
  person_free (carol);
  person_free (bob);
}

static void
shoot_preferences (Studio *studio)
{
  GtkWidget *window = GTK_WIDGET (studio->town.window);
  Person *model = person_new (studio->town.home, "alice");
  Person *laptop = person_on_device (model, "correct horse");
  GtkWidget *preferences;

  client_block_async (studio->town.alice, "nuisance.example", TRUE, NULL, NULL, NULL);
  gtk_widget_activate_action (window, "win.preferences", NULL);
  shoot_dialog (studio, "VitrinePreferencesWindow", "privacy");
  gtk_widget_activate_action (window, "win.preferences", NULL);
  preferences = app_await_window ("VitrinePreferencesWindow");
  adw_view_stack_set_visible_child_name (
    ADW_VIEW_STACK (app_find_of_type (preferences, "AdwViewStack")), "showing");
  shoot_dialog (studio, "VitrinePreferencesWindow", "showing");
  gtk_widget_activate_action (window, "win.preferences", NULL);
  preferences = app_await_window ("VitrinePreferencesWindow");
  adw_view_stack_set_visible_child_name (
    ADW_VIEW_STACK (app_find_of_type (preferences, "AdwViewStack")), "devices");
  shoot_dialog (studio, "VitrinePreferencesWindow", "devices");
  vitrine_window_open_conversation (studio->town.window, studio->town.conversation);
  app_press (window, g_strdup_printf (gettext ("About %s"), "Emily"));
  shoot_dialog (studio, "VitrineDetailsWindow", "person-details");
  person_free (laptop);
  person_free (model);
}

static void
shoot_offline (Studio *studio)
{
  client_disconnect (studio->town.alice);
  say (studio, "This is kept until I am connected again");
  studio_shoot (studio, GTK_WIDGET (studio->town.window), "offline");
}

static void
run (Studio *studio)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      studio->dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                   : ADW_COLOR_SCHEME_FORCE_LIGHT);
  app_town_set_up (&studio->town, "today");
  shoot_first_start (studio);
  shoot_conversation (studio);
  shoot_shares (studio);
  studio_shoot_stage (studio);
  shoot_chooser (studio);
  shoot_group (studio);
  shoot_preferences (studio);
  shoot_offline (studio);
  app_town_tear_down (&studio->town, NULL);
}

int
main (int    argc,
      char **argv)
{
  static const struct { int width, height; } sizes[] = { { 360, 720 }, { 1000, 700 } };

  app_town_init (&argc, &argv);

  /* As on most desktops; there is none here that would say so. */
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11", NULL);

  /* A tool, not a test. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);

  if (argc < 2)
    {
      g_printerr ("usage: screenshots FOLDER [PICTURE [LOCALE-FOLDER]]\n");
      return 1;
    }

  g_mkdir_with_parents (argv[1], 0755);

  if (argc > 3)
    {
      bindtextdomain (GETTEXT_PACKAGE, argv[3]);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      textdomain (GETTEXT_PACKAGE);
    }

  for (size_t i = 0; i < 2 * G_N_ELEMENTS (sizes); i++)
    {
      Studio studio = {
        .folder = argv[1],
        .picture = argc > 2 ? argv[2] : NULL,
        .width = sizes[i / 2].width,
        .height = sizes[i / 2].height,
        .dark = i % 2 == 1,
      };

      run (&studio);
    }

  return 0;
}
