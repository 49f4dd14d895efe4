/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-screen"

#include "config.h"

#include "media-source-private.h"

#include "media-computer-sound.h"
#include "media-x11.h"

/* A desktop sends a frame when something has changed, which may be never. The last one is repeated
 * after this, so that a screen that rests is told from one that is gone. */
#define KEEPALIVE_MS 200

struct _MediaSourceScreen
{
  MediaSource parent_instance;

  MediaScreen *screen;
  gboolean with_sound;
  MediaComputerSound *computer; /* (nullable); worker only, like the next */
  gboolean has_told;            /* that it is all the loudspeaker plays */

  /* Set by the worker before the stream runs, then of the streaming thread. */
  MediaX11 *x11;
  GstElement *words; /* borrowed from the pipeline */
  gboolean is_hidden;
  int64_t interval_us; /* between two frames of the canvas */
  int64_t taken_us;    /* monotonic: when the last frame was let through */
};

#define MEDIA_TYPE_SOURCE_SCREEN (media_source_screen_get_type ())
G_DECLARE_FINAL_TYPE (MediaSourceScreen, media_source_screen, MEDIA, SOURCE_SCREEN, MediaSource)

G_DEFINE_FINAL_TYPE (MediaSourceScreen, media_source_screen, MEDIA_TYPE_SOURCE)

static GError *
make_closed_error (MediaSourceScreen *self)
{
  const char *name = media_screen_get_name (self->screen);

  if (media_screen_is_x11 (self->screen) && name != NULL)
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_LOST, "The window “%s” was closed.", name);
  if (media_screen_is_x11 (self->screen) && media_screen_get_window (self->screen) != 0)
    return g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_LOST, "The window was closed.");

  return g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_LOST,
                              "The desktop has stopped to show the screen.");
}

/* Before every frame of a window: ximagesrc takes one that is not there for the whole screen, and
 * of one that is minimised it repeats old pictures. */
static GstPadProbeReturn
look_at_window (GstPad          *pad,
                GstPadProbeInfo *info,
                gpointer         user_data)
{
  MediaSourceScreen *self = user_data;
  MediaX11Window window = media_x11_look_at (self->x11, media_screen_get_window (self->screen));
  gboolean is_hidden = window == MEDIA_X11_WINDOW_HIDDEN;

  if (window == MEDIA_X11_WINDOW_GONE)
    {
      g_autoptr (GError) error = make_closed_error (self);

      media_source_fail (MEDIA_SOURCE (self), error);
      return GST_PAD_PROBE_DROP;
    }

  if (is_hidden != self->is_hidden)
    {
      self->is_hidden = is_hidden;
      g_object_set (self->words, "text", is_hidden ? "This window is minimised." : "", NULL);
    }

  return GST_PAD_PROBE_OK;
}

/* A desktop may run at 144 frames a second, and converting them costs. When the last of a burst is
 * dropped here, it comes again after the keepalive. (videorate aborts on streams that name no
 * rate.) */
static GstPadProbeReturn
limit_rate (GstPad          *pad,
            GstPadProbeInfo *info,
            gpointer         user_data)
{
  MediaSourceScreen *self = user_data;
  int64_t now_us = g_get_monotonic_time ();

  if (now_us - self->taken_us < self->interval_us * 3 / 4)
    return GST_PAD_PROBE_DROP;

  self->taken_us = now_us;

  return GST_PAD_PROBE_OK;
}

static GstElement *
build_stream (MediaSourceScreen  *self,
              const MediaCanvas  *canvas,
              GError            **error)
{
  g_autofree char *tail = media_source_video_tail (canvas, TRUE);
  /* The newest frame only. */
  g_autofree char *description = g_strdup_printf (
    "pipewiresrc name=screen fd=%d path=%u do-timestamp=true always-copy=true keepalive-time=%d !"
    " video/x-raw"
    " ! queue leaky=downstream max-size-buffers=1 max-size-bytes=0 max-size-time=0 ! %s",
    media_screen_get_fd (self->screen), media_screen_get_node (self->screen), KEEPALIVE_MS, tail);
  GstElement *pipeline = media_source_parse (description, error);
  g_autoptr (GstElement) capture = NULL;
  g_autoptr (GstPad) pad = NULL;

  if (pipeline == NULL)
    return NULL;

  self->interval_us = G_USEC_PER_SEC / canvas->fps;
  self->taken_us = 0;
  capture = gst_bin_get_by_name (GST_BIN (pipeline), "screen");
  pad = gst_element_get_static_pad (capture, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, limit_rate, self, NULL);

  return pipeline;
}

static GstElement *
build_x11 (MediaSourceScreen  *self,
           const MediaCanvas  *canvas,
           GError            **error)
{
  g_autofree char *tail = media_source_video_tail (canvas, TRUE);
  const char *display = media_screen_get_display (self->screen);
  g_autofree char *escaped = display != NULL ? g_strescape (display, NULL) : NULL;
  uint64_t window = media_screen_get_window (self->screen);
  g_autofree char *named = display != NULL ? g_strdup_printf ("display-name=\"%s\"", escaped)
                                           : g_strdup ("");
  /* It opens its display when it is linked: which one and what of it has to be known by then. */
  g_autofree char *description =
    g_strdup_printf ("ximagesrc name=screen %s xid=%" G_GUINT64_FORMAT
                     " use-damage=false show-pointer=true remote=true ! video/x-raw,framerate=%d/1"
                     " ! queue leaky=downstream max-size-buffers=1 max-size-bytes=0 max-size-time=0"
                     " ! textoverlay name=words valignment=center shaded-background=true ! %s",
                     named, window, canvas->fps, tail);
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) capture = NULL;
  g_autoptr (GstElement) words = NULL;
  g_autoptr (GstPad) pad = NULL;

  g_clear_pointer (&self->x11, media_x11_close);
  self->x11 = media_x11_open (display, error);
  if (self->x11 == NULL)
    return NULL;

  if (window != 0 && media_x11_look_at (self->x11, window) == MEDIA_X11_WINDOW_GONE)
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                           "The window is not there any more.");
      return NULL;
    }

  pipeline = media_source_parse (description, error);
  if (pipeline == NULL)
    return NULL;

  capture = gst_bin_get_by_name (GST_BIN (pipeline), "screen");
  words = gst_bin_get_by_name (GST_BIN (pipeline), "words");
  self->words = words;
  self->is_hidden = FALSE;
  if (window != 0)
    {
      pad = gst_element_get_static_pad (capture, "src");
      gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, look_at_window, self, NULL);
    }

  return g_steal_pointer (&pipeline);
}

