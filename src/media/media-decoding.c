/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-decoding"

#include "config.h"

#include "media-decoding.h"

#include "media-album.h"
#include "media-card.h"
#include "media-descriptor-source.h"
#include "media-error.h"
#include "media-rtsp-url.h"

#include <gio/gio.h>
#include <gst/pbutils/pbutils.h>

#define RTSP_LATENCY_MS 200
#define RTSP_SILENCE_US (5 * G_USEC_PER_SEC)

struct _MediaDecoding
{
  GObject parent_instance;

  MediaDecodingKind kind;
  char *name;
  char *url;
  int file;
  int cover;
  MediaCanvas canvas;
  MediaDecodingFuncs funcs;
  gpointer user_data;

  /* The decoder's threads, one after the other. */
  gboolean has_video;
  gboolean has_audio;

  /* The thread of the music's sound. */
  MediaCard *card;
  int64_t drawn_second;

  int n_frames; /* atomic */

  GMutex lock; /* guards what follows */
  GstSample *last;
  gboolean is_distrusted; /* the camera's certificate is not valid */
  char *missing; /* what it is in that cannot be decoded here, in words (nullable) */
};

G_DEFINE_FINAL_TYPE (MediaDecoding, media_decoding, G_TYPE_OBJECT)

static gboolean
is_live (MediaDecoding *self)
{
  return self->kind == MEDIA_DECODING_RTSP;
}

static int64_t
sample_position_us (GstSample *sample)
{
  uint64_t time = gst_segment_to_stream_time (gst_sample_get_segment (sample), GST_FORMAT_TIME,
                                              GST_BUFFER_PTS (gst_sample_get_buffer (sample)));

  return GST_CLOCK_TIME_IS_VALID (time) ? (int64_t) (time / GST_USECOND) : -1;
}

/* --- the picture ---------------------------------------------------------- */

static void
give_video (MediaDecoding *self,
            GstSample     *sample,
            GstClockTime   due)
{
  g_atomic_int_inc (&self->n_frames);
  self->funcs.video (gst_sample_get_buffer (sample), due, sample_position_us (sample),
                     self->user_data);
}

static GstFlowReturn
on_video_preroll (GstAppSink *sink,
                  gpointer    user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_preroll (sink, 0);

  if (sample != NULL)
    give_video (user_data, sample, GST_CLOCK_TIME_NONE);

  return GST_FLOW_OK;
}

static GstFlowReturn
on_video_sample (GstAppSink *sink,
                 gpointer    user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);

  if (sample != NULL)
    give_video (user_data, sample, media_source_sample_time (sink, sample));

  return GST_FLOW_OK;
}

/* A sink that waits for its first frame in PAUSED says nothing on the bus when the stream ends
 * before it; and a live stream never ends of its own will. */
static void
on_video_eos (GstAppSink *sink,
              gpointer    user_data)
{
  MediaDecoding *self = user_data;
  g_autoptr (GError) error = NULL;

  if (is_live (self))
    error = g_error_new_literal (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
                                 "The stream has ended");
  else if (!g_atomic_int_get (&self->n_frames))
    error = g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
                                 "It ends before the first picture");

  if (error != NULL)
    self->funcs.failed (error, self->user_data);
}

/* --- the sound, and the card of music ------------------------------------- */

static void
make_card (MediaDecoding *self,
           GstAppSink    *sink)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (GST_ELEMENT (sink), "sink");
  g_autoptr (MediaAlbum) album = media_album_new (pad);
  g_autoptr (GError) error = NULL;
  int cover = media_album_get_cover (album, self->cover);
  MediaCardWords words = { album->title != NULL ? album->title : self->name, album->artist,
                           album->album };

  self->funcs.words (album->title, album->artist, album->album, self->user_data);
  self->card = media_card_new (&self->canvas, &words, cover, &error);
  if (self->card == NULL)
    self->funcs.failed (error, self->user_data);
}

/* The bar moves with the sound: it stands when that is paused, and jumps with it. */
static void
show_card (MediaDecoding *self,
           GstAppSink    *sink,
           int64_t        position_us)
{
  g_autoptr (GstBuffer) frame = NULL;
  int64_t duration = 0;

  if (self->card == NULL)
    make_card (self, sink);
  if (self->card == NULL || position_us < 0 || position_us / G_USEC_PER_SEC == self->drawn_second)
    return;

  self->drawn_second = position_us / G_USEC_PER_SEC;
  gst_element_query_duration (GST_ELEMENT (sink), GST_FORMAT_TIME, &duration);
  frame = media_card_draw (self->card, position_us, duration / (int64_t) GST_USECOND);
  self->funcs.video (frame, GST_CLOCK_TIME_NONE, position_us, self->user_data);
}

