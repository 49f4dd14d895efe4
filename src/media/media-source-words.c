/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-words"

#include "config.h"

#include "media-source-internal.h"

void
media_source_set_words (MediaSource *self,
                        const char  *title,
                        const char  *artist)
{
  MediaSourcePrivate *priv = media_source_get_private (self);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&priv->lock);

  g_free (priv->title);
  g_free (priv->artist);
  priv->title = title != NULL ? g_utf8_make_valid (title, -1) : NULL;
  priv->artist = artist != NULL ? g_utf8_make_valid (artist, -1) : NULL;
}

char *
media_source_get_title (MediaSource *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MEDIA_IS_SOURCE (self), NULL);

  locker = g_mutex_locker_new (&media_source_get_private (self)->lock);

  return g_strdup (media_source_get_private (self)->title);
}

char *
media_source_get_artist (MediaSource *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MEDIA_IS_SOURCE (self), NULL);

  locker = g_mutex_locker_new (&media_source_get_private (self)->lock);

  return g_strdup (media_source_get_private (self)->artist);
}

void
media_source_measure (MediaSource *self,
                      MediaCanvas *out)
{
  MediaSourceClass *klass;

  g_return_if_fail (MEDIA_IS_SOURCE (self));

  klass = MEDIA_SOURCE_GET_CLASS (self);
  *out = klass->likely;
  if (klass->measure != NULL)
    klass->measure (self, out);
}
