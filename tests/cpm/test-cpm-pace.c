/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cpm-message.h"
#include "cpm-pace.h"

#include "cpm-json.h"

#include <math.h>

#define SECOND_US ((int64_t) 1000000)
#define SHARE "01920000-0000-7000-8000-000000000001"

/* A viewer, and the way to it: what is too much for it waits there. */
typedef struct
{
  const char *who;
  int way_ms;
  int jitter_ms;
  unsigned capacity_kbits; /* 0: all */
  unsigned max_frames;     /* its computer can show, or 0 */
  int64_t offset_us;
  int64_t clock_error_us;

  double queue_ms;
  unsigned n_bad; /* seconds in which it did not see all */
} Viewer;

/* A share, and the sharer, who does at once what the pace says. */
typedef struct
{
  CpmPace *pace;
  GRand *rand;
  Viewer viewers[4];
  unsigned n_viewers;
  unsigned fps;
  int64_t now_us;
} Town;

static Town *
town_new (void)
{
  Town *self = g_new0 (Town, 1);

  self->pace = cpm_pace_new ();
  self->rand = g_rand_new_with_seed (4);
  self->fps = 30;
  self->now_us = 1000 * SECOND_US;

  return self;
}

static void
town_free (Town *self)
{
  cpm_pace_free (self->pace);
  g_rand_free (self->rand);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Town, town_free)

static Viewer *
add (Town       *self,
     const char *who,
     int         way_ms,
     int         jitter_ms)
{
  Viewer *viewer = &self->viewers[self->n_viewers++];

  g_assert_cmpuint (self->n_viewers, <=, G_N_ELEMENTS (self->viewers));
  *viewer = (Viewer){ .who = who, .way_ms = way_ms, .jitter_ms = jitter_ms, .clock_error_us = 100 };

  return viewer;
}

static void
take_away (Town *self)
{
  self->n_viewers--;
  cpm_pace_forget (self->pace, self->viewers[self->n_viewers].who);
}

static CpmPaceReport
look (Town   *self,
      Viewer *viewer)
{
  gboolean is_low = cpm_pace_get_rendition (self->pace, viewer->who) == 1;
  unsigned sent = is_low ? MAX (150, cpm_pace_get_kbits (self->pace) / 5)
                         : cpm_pace_get_kbits (self->pace);
  unsigned capacity = viewer->capacity_kbits != 0 ? viewer->capacity_kbits : 100000;
  double share_of = MIN (1.0, (double) capacity / sent);
  int delay_ms = (int) cpm_pace_get_delay_ms (self->pace);
  CpmPaceReport report = { .delay_ms = delay_ms,
                           .kbits = MIN (sent, capacity),
                           .clock_error_us = viewer->clock_error_us };
  int jitter_ms = viewer->jitter_ms > 0 ? g_rand_int_range (self->rand, 0, viewer->jitter_ms + 1)
                                        : 0;

  /* Of what waits, the relay leaves out what is older than two seconds. */
  viewer->queue_ms = CLAMP (viewer->queue_ms + 1000.0 * ((double) sent / capacity - 1), 0, 2000);
  report.frames = (unsigned) (self->fps * share_of);
  if (viewer->max_frames != 0 && !is_low && report.frames > viewer->max_frames)
    {
      report.frames = viewer->max_frames;
      report.hindrance = CPM_HINDRANCE_COMPUTER;
    }
  report.slack_ms = delay_ms - viewer->way_ms - jitter_ms - (int) viewer->queue_ms;
  report.offset_us = viewer->offset_us + MAX (0, -report.slack_ms) * 1000;
  if (report.slack_ms < 0 && share_of < 1)
    report.hindrance = CPM_HINDRANCE_NETWORK;
  viewer->n_bad += report.slack_ms < 0 || report.frames < self->fps;

  return report;
}

static void
pass (Town     *self,
      unsigned  seconds)
{
  for (; seconds > 0; seconds--)
    {
      for (unsigned i = 0; i < self->n_viewers; i++)
        {
          CpmPaceReport report = look (self, &self->viewers[i]);

          cpm_pace_report (self->pace, self->viewers[i].who, &report, self->now_us);
        }
      cpm_pace_step (self->pace, self->now_us);
      self->now_us += SECOND_US;
    }
}

