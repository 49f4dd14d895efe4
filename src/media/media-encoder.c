/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-encoder"

#include "config.h"

#include "media-encoder.h"

#include <gst/video/video.h>

#define AUDIO_BITS_PER_S 128000
#define CAREFUL_PIXELS_PER_PROCESSOR (16 * 1000 * 1000)
#define TRIAL_LIMIT_NS (2 * GST_SECOND)

/* What the elements agree on is set in one place, by the names that their properties have. */
typedef struct
{
  const char *factory;
  /* with its properties; %d: the frames between key frames, %s: the speed */
  const char *launch;
  const char *bitrate;         /* the name of the property ... */
  unsigned bitrate_unit;       /* ... and how many bit/s one of it is */
  gboolean is_hardware;
} Encoder;

/* Baseline: what every viewer decodes, browsers among them; in these presets the other profiles
 * would gain nothing. */
#define H264_CAPS "video/x-h264,stream-format=byte-stream,alignment=au,profile=constrained-baseline"

/* rtspclientsink cannot choose between the VP8 profiles that vp8enc offers. */
#define VP8_CAPS "video/x-vp8,profile=(string)0"

static const Encoder h264_encoders[] = {
  { "vah264lpenc", "vah264lpenc key-int-max=%d b-frames=0 rate-control=cbr", "bitrate", 1000,
    TRUE },
  { "vah264enc", "vah264enc key-int-max=%d b-frames=0 rate-control=cbr", "bitrate", 1000, TRUE },
  { "nvh264enc", "nvh264enc gop-size=%d bframes=0 zerolatency=true rc-mode=cbr", "bitrate", 1000,
    TRUE },
  { "x264enc",
    "x264enc tune=zerolatency speed-preset=%s key-int-max=%d bframes=0 vbv-buf-capacity=300"
    " b-adapt=false", "bitrate", 1000, FALSE },
  { "openh264enc",
    "openh264enc gop-size=%d rate-control=bitrate complexity=low slice-mode=n-slices", "bitrate", 1,
    FALSE },
};

/* One thread: two of them wait for each other by turning round and round, and where other programs
 * want the processor, too, a frame then takes twenty times as long. */
static const Encoder vp8_encoders[] = {
  { "vp8enc",
    "vp8enc deadline=1 cpu-used=%s threads=1 end-usage=cbr lag-in-frames=0 buffer-size=300"
    " buffer-initial-size=150 " "buffer-optimal-size=200 keyframe-max-dist=%d",
    "target-bitrate", 1, FALSE },
};

static gboolean
is_installed (const char *name)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);

  return factory != NULL;
}

static const MediaCanvas trial_canvas = { 320, 240, 30 };

/* Hardware encoders are registered by what the driver says; whether a frame comes out is another
 * matter. */
static gboolean
try_encoder (const char *launch)
{
  g_autofree char *text = g_strdup_printf (
    "videotestsrc num-buffers=3 ! video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1 "
    "! videoconvert ! %s ! fakesink sync=false",
    trial_canvas.width, trial_canvas.height, trial_canvas.fps, launch);
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, NULL);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  if (pipeline == NULL)
    return FALSE;

  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, TRIAL_LIMIT_NS, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
}

/* Two cores have an app, a decoder and a compositor to run as well; and what is slower takes twice
 * as long for a picture (18 ms of a core for a million pixels). */
static const char *
encoder_speed (const Encoder     *encoder,
               const MediaCanvas *canvas)
{
  unsigned n = g_get_num_processors ();
  gboolean is_small = n < 4 ||
                      media_canvas_get_pixel_rate (canvas) / (int) n > CAREFUL_PIXELS_PER_PROCESSOR;

  if (g_str_equal (encoder->factory, "vp8enc"))
    return is_small ? "16" : "8";

  return is_small ? "ultrafast" : "veryfast";
}

static char *
encoder_launch (const Encoder     *encoder,
                const MediaCanvas *canvas)
{
  g_autofree char *distance = g_strdup_printf ("%d", canvas->fps);
  g_autoptr (GString) launch = g_string_new (encoder->launch);

  g_string_replace (launch, "%s", encoder_speed (encoder, canvas), 1);
  g_string_replace (launch, "%d", distance, 1);

  return g_string_free (g_steal_pointer (&launch), FALSE);
}

