/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"

/* One picture and one sound that go into another, and the presenter beside them. */

#define TRANSITION_MS 300
#define FPS 30
#define BLACK 18  /* and darker */
#define WHITE 233 /* and lighter */

static char *
render_still (Fixture    *self,
              const char *name,
              const char *pattern)
{
  g_autofree char *pipeline = g_strdup_printf (
    "videotestsrc num-buffers=1 pattern=%s ! video/x-raw,width=640,height=360 ! pngenc", pattern);

  return fixture_render (self, name, pipeline);
}

static void
show_still (Fixture    *self,
            const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_show (self, media_source_picture_new (path), &error));
  g_assert_no_error (error);
}

static void
test_fades_in_even_steps (Fixture       *self,
                          gconstpointer  unused)
{
  g_autofree char *black = render_still (self, "black.png", "black");
  g_autofree char *white = render_still (self, "white.png", "white");
  unsigned n_between = 0;

  show_still (self, black);
  fixture_wait_until (fixture_see (self).corner[0] < BLACK);
  media_stage_set_transition_ms (self->stage, TRANSITION_MS);

  for (int i = 0; i < 4; i++)
    {
      gboolean to_white = i % 2 == 0;
      unsigned first = fixture_count_frames (self) - 1;

      show_still (self, to_white ? white : black);
      fixture_wait_until (to_white ? fixture_see (self).corner[0] > WHITE
                                   : fixture_see (self).corner[0] < BLACK);
      /* the last step of a fade may be as light as that, too */
      fixture_wait_frames (self, TRANSITION_MS * FPS / 1000);

      /* Never back, whatever frames a busy machine has lost; and on the way there were others. */
      for (unsigned j = first + 1; j < fixture_count_frames (self); j++)
        {
          int before = fixture_get_frame (self, j - 1).corner[0];
          int after = fixture_get_frame (self, j).corner[0];

          if (to_white ? after < before : after > before)
            g_error ("frame %u is %d after %d, on the way to %s", j, after, before,
                     to_white ? "white" : "black");
          n_between += after > BLACK && after < WHITE;
        }
    }

  g_test_message ("%u frames on the way", n_between);
  g_assert_cmpuint (n_between, >=, 4);
  fixture_assert_continuous (self);
}

/* What is seen at that moment goes into the newest; nothing that was left behind comes back. */
static void
test_switch_during_a_fade (Fixture       *self,
                           gconstpointer  unused)
{
  g_autofree char *black = render_still (self, "black.png", "black");
  g_autofree char *white = render_still (self, "white.png", "white");
  unsigned first;

  show_still (self, black);
  fixture_wait_until (fixture_see (self).corner[0] < BLACK);
  media_stage_set_transition_ms (self->stage, 2000);
  show_still (self, white);
  fixture_wait_until (fixture_see (self).corner[0] > BLACK + 20);

  media_stage_set_transition_ms (self->stage, TRANSITION_MS);
  show_still (self, black);
  first = fixture_count_frames (self);
  fixture_wait_until (fixture_see (self).corner[0] < BLACK);
  for (unsigned i = first; i < fixture_count_frames (self); i++)
    g_assert_cmpint (fixture_get_frame (self, i).corner[0], <=,
                     fixture_get_frame (self, i - 1).corner[0]);

  for (int i = 0; i < 6; i++)
    show_still (self, i % 2 == 0 ? white : black);
  media_stage_set_transition_ms (self->stage, 0);
  show_still (self, white);
  fixture_wait_until (fixture_see (self).corner[0] > WHITE);
  fixture_wait_frames (self, 15);
  g_assert_cmpint (fixture_see (self).corner[0], >, WHITE);
  fixture_assert_continuous (self);
}

static void
on_dead (gpointer  data,
         GObject  *object)
{
  (*(int *) data)++;
}

