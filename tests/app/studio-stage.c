/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "screenshots"

#include "config.h"

#include "studio.h"

#include "vitrine-canvas.h"
#include "vitrine-seat.h"

#include "client-share-internal.h"

#include <glib/gstdio.h>
#include <libintl.h>

#define WINDOW(studio) GTK_WIDGET ((studio)->town.window)

/* A file beside the picture. (transfer full) */
static char *
find_beside (Studio     *studio,
             const char *name)
{
  g_autofree char *folder = g_path_get_dirname (studio->picture);

  return g_build_filename (folder, name, NULL);
}

/* What a viewer sees comes from a relay, and there is none here: a still in place of the video.
 * (transfer full) */
static GstElement *
give_picture (ClientShare *share,
              const char  *path)
{
  GstElement *pipeline = gst_parse_launch (
    "filesrc name=file ! jpegdec ! videoconvert ! videoscale add-borders=1 "
    "! video/x-raw,width=1280,height=720,pixel-aspect-ratio=1/1 ! videoconvert name=last",
    NULL);
  g_autoptr (GstElement) file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_autoptr (GstElement) last = gst_bin_get_by_name (GST_BIN (pipeline), "last");
  GstElement *sink = vitrine_video_paintable_get_sink (vitrine_seat_of (share)->paintable);

  g_object_set (file, "location", path, NULL);
  gst_bin_add (GST_BIN (pipeline), sink);
  gst_element_link (last, sink);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  studio_settle ();

  return pipeline;
}

static void
take_picture_away (GstElement  *pipeline,
                   ClientShare *share)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (pipeline),
                  vitrine_video_paintable_get_sink (vitrine_seat_of (share)->paintable));
  gst_object_unref (pipeline);
}

/* As if the relay had said it. */
static void
take (ClientShare    *share,
      CpmMessageType  type,
      const char     *json)
{
  g_autoptr (CpmMessage) message = cpm_message_new (type, NULL, NULL,
                                                    share_body (client_share_get_id (share), json));

  client_share_take_seen (share, message);
}

/* A popover is a surface of its own, so it is drawn alone. */
static void
shoot_popover (Studio     *studio,
               const char *button,
               const char *name)
{
  GtkWidget *widget = app_await_named (WINDOW (studio), GTK_TYPE_MENU_BUTTON, button);
  GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget));

  gtk_menu_button_popup (GTK_MENU_BUTTON (widget));
  studio_settle ();
  studio_shoot (studio, GTK_WIDGET (popover), name);
  gtk_popover_popdown (popover);
  studio_settle ();
}

static char *
emily_shows (Studio     *studio,
             const char *content)
{
  char *id = cpm_clock_new_id (CPM_CLOCK (studio->town.home->clock));
  g_autofree char *more = g_strdup_printf ("\"viewers\":[\"alice@a.test\"],\"content\":%s",
                                           content);

  person_ask (studio->town.emily, CPM_MESSAGE_SHARE_INVITE, NULL, share_body (id, more));
  studio_settle ();

  return id;
}

static void
stop (Studio *studio)
{
  app_press (WINDOW (studio), gettext ("Stop"));
  studio_settle ();
}

static GtkWidget *
find_canvas (Studio *studio)
{
  return app_await_named (WINDOW (studio), VITRINE_TYPE_CANVAS, gettext ("What is shown"));
}

/* Alice watches Emily's camera; both point, and there is applause. */
static void
shoot_viewer (Studio *studio)
{
  g_autofree char *id = emily_shows (studio, "{\"kind\":\"camera\",\"audio\":true}");
  ClientShare *share = client_find_share (studio->town.alice, id);
  g_autofree char *other = find_beside (studio, "blue-ball-gown.jpg");
  GtkWidget *canvas, *small;
  GstElement *video;

  app_press (WINDOW (studio), gettext ("Accept"));
  video = give_picture (share, studio->picture);
  canvas = find_canvas (studio);
  studio_shoot (studio, WINDOW (studio), "viewer");

  g_signal_emit_by_name (share, "pointer", "emily@a.test", 0.56, 0.84, (int64_t) -1);
  vitrine_canvas_point (VITRINE_CANVAS (canvas), "", gettext ("You"), 0.43, 0.3);
  g_signal_emit_by_name (share, "reaction", "emily@a.test", "❤️");
  g_signal_emit_by_name (share, "reaction", "alice@a.test", "👏");
  studio_settle ();
  studio_shoot (studio, WINDOW (studio), "viewer-points");
  client_share_set_hindrance (share, "network");
  studio_shoot (studio, WINDOW (studio), "viewer-slow");
  shoot_popover (studio, gettext ("React"), "reactions");
  shoot_popover (studio, gettext ("Sound"), "sound");
  shoot_popover (studio, gettext ("More"), "viewer-more");
  shoot_popover (studio, gettext ("Ask for a Photograph"), "ask-photo");
  vitrine_canvas_set_still (VITRINE_CANVAS (canvas), other);
  studio_shoot (studio, WINDOW (studio), "viewer-still");

  gtk_widget_activate_action (canvas, "stage.float", NULL);
  small = app_await_window ("VitrineFloatWindow");
  studio_shoot (studio, small, "small-window");
  gtk_window_close (GTK_WINDOW (small));
  gtk_widget_activate_action (canvas, "win.fullscreen", NULL);
  studio_settle ();
  studio_shoot (studio, WINDOW (studio), "full-screen");
  gtk_widget_activate_action (canvas, "win.fullscreen", NULL);
  studio_settle ();
  take_picture_away (video, share);
  stop (studio);
}

