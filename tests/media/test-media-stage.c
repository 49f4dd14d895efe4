/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"

/* Trap: a compositor without input puts out black, and begins anew at zero when its first frame
 * arrives. */
static void
test_begins_even (void)
{
  for (int i = 0; i < 20; i++)
    {
      Fixture fixture = { NULL };

      fixture_set_up (&fixture, NULL);
      fixture_wait_frames (&fixture, 5);
      fixture_assert_continuous (&fixture);
      g_assert_cmpuint (fixture_get_frame (&fixture, 0).corner[0], >, 30);
      fixture_tear_down (&fixture, NULL);
    }
}

static void
test_counter_rises_by_one (Fixture       *self,
                           gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  unsigned first, n_odd = 0;

  g_assert_true (fixture_show (self, media_source_test_new (), &error));
  g_assert_no_error (error);
  first = fixture_count_frames (self) + 15; /* a source that starts may stumble */
  fixture_wait_until (fixture_count_frames (self) > first + 90);

  for (unsigned i = first + 1; i <= first + 90; i++)
    {
      OutputFrame before = fixture_get_frame (self, i - 1);
      OutputFrame frame = fixture_get_frame (self, i);

      g_assert_true (before.has_stamp && frame.has_stamp);
      g_assert_cmpuint (frame.counter, >=, before.counter); /* never back */
      if (frame.counter != before.counter + 1)
        {
          n_odd++;
          g_test_message ("frame %u: %u after %u", i, frame.counter, before.counter);
        }
    }

  /* A machine under load misses some; without the pacer it would be most. */
  g_assert_cmpuint (n_odd, <=, 45);
  fixture_assert_continuous (self);
}

typedef struct
{
  gboolean is_done;
  GError *error;
} Outcome;

static void
on_shown (GObject      *stage,
          GAsyncResult *result,
          gpointer      user_data)
{
  Outcome *outcome = user_data;

  media_stage_show_finish (MEDIA_STAGE (stage), result, &outcome->error);
  outcome->is_done = TRUE;
}

static void
begin_show (Fixture      *self,
            MediaSource  *source,
            GCancellable *cancellable,
            Outcome      *outcome)
{
  *outcome = (Outcome) { FALSE, NULL };
  media_stage_show_async (self->stage, source, cancellable, on_shown, outcome);
  g_object_unref (source);
}

/* Of ten requests at once the last one wins, and every one is answered once. */
static void
test_newer_supersedes (Fixture       *self,
                       gconstpointer  unused)
{
  Outcome outcomes[10];
  MediaSource *last = media_source_test_new ();

  for (int i = 0; i < 9; i++)
    begin_show (self, media_source_test_new (), NULL, &outcomes[i]);
  g_object_ref (last);
  begin_show (self, last, NULL, &outcomes[9]);

  for (int i = 0; i < 10; i++)
    {
      fixture_wait_until (outcomes[i].is_done);
      if (i < 9)
        g_assert_error (outcomes[i].error, MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED);
      else
        g_assert_no_error (outcomes[i].error);
      g_clear_error (&outcomes[i].error);
    }

  g_assert_true (media_stage_get_source (self->stage) == last);
  g_object_unref (last);
  fixture_assert_continuous (self);
}

/* At any moment of its start: cancelled or shown, and the stage is none the worse. */
static void
test_cancel (Fixture       *self,
             gconstpointer  unused)
{
  for (int turns = 0; turns < 12; turns++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Outcome outcome;

      begin_show (self, media_source_test_new (), cancellable, &outcome);
      for (int i = 0; i < turns && !outcome.is_done; i++)
        fixture_iterate ();
      g_cancellable_cancel (cancellable);
      fixture_wait_until (outcome.is_done);
      if (outcome.error != NULL)
        g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&outcome.error);
    }

  fixture_wait_frames (self, 3);
  fixture_assert_continuous (self);
}

static void
test_stop_while_starting (void)
{
  for (int turns = 0; turns < 12; turns++)
    {
      Fixture fixture = { NULL };
      Outcome outcome;

      fixture_set_up (&fixture, NULL);
      begin_show (&fixture, media_source_test_new (), NULL, &outcome);
      for (int i = 0; i < turns; i++)
        fixture_iterate ();
      fixture_tear_down (&fixture, NULL);
      g_assert_true (outcome.is_done);
      g_clear_error (&outcome.error);
    }
}

static void
on_stopped (GObject      *stage,
            GAsyncResult *result,
            gpointer      user_data)
{
  ((Outcome *) user_data)->is_done = TRUE;
}

static void
on_shown_in_vain (GObject      *stage,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Outcome *outcome = user_data;

  g_assert_false (media_stage_show_finish (MEDIA_STAGE (stage), result, &outcome->error));
  media_stage_stop_async (MEDIA_STAGE (stage), on_stopped, outcome);
}

/* As a view-finder does whose camera does not open. Once the stage freed what had failed a second
 * time after that, and the program fell. */
static void
test_stop_when_it_fails (void)
{
  enum { IS_LATE, IS_MISSING, IS_CANCELLED, N_WAYS };

  for (int way = 0; way < N_WAYS; way++)
    {
      Fixture fixture = { NULL };
      Outcome outcome = { FALSE, NULL };
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (MediaSource) source = way == IS_MISSING
                                         ? media_source_picture_new ("/nowhere/missing.jpg")
                                         : media_source_test_new ();

      fixture_set_up (&fixture, NULL);
      media_stage_set_start_limit_ms (fixture.stage, way == IS_LATE ? 0 : 60 * 1000);
      media_stage_show_async (fixture.stage, source, cancellable, on_shown_in_vain, &outcome);
      if (way == IS_CANCELLED)
        g_cancellable_cancel (cancellable);
      fixture_wait_until (outcome.is_done);
      g_assert_nonnull (outcome.error);
      g_clear_error (&outcome.error);
      fixture_tear_down (&fixture, NULL);
    }
}