static void
test_nobody (void)
{
  g_autoptr (CpmPace) pace = cpm_pace_new ();

  for (int i = 0; i < 100; i++)
    cpm_pace_step (pace, i * SECOND_US);
  g_assert_cmpuint (cpm_pace_get_n_viewers (pace), ==, 0);
  g_assert_cmpint (cpm_pace_get_spread_us (pace), ==, -1);
  g_assert_cmpuint (cpm_pace_get_delay_ms (pace), ==, 120);
  g_assert_cmpuint (cpm_pace_get_kbits (pace), ==, CPM_PACE_MAX_KBITS);
  g_assert_cmpuint (cpm_pace_get_renditions (pace), ==, 1);
}

/* Quickly up for whom it is too short, slowly down when that one has left. */
static void
test_delay_follows_slowest (void)
{
  g_autoptr (Town) town = town_new ();
  unsigned before;

  add (town, "anna@a.test", 5, 2);
  add (town, "bea@a.test", 40, 40);
  pass (town, 30);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), >=, 90);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), <=, 120);

  add (town, "carl@a.test", 240, 20);
  pass (town, 4);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), >=, 260);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), <=, 290);
  pass (town, 60);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), >=, 260);
  g_assert_cmpuint (cpm_pace_get_renditions (town->pace), ==, 1);
  g_assert_cmpuint (cpm_pace_get_kbits (town->pace), ==, CPM_PACE_MAX_KBITS);
  g_assert_cmpint (cpm_pace_get_hindrance (town->pace, "carl@a.test"), ==, CPM_HINDRANCE_NONE);
  g_assert_cmpuint (town->viewers[2].n_bad, <=, 4);

  take_away (town);
  before = cpm_pace_get_delay_ms (town->pace);
  pass (town, 1);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), ==, before - 10);
  pass (town, 40);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), <=, 120);
}

static void
test_hopeless_does_not_count (void)
{
  g_autoptr (Town) town = town_new ();

  add (town, "anna@a.test", 20, 5);
  add (town, "bea@a.test", 900, 5);
  pass (town, 30);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), <, 120);
  g_assert_cmpint (cpm_pace_get_hindrance (town->pace, "bea@a.test"), ==, CPM_HINDRANCE_NETWORK);
  g_assert_cmpint (cpm_pace_get_hindrance (town->pace, "anna@a.test"), ==, CPM_HINDRANCE_NONE);
  g_assert_cmpuint (cpm_pace_get_n_viewers (town->pace), ==, 2);

  /* She moves nearer. */
  town->viewers[1].way_ms = 300;
  pass (town, 30);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), >=, 305);
  pass (town, 120);
  g_assert_cmpint (cpm_pace_get_hindrance (town->pace, "bea@a.test"), ==, CPM_HINDRANCE_NONE);
}

static void
test_silent_does_not_count (void)
{
  g_autoptr (Town) town = town_new ();

  add (town, "anna@a.test", 20, 5);
  add (town, "bea@a.test", 400, 5);
  pass (town, 20);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), >=, 400);

  town->n_viewers = 1;
  pass (town, 60);
  g_assert_cmpuint (cpm_pace_get_delay_ms (town->pace), <, 120);
  g_assert_cmpuint (cpm_pace_get_n_viewers (town->pace), ==, 1);
  g_assert_cmpint (cpm_pace_get_hindrance (town->pace, "bea@a.test"), ==, CPM_HINDRANCE_NETWORK);
}

/* Frames of before and after a change in one second say nothing. */
static void
test_change_of_delay_is_no_need (void)
{
  g_autoptr (CpmPace) pace = cpm_pace_new ();
  CpmPaceReport report = { .frames = 30, .delay_ms = 120, .slack_ms = 30, .kbits = 2000 };

  for (int i = 0; i < 5; i++)
    {
      cpm_pace_report (pace, "anna@a.test", &report, i * SECOND_US);
      cpm_pace_step (pace, i * SECOND_US);
    }
  report.delay_ms = 420; /* and of the frames before, one had still 30 */
  cpm_pace_report (pace, "anna@a.test", &report, 5 * SECOND_US);
  cpm_pace_step (pace, 5 * SECOND_US);
  g_assert_cmpuint (cpm_pace_get_delay_ms (pace), <=, 120);
}

