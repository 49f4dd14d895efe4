/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-screen"

#include "config.h"

#include "media-screen.h"

#include "media-error.h"

#include <unistd.h>

struct _MediaScreen
{
  GObject parent_instance;

  char *name;
  gboolean is_x11;

  int fd;
  uint32_t node;

  char *display;
  uint64_t window;

  int has_ended; /* atomic: written in the main thread, read by a source's worker */
};

enum
{
  ENDED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaScreen, media_screen, G_TYPE_OBJECT)

static void
media_screen_finalize (GObject *object)
{
  MediaScreen *self = MEDIA_SCREEN (object);

  if (self->fd >= 0)
    close (self->fd);
  g_free (self->display);
  g_free (self->name);

  G_OBJECT_CLASS (media_screen_parent_class)->finalize (object);
}

static void
media_screen_class_init (MediaScreenClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = media_screen_finalize;

  signals[ENDED] = g_signal_new ("ended", MEDIA_TYPE_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
media_screen_init (MediaScreen *self)
{
  self->fd = -1;
}

MediaScreen *
media_screen_new_stream (int         fd,
                         uint32_t    node,
                         const char *name)
{
  MediaScreen *self = g_object_new (MEDIA_TYPE_SCREEN, NULL);

  self->fd = fd;
  self->node = node;
  self->name = g_strdup (name);

  return self;
}

MediaScreen *
media_screen_new_x11 (const char *display,
                      uint64_t    window,
                      const char *name)
{
  MediaScreen *self = g_object_new (MEDIA_TYPE_SCREEN, NULL);

  self->is_x11 = TRUE;
  self->display = g_strdup (display);
  self->window = window;
  self->name = g_strdup (name);

  return self;
}

const char *
media_screen_get_name (MediaScreen *self)
{
  g_return_val_if_fail (MEDIA_IS_SCREEN (self), NULL);

  return self->name;
}

gboolean
media_screen_is_x11 (MediaScreen *self)
{
  g_return_val_if_fail (MEDIA_IS_SCREEN (self), FALSE);

  return self->is_x11;
}

const char *
media_screen_get_display (MediaScreen *self)
{
  g_return_val_if_fail (MEDIA_IS_SCREEN (self), NULL);

  return self->display;
}

uint64_t
media_screen_get_window (MediaScreen *self)
{
  g_return_val_if_fail (MEDIA_IS_SCREEN (self), 0);

  return self->window;
}

int
media_screen_get_fd (MediaScreen *self)
{
  g_return_val_if_fail (MEDIA_IS_SCREEN (self), -1);

  return self->fd;
}

uint32_t
media_screen_get_node (MediaScreen *self)
{
  g_return_val_if_fail (MEDIA_IS_SCREEN (self), 0);

  return self->node;
}

gboolean
media_screen_has_ended (MediaScreen *self)
{
  g_return_val_if_fail (MEDIA_IS_SCREEN (self), TRUE);

  return g_atomic_int_get (&self->has_ended);
}

void
media_screen_end (MediaScreen *self)
{
  g_return_if_fail (MEDIA_IS_SCREEN (self));

  if (g_atomic_int_compare_and_exchange (&self->has_ended, FALSE, TRUE))
    g_signal_emit (self, signals[ENDED], 0);
}
