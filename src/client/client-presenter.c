/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-presenter"

#include "config.h"

#include "client-presenter-internal.h"

#include "cpm-pace.h"

static const CpmBackoff publish_backoff = {
  .first_us = G_USEC_PER_SEC / 4,
  .longest_us = 4 * G_USEC_PER_SEC,
  .least_percent = 100,
  .most_percent = 100
};

G_DEFINE_FINAL_TYPE (ClientPresenter, client_presenter, G_TYPE_OBJECT)

enum
{
  PROP_CAMERA_OPEN = 1,
  N_PROPS
};

enum
{
  SIGNAL_GONE,
  SIGNAL_STOPPED,
  SIGNAL_PICTURE_SHOWN,
  SIGNAL_CORNER_CHANGED,
  SIGNAL_RECORDING_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static unsigned signals[N_SIGNALS];

static void publish (ClientPresenter *self);

void
client_presenter_number_frames (ClientPresenter *self)
{
  if (self->publisher == NULL)
    return;

  media_publisher_set_content_number (self->publisher, self->slate_stands ? 0 : self->content_n);
  /* Nobody would see the camera under the original of the picture. */
  media_publisher_set_page (self->publisher,
                            self->slate_stands || self->corner != NULL ? 0 : self->page);
}

static void
set_slate_stands (ClientPresenter *self,
                  gboolean         stands)
{
  self->slate_stands = stands;
  client_presenter_number_frames (self);
}

/* Cameras */

static void
update_camera_open (ClientPresenter *self)
{
  gboolean open = client_presenter_is_camera_open (self);

  if (self->camera_open == open)
    return;

  self->camera_open = open;
  client_world_note_camera (self->world, open);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAMERA_OPEN]);
}

static void
on_source_closed (MediaSource     *source,
                  ClientPresenter *self)
{
  g_hash_table_remove (self->open_sources, source);
  update_camera_open (self);
}

void
client_presenter_note_camera (ClientPresenter *self,
                              MediaSource     *source)
{
  g_signal_connect_object (source, "closed", G_CALLBACK (on_source_closed), self, 0);
  g_hash_table_add (self->open_sources, g_object_ref (source));
  update_camera_open (self);
}

static void
on_finder_lost (ClientCamera    *finder,
                const GError    *error,
                ClientPresenter *self)
{
  g_signal_emit (self, signals[SIGNAL_GONE], 0, error);
}

/* The sharer sees the view-finder while there is one, else the stage. */
static void
place_preview (ClientPresenter *self)
{
  if (self->stopped)
    return;

  if (self->finder != NULL)
    {
      media_stage_set_preview_sink (self->stage, NULL);
      client_camera_set_preview_sink (self->finder, self->preview_sink);
    }
  else
    {
      media_stage_set_preview_sink (self->stage, self->preview_sink);
    }
}

static void
close_finder (ClientPresenter *self)
{
  g_autoptr (ClientCamera) finder = g_steal_pointer (&self->finder);

  /* Its source is among the open ones until it says that the device is free. */
  if (finder != NULL)
    client_camera_close (finder);
}

/* The publisher */

static void
drop_publisher (ClientPresenter *self)
{
  cpm_clock_clear_timeout (self->world->clock, &self->republish_id);
  if (self->publisher != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->publisher, self);
      media_publisher_stop (self->publisher);
    }

  g_clear_object (&self->publisher);
}

static gboolean
on_republish (gpointer data)
{
  ClientPresenter *self = data;

  self->republish_id = 0;
  publish (self);

  return G_SOURCE_REMOVE;
}

static void
publish_later (ClientPresenter *self,
               const GError    *error)
{
  int64_t wait_us = cpm_backoff_next_us (&self->backoff, self->world->clock);

  g_debug ("publishing: %s", error->message);
  drop_publisher (self);
  self->republish_id = cpm_clock_add_timeout (self->world->clock, wait_us, on_republish, self,
                                              NULL);
}

