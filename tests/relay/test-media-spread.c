/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Several viewers and one relay: what they show, and when. No time is judged by how long something
 * takes: a frame must never come before its moment, and those that were in time everywhere were
 * seen at the same. */

#include "config.h"

#include "media-town.h"

#include <stdlib.h>

#define DELAY_MS 400
#define OFFSET_NS (5000 * G_GINT64_CONSTANT (1000000000)) /* the share's clock before ours */
#define N_FRAMES 20
#define MS G_GINT64_CONSTANT (1000000)

typedef struct
{
  int64_t moment_ns;
  int64_t shown_ns;
} Shown;

typedef struct
{
  Person person;
  MediaClock *clock;
  unsigned n_pages;
  unsigned page;
  GMutex lock;
  GArray *shown;    /* under the lock */
} Watcher;

static int64_t
now_ns (void)
{
  return g_get_monotonic_time () * 1000;
}

/* Answers that took @way_ns there and as long back. */
static void
answer (MediaClock *clock,
        int64_t     way_ns)
{
  for (int i = 0; i < 8; i++)
    {
      int64_t now = now_ns ();

      media_clock_observe (clock, now - 2 * way_ns, now - way_ns + OFFSET_NS, now);
    }
}

/* In the streaming thread, when the frame is shown. */
static void
on_shown (GstElement *sink,
          GstBuffer  *buffer,
          GstPad     *pad,
          Watcher    *self)
{
  Shown shown = { media_viewer_get_moment (self->person.viewer), now_ns () };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_array_append_val (self->shown, shown);
}

static void
on_page (MediaViewer *viewer,
         unsigned     number,
         unsigned     page,
         Watcher     *self)
{
  self->n_pages++;
  self->page = page;
}

/* @way_ns: how far it is to the relay's clock; -1: out of reach. */
static Watcher *
watcher_new (Town       *town,
             const char *who,
             int64_t     way_ns)
{
  g_autofree char *token = g_strconcat (who, "-token", NULL);
  g_autoptr (MediaEndpoint) endpoint = NULL;
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  Watcher *self = g_new0 (Watcher, 1);
  g_autoptr (GError) error = NULL;

  relay_fanout_admit (RELAY_FANOUT (town->relay), "s1", who, token);
  endpoint = town_endpoint (town, "s1", who, token, MEDIA_CODEC_H264);
  g_mutex_init (&self->lock);
  self->shown = g_array_new (FALSE, FALSE, sizeof (Shown));
  self->clock = media_clock_new ();
  if (way_ns >= 0)
    answer (self->clock, way_ns);
  g_object_set (sink, "signal-handoffs", TRUE, NULL);
  g_signal_connect (sink, "handoff", G_CALLBACK (on_shown), self);

  self->person.viewer = media_viewer_new (endpoint, sink, FALSE);
  media_viewer_set_clock (self->person.viewer, self->clock);
  g_signal_connect (self->person.viewer, "page-shown", G_CALLBACK (on_page), self);
  media_viewer_start (self->person.viewer, &error);
  g_assert_no_error (error);

  return self;
}

