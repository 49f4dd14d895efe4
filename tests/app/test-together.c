/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-together"

#include "config.h"

#include "app-town.h"
#include "vitrine-canvas.h"
#include "vitrine-reactions.h"
#include "vitrine-stage.h"

#include "cpm-json.h"

#include <glib/gstdio.h>

#define WINDOW(town) GTK_WIDGET ((town)->window)

static gboolean
is_active (gpointer share)
{
  return client_share_get_state (share) == CPM_SESSION_ACTIVE;
}

/* Alice shows her test camera, and Emily has said yes. (transfer none) */
static ClientShare *
alice_shows (AppTown *town)
{
  g_autofree char *id = NULL;
  ClientShare *share;

  app_town_open_window (town);
  id = app_town_alice_shows (town, CPM_CONTENT_CAMERA);
  share = client_find_share (town->alice, id);
  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (id, "")),
                   ==, "ack");
  app_wait_until (is_active, share);

  return share;
}

/* Emily shows hers, and Alice has said yes. (transfer none) */
static ClientShare *
emily_shows (AppTown *town)
{
  g_autofree char *id = NULL;
  ClientShare *share;

  app_town_open_window (town);
  id = app_town_emily_shows (town, "camera");
  app_press (WINDOW (town), "Accept");
  share = client_find_share (town->alice, id);
  app_wait_until (is_active, share);

  return share;
}

static JsonObject *
body_of_share (ClientShare *share,
               const char  *more)
{
  return share_body (client_share_get_id (share), more);
}

static gboolean
emily_has_reaction (gpointer user_data)
{
  AppTown *town = user_data;

  return person_has (town->emily, CPM_MESSAGE_SHARE_REACTION);
}

static gboolean
emily_has_pointer (gpointer user_data)
{
  AppTown *town = user_data;

  return person_has (town->emily, CPM_MESSAGE_SHARE_POINTER);
}

static void
react (AppTown *town)
{
  app_press (WINDOW (town), "React");
  app_press (WINDOW (town), "Applause");
  app_await_label (app_await_named (WINDOW (town), VITRINE_TYPE_REACTIONS, "Reactions"), "👏");
}

static void
check_reaction (AppTown *town)
{
  g_autoptr (CpmMessage) reaction = NULL;

  app_wait_until (emily_has_reaction, town);
  reaction = person_take (town->emily, CPM_MESSAGE_SHARE_REACTION);
  g_assert_cmpstr (body_text (reaction, "reaction"), ==, "👏");
  g_assert_cmpstr (cpm_message_get_from (reaction), ==, "alice@a.test");
}

/* Points at the middle, as the first arrow key does. */
static void
check_pointer (AppTown *town)
{
  GtkWidget *canvas = app_await_named (WINDOW (town), VITRINE_TYPE_CANVAS, "What is shown");
  g_autoptr (CpmMessage) pointer = NULL;

  g_signal_emit_by_name (canvas, "pointed", 0.5, 0.25);
  app_wait_until (emily_has_pointer, town);
  pointer = person_take (town->emily, CPM_MESSAGE_SHARE_POINTER);
  g_assert_cmpstr (cpm_message_get_from (pointer), ==, "alice@a.test");
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (pointer), "x", -1), ==, 500);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (pointer), "y", -1), ==, 250);
}

static void
test_sharer_reacts_and_points (AppTown       *town,
                               gconstpointer  data)
{
  alice_shows (town);
  react (town);
  check_reaction (town);
  check_pointer (town);
}

static void
test_viewer_reacts_and_points (AppTown       *town,
                               gconstpointer  data)
{
  emily_shows (town);
  react (town);
  check_reaction (town);
  check_pointer (town);
}

