/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-session.h"
#include "media-speaker.h"

#include <gst/app/gstappsink.h>
#include <math.h>

/* Of a second. */
#define N_SAMPLES 24000
#define RATE 48000

/* Of full scale: who plays does it with more, and nothing else comes near. */
#define HEARD 0.05
#define NOT_HEARD 0.002

#define OURS_HZ 1000
#define PLAYER "gst-launch-1.0 -q audiotestsrc is-live=true volume=0.5 freq=%d ! audio/x-raw,rate=48000,channels=%d ! pulsesink"

/* A computer whose screen is shown with its sound, and on which programs and Vitrine play. */
typedef struct
{
  Session session;
  MediaDevice *picture;
  MediaSpeaker *speaker;
  unsigned timer;
  int64_t due_ns; /* what the speaker was given so far */
  GstElement *monitor; /* (nullable) */
} Computer;

/* --- what is heard ------------------------------------------------------------------------------------------------ */

/* How much of @hz is in it, where 1 is full scale (Goertzel's algorithm, in a Hann window: what is not it must not leak into it). */
static double
measure (const int16_t *samples,
         double         hz)
{
  double k = 2 * cos (2 * G_PI * hz / RATE);
  double s1 = 0, s2 = 0;

  for (int i = 0; i < N_SAMPLES; i++)
    {
      double s = samples[i] * (1 - cos (2 * G_PI * i / N_SAMPLES)) + k * s1 - s2;

      s2 = s1;
      s1 = s;
    }

  return sqrt (MAX (0, s1 * s1 + s2 * s2 - k * s1 * s2)) * 2 / N_SAMPLES / 32768;
}

/* In the last half second of what leaves the stage; -1: there is less than that. */
static double
hear (Computer *self,
      double    hz)
{
  Fixture *fixture = &self->session.fixture;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&fixture->lock);
  unsigned n = fixture->samples->len;

  return n >= N_SAMPLES ? measure (&g_array_index (fixture->samples, int16_t, n - N_SAMPLES), hz) : -1;
}

/* So long that nothing of what was before is in it. */
static void
wait_half_a_second (Computer *self)
{
  unsigned n_sounds = fixture_count_sounds (&self->session.fixture);

  fixture_wait_until (fixture_count_sounds (&self->session.fixture) > n_sounds + 60);
}

/* A cut in one tone is a little of every tone: this is only sure when nothing has changed for half a second. */
static gboolean
has_without_ours (Computer *self,
                  double    hz)
{
  return hear (self, hz) > HEARD && hear (self, OURS_HZ) < NOT_HEARD;
}

/* What the loudspeaker plays, with the tone in it. */
static gboolean
loudspeaker_has (Computer *self,
                 double    hz)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (self->monitor), "sink");
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 0);
  GstMapInfo map;
  double level = 0; /* also of a shorter piece before a gap */

  if (sample == NULL)
    return FALSE;

  gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ);
  if (map.size == N_SAMPLES * sizeof (int16_t))
    level = measure ((const int16_t *) (void *) map.data, hz);
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);

  return level > HEARD;
}

/* --- what plays --------------------------------------------------------------------------------------------------- */

static GSubprocess *
play (Computer *self,
      int       hz,
      int       n_channels)
{
  g_autofree char *line = g_strdup_printf (PLAYER, hz, n_channels);

  return session_launch (&self->session, line);
}

/* A viewer's sound, half a second ahead. */
static gboolean
on_timer (gpointer user_data)
{
  Computer *self = user_data;
  g_autoptr (GstCaps) caps = gst_caps_from_string ("audio/x-raw,format=F32LE,rate=48000,channels=1,layout=interleaved");

  while (self->due_ns < (g_get_monotonic_time () + 500 * 1000) * 1000)
    {
      g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, 480 * sizeof (float), NULL);
      g_autoptr (GstSample) sample = NULL;
      GstMapInfo map;

      gst_buffer_map (buffer, &map, GST_MAP_WRITE);
      for (int i = 0; i < 480; i++)
        ((float *) (void *) map.data)[i] = (float) (0.5 * sin (2 * G_PI * OURS_HZ * i / RATE));
      gst_buffer_unmap (buffer, &map);
      sample = gst_sample_new (buffer, caps, NULL, NULL);
      media_speaker_push (self->speaker, sample, self->due_ns);
      self->due_ns += 10 * GST_MSECOND;
    }

  return G_SOURCE_CONTINUE;
}

/* Until the loudspeaker has it. */
static void
play_ours (Computer *self)
{
  g_autoptr (GError) error = NULL;

  self->monitor = gst_parse_launch ("pulsesrc device=Speaker.monitor ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1"
                                    " ! audiobuffersplit output-buffer-duration=1/2 ! appsink name=sink max-buffers=1 drop=true sync=false", &error);
  g_assert_no_error (error);
  gst_object_ref_sink (self->monitor);
  gst_element_set_state (self->monitor, GST_STATE_PLAYING);

  self->speaker = media_speaker_new ();
  self->due_ns = (g_get_monotonic_time () + 300 * 1000) * 1000;
  media_speaker_play (self->speaker);
  self->timer = g_timeout_add (20, on_timer, self);
  fixture_wait_until (loudspeaker_has (self, OURS_HZ));
}

