/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "cpm-json.h"

#include <string.h>

#define PROGRESS_US (5 * G_USEC_PER_SEC)
#define MOVED_US (G_USEC_PER_SEC / 2) /* until it is where it was moved to */
#define MAX_REACTION_CHARS 16

static const char * const hindrances[] = { "none", "network", "computer", "clock" };

void
client_share_init_seen (ClientShare *self)
{
  self->seen.position_us = -1;
  self->seen.duration_us = -1;
  self->seen.spread_ms = -1;
  self->seen.hindrance = hindrances[0];
  self->seen.slow = g_new0 (char *, 1);
  self->seen.slow_hindrances = g_new0 (char *, 1);
}

void
client_share_clear_seen (ClientShare *self)
{
  if (self->world != NULL)
    {
      cpm_clock_clear_timeout (self->world->clock, &self->seen.progress_id);
      client_share_clear_pointers (self);
    }

  g_clear_pointer (&self->seen.slow, g_strfreev);
  g_clear_pointer (&self->seen.slow_hindrances, g_strfreev);
  g_clear_pointer (&self->seen.title, g_free);
  g_clear_pointer (&self->seen.artist, g_free);
}

/* Whether @who may be heard in this share. */
static gboolean
takes_part (ClientShare *self,
            const char  *who)
{
  return who != NULL && cpm_session_involves (self->session, who);
}

gboolean
client_share_can_say (ClientShare *self)
{
  return !self->over && !self->given_up && client_share_is_here (self)
         && client_share_get_state (self) == CPM_SESSION_ACTIVE;
}

/* Where the film or music is */

static void
set_words (ClientShare *self,
           const char  *title,
           const char  *artist)
{
  g_free (self->seen.title);
  self->seen.title = g_strdup (title);
  g_free (self->seen.artist);
  self->seen.artist = g_strdup (artist);
}

static void
set_progress (ClientShare *self,
              gboolean     paused,
              int64_t      position_us,
              int64_t      duration_us)
{
  ClientShareSeen *seen = &self->seen;
  gboolean was_paused = seen->paused;
  int64_t old_duration_us = seen->duration_us;

  seen->paused = paused;
  seen->position_us = position_us;
  seen->duration_us = duration_us;
  seen->told_us = client_share_get_now_us (self);

  if (was_paused != paused)
    g_object_notify (G_OBJECT (self), "playing");

  if (old_duration_us != duration_us)
    g_object_notify (G_OBJECT (self), "duration-us");

  g_object_notify (G_OBJECT (self), "position-us");
  g_signal_emit_by_name (self, "progress-changed");
}

void
client_share_forget_progress (ClientShare *self)
{
  cpm_clock_clear_timeout (self->world->clock, &self->seen.progress_id);
  set_words (self, NULL, NULL);
  if (self->seen.position_us >= 0 || self->seen.duration_us >= 0 || self->seen.paused)
    set_progress (self, FALSE, -1, -1);
}

static gboolean
on_progress (gpointer data)
{
  ClientShare *self = data;

  self->seen.progress_id = 0;
  client_share_tell_progress (self);

  return G_SOURCE_REMOVE;
}

static void
send_progress (ClientShare *self,
               int64_t      position_us,
               int64_t      duration_us)
{
  JsonObject *body = client_share_new_body (self);

  json_object_set_int_member (body, "n", cpm_session_get_content_n (self->session));
  json_object_set_boolean_member (body, "playing", !self->seen.paused);
  json_object_set_int_member (body, "position_ms", position_us / 1000);
  if (duration_us >= 0)
    json_object_set_int_member (body, "duration_ms", duration_us / 1000);
  if (self->seen.title != NULL)
    json_object_set_string_member (body, "title", self->seen.title);
  if (self->seen.artist != NULL)
    json_object_set_string_member (body, "artist", self->seen.artist);

  client_link_send (self->world->link, CPM_MESSAGE_SHARE_PROGRESS, NULL, NULL, body);
}