/* Two of three see as before, the third one gets what it can take, and all again when it can. */
static void
test_one_with_little_room (void)
{
  g_autoptr (Town) town = town_new ();
  unsigned n_bad;

  add (town, "anna@a.test", 10, 5);
  add (town, "bea@a.test", 20, 5);
  add (town, "carl@a.test", 30, 5)->capacity_kbits = 800;
  pass (town, 12);
  g_assert_cmpuint (cpm_pace_get_rendition (town->pace, "carl@a.test"), ==, 1);
  g_assert_cmpuint (cpm_pace_get_rendition (town->pace, "anna@a.test"), ==, 0);
  g_assert_cmpuint (cpm_pace_get_renditions (town->pace), ==, 2);
  g_assert_cmpuint (cpm_pace_get_kbits (town->pace), ==, CPM_PACE_MAX_KBITS);
  g_assert_cmpint (cpm_pace_get_hindrance (town->pace, "carl@a.test"), ==, CPM_HINDRANCE_NETWORK);
  g_assert_cmpint (cpm_pace_get_hindrance (town->pace, "anna@a.test"), ==, CPM_HINDRANCE_NONE);

  pass (town, 600);
  g_assert_cmpuint (cpm_pace_get_kbits (town->pace), ==, CPM_PACE_MAX_KBITS);
  g_assert_cmpuint (town->viewers[0].n_bad, <=, 5);
  g_assert_cmpuint (town->viewers[1].n_bad, <=, 5);
  g_assert_cmpuint (town->viewers[2].n_bad, <, 100);

  n_bad = town->viewers[2].n_bad;
  town->viewers[2].capacity_kbits = 5000;
  pass (town, 300);
  g_assert_cmpuint (cpm_pace_get_renditions (town->pace), ==, 1);
  g_assert_cmpint (cpm_pace_get_hindrance (town->pace, "carl@a.test"), ==, CPM_HINDRANCE_NONE);
  g_assert_cmpuint (town->viewers[2].n_bad - n_bad, <, 20);
}

/* With one viewer, or when it is all of them, there is nobody for whom a second rendition would
 * be. */
static void
test_all_with_little_room (void)
{
  g_autoptr (Town) town = town_new ();

  add (town, "anna@a.test", 10, 5)->capacity_kbits = 1000;
  pass (town, 20);
  g_assert_cmpuint (cpm_pace_get_kbits (town->pace), <=, 1000);
  g_assert_cmpuint (cpm_pace_get_renditions (town->pace), ==, 1);
  pass (town, 580);
  g_assert_cmpuint (town->viewers[0].n_bad, <, 120);
  g_assert_cmpuint (cpm_pace_get_renditions (town->pace), ==, 1);

  town->viewers[0].capacity_kbits = 0;
  pass (town, 120);
  g_assert_cmpuint (cpm_pace_get_kbits (town->pace), ==, CPM_PACE_MAX_KBITS);
}

static void
test_slow_computer (void)
{
  g_autoptr (Town) town = town_new ();

  add (town, "anna@a.test", 10, 5);
  add (town, "bea@a.test", 10, 5)->max_frames = 12;
  pass (town, 10);
  g_assert_cmpint (cpm_pace_get_hindrance (town->pace, "bea@a.test"), ==, CPM_HINDRANCE_COMPUTER);
  g_assert_cmpuint (cpm_pace_get_rendition (town->pace, "bea@a.test"), ==, 1);
  g_assert_cmpuint (cpm_pace_get_kbits (town->pace), ==, CPM_PACE_MAX_KBITS);
}

/* Who keeps the high rendition has left: who is there now sets the measure. */
static void
test_only_low_ones_left (void)
{
  g_autoptr (Town) town = town_new ();

  add (town, "carl@a.test", 30, 5)->capacity_kbits = 800;
  add (town, "anna@a.test", 10, 5);
  pass (town, 20);
  g_assert_cmpuint (cpm_pace_get_rendition (town->pace, "carl@a.test"), ==, 1);
  take_away (town);
  pass (town, 20);
  g_assert_cmpuint (cpm_pace_get_renditions (town->pace), ==, 1);
  g_assert_cmpuint (cpm_pace_get_kbits (town->pace), <=, 1000);
}

