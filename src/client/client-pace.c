/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-pace"

#include "config.h"

#include "client-pace.h"

#include "cpm-json.h"
#include "cpm-pace.h"

#include <math.h>

#define REPORT_US G_USEC_PER_SEC
#define MAX_MS 60000
#define MAX_US (60 * 1000 * 1000)
#define MAX_DELAY_MS 5000
#define MAX_FRAMES 1000
#define SURE_AFTER 3 /* reports, until one's own opinion is told to the person */

struct _ClientPace
{
  GObject parent_instance;

  ClientWorld *world;
  char *share;
  ClientPresenter *presenter; /* (nullable) */
  ClientWatcher *watcher;     /* (nullable) */
  int delay_ms;

  /* the viewer */
  unsigned timeout;
  MediaViewer *viewer;        /* (nullable): of which the last stats are */
  MediaViewerStats stats;
  CpmHindrance own;           /* opinion, and how often in a row */
  unsigned n_own;
  CpmHindrance relays;
  CpmHindrance told;
};

G_DEFINE_FINAL_TYPE (ClientPace, client_pace, G_TYPE_OBJECT)

enum
{
  SIGNAL_HINDRANCE_CHANGED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static void
tell_hindrance (ClientPace *self)
{
  CpmHindrance hindrance = self->relays;

  if (hindrance == CPM_HINDRANCE_NONE && self->n_own >= SURE_AFTER)
    hindrance = self->own;

  if (hindrance == self->told)
    return;

  self->told = hindrance;
  g_signal_emit (self, signals[SIGNAL_HINDRANCE_CHANGED], 0, cpm_hindrance_to_string (hindrance));
}

/* The viewer's statistics are floating point, and may be of a stranger's frames. */
static int64_t
round_to (double  value,
          int64_t least,
          int64_t most)
{
  return isnan (value) ? 0 : (int64_t) lround (CLAMP (value, (double) least, (double) most));
}

static CpmHindrance
get_hindrance (const MediaViewerStats *stats)
{
  switch (stats->hindrance)
    {
    case MEDIA_HINDRANCE_NETWORK:
      return CPM_HINDRANCE_NETWORK;
    case MEDIA_HINDRANCE_COMPUTER:
      return CPM_HINDRANCE_COMPUTER;
    case MEDIA_HINDRANCE_CLOCK:
      return CPM_HINDRANCE_CLOCK;
    case MEDIA_HINDRANCE_NONE:
    default:
      return CPM_HINDRANCE_NONE;
    }
}

JsonObject *
client_pace_new_report (const char             *share,
                        const MediaViewerStats *stats,
                        const MediaViewerStats *before)
{
  JsonObject *body = json_object_new ();
  uint64_t n_frames = stats->n_frames - MIN (before->n_frames, stats->n_frames);
  uint64_t n_lost = stats->n_lost_packets - MIN (before->n_lost_packets, stats->n_lost_packets);
  CpmHindrance hindrance = stats->clock_error_ms < 0 ? CPM_HINDRANCE_CLOCK : get_hindrance (stats);

  json_object_set_string_member (body, "share", share);
  json_object_set_int_member (body, "frames", (int64_t) MIN (n_frames, MAX_FRAMES));
  json_object_set_int_member (body, "delay_ms", round_to (stats->delay_ms, 0, MAX_DELAY_MS));
  json_object_set_int_member (body, "slack_ms", round_to (stats->slack_ms, -MAX_MS, MAX_MS));
  json_object_set_int_member (body, "offset_us",
                              round_to (stats->offset_ms * 1000, -MAX_US, MAX_US));
  /* Of frames that do not tell their moment it is not known, either, how far they were from it. */
  json_object_set_int_member (body, "clock_error_us",
                              stats->clock_error_ms < 0 || stats->delay_ms < 0
                                ? MAX_US
                                : round_to (stats->clock_error_ms * 1000, 0, MAX_US));
  json_object_set_int_member (body, "lost", (int64_t) MIN (n_lost, (uint64_t) G_MAXINT32));
  json_object_set_int_member (body, "kbits", round_to (stats->kbits, 0, G_MAXINT32));
  json_object_set_string_member (body, "hindrance", cpm_hindrance_to_string (hindrance));

  return body;
}

static void
note_own (ClientPace *self,
          JsonObject *report)
{
  CpmHindrance own = CPM_HINDRANCE_NONE;

  cpm_hindrance_from_string (cpm_json_get_string (report, "hindrance", "none"), &own);
  self->n_own = own == self->own ? self->n_own + 1 : 1;
  self->own = own;
  tell_hindrance (self);
}

static void
report (ClientPace  *self,
        MediaViewer *viewer)
{
  MediaViewerStats before = self->stats;
  JsonObject *body;

  /* One that was made anew counts from 0. */
  if (viewer != self->viewer)
    before = (MediaViewerStats) { 0 };
  g_set_object (&self->viewer, viewer);

  media_viewer_get_stats (viewer, &self->stats);
  body = client_pace_new_report (self->share, &self->stats, &before);
  note_own (self, body);
  client_link_send (self->world->link, CPM_MESSAGE_SHARE_REPORT, NULL, NULL, body);
}

static gboolean
on_time_to_report (gpointer user_data)
{
  g_autoptr (ClientPace) self = g_object_ref (user_data);
  MediaViewer *viewer = client_watcher_get_viewer (self->watcher);

  if (viewer != NULL)
    report (self, viewer);
  else
    g_clear_object (&self->viewer);

  return G_SOURCE_CONTINUE;
}

static void
client_pace_dispose (GObject *object)
{
  ClientPace *self = CLIENT_PACE (object);

  if (self->world != NULL)
    client_pace_stop (self);
  g_clear_pointer (&self->world, client_world_unref);

  G_OBJECT_CLASS (client_pace_parent_class)->dispose (object);
}

static void
client_pace_finalize (GObject *object)
{
  g_free (CLIENT_PACE (object)->share);

  G_OBJECT_CLASS (client_pace_parent_class)->finalize (object);
}

static void
client_pace_class_init (ClientPaceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = client_pace_dispose;
  G_OBJECT_CLASS (klass)->finalize = client_pace_finalize;

  signals[SIGNAL_HINDRANCE_CHANGED] = g_signal_new ("hindrance-changed", G_TYPE_FROM_CLASS (klass),
                                                    G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
client_pace_init (ClientPace *self)
{
  self->delay_ms = -1;
}

ClientPace *
client_pace_new (ClientWorld *world,
                 const char  *share)
{
  ClientPace *self = g_object_new (CLIENT_TYPE_PACE, NULL);

  self->world = client_world_ref (world);
  self->share = g_strdup (share);

  return self;
}

void
client_pace_set_presenter (ClientPace      *self,
                           ClientPresenter *presenter)
{
  g_return_if_fail (CLIENT_IS_PACE (self));

  g_set_object (&self->presenter, presenter);
}

void
client_pace_set_watcher (ClientPace    *self,
                         ClientWatcher *watcher)
{
  g_return_if_fail (CLIENT_IS_PACE (self));

  if (!g_set_object (&self->watcher, watcher))
    return;

  cpm_clock_clear_timeout (self->world->clock, &self->timeout);
  g_clear_object (&self->viewer);
  if (watcher != NULL)
    self->timeout = cpm_clock_add_timeout (self->world->clock, REPORT_US, on_time_to_report, self,
                                           NULL);
}

/* What the relay says of this person. */
static CpmHindrance
find_own (ClientPace *self,
          JsonArray  *slow)
{
  CpmHindrance hindrance = CPM_HINDRANCE_NONE;

  for (unsigned i = 0; slow != NULL && i < json_array_get_length (slow); i++)
    {
      JsonObject *entry = json_array_get_object_element (slow, i);

      if (g_strcmp0 (cpm_json_get_string (entry, "who", NULL), self->world->account) == 0)
        cpm_hindrance_from_string (cpm_json_get_string (entry, "hindrance", NULL), &hindrance);
    }

  return hindrance;
}

void
client_pace_take (ClientPace *self,
                  JsonObject *body)
{
  g_return_if_fail (CLIENT_IS_PACE (self));

  self->delay_ms = (int) cpm_json_get_int (body, "delay_ms", 0);
  if (self->presenter != NULL)
    client_presenter_set_pace (self->presenter, (unsigned) self->delay_ms,
                               (unsigned) cpm_json_get_int (body, "kbits", 1),
                               (unsigned) cpm_json_get_int (body, "renditions", 1));

  self->relays = find_own (self, cpm_json_get_array (body, "slow"));
  tell_hindrance (self);
}

int
client_pace_get_delay_ms (ClientPace *self)
{
  g_return_val_if_fail (CLIENT_IS_PACE (self), -1);

  return self->delay_ms;
}

void
client_pace_stop (ClientPace *self)
{
  g_return_if_fail (CLIENT_IS_PACE (self));

  cpm_clock_clear_timeout (self->world->clock, &self->timeout);
  g_clear_object (&self->viewer);
  g_clear_object (&self->watcher);
  g_clear_object (&self->presenter);
}
