/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-series"

#include "config.h"

#include "client-series.h"

#define MAX_SECONDS 3600

struct _ClientSeries
{
  CpmClock *clock;
  char **paths;
  unsigned n_pages;
  unsigned index;
  unsigned seconds;
  unsigned timer_id;
  ClientSeriesFunc show;
  gpointer user_data;
};

static gboolean on_time (gpointer data);

static void
start_timer (ClientSeries *self)
{
  cpm_clock_clear_timeout (self->clock, &self->timer_id);
  if (self->seconds > 0 && self->n_pages > 1)
    self->timer_id = cpm_clock_add_timeout (self->clock, self->seconds * (int64_t) G_USEC_PER_SEC,
                                            on_time, self, NULL);
}

static gboolean
on_time (gpointer data)
{
  ClientSeries *self = data;

  self->timer_id = 0;
  client_series_step (self, 1);

  return G_SOURCE_REMOVE;
}

ClientSeries *
client_series_new (CpmClock           *clock,
                   const char * const *paths,
                   unsigned            seconds,
                   ClientSeriesFunc    show,
                   gpointer            user_data)
{
  ClientSeries *self = g_new0 (ClientSeries, 1);

  self->clock = g_object_ref (clock);
  self->paths = g_strdupv ((char **) paths);
  self->n_pages = g_strv_length (self->paths);
  self->show = show;
  self->user_data = user_data;
  client_series_set_timer (self, seconds);

  return self;
}

void
client_series_free (ClientSeries *self)
{
  cpm_clock_clear_timeout (self->clock, &self->timer_id);
  g_object_unref (self->clock);
  g_strfreev (self->paths);
  g_free (self);
}

static unsigned
find_index (const ClientSeries *self,
            int                 by)
{
  return (unsigned) ((int) (self->index + self->n_pages) + by) % self->n_pages;
}

const char *
client_series_peek (const ClientSeries *self,
                    int                 by)
{
  return self->paths[find_index (self, by)];
}

void
client_series_step (ClientSeries *self,
                    int           by)
{
  self->index = find_index (self, by);
  start_timer (self);
  self->show (self->paths[self->index], self->user_data);
}

void
client_series_set_timer (ClientSeries *self,
                         unsigned      seconds)
{
  self->seconds = MIN (seconds, MAX_SECONDS);
  start_timer (self);
}

unsigned
client_series_get_timer (const ClientSeries *self)
{
  return self->seconds;
}

unsigned
client_series_get_page (const ClientSeries *self)
{
  return self->index + 1;
}

unsigned
client_series_get_n_pages (const ClientSeries *self)
{
  return self->n_pages;
}