/* What Emily says reaches the stage of the one who shows, and of the one who looks. */
static void
check_emily_is_seen (AppTown     *town,
                     ClientShare *share)
{
  GtkWidget *canvas = app_await_named (WINDOW (town), VITRINE_TYPE_CANVAS, "What is shown");

  g_free (person_say (town->emily, CPM_MESSAGE_SHARE_REACTION, NULL,
                      body_of_share (share, "\"reaction\":\"🎉\"")));
  app_await_label (WINDOW (town), "🎉");

  g_free (person_say (town->emily, CPM_MESSAGE_SHARE_POINTER, NULL,
                      body_of_share (share, "\"x\":500,\"y\":250")));
  app_await_label (canvas, "Emily");
  g_free (person_say (town->emily, CPM_MESSAGE_SHARE_POINTER, NULL, body_of_share (share, "")));
  app_await_no_label (canvas, "Emily");
}

static void
test_viewer_is_seen_by_the_sharer (AppTown       *town,
                                   gconstpointer  data)
{
  check_emily_is_seen (town, alice_shows (town));
}

static void
test_sharer_is_seen_by_the_viewer (AppTown       *town,
                                   gconstpointer  data)
{
  check_emily_is_seen (town, emily_shows (town));
}

/* What is dropped and pasted */

static char *
write_picture (AppTown *town)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 64, 48);
  char *path = g_build_filename (town->folder, "dress.png", NULL);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, 0xc01c28ff);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);

  return path;
}

/* The page has a target for what is dropped on it: this is what GTK tells that. */
static void
drop_file (AppTown    *town,
           const char *path)
{
  GtkWidget *page = app_find_of_type (WINDOW (town), "VitrineConversationPage");
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (page);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array (&file, 1));
  for (unsigned i = 0; i < g_list_model_get_n_items (controllers) && !taken; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 10.0, 500.0, &taken);
    }
  g_assert_true (taken);
}

static gboolean
emily_is_asked (gpointer user_data)
{
  AppTown *town = user_data;

  return person_has (town->emily, CPM_MESSAGE_SHARE_STATE);
}

static void
test_dropped_picture_is_shown (AppTown       *town,
                               gconstpointer  data)
{
  g_autofree char *path = write_picture (town);
  g_autoptr (CpmMessage) state = NULL;
  GtkWidget *dialog;

  app_town_open_window (town);
  person_forget (town->emily);
  drop_file (town, path);
  dialog = app_await_question ();
  app_await_label (dialog, "Show It to Emily, or Send It?");
  app_await_label (dialog, "dress.png");
  gtk_widget_activate_default (dialog);

  app_wait_until (emily_is_asked, town);
  state = person_take (town->emily, CPM_MESSAGE_SHARE_STATE);
  g_assert_cmpstr (cpm_json_get_string (
                     cpm_json_get_object (cpm_message_get_body (state), "content"), "kind", NULL),
                   ==, "picture");
  app_await_label (WINDOW (town), "You want to show Emily");
}

static void
test_dropped_nonsense_is_explained (AppTown       *town,
                                    gconstpointer  data)
{
  g_autofree char *path = g_build_filename (town->folder, "letter.txt", NULL);

  g_assert_true (g_file_set_contents (path, "Dear Emily", -1, NULL));
  app_town_open_window (town);
  drop_file (town, path);
  app_await_label (app_find_of_type (WINDOW (town), "AdwToastOverlay"), "letter.txt");
}

/* Ctrl+V anywhere but in the entry: there is nobody to see it, so the question comes. */
static void
test_pasted_picture_is_offered (AppTown       *town,
                                gconstpointer  data)
{
  static uint32_t pixels[64 * 48];
  g_autoptr (GBytes) bytes = g_bytes_new_static (pixels, sizeof pixels);
  g_autoptr (GdkTexture) texture =
    gdk_memory_texture_new (64, 48, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes, 64 * 4);
  GtkWidget *dialog;

  app_town_open_window (town);
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (WINDOW (town)), texture);
  gtk_widget_activate_action (app_find_of_type (WINDOW (town), "VitrineConversationPage"),
                              "conversation.paste", NULL);
  dialog = app_await_question ();
  app_await_label (dialog, "Show It to Emily, or Send It?");
  app_press (dialog, "Cancel");
}

/* What can be done with what is seen */

