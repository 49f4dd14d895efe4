/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-session.h"
#include "media-tones.h"

#define PLAYER "gst-launch-1.0 -q audiotestsrc is-live=true volume=0.5 freq=%d ! audio/x-raw,rate=48000,channels=%d ! pulsesink"

/* A computer whose screen is shown with its sound, and on which programs and Vitrine play. */
typedef struct
{
  Session session;
  MediaDevice *picture;
  TonesPlayer ours;
  GstElement *listening; /* (nullable): at the loudspeaker */
} Computer;

/* --- what is heard -------------------------------------------------------- */

/* In the last half second of what leaves the stage; -1: there is less than that. */
static double
hear (Computer *self,
      double    hz)
{
  Fixture *fixture = &self->session.fixture;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&fixture->lock);
  unsigned n = fixture->samples->len;

  return n >= TONES_N_SAMPLES
           ? tones_measure (&g_array_index (fixture->samples, int16_t, n - TONES_N_SAMPLES), hz)
           : -1;
}

/* So long that nothing of what was before is in it. */
static void
wait_half_a_second (Computer *self)
{
  unsigned n_sounds = fixture_count_sounds (&self->session.fixture);

  fixture_wait_until (fixture_count_sounds (&self->session.fixture) > n_sounds + 60);
}

/* A cut in one tone is a little of every tone: this is only sure when nothing has changed for half
 * a second. */
static gboolean
has_without_ours (Computer *self,
                  double    hz)
{
  return hear (self, hz) > TONES_HEARD && hear (self, TONES_PLAYER_HZ) < TONES_NOT_HEARD;
}

static gboolean
loudspeaker_has (Computer *self,
                 double    hz)
{
  return tones_is_heard (self->listening, hz);
}

/* --- what plays ----------------------------------------------------------- */

static GSubprocess *
play (Computer *self,
      int       hz,
      int       n_channels)
{
  g_autofree char *line = g_strdup_printf (PLAYER, hz, n_channels);

  return session_launch (&self->session, line);
}

/* Until the loudspeaker has it. */
static void
play_ours (Computer *self)
{
  self->listening = tones_listen ("Speaker");
  tones_player_start (&self->ours);
  fixture_wait_until (loudspeaker_has (self, TONES_PLAYER_HZ));
}

/* The picture of a camera is as good as that of a desktop: both are a node. */
static void
show (Computer *self)
{
  g_autoptr (MediaScreen) screen = media_screen_new_stream (-1, session_get_node (self->picture),
                                                            NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (
    fixture_show (&self->session.fixture, media_source_screen_new (screen, TRUE), &error));
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
  tones_player_stop (&self->ours);
  if (self->listening != NULL)
    gst_element_set_state (self->listening, GST_STATE_NULL);
  g_clear_object (&self->listening);
  g_clear_object (&self->picture);
  session_tear_down (&self->session, NULL);
}

/* --- tests ---------------------------------------------------------------- */

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
  fixture_wait_until (loudspeaker_has (self, TONES_PLAYER_HZ));
}

/* Also what begins later is heard or left out, and what ends takes nothing with it. */
static void
test_come_and_go (Computer      *self,
                  gconstpointer  unused)
{
  GSubprocess *first, *second;

  show (self);
  first = play (self, 440, 2);
  fixture_wait_until (hear (self, 440) > TONES_HEARD);
  play_ours (self);
  second = play (self, 700, 2);
  fixture_wait_until (has_without_ours (self, 700) && has_without_ours (self, 440));

  session_end (first);
  fixture_wait_until (hear (self, 440) < TONES_NOT_HEARD && has_without_ours (self, 700));

  session_end (second);
  fixture_wait_until (hear (self, 700) < TONES_NOT_HEARD);
  play (self, 440, 1);
  fixture_wait_until (hear (self, 440) > TONES_HEARD);
  fixture_assert_continuous (&self->session.fixture);
}

/* Whatever plays moves to another loudspeaker, with one channel only, and then to the first
 * again. */
static void
test_other_loudspeaker (Computer      *self,
                        gconstpointer  unused)
{
  play (self, 440, 2);
  play_ours (self);
  show (self);
  fixture_wait_until (hear (self, 440) > TONES_HEARD);

  session_run ("pactl load-module module-null-sink sink_name=Other channels=1 channel_map=mono");
  session_run ("pactl set-default-sink Other");
  fixture_wait_until (!loudspeaker_has (self, TONES_PLAYER_HZ));
  wait_half_a_second (self);
  fixture_wait_until (has_without_ours (self, 440));

  session_run ("pactl set-default-sink Speaker");
  session_run ("pactl unload-module module-null-sink");
  session_run ("pactl load-module module-null-sink sink_name=Speaker");
  wait_half_a_second (self);
  fixture_wait_until (has_without_ours (self, 440));
}

/* A loopback, as equalisers are, passes on what we play, too. */
static void
test_loopback (Computer      *self,
               gconstpointer  unused)
{
  play (self, 440, 2);
  session_run ("pactl load-module module-null-sink sink_name=Equaliser");
  session_run ("pactl load-module module-loopback source=Equaliser.monitor sink=Speaker");
  session_run ("pactl set-default-sink Equaliser");
  play_ours (self);
  show (self);

  fixture_wait_until (has_without_ours (self, 440));
  wait_half_a_second (self);
  fixture_wait_until (has_without_ours (self, 440));

  session_run ("pactl unload-module module-loopback");
  session_run ("pactl set-default-sink Speaker");
  fixture_wait_until (loudspeaker_has (self, TONES_PLAYER_HZ));
}

/* PipeWire has no loudspeaker, as where the sound is PulseAudio's: there is the monitor, with all
 * that plays in it. */
static void
test_not_ours_to_hear (Computer      *self,
                       gconstpointer  unused)
{
  play (self, 440, 2);
  play_ours (self);
  session_run ("pactl unload-module module-null-sink");
  session_run ("pactl load-module module-null-sink sink_name=auto_null");
  show (self);
  fixture_wait_until (hear (self, 440) > TONES_HEARD && hear (self, TONES_PLAYER_HZ) > TONES_HEARD);
  session_run ("pactl unload-module module-null-sink");
  session_run ("pactl load-module module-null-sink sink_name=Speaker");
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
