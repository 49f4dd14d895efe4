/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"

#include <malloc.h>
#include <unistd.h>

/* Switches at random, bad files among them: nothing is left of them, and what a process has is no
 * more after the last hundred than before. */

#define N_SWITCHES 140
#define WARM_UP 40 /* by then every kind was shown */

typedef struct
{
  unsigned n_threads;
  unsigned n_files;
  long n_kilobytes;
} Usage;

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

  malloc_trim (0); /* what is free in its arenas is not a leak */
  g_assert_true (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL));
  fields = g_strsplit (statm, " ", 3);
  usage.n_kilobytes = atol (fields[1]) * sysconf (_SC_PAGESIZE) / 1024;

  return usage;
}

static MediaSource *
make_source (GRand *random,
             char  *files[4])
{
  switch (g_rand_int_range (random, 0, 7))
    {
    case 0:
      return media_source_picture_new (files[0]);
    case 1:
      return media_source_file_new (files[1], FALSE);
    case 2:
      return media_source_file_new (files[1], TRUE);
    case 3:
      return media_source_test_new ();
    case 4:
      return media_source_file_new (files[2], FALSE);
    case 5:
      return media_source_picture_new (files[3]);
    default:
      return media_source_slate_new ("Back in a moment");
    }
}

/* Caps and factories that plugins keep for the life of the process are no leaks. */
static gboolean
is_static (GType type)
{
  return type == GST_TYPE_CAPS || g_type_is_a (type, GST_TYPE_PLUGIN_FEATURE) ||
         g_type_is_a (type, GST_TYPE_PLUGIN);
}

static unsigned
count_leaks (void)
{
  /* Freeing the answer (1.22.0) would drop references on factories that are not its own. */
  static GstStructure *kept;
  GList *tracers = gst_tracing_get_active_tracers ();
  unsigned n_leaks = 0;

  for (GList *l = tracers; l != NULL; l = l->next)
    {
      const GValue *list;

      if (g_signal_lookup ("get-live-objects", G_OBJECT_TYPE (l->data)) == 0)
        continue;

      g_signal_emit_by_name (l->data, "get-live-objects", &kept);
      list = gst_structure_get_value (kept, "live-objects-list");
      for (unsigned i = 0; i < gst_value_list_get_size (list); i++)
        {
          const GstStructure *alive = gst_value_get_structure (gst_value_list_get_value (list, i));
          const GValue *object = gst_structure_get_value (alive, "object");

          if (is_static (G_VALUE_TYPE (object)) ||
              (G_VALUE_HOLDS_OBJECT (object) &&
               is_static (G_OBJECT_TYPE (g_value_get_object (object)))))
            continue;
          n_leaks++;
          g_test_message ("alive: %s", G_VALUE_TYPE_NAME (object));
        }
    }
  g_list_free_full (tracers, gst_object_unref);

  return n_leaks;
}

static void
switch_at_random (unsigned  n_switches,
                  unsigned  n_warm_up,
                  Usage    *before,
                  Usage    *after)
{
  Fixture fixture = { NULL };
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  char *files[4];

  fixture_set_up (&fixture, NULL);
  files[0] =
    fixture_render (&fixture, "picture.jpg",
                    "videotestsrc num-buffers=1 ! video/x-raw,width=1600,height=1200 ! jpegenc");
  files[1] = fixture_render (
    &fixture, "film.webm",
    "videotestsrc num-buffers=30 ! video/x-raw,width=320,height=240,framerate=30/1 ! vp8enc"
    " deadline=1"
    " ! queue ! mux. audiotestsrc num-buffers=40 ! opusenc ! queue ! mux. webmmux name=mux");
  files[2] = fixture_write (&fixture, "broken.webm", "no film at all, only words", 26);
  files[3] = fixture_path (&fixture, "missing.png");

  for (unsigned i = 0; i < n_switches; i++)
    {
      fixture_show (&fixture, make_source (random, files), NULL);
      fixture_wait_frames (&fixture, (unsigned) g_rand_int_range (random, 1, 12));
      if (i == n_warm_up)
        *before = measure ();
    }

  fixture_show (&fixture, media_source_picture_new (files[0]), NULL);
  fixture_wait_frames (&fixture, 10);
  /* Threads that have nothing to do any more end when they come to it; GLib keeps a few idle
   * ones. */
  fixture_wait_until (count_entries ("/proc/self/task") <= before->n_threads + 8 &&
                      count_entries ("/proc/self/fd") <= before->n_files + 6);
  *after = measure ();
  fixture_assert_continuous (&fixture);

  for (int i = 0; i < 4; i++)
    g_free (files[i]);
  fixture_tear_down (&fixture, NULL);
}

static void
test_hundred_switches (void)
{
  Usage before = { 0 }, after = { 0 };

  switch_at_random (N_SWITCHES, WARM_UP, &before, &after);
  g_test_message ("threads %u -> %u, files %u -> %u, memory %ld -> %ld kB", before.n_threads,
                  after.n_threads, before.n_files, after.n_files, before.n_kilobytes,
                  after.n_kilobytes);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed for a while */
  g_assert_cmpint (after.n_kilobytes, <, before.n_kilobytes + 20 * 1024);
#endif
  g_assert_cmpuint (count_leaks (), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();
  g_test_add_func ("/leaks/hundred-switches", test_hundred_switches);

  return g_test_run ();
}