static GstElement *
media_source_screen_build (MediaSource        *source,
                           const MediaCanvas  *canvas,
                           GError            **error)
{
  MediaSourceScreen *self = MEDIA_SOURCE_SCREEN (source);

  if (media_screen_has_ended (self->screen))
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                           "The desktop does not show this screen any more.");
      return NULL;
    }

  return media_screen_is_x11 (self->screen) ? build_x11 (self, canvas, error)
                                            : build_stream (self, canvas, error);
}

/* With what we play ourselves in it. */
static GstElement *
build_monitor (void)
{
  g_autofree char *tail = media_source_audio_tail (TRUE);
  g_autofree char *pulse =
    g_strdup_printf ("pulsesrc device=@DEFAULT_MONITOR@ provide-clock=false ! queue ! %s", tail);
  g_autofree char *pipewire = g_strdup_printf (
    "pipewiresrc stream-properties=\"properties,stream.capture.sink=true\" do-timestamp=true"
    " ! audio/x-raw ! queue ! %s",
    tail);
  GstElement *sound = media_source_parse (pulse, NULL);

  return sound != NULL ? sound : media_source_parse (pipewire, NULL);
}

static GstElement *
media_source_screen_build_sound (MediaSource *source)
{
  MediaSourceScreen *self = MEDIA_SOURCE_SCREEN (source);
  g_autofree char *tail = media_source_audio_tail (TRUE);
  g_autofree char *description = g_strdup_printf (
    "appsrc name=computer is-live=true format=time max-bytes=0 max-buffers=0 max-time=1000000000"
    " leaky-type=downstream"
    " caps=" MEDIA_COMPUTER_SOUND_CAPS " ! %s",
    tail);
  g_autoptr (GstElement) sound = NULL;
  g_autoptr (GstElement) computer = NULL;

  if (!self->with_sound)
    return NULL;

  sound = media_source_parse (description, NULL);
  if (sound == NULL)
    return NULL;

  computer = gst_bin_get_by_name (GST_BIN (sound), "computer");
  self->computer = media_computer_sound_new (GST_APP_SRC (computer));
  if (self->computer != NULL)
    return g_steal_pointer (&sound);

  if (!self->has_told)
    g_message (
      "The sound of the computer cannot be had without what Vitrine plays: there is no PipeWire to"
      " ask");
  self->has_told = TRUE;

  return build_monitor ();
}

static void
media_source_screen_close_sound (MediaSource *source)
{
  g_clear_pointer (&MEDIA_SOURCE_SCREEN (source)->computer, media_computer_sound_free);
}

static GError *
media_source_screen_explain (MediaSource  *source,
                             const GError *gst_error)
{
  if (g_error_matches (gst_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_TIMEOUT,
                                "The desktop sends no picture of the screen.");

  if (g_error_matches (gst_error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_LOST,
                                "The desktop sends no more pictures of the screen.");

  return g_error_new (MEDIA_ERROR, MEDIA_ERROR_LOST, "The screen cannot be shown any more: %s",
                      gst_error->message);
}

static void
on_ended (MediaScreen       *screen,
          MediaSourceScreen *self)
{
  g_autoptr (GError) error = make_closed_error (self);

  if (media_source_get_feed (MEDIA_SOURCE (self)) != NULL)
    media_source_fail (MEDIA_SOURCE (self), error);
}

static void
media_source_screen_finalize (GObject *object)
{
  MediaSourceScreen *self = MEDIA_SOURCE_SCREEN (object);

  media_x11_close (self->x11);
  g_object_unref (self->screen);

  G_OBJECT_CLASS (media_source_screen_parent_class)->finalize (object);
}

static void
media_source_screen_class_init (MediaSourceScreenClass *klass)
{
  MediaSourceClass *source_class = MEDIA_SOURCE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = media_source_screen_finalize;
  source_class->is_live = TRUE;
  source_class->likely = (MediaCanvas) { 1920, 1080, 30 };
  source_class->build = media_source_screen_build;
  source_class->build_sound = media_source_screen_build_sound;
  source_class->close_sound = media_source_screen_close_sound;
  source_class->explain = media_source_screen_explain;
}

static void
media_source_screen_init (MediaSourceScreen *self)
{
}

MediaSource *
media_source_screen_new (MediaScreen *what,
                         gboolean     with_sound)
{
  MediaSourceScreen *self;

  g_return_val_if_fail (MEDIA_IS_SCREEN (what), NULL);

  self = g_object_new (MEDIA_TYPE_SOURCE_SCREEN, NULL);
  self->screen = g_object_ref (what);
  self->with_sound = with_sound;
  g_signal_connect_object (what, "ended", G_CALLBACK (on_ended), self, 0);

  return MEDIA_SOURCE (self);
}
