/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One viewer of bench_spread.py, in a process and with a clock of its own (BENCH_PPM: how much too fast that runs). Prints when it shows which frame
 * ("v COUNTER NS") and which phase the tone has that it gives to the sound device for when ("a RADIANS NS"), by the machine's true clock. */

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

static double tone_hz;

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
  g_autoptr (GstCaps) caps = gst_caps_from_string ("audio/x-raw,format=F32LE,layout=interleaved,rate=48000,channels=2");

  gst_element_class_add_pad_template (GST_ELEMENT_CLASS (klass),
                                      gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass), "Bench", "Sink/Audio", "Writes down", "Vitrine");
  GST_BASE_SINK_CLASS (klass)->render = render;
}

static void
bench_speaker_init (BenchSpeaker *self)
{
}

/* --- Pictures --- */

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

  if (!gst_video_info_from_caps (&info, caps) || !gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ))
    return;
  if (media_frame_stamp_read (&frame, &counter, NULL))
    printf ("v %u %" G_GINT64_FORMAT "\n", counter, now_ns);
  gst_video_frame_unmap (&frame);
}

static gboolean
trust (GTlsCertificate      *certificate,
       GTlsCertificateFlags  flags,
       gpointer              user_data)
{
  return TRUE;
}

/* What there is without Vitrine. */
static GstElement *
start_stock (const char *url,
             const char *user)
{
  g_autofree char *line
    = g_strdup_printf ("rtspsrc location=%s user-id=%s user-pw=token tls-validation-flags=0 protocols=tcp latency=400 ntp-sync=true "
                       "buffer-mode=synced ! rtph264depay ! avdec_h264 ! videoconvert ! fakesink name=sink sync=true "
                       "processing-deadline=0 signal-handoffs=true", url, user);
  GstElement *pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");

  g_signal_connect (sink, "handoff", G_CALLBACK (on_shown), NULL);
  gst_pipeline_set_latency (GST_PIPELINE (pipeline), 500 * GST_MSECOND);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  return pipeline;
}

static MediaViewer *
start_viewer (const char *url,
              const char *user,
              MediaClock *clock)
{
  g_autoptr (MediaEndpoint) endpoint = media_endpoint_new (url, user, "token", MEDIA_CODEC_H264, NULL, trust, NULL, NULL);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  MediaViewer *viewer = media_viewer_new (endpoint, sink, TRUE);

  g_object_set (sink, "signal-handoffs", TRUE, "enable-last-sample", FALSE, NULL);
  g_signal_connect (sink, "handoff", G_CALLBACK (on_shown), NULL);
  media_viewer_set_clock (viewer, clock);
  media_viewer_start (viewer, NULL);

  return viewer;
}

static gboolean
on_over (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

/* URL USER CLOCK-PORT (0: the stock player) TONE SECONDS */
int
main (int    argc,
      char **argv)
{
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (MediaClock) clock = NULL;
  int clock_port;

  true_start_ns = get_true_ns ();
  skew = g_getenv ("BENCH_PPM") != NULL ? atof (g_getenv ("BENCH_PPM")) / 1e6 : 0;
  if (argc != 6)
    return 2;

  clock_port = atoi (argv[3]);
  tone_hz = atof (argv[4]);
  if (!media_init (NULL))
    return 1;
  gst_element_register (NULL, "benchspeaker", GST_RANK_PRIMARY + 100, bench_speaker_get_type ());
  clock = media_clock_new ();
  if (clock_port != 0)
    {
      media_clock_probe_new (clock, "127.0.0.1", clock_port);
      start_viewer (argv[1], argv[2], clock);
    }
  else
    {
      start_stock (argv[1], argv[2]);
    }

  loop = g_main_loop_new (NULL, FALSE);
  g_timeout_add (atoi (argv[5]) * 1000, on_over, loop);
  g_main_loop_run (loop);
  fflush (stdout);
  _exit (0); /* what was measured is written: how it ends is the tests' */
}
