/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-thin.h"

#include "cpm-json.h"

/* What goes with a share while it is seen: nobody waits for an answer, and what is lost is lost;
 * but who does not take part hears nothing of it. */

static void
set_int (TownThin   *self,
         JsonObject *body,
         const char *name,
         unsigned    limit)
{
  json_object_set_int_member (body, name, town_pick (self->parent.town, limit));
}

static CpmMessageType
fill_pointer (TownThinShare *share,
              JsonObject    *body)
{
  if (town_pick (share->device->parent.town, 4) > 0)
    {
      set_int (share->device, body, "x", 1001);
      set_int (share->device, body, "y", 1001);
    }

  return CPM_MESSAGE_SHARE_POINTER;
}

static CpmMessageType
fill_reaction (TownThinShare *share,
               JsonObject    *body)
{
  json_object_set_string_member (body, "reaction", "👏");

  return CPM_MESSAGE_SHARE_REACTION;
}

static CpmMessageType
fill_progress (TownThinShare *share,
               JsonObject    *body)
{
  json_object_set_int_member (body, "n", cpm_session_get_content_n (share->session));
  json_object_set_boolean_member (body, "playing", TRUE);
  set_int (share->device, body, "position_ms", 100000);

  return CPM_MESSAGE_SHARE_PROGRESS;
}

static CpmMessageType
fill_report (TownThinShare *share,
             JsonObject    *body)
{
  static const char * const hindrances[] = { "none", "none", "network", "computer", "clock" };
  TownThin *self = share->device;

  set_int (self, body, "frames", 31);
  set_int (self, body, "delay_ms", 400);
  set_int (self, body, "slack_ms", 100);
  set_int (self, body, "offset_us", 5000);
  set_int (self, body, "clock_error_us", 3000);
  set_int (self, body, "lost", 10);
  set_int (self, body, "kbits", 3000);
  json_object_set_string_member (
    body, "hindrance", hindrances[town_pick (self->parent.town, G_N_ELEMENTS (hindrances))]);

  return CPM_MESSAGE_SHARE_REPORT;
}

static CpmMessageType
fill_keyframe (TownThinShare *share,
               JsonObject    *body)
{
  return CPM_MESSAGE_SHARE_KEYFRAME;
}

void
town_thin_say_word (TownThinShare *share)
{
  static CpmMessageType (*const fills[]) (TownThinShare * share, JsonObject * body) = {
    fill_pointer, fill_pointer, fill_reaction, fill_progress,
    fill_report,  fill_report,  fill_keyframe,
  };
  TownThin *self = share->device;
  unsigned pick = town_pick (self->parent.town, G_N_ELEMENTS (fills) + 1);
  unsigned n_times = town_pick (self->parent.town, 8) == 0 ? 40 : 1;
  JsonObject *body = json_object_new ();
  CpmMessageType type;

  if (pick == G_N_ELEMENTS (fills))
    {
      set_int (self, body, "t", 1000000);
      town_thin_request (self, CPM_MESSAGE_SHARE_CLOCK, share->id, NULL, body);
      return;
    }

  json_object_set_string_member (body, "share", share->id);
  type = fills[pick] (share, body);
  for (unsigned i = 0; i < n_times; i++)
    client_link_send (self->link, type, NULL, NULL, json_object_ref (body));
  json_object_unref (body);
}

static gboolean
is_of_share (CpmMessageType type)
{
  return type == CPM_MESSAGE_SHARE_POINTER || type == CPM_MESSAGE_SHARE_REACTION ||
         type == CPM_MESSAGE_SHARE_PROGRESS || type == CPM_MESSAGE_SHARE_PACE ||
         type == CPM_MESSAGE_SHARE_REQUEST || type == CPM_MESSAGE_SHARE_KEYFRAME;
}

void
town_thin_take_word (TownThin   *self,
                     CpmMessage *message)
{
  CpmMessageType type = cpm_message_get_message_type (message);
  const char *id = cpm_json_get_string (cpm_message_get_body (message), "share", "");
  const char *from = cpm_message_get_from (message);
  TownThinShare *share = g_hash_table_lookup (self->shares, id);
  const char *name = cpm_message_type_to_string (type);

  if (!is_of_share (type))
    return;

  if (share == NULL || !town_thin_takes_part (share))
    town_log_blame (self->parent.town->log,
                    "%s is told %s of share %s, in which it does not take part.",
                    self->parent.place, name, id);
  else if (from != NULL && !cpm_session_involves (share->session, from))
    town_log_blame (self->parent.town->log, "%s is told %s of share %s by %s, who is not in it.",
                    self->parent.place, name, id, from);
  else if (g_strcmp0 (from, self->parent.user) == 0)
    town_log_blame (self->parent.town->log, "%s is told %s of share %s, which it said itself.",
                    self->parent.place, name, id);
}
