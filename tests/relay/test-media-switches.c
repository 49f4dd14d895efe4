/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-device.h"
#include "media-fixture.h"
#include "media-rtsp.h"
#include "media-screen.h"
#include "media-town.h"
#include "packet-counter.h"

#include <glib/gstdio.h>

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

/* R3: the content is switched at random a hundred times, bad files among it, by cut and by
 * crossfade, with somebody beside it at times. Two watch through the relay, and a third counts what
 * it gets packet by packet: it is one session, in which nothing ever stops or jumps.
 *
 * As a soak: VITRINE_SWITCHES=5000 or VITRINE_SECONDS=3600 in the environment, and VITRINE_SEED for
 * another order. */

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
  SLIDE, /* of a series: decoded ahead */
  FILM,
  FILM_AS_CAMERA,
  MUSIC,
  CAMERA,
  SLATE,
  NETWORK_CAMERA,
  SCREEN,          /* where there is a display */
  PIPEWIRE_CAMERA, /* where there is a PipeWire */
  /* From here on each is refused, and what was shown before stays ... */
  MISSING,
  BROKEN,
  EMPTY,
  CUT_PICTURE,
  /* ... and this one begins, and then ends in the middle. */
  CUT_FILM,
  N_KINDS
} Kind;

static const char *const NAMES[N_KINDS] = {
  "still",  "large still", "slide",          "film",    "film as camera",  "music",
  "camera", "slate",       "network camera", "screen",  "PipeWire camera", "missing",
  "broken", "empty",       "cut picture",    "cut film"
};

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

/* --- what the machine has given us ---------------------------------------- */

static unsigned
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  unsigned n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* GLib keeps a few idle threads. */
static gboolean
has_given_back (const Usage *before)
{
  return count_entries ("/proc/self/task") <= before->n_threads + 10 &&
         count_entries ("/proc/self/fd") <= before->n_files + 8;
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

/* --- the one who counts --------------------------------------------------- */

static PacketCounter *
start_counter (Town *town)
{
  g_autoptr (MediaEndpoint) endpoint = town_endpoint (town, SHARE, "carol", "carol-token",
                                                      MEDIA_CODEC_H264);
  GstElement *source = gst_element_factory_make ("rtspsrc", NULL);

  media_rtsp_configure (source, endpoint);

  return packet_counter_new (source, 30);
}

/* --- the ear -------------------------------------------------------------- */

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

/* The worst that a thread which only sleeps comes late: on a machine that has no time for sound,
 * there are clicks. */
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

/* --- what is shown -------------------------------------------------------- */

typedef struct
{
  Town *town;
  Fixture folder;
  GRand *random;
  /* a path, or the address of the network camera; %NULL: none is needed */
  char *files[N_KINDS];
  GPtrArray *programs;      /* GSubprocess */
  MediaDevices *devices;    /* (nullable) */
  GSubprocess *camera;      /* of PipeWire (nullable) */
  unsigned n_cameras;
  Person *alice;
  Person *viewers[2];
  PacketCounter *counter;
  Clicks *clicks;
  Heartbeat heart;
  GThread *heart_thread;
  unsigned n_kinds[N_KINDS];
  unsigned n_clicks;
  unsigned n_clicks_lost;   /* of what broke off */
  gboolean was_lost;
  Usage before;
} Run;

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

/* A test that fails leaves no camera behind. */
static void
die_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
launch (Run        *self,
        const char *line)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *program;

  g_assert_true (g_shell_parse_argv (line, NULL, &argv, &error));
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  program = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv, &error);
  g_assert_no_error (error);
  g_ptr_array_add (self->programs, program);

  return program;
}

/* The address that it says. (transfer full) */
static char *
start_network_camera (Run *self)
{
  const char *path = g_getenv ("VITRINE_NETWORK_CAMERA");
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  char *address;

  g_assert_nonnull (path);
  line = g_shell_quote (path);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (launch (self, line)));
  address = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (address);

  return address;
}

/* Plugs it in. Each is opened once only: the program that stands for a camera may give nothing to
 * who comes after. */
static MediaSource *
make_camera (Run *self)
{
  g_autoptr (MediaDevice) device = NULL;
  g_autofree char *name = g_strdup_printf ("PipeCam%u", ++self->n_cameras);
  g_autofree char *line = g_strdup_printf (
    "gst-launch-1.0 -q videotestsrc is-live=true pattern=ball !"
    " video/x-raw,format=YUY2,width=640,height=480,framerate=30/1 ! pipewiresink mode=provide "
    "stream-properties=props,media.class=Video/Source,media.role=Camera,node.name=%s,node.description=%s",
    name, name);

  self->camera = launch (self, line);
  wait_long ((device = media_devices_find (self->devices, name)) != NULL);

  return media_source_camera_new (device);
}