static GstFlowReturn
on_music_preroll (GstAppSink *sink,
                  gpointer    user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_preroll (sink, 0);

  if (sample != NULL)
    show_card (user_data, sink, sample_position_us (sample));

  return GST_FLOW_OK;
}

static GstFlowReturn
on_audio_sample (GstAppSink *sink,
                 gpointer    user_data)
{
  MediaDecoding *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);
  int64_t position_us;

  if (sample == NULL)
    return GST_FLOW_OK;

  position_us = sample_position_us (sample);
  if (self->kind == MEDIA_DECODING_MUSIC)
    show_card (self, sink, position_us);
  self->funcs.audio (gst_sample_get_buffer (sample), media_source_sample_time (sink, sample),
                     position_us, self->user_data);

  return GST_FLOW_OK;
}

static void
on_music_eos (GstAppSink *sink,
              gpointer    user_data)
{
  MediaDecoding *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->card != NULL)
    return;

  error = g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
                               "It ends before the first sound");
  self->funcs.failed (error, self->user_data);
}

/* --- the branches --------------------------------------------------------- */

static GstPadProbeReturn
remember_frame (GstPad          *pad,
                GstPadProbeInfo *info,
                gpointer         user_data)
{
  MediaDecoding *self = user_data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GstSample) sample = gst_sample_new (GST_PAD_PROBE_INFO_BUFFER (info), caps, NULL,
                                                 NULL);
  g_autoptr (GstSample) old = NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  old = g_steal_pointer (&self->last);
  self->last = g_steal_pointer (&sample);

  return GST_PAD_PROBE_OK;
}

static void
listen_to_sinks (MediaDecoding *self,
                 GstElement    *bin)
{
  GstAppSinkCallbacks video_callbacks = { .eos = on_video_eos, .new_sample = on_video_sample };
  GstAppSinkCallbacks audio_callbacks = { .new_sample = on_audio_sample };
  g_autoptr (GstAppSink) video = media_source_get_sink (bin, "video");
  g_autoptr (GstAppSink) audio = media_source_get_sink (bin, "audio");
  g_autoptr (GstElement) fit = gst_bin_get_by_name (GST_BIN (bin), "fit");

  if (!is_live (self))
    video_callbacks.new_preroll = on_video_preroll;
  if (self->kind == MEDIA_DECODING_MUSIC)
    {
      audio_callbacks.new_preroll = on_music_preroll;
      audio_callbacks.eos = on_music_eos;
    }

  if (video != NULL)
    gst_app_sink_set_callbacks (video, &video_callbacks, g_object_ref (self), g_object_unref);
  if (audio != NULL)
    gst_app_sink_set_callbacks (audio, &audio_callbacks, g_object_ref (self), g_object_unref);
  if (fit != NULL)
    {
      g_autoptr (GstPad) raw = gst_element_get_static_pad (fit, "sink");

      gst_pad_add_probe (raw, GST_PAD_PROBE_TYPE_BUFFER, remember_frame, g_object_ref (self),
                         g_object_unref);
    }
}

static void
add_branch (MediaDecoding *self,
            GstElement    *decoder,
            GstPad        *pad,
            const char    *description)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstObject) pipeline = gst_element_get_parent (decoder);
  GstElement *bin = gst_parse_bin_from_description (description, TRUE, &error);
  g_autoptr (GstPad) sink = NULL;

  if (bin == NULL || pipeline == NULL)
    {
      if (bin == NULL)
        self->funcs.failed (error, self->user_data);
      return;
    }

  listen_to_sinks (self, bin);
  gst_bin_add (GST_BIN (pipeline), bin);
  sink = gst_element_get_static_pad (bin, "sink");
  gst_pad_link (pad, sink);
  gst_element_sync_state_with_parent (bin);
}

/* A film with many more frames than the stage shows: drop them before they are scaled. (transfer
 * full) */
static char *
rate_step (GstCaps           *caps,
           const MediaCanvas *canvas)
{
  GstStructure *structure = gst_caps_get_structure (caps, 0);
  int n = 0, d = 1;

  if (gst_structure_get_fraction (structure, "framerate", &n, &d) && d > 0 &&
      n / d > canvas->fps + canvas->fps / 4)
    return g_strdup_printf ("videorate drop-only=true max-rate=%d ! ", canvas->fps);

  return g_strdup ("");
}

static char *
describe_video (MediaDecoding *self,
                GstCaps       *caps)
{
  g_autofree char *tail = media_source_video_tail (&self->canvas, is_live (self));
  g_autofree char *rate = rate_step (caps, &self->canvas);

  /* Of a camera the newest frame only; a telephone held upright says so in a tag. */
  return g_strdup_printf (
    "%s%svideoflip name=turn video-direction=auto ! %s",
    is_live (self) ? "queue leaky=downstream max-size-buffers=2 max-size-bytes=0 max-size-time=0 ! "
                   : "",
    rate, tail);
}

