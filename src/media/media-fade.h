/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum
{
  MEDIA_FADE_IN,
  MEDIA_FADE_OUT
} MediaFade;

/* A buffer of S16LE stereo with a straight ramp over all of it: a cut of a sound at full level is heard as a
 * click. Takes @buffer, and copies it when others hold it too. (transfer full) */
GstBuffer *media_fade_buffer (GstBuffer *buffer,
                              MediaFade  fade);

G_END_DECLS