static void
unplug (Run         *self,
        GSubprocess *camera)
{
  g_subprocess_force_exit (camera);
  g_subprocess_wait (camera, NULL, NULL);
  g_ptr_array_remove (self->programs, camera);
}

static void
make_cut_files (Run *self)
{
  g_autofree char *contents = NULL;
  size_t length;

  g_assert_true (g_file_get_contents (self->files[LARGE_STILL], &contents, &length, NULL));
  self->files[CUT_PICTURE] = fixture_write (&self->folder, "cut.png", contents, 20);
  g_clear_pointer (&contents, g_free);
  g_assert_true (g_file_get_contents (self->files[FILM], &contents, &length, NULL));
  self->files[CUT_FILM] = fixture_write (&self->folder, "cut.webm", contents, length / 2);
}

static void
make_files (Run *self)
{
  Fixture *folder = &self->folder;

  folder->folder = g_dir_make_tmp ("vitrine-switches-XXXXXX", NULL);
  self->files[STILL] = fixture_render (
    folder, "still.jpg", "videotestsrc num-buffers=1 ! video/x-raw,width=640,height=480 ! jpegenc");
  self->files[LARGE_STILL] = fixture_render (
    folder, "large.png",
    "videotestsrc num-buffers=1 pattern=pinwheel ! video/x-raw,width=900,height=1600 ! pngenc");
  self->files[SLIDE] = g_strdup (self->files[STILL]);
  self->files[FILM] = fixture_render (
    folder, "film.webm",
    "videotestsrc num-buffers=60 ! video/x-raw,width=320,height=240,framerate=25/1 ! vp8enc"
    " deadline=1"
    " ! queue ! mux. audiotestsrc num-buffers=110 freq=300 volume=0.2 ! opusenc ! queue ! mux."
    " webmmux name=mux");
  self->files[FILM_AS_CAMERA] = g_strdup (self->files[FILM]);
  self->files[MUSIC] = fixture_render (
    folder, "music.ogg", "audiotestsrc num-buffers=200 freq=500 volume=0.2 ! vorbisenc ! oggmux");
  self->files[NETWORK_CAMERA] = start_network_camera (self);
  self->files[MISSING] = fixture_path (folder, "missing.jpg");
  self->files[BROKEN] = fixture_write (folder, "broken.webm", "no film at all, only words", 26);
  self->files[EMPTY] = fixture_write (folder, "empty.png", "", 0);
  make_cut_files (self);
}

static void
remove_files (Run *self)
{
  for (int i = 0; i < N_KINDS; i++)
    {
      if (self->files[i] != NULL)
        g_unlink (self->files[i]);
      g_free (self->files[i]);
    }
  g_rmdir (self->folder.folder);
  g_free (self->folder.folder);
  while (self->programs->len > 0)
    unplug (self, self->programs->pdata[0]);
  g_ptr_array_unref (self->programs);
}

/* One that this machine can show. */
static Kind
draw_kind (Run *self)
{
  Kind kind;

  do
    kind = (Kind) g_rand_int_range (self->random, 0, N_KINDS);
  while ((kind == SCREEN && g_getenv ("DISPLAY") == NULL) ||
         (kind == PIPEWIRE_CAMERA && self->devices == NULL));

  return kind;
}

static MediaSource *
make_slide (Run *self)
{
  MediaSource *slide = media_source_picture_new (self->files[SLIDE]);
  const MediaCanvas *canvas = media_stage_get_canvas (self->town->stage);

  media_source_prepare (slide, canvas->width, canvas->height);

  return slide;
}

static MediaSource *
make_screen (void)
{
  g_autoptr (MediaScreen) screen = media_screen_new_x11 (NULL, 0, "Screen");

  return media_source_screen_new (screen, FALSE);
}