/* The sharer's media are gone: nobody is slow. */
static void
test_nothing_flows (void)
{
  g_autoptr (Town) town = town_new ();

  add (town, "anna@a.test", 10, 5);
  add (town, "bea@a.test", 20, 5);
  pass (town, 20);
  town->fps = 0;
  pass (town, 20);
  town->fps = 30;
  pass (town, 1);
  g_assert_cmpuint (cpm_pace_get_renditions (town->pace), ==, 1);
  g_assert_cmpuint (cpm_pace_get_kbits (town->pace), ==, CPM_PACE_MAX_KBITS);
  g_assert_cmpint (cpm_pace_get_hindrance (town->pace, "anna@a.test"), ==, CPM_HINDRANCE_NONE);
}

/* A film of 60 frames a second, then one of 24. */
static void
test_fewer_frames_for_all (void)
{
  g_autoptr (Town) town = town_new ();

  add (town, "anna@a.test", 10, 5);
  add (town, "bea@a.test", 20, 5);
  town->fps = 60;
  pass (town, 20);
  town->fps = 24;
  pass (town, 60);
  g_assert_cmpuint (cpm_pace_get_renditions (town->pace), ==, 1);
  g_assert_cmpuint (cpm_pace_get_kbits (town->pace), ==, CPM_PACE_MAX_KBITS);
}

static void
test_spread (void)
{
  g_autoptr (Town) town = town_new ();

  add (town, "anna@a.test", 10, 5)->offset_us = 2000;
  pass (town, 20);
  g_assert_cmpint (cpm_pace_get_spread_us (town->pace), ==, -1);

  add (town, "bea@a.test", 20, 5)->offset_us = -500;
  add (town, "carl@a.test", 20, 5)->clock_error_us = 2000 * 1000;
  pass (town, 20);
  g_assert_cmpint (cpm_pace_get_spread_us (town->pace), ==, 2500 + (int64_t) hypot (100, 100));

  town->viewers[0].clock_error_us = 3000;
  town->viewers[1].clock_error_us = 4000;
  pass (town, 1);
  g_assert_cmpint (cpm_pace_get_spread_us (town->pace), ==, 2500 + 5000);
  take_away (town);
  take_away (town);
  pass (town, 1);
  g_assert_cmpint (cpm_pace_get_spread_us (town->pace), ==, -1);
}

static void
test_lost_packets (void)
{
  g_autoptr (CpmPace) pace = cpm_pace_new ();
  CpmPaceReport good = { .frames = 30, .delay_ms = 120, .slack_ms = 30, .kbits = 2000 };
  CpmPaceReport lossy = good;

  lossy.lost = 2;
  for (int i = 0; i < 20; i++)
    {
      cpm_pace_report (pace, "anna@a.test", &good, i * SECOND_US);
      cpm_pace_report (pace, "bea@a.test", &good, i * SECOND_US);
      cpm_pace_report (pace, "carl@a.test", &lossy, i * SECOND_US);
      cpm_pace_step (pace, i * SECOND_US);
    }
  g_assert_cmpint (cpm_pace_get_hindrance (pace, "carl@a.test"), ==, CPM_HINDRANCE_NONE);

  lossy.lost = 20;
  for (int i = 20; i < 25; i++)
    {
      cpm_pace_report (pace, "anna@a.test", &good, i * SECOND_US);
      cpm_pace_report (pace, "carl@a.test", &lossy, i * SECOND_US);
      cpm_pace_step (pace, i * SECOND_US);
    }
  g_assert_cmpint (cpm_pace_get_hindrance (pace, "carl@a.test"), ==, CPM_HINDRANCE_NETWORK);
}

