/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One viewer for the benches in Python, in a process and with a clock of its own (--ppm: how much
 * too fast that runs). Prints when it shows which frame ("v COUNTER NS"; with --colours also what
 * is in its middle, "f Y U V NS") and which phase the tone has that it gives to the sound device
 * for when ("a RADIANS NS"), by the machine's true clock. With --stock it is what there is without
 * Vitrine. */

#include "config.h"

#include "media-clock-probe.h"
#include "media-frame-stamp.h"
#include "media-init.h"
#include "media-viewer.h"

#include <gst/audio/audio.h>
#include <gst/base/gstbasesink.h>
#include <gst/video/video.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

static char *user = "v0";
static char *token = "token";
static char *clock_host = "127.0.0.1";
static int clock_port;
static double tone_hz;
static double seconds;
static double ppm;
static char *stock;
static int latency_ms = 400;
static gboolean with_colours;
static char **urls;

static const GOptionEntry entries[] = {
  { "user", 0, 0, G_OPTION_ARG_STRING, &user, "Who watches", "NAME" },
  { "token", 0, 0, G_OPTION_ARG_STRING, &token, "By which word", "TOKEN" },
  { "clock-host", 0, 0, G_OPTION_ARG_STRING, &clock_host, "Whom to ask for the time", "ADDRESS" },
  { "clock", 0, 0, G_OPTION_ARG_INT, &clock_port, "Whom to ask for the time", "PORT" },
  { "tone", 0, 0, G_OPTION_ARG_DOUBLE, &tone_hz, "The tone whose phase is wanted", "HZ" },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds,
    "How long it watches; until it is ended if not given", "S" },
  { "ppm", 0, 0, G_OPTION_ARG_DOUBLE, &ppm, "How much too fast its clock runs", "PPM" },
  { "stock", 0, 0, G_OPTION_ARG_STRING, &stock,
    "The stock player, by tcp (encrypted) or udp (in the clear, what is lost is asked for again)",
    "WAY" },
  { "latency", 0, 0, G_OPTION_ARG_INT, &latency_ms, "Of the stock player", "MS" },
  { "colours", 0, 0, G_OPTION_ARG_NONE, &with_colours, "Tell what is in the middle of each frame",
    NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &urls, NULL, "URL" },
  { NULL }
};

static int64_t true_start_ns;
static double skew;

static int64_t
get_true_ns (void)
{
  struct timespec now;

  syscall (SYS_clock_gettime, CLOCK_MONOTONIC, &now);

  return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Stands before the C library's for all that is in this process. */
int clock_gettime (clockid_t        id,
                   struct timespec *now);

int
clock_gettime (clockid_t        id,
               struct timespec *now)
{
  int result = (int) syscall (SYS_clock_gettime, id, now);
  int64_t ns;

  if (id != CLOCK_MONOTONIC || skew == 0)
    return result;

  ns = now->tv_sec * NS_PER_S + now->tv_nsec;
  ns += (int64_t) ((double) (ns - true_start_ns) * skew);
  now->tv_sec = ns / NS_PER_S;
  now->tv_nsec = ns % NS_PER_S;

  return result;
}

static int64_t
to_true (int64_t local_ns)
{
  return true_start_ns + (int64_t) ((double) (local_ns - true_start_ns) / (1 + skew));
}

/* --- A device for sound, which autoaudiosink likes best --- */

typedef struct
{
  GstBaseSink parent;
} BenchSpeaker;

typedef struct
{
  GstBaseSinkClass parent_class;
} BenchSpeakerClass;

GType bench_speaker_get_type (void);
G_DEFINE_TYPE (BenchSpeaker, bench_speaker, GST_TYPE_BASE_SINK)

static GstFlowReturn
render (GstBaseSink *sink,
        GstBuffer   *buffer)
{
  int64_t local_ns = GST_BUFFER_PTS (buffer) + gst_element_get_base_time (GST_ELEMENT (sink));
  double re = 0, im = 0;
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  for (size_t i = 0; i < map.size / (2 * sizeof (float)); i++)
    {
      double angle = 2 * G_PI * tone_hz * (double) i / 48000;

      re += ((const float *) map.data)[2 * i] * cos (angle);
      im -= ((const float *) map.data)[2 * i] * sin (angle);
    }
  gst_buffer_unmap (buffer, &map);
  if (hypot (re, im) > 10)
    printf ("a %.6f %" G_GINT64_FORMAT "\n", atan2 (im, re), to_true (local_ns));

  return GST_FLOW_OK;
}

static void
bench_speaker_class_init (BenchSpeakerClass *klass)
{
  g_autoptr (GstCaps) caps =
    gst_caps_from_string ("audio/x-raw,format=F32LE,layout=interleaved,rate=48000,channels=2");

  gst_element_class_add_pad_template (
    GST_ELEMENT_CLASS (klass), gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass), "Bench", "Sink/Audio",
                                         "Writes down", "Vitrine");
  GST_BASE_SINK_CLASS (klass)->render = render;
}

