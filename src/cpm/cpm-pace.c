/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-pace"

#include "config.h"

#include "cpm-pace-private.h"

#include "cpm-json.h"

#include <math.h>

#define MARGIN_MS 20               /* that a frame waits when all is well */
#define RISE_MS 100                /* at most in a step */
#define FALL_MS 10                 /* the same, and only when it is clearly too long: */
#define TOO_LONG_MS 15
#define SILENT_US (3500 * (int64_t) 1000)
#define JUMP_MS 100                /* a way that grows so much in a second is filling up */
#define STEADY_MS 60
#define CLIMB_REPORTS 4            /* one that grows slowly, but always: */
#define CLIMB_MS 80
#define LOSS_PERCENT 3
#define PACKET_BITS 9000
#define SLOW_AFTER 2               /* reports */
#define WELL_AFTER 5
#define UNKNOWN_CLOCK_US 1000000

static const char * const hindrances[] = { "none", "network", "computer", "clock" };

const char *
cpm_hindrance_to_string (CpmHindrance hindrance)
{
  g_return_val_if_fail (hindrance < G_N_ELEMENTS (hindrances), NULL);

  return hindrances[hindrance];
}

gboolean
cpm_hindrance_from_string (const char   *name,
                           CpmHindrance *out_hindrance)
{
  for (size_t i = 0; i < G_N_ELEMENTS (hindrances); i++)
    {
      if (g_strcmp0 (hindrances[i], name) == 0)
        {
          *out_hindrance = (CpmHindrance) i;
          return TRUE;
        }
    }

  return FALSE;
}

CpmPaceReport
cpm_pace_report_from_json (JsonObject *body)
{
  CpmPaceReport report = {
    .frames = (unsigned) cpm_json_get_int (body, "frames", 0),
    .delay_ms = (int) cpm_json_get_int (body, "delay_ms", 0),
    .slack_ms = (int) cpm_json_get_int (body, "slack_ms", 0),
    .offset_us = cpm_json_get_int (body, "offset_us", 0),
    .clock_error_us = cpm_json_get_int (body, "clock_error_us", 0),
    .lost = (unsigned) cpm_json_get_int (body, "lost", 0),
    .kbits = (unsigned) cpm_json_get_int (body, "kbits", 0),
  };

  cpm_hindrance_from_string (cpm_json_get_string (body, "hindrance", "none"), &report.hindrance);

  return report;
}

static void
viewer_free (gpointer data)
{
  CpmPaceViewer *viewer = data;

  g_free (viewer->who);
  g_free (viewer);
}

CpmPace *
cpm_pace_new (void)
{
  CpmPace *self = g_new0 (CpmPace, 1);

  self->viewers = g_ptr_array_new_with_free_func (viewer_free);
  self->delay_ms = CPM_PACE_START_DELAY_MS;
  self->spread_us = -1;
  cpm_pace_rate_init (self);

  return self;
}

void
cpm_pace_free (CpmPace *self)
{
  g_ptr_array_unref (self->viewers);
  g_free (self);
}

static CpmPaceViewer *
find (CpmPace    *self,
      const char *who)
{
  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      CpmPaceViewer *viewer = self->viewers->pdata[i];

      if (g_str_equal (viewer->who, who))
        return viewer;
    }

  return NULL;
}

static CpmPaceViewer *
ensure (CpmPace    *self,
        const char *who)
{
  CpmPaceViewer *viewer = find (self, who);

  if (viewer != NULL)
    return viewer;

  viewer = g_new0 (CpmPaceViewer, 1);
  viewer->who = g_strdup (who);
  cpm_pace_rate_add (viewer);
  g_ptr_array_add (self->viewers, viewer);

  return viewer;
}

void
cpm_pace_viewer_begin_anew (CpmPaceViewer *viewer)
{
  viewer->n_needs = 0;
  viewer->n_sound = 0;
  viewer->bad = 0;
  viewer->good = 0;
  viewer->is_slow = FALSE;
}

/* How long the way to @viewer took for the slowest frame. When the delay has changed meanwhile, it
 * is that of the shorter one that had the least time. */