static void
test_as_message (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (CpmMessage) message = NULL;
  JsonObject *body;
  JsonObject *slow;

  add (town, "anna@a.test", 10, 5);
  add (town, "bea@a.test", 20, 5);
  add (town, "carl@a.test", 30, 5)->capacity_kbits = 500;
  pass (town, 12);

  message = cpm_message_new (CPM_MESSAGE_SHARE_PACE, NULL, NULL,
                             cpm_pace_to_json (town->pace, SHARE));
  body = cpm_message_get_body (message);
  g_assert_cmpint (cpm_json_get_int (body, "viewers", 0), ==, 3);
  g_assert_cmpint (cpm_json_get_int (body, "renditions", 0), ==, 2);
  g_assert_cmpint (cpm_json_get_int (body, "spread_us", -1), ==, (int64_t) hypot (100, 100));
  g_assert_cmpuint (json_array_get_length (cpm_json_get_array (body, "slow")), ==, 1);
  slow = json_array_get_object_element (cpm_json_get_array (body, "slow"), 0);
  g_assert_cmpstr (cpm_json_get_string (slow, "who", NULL), ==, "carl@a.test");
  g_assert_cmpstr (cpm_json_get_string (slow, "hindrance", NULL), ==, "network");
}

static void
test_hindrances (void)
{
  for (CpmHindrance each = CPM_HINDRANCE_NONE; each <= CPM_HINDRANCE_CLOCK; each++)
    {
      CpmHindrance back;

      g_assert_true (cpm_hindrance_from_string (cpm_hindrance_to_string (each), &back));
      g_assert_cmpint (back, ==, each);
    }
  g_assert_false (cpm_hindrance_from_string ("weather", &(CpmHindrance) { 0 }));
  g_assert_false (cpm_hindrance_from_string (NULL, &(CpmHindrance) { 0 }));
}

/* What anybody may say. */
static CpmPaceReport
make_any (GRand *rand)
{
  gboolean is_wild = g_rand_int_range (rand, 0, 10) == 0;

  return (CpmPaceReport) {
    .frames = (unsigned) g_rand_int_range (rand, 0, is_wild ? 1001 : 31),
    .delay_ms = g_rand_int_range (rand, 0, is_wild ? 5001 : 601),
    .slack_ms = g_rand_int_range (rand, is_wild ? -60000 : -100, is_wild ? 60001 : 200),
    .offset_us = g_rand_int_range (rand, is_wild ? -60000000 : -5000, is_wild ? 60000001 : 5000),
    .clock_error_us = g_rand_int_range (rand, 0, is_wild ? 60000001 : 5000),
    .lost = (unsigned) g_rand_int_range (rand, 0, is_wild ? G_MAXINT32 : 2),
    .kbits = (unsigned) g_rand_int_range (rand, 0, is_wild ? G_MAXINT32 : 3000),
    .hindrance = (CpmHindrance) g_rand_int_range (rand, 0, CPM_HINDRANCE_CLOCK + 1),
  };
}

static void
assert_sane (CpmPace  *pace,
             unsigned  delay_before)
{
  unsigned delay_ms = cpm_pace_get_delay_ms (pace);
  g_autoptr (GPtrArray) viewers = cpm_pace_list_viewers (pace);
  gboolean any_low = FALSE;

  g_assert_cmpuint (delay_ms, >=, CPM_PACE_MIN_DELAY_MS);
  g_assert_cmpuint (delay_ms, <=, CPM_PACE_MAX_DELAY_MS);
  g_assert_cmpuint (delay_ms, <=, delay_before + 100);
  g_assert_cmpuint (delay_ms + 10, >=, delay_before);
  g_assert_cmpuint (cpm_pace_get_kbits (pace), >=, CPM_PACE_MIN_KBITS);
  g_assert_cmpuint (cpm_pace_get_kbits (pace), <=, CPM_PACE_MAX_KBITS);
  g_assert_cmpint (cpm_pace_get_spread_us (pace), >=, -1);
  g_assert_cmpuint (cpm_pace_get_n_viewers (pace), <=, viewers->len);

  for (unsigned i = 0; i < viewers->len; i++)
    {
      gboolean is_low = cpm_pace_get_rendition (pace, viewers->pdata[i]) == 1;

      any_low = any_low || is_low;
      if (is_low)
        g_assert_cmpint (cpm_pace_get_hindrance (pace, viewers->pdata[i]), !=, CPM_HINDRANCE_NONE);
    }
  g_assert_cmpuint (cpm_pace_get_renditions (pace), ==, any_low ? 2 : 1);
}

