/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "cpm-json.h"

/* The same moment for all: the share's clock, and what is reported and said about its pace. */

static void
on_hindrance_changed (ClientPace  *pace,
                      const char  *hindrance,
                      ClientShare *self)
{
  client_share_set_hindrance (self, hindrance);
}

static void
begin (ClientShare *self)
{
  const char *id = cpm_session_get_id (self->session);

  self->pace.clock = client_clock_new (self->world, id);
  self->pace.pace = client_pace_new (self->world, id);
  g_signal_connect_object (self->pace.pace, "hindrance-changed", G_CALLBACK (on_hindrance_changed),
                           self, 0);
}

static void
end (ClientShare *self)
{
  if (self->pace.clock == NULL)
    return;

  client_clock_stop (self->pace.clock);
  client_pace_stop (self->pace.pace);
  g_clear_object (&self->pace.clock);
  g_clear_object (&self->pace.pace);
  client_share_set_hindrance (self, "none");
}

void
client_share_follow_pace (ClientShare *self,
                          gboolean     flows)
{
  MediaClock *clock;

  if (!flows)
    {
      end (self);
      return;
    }

  if (self->pace.clock == NULL)
    begin (self);

  clock = client_clock_get_media_clock (self->pace.clock);
  client_clock_set_address (self->pace.clock, self->pace.host, self->pace.port);
  client_pace_set_presenter (self->pace.pace, self->presenter);
  client_pace_set_watcher (self->pace.pace, self->watcher);
  if (self->presenter != NULL)
    client_presenter_set_clock (self->presenter, clock);
  if (self->watcher != NULL)
    client_watcher_set_clock (self->watcher, clock);
}

/* The clock is where the media are. */
void
client_share_note_clock_port (ClientShare *self,
                              JsonObject  *media)
{
  const char *url = media != NULL ? cpm_json_get_string (media, "url", "") : "";
  g_autofree char *host = NULL;

  g_uri_split_network (url, G_URI_FLAGS_NONE, NULL, &host, NULL, NULL);
  g_free (self->pace.host);
  self->pace.host = g_steal_pointer (&host);
  self->pace.port = media != NULL ? (unsigned) cpm_json_get_int (media, "clock_port", 0) : 0;
}

void
client_share_take_pace (ClientShare *self,
                        JsonObject  *body)
{
  if (self->pace.pace != NULL)
    client_pace_take (self->pace.pace, body);
}

int
client_share_get_delay_ms (ClientShare *self)
{
  return self->pace.pace != NULL ? client_pace_get_delay_ms (self->pace.pace) : -1;
}

void
client_share_clear_pace (ClientShare *self)
{
  end (self);
  g_clear_pointer (&self->pace.host, g_free);
}