static void
note_need (CpmPaceViewer       *viewer,
           const CpmPaceReport *report)
{
  int delay_ms = viewer->heard_us != 0 ? MIN (report->delay_ms, viewer->report.delay_ms)
                                       : report->delay_ms;

  if (report->frames == 0 || report->hindrance == CPM_HINDRANCE_CLOCK)
    return;

  viewer->needs_ms[viewer->n_needs++ % CPM_PACE_N_NEEDS] = delay_ms - report->slack_ms;
}

void
cpm_pace_report (CpmPace             *self,
                 const char          *who,
                 const CpmPaceReport *report,
                 int64_t              now_us)
{
  CpmPaceViewer *viewer;

  g_return_if_fail (self != NULL && who != NULL && report != NULL);

  viewer = ensure (self, who);
  note_need (viewer, report);
  viewer->n_hindered = report->hindrance == viewer->report.hindrance
                         ? MIN (viewer->n_hindered + 1, 1000u)
                         : 1;
  viewer->report = *report;
  viewer->heard_us = now_us;
  viewer->is_new = TRUE;
}

void
cpm_pace_forget (CpmPace    *self,
                 const char *who)
{
  CpmPaceViewer *viewer;

  g_return_if_fail (self != NULL && who != NULL);

  viewer = find (self, who);
  if (viewer != NULL)
    g_ptr_array_remove (self->viewers, viewer);
}

/* The need of the report @back before the last; 0: the last. */
static int
get_need (const CpmPaceViewer *viewer,
          unsigned             back)
{
  return viewer->needs_ms[(viewer->n_needs - 1 - back) % CPM_PACE_N_NEEDS];
}

/* Of the reports since all was well. */
static int
get_greatest_need (const CpmPaceViewer *viewer)
{
  unsigned n = MIN (MIN (viewer->n_needs, viewer->n_sound), CPM_PACE_N_NEEDS);
  int greatest = G_MININT;

  for (unsigned back = 0; back < n; back++)
    greatest = MAX (greatest, get_need (viewer, back));

  return greatest;
}

/* What is on its way becomes more from second to second. */
static gboolean
is_filling_up (const CpmPaceViewer *viewer)
{
  if (viewer->n_needs >= 3 && get_need (viewer, 0) > get_need (viewer, 1) + JUMP_MS &&
      get_need (viewer, 1) > get_need (viewer, 2) + JUMP_MS)
    return TRUE;

  return viewer->n_needs >= CLIMB_REPORTS &&
         get_need (viewer, 0) > get_need (viewer, CLIMB_REPORTS - 1) + CLIMB_MS &&
         get_need (viewer, 0) > get_need (viewer, 1) &&
         get_need (viewer, 1) > get_need (viewer, 2) && get_need (viewer, 2) > get_need (viewer, 3);
}

/* What had piled up becomes less. */
static gboolean
is_draining (const CpmPaceViewer *viewer)
{
  return viewer->n_needs >= 2 && get_need (viewer, 0) + JUMP_MS <= get_need (viewer, 1);
}

static gboolean
is_steady (const CpmPaceViewer *viewer)
{
  int least = G_MAXINT;
  int greatest = G_MININT;

  if (viewer->n_needs < 3)
    return viewer->n_needs > 0;

  for (unsigned back = 0; back < 3; back++)
    {
      least = MIN (least, get_need (viewer, back));
      greatest = MAX (greatest, get_need (viewer, back));
    }

  return greatest - least <= STEADY_MS;
}

static gboolean
is_beyond_limit (const CpmPaceViewer *viewer)
{
  return viewer->n_needs > 0 && get_need (viewer, 0) + MARGIN_MS > CPM_PACE_MAX_DELAY_MS;
}

static gboolean
loses_much (const CpmPaceReport *report)
{
  uint64_t received = (uint64_t) report->kbits * 1000 / PACKET_BITS;

  return report->lost > 2 &&
         (uint64_t) report->lost * 100 > (received + report->lost) * LOSS_PERCENT;
}

/* Whether the last second was one in which @viewer did not get what the others got. One who is late
 * by a steady time only needs a longer delay. */
