/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-stage"

#include "config.h"

#include "app-town.h"
#include "vitrine-canvas.h"
#include "vitrine-play-bar.h"
#include "vitrine-reactions.h"
#include "vitrine-series-bar.h"
#include "vitrine-stage-foot.h"

#include <glib/gstdio.h>

#define WINDOW(town) GTK_WIDGET ((town)->window)

/* A window around one widget. */
static GtkWidget *
show_alone (GtkWidget *widget)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 640, 360);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);

  return window;
}

static char *
write_picture (int width,
               int height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  char *path = g_build_filename (g_get_tmp_dir (), "vitrine-test-still-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_close (g_mkstemp (path), NULL), ==, TRUE);
  gdk_pixbuf_fill (pixbuf, 0xff0000ff);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);

  return path;
}

static gboolean
has_still (gpointer canvas)
{
  return vitrine_canvas_has_still (canvas);
}

/* What the canvas draws, as soon as it has drawn it. */
typedef struct
{
  GtkWidget *canvas;
  GskRenderNode *node;
} Drawing;

static gboolean
is_drawn (gpointer user_data)
{
  Drawing *drawing = user_data;
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (drawing->canvas);
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (drawing->canvas),
                          gtk_widget_get_height (drawing->canvas));
  drawing->node = gtk_snapshot_free_to_node (snapshot);

  return drawing->node != NULL;
}

/* The colour of what is in the middle and beside it. */
static void
check_drawn (GtkWidget *canvas)
{
  Drawing drawing = { canvas, NULL };
  int width = gtk_widget_get_width (canvas), height = gtk_widget_get_height (canvas);
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree uint32_t *pixels = NULL;
  const uint32_t *row;

  app_wait_until (is_drawn, &drawing);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (canvas)),
                                         drawing.node, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gsk_render_node_unref (drawing.node);
  pixels = g_new (uint32_t, (size_t) width * height);
  gdk_texture_download (texture, (unsigned char *) pixels, width * 4);
  row = pixels + (size_t) (height / 2) * width;
  g_assert_cmphex (row[width / 2], ==, 0xffff0000);

  /* A high picture stands between bars, as in the video. */
  g_assert_cmphex (row[width / 5], ==, 0xff000000);
}