/* @target_us: where it is going to be in a moment, or -1. */
static void
tell_place (ClientShare *self,
            int64_t      target_us)
{
  gboolean is_moving = target_us >= 0;
  int64_t position_us = -1;
  int64_t duration_us = -1;
  g_autofree char *title = NULL;
  g_autofree char *artist = NULL;

  cpm_clock_clear_timeout (self->world->clock, &self->seen.progress_id);
  if (self->presenter != NULL && g_queue_is_empty (&self->switches))
    client_presenter_get_place (self->presenter, &position_us, &duration_us);

  if (position_us < 0 || !client_share_can_say (self))
    return;

  if (is_moving)
    position_us = duration_us >= 0 ? MIN (target_us, duration_us) : target_us;

  client_presenter_get_words (self->presenter, &title, &artist);
  set_words (self, title, artist);
  set_progress (self, self->seen.paused, position_us, duration_us);
  send_progress (self, position_us, duration_us);
  self->seen.progress_id = cpm_clock_add_timeout (
    self->world->clock, is_moving ? MOVED_US : PROGRESS_US, on_progress, self, NULL);
}

void
client_share_tell_progress (ClientShare *self)
{
  tell_place (self, -1);
}

void
client_share_tell_moved (ClientShare *self,
                         int64_t      target_us)
{
  tell_place (self, MAX (target_us, 0));
}

static void
take_progress (ClientShare *self,
               JsonObject  *body)
{
  int64_t duration_ms = cpm_json_get_int (body, "duration_ms", -1);
  int64_t position_ms = MIN (cpm_json_get_int (body, "position_ms", 0), G_MAXINT64 / 1000);

  /* Of what is not shown any more, or not yet. */
  if (cpm_json_get_int (body, "n", 0) != cpm_session_get_content_n (self->session))
    return;

  set_words (self, cpm_json_get_string (body, "title", NULL),
             cpm_json_get_string (body, "artist", NULL));
  set_progress (self, !cpm_json_get_boolean (body, "playing", TRUE), position_ms * 1000,
                duration_ms >= 0 ? MIN (duration_ms, G_MAXINT64 / 1000) * 1000 : -1);
}

gboolean
client_share_is_playing (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return !self->seen.paused;
}

int64_t
client_share_get_duration_us (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), -1);

  return self->seen.duration_us;
}

int64_t
client_share_get_position_us (ClientShare *self)
{
  const ClientShareSeen *seen;
  int64_t position_us;

  g_return_val_if_fail (CLIENT_IS_SHARE (self), -1);

  seen = &self->seen;
  if (seen->position_us < 0 || seen->paused)
    return seen->position_us;

  position_us = seen->position_us + client_share_get_now_us (self) - seen->told_us;

  return seen->duration_us >= 0 ? MIN (position_us, seen->duration_us) : position_us;
}

const char *
client_share_get_title (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return self->seen.title;
}

const char *
client_share_get_artist (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return self->seen.artist;
}

/* Reactions */

gboolean
client_share_react (ClientShare *self,
                    const char  *emoji)
{
  g_autofree char *clean = NULL;
  JsonObject *body;

  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  clean = cpm_text_clean (emoji != NULL ? emoji : "");
  if (*clean == '\0' || g_utf8_strlen (clean, -1) > MAX_REACTION_CHARS ||
      strpbrk (clean, "\t\n") != NULL || !client_share_can_say (self))
    return FALSE;

  body = client_share_new_body (self);
  json_object_set_string_member (body, "reaction", clean);
  if (!client_link_send (self->world->link, CPM_MESSAGE_SHARE_REACTION, NULL, NULL, body))
    return FALSE;

  g_signal_emit_by_name (self, "reaction", self->world->account, clean);

  return TRUE;
}

/* How well it is seen */

