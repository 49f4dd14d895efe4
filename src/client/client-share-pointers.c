/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "cpm-json.h"

/* Who points where: this person's pointer, which says on which frame it was made, and those of the
 * others, which are shown with that frame. */

#define POINTER_US (G_USEC_PER_SEC / 30)
#define FOLLOW_US (G_USEC_PER_SEC / 50)

/* Of the frame that is seen here now; -1: not known. The sharer sees each before the others do, by
 * the presentation delay: its moment is still to come, unless the sharer wants to see it with
 * them. */
static int64_t
get_moment (ClientShare *self)
{
  MediaViewer *viewer = self->watcher != NULL ? client_watcher_get_viewer (self->watcher) : NULL;
  MediaClock *clock = self->pace.clock != NULL ? client_clock_get_media_clock (self->pace.clock)
                                               : NULL;
  int delay_ms = client_share_get_delay_ms (self);

  if (!self->outgoing)
    return viewer != NULL ? media_viewer_get_moment (viewer) : -1;

  if (self->presenter == NULL || clock == NULL || !media_clock_is_synchronized (clock) ||
      delay_ms < 0)
    return -1;

  if (self->seen.is_preview_delayed)
    delay_ms = 0;

  return media_clock_to_shared (clock, g_get_monotonic_time () * 1000) + delay_ms * GST_MSECOND;
}

static gboolean
on_pointer (gpointer data)
{
  ClientShare *self = data;

  self->seen.pointer_id = 0;
  client_share_point (self, self->seen.pointer_x, self->seen.pointer_y);

  return G_SOURCE_REMOVE;
}

static void
send_pointer (ClientShare *self,
              double       x,
              double       y)
{
  JsonObject *body = client_share_new_body (self);
  int64_t moment = get_moment (self);

  if (x >= 0)
    {
      json_object_set_int_member (body, "x", (int64_t) (MIN (x, 1.0) * 1000 + 0.5));
      json_object_set_int_member (body, "y", (int64_t) (CLAMP (y, 0.0, 1.0) * 1000 + 0.5));
      if (moment >= 0)
        json_object_set_int_member (body, "moment", moment);
    }

  client_link_send (self->world->link, CPM_MESSAGE_SHARE_POINTER, NULL, NULL, body);
}

void
client_share_point (ClientShare *self,
                    double       x,
                    double       y)
{
  ClientShareSeen *seen;
  int64_t wait_us;

  g_return_if_fail (CLIENT_IS_SHARE (self));

  if (!client_share_can_say (self))
    return;

  seen = &self->seen;
  wait_us = seen->pointed_us + POINTER_US - client_share_get_now_us (self);
  if (seen->pointed_us != 0 && wait_us > 0)
    {
      seen->pointer_x = x;
      seen->pointer_y = y;
      if (seen->pointer_id == 0)
        seen->pointer_id = cpm_clock_add_timeout (self->world->clock, wait_us, on_pointer, self,
                                                  NULL);

      return;
    }

  seen->pointed_us = client_share_get_now_us (self);
  cpm_clock_clear_timeout (self->world->clock, &seen->pointer_id);
  send_pointer (self, x, y);
}

static void
on_show (const char *who,
         double      x,
         double      y,
         int64_t     moment,
         gpointer    user_data)
{
  g_signal_emit_by_name (user_data, "pointer", who, x, y, moment);
}

static ClientPointers *
ensure_pointers (ClientShare *self)
{
  if (self->seen.pointers == NULL)
    self->seen.pointers = client_pointers_new (on_show, self);

  return self->seen.pointers;
}

static gboolean
on_follow (gpointer data)
{
  ClientShare *self = data;
  ClientShareSeen *seen = &self->seen;

  seen->follow_id = 0;
  if (client_pointers_follow (seen->pointers, get_moment (self), client_share_get_now_us (self)))
    seen->follow_id = cpm_clock_add_timeout (self->world->clock, FOLLOW_US, on_follow, self, NULL);

  return G_SOURCE_REMOVE;
}

void
client_share_take_pointer (ClientShare *self,
                           const char  *who,
                           JsonObject  *body)
{
  gboolean is_there = json_object_has_member (body, "x") && json_object_has_member (body, "y");
  double x = is_there ? (double) cpm_json_get_int (body, "x", 0) / 1000 : -1;
  double y = is_there ? (double) cpm_json_get_int (body, "y", 0) / 1000 : -1;

  client_pointers_take (ensure_pointers (self), who, x, y, cpm_json_get_int (body, "moment", -1),
                        client_share_get_now_us (self));
  if (self->seen.follow_id == 0)
    on_follow (self);
}

void
client_share_move_pointers_on (ClientShare *self)
{
  client_pointers_begin (ensure_pointers (self), get_moment (self));
}

void
client_share_clear_pointers (ClientShare *self)
{
  cpm_clock_clear_timeout (self->world->clock, &self->seen.pointer_id);
  cpm_clock_clear_timeout (self->world->clock, &self->seen.follow_id);
  g_clear_pointer (&self->seen.pointers, client_pointers_free);
}
