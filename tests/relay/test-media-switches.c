/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "media-rtsp.h"
#include "media-town.h"

#include <glib/gstdio.h>
#include <gst/rtp/rtp.h>

#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

/* R3: the content is switched at random a hundred times, bad files among it, by cut and by crossfade, with somebody beside it at times. Two
 * watch through the relay, and a third counts what it gets packet by packet: it is one session, in which nothing ever stops or jumps.
 *
 * As a soak: VITRINE_SWITCHES=5000 or VITRINE_SECONDS=3600 in the environment, and VITRINE_SEED for another order. */

#define N_SWITCHES 100
#define WARM_UP 20
#define SEED 4
#define SHARE "s1"
/* Less than a cut of a tone at full level, and more than anything in it, or in a ramp. */
#define CLICK 3000

typedef enum
{
  STILL,
  LARGE_STILL,
  FILM,
  FILM_AS_CAMERA,
  MUSIC,
  CAMERA,
  SLATE,
  /* From here on each is refused, and what was shown before stays ... */
  MISSING,
  BROKEN,
  EMPTY,
  CUT_PICTURE,
  /* ... and this one begins, and then ends in the middle. */
  CUT_FILM,
  N_KINDS
} Kind;

static const char *const NAMES[N_KINDS] = { "still", "large still", "film", "film as camera", "music", "camera", "slate",
                                            "missing", "broken", "empty", "cut picture", "cut film" };

/* One stream as it comes from the relay. */
typedef struct
{
  uint32_t last;
  unsigned n_packets;
  unsigned n_steps;    /* changes of the time */
  unsigned n_odd;      /* that are no whole number of frames */
  unsigned n_backward;
  uint32_t unit;       /* of the RTP clock: a frame */
} Times;

typedef struct
{
  GMutex lock; /* guards the two after it */
  Times video;
  Times audio;
  GstElement *pipeline;
} Counter;

typedef struct
{
  unsigned n_threads;
  unsigned n_files;
  long n_kilobytes;
} Usage;

typedef struct
{
  GMutex lock; /* guards the rest */
  int16_t last[2];
  unsigned n_samples;
  unsigned n_clicks;
  int worst;
} Clicks;

static const char *files[N_KINDS];

/* --- what the machine has given us ---------------------------------------------------------------------------------- */

static unsigned
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  unsigned n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static Usage
measure (void)
{
  Usage usage = { count_entries ("/proc/self/task"), count_entries ("/proc/self/fd"), 0 };
  g_autofree char *statm = NULL;
  g_auto (GStrv) fields = NULL;

  malloc_trim (0);
  g_assert_true (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL));
  fields = g_strsplit (statm, " ", 3);
  usage.n_kilobytes = atol (fields[1]) * sysconf (_SC_PAGESIZE) / 1024;

  return usage;
}

/* --- the one who counts ------------------------------------------------------------------------------------------------ */

static void
count_time (Times    *times,
            uint32_t  now)
{
  int32_t step = (int32_t) (now - times->last);

  times->n_packets++;
  if (times->n_packets > 1 && step != 0)
    {
      times->n_steps++;
      times->n_backward += step < 0;
      times->n_odd += step > 0 && (step + 1) % (int32_t) times->unit > 2; /* a third of a second is no whole number of ticks */
    }
  times->last = now;
}

static GstPadProbeReturn
on_packet (GstPad          *pad,
           GstPadProbeInfo *info,
           gpointer         user_data)
{
  Counter *self = user_data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const char *media = gst_structure_get_string (gst_caps_get_structure (caps, 0), "media");
  GstRTPBuffer packet = GST_RTP_BUFFER_INIT;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (gst_rtp_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ, &packet))
    {
      count_time (g_strcmp0 (media, "video") == 0 ? &self->video : &self->audio, gst_rtp_buffer_get_timestamp (&packet));
      gst_rtp_buffer_unmap (&packet);
    }

  return GST_PAD_PROBE_OK;
}

static void
on_pad_added (GstElement *source,
              GstPad     *pad,
              gpointer    user_data)
{
  Counter *self = user_data;
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) sink_pad = gst_element_get_static_pad (sink, "sink");

  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add (GST_BIN (self->pipeline), sink);
  gst_element_sync_state_with_parent (sink);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_packet, self, NULL);
  gst_pad_link (pad, sink_pad);
}