static void
test_clear (Fixture       *self,
            gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  MediaSource *source = media_source_test_new ();

  g_object_add_weak_pointer (G_OBJECT (source), (gpointer *) &source);
  g_assert_true (fixture_show (self, source, &error));
  g_assert_no_error (error);
  fixture_wait_until (fixture_see (self).has_stamp);

  media_stage_clear (self->stage);
  fixture_wait_until (!fixture_see (self).has_stamp);
  fixture_wait_until (media_stage_get_source (self->stage) == NULL);
  fixture_wait_until (source == NULL);
  g_assert_cmpint (self->n_lost, ==, 0);
  fixture_assert_continuous (self);
}

/* The old content stays until the new one has its first frame: the slate is never seen in
 * between. */
static void
test_no_slate_between (Fixture       *self,
                       gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  unsigned first;

  g_assert_true (fixture_show (self, media_source_test_new (), &error));
  fixture_wait_until (fixture_see (self).has_stamp);
  first = fixture_count_frames (self);

  for (int i = 0; i < 10; i++)
    {
      g_assert_true (fixture_show (self, media_source_test_new (), &error));
      g_assert_no_error (error);
      fixture_wait_frames (self, 2);
    }

  for (unsigned i = first; i < fixture_count_frames (self); i++)
    g_assert_true (fixture_get_frame (self, i).has_stamp);
  fixture_assert_continuous (self);
}

/* A sink that always comes too late asks upstream to skip frames; the other branches must not miss
 * them. */
static void
test_late_preview (Fixture       *self,
                   gconstpointer  unused)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);

  g_object_set (sink, "sync", TRUE, "qos", TRUE, "ts-offset", -(int64_t) GST_SECOND, "max-lateness",
                (int64_t) 0, NULL);
  media_stage_set_preview_sink (self->stage, sink);
  fixture_wait_frames (self, 30);
  media_stage_set_preview_sink (self->stage, NULL);
  fixture_wait_frames (self, 10);
  media_stage_set_preview_sink (self->stage, gst_element_factory_make ("fakesink", NULL));
  fixture_wait_frames (self, 10);
  fixture_assert_continuous (self);
}

static GstPadProbeReturn
delay_once (GstPad          *pad,
            GstPadProbeInfo *info,
            gpointer         user_data)
{
  g_usleep (300 * 1000); /* a thread that does not get its turn */

  return GST_PAD_PROBE_REMOVE;
}

/* The compositor throws away what comes to it too late. A still has one frame only: it must come
 * again. */
static void
test_late_still (Fixture       *self,
                 gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fixture_render (self, "white.jpg",
                                          "videotestsrc num-buffers=1 pattern=white ! jpegenc");
  g_autoptr (GstElement) entrance =
    gst_bin_get_by_name (GST_BIN (media_stage_get_pipeline (self->stage)), "video-in");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (entrance, "src");

  fixture_wait_frames (self, 15); /* the slate has come, and nothing else is under way */
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, delay_once, NULL, NULL);
  fixture_show (self, media_source_picture_new (path), &error);
  g_assert_no_error (error);
  fixture_wait_until (fixture_see (self).corner[0] > 200);
  fixture_assert_continuous (self);
}

static void
count_frame (GstElement *sink,
             GstBuffer  *buffer,
             GstPad     *pad,
             gpointer    user_data)
{
  g_atomic_int_inc ((int *) user_data);
}

static void
release_count (gpointer  n_frames,
               GClosure *closure)
{
  g_atomic_rc_box_release (n_frames);
}

/* A sharer's window shows the view-finder at one time and the stage at another. */
static void
test_preview_moves (Fixture       *self,
                    gconstpointer  unused)
{
  g_autoptr (GstElement) sink = gst_object_ref_sink (gst_element_factory_make ("fakesink", NULL));
  Fixture other = { NULL };
  int *n_frames = g_atomic_rc_box_new0 (int);
  int before;

  g_object_set (sink, "signal-handoffs", TRUE, NULL);
  g_signal_connect_data (sink, "handoff", G_CALLBACK (count_frame), n_frames, release_count, 0);
  fixture_set_up (&other, NULL);

  for (int i = 0; i < 10; i++)
    {
      MediaStage *from = i % 2 == 0 ? other.stage : self->stage;
      MediaStage *to = i % 2 == 0 ? self->stage : other.stage;

      /* At once: nobody has read the messages of the old place. */
      media_stage_set_preview_sink (from, NULL);
      media_stage_set_preview_sink (to, sink);
      before = g_atomic_int_get (n_frames);
      fixture_wait_until (g_atomic_int_get (n_frames) > before + 2);
    }

  media_stage_set_preview_sink (other.stage, NULL);
  fixture_tear_down (&other, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add_func ("/stage/begins-even", test_begins_even);
  g_test_add ("/stage/test-camera/counter-rises-by-one", Fixture, NULL, fixture_set_up,
              test_counter_rises_by_one, fixture_tear_down);

  g_test_add_func ("/stage/stop-while-starting", test_stop_while_starting);
  g_test_add_func ("/stage/stop-when-it-fails", test_stop_when_it_fails);
#define ADD(name, function) \
  g_test_add ("/stage/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("newer-supersedes", test_newer_supersedes);
  ADD ("cancel", test_cancel);
  ADD ("clear", test_clear);
  ADD ("no-slate-between", test_no_slate_between);
  ADD ("late-preview", test_late_preview);
  ADD ("late-still", test_late_still);
  ADD ("preview-moves", test_preview_moves);
#undef ADD

  return g_test_run ();
}