static gboolean
works (const Encoder *encoder)
{
  static GMutex lock;
  static GHashTable *tried; /* factory -> whether it works; what the machine has does not change */
  g_autoptr (GMutexLocker) locker = NULL;
  gpointer result;

  if (!is_installed (encoder->factory))
    return FALSE;
  if (!encoder->is_hardware)
    return TRUE;

  locker = g_mutex_locker_new (&lock);
  if (tried == NULL)
    tried = g_hash_table_new (g_str_hash, g_str_equal);
  if (!g_hash_table_lookup_extended (tried, encoder->factory, NULL, &result))
    {
      g_autofree char *launch = encoder_launch (encoder, &trial_canvas);

      result = GINT_TO_POINTER (try_encoder (launch));
      g_debug ("%s: %s", encoder->factory, result != NULL ? "works" : "does not work");
      g_hash_table_insert (tried, (gpointer) encoder->factory, result);
    }

  return result != NULL;
}

static const Encoder *
choose (MediaCodec codec)
{
  const Encoder *encoders = codec == MEDIA_CODEC_H264 ? h264_encoders : vp8_encoders;
  size_t n = codec == MEDIA_CODEC_H264 ? G_N_ELEMENTS (h264_encoders) : G_N_ELEMENTS (vp8_encoders);

  for (size_t i = 0; i < n; i++)
    {
      if (works (&encoders[i]))
        return &encoders[i];
    }

  return NULL;
}

static GstElement *
parse_bin (const char  *launch,
           GError     **error)
{
  g_autoptr (GError) local_error = NULL;
  GstElement *bin = gst_parse_bin_from_description (launch, TRUE, &local_error);

  if (bin == NULL)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                 "A part of GStreamer that Vitrine needs is missing: %s", local_error->message);

  return bin;
}

GstElement *
media_encoder_new_video (MediaCodec          codec,
                         const MediaCanvas  *canvas,
                         unsigned            bits_per_s,
                         GError            **error)
{
  const Encoder *encoder = choose (codec);
  g_autofree char *element = NULL;
  g_autofree char *launch = NULL;
  GstElement *bin;

  if (encoder == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                   "This system has no encoder for %s video",
                   codec == MEDIA_CODEC_H264 ? "H.264" : "VP8");
      return NULL;
    }

  element = encoder_launch (encoder, canvas);
  launch = g_strdup_printf (
    "videoscale ! capsfilter name=size ! videoconvert ! %s name=encoder ! capsfilter caps=\"%s\"",
    element, codec == MEDIA_CODEC_H264 ? H264_CAPS : VP8_CAPS);
  bin = parse_bin (launch, error);
  if (bin == NULL)
    return NULL;

  g_object_set_data (G_OBJECT (bin), "vitrine-encoder", (gpointer) encoder);
  media_encoder_set_bitrate (bin, bits_per_s);

  return bin;
}

GstElement *
media_encoder_new_audio (GError **error)
{
  g_autofree char *launch = NULL;

  launch = g_strdup_printf ("audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=2 "
                            "! opusenc name=encoder bitrate=%d frame-size=10", AUDIO_BITS_PER_S);

  return parse_bin (launch, error);
}

void
media_encoder_set_bitrate (GstElement *encoder,
                           unsigned    bits_per_s)
{
  const Encoder *kind = g_object_get_data (G_OBJECT (encoder), "vitrine-encoder");
  g_autoptr (GstElement) element = gst_bin_get_by_name (GST_BIN (encoder), "encoder");
  g_autofree char *value = NULL;

  g_return_if_fail (kind != NULL && element != NULL);

  value = g_strdup_printf ("%u", MAX (1, bits_per_s / kind->bitrate_unit));
  gst_util_set_object_arg (G_OBJECT (element), kind->bitrate, value);
}

void
media_encoder_set_size (GstElement *encoder,
                        int         width,
                        int         height)
{
  g_autoptr (GstElement) size = gst_bin_get_by_name (GST_BIN (encoder), "size");
  g_autoptr (GstCaps) caps = NULL;

  g_return_if_fail (size != NULL);

  caps = gst_caps_new_simple ("video/x-raw", "width", G_TYPE_INT, width, "height", G_TYPE_INT,
                              height, NULL);
  g_object_set (size, "caps", caps, NULL);
}

void
media_encoder_request_keyframe (GstElement *encoder)
{
  g_autoptr (GstElement) element = gst_bin_get_by_name (GST_BIN (encoder), "encoder");
  g_autoptr (GstPad) pad = NULL;

  g_return_if_fail (element != NULL);

  pad = gst_element_get_static_pad (element, "src");
  gst_pad_send_event (pad,
                      gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
}