static void
watcher_free (Watcher *self)
{
  Person *person = g_new0 (Person, 1);

  *person = self->person;
  g_signal_handlers_disconnect_by_data (person->viewer, self);
  person_free (person);
  media_clock_unref (self->clock);
  g_array_unref (self->shown);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static unsigned
count_shown (Watcher *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->shown->len;
}

static MediaViewerStats
get_stats (Watcher *self)
{
  MediaViewerStats stats;

  media_viewer_get_stats (self->person.viewer, &stats);

  return stats;
}

static Person *
publish (Town     *town,
         unsigned  delay_ms)
{
  g_autoptr (MediaEndpoint) endpoint = NULL;
  g_autoptr (MediaClock) clock = media_clock_new ();
  Person *alice = g_new0 (Person, 1);
  g_autoptr (GError) error = NULL;

  town_start_stage (town, 320, 180);
  relay_fanout_open (RELAY_FANOUT (town->relay), "s1", "alice", "alice-token");
  endpoint = town_endpoint (town, "s1", "alice", "alice-token", MEDIA_CODEC_H264);
  answer (clock, 0);
  alice->publisher = media_publisher_new (town->stage, endpoint);
  media_publisher_set_clock (alice->publisher, clock);
  media_publisher_set_delay_ms (alice->publisher, delay_ms);
  media_publisher_start (alice->publisher, &error);
  g_assert_no_error (error);
  town_wait_until (town_has_event (town, "publishing s1"));

  return alice;
}

/* From the first frame on nothing is shown before its moment. */
static void
assert_never_early (Watcher *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (unsigned i = 0; i < self->shown->len; i++)
    {
      const Shown *shown = &g_array_index (self->shown, Shown, i);

      g_assert_cmpint (shown->moment_ns, >, OFFSET_NS);
      g_assert_cmpint (shown->shown_ns, >=, shown->moment_ns - OFFSET_NS - MS);
    }
}

/* How many frames both have shown, and how many of them less than 5 ms apart. */
static unsigned
count_common (Watcher  *a,
              Watcher  *b,
              unsigned *out_n_together)
{
  unsigned n = 0;

  *out_n_together = 0;
  g_mutex_lock (&a->lock);
  g_mutex_lock (&b->lock);
  for (unsigned i = 0; i < a->shown->len; i++)
    for (unsigned j = 0; j < b->shown->len; j++)
      {
        const Shown *x = &g_array_index (a->shown, Shown, i),
                    *y = &g_array_index (b->shown, Shown, j);

        if (x->moment_ns == y->moment_ns)
          {
            n++;
            *out_n_together += llabs (x->shown_ns - y->shown_ns) < 5 * MS;
          }
      }
  g_mutex_unlock (&b->lock);
  g_mutex_unlock (&a->lock);

  return n;
}

static gboolean
are_together (Watcher *a,
              Watcher *b)
{
  unsigned n_together;

  return count_common (a, b, &n_together) >= N_FRAMES && n_together >= N_FRAMES / 2;
}

/* One who is there from the beginning, one who comes late over a long way, and one who comes
 * back. */
static void
test_together (Town          *town,
               gconstpointer  unused)
{
  Person *alice = publish (town, DELAY_MS);
  Watcher *emily = watcher_new (town, "emily", 0);
  Watcher *fred, *grace;

  town_wait_until (count_shown (emily) >= N_FRAMES);
  fred = watcher_new (town, "fred", 60 * MS);
  grace = watcher_new (town, "grace", 0);
  town_wait_until (count_shown (grace) >= 1);
  watcher_free (grace);
  grace = watcher_new (town, "grace", 0);

  town_wait_until (are_together (emily, fred) && are_together (emily, grace));
  assert_never_early (emily);
  assert_never_early (fred);
  assert_never_early (grace);

  watcher_free (grace);
  watcher_free (fred);
  watcher_free (emily);
  person_free (alice);
}

/* The delay and the page change with a frame, for all; the statistics tell. */
static void
test_told (Town          *town,
           gconstpointer  unused)
{
  Person *alice = publish (town, DELAY_MS);
  Watcher *emily = watcher_new (town, "emily", 0);

  town_wait_until (get_stats (emily).delay_ms == DELAY_MS);
  g_assert_cmpuint (emily->n_pages, ==, 0);
  media_publisher_set_page (alice->publisher, 3);
  media_publisher_set_delay_ms (alice->publisher, DELAY_MS + 200);
  town_wait_until (get_stats (emily).delay_ms == DELAY_MS + 200);
  town_wait_until (emily->n_pages == 1 && emily->page == 3);
  town_wait_until (get_stats (emily).slack_ms > 0 && get_stats (emily).kbits > 0);
  g_assert_cmpfloat (get_stats (emily).clock_error_ms, >=, 0);

  /* Less again: the frames that were waiting come first, and none is lost of those that follow. */
  media_publisher_set_delay_ms (alice->publisher, DELAY_MS);
  media_publisher_set_page (alice->publisher, 4);
  town_wait_until (emily->n_pages == 2 && emily->page == 4 &&
                   get_stats (emily).delay_ms == DELAY_MS);
  assert_never_early (emily);

  watcher_free (emily);
  person_free (alice);
}

/* Without the share's time frames are shown nevertheless, and as soon as it is known at their
 * moments. */
static void
test_unknown_clock (Town          *town,
                    gconstpointer  unused)
{
  Person *alice = publish (town, DELAY_MS);
  Watcher *emily = watcher_new (town, "emily", -1);

  town_wait_until (count_shown (emily) >= 5);
  g_assert_cmpint (get_stats (emily).hindrance, ==, MEDIA_HINDRANCE_CLOCK);
  g_assert_cmpfloat (get_stats (emily).clock_error_ms, ==, -1);

  answer (emily->clock, 0);
  town_wait_until (get_stats (emily).slack_ms > 0);

  watcher_free (emily);
  person_free (alice);
}

/* No delay at all: everything is late, everything is shown, and it is said why. */
static void
test_late (Town          *town,
           gconstpointer  unused)
{
  Person *alice = publish (town, 0);
  Watcher *emily = watcher_new (town, "emily", 0);

  town_wait_until (count_shown (emily) >= N_FRAMES);
  town_wait_until (get_stats (emily).slack_ms < 0 &&
                   get_stats (emily).hindrance == MEDIA_HINDRANCE_NETWORK);
  g_assert_cmpuint (get_stats (emily).n_lost_packets, ==, 0);

  watcher_free (emily);
  person_free (alice);
}

/* Whoever knows no clock sees what comes, as ever. */
static void
test_without (Town          *town,
              gconstpointer  unused)
{
  Person *alice = publish (town, DELAY_MS);
  Person *emily;

  relay_fanout_admit (RELAY_FANOUT (town->relay), "s1", "emily", "emily-token");
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 40);
  town_wait_until (person_count_frames (emily) >= N_FRAMES);

  person_free (emily);
  person_free (alice);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

  g_test_add ("/spread/same-moment-for-all", Town, NULL, town_set_up, test_together,
              town_tear_down);
  g_test_add ("/spread/delay-and-page-go-with-the-frame", Town, NULL, town_set_up, test_told,
              town_tear_down);
  g_test_add ("/spread/the-clock-may-come-later", Town, NULL, town_set_up, test_unknown_clock,
              town_tear_down);
  g_test_add ("/spread/late-frames-are-shown-and-said", Town, NULL, town_set_up, test_late,
              town_tear_down);
  g_test_add ("/spread/without-a-clock-as-ever", Town, NULL, town_set_up, test_without,
              town_tear_down);

  return town_run ();
}