static MediaSource *
make_source (Run  *self,
             Kind  kind)
{
  switch (kind)
    {
    case STILL:
    case LARGE_STILL:
    case MISSING:
    case EMPTY:
    case CUT_PICTURE:
      return media_source_picture_new (self->files[kind]);
    case SLIDE:
      return make_slide (self);
    case FILM:
    case FILM_AS_CAMERA:
    case BROKEN:
    case CUT_FILM:
      return media_source_file_new (self->files[kind], kind == FILM_AS_CAMERA);
    case MUSIC:
      return media_source_music_new (self->files[kind]);
    case SLATE:
      return media_source_slate_new ("Back in a moment");
    case NETWORK_CAMERA:
      return media_source_rtsp_new (self->files[kind]);
    case SCREEN:
      return make_screen ();
    case PIPEWIRE_CAMERA:
      return make_camera (self);
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

static void
show (Run  *self,
      Kind  kind)
{
  MediaStage *stage = self->town->stage;
  GSubprocess *old_camera = self->camera;
  g_autoptr (MediaSource) source = make_source (self, kind);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_shown;

  media_stage_show_async (stage, source, NULL, on_result, &result);
  wait_long (result != NULL);
  is_shown = media_stage_show_finish (stage, result, &error);
  if (kind < MISSING && !is_shown)
    g_error ("%s: %s", NAMES[kind], error->message);
  if (kind >= MISSING && kind < CUT_FILM)
    g_assert_false (is_shown);
  if (old_camera != NULL && self->camera != old_camera)
    unplug (self, old_camera);
}

static void
set_presenter (Run *self)
{
  MediaStage *stage = self->town->stage;
  gboolean is_there = media_stage_get_presenter (stage) != NULL;
  g_autoptr (MediaSource) camera = is_there ? NULL : media_source_test_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  media_stage_set_presenter_async (
    stage, camera, (MediaCorner) g_rand_int_range (self->random, 0, 4), on_result, &result);
  wait_long (result != NULL);
  media_stage_set_presenter_finish (stage, result, &error);
  g_assert_no_error (error);
}

/* --- the test ------------------------------------------------------------- */

static int64_t
read_option (const char *name,
             int64_t     otherwise)
{
  const char *value = g_getenv (name);

  return value != NULL ? g_ascii_strtoll (value, NULL, 10) : otherwise;
}

/* Until every one of them has got more frames: no time, but what was sent and seen. */
static void
watch_on (Run      *self,
          unsigned  n_frames)
{
  uint64_t wanted[2] = { person_count_frames (self->viewers[0]) + n_frames,
                         person_count_frames (self->viewers[1]) + n_frames };

  for (int i = 0; i < 2; i++)
    {
      wait_long (person_count_frames (self->viewers[i]) >= wanted[i] ||
                 self->viewers[i]->error != NULL);
      g_assert_no_error (self->viewers[i]->error);
    }
}

static void
listen_to_stage (Run *self)
{
  g_autoptr (GstPad) ear =
    gst_element_get_static_pad (media_stage_get_audio_tee (self->town->stage), "sink");

  self->clicks = g_atomic_rc_box_new0 (Clicks);
  gst_pad_add_probe (ear, GST_PAD_PROBE_TYPE_BUFFER, on_sound,
                     g_atomic_rc_box_acquire (self->clicks), g_atomic_rc_box_release);
  self->heart_thread = g_thread_new ("heartbeat", beat, &self->heart);
}

static void
begin (Run  *self,
       Town *town)
{
  self->town = town;
  self->random = g_rand_new_with_seed ((uint32_t) read_option ("VITRINE_SEED", SEED));
  self->programs = g_ptr_array_new_with_free_func (g_object_unref);
  make_files (self);
  if (g_getenv ("VITRINE_PIPEWIRE_FOLDER") != NULL)
    self->devices = media_devices_new ();

  town_start_stage (town, 320, 180);
  listen_to_stage (self);
  self->alice = town_publish (town, SHARE, MEDIA_CODEC_H264);
  relay_fanout_admit (RELAY_FANOUT (town->relay), SHARE, "bob", "bob-token");
  relay_fanout_admit (RELAY_FANOUT (town->relay), SHARE, "carol", "carol-token");
  self->viewers[0] = person_new_viewer (town, SHARE, "emily", "emily-token", MEDIA_CODEC_H264, NULL,
                                        0);
  self->viewers[1] = person_new_viewer (town, SHARE, "bob", "bob-token", MEDIA_CODEC_H264, NULL, 0);
  self->counter = start_counter (town);
  wait_long (self->viewers[0]->n_first_frames > 0 && self->viewers[1]->n_first_frames > 0 &&
             packet_counter_has_begun (self->counter));
  take_clicks (self->clicks); /* of the beginning, before anybody listened */
}

/* What ends in the middle ends with a cut: nobody knew. */
static void
count_clicks (Run  *self,
              Kind  kind)
{
  unsigned n = take_clicks (self->clicks);

  if (kind == CUT_FILM || self->was_lost)
    self->n_clicks_lost += n;
  else
    self->n_clicks += n;
  self->was_lost = kind == CUT_FILM || (self->was_lost && kind >= MISSING);
}

static void
switch_at_random (Run *self)
{
  GRand *random = self->random;
  Kind kind = draw_kind (self);

  media_stage_set_transition_ms (
    self->town->stage, g_rand_boolean (random) ? 0 : (unsigned) g_rand_int_range (random, 50, 400));
  if (g_rand_int_range (random, 0, 10) == 0)
    set_presenter (self);
  show (self, kind);
  self->n_kinds[kind]++;
  watch_on (self, (unsigned) g_rand_int_range (random, 0, 5));
  count_clicks (self, kind);
}

/* The same is shown as in the beginning. */
static void
settle (Run *self)
{
  media_stage_set_transition_ms (self->town->stage, 0);
  if (media_stage_get_presenter (self->town->stage) != NULL)
    set_presenter (self);
  show (self, CAMERA);
  watch_on (self, 15);
}

static void
check_viewers (Run *self)
{
  for (int v = 0; v < 2; v++)
    {
      MediaViewerStats stats;

      media_viewer_get_stats (self->viewers[v]->viewer, &stats);
      g_test_message (
        "viewer %d: %" G_GUINT64_FORMAT " frames, longest gap %.0f ms, %.1f dB, stalled %u times",
        v, stats.n_frames, stats.longest_gap_ms, stats.audio_level_db, self->viewers[v]->n_stalled);
      g_assert_cmpuint (self->viewers[v]->n_first_frames, ==, 1);
      g_assert_no_error (self->viewers[v]->error);
      g_assert_cmpfloat (stats.audio_level_db, >, -30); /* a tone of a fifth is at -17 dB */
      g_assert_cmpfloat (stats.audio_level_db, <, -10);
    }
}

/* One session and one connection: nobody has come again, and the relay has never lost anybody. */
static void
check_session (Run *self)
{
  Town *town = self->town;

  g_assert_cmpuint (self->alice->n_publishing, ==, 1);
  g_assert_no_error (self->alice->error);
  g_assert_false (town_has_event (town, "publisher-lost " SHARE));
  g_assert_false (town_has_event (town, "left " SHARE " emily"));
  g_assert_false (town_has_event (town, "left " SHARE " bob"));
  g_assert_cmpuint (relay_media_get_n_connections (town->relay), ==, 4);
}

static void
check_usage (const Usage *before,
             const Usage *after)
{
  g_test_message ("threads %u -> %u, files %u -> %u, memory %ld -> %ld kB", before->n_threads,
                  after->n_threads, before->n_files, after->n_files, before->n_kilobytes,
                  after->n_kilobytes);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed for a while */
  g_assert_cmpint (after->n_kilobytes, <, before->n_kilobytes + 40 * 1024);
#endif
}

static void
check_times (const char        *name,
             const PacketTimes *times)
{
  g_test_message ("%s: %u packets, %u steps, %u odd, %u backward", name, times->n_packets,
                  times->n_steps, times->n_odd, times->n_backward);
  g_assert_cmpuint (times->n_steps, >, 100);
  g_assert_cmpuint (times->n_odd, ==, 0);
  g_assert_cmpuint (times->n_backward, ==, 0);
}

static void
check_packets (Run *self)
{
  PacketTimes video, audio;

  packet_counter_read (self->counter, &video, &audio);
  check_times ("picture", &video);
  check_times ("sound", &audio);
}

static void
check_clicks (Run *self)
{
  g_atomic_int_set (&self->heart.is_over, TRUE);
  g_thread_join (self->heart_thread);
  g_test_message (
    "%u clicks, and %u of what was lost; the worst bend %d; a sleeping thread was late by %.0f ms"
    " at the worst",
    self->n_clicks, self->n_clicks_lost, self->clicks->worst, self->heart.worst_us / 1000.0);
  if (self->heart.worst_us < 10000)
    g_assert_cmpuint (self->n_clicks, ==, 0);
}

static void
end (Run *self)
{
  g_atomic_rc_box_release (self->clicks); /* the stage hears on until it ends */
  packet_counter_free (self->counter);
  person_free (self->viewers[0]);
  person_free (self->viewers[1]);
  person_free (self->alice);
  town_stop_stage (self->town);
  remove_files (self);
  g_clear_object (&self->devices);
  g_rand_free (self->random);
}

static void
test_switches (Town          *town,
               gconstpointer  unused)
{
  int64_t n_switches = read_option ("VITRINE_SWITCHES", N_SWITCHES);
  int64_t end_us = g_get_monotonic_time () + read_option ("VITRINE_SECONDS", 0) * G_USEC_PER_SEC;
  Run run = { 0 };
  Usage after;

  begin (&run, town);
  for (int i = 0; i < n_switches || g_get_monotonic_time () < end_us; i++)
    {
      switch_at_random (&run);
      if (i == WARM_UP)
        run.before = measure ();
    }
  settle (&run);
  /* What is free is given back a moment later. */
  wait_long (has_given_back (&run.before));
  after = measure ();

  for (int kind = 0; kind < N_KINDS; kind++)
    g_test_message ("%u x %s", run.n_kinds[kind], NAMES[kind]);
  check_viewers (&run);
  check_session (&run);
  check_packets (&run);
  check_usage (&run.before, &after);
  check_clicks (&run);
  end (&run);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);
  g_test_add ("/switches/r3", Town, NULL, town_set_up, test_switches, town_tear_down);

  return town_run ();
}
