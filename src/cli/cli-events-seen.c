/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-events-seen"

#include "config.h"

#include "cli-events-seen.h"

#include "cli-output.h"

static JsonObject *
new_event (ClientShare *share,
           const char  *name)
{
  JsonObject *event = cli_output_new_event (name);

  json_object_set_string_member (event, "share", client_share_get_id (share));

  return event;
}

static void
on_reaction (ClientShare *share,
             const char  *who,
             const char  *reaction,
             gpointer     user_data)
{
  JsonObject *event = new_event (share, "reaction");

  json_object_set_string_member (event, "from", who);
  json_object_set_string_member (event, "reaction", reaction);
  cli_output_write (event);
}

static void
on_pointer (ClientShare *share,
            const char  *who,
            double       x,
            double       y,
            int64_t      moment,
            gpointer     user_data)
{
  JsonObject *event = new_event (share, "pointer");

  json_object_set_string_member (event, "from", who);
  if (x >= 0)
    {
      json_object_set_double_member (event, "x", x);
      json_object_set_double_member (event, "y", y);
    }

  if (moment >= 0)
    json_object_set_int_member (event, "moment", moment);

  cli_output_write (event);
}

static void
on_progress (ClientShare *share,
             gpointer     user_data)
{
  int64_t position_us = client_share_get_position_us (share);
  int64_t duration_us = client_share_get_duration_us (share);
  JsonObject *event;

  if (position_us < 0)
    return;

  event = new_event (share, "progress");
  json_object_set_boolean_member (event, "playing", client_share_is_playing (share));
  json_object_set_double_member (event, "position_s", (double) position_us / G_USEC_PER_SEC);
  if (duration_us >= 0)
    json_object_set_double_member (event, "duration_s", (double) duration_us / G_USEC_PER_SEC);

  cli_output_set (event, "title", client_share_get_title (share));
  cli_output_set (event, "artist", client_share_get_artist (share));
  cli_output_write (event);
}

static void
on_still (ClientShare *share,
          GParamSpec  *pspec,
          gpointer     user_data)
{
  JsonObject *event = new_event (share, "still");

  cli_output_set (event, "path", client_share_get_still (share));
  cli_output_write (event);
}

static void
on_allow (ClientShare *share,
          GParamSpec  *pspec,
          gpointer     user_data)
{
  JsonObject *event = new_event (share, "allow");

  json_object_set_array_member (event, "allow", cpm_allow_to_json (client_share_get_allow (share)));
  cli_output_write (event);
}

static void
on_recording_failed (ClientShare  *share,
                     const GError *error,
                     gpointer      user_data)
{
  JsonObject *event = new_event (share, "record-failed");

  cli_output_set_error (event, error);
  cli_output_write (event);
}

void
cli_events_seen_follow (ClientShare *share,
                        gpointer     user_data)
{
  g_signal_connect (share, "reaction", G_CALLBACK (on_reaction), user_data);
  g_signal_connect (share, "pointer", G_CALLBACK (on_pointer), user_data);
  g_signal_connect (share, "progress-changed", G_CALLBACK (on_progress), user_data);
  g_signal_connect (share, "notify::still", G_CALLBACK (on_still), user_data);
  g_signal_connect (share, "notify::allow", G_CALLBACK (on_allow), user_data);
  g_signal_connect (share, "recording-failed", G_CALLBACK (on_recording_failed), user_data);
}