static GtkWidget *
stage_of (AppTown *town)
{
  return app_find_of_type (WINDOW (town), "VitrineStage");
}

static GtkMenuButton *
open_menu (AppTown    *town,
           const char *name)
{
  GtkMenuButton *button =
    GTK_MENU_BUTTON (app_await_named (WINDOW (town), GTK_TYPE_MENU_BUTTON, name));

  gtk_menu_button_popup (button);
  return button;
}

/* GTK 4.8 looks for the pointer in a popover whose window has gone. */
static void
close_menu (GtkMenuButton *button)
{
  gtk_menu_button_popdown (button);
}

static gboolean
may_not_be_saved (gpointer share)
{
  return (client_share_get_allow (share) & CPM_ALLOW_SNAPSHOT) == 0;
}

/* One's own picture is no snapshot, and one's own camera is in no corner of itself. */
static void
test_sharer_allows_snapshots (AppTown       *town,
                              gconstpointer  data)
{
  ClientShare *share = alice_shows (town);
  GtkMenuButton *more = open_menu (town, "More");

  app_await_label (WINDOW (town), "Viewers May Save Pictures");
  g_assert_null (app_find_label (WINDOW (town), "Save This Picture…"));
  g_assert_null (app_find_label (WINDOW (town), "My Camera in the Corner"));
  g_assert_false (may_not_be_saved (share));
  g_assert_true (gtk_widget_activate_action (stage_of (town), "stage.allow-snapshot", NULL));
  app_wait_until (may_not_be_saved, share);
  close_menu (more);
}

static gboolean
is_seen_large (gpointer window)
{
  return app_find_label (window, "Live camera") != NULL &&
         app_find_of_type (window, "VitrineCanvas") != NULL;
}

static gboolean
has_no_float (gpointer unused)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (unsigned i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (window), "VitrineFloatWindow"))
        return FALSE;
    }

  return TRUE;
}

static gboolean
opens_float (gpointer user_data)
{
  AppTown *town = user_data;

  return gtk_widget_activate_action (stage_of (town), "stage.float", NULL) && !has_no_float (NULL);
}

/* Her test camera is seen by Alice herself as soon as it runs, so she can have it in a window of
 * its own, until the end. */
static void
test_small_window_goes_with_the_share (AppTown       *town,
                                       gconstpointer  data)
{
  alice_shows (town);
  app_wait_until (opens_float, town);
  app_wait_until (is_seen_large, app_await_window ("VitrineFloatWindow"));

  app_press (WINDOW (town), "Stop");
  app_wait_until (has_no_float, NULL);
}

/* What the others point at and feel is seen in it, too; and what is pointed at there they see. */
static void
test_small_window_is_together (AppTown       *town,
                               gconstpointer  data)
{
  ClientShare *share = alice_shows (town);
  GtkWidget *window, *canvas;
  g_autoptr (CpmMessage) pointer = NULL;

  app_wait_until (opens_float, town);
  window = app_await_window ("VitrineFloatWindow");
  canvas = app_await_named (window, VITRINE_TYPE_CANVAS, "What is shown");
  g_free (person_say (town->emily, CPM_MESSAGE_SHARE_REACTION, NULL,
                      body_of_share (share, "\"reaction\":\"🎉\"")));
  app_await_label (app_await_named (window, VITRINE_TYPE_REACTIONS, "Reactions"), "🎉");
  g_free (person_say (town->emily, CPM_MESSAGE_SHARE_POINTER, NULL,
                      body_of_share (share, "\"x\":500,\"y\":250")));
  app_await_label (canvas, "Emily");

  g_signal_emit_by_name (canvas, "pointed", 0.5, 0.25);
  app_wait_until (emily_has_pointer, town);
  pointer = person_take (town->emily, CPM_MESSAGE_SHARE_POINTER);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (pointer), "x", -1), ==, 500);

  app_press (WINDOW (town), "Stop");
  app_wait_until (has_no_float, NULL);
}

/* A series of pictures, by the keys and by the clock */