static void
start_counter (Counter *self,
               Town    *town)
{
  g_autoptr (MediaEndpoint) endpoint = town_endpoint (town, SHARE, "carol", "carol-token", MEDIA_CODEC_H264);
  GstElement *source = gst_element_factory_make ("rtspsrc", NULL);

  g_mutex_init (&self->lock);
  self->video.unit = 90000 / 30;
  self->audio.unit = 480;
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_object_set (source, "latency", 0, NULL);
  media_rtsp_configure (source, endpoint);
  g_signal_connect (source, "pad-added", G_CALLBACK (on_pad_added), self);
  gst_bin_add (GST_BIN (self->pipeline), source);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

static void
read_counter (Counter *self,
              Times   *out_video,
              Times   *out_audio)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *out_video = self->video;
  *out_audio = self->audio;
}

static gboolean
has_begun (Counter *self)
{
  Times video, audio;

  read_counter (self, &video, &audio);

  return video.n_packets > 0 && audio.n_packets > 0;
}

static void
stop_counter (Counter *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_mutex_clear (&self->lock);
}

/* --- the ear ------------------------------------------------------------------------------------------------------------ */

static GstPadProbeReturn
on_sound (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  Clicks *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GstMapInfo map;

  g_assert_true (gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ));
  for (size_t i = 0; i + 3 < map.size; i += 4)
    {
      int16_t sample = *(int16_t *) (void *) (map.data + i);
      int bend = ABS (sample - 2 * self->last[0] + self->last[1]);

      self->n_clicks += bend > CLICK;
      self->worst = MAX (self->worst, bend);
      self->last[1] = self->last[0];
      self->last[0] = sample;
      self->n_samples++;
    }
  gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);

  return GST_PAD_PROBE_OK;
}

/* How many there were since this was called last. */
static unsigned
take_clicks (Clicks *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  unsigned n = self->n_clicks;

  self->n_clicks = 0;

  return n;
}

/* The worst that a thread which only sleeps comes late: on a machine that has no time for sound, there are clicks. */
typedef struct
{
  int is_over; /* atomic */
  int64_t worst_us;
} Heartbeat;

static gpointer
beat (gpointer data)
{
  Heartbeat *heart = data;

  while (!g_atomic_int_get (&heart->is_over))
    {
      int64_t before = g_get_monotonic_time ();

      g_usleep (2000);
      heart->worst_us = MAX (heart->worst_us, g_get_monotonic_time () - before - 2000);
    }

  return NULL;
}

/* --- what is shown --------------------------------------------------------------------------------------------------------- */

static void
make_files (Fixture *folder)
{
  g_autofree char *contents = NULL;
  size_t length;

  files[STILL] = fixture_render (folder, "still.jpg", "videotestsrc num-buffers=1 ! video/x-raw,width=640,height=480 ! jpegenc");
  files[LARGE_STILL] = fixture_render (folder, "large.png", "videotestsrc num-buffers=1 pattern=pinwheel ! video/x-raw,width=900,height=1600 ! pngenc");
  files[FILM] = fixture_render (folder, "film.webm",
                                "videotestsrc num-buffers=60 ! video/x-raw,width=320,height=240,framerate=25/1 ! vp8enc deadline=1"
                                " ! queue ! mux. audiotestsrc num-buffers=110 freq=300 volume=0.2 ! opusenc ! queue ! mux. webmmux name=mux");
  files[FILM_AS_CAMERA] = g_strdup (files[FILM]);
  files[MUSIC] = fixture_render (folder, "music.ogg", "audiotestsrc num-buffers=200 freq=500 volume=0.2 ! vorbisenc ! oggmux");
  files[MISSING] = fixture_path (folder, "missing.jpg");
  files[BROKEN] = fixture_write (folder, "broken.webm", "no film at all, only words", 26);
  files[EMPTY] = fixture_write (folder, "empty.png", "", 0);
  g_assert_true (g_file_get_contents (files[LARGE_STILL], &contents, &length, NULL));
  files[CUT_PICTURE] = fixture_write (folder, "cut.png", contents, 20);
  g_clear_pointer (&contents, g_free);
  g_assert_true (g_file_get_contents (files[FILM], &contents, &length, NULL));
  files[CUT_FILM] = fixture_write (folder, "cut.webm", contents, length / 2);
}

static void
remove_files (Fixture *folder)
{
  for (int i = 0; i < N_KINDS; i++)
    {
      if (files[i] != NULL)
        g_unlink (files[i]);
      g_free ((char *) files[i]);
      files[i] = NULL;
    }
  g_rmdir (folder->folder);
  g_free (folder->folder);
}

static MediaSource *
make_source (Kind kind)
{
  switch (kind)
    {
    case STILL:
    case LARGE_STILL:
    case MISSING:
    case EMPTY:
    case CUT_PICTURE:
      return media_source_picture_new (files[kind]);
    case FILM:
    case FILM_AS_CAMERA:
    case BROKEN:
    case CUT_FILM:
      return media_source_file_new (files[kind], kind == FILM_AS_CAMERA);
    case MUSIC:
      return media_source_music_new (files[kind]);
    case SLATE:
      return media_source_slate_new ("Back in a moment");
    case CAMERA:
    case N_KINDS:
    default:
      return media_source_test_new ();
    }
}

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

