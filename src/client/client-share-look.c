/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "cpm-json.h"

/* What a viewer asks for to see it elsewhere. */

static char *
make_watch_url (JsonObject *watching)
{
  g_autoptr (GUri) uri = g_uri_parse (cpm_json_get_string (watching, "url", ""), G_URI_FLAGS_NONE,
                                      NULL);
  const char *user = cpm_json_get_string (watching, "user", "");
  const char *token = cpm_json_get_string (watching, "token", "");

  if (uri == NULL || (!g_str_equal (g_uri_get_scheme (uri), "rtsps") &&
                      !g_str_equal (g_uri_get_scheme (uri), "rtsp")))
    return NULL;

  return g_uri_join_with_user (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), user, token, NULL,
                               g_uri_get_host (uri), g_uri_get_port (uri), g_uri_get_path (uri),
                               NULL, NULL);
}

static void
on_watching (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (CpmMessage) answer = client_link_ask_finish (CLIENT_LINK (source), result, &error);
  char *url = answer != NULL ? make_watch_url (cpm_message_get_body (answer)) : NULL;

  if (url != NULL)
    g_task_return_pointer (task, url, g_free);
  else if (answer != NULL)
    g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                             "The relay gave no address for a player.");
  else
    g_task_return_error (task, error);
}

void
client_share_get_watch_url_async (ClientShare         *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_WATCH, NULL,
                             client_share_new_body (self), cancellable, on_watching,
                             client_share_new_task (self, cancellable, callback, user_data,
                                                    client_share_get_watch_url_async));
}

char *
client_share_get_watch_url_finish (ClientShare   *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  int width;
  int height;
  int64_t pts_us;
} Snapshot;

static void
on_snapshot (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Snapshot *snapshot = g_task_get_task_data (task);
  GError *error = NULL;

  if (media_viewer_snapshot_finish (MEDIA_VIEWER (source), result, &snapshot->width,
                                    &snapshot->height, &snapshot->pts_us, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
client_share_snapshot_async (ClientShare         *self,
                             const char          *path,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  MediaViewer *viewer;

  g_return_if_fail (CLIENT_IS_SHARE (self));

  task = client_share_new_task (self, cancellable, callback, user_data,
                                client_share_snapshot_async);
  g_task_set_task_data (task, g_new0 (Snapshot, 1), g_free);
  if (!self->outgoing && !(client_share_get_allow (self) & CPM_ALLOW_SNAPSHOT))
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                               "%s does not want pictures of this to be kept.",
                               client_share_get_sharer (self));
      return;
    }

  viewer = self->watcher != NULL ? client_watcher_get_viewer (self->watcher) : NULL;
  if (viewer == NULL)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_BAD_STATE,
                               "Nothing is received in this share now.");
      return;
    }

  media_viewer_snapshot_async (viewer, path, cancellable, on_snapshot, g_steal_pointer (&task));
}

gboolean
client_share_snapshot_finish (ClientShare   *self,
                              GAsyncResult  *result,
                              int           *out_width,
                              int           *out_height,
                              int64_t       *out_pts_us,
                              GError       **error)
{
  Snapshot *snapshot;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  snapshot = g_task_get_task_data (G_TASK (result));
  if (out_width != NULL)
    *out_width = snapshot->width;
  if (out_height != NULL)
    *out_height = snapshot->height;
  if (out_pts_us != NULL)
    *out_pts_us = snapshot->pts_us;

  return g_task_propagate_boolean (G_TASK (result), error);
}

static JsonArray *
new_slow (ClientShare *self)
{
  JsonArray *slow = json_array_new ();

  for (char **who = self->seen.slow; *who != NULL; who++)
    json_array_add_string_element (slow, *who);

  return slow;
}

/* Of this side's idea of the share's clock; -1: none. */
static double
get_clock_error_ms (ClientShare *self)
{
  int64_t error_ns = self->pace.clock != NULL
                       ? media_clock_get_error_ns (client_clock_get_media_clock (self->pace.clock))
                       : -1;

  return error_ns >= 0 ? (double) error_ns / 1e6 : -1;
}

/* What the sharer gives. */
static void
tell_canvas (const MediaCanvas *canvas,
             MediaViewerStats  *stats)
{
  stats->width = canvas->width;
  stats->height = canvas->height;
  stats->fps = canvas->fps;
}

JsonObject *
client_share_get_stats (ClientShare *self)
{
  MediaViewerStats stats = {
    .longest_gap_ms = -1, .latency_ms_p50 = -1, .latency_ms_p95 = -1, .spread_ms = -1,
    .audio_level_db = -200,
  };
  JsonObject *object = json_object_new ();
  MediaViewer *viewer;

  g_return_val_if_fail (CLIENT_IS_SHARE (self), object);

  viewer = self->watcher != NULL ? client_watcher_get_viewer (self->watcher) : NULL;
  if (viewer != NULL)
    media_viewer_get_stats (viewer, &stats);
  else if (self->presenter != NULL)
    tell_canvas (client_presenter_get_canvas (self->presenter), &stats);

  json_object_set_int_member (object, "frames", (int64_t) stats.n_frames);
  json_object_set_double_member (object, "fps", stats.fps);
  json_object_set_int_member (object, "width", stats.width);
  json_object_set_int_member (object, "height", stats.height);
  json_object_set_double_member (object, "longest_gap_ms", stats.longest_gap_ms);
  json_object_set_double_member (object, "latency_ms_p50", stats.latency_ms_p50);
  json_object_set_double_member (object, "latency_ms_p95", stats.latency_ms_p95);
  json_object_set_double_member (object, "spread_ms", self->seen.spread_ms);
  json_object_set_int_member (object, "viewers", self->seen.n_viewers);
  json_object_set_int_member (object, "delay_ms", client_share_get_delay_ms (self));
  json_object_set_double_member (object, "slack_ms", stats.slack_ms);
  json_object_set_double_member (object, "clock_error_ms", get_clock_error_ms (self));
  json_object_set_string_member (object, "hindrance", self->seen.hindrance);
  json_object_set_array_member (object, "slow", new_slow (self));
  if (self->still != NULL)
    json_object_set_string_member (object, "still", self->still);
  json_object_set_double_member (object, "audio_level_db", stats.audio_level_db);
  json_object_set_int_member (object, "lost_packets", (int64_t) stats.n_lost_packets);

  return object;
}