/* Whatever is said, in whatever order: the message fits its form, and nothing leaves its limits. */
static void
test_search (void)
{
  static const char *const people[] = { "a@a.test", "b@a.test", "c@b.test", "d@b.test",
                                        "e@c.test" };

  for (uint32_t seed = 1; seed <= 300; seed++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      g_autoptr (CpmPace) pace = cpm_pace_new ();
      int64_t now_us = 0;

      for (int step = 0; step < 200; step++)
        {
          unsigned before = cpm_pace_get_delay_ms (pace);
          g_autoptr (CpmMessage) message = NULL;

          for (unsigned i = 0; i < G_N_ELEMENTS (people); i++)
            {
              CpmPaceReport report = make_any (rand);
              int what = g_rand_int_range (rand, 0, 40);

              if (what == 0)
                cpm_pace_forget (pace, people[i]);
              else if (what < 35)
                cpm_pace_report (pace, people[i], &report, now_us);
            }
          now_us += g_rand_int_range (rand, 1, 3 * SECOND_US);
          cpm_pace_step (pace, now_us);
          assert_sane (pace, before);
          message = cpm_message_new (CPM_MESSAGE_SHARE_PACE, NULL, NULL,
                                     cpm_pace_to_json (pace, SHARE));
          g_assert_nonnull (message);
        }
    }
}

/* Who is beyond all limits, or silent, changes nothing for the others, wherever in the list. */
static void
test_search_left_behind (void)
{
  for (uint32_t seed = 1; seed <= 200; seed++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      g_autoptr (Town) without = town_new ();
      g_autoptr (Town) with = town_new ();
      int way_ms = g_rand_int_range (rand, 0, 500);
      unsigned seconds = (unsigned) g_rand_int_range (rand, 20, 200);

      add (without, "anna@a.test", way_ms, 0);
      add (without, "bea@a.test", way_ms / 2, 0);
      add (with, "anna@a.test", way_ms, 0);
      add (with, "bea@a.test", way_ms / 2, 0);
      add (with, "carl@a.test", g_rand_int_range (rand, 650, 5000), 300);
      pass (without, seconds);
      pass (with, seconds);
      g_assert_cmpuint (cpm_pace_get_delay_ms (with->pace), ==,
                        cpm_pace_get_delay_ms (without->pace));
      g_assert_cmpuint (cpm_pace_get_kbits (with->pace), ==, cpm_pace_get_kbits (without->pace));
      g_assert_cmpuint (with->viewers[0].n_bad, ==, without->viewers[0].n_bad);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pace/nobody", test_nobody);
  g_test_add_func ("/pace/delay-follows-slowest", test_delay_follows_slowest);
  g_test_add_func ("/pace/hopeless-does-not-count", test_hopeless_does_not_count);
  g_test_add_func ("/pace/silent-does-not-count", test_silent_does_not_count);
  g_test_add_func ("/pace/change-of-delay-is-no-need", test_change_of_delay_is_no_need);
  g_test_add_func ("/pace/one-with-little-room", test_one_with_little_room);
  g_test_add_func ("/pace/all-with-little-room", test_all_with_little_room);
  g_test_add_func ("/pace/slow-computer", test_slow_computer);
  g_test_add_func ("/pace/only-low-ones-left", test_only_low_ones_left);
  g_test_add_func ("/pace/nothing-flows", test_nothing_flows);
  g_test_add_func ("/pace/fewer-frames-for-all", test_fewer_frames_for_all);
  g_test_add_func ("/pace/spread", test_spread);
  g_test_add_func ("/pace/lost-packets", test_lost_packets);
  g_test_add_func ("/pace/as-message", test_as_message);
  g_test_add_func ("/pace/hindrances", test_hindrances);
  g_test_add_func ("/pace/search", test_search);
  g_test_add_func ("/pace/search-left-behind", test_search_left_behind);

  return g_test_run ();
}