static ClientShowable *
new_series (AppTown *town)
{
  g_autofree char *first = write_picture (town);
  g_autofree char *second = g_build_filename (town->folder, "gown.png", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (first);
  g_autoptr (GFile) to = g_file_new_for_path (second);
  const char *paths[] = { first, second, NULL };

  g_assert_true (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));

  return client_showable_new_pictures (paths, 0);
}

static void
on_switched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  client_share_finish (CLIENT_SHARE (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer flag)
{
  return *(gboolean *) flag;
}

static void
test_series_is_turned_in_the_window (AppTown       *town,
                                     gconstpointer  data)
{
  ClientShare *share = alice_shows (town);
  ClientShowable *series = new_series (town);
  GtkWidget *page = app_find_of_type (WINDOW (town), "VitrineConversationPage");
  gboolean is_switched = FALSE;

  client_share_switch_async (share, series, NULL, on_switched, &is_switched);
  app_wait_until (is_true, &is_switched);
  client_showable_free (series);
  app_await_label (WINDOW (town), "Picture 1 of 2");
  gtk_widget_activate_action (page, "conversation.next", NULL);
  app_await_label (WINDOW (town), "Picture 2 of 2");
  gtk_widget_activate_action (page, "conversation.previous", NULL);
  app_await_label (WINDOW (town), "Picture 1 of 2");

  gtk_widget_activate_action (app_find_of_type (WINDOW (town), "VitrineSeriesBar"), "series.timer",
                              "s", "3");
  g_assert_cmpuint (client_share_get_timer (share), ==, 3);
  app_await_label (WINDOW (town), "Picture 2 of 2");
}

static const char *
volume_icon (GtkMenuButton *button)
{
  return gtk_image_get_icon_name (GTK_IMAGE (app_find_of_type (GTK_WIDGET (button), "GtkImage")));
}

static void
test_viewer_sets_the_volume (AppTown       *town,
                             gconstpointer  data)
{
  GtkMenuButton *button;
  GtkWidget *mute;
  gboolean handled;

  emily_shows (town);
  button = open_menu (town, "Sound");
  g_assert_cmpstr (volume_icon (button), ==, "audio-volume-high-symbolic");
  g_signal_emit_by_name (app_await_named (WINDOW (town), GTK_TYPE_SCALE, "Volume"), "change-value",
                         GTK_SCROLL_JUMP, 0.25, &handled);
  g_assert_cmpstr (volume_icon (button), ==, "audio-volume-low-symbolic");
  mute = app_await_named (WINDOW (town), GTK_TYPE_TOGGLE_BUTTON, "Mute");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (mute), TRUE);
  g_assert_cmpstr (volume_icon (button), ==, "audio-volume-muted-symbolic");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (mute), FALSE);
  g_assert_cmpstr (volume_icon (button), ==, "audio-volume-low-symbolic");
  close_menu (button);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (AppTown *, gconstpointer); } tests[] = {
    { "/together/sharer-reacts-and-points", test_sharer_reacts_and_points },
    { "/together/viewer-reacts-and-points", test_viewer_reacts_and_points },
    { "/together/viewer-is-seen-by-the-sharer", test_viewer_is_seen_by_the_sharer },
    { "/together/sharer-is-seen-by-the-viewer", test_sharer_is_seen_by_the_viewer },
    { "/together/dropped-picture-is-shown", test_dropped_picture_is_shown },
    { "/together/dropped-nonsense-is-explained", test_dropped_nonsense_is_explained },
    { "/together/pasted-picture-is-offered", test_pasted_picture_is_offered },
    { "/together/sharer-allows-snapshots", test_sharer_allows_snapshots },
    { "/together/small-window-goes-with-the-share", test_small_window_goes_with_the_share },
    { "/together/small-window-is-together", test_small_window_is_together },
    { "/together/series-is-turned-in-the-window", test_series_is_turned_in_the_window },
    { "/together/viewer-sets-the-volume", test_viewer_sets_the_volume },
  };

  app_town_init (&argc, &argv);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, AppTown, NULL, app_town_set_up, tests[i].test, app_town_tear_down);

  return g_test_run ();
}