/* The old source lives until the fade is over, and no longer. */
static void
test_old_source_goes (Fixture       *self,
                      gconstpointer  unused)
{
  int n_dead = 0;

  media_stage_set_transition_ms (self->stage, TRANSITION_MS);
  for (int i = 0; i < 4; i++)
    {
      MediaSource *source = media_source_test_new ();

      g_object_weak_ref (G_OBJECT (source), on_dead, &n_dead);
      g_assert_true (fixture_show (self, source, NULL));
      g_assert_cmpint (n_dead, <, i + 1);
      fixture_wait_until (n_dead == i);
    }

  media_stage_clear (self->stage);
  fixture_wait_until (n_dead == 4);
  fixture_assert_continuous (self);
}

/* Cancelled, refused, superseded and stopped while it waits or fades: each has a sound entrance of
 * its own by then. */
static void
test_interrupted (Fixture       *self,
                  gconstpointer  unused)
{
  g_autofree char *broken = fixture_write (self, "broken.webm", "no film", 7);
  g_autoptr (GError) error = NULL;

  media_stage_set_transition_ms (self->stage, TRANSITION_MS);
  for (int i = 0; i < 5; i++)
    {
      g_autoptr (MediaSource) superseded = media_source_test_new ();

      g_assert_true (fixture_show (self, media_source_test_new (), &error));
      g_assert_false (fixture_show (self, media_source_file_new (broken, FALSE), NULL));
      media_stage_show_async (self->stage, superseded, NULL, NULL, NULL);
      for (int turns = 0; turns < i; turns++)
        fixture_iterate ();
    }

  fixture_assert_continuous (self);
}

/* Two tones of the same height in any phase: neither is cut, and the sound does not stop on the
 * way. */
static void
test_sound_goes_over (Fixture       *self,
                      gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  unsigned n_sounds;
  int peak;

  media_stage_set_transition_ms (self->stage, TRANSITION_MS);
  g_assert_true (fixture_show (self, media_source_test_new (), &error));
  fixture_wait_until (fixture_get_peak (self, 0) > 5000);

  for (int i = 0; i < 4; i++)
    {
      g_assert_true (fixture_show (self, media_source_test_new (), &error));
      g_assert_no_error (error);
      fixture_wait_frames (self, TRANSITION_MS * FPS / 1000 + 15);
      n_sounds = fixture_count_sounds (self);
      fixture_wait_until (fixture_count_sounds (self) > n_sounds + 5);
      peak = fixture_get_peak (self, n_sounds);
      g_assert_cmpint (peak, >, 5000);
      g_assert_cmpint (peak, <, 7500); /* only one of them is left */
    }

  /* To a still: it ends. */
  media_stage_clear (self->stage);
  fixture_wait_until (media_stage_get_source (self->stage) == NULL);
  fixture_wait_frames (self, TRANSITION_MS * FPS / 1000 + 15);
  n_sounds = fixture_count_sounds (self);
  fixture_wait_until (fixture_count_sounds (self) > n_sounds + 5);
  g_assert_cmpint (fixture_get_peak (self, n_sounds), ==, 0);
  fixture_assert_continuous (self);
}

/* With more than one entrance, or with none that brings anything, the mixer still keeps to its
 * clock. */
static void
test_sound_keeps_time (Fixture       *self,
                       gconstpointer  unused)
{
  g_autofree char *white = render_still (self, "white.png", "white");
  OutputSound last;

  media_stage_set_transition_ms (self->stage, TRANSITION_MS);
  for (int i = 0; i < 3; i++)
    {
      fixture_show (self, media_source_test_new (), NULL);
      fixture_wait_frames (self, 5);
      show_still (self, white);
      fixture_wait_frames (self, 5);
    }

  g_mutex_lock (&self->lock);
  last = g_array_index (self->sounds, OutputSound, self->sounds->len - 1);
  g_mutex_unlock (&self->lock);
  g_assert_cmpuint (last.pts, <,
                    gst_element_get_current_running_time (media_stage_get_pipeline (self->stage)) +
                      100 * GST_MSECOND);
  fixture_assert_continuous (self);
}

/* --- the presenter -------------------------------------------------------- */

