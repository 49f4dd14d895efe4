/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-watcher"

#include "config.h"

#include "client-watcher.h"

#include "cpm-backoff.h"

struct _ClientWatcher
{
  GObject parent_instance;

  ClientWorld *world;
  MediaEndpoint *endpoint;
  MediaClock *clock;  /* (nullable) */
  MediaViewer *viewer;
  GstElement *video_sink;
  double volume;
  gboolean stalled;
  unsigned retry_id;
  CpmBackoff backoff;
};

static const CpmBackoff watch_backoff = {
  .first_us = G_USEC_PER_SEC / 4,
  .longest_us = 4 * G_USEC_PER_SEC,
  .least_percent = 100,
  .most_percent = 100
};

G_DEFINE_FINAL_TYPE (ClientWatcher, client_watcher, G_TYPE_OBJECT)

enum
{
  PROP_STALLED = 1,
  N_PROPS
};

enum
{
  SIGNAL_CONTENT_SHOWN,
  SIGNAL_PAGE_SHOWN,
  SIGNAL_KEYFRAME_NEEDED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static unsigned signals[N_SIGNALS];

static void watch (ClientWatcher *self);

static void
set_stalled (ClientWatcher *self,
             gboolean       stalled)
{
  if (self->stalled == stalled)
    return;

  self->stalled = stalled;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STALLED]);
}

static void
drop_viewer (ClientWatcher *self)
{
  cpm_clock_clear_timeout (self->world->clock, &self->retry_id);
  if (self->viewer != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->viewer, self);
      media_viewer_stop (self->viewer);
    }

  g_clear_object (&self->viewer);
}

static gboolean
on_retry (gpointer data)
{
  ClientWatcher *self = data;

  self->retry_id = 0;
  watch (self);

  return G_SOURCE_REMOVE;
}

static void
watch_later (ClientWatcher *self,
             const GError  *error)
{
  int64_t wait_us = cpm_backoff_next_us (&self->backoff, self->world->clock);

  g_debug ("watching: %s", error->message);
  drop_viewer (self);
  set_stalled (self, TRUE);
  self->retry_id = cpm_clock_add_timeout (self->world->clock, wait_us, on_retry, self, NULL);
}

static void
on_first_frame (MediaViewer   *viewer,
                ClientWatcher *self)
{
  cpm_backoff_reset (&self->backoff);
  set_stalled (self, FALSE);
}

static void
on_content_shown (MediaViewer   *viewer,
                  unsigned       n,
                  ClientWatcher *self)
{
  g_signal_emit (self, signals[SIGNAL_CONTENT_SHOWN], 0, n);
}

static void
on_page_shown (MediaViewer   *viewer,
               unsigned       n,
               unsigned       page,
               ClientWatcher *self)
{
  g_signal_emit (self, signals[SIGNAL_PAGE_SHOWN], 0, n, page);
}

static void
on_keyframe_needed (MediaViewer   *viewer,
                    ClientWatcher *self)
{
  g_signal_emit (self, signals[SIGNAL_KEYFRAME_NEEDED], 0);
}

static void
on_stalled (MediaViewer   *viewer,
            ClientWatcher *self)
{
  set_stalled (self, TRUE);
}

static void
on_resumed (MediaViewer   *viewer,
            ClientWatcher *self)
{
  set_stalled (self, FALSE);
}

static void
on_lost (MediaViewer   *viewer,
         const GError  *error,
         ClientWatcher *self)
{
  watch_later (self, error);
}

static void
watch (ClientWatcher *self)
{
  g_autoptr (GError) error = NULL;

  drop_viewer (self);
  self->viewer = media_viewer_new (self->endpoint, self->video_sink, self->world->play_audio);
  media_viewer_set_volume (self->viewer, self->volume);
  if (self->clock != NULL)
    media_viewer_set_clock (self->viewer, self->clock);
  g_signal_connect_object (self->viewer, "first-frame", G_CALLBACK (on_first_frame), self, 0);
  g_signal_connect_object (self->viewer, "content-shown", G_CALLBACK (on_content_shown), self, 0);
  g_signal_connect_object (self->viewer, "page-shown", G_CALLBACK (on_page_shown), self, 0);
  g_signal_connect_object (self->viewer, "keyframe-needed", G_CALLBACK (on_keyframe_needed), self,
                           0);
  g_signal_connect_object (self->viewer, "stalled", G_CALLBACK (on_stalled), self, 0);
  g_signal_connect_object (self->viewer, "resumed", G_CALLBACK (on_resumed), self, 0);
  g_signal_connect_object (self->viewer, "lost", G_CALLBACK (on_lost), self, 0);

  if (!media_viewer_start (self->viewer, &error))
    watch_later (self, error);
}