static gboolean
was_bad (CpmPace             *self,
         const CpmPaceViewer *viewer)
{
  const CpmPaceReport *report = &viewer->report;
  gboolean is_late = viewer->n_needs > 0 && report->slack_ms < 0;

  if (report->frames == 0 || loses_much (report) || is_filling_up (viewer) ||
      (is_beyond_limit (viewer) && !is_draining (viewer)))
    return TRUE;

  if ((uint64_t) report->frames * 10 >= (uint64_t) self->usual_frames * 8 ||
      (is_late && is_steady (viewer)))
    return FALSE;

  return is_late || report->hindrance == CPM_HINDRANCE_NETWORK ||
         report->hindrance == CPM_HINDRANCE_COMPUTER;
}

/* How many frames there are to see; FALSE when there are none, so that nobody can be judged. */
static gboolean
count_frames (CpmPace *self)
{
  unsigned most = 0;

  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      const CpmPaceViewer *viewer = self->viewers->pdata[i];

      if (viewer->is_heard)
        most = MAX (most, viewer->report.frames);
    }

  self->usual_frames = MAX (most, self->usual_frames > 0 ? self->usual_frames - 1 : 0);
  return most > 0;
}

static void
judge (CpmPace       *self,
       CpmPaceViewer *viewer)
{
  if (was_bad (self, viewer))
    {
      viewer->bad++;
      viewer->good = 0;
      viewer->n_sound = 0;
    }
  else
    {
      viewer->good++;
      viewer->bad = 0;
      viewer->n_sound = is_draining (viewer) ? 0 : viewer->n_sound + (viewer->report.frames > 0);
    }

  if (viewer->bad >= SLOW_AFTER)
    viewer->is_slow = TRUE;
  else if (viewer->good >= WELL_AFTER)
    viewer->is_slow = FALSE;
}

static void
judge_all (CpmPace *self,
           int64_t  now_us)
{
  gboolean flows;

  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      CpmPaceViewer *viewer = self->viewers->pdata[i];

      viewer->is_heard = now_us - viewer->heard_us <= SILENT_US;
    }

  flows = count_frames (self);
  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      CpmPaceViewer *viewer = self->viewers->pdata[i];

      if (flows && viewer->is_heard && viewer->is_new)
        judge (self, viewer);
      viewer->is_new = FALSE;
    }
}

/* Whether the delay has to do with @viewer. */
static gboolean
is_healthy (const CpmPaceViewer *viewer)
{
  return viewer->is_heard && viewer->n_needs > 0 && viewer->n_sound > 0 &&
         viewer->report.frames > 0 && viewer->report.hindrance != CPM_HINDRANCE_CLOCK &&
         !is_beyond_limit (viewer);
}

static void
step_delay (CpmPace *self)
{
  int target_ms = G_MININT;

  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      const CpmPaceViewer *viewer = self->viewers->pdata[i];

      if (is_healthy (viewer))
        target_ms = MAX (target_ms,
                         MIN (get_greatest_need (viewer) + MARGIN_MS, CPM_PACE_MAX_DELAY_MS));
    }

  if (target_ms == G_MININT)
    return;

  target_ms = MAX (target_ms, CPM_PACE_MIN_DELAY_MS);
  if (target_ms > self->delay_ms)
    self->delay_ms += MIN (target_ms - self->delay_ms, RISE_MS);
  else if (self->delay_ms - target_ms > TOO_LONG_MS ||
           (target_ms == CPM_PACE_MIN_DELAY_MS && target_ms < self->delay_ms))
    self->delay_ms -= MIN (self->delay_ms - target_ms, FALL_MS);
}

static gboolean
is_measured (const CpmPaceViewer *viewer)
{
  return viewer->is_heard && viewer->report.frames > 0 &&
         viewer->report.hindrance != CPM_HINDRANCE_CLOCK &&
         viewer->report.clock_error_us < UNKNOWN_CLOCK_US && !viewer->is_slow;
}

/* Two clocks that are wrong by so much, independently of each other, are apart by the root of the
 * squares. */
static int64_t
get_distance_us (const CpmPaceReport *one,
                 const CpmPaceReport *other)
{
  return ABS (one->offset_us - other->offset_us) +
         (int64_t) hypot ((double) one->clock_error_us, (double) other->clock_error_us);
}