static void
on_publishing (MediaPublisher  *publisher,
               ClientPresenter *self)
{
  cpm_backoff_reset (&self->backoff);
}

static void
on_publisher_lost (MediaPublisher  *publisher,
                   const GError    *error,
                   ClientPresenter *self)
{
  publish_later (self, error);
}

/* A publisher that was made anew goes on as the one before. */
static void
keep_pace (ClientPresenter *self)
{
  media_publisher_set_delay_ms (self->publisher, self->delay_ms);
  media_publisher_set_renditions (self->publisher, self->n_renditions);
  media_publisher_set_bitrate (
    self->publisher, media_canvas_scale_bits (client_presenter_get_canvas (self),
                                              self->kbits != 0 ? self->kbits : CPM_PACE_MAX_KBITS,
                                              CPM_PACE_MAX_KBITS));
}

static void
publish (ClientPresenter *self)
{
  g_autoptr (GError) error = NULL;

  drop_publisher (self);
  self->publisher = media_publisher_new (self->stage, self->endpoint);
  client_presenter_number_frames (self);
  if (self->clock != NULL)
    media_publisher_set_clock (self->publisher, self->clock);
  keep_pace (self);
  g_signal_connect_object (self->publisher, "publishing", G_CALLBACK (on_publishing), self, 0);
  g_signal_connect_object (self->publisher, "lost", G_CALLBACK (on_publisher_lost), self, 0);

  if (self->recorder != NULL)
    client_presenter_keep_record (self);

  if (!media_publisher_start (self->publisher, &error))
    publish_later (self, error);
}

/* The stage */

static void
on_source_lost (MediaStage      *stage,
                MediaSource     *source,
                const GError    *error,
                ClientPresenter *self)
{
  if (!client_presenter_lose_corner (self, source))
    set_slate_stands (self, TRUE);

  g_signal_emit (self, signals[SIGNAL_GONE], 0, error);
}

static void
on_stage_failed (MediaStage      *stage,
                 const GError    *error,
                 ClientPresenter *self)
{
  g_signal_emit (self, signals[SIGNAL_GONE], 0, error);
}

static void
on_stage_stopped (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (ClientPresenter) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!media_stage_stop_finish (MEDIA_STAGE (source), result, &error))
    g_debug ("%s", error->message);

  /* "A camera is free when it has stopped": also one whose own word is still on its way. */
  g_hash_table_remove_all (self->open_sources);
  update_camera_open (self);
  g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
}