static void
shoot_listener (Studio *studio)
{
  g_autofree char *id =
    emily_shows (studio, "{\"kind\":\"music\",\"audio\":true,\"title\":\"evening.ogg\"}");
  ClientShare *share = client_find_share (studio->town.alice, id);
  GstElement *video;

  app_press (WINDOW (studio), gettext ("Accept"));
  video = give_picture (share, studio->picture);
  take (share, CPM_MESSAGE_SHARE_PROGRESS,
        "\"n\":1,\"playing\":true,\"position_ms\":65000,\"duration_ms\":190000");
  studio_shoot (studio, WINDOW (studio), "viewer-music");
  take_picture_away (video, share);
  stop (studio);
}

static gboolean
is_shown (gpointer share)
{
  return client_share_get_state (share) == CPM_SESSION_ACTIVE &&
         g_object_get_data (share, "switched") != NULL;
}

static void
on_switched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!client_share_finish (CLIENT_SHARE (source), result, &error))
    g_message ("%s", error->message);

  g_object_set_data (source, "switched", GINT_TO_POINTER (TRUE));
}

static void
switch_to (Studio         *studio,
           ClientShare    *share,
           ClientShowable *what)
{
  g_object_set_data (G_OBJECT (share), "switched", NULL);
  client_share_switch_async (share, what, NULL, on_switched, NULL);
  app_wait_until (is_shown, share);
  studio_settle ();
  client_showable_free (what);
}

/* A song with its cover beside it. (transfer full) */
static char *
make_music (const char *folder,
            const char *cover)
{
  char *path = g_build_filename (folder, "evening.ogg", NULL);
  g_autofree char *description = g_strdup_printf (
    "audiotestsrc num-buffers=6000 samplesperbuffer=1024 volume=0 !"
    " audio/x-raw,rate=32000,channels=1 ! taginject tags=\"title=\\\"Evening in the Old Town\\\","
    "artist=\\\"The Neighbours\\\",album=\\\"House Music\\\"\" ! vorbisenc ! oggmux ! filesink"
    " location=%s",
    path);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GFile) from = g_file_new_for_path (cover);
  g_autofree char *to_path = g_build_filename (folder, "cover.jpg", NULL);
  g_autoptr (GFile) to = g_file_new_for_path (to_path);

  g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_message_unref (
    gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return path;
}

static ClientShowable *
new_series (Studio *studio)
{
  static const char *const names[] = { "golden-mermaid.jpg", "blue-ball-gown.jpg",
                                       "green-cocktail.jpg" };
  char *paths[G_N_ELEMENTS (names) + 1] = { NULL };
  ClientShowable *what;

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    paths[i] = find_beside (studio, names[i]);

  what = client_showable_new_pictures ((const char * const *) paths, 10);
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (paths[i]);

  return what;
}

/* Alice shows one thing after the other. */
static void
shoot_sharer (Studio *studio)
{
  g_autofree char *id = app_town_alice_shows (&studio->town, CPM_CONTENT_CAMERA);
  ClientShare *share = client_find_share (studio->town.alice, id);
  g_autofree char *film = find_beside (studio, "show.mp4");
  g_autofree char *folder = g_dir_make_tmp ("vitrine-shot-XXXXXX", NULL);
  g_autofree char *music = make_music (folder, studio->picture);
  g_autoptr (GError) gone = g_error_new_literal (CPM_ERROR, CPM_ERROR_NOT_FOUND,
                                                 "The camera was unplugged.");
  GtkWidget *chooser;

  person_ask (studio->town.emily, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (id, ""));
  studio_settle ();
  switch_to (studio, share, new_series (studio));
  studio_shoot (studio, WINDOW (studio), "sharer-series");
  switch_to (studio, share, client_showable_new (CPM_CONTENT_FILE, film, NULL));
  studio_settle ();
  studio_settle ();
  studio_shoot (studio, WINDOW (studio), "sharer-film");
  gtk_widget_activate_action (find_canvas (studio), "stage.presenter", NULL);
  studio_settle ();
  studio_settle ();
  studio_settle ();
  studio_shoot (studio, WINDOW (studio), "sharer-presenter");
  shoot_popover (studio, gettext ("More"), "sharer-more");
  switch_to (studio, share, client_showable_new (CPM_CONTENT_MUSIC, music, NULL));
  studio_settle ();
  studio_shoot (studio, WINDOW (studio), "sharer-music");

  take (share, CPM_MESSAGE_SHARE_PACE,
        "\"viewers\":4,\"spread_us\":3200,\"delay_ms\":120,\"kbits\":1500,\"renditions\":2,"
        "\"slow\":[{\"who\":\"emily@a.test\",\"hindrance\":\"network\"}]");
  g_signal_emit_by_name (share, "turn-requested", "emily@a.test");
  studio_shoot (studio, WINDOW (studio), "sharer-slow-and-asked");
  g_signal_emit_by_name (share, "content-gone", gone);
  app_press (WINDOW (studio), gettext ("Not Now"));
  studio_shoot (studio, WINDOW (studio), "sharer-badge");
  shoot_popover (studio, gettext ("Show Something Else"), "chooser-else");

  chooser = app_await_named (WINDOW (studio), GTK_TYPE_MENU_BUTTON,
                             gettext ("Show Something Else"));
  gtk_menu_button_popup (GTK_MENU_BUTTON (chooser));
  app_press (WINDOW (studio), gettext ("A network camera…"));
  studio_settle ();
  studio_shoot (studio, GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (chooser))),
                "chooser-address");
  gtk_menu_button_popdown (GTK_MENU_BUTTON (chooser));
  studio_settle ();
  stop (studio);
  app_remove_folder (folder);
}

void
studio_shoot_stage (Studio *self)
{
  if (self->picture == NULL)
    return;

  shoot_viewer (self);
  shoot_listener (self);
  shoot_sharer (self);
}
