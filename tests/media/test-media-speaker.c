/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-session.h"
#include "media-tones.h"

#include <signal.h>
#include <stdlib.h>

/* A viewer's sound in a session whose loudspeaker and sound server come and go
 * (with-pipewire.sh). */
typedef struct
{
  Session session;
  TonesPlayer player;
  GstElement *listening; /* (nullable) */
  GSubprocess *server;   /* (nullable): borrowed; the first one is the session's */
} Room;

static void
stop_listening (Room *self)
{
  if (self->listening != NULL)
    gst_element_set_state (self->listening, GST_STATE_NULL);
  g_clear_object (&self->listening);
}

static void
expect_tone (Room *self)
{
  stop_listening (self);
  self->listening = tones_listen ("Speaker");
  fixture_wait_until (tones_is_heard (self->listening, TONES_PLAYER_HZ));
}

/* The one that the session began with, or ours. */
static void
end_server (Room *self)
{
  const char *first = g_getenv ("VITRINE_PULSE_PID");

  if (self->server != NULL)
    session_end (g_steal_pointer (&self->server));
  else if (session_try ("pactl info"))
    g_assert_cmpint (kill (atoi (first), SIGKILL), ==, 0);
  fixture_wait_until (!session_try ("pactl info"));
}

static void
begin_server (Room *self)
{
  if (session_try ("pactl info"))
    return;

  self->server = session_launch (&self->session, "pipewire-pulse");
  fixture_wait_until (session_try ("pactl load-module module-null-sink sink_name=Speaker"));
}

static void
set_up (Room          *self,
        gconstpointer  unused)
{
  session_set_up (&self->session, NULL);
  begin_server (self);
}

static void
tear_down (Room          *self,
           gconstpointer  unused)
{
  tones_player_stop (&self->player);
  stop_listening (self);
  session_tear_down (&self->session, NULL);
}

/* The only loudspeaker is pulled out and, later, put in again. */
static void
test_pulled_out (Room          *self,
                 gconstpointer  unused)
{
  tones_player_start (&self->player);
  expect_tone (self);

  session_run ("pactl unload-module module-null-sink");
  session_run ("pactl load-module module-null-sink sink_name=Speaker");
  expect_tone (self);
}

static void
test_server_dies (Room          *self,
                  gconstpointer  unused)
{
  tones_player_start (&self->player);
  expect_tone (self);

  end_server (self);
  begin_server (self);
  expect_tone (self);
}

/* No sound device at all is silence, until there is one. */
static void
test_none_at_first (Room          *self,
                    gconstpointer  unused)
{
  int64_t due_ns;

  end_server (self);
  tones_player_start (&self->player);
  due_ns = self->player.due_ns;
  fixture_wait_until (self->player.due_ns > due_ns + 2 * GST_SECOND);

  begin_server (self);
  expect_tone (self);
}

/* The last half second of what leaves the stage. */
static gboolean
leaves (Room   *self,
        double  hz)
{
  Fixture *fixture = &self->session.fixture;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&fixture->lock);
  unsigned n = fixture->samples->len;

  return n >= TONES_N_SAMPLES &&
         tones_measure (&g_array_index (fixture->samples, int16_t, n - TONES_N_SAMPLES), hz) >
           TONES_HEARD;
}

/* A microphone, which hears the loudspeaker, is had from the server, too. */
static void
test_microphone (Room          *self,
                 gconstpointer  unused)
{
  const char *player = "gst-launch-1.0 -q audiotestsrc is-live=true freq=440 ! pulsesink";
  g_autoptr (MediaDevice) device = NULL;
  g_autoptr (GError) error = NULL;
  MediaSource *camera;

  session_plug_in (&self->session, "Camera", "white");
  session_launch (&self->session,
                  "pw-loopback -m '[ MONO ]' --capture-props='stream.capture.sink=true' "
                  "--playback-props='media.class=Audio/Source node.name=TestMic'");
  session_launch (&self->session, player);
  device = session_wait_for (&self->session, "Camera");
  fixture_wait_until (media_device_has_microphone (device));
  g_assert_true (fixture_show (&self->session.fixture, media_source_camera_new (device), &error));
  g_assert_no_error (error);
  camera = media_stage_get_source (self->session.fixture.stage);
  fixture_wait_until (leaves (self, 440));

  end_server (self);
  fixture_wait_until (!leaves (self, 440) && !media_source_has_audio (camera));
  begin_server (self);
  session_launch (&self->session, player);
  fixture_wait_until (leaves (self, 440));
  g_assert_cmpint (self->session.fixture.n_lost, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

#define ADD(name, function) \
  g_test_add ("/speaker/" name, Room, NULL, set_up, function, tear_down)
  ADD ("pulled-out", test_pulled_out);
  ADD ("server-dies", test_server_dies);
  ADD ("none-at-first", test_none_at_first);
  ADD ("microphone-comes-back", test_microphone);
#undef ADD

  return g_test_run ();
}