static void
test_presenter (Fixture       *self,
                gconstpointer  unused)
{
  g_autofree char *black = render_still (self, "black.png", "black");
  g_autofree char *white = render_still (self, "white.png", "white");
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaSource) camera = media_source_picture_new (white);
  g_autoptr (MediaSource) missing = media_source_picture_new ("/nowhere/camera.png");

  show_still (self, black);
  fixture_wait_until (fixture_see (self).right < BLACK);

  g_assert_true (fixture_set_presenter (self, camera, MEDIA_CORNER_TOP_RIGHT, &error));
  g_assert_no_error (error);
  g_assert_true (media_stage_get_presenter (self->stage) == camera);
  fixture_wait_until (fixture_see (self).right > WHITE);
  g_assert_cmpint (fixture_see (self).left, <, BLACK);
  g_assert_cmpint (fixture_see (self).corner[0], <, BLACK);

  /* Over whatever is shown, also while that fades. */
  media_stage_set_transition_ms (self->stage, TRANSITION_MS);
  g_assert_true (fixture_show (self, media_source_test_new (), &error));
  fixture_wait_frames (self, 15);
  g_assert_cmpint (fixture_see (self).right, >, WHITE);
  show_still (self, black);
  fixture_wait_until (fixture_see (self).corner[0] < BLACK && fixture_see (self).left < BLACK);
  g_assert_cmpint (fixture_see (self).right, >, WHITE);

  g_assert_true (fixture_set_presenter (self, camera, MEDIA_CORNER_TOP_LEFT, &error));
  fixture_wait_until (fixture_see (self).left > WHITE && fixture_see (self).right < BLACK);

  g_assert_false (fixture_set_presenter (self, missing, MEDIA_CORNER_TOP_LEFT, &error));
  g_assert_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND);
  fixture_wait_until (fixture_see (self).left < BLACK);
  g_assert_null (media_stage_get_presenter (self->stage));
  g_assert_cmpint (self->n_lost, ==, 0);
  fixture_assert_continuous (self);
}

/* A camera that moves, and is heard, beside a still: the still's frames are new ones now. */
static void
test_presenter_moves_and_is_heard (Fixture       *self,
                                   gconstpointer  unused)
{
  g_autofree char *black = render_still (self, "black.png", "black");
  g_autoptr (MediaSource) camera = media_source_test_new ();
  g_autoptr (GError) error = NULL;
  unsigned n_sounds;

  show_still (self, black);
  g_assert_true (fixture_set_presenter (self, camera, MEDIA_CORNER_TOP_RIGHT, &error));
  g_assert_no_error (error);
  fixture_wait_until (fixture_see (self).right > BLACK);
  n_sounds = fixture_count_sounds (self);
  fixture_wait_until (fixture_get_peak (self, n_sounds) > 5000);
  g_assert_cmpint (fixture_see (self).corner[0], <, BLACK);

  g_object_add_weak_pointer (G_OBJECT (camera), (gpointer *) &camera);
  g_assert_true (fixture_set_presenter (self, NULL, MEDIA_CORNER_TOP_RIGHT, &error));
  fixture_wait_until (fixture_see (self).right < BLACK);
  g_object_unref (camera);
  fixture_wait_until (camera == NULL); /* closed, and its device is free */
  n_sounds = fixture_count_sounds (self) + 10;
  fixture_wait_until (fixture_count_sounds (self) > n_sounds + 5);
  g_assert_cmpint (fixture_get_peak (self, n_sounds), ==, 0);
  fixture_assert_continuous (self);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

#define ADD(name, function) \
  g_test_add (name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("/transition/fades-in-even-steps", test_fades_in_even_steps);
  ADD ("/transition/switch-during-a-fade", test_switch_during_a_fade);
  ADD ("/transition/old-source-goes", test_old_source_goes);
  ADD ("/transition/interrupted", test_interrupted);
  ADD ("/transition/sound-goes-over", test_sound_goes_over);
  ADD ("/transition/sound-keeps-time", test_sound_keeps_time);
  ADD ("/presenter/over-anything", test_presenter);
  ADD ("/presenter/moves-and-is-heard", test_presenter_moves_and_is_heard);
#undef ADD

  return g_test_run ();
}