/* Of several streams of a kind the first is taken. */
static void
on_pad_added (GstElement    *decoder,
              GstPad        *pad,
              MediaDecoding *self)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const char *kind = caps != NULL ? gst_structure_get_name (gst_caps_get_structure (caps, 0)) : "";

  if (g_str_equal (kind, "video/x-raw") && !self->has_video && self->kind != MEDIA_DECODING_MUSIC)
    {
      g_autofree char *description = describe_video (self, caps);

      self->has_video = TRUE;
      add_branch (self, decoder, pad, description);
    }
  else if (g_str_equal (kind, "audio/x-raw") && !self->has_audio)
    {
      g_autofree char *tail = media_source_audio_tail (is_live (self));
      g_autofree char *description = g_strdup_printf ("queue ! %s", tail);

      self->has_audio = TRUE;
      self->funcs.has_audio (self->user_data);
      add_branch (self, decoder, pad, description);
    }
}

/* Nothing here decodes it. That a film has no sound then is no reason not to show it. */
static void
on_unknown_type (GstElement    *decoder,
                 GstPad        *pad,
                 GstCaps       *caps,
                 MediaDecoding *self)
{
  const char *kind = gst_structure_get_name (gst_caps_get_structure (caps, 0));
  g_autoptr (GMutexLocker) locker = NULL;

  if (!g_str_has_prefix (kind, self->kind == MEDIA_DECODING_MUSIC ? "audio/" : "video/"))
    return;

  locker = g_mutex_locker_new (&self->lock);
  if (self->missing == NULL)
    self->missing = gst_pb_utils_get_codec_description (caps);
}

/* %NULL when it is not that. (transfer full) (nullable) */
static GError *
explain_missing (MediaDecoding *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->missing == NULL)
    return NULL;

  return g_error_new (MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                      is_live (self)
                        ? "The camera at %s sends %s, which this computer cannot decode."
                        : "“%s” is in %s, which this computer cannot decode.",
                      self->name, self->missing);
}

static void
on_no_more_pads (GstElement    *decoder,
                 MediaDecoding *self)
{
  g_autoptr (GError) error = NULL;

  if (self->kind == MEDIA_DECODING_MUSIC ? self->has_audio : self->has_video)
    return;

  error = explain_missing (self);
  if (error != NULL)
    {
      self->funcs.failed (error, self->user_data);
      return;
    }

  error = g_error_new (MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                       self->kind == MEDIA_DECODING_MUSIC
                         ? "“%s” has no sound in it that this system can play."
                         : "“%s” has no moving picture in it that this system can show.",
                       self->name);
  self->funcs.failed (error, self->user_data);
}

static GstElement *
build_file (MediaDecoding  *self,
            GError        **error)
{
  GstElement *decoder = media_source_parse ("decodebin", error);
  GstElement *file;
  GstElement *pipeline;

  if (decoder == NULL)
    return NULL;

  file = media_descriptor_source_new (self->file);
  pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  gst_bin_add_many (GST_BIN (pipeline), file, decoder, NULL);
  gst_object_unref (decoder);
  gst_element_link (file, decoder);
  g_signal_connect_object (decoder, "pad-added", G_CALLBACK (on_pad_added), self, 0);
  g_signal_connect_object (decoder, "no-more-pads", G_CALLBACK (on_no_more_pads), self, 0);
  g_signal_connect_object (decoder, "unknown-type", G_CALLBACK (on_unknown_type), self, 0);

  return pipeline;
}

/* --- a network camera ----------------------------------------------------- */

/* Of what it offers one picture and one sound, and nothing else (some tell what moves in the
 * picture). */
static gboolean
on_select_stream (GstElement    *camera,
                  unsigned       number,
                  GstCaps       *caps,
                  MediaDecoding *self)
{
  const char *media = gst_structure_get_string (gst_caps_get_structure (caps, 0), "media");

  return g_strcmp0 (media, "video") == 0 || g_strcmp0 (media, "audio") == 0;
}

/* The camera at home has signed for itself: what it sends is encrypted all the same. One that is
 * far away has to prove who it is, before it is told a password. */
static gboolean
on_accept_certificate (GstElement           *camera,
                       GTlsConnection       *connection,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  flaws,
                       MediaDecoding        *self)
{
  g_autoptr (MediaRtspUrl) url = media_rtsp_url_parse (self->url, NULL);
  gboolean is_near = url != NULL && media_rtsp_url_is_near (url);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->is_distrusted = !is_near;

  return is_near;
}