static void
client_watcher_get_property (GObject    *object,
                             unsigned    prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ClientWatcher *self = CLIENT_WATCHER (object);

  switch (prop_id)
    {
    case PROP_STALLED:
      g_value_set_boolean (value, self->stalled);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
client_watcher_dispose (GObject *object)
{
  ClientWatcher *self = CLIENT_WATCHER (object);

  if (self->world != NULL)
    drop_viewer (self);

  g_clear_object (&self->video_sink);
  g_clear_pointer (&self->endpoint, media_endpoint_unref);
  g_clear_pointer (&self->clock, media_clock_unref);
  g_clear_pointer (&self->world, client_world_unref);

  G_OBJECT_CLASS (client_watcher_parent_class)->dispose (object);
}

static void
client_watcher_class_init (ClientWatcherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = client_watcher_get_property;
  object_class->dispose = client_watcher_dispose;

  properties[PROP_STALLED] =
    g_param_spec_boolean ("stalled", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CONTENT_SHOWN] = g_signal_new ("content-shown", G_TYPE_FROM_CLASS (klass),
                                                G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                                1, G_TYPE_UINT);
  signals[SIGNAL_PAGE_SHOWN] =
    g_signal_new ("page-shown", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[SIGNAL_KEYFRAME_NEEDED] = g_signal_new ("keyframe-needed", G_TYPE_FROM_CLASS (klass),
                                                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                  G_TYPE_NONE, 0);
}

static void
client_watcher_init (ClientWatcher *self)
{
  self->volume = 1.0;
  self->backoff = watch_backoff;
}

ClientWatcher *
client_watcher_new (ClientWorld *world)
{
  ClientWatcher *self = g_object_new (CLIENT_TYPE_WATCHER, NULL);

  self->world = client_world_ref (world);

  return self;
}

void
client_watcher_set_endpoint (ClientWatcher *self,
                             MediaEndpoint *endpoint)
{
  g_return_if_fail (CLIENT_IS_WATCHER (self));

  if (self->endpoint == endpoint)
    return;

  drop_viewer (self);
  g_clear_pointer (&self->endpoint, media_endpoint_unref);
  if (endpoint == NULL)
    return;

  self->endpoint = media_endpoint_ref (endpoint);
  cpm_backoff_reset (&self->backoff);
  watch (self);
}

void
client_watcher_set_clock (ClientWatcher *self,
                          MediaClock    *clock)
{
  g_return_if_fail (CLIENT_IS_WATCHER (self));

  if (self->clock == clock)
    return;

  g_clear_pointer (&self->clock, media_clock_unref);
  self->clock = media_clock_ref (clock);
}

void
client_watcher_set_video_sink (ClientWatcher *self,
                               GstElement    *sink)
{
  g_return_if_fail (CLIENT_IS_WATCHER (self));

  /* The next viewer has it: a sink cannot be changed while frames flow into it. */
  g_set_object (&self->video_sink, sink);
  if (self->viewer != NULL)
    watch (self);
}

void
client_watcher_set_volume (ClientWatcher *self,
                           double         volume)
{
  g_return_if_fail (CLIENT_IS_WATCHER (self));

  self->volume = volume;
  if (self->viewer != NULL)
    media_viewer_set_volume (self->viewer, volume);
}

gboolean
client_watcher_is_stalled (ClientWatcher *self)
{
  g_return_val_if_fail (CLIENT_IS_WATCHER (self), FALSE);

  return self->stalled;
}

MediaViewer *
client_watcher_get_viewer (ClientWatcher *self)
{
  g_return_val_if_fail (CLIENT_IS_WATCHER (self), NULL);

  return self->viewer;
}
