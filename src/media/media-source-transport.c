/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-transport"

#include "config.h"

#include "media-source-internal.h"

/* When the sound has not faded after this it never will. */
#define FADE_LIMIT_MS 60

void
media_source_apply_transport (MediaSource *self)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  if (!priv->is_transport_pending || priv->is_stopped)
    return;

  priv->is_transport_pending = FALSE;
  g_clear_handle_id (&priv->transport_timer, g_source_remove);

  if (!g_atomic_int_get (&priv->wants_playing))
    media_source_push_job (self, JOB_PAUSE, 0, NULL);
  if (priv->pending_seek_us >= 0)
    media_source_push_job (self, JOB_SEEK, priv->pending_seek_us, NULL);
  if (g_atomic_int_get (&priv->wants_playing))
    media_source_push_job (self, JOB_PLAY, 0, NULL);

  priv->pending_seek_us = -1;
}

static gboolean
on_transport_timer (gpointer user_data)
{
  MediaSource *self = user_data;

  media_source_get_private (self)->transport_timer = 0;
  media_source_apply_transport (self);

  return G_SOURCE_REMOVE;
}

/* Sound first fades out, then the pipeline pauses or jumps: both cut it, which clicks. */
static void
begin_transport (MediaSource *self)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  if (priv->is_transport_pending)
    return;

  priv->is_transport_pending = TRUE;
  priv->transport_timer = g_timeout_add (FADE_LIMIT_MS, on_transport_timer, self);
  media_feed_fade_out (priv->feed);
}

void
media_source_set_loop (MediaSource *self)
{
  media_source_get_private (self)->is_loop = TRUE;
}

static gboolean
can_transport (MediaSource *self)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  return MEDIA_SOURCE_GET_CLASS (self)->is_film && !priv->is_loop && !priv->is_stopped;
}

gboolean
media_source_set_playing (MediaSource *self,
                          gboolean     playing)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  g_return_val_if_fail (MEDIA_IS_SOURCE (self), FALSE);

  if (!can_transport (self))
    return FALSE;

  g_atomic_int_set (&priv->wants_playing, playing);
  if (!priv->is_on_stage)
    return TRUE;

  if (playing && priv->has_ended)
    return media_source_seek (self, 0);

  begin_transport (self);

  return TRUE;
}

gboolean
media_source_seek (MediaSource *self,
                   int64_t      position_us)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  g_return_val_if_fail (MEDIA_IS_SOURCE (self), FALSE);

  if (!can_transport (self) || !priv->is_on_stage || position_us < 0)
    return FALSE;

  priv->has_ended = FALSE;
  priv->pending_seek_us = position_us;
  begin_transport (self);

  return TRUE;
}

int64_t
media_source_get_position_us (MediaSource *self)
{
  g_autoptr (GstElement) pipeline = NULL;
  int64_t position;

  g_return_val_if_fail (MEDIA_IS_SOURCE (self), -1);

  pipeline = media_source_ref_pipeline (self);
  if (pipeline == NULL || !MEDIA_SOURCE_GET_CLASS (self)->is_film
      || !gst_element_query_position (pipeline, GST_FORMAT_TIME, &position))
    return -1;

  return position / (int64_t) GST_USECOND;
}

int64_t
media_source_get_duration_us (MediaSource *self)
{
  g_autoptr (GstElement) pipeline = NULL;
  int64_t duration;

  g_return_val_if_fail (MEDIA_IS_SOURCE (self), -1);

  pipeline = media_source_ref_pipeline (self);
  if (pipeline == NULL || !can_transport (self)
      || !gst_element_query_duration (pipeline, GST_FORMAT_TIME, &duration))
    return -1;

  return duration / (int64_t) GST_USECOND;
}
