/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-camera"

#include "config.h"

#include "client-camera.h"

#include "media-stage.h"

/* What the view-finder shows; photographs have the camera's own size. */
#define WIDTH 1280
#define HEIGHT 720
#define FPS 30

struct _ClientCamera
{
  GObject parent_instance;

  MediaSource *source;
  MediaStage *stage;
  GstElement *preview_sink;
  gboolean open;
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (ClientCamera, client_camera, G_TYPE_OBJECT)

enum
{
  PROP_OPEN = 1,
  N_PROPS
};

enum
{
  SIGNAL_LOST,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static unsigned signals[N_SIGNALS];

static void
set_open (ClientCamera *self,
          gboolean      open)
{
  if (self->open == open)
    return;

  self->open = open;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (ClientCamera) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!media_stage_stop_finish (MEDIA_STAGE (source), result, &error))
    g_debug ("%s", error->message);

  set_open (self, FALSE);
}

static void
on_source_lost (MediaStage   *stage,
                MediaSource  *source,
                const GError *error,
                ClientCamera *self)
{
  g_signal_emit (self, signals[SIGNAL_LOST], 0, error);
}

static void
client_camera_get_property (GObject    *object,
                            unsigned    prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ClientCamera *self = CLIENT_CAMERA (object);

  switch (prop_id)
    {
    case PROP_OPEN:
      g_value_set_boolean (value, self->open);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
client_camera_dispose (GObject *object)
{
  ClientCamera *self = CLIENT_CAMERA (object);

  g_clear_object (&self->source);
  g_clear_object (&self->stage);
  g_clear_object (&self->preview_sink);

  G_OBJECT_CLASS (client_camera_parent_class)->dispose (object);
}

static void
client_camera_class_init (ClientCameraClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = client_camera_get_property;
  object_class->dispose = client_camera_dispose;

  properties[PROP_OPEN] =
    g_param_spec_boolean ("open", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_LOST] =
    g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
client_camera_init (ClientCamera *self)
{
}

ClientCamera *
client_camera_new (MediaSource *source)
{
  ClientCamera *self;

  g_return_val_if_fail (MEDIA_IS_SOURCE (source), NULL);

  self = g_object_new (CLIENT_TYPE_CAMERA, NULL);
  self->source = g_object_ref (source);

  return self;
}

static void
on_shown (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ClientCamera *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!media_stage_show_finish (MEDIA_STAGE (source), result, &error))
    {
      client_camera_close (self);
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (self->closed)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "The camera was closed again.");
    }
  else
    {
      g_task_return_boolean (task, TRUE);
    }
}

void
client_camera_open_async (ClientCamera        *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_return_if_fail (CLIENT_IS_CAMERA (self));
  g_return_if_fail (self->stage == NULL);

  g_task_set_source_tag (task, client_camera_open_async);
  self->stage = media_stage_new (WIDTH, HEIGHT, FPS, "");
  g_signal_connect_object (self->stage, "source-lost", G_CALLBACK (on_source_lost), self, 0);
  if (!media_stage_start (self->stage, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->preview_sink != NULL)
    media_stage_set_preview_sink (self->stage, self->preview_sink);

  /* From now on the device may be open; it is free again when the stage has stopped. */
  set_open (self, TRUE);
  media_stage_show_async (self->stage, self->source, cancellable, on_shown,
                          g_steal_pointer (&task));
}

gboolean
client_camera_open_finish (ClientCamera  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
client_camera_is_open (ClientCamera *self)
{
  g_return_val_if_fail (CLIENT_IS_CAMERA (self), FALSE);

  return self->open;
}

MediaSource *
client_camera_get_source (ClientCamera *self)
{
  g_return_val_if_fail (CLIENT_IS_CAMERA (self), NULL);

  return self->source;
}

void
client_camera_set_preview_sink (ClientCamera *self,
                                GstElement   *sink)
{
  g_return_if_fail (CLIENT_IS_CAMERA (self));

  if (!g_set_object (&self->preview_sink, sink))
    return;

  if (self->stage != NULL && !self->closed)
    media_stage_set_preview_sink (self->stage, sink);
}

void
client_camera_close (ClientCamera *self)
{
  g_return_if_fail (CLIENT_IS_CAMERA (self));

  if (self->closed || self->stage == NULL)
    return;

  self->closed = TRUE;
  media_stage_set_preview_sink (self->stage, NULL);
  media_stage_stop_async (self->stage, on_stopped, g_object_ref (self));
}