#define wait_long(condition) \
  G_STMT_START { \
    int64_t wait_limit = g_get_monotonic_time () + 60 * G_USEC_PER_SEC; \
    while (!(condition)) \
      { \
        town_iterate (); \
        if (g_get_monotonic_time () > wait_limit) \
          g_error ("%s:%d: waited 60 s for %s", __FILE__, __LINE__, #condition); \
      } \
  } G_STMT_END

static void
show (Town *town,
      Kind  kind)
{
  g_autoptr (MediaSource) source = make_source (kind);
  g_autoptr (MediaSource) before = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_shown;

  g_set_object (&before, media_stage_get_source (town->stage));
  media_stage_show_async (town->stage, source, NULL, on_result, &result);
  wait_long (result != NULL);
  is_shown = media_stage_show_finish (town->stage, result, &error);
  if (kind < MISSING && !is_shown)
    g_error ("%s: %s", NAMES[kind], error->message);
  if (kind >= MISSING && kind < CUT_FILM)
    g_assert_false (is_shown);
}

static void
set_presenter (Town  *town,
               GRand *random)
{
  gboolean is_there = media_stage_get_presenter (town->stage) != NULL;
  g_autoptr (MediaSource) camera = is_there ? NULL : media_source_test_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  media_stage_set_presenter_async (town->stage, camera, (MediaCorner) g_rand_int_range (random, 0, 4), on_result, &result);
  wait_long (result != NULL);
  media_stage_set_presenter_finish (town->stage, result, &error);
  g_assert_no_error (error);
}

/* --- the test ------------------------------------------------------------------------------------------------------------------- */

static int64_t
read_option (const char *name,
             int64_t     otherwise)
{
  const char *value = g_getenv (name);

  return value != NULL ? g_ascii_strtoll (value, NULL, 10) : otherwise;
}

/* Until every one of them has got more frames: no time, but what was sent and seen. */
static void
watch_on (Person   *viewers[2],
          unsigned  n_frames)
{
  uint64_t wanted[2] = { person_count_frames (viewers[0]) + n_frames, person_count_frames (viewers[1]) + n_frames };

  for (int i = 0; i < 2; i++)
    {
      wait_long (person_count_frames (viewers[i]) >= wanted[i] || viewers[i]->error != NULL);
      g_assert_no_error (viewers[i]->error);
    }
}

static void
check_usage (const Usage *before,
             const Usage *after)
{
  g_test_message ("threads %u -> %u, files %u -> %u, memory %ld -> %ld kB", before->n_threads, after->n_threads,
                  before->n_files, after->n_files, before->n_kilobytes, after->n_kilobytes);
  g_assert_cmpuint (after->n_threads, <=, before->n_threads + 10); /* GLib keeps a few idle ones */
  g_assert_cmpuint (after->n_files, <=, before->n_files + 8);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed for a while */
  g_assert_cmpint (after->n_kilobytes, <, before->n_kilobytes + 40 * 1024);
#endif
}

static void
check_times (const char  *name,
             const Times *times)
{
  g_test_message ("%s: %u packets, %u steps, %u odd, %u backward", name, times->n_packets, times->n_steps, times->n_odd, times->n_backward);
  g_assert_cmpuint (times->n_steps, >, 100);
  g_assert_cmpuint (times->n_odd, ==, 0);
  g_assert_cmpuint (times->n_backward, ==, 0);
}

static void
test_switches (Town          *self,
               gconstpointer  unused)
{
  int64_t n_switches = read_option ("VITRINE_SWITCHES", N_SWITCHES);
  int64_t end_us = g_get_monotonic_time () + read_option ("VITRINE_SECONDS", 0) * G_USEC_PER_SEC;
  g_autoptr (GRand) random = g_rand_new_with_seed ((uint32_t) read_option ("VITRINE_SEED", SEED));
  Fixture folder = { .folder = g_dir_make_tmp ("vitrine-switches-XXXXXX", NULL) };
  unsigned n_kinds[N_KINDS] = { 0 };
  Usage before = { 0 }, after;
  Counter counter = { 0 };
  Clicks *clicks = g_atomic_rc_box_new0 (Clicks);
  Heartbeat heart = { 0 };
  GThread *heart_thread = g_thread_new ("heartbeat", beat, &heart);
  unsigned n_clicks = 0, n_clicks_lost = 0;
  Times video, audio;
  gboolean was_lost = FALSE;
  Person *alice, *viewers[2];
  g_autoptr (GstPad) ear = NULL;
  int i;

  make_files (&folder);
  town_start_stage (self, 320, 180);
  ear = gst_element_get_static_pad (media_stage_get_audio_tee (self->stage), "sink");
  gst_pad_add_probe (ear, GST_PAD_PROBE_TYPE_BUFFER, on_sound, g_atomic_rc_box_acquire (clicks), g_atomic_rc_box_release);
  alice = town_publish (self, SHARE, MEDIA_CODEC_H264);
  relay_fanout_admit (RELAY_FANOUT (self->relay), SHARE, "bob", "bob-token");
  relay_fanout_admit (RELAY_FANOUT (self->relay), SHARE, "carol", "carol-token");
  viewers[0] = person_new_viewer (self, SHARE, "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0);
  viewers[1] = person_new_viewer (self, SHARE, "bob", "bob-token", MEDIA_CODEC_H264, NULL, 0);
  start_counter (&counter, self);
  wait_long (viewers[0]->n_first_frames > 0 && viewers[1]->n_first_frames > 0 && has_begun (&counter));

  take_clicks (clicks); /* of the beginning, before anybody listened */
  for (i = 0; i < n_switches || g_get_monotonic_time () < end_us; i++)
    {
      Kind kind = (Kind) g_rand_int_range (random, 0, N_KINDS);

      media_stage_set_transition_ms (self->stage, g_rand_boolean (random) ? 0 : (unsigned) g_rand_int_range (random, 50, 400));
      if (g_rand_int_range (random, 0, 10) == 0)
        set_presenter (self, random);
      show (self, kind);
      n_kinds[kind]++;
      watch_on (viewers, (unsigned) g_rand_int_range (random, 0, 5));
      /* What ends in the middle ends with a cut: nobody knew. */
      if (kind == CUT_FILM || was_lost)
        n_clicks_lost += take_clicks (clicks);
      else
        n_clicks += take_clicks (clicks);
      was_lost = kind == CUT_FILM || (was_lost && kind >= MISSING);
      if (i == WARM_UP)
        before = measure ();
    }

  media_stage_set_transition_ms (self->stage, 0);
  if (media_stage_get_presenter (self->stage) != NULL)
    set_presenter (self, random);
  show (self, CAMERA);
  watch_on (viewers, 15);
  after = measure ();

  for (int kind = 0; kind < N_KINDS; kind++)
    g_test_message ("%u x %s", n_kinds[kind], NAMES[kind]);
  for (int v = 0; v < 2; v++)
    {
      MediaViewerStats stats;

      media_viewer_get_stats (viewers[v]->viewer, &stats);
      g_test_message ("viewer %d: %" G_GUINT64_FORMAT " frames, longest gap %.0f ms, %.1f dB, stalled %u times", v, stats.n_frames,
                      stats.longest_gap_ms, stats.audio_level_db, viewers[v]->n_stalled);
      g_assert_cmpuint (viewers[v]->n_first_frames, ==, 1);
      g_assert_no_error (viewers[v]->error);
      g_assert_cmpfloat (stats.audio_level_db, >, -30); /* a tone of a fifth is at -17 dB */
      g_assert_cmpfloat (stats.audio_level_db, <, -10);
    }

  /* One session and one connection: nobody has come again, and the relay has never lost anybody. */
  g_assert_cmpuint (alice->n_publishing, ==, 1);
  g_assert_no_error (alice->error);
  g_assert_false (town_has_event (self, "publisher-lost " SHARE));
  g_assert_false (town_has_event (self, "left " SHARE " emily"));
  g_assert_cmpuint (relay_media_get_n_connections (self->relay), ==, 4);

  read_counter (&counter, &video, &audio);
  check_times ("picture", &video);
  check_times ("sound", &audio);
  check_usage (&before, &after);

  g_atomic_int_set (&heart.is_over, TRUE);
  g_thread_join (heart_thread);
  g_test_message ("%u clicks, and %u of what was lost; the worst bend %d; a sleeping thread was late by %.0f ms at the worst", n_clicks,
                  n_clicks_lost, clicks->worst, heart.worst_us / 1000.0);
  if (heart.worst_us < 10000)
    g_assert_cmpuint (n_clicks, ==, 0);

  g_atomic_rc_box_release (clicks); /* the stage hears on until it ends */
  stop_counter (&counter);
  person_free (viewers[0]);
  person_free (viewers[1]);
  person_free (alice);
  remove_files (&folder);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);
  g_test_add ("/switches/r3", Town, NULL, town_set_up, test_switches, town_tear_down);

  return town_run ();
}
