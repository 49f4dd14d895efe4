/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-microphone"

#include "config.h"

#include "media-source-internal.h"

/* When the sound has not faded after this there is none. */
#define FADE_LIMIT_MS 60

/* What has no sound now may have one soon: the sound server begins anew, somebody plugs something
 * in. */
#define RETRY_MS 2000

static gboolean
on_retry_timer (gpointer user_data)
{
  MediaSource *self = user_data;

  media_source_get_private (self)->retry_timer = 0;
  media_source_push_job (self, JOB_SOUND_AGAIN, 0, NULL);

  return G_SOURCE_REMOVE;
}

/* A microphone that fails leaves the source silent for a while. Two errors come for one fault as a
 * rule. */
static gboolean
on_sound_message (GstBus     *bus,
                  GstMessage *message,
                  gpointer    user_data)
{
  g_autoptr (MediaSource) self = g_weak_ref_get (user_data);
  g_autoptr (GError) error = NULL;
  MediaSourcePrivate *priv;

  if (self == NULL || GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;

  priv = media_source_get_private (self);
  gst_message_parse_error (message, &error, NULL);
  if (priv->has_lost_sound)
    g_debug ("There is still no sound: %s", error->message);
  else
    g_message ("There is no sound: %s", error->message);
  priv->has_lost_sound = TRUE;
  g_atomic_int_set (&priv->has_audio, FALSE);
  if (priv->retry_timer == 0 && !priv->is_stopped)
    priv->retry_timer = g_timeout_add (RETRY_MS, on_retry_timer, self);

  return G_SOURCE_CONTINUE;
}

void
media_source_start_sound (MediaSource *self)
{
  MediaSourcePrivate *priv = media_source_get_private (self);
  MediaSourceClass *klass = MEDIA_SOURCE_GET_CLASS (self);
  GstElement *sound;

  if (klass->build_sound == NULL || priv->sound != NULL ||
      !g_atomic_int_get (&priv->wants_microphone))
    return;

  sound = klass->build_sound (self);
  if (sound == NULL)
    return;

  priv->sound = sound;
  gst_pipeline_use_clock (GST_PIPELINE (sound), priv->clock);
  media_source_adopt_sinks (self, sound);
  priv->sound_watch = media_source_watch_bus (self, sound, on_sound_message);
  gst_element_set_state (sound, GST_STATE_PLAYING);
}

void
media_source_close_sound (MediaSource *self)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  if (priv->sound == NULL)
    return;

  g_atomic_int_set (&priv->has_audio, FALSE);
  if (MEDIA_SOURCE_GET_CLASS (self)->close_sound != NULL)
    MEDIA_SOURCE_GET_CLASS (self)->close_sound (self);
  media_source_close_pipeline (g_steal_pointer (&priv->sound),
                               g_steal_pointer (&priv->sound_watch));
}

void
media_source_run_microphone (MediaSource *self)
{
  if (g_atomic_int_get (&media_source_get_private (self)->wants_microphone))
    media_source_start_sound (self);
  else
    media_source_close_sound (self);
}

void
media_source_apply_microphone (MediaSource *self)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  if (priv->microphone_timer == 0)
    return;

  g_clear_handle_id (&priv->microphone_timer, g_source_remove);
  media_source_push_job (self, JOB_MICROPHONE, 0, NULL);
}

static gboolean
on_microphone_timer (gpointer user_data)
{
  MediaSource *self = user_data;

  media_source_get_private (self)->microphone_timer = 0;
  media_source_push_job (self, JOB_MICROPHONE, 0, NULL);

  return G_SOURCE_REMOVE;
}

void
media_source_set_microphone (MediaSource *self,
                             gboolean     on)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  g_return_if_fail (MEDIA_IS_SOURCE (self));

  on = !!on;
  if (!MEDIA_SOURCE_GET_CLASS (self)->has_microphone ||
      g_atomic_int_get (&priv->wants_microphone) == on)
    return;

  g_atomic_int_set (&priv->wants_microphone, on);
  if (priv->feed == NULL || priv->is_stopped)
    return;

  if (on)
    {
      g_clear_handle_id (&priv->microphone_timer, g_source_remove);
      media_feed_fade_in (priv->feed);
      media_source_push_job (self, JOB_MICROPHONE, 0, NULL);
    }
  else
    {
      /* The device is closed when its sound has faded: a cut at full level clicks. */
      media_feed_fade_out (priv->feed);
      if (priv->microphone_timer == 0)
        priv->microphone_timer = g_timeout_add (FADE_LIMIT_MS, on_microphone_timer, self);
    }
}

gboolean
media_source_has_microphone (MediaSource *self)
{
  g_return_val_if_fail (MEDIA_IS_SOURCE (self), FALSE);

  return MEDIA_SOURCE_GET_CLASS (self)->has_microphone;
}

gboolean
media_source_get_microphone (MediaSource *self)
{
  g_return_val_if_fail (MEDIA_IS_SOURCE (self), FALSE);

  return MEDIA_SOURCE_GET_CLASS (self)->has_microphone &&
         g_atomic_int_get (&media_source_get_private (self)->wants_microphone);
}