static void
step_spread (CpmPace *self)
{
  self->spread_us = -1;

  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      const CpmPaceViewer *one = self->viewers->pdata[i];

      for (unsigned n = i + 1; n < self->viewers->len && is_measured (one); n++)
        {
          const CpmPaceViewer *other = self->viewers->pdata[n];

          if (is_measured (other))
            self->spread_us = MAX (self->spread_us, get_distance_us (&one->report, &other->report));
        }
    }
}

void
cpm_pace_step (CpmPace *self,
               int64_t  now_us)
{
  g_return_if_fail (self != NULL);

  judge_all (self, now_us);
  step_delay (self);
  cpm_pace_step_rate (self, now_us);
  step_spread (self);
}

unsigned
cpm_pace_get_n_viewers (CpmPace *self)
{
  unsigned n = 0;

  for (unsigned i = 0; i < self->viewers->len; i++)
    n += ((CpmPaceViewer *) self->viewers->pdata[i])->is_heard;

  return n;
}

int64_t
cpm_pace_get_spread_us (CpmPace *self)
{
  return self->spread_us;
}

unsigned
cpm_pace_get_delay_ms (CpmPace *self)
{
  return (unsigned) self->delay_ms;
}

unsigned
cpm_pace_get_kbits (CpmPace *self)
{
  return self->kbits;
}

unsigned
cpm_pace_get_renditions (CpmPace *self)
{
  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      if (((CpmPaceViewer *) self->viewers->pdata[i])->is_low)
        return 2;
    }

  return 1;
}

unsigned
cpm_pace_get_rendition (CpmPace    *self,
                        const char *who)
{
  const CpmPaceViewer *viewer = find (self, who);

  return viewer != NULL && viewer->is_low ? 1 : 0;
}

static CpmHindrance
get_hindrance (const CpmPaceViewer *viewer)
{
  CpmHindrance said = viewer->report.hindrance;

  if (!viewer->is_heard)
    return CPM_HINDRANCE_NETWORK;

  if (viewer->is_low)
    return viewer->low_for;

  if (viewer->is_slow || is_beyond_limit (viewer))
    return said == CPM_HINDRANCE_COMPUTER ? said : CPM_HINDRANCE_NETWORK;

  return viewer->n_hindered >= WELL_AFTER ? said : CPM_HINDRANCE_NONE;
}

CpmHindrance
cpm_pace_get_hindrance (CpmPace    *self,
                        const char *who)
{
  const CpmPaceViewer *viewer = find (self, who);

  return viewer != NULL ? get_hindrance (viewer) : CPM_HINDRANCE_NONE;
}

GPtrArray *
cpm_pace_list_viewers (CpmPace *self)
{
  GPtrArray *viewers = g_ptr_array_new ();

  for (unsigned i = 0; i < self->viewers->len; i++)
    g_ptr_array_add (viewers, ((CpmPaceViewer *) self->viewers->pdata[i])->who);

  return viewers;
}

static JsonArray *
new_slow (CpmPace *self)
{
  JsonArray *slow = json_array_new ();

  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      const CpmPaceViewer *viewer = self->viewers->pdata[i];
      CpmHindrance hindrance = get_hindrance (viewer);
      JsonObject *entry;

      if (hindrance == CPM_HINDRANCE_NONE)
        continue;

      entry = json_object_new ();
      json_object_set_string_member (entry, "who", viewer->who);
      json_object_set_string_member (entry, "hindrance", cpm_hindrance_to_string (hindrance));
      json_array_add_object_element (slow, entry);
    }

  return slow;
}

JsonObject *
cpm_pace_to_json (CpmPace    *self,
                  const char *share)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "share", share);
  json_object_set_int_member (body, "viewers", cpm_pace_get_n_viewers (self));
  if (self->spread_us >= 0)
    json_object_set_int_member (body, "spread_us", MIN (self->spread_us, CPM_PACE_MAX_SPREAD_US));
  json_object_set_int_member (body, "delay_ms", cpm_pace_get_delay_ms (self));
  json_object_set_int_member (body, "kbits", cpm_pace_get_kbits (self));
  json_object_set_int_member (body, "renditions", cpm_pace_get_renditions (self));
  json_object_set_array_member (body, "slow", new_slow (self));

  return body;
}