/* The picture of a camera is as good as that of a desktop: both are a node. */
static void
show (Computer *self)
{
  g_autoptr (MediaScreen) screen = media_screen_new_stream (-1, session_get_node (self->picture), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_show (&self->session.fixture, media_source_screen_new (screen, TRUE), &error));
  g_assert_no_error (error);
}

static void
set_up (Computer      *self,
        gconstpointer  unused)
{
  session_set_up (&self->session, NULL);
  session_plug_in (&self->session, "Picture", "white");
  self->picture = session_wait_for (&self->session, "Picture");
}

static void
tear_down (Computer      *self,
           gconstpointer  unused)
{
  if (self->speaker != NULL)
    media_speaker_stop (self->speaker);
  g_clear_object (&self->speaker);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->monitor != NULL)
    gst_element_set_state (self->monitor, GST_STATE_NULL);
  g_clear_object (&self->monitor);
  g_clear_object (&self->picture);
  session_tear_down (&self->session, NULL);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

/* What Vitrine itself plays comes out of the loudspeaker, and does not leave with the share. */
static void
test_without_ours (Computer      *self,
                   gconstpointer  unused)
{
  play (self, 440, 1);
  play_ours (self);
  show (self);

  fixture_wait_until (has_without_ours (self, 440));
  wait_half_a_second (self);
  fixture_wait_until (has_without_ours (self, 440));
  fixture_wait_until (loudspeaker_has (self, OURS_HZ));
}

/* Also what begins later is heard or left out, and what ends takes nothing with it. */
static void
test_come_and_go (Computer      *self,
                  gconstpointer  unused)
{
  GSubprocess *first, *second;

  show (self);
  first = play (self, 440, 2);
  fixture_wait_until (hear (self, 440) > HEARD);
  play_ours (self);
  second = play (self, 700, 2);
  fixture_wait_until (has_without_ours (self, 700) && has_without_ours (self, 440));

  session_end (first);
  fixture_wait_until (hear (self, 440) < NOT_HEARD && has_without_ours (self, 700));

  session_end (second);
  fixture_wait_until (hear (self, 700) < NOT_HEARD);
  play (self, 440, 1);
  fixture_wait_until (hear (self, 440) > HEARD);
  fixture_assert_continuous (&self->session.fixture);
}

/* Whatever plays moves to another loudspeaker, with one channel only, and then to the first again. */
static void
test_other_loudspeaker (Computer      *self,
                        gconstpointer  unused)
{
  play (self, 440, 2);
  play_ours (self);
  show (self);
  fixture_wait_until (hear (self, 440) > HEARD);

  session_run (&self->session, "pactl load-module module-null-sink sink_name=Other channels=1 channel_map=mono");
  session_run (&self->session, "pactl set-default-sink Other");
  fixture_wait_until (!loudspeaker_has (self, OURS_HZ));
  wait_half_a_second (self);
  fixture_wait_until (has_without_ours (self, 440));

  session_run (&self->session, "pactl set-default-sink Speaker");
  session_run (&self->session, "pactl unload-module module-null-sink");
  session_run (&self->session, "pactl load-module module-null-sink sink_name=Speaker");
  wait_half_a_second (self);
  fixture_wait_until (has_without_ours (self, 440));
}

/* A loopback, as equalisers are, passes on what we play, too. */
static void
test_loopback (Computer      *self,
               gconstpointer  unused)
{
  play (self, 440, 2);
  session_run (&self->session, "pactl load-module module-null-sink sink_name=Equaliser");
  session_run (&self->session, "pactl load-module module-loopback source=Equaliser.monitor sink=Speaker");
  session_run (&self->session, "pactl set-default-sink Equaliser");
  play_ours (self);
  show (self);

  fixture_wait_until (has_without_ours (self, 440));
  wait_half_a_second (self);
  fixture_wait_until (has_without_ours (self, 440));

  session_run (&self->session, "pactl unload-module module-loopback");
  session_run (&self->session, "pactl set-default-sink Speaker");
  fixture_wait_until (loudspeaker_has (self, OURS_HZ));
}

/* PipeWire has no loudspeaker, as where the sound is PulseAudio's: there is the monitor, with all that plays in it. */
static void
test_not_ours_to_hear (Computer      *self,
                       gconstpointer  unused)
{
  play (self, 440, 2);
  play_ours (self);
  session_run (&self->session, "pactl unload-module module-null-sink");
  session_run (&self->session, "pactl load-module module-null-sink sink_name=auto_null");
  show (self);
  fixture_wait_until (hear (self, 440) > HEARD && hear (self, OURS_HZ) > HEARD);
  session_run (&self->session, "pactl unload-module module-null-sink");
  session_run (&self->session, "pactl load-module module-null-sink sink_name=Speaker");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

#define ADD(name, function) \
  g_test_add ("/computer-sound/" name, Computer, NULL, set_up, function, tear_down)
  ADD ("without-ours", test_without_ours);
  ADD ("come-and-go", test_come_and_go);
  ADD ("other-loudspeaker", test_other_loudspeaker);
  ADD ("loopback", test_loopback);
  ADD ("not-ours-to-hear", test_not_ours_to_hear);
#undef ADD

  return g_test_run ();
}