static void
test_still_stands_over_the_video (AppTown       *town,
                                  gconstpointer  data)
{
  GtkWidget *canvas = g_object_new (VITRINE_TYPE_CANVAS, NULL);
  GtkWidget *window = show_alone (canvas);
  g_autofree char *path = write_picture (300, 600);

  vitrine_canvas_set_still (VITRINE_CANVAS (canvas), path);
  app_wait_until (has_still, canvas);
  check_drawn (canvas);

  vitrine_canvas_set_still (VITRINE_CANVAS (canvas), NULL);
  g_assert_false (vitrine_canvas_has_still (VITRINE_CANVAS (canvas)));

  g_unlink (path);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_dot_has_a_name_and_a_place (AppTown       *town,
                                 gconstpointer  data)
{
  GtkWidget *canvas = g_object_new (VITRINE_TYPE_CANVAS, NULL);
  GtkWidget *window = show_alone (canvas);
  graphene_rect_t area, bounds;
  GtkWidget *label;

  vitrine_canvas_point (VITRINE_CANVAS (canvas), "emily@a.test", "Emily", 0.25, 0.5);
  label = app_await_label (canvas, "Emily");
  gtk_test_widget_wait_for_draw (window);
  vitrine_canvas_get_area (VITRINE_CANVAS (canvas), &area);
  g_assert_true (gtk_widget_compute_bounds (label, canvas, &bounds));
  g_assert_cmpfloat_with_epsilon (bounds.origin.x + bounds.size.width / 2,
                                  area.origin.x + area.size.width / 4, 2);
  g_assert_cmpfloat (bounds.origin.y, >=, area.origin.y + area.size.height / 2);

  vitrine_canvas_point (VITRINE_CANVAS (canvas), "emily@a.test", "Emily", -1, -1);
  g_assert_null (app_find_label (canvas, "Emily"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
count (unsigned *n)
{
  (*n)++;
}

static void
keep_unsigned (GtkWidget *widget,
               unsigned   value,
               unsigned  *kept)
{
  *kept = value;
}

static void
test_series_goes_on_and_back (AppTown       *town,
                              gconstpointer  data)
{
  GtkWidget *bar = g_object_new (VITRINE_TYPE_SERIES_BAR, NULL);
  GtkWidget *window = show_alone (bar);
  unsigned n_next = 0, n_previous = 0, seconds = 99;

  g_signal_connect_swapped (bar, "next", G_CALLBACK (count), &n_next);
  g_signal_connect_swapped (bar, "previous", G_CALLBACK (count), &n_previous);
  g_signal_connect (bar, "timer", G_CALLBACK (keep_unsigned), &seconds);

  vitrine_series_bar_set_page (VITRINE_SERIES_BAR (bar), 3, 12);
  app_await_label (bar, "Picture 3 of 12");
  app_press (bar, "Next Picture");
  app_press (bar, "Next Picture");
  app_press (bar, "Previous Picture");
  g_assert_cmpuint (n_next, ==, 2);
  g_assert_cmpuint (n_previous, ==, 1);

  gtk_widget_activate_action (bar, "series.timer", "s", "10");
  g_assert_cmpuint (seconds, ==, 10);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
keep_boolean (GtkWidget *widget,
              gboolean   value,
              int       *kept)
{
  *kept = value;
}

static void
keep_position (GtkWidget *widget,
               int64_t    value,
               int64_t   *kept)
{
  *kept = value;
}

static gboolean
is_sought (gpointer position)
{
  return *(int64_t *) position >= 0;
}

static void
test_film_is_paused_and_moved (AppTown       *town,
                               gconstpointer  data)
{
  GtkWidget *bar = g_object_new (VITRINE_TYPE_PLAY_BAR, NULL);
  GtkWidget *window = show_alone (bar);
  GtkWidget *scale;
  gboolean handled;
  int playing = -1;
  int64_t position = -1;

  g_signal_connect (bar, "play", G_CALLBACK (keep_boolean), &playing);
  g_signal_connect (bar, "seek", G_CALLBACK (keep_position), &position);
  vitrine_play_bar_set_in_control (VITRINE_PLAY_BAR (bar), TRUE);
  vitrine_play_bar_set_progress (VITRINE_PLAY_BAR (bar), FALSE, 65 * G_USEC_PER_SEC,
                                 130 * G_USEC_PER_SEC);
  app_await_label (bar, "1:05");
  app_await_label (bar, "2:10");

  app_press (bar, "Play");
  g_assert_cmpint (playing, ==, TRUE);
  vitrine_play_bar_set_progress (VITRINE_PLAY_BAR (bar), TRUE, 65 * G_USEC_PER_SEC,
                                 130 * G_USEC_PER_SEC);
  app_press (bar, "Pause");
  g_assert_cmpint (playing, ==, FALSE);

  scale = app_await_named (bar, GTK_TYPE_SCALE, "Position");
  g_signal_emit_by_name (scale, "change-value", GTK_SCROLL_JUMP, 30.0, &handled);
  app_wait_until (is_sought, &position);
  g_assert_cmpint (position, ==, 30 * G_USEC_PER_SEC);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Who only watches sees how far it is, and cannot move it for the others. */
/* At the end there is nothing to pause: the same button begins anew. */
static void
test_film_begins_anew (AppTown       *town,
                       gconstpointer  data)
{
  GtkWidget *bar = g_object_new (VITRINE_TYPE_PLAY_BAR, NULL);
  GtkWidget *window = show_alone (bar);
  int64_t position_us = -1;

  g_signal_connect (bar, "seek", G_CALLBACK (keep_position), &position_us);
  vitrine_play_bar_set_in_control (VITRINE_PLAY_BAR (bar), TRUE);
  vitrine_play_bar_set_progress (VITRINE_PLAY_BAR (bar), TRUE, 130 * G_USEC_PER_SEC - 1000,
                                 130 * G_USEC_PER_SEC);
  app_press (bar, "Play");
  g_assert_cmpint (position_us, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Beside the signs above the bar lies the picture, and there somebody may be pointing. */
static void
test_foot_leaves_presses_to_what_is_below (AppTown       *town,
                                           gconstpointer  data)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *below = g_object_new (VITRINE_TYPE_CANVAS, NULL);
  GtkWidget *foot = g_object_new (VITRINE_TYPE_STAGE_FOOT, "valign", GTK_ALIGN_END, NULL);
  GtkWidget *sign = gtk_button_new_with_label ("Let Emily Show");
  GtkWidget *window;
  graphene_point_t middle;

  gtk_widget_set_halign (sign, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (foot), sign);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), below);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), foot);
  window = show_alone (overlay);

  g_assert_true (gtk_widget_compute_point (
    sign, overlay,
    &GRAPHENE_POINT_INIT (gtk_widget_get_width (sign) / 2.0f, gtk_widget_get_height (sign) / 2.0f),
    &middle));
  g_assert_true (
    gtk_widget_is_ancestor (gtk_widget_pick (overlay, middle.x, middle.y, GTK_PICK_DEFAULT), sign));
  g_assert_true (gtk_widget_is_ancestor (
    gtk_widget_pick (overlay, middle.x / 4, middle.y, GTK_PICK_DEFAULT), below));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_viewer_only_looks (AppTown       *town,
                        gconstpointer  data)
{
  GtkWidget *bar = g_object_new (VITRINE_TYPE_PLAY_BAR, NULL);
  GtkWidget *window = show_alone (bar);

  vitrine_play_bar_set_in_control (VITRINE_PLAY_BAR (bar), FALSE);
  vitrine_play_bar_set_heading (VITRINE_PLAY_BAR (bar), "Extreme Tuxracer – Options");
  vitrine_play_bar_set_progress (VITRINE_PLAY_BAR (bar), FALSE, 65 * G_USEC_PER_SEC,
                                 130 * G_USEC_PER_SEC);
  app_await_label (bar, "Extreme Tuxracer – Options");
  g_assert_null (app_find_named (bar, GTK_TYPE_BUTTON, "Play"));
  g_assert_false (gtk_widget_is_sensitive (app_await_named (bar, GTK_TYPE_SCALE, "Position")));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_gone (gpointer widget)
{
  return app_find_label (widget, "Emily") == NULL;
}

static void
test_reaction_has_a_name_and_goes (AppTown       *town,
                                   gconstpointer  data)
{
  GtkWidget *reactions = g_object_new (VITRINE_TYPE_REACTIONS, NULL);
  GtkWidget *window = show_alone (reactions);

  vitrine_reactions_add (VITRINE_REACTIONS (reactions), "👏", "Emily");
  app_await_label (reactions, "👏");
  app_await_label (reactions, "Emily");
  app_wait_until (is_gone, reactions);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Emily shows her camera to Alice, who has said yes. (transfer full) */
static char *
alice_watches (AppTown *town)
{
  char *id;

  app_town_open_window (town);
  id = app_town_emily_shows (town, "camera");
  app_press (WINDOW (town), "Accept");
  app_await_label (WINDOW (town), "Emily is showing you: Live camera");

  return id;
}

static void
test_own_reaction_is_seen (AppTown       *town,
                           gconstpointer  data)
{
  g_autofree char *id = alice_watches (town);

  app_press (WINDOW (town), "React");
  app_press (WINDOW (town), "Applause");
  app_await_label (app_await_named (WINDOW (town), VITRINE_TYPE_REACTIONS, "Reactions"), "👏");
}

/* What the others say, as the client tells of it. */
static void
test_emily_points_and_claps (AppTown       *town,
                             gconstpointer  data)
{
  g_autofree char *id = alice_watches (town);
  ClientShare *share = client_find_share (town->alice, id);
  GtkWidget *canvas = app_await_named (WINDOW (town), VITRINE_TYPE_CANVAS, "What is shown");

  g_assert_true (gtk_widget_get_focusable (canvas));
  g_signal_emit_by_name (share, "pointer", "emily@a.test", 0.5, 0.25, (int64_t) -1);
  app_await_label (canvas, "Emily");
  g_signal_emit_by_name (share, "pointer", "emily@a.test", -1.0, -1.0, (int64_t) -1);
  app_await_no_label (canvas, "Emily");

  g_signal_emit_by_name (share, "reaction", "emily@a.test", "🎉");
  app_await_label (WINDOW (town), "🎉");
}

static void
test_network_camera_has_an_address (AppTown       *town,
                                    gconstpointer  data)
{
  GtkWidget *button;

  app_town_open_window (town);
  gtk_widget_activate_action (gtk_window_get_focus (GTK_WINDOW (town->window)), "conversation.show",
                              NULL);
  button = app_await_named (WINDOW (town), GTK_TYPE_BUTTON, "A network camera…");
  g_assert_true (
    gtk_widget_is_sensitive (app_await_named (WINDOW (town), GTK_TYPE_BUTTON, "Music…")));
  g_signal_emit_by_name (button, "clicked");
  gtk_editable_set_text (
    GTK_EDITABLE (app_await_named (WINDOW (town), GTK_TYPE_ENTRY, "Address of the Camera")),
    "camera in the garden");
  app_press (WINDOW (town), "Show the Camera");
  app_await_label (WINDOW (town), "begins with rtsp://");

  /* GTK 4.8 looks for the pointer in a popover whose window has gone. */
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER)));
}

static gboolean
shows_original (gpointer share)
{
  return client_share_get_still (share) != NULL;
}

static gboolean
shows_only_video (gpointer share)
{
  return client_share_get_still (share) == NULL;
}

/* The sharer has the picture already; and it may not cover the camera in the corner. */
static void
test_sharer_sees_the_original (AppTown       *town,
                               gconstpointer  data)
{
  g_autofree char *path = write_picture (300, 600);
  g_autoptr (ClientShowable) what = client_showable_new (CPM_CONTENT_PICTURE, path, NULL);
  g_autofree char *id = NULL;
  ClientShare *share;
  GtkWidget *canvas;

  app_town_open_window (town);
  id = app_town_alice_shows (town, CPM_CONTENT_CAMERA);
  share = client_find_share (town->alice, id);
  g_assert_cmpstr (person_ask (town->emily, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (id, "")),
                   ==, "ack");
  canvas = app_await_named (WINDOW (town), VITRINE_TYPE_CANVAS, "What is shown");
  app_wait_until (client_share_is_camera_open, share);
  client_share_switch_async (share, what, NULL, NULL, NULL);
  app_wait_until (shows_original, share);
  g_assert_cmpstr (client_share_get_still (share), ==, path);
  app_wait_until (has_still, canvas);

  gtk_widget_activate_action (canvas, "stage.presenter", NULL);
  app_wait_until (shows_only_video, share);
  app_press (WINDOW (town), "Stop");
  g_unlink (path);
}

static gboolean
is_off (gpointer share)
{
  return !client_share_get_microphone (share);
}

static void
test_microphone_is_turned_off (AppTown       *town,
                               gconstpointer  data)
{
  g_autofree char *id = NULL;
  GtkWidget *button;

  app_town_open_window (town);
  id = app_town_alice_shows (town, CPM_CONTENT_CAMERA);
  button = app_await_named (WINDOW (town), GTK_TYPE_TOGGLE_BUTTON, "Microphone");
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  app_wait_until (is_off, client_find_share (town->alice, id));
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (AppTown *, gconstpointer); } tests[] = {
    { "/stage/still-stands-over-the-video", test_still_stands_over_the_video },
    { "/stage/dot-has-a-name-and-a-place", test_dot_has_a_name_and_a_place },
    { "/stage/series-goes-on-and-back", test_series_goes_on_and_back },
    { "/stage/film-is-paused-and-moved", test_film_is_paused_and_moved },
    { "/stage/film-begins-anew", test_film_begins_anew },
    { "/stage/foot-leaves-presses-to-what-is-below", test_foot_leaves_presses_to_what_is_below },
    { "/stage/viewer-only-looks", test_viewer_only_looks },
    { "/stage/reaction-has-a-name-and-goes", test_reaction_has_a_name_and_goes },
    { "/stage/own-reaction-is-seen", test_own_reaction_is_seen },
    { "/stage/emily-points-and-claps", test_emily_points_and_claps },
    { "/stage/network-camera-has-an-address", test_network_camera_has_an_address },
    { "/stage/microphone-is-turned-off", test_microphone_is_turned_off },
    { "/stage/sharer-sees-the-original", test_sharer_sees_the_original },
  };

  app_town_init (&argc, &argv);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, AppTown, NULL, app_town_set_up, tests[i].test, app_town_tear_down);

  return g_test_run ();
}