static void
client_presenter_get_property (GObject    *object,
                               unsigned    prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  ClientPresenter *self = CLIENT_PRESENTER (object);

  switch (prop_id)
    {
    case PROP_CAMERA_OPEN:
      g_value_set_boolean (value, client_presenter_is_camera_open (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
client_presenter_dispose (GObject *object)
{
  ClientPresenter *self = CLIENT_PRESENTER (object);

  client_presenter_drop_series (self);
  if (self->world != NULL)
    drop_publisher (self);

  g_clear_object (&self->recorder);
  g_clear_object (&self->finder);
  g_clear_object (&self->corner);
  g_clear_object (&self->stage);
  g_clear_object (&self->preview_sink);
  g_clear_pointer (&self->endpoint, media_endpoint_unref);
  g_clear_pointer (&self->clock, media_clock_unref);
  g_clear_pointer (&self->shown, client_showable_free);
  g_clear_pointer (&self->picture, g_free);
  g_clear_pointer (&self->open_sources, g_hash_table_unref);
  g_clear_pointer (&self->pages, g_hash_table_unref);
  g_clear_pointer (&self->world, client_world_unref);

  G_OBJECT_CLASS (client_presenter_parent_class)->dispose (object);
}

static void
client_presenter_class_init (ClientPresenterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = client_presenter_get_property;
  object_class->dispose = client_presenter_dispose;

  properties[PROP_CAMERA_OPEN] =
    g_param_spec_boolean ("camera-open", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_GONE] =
    g_signal_new ("gone", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_STOPPED] =
    g_signal_new ("stopped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_PICTURE_SHOWN] = g_signal_new ("picture-shown", G_TYPE_FROM_CLASS (klass),
                                                G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                                2, G_TYPE_STRING, G_TYPE_UINT);
  signals[SIGNAL_RECORDING_CHANGED] = g_signal_new ("recording-changed", G_TYPE_FROM_CLASS (klass),
                                                    G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                    G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_CORNER_CHANGED] = g_signal_new ("corner-changed", G_TYPE_FROM_CLASS (klass),
                                                 G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 0);
}

static void
client_presenter_init (ClientPresenter *self)
{
  self->open_sources = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->backoff = publish_backoff;
  self->delay_ms = CPM_PACE_START_DELAY_MS;
  self->n_renditions = 1;
  self->content_n = 1;
  self->slate_stands = TRUE;
}

ClientPresenter *
client_presenter_new (ClientWorld       *world,
                      const MediaCanvas *canvas)
{
  ClientPresenter *self = g_object_new (CLIENT_TYPE_PRESENTER, NULL);

  self->world = client_world_ref (world);
  self->stage = media_stage_new (canvas->width, canvas->height, canvas->fps, "");
  g_signal_connect_object (self->stage, "source-lost", G_CALLBACK (on_source_lost), self, 0);
  g_signal_connect_object (self->stage, "failed", G_CALLBACK (on_stage_failed), self, 0);

  return self;
}

gboolean
client_presenter_start (ClientPresenter  *self,
                        GError          **error)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), FALSE);

  return media_stage_start (self->stage, error);
}

const MediaCanvas *
client_presenter_get_canvas (ClientPresenter *self)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), NULL);

  return media_stage_get_canvas (self->stage);
}

void
client_presenter_stop (ClientPresenter *self)
{
  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  if (self->stopped)
    return;

  media_stage_set_preview_sink (self->stage, NULL);
  self->stopped = TRUE;
  client_presenter_drop_series (self);
  client_presenter_end_record (self);
  drop_publisher (self);
  close_finder (self);
  media_stage_stop_async (self->stage, on_stage_stopped, g_object_ref (self));
}

void
client_presenter_set_endpoint (ClientPresenter *self,
                               MediaEndpoint   *endpoint)
{
  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  if (self->stopped || self->endpoint == endpoint)
    return;

  drop_publisher (self);
  g_clear_pointer (&self->endpoint, media_endpoint_unref);
  if (endpoint == NULL)
    return;

  self->endpoint = media_endpoint_ref (endpoint);
  cpm_backoff_reset (&self->backoff);
  publish (self);
}

void
client_presenter_set_clock (ClientPresenter *self,
                            MediaClock      *clock)
{
  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  if (self->clock == clock)
    return;

  g_clear_pointer (&self->clock, media_clock_unref);
  self->clock = media_clock_ref (clock);
}

static void
keep_preview_delay (ClientPresenter *self)
{
  media_stage_set_preview_delay_ms (self->stage, self->is_preview_delayed ? self->delay_ms : 0);
}

void
client_presenter_set_preview_delayed (ClientPresenter *self,
                                      gboolean         delayed)
{
  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  self->is_preview_delayed = delayed;
  keep_preview_delay (self);
}

void
client_presenter_set_pace (ClientPresenter *self,
                           unsigned         delay_ms,
                           unsigned         kbits,
                           unsigned         n_renditions)
{
  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  self->delay_ms = delay_ms;
  self->kbits = kbits;
  self->n_renditions = n_renditions;
  keep_preview_delay (self);
  if (self->publisher != NULL)
    keep_pace (self);
}

void
client_presenter_set_content_n (ClientPresenter *self,
                                unsigned         n)
{
  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  self->content_n = n;
  client_presenter_number_frames (self);
}

typedef struct
{
  ClientShowable *showable;
  ClientCamera *finder;      /* that is being opened */
} Show;