static GError *
explain_distrust (MediaDecoding *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!self->is_distrusted)
    return NULL;

  return g_error_new (
    MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED,
    "The camera at %s does not prove that it is the one: its certificate is not valid.",
    self->name);
}

GError *
media_decoding_explain (MediaDecoding *self,
                        const GError  *gst_error)
{
  GError *error;

  g_return_val_if_fail (MEDIA_IS_DECODING (self), NULL);

  error = explain_distrust (self);
  if (error == NULL
      && (g_error_matches (gst_error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN)
          || g_error_matches (gst_error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND)))
    error = explain_missing (self);

  return error != NULL ? error : g_error_copy (gst_error);
}

static void
on_rtp_pad (GstElement    *camera,
            GstPad        *pad,
            MediaDecoding *self)
{
  g_autoptr (GstObject) pipeline = gst_element_get_parent (camera);
  GstElement *decoder = gst_element_factory_make ("decodebin", NULL);
  g_autoptr (GstPad) sink = NULL;

  if (pipeline == NULL || decoder == NULL)
    {
      g_clear_object (&decoder);
      return;
    }

  g_signal_connect_object (decoder, "pad-added", G_CALLBACK (on_pad_added), self, 0);
  g_signal_connect_object (decoder, "unknown-type", G_CALLBACK (on_unknown_type), self, 0);
  gst_bin_add (GST_BIN (pipeline), decoder);
  sink = gst_element_get_static_pad (decoder, "sink");
  gst_pad_link (pad, sink);
  gst_element_sync_state_with_parent (decoder);
}

static GstElement *
build_rtsp (MediaDecoding  *self,
            GError        **error)
{
  g_autoptr (MediaRtspUrl) url = media_rtsp_url_parse (self->url, error);
  /* Of a single element it makes no pipeline. */
  GstElement *camera = url != NULL
                         ? media_source_parse ("rtspsrc protocols=tcp drop-on-latency=true", error)
                         : NULL;
  GstElement *pipeline;

  if (camera == NULL)
    return NULL;

  pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  gst_bin_add (GST_BIN (pipeline), camera);
  gst_object_unref (camera);
  g_object_set (camera,
                "location", url->location,
                "user-id", url->user,
                "user-pw", url->password,
                "latency", RTSP_LATENCY_MS,
                "tcp-timeout", (uint64_t) RTSP_SILENCE_US,
                NULL);
  g_signal_connect_object (camera, "accept-certificate", G_CALLBACK (on_accept_certificate), self,
                           0);
  g_signal_connect_object (camera, "select-stream", G_CALLBACK (on_select_stream), self, 0);
  g_signal_connect_object (camera, "pad-added", G_CALLBACK (on_rtp_pad), self, 0);

  return pipeline;
}

GstElement *
media_decoding_build (MediaDecoding  *self,
                      GError        **error)
{
  g_return_val_if_fail (MEDIA_IS_DECODING (self), NULL);

  return is_live (self) ? build_rtsp (self, error) : build_file (self, error);
}

GstSample *
media_decoding_ref_last (MediaDecoding *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MEDIA_IS_DECODING (self), NULL);

  locker = g_mutex_locker_new (&self->lock);

  return self->last != NULL ? gst_sample_ref (self->last) : NULL;
}

static void
media_decoding_finalize (GObject *object)
{
  MediaDecoding *self = MEDIA_DECODING (object);

  g_free (self->name);
  g_free (self->url);
  g_clear_pointer (&self->card, media_card_free);
  g_clear_pointer (&self->last, gst_sample_unref);
  g_free (self->missing);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (media_decoding_parent_class)->finalize (object);
}

static void
media_decoding_class_init (MediaDecodingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = media_decoding_finalize;
}

static void
media_decoding_init (MediaDecoding *self)
{
  g_mutex_init (&self->lock);
  self->drawn_second = -1;
}

MediaDecoding *
media_decoding_new (MediaDecodingKind         kind,
                    const MediaDecodingInput *input,
                    const MediaCanvas        *canvas,
                    const MediaDecodingFuncs *funcs,
                    gpointer                  user_data)
{
  MediaDecoding *self;

  g_return_val_if_fail (input != NULL && input->name != NULL && canvas != NULL && funcs != NULL,
                        NULL);

  self = g_object_new (MEDIA_TYPE_DECODING, NULL);
  self->kind = kind;
  self->name = g_strdup (input->name);
  self->url = g_strdup (input->url);
  self->file = input->file;
  self->cover = input->cover;
  self->canvas = *canvas;
  self->funcs = *funcs;
  self->user_data = user_data;

  return self;
}