static void
take_slow (ClientShare *self,
           JsonArray   *array)
{
  g_autoptr (GStrvBuilder) people = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) hindrances_of_them = g_strv_builder_new ();
  g_auto (GStrv) slow = NULL;
  g_auto (GStrv) slow_hindrances = NULL;

  for (unsigned i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *entry = json_array_get_object_element (array, i);
      const char *who = cpm_json_get_string (entry, "who", NULL);

      if (who == NULL)
        continue;

      g_strv_builder_add (people, who);
      g_strv_builder_add (hindrances_of_them,
                          cpm_json_get_string (entry, "hindrance", hindrances[0]));
    }

  slow = g_strv_builder_end (people);
  slow_hindrances = g_strv_builder_end (hindrances_of_them);
  if (g_strv_equal ((const char *const *) slow, (const char *const *) self->seen.slow) &&
      g_strv_equal ((const char *const *) slow_hindrances,
                    (const char *const *) self->seen.slow_hindrances))
    return;

  g_strfreev (self->seen.slow);
  self->seen.slow = g_steal_pointer (&slow);
  g_strfreev (self->seen.slow_hindrances);
  self->seen.slow_hindrances = g_steal_pointer (&slow_hindrances);
  g_object_notify (G_OBJECT (self), "slow");
}

static void
take_pace (ClientShare *self,
           JsonObject  *body)
{
  unsigned n_viewers = (unsigned) cpm_json_get_int (body, "viewers", 0);
  int64_t spread_us = cpm_json_get_int (body, "spread_us", -1);
  double spread_ms = spread_us >= 0 ? (double) spread_us / 1000 : -1;

  if (self->seen.n_viewers != n_viewers)
    {
      self->seen.n_viewers = n_viewers;
      g_object_notify (G_OBJECT (self), "n-viewers");
    }

  if (self->seen.spread_ms < spread_ms || self->seen.spread_ms > spread_ms)
    {
      self->seen.spread_ms = spread_ms;
      g_object_notify (G_OBJECT (self), "spread-ms");
    }

  take_slow (self, cpm_json_get_array (body, "slow"));
  client_share_take_pace (self, body);
}

void
client_share_set_hindrance (ClientShare *self,
                            const char  *hindrance)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  for (size_t i = 0; i < G_N_ELEMENTS (hindrances); i++)
    {
      if (g_strcmp0 (hindrances[i], hindrance) == 0 && self->seen.hindrance != hindrances[i])
        {
          self->seen.hindrance = hindrances[i];
          g_object_notify (G_OBJECT (self), "hindrance");
        }
    }
}

void
client_share_take_seen (ClientShare *self,
                        CpmMessage  *message)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *from = cpm_message_get_from (message);

  g_return_if_fail (CLIENT_IS_SHARE (self));

  if (self->over)
    return;

  switch ((int) cpm_message_get_message_type (message))
    {
    case CPM_MESSAGE_SHARE_REACTION:
      if (takes_part (self, from))
        g_signal_emit_by_name (self, "reaction", from, cpm_json_get_string (body, "reaction", ""));
      break;

    case CPM_MESSAGE_SHARE_POINTER:
      if (takes_part (self, from))
        client_share_take_pointer (self, from, body);
      break;

    case CPM_MESSAGE_SHARE_PROGRESS:
      if (!self->outgoing)
        take_progress (self, body);
      break;

    case CPM_MESSAGE_SHARE_PACE:
      take_pace (self, body);
      break;

    default:
      break;
    }
}

double
client_share_get_spread_ms (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), -1);

  return self->seen.spread_ms;
}

unsigned
client_share_get_n_viewers (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), 0);

  return self->seen.n_viewers;
}

const char *
client_share_get_hindrance (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), hindrances[0]);

  return self->seen.hindrance;
}

const char * const *
client_share_get_slow (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return (const char * const *) self->seen.slow;
}

const char *
client_share_get_hindrance_of (ClientShare *self,
                               const char  *who)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  for (size_t i = 0; self->seen.slow[i] != NULL; i++)
    {
      if (g_strcmp0 (self->seen.slow[i], who) == 0)
        return self->seen.slow_hindrances[i];
    }

  return NULL;
}