static void
show_free (gpointer data)
{
  Show *show = data;

  client_showable_free (show->showable);
  g_clear_object (&show->finder);
  g_free (show);
}

static void
on_shown (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ClientPresenter *self = g_task_get_source_object (task);
  Show *show = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->n_shows--;
  if (!media_stage_show_finish (MEDIA_STAGE (source), result, &error))
    {
      client_presenter_go_on (self);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  close_finder (self);
  place_preview (self);
  client_presenter_take_shown (self, show->showable, FALSE);
  self->slate_stands = FALSE; /* the number follows, with the answer to this */
  g_task_return_boolean (task, TRUE);
}

static void
on_finder_opened (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ClientPresenter *self = g_task_get_source_object (task);
  Show *show = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->n_shows--;
  if (!client_camera_open_finish (CLIENT_CAMERA (source), result, &error))
    {
      update_camera_open (self);
      client_presenter_go_on (self);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (self->stopped)
    {
      client_camera_close (show->finder);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The share has ended.");
      return;
    }

  /* Until the first photograph the others see the slate. */
  close_finder (self);
  self->finder = g_object_ref (show->finder);
  media_stage_clear (self->stage);
  set_slate_stands (self, TRUE);
  place_preview (self);
  client_presenter_take_shown (self, show->showable, TRUE);
  g_task_return_boolean (task, TRUE);
}

void
client_presenter_show_async (ClientPresenter      *self,
                             const ClientShowable *showable,
                             MediaSource          *source,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Show *show = g_new0 (Show, 1);

  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  g_task_set_source_tag (task, client_presenter_show_async);
  show->showable = client_showable_copy (showable);
  g_task_set_task_data (task, show, show_free);
  media_source_set_microphone (source, !self->is_mute);

  if (self->stopped)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The share has ended.");
    }
  else if (showable->kind == CPM_CONTENT_PICTURE && client_showable_needs_camera (showable))
    {
      show->finder = client_camera_new (source);
      g_signal_connect_object (show->finder, "lost", G_CALLBACK (on_finder_lost), self, 0);
      client_presenter_note_camera (self, source);
      self->n_shows++;
      client_camera_open_async (show->finder, NULL, on_finder_opened, g_steal_pointer (&task));
    }
  else
    {
      if (client_showable_needs_camera (showable))
        client_presenter_note_camera (self, source);

      self->n_shows++;
      media_stage_show_async (self->stage, source, NULL, on_shown, g_steal_pointer (&task));
    }
}

gboolean
client_presenter_show_finish (ClientPresenter  *self,
                              GAsyncResult     *result,
                              GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

MediaSource *
client_presenter_get_camera (ClientPresenter *self)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), NULL);

  if (self->stopped)
    return NULL;

  if (self->finder != NULL)
    return client_camera_get_source (self->finder);

  return self->shown != NULL && self->shown->kind == CPM_CONTENT_CAMERA
         ? media_stage_get_source (self->stage) : NULL;
}

gboolean
client_presenter_is_camera_open (ClientPresenter *self)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), FALSE);

  return g_hash_table_size (self->open_sources) > 0;
}

gboolean
client_presenter_set_playing (ClientPresenter *self,
                              gboolean         playing)
{
  MediaSource *source = self->stopped ? NULL : media_stage_get_source (self->stage);

  return source != NULL && media_source_set_playing (source, playing);
}

gboolean
client_presenter_seek (ClientPresenter *self,
                       int64_t          position_us)
{
  MediaSource *source = self->stopped ? NULL : media_stage_get_source (self->stage);

  return source != NULL && media_source_seek (source, position_us);
}

void
client_presenter_request_keyframe (ClientPresenter *self)
{
  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  if (self->publisher != NULL)
    media_publisher_request_keyframe (self->publisher);
}

void
client_presenter_set_preview_sink (ClientPresenter *self,
                                   GstElement      *sink)
{
  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  if (g_set_object (&self->preview_sink, sink))
    place_preview (self);
}