static void
bench_speaker_init (BenchSpeaker *self)
{
}

/* --- Pictures --- */

/* Y, U and V in the middle. */
static void
say_colour (GstVideoFrame *frame,
            int64_t        now_ns)
{
  int values[3];

  for (int i = 0; i < 3; i++)
    {
      const uint8_t *data = GST_VIDEO_FRAME_COMP_DATA (frame, i);

      values[i] =
        data[GST_VIDEO_FRAME_COMP_STRIDE (frame, i) * (GST_VIDEO_FRAME_COMP_HEIGHT (frame, i) / 2) +
             GST_VIDEO_FRAME_COMP_WIDTH (frame, i) / 2];
    }
  printf ("f %d %d %d %" G_GINT64_FORMAT "\n", values[0], values[1], values[2], now_ns);
}

static void
on_shown (GstElement *sink,
          GstBuffer  *buffer,
          GstPad     *pad,
          gpointer    user_data)
{
  int64_t now_ns = get_true_ns ();
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstVideoFrame frame;
  GstVideoInfo info;
  uint32_t counter;

  if (!gst_video_info_from_caps (&info, caps) ||
      !gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ))
    return;
  if (media_frame_stamp_read (&frame, &counter, NULL))
    printf ("v %u %" G_GINT64_FORMAT "\n", counter, now_ns);
  else if (with_colours && GST_VIDEO_INFO_IS_YUV (&info) && GST_VIDEO_INFO_N_PLANES (&info) == 3)
    say_colour (&frame, now_ns);
  gst_video_frame_unmap (&frame);
}

static gboolean
trust (GTlsCertificate      *certificate,
       GTlsCertificateFlags  flags,
       gpointer              user_data)
{
  return TRUE;
}

/* What there is without Vitrine. What came damaged is not shown by it either. */
static void
start_stock (const char *url)
{
  gboolean is_udp = g_str_equal (stock, "udp");
  g_autofree char *way =
    is_udp
      ? g_strdup ("protocols=udp do-retransmission=true")
      : g_strdup_printf (
          "protocols=tcp tls-validation-flags=0 ntp-sync=true buffer-mode=synced user-id=%s"
          " user-pw=%s",
          user, token);
  g_autofree char *line = g_strdup_printf (
    "rtspsrc location=%s %s latency=%d ! rtph264depay wait-for-keyframe=true request-keyframe=true "
    "! avdec_h264 output-corrupt=false thread-type=slice ! videoconvert ! fakesink name=sink"
    " sync=true "
    "processing-deadline=0 signal-handoffs=true",
    url, way, latency_ms);
  GstElement *pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");

  g_signal_connect (sink, "handoff", G_CALLBACK (on_shown), NULL);
  if (!is_udp)
    gst_pipeline_set_latency (GST_PIPELINE (pipeline), (latency_ms + 100) * GST_MSECOND);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
}

static void
start_viewer (const char *url,
              MediaClock *clock)
{
  g_autoptr (MediaEndpoint) endpoint = media_endpoint_new (url, user, token, MEDIA_CODEC_H264, NULL,
                                                           trust, NULL, NULL);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  MediaViewer *viewer = media_viewer_new (endpoint, sink, TRUE);

  g_object_set (sink, "signal-handoffs", TRUE, "enable-last-sample", FALSE, NULL);
  g_signal_connect (sink, "handoff", G_CALLBACK (on_shown), NULL);
  media_viewer_set_clock (viewer, clock);
  media_viewer_start (viewer, NULL);
}

static gboolean
on_over (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (MediaClock) clock = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || urls == NULL)
    {
      fprintf (stderr, "bench-viewer: %s\n", error != NULL ? error->message : "no URL");
      return 2;
    }

  true_start_ns = get_true_ns ();
  skew = ppm / 1e6;
  setvbuf (stdout, NULL, _IOLBF, 0);
  if (!media_init (NULL))
    return 1;
  gst_element_register (NULL, "benchspeaker", GST_RANK_PRIMARY + 100, bench_speaker_get_type ());
  clock = media_clock_new ();
  if (stock != NULL)
    {
      start_stock (urls[0]);
    }
  else
    {
      media_clock_probe_new (clock, clock_host, (uint16_t) clock_port);
      start_viewer (urls[0], clock);
    }

  loop = g_main_loop_new (NULL, FALSE);
  if (seconds > 0)
    g_timeout_add ((unsigned) (seconds * 1000), on_over, loop);
  g_main_loop_run (loop);
  fflush (stdout);
  _exit (0); /* what was measured is written: how it ends is the tests' */
}
