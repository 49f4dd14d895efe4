/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineVideoPaintable:
 *
 * Moving pictures for a GtkPicture: a #GdkPaintable that shows the newest frame which its sink was
 * given. The frames are not copied: the texture keeps the mapped buffer. Frames that come faster
 * than they can be drawn are dropped, so the sink never holds a pipeline up and latency never
 * grows.
 *
 * Uses gtk4paintablesink where the system has it (its textures stay in the graphics memory). The
 * environment variable VITRINE_VIDEO_SINK=memory asks for the own sink.
 *
 * Main thread, but for the streaming threads inside the sink. The pipeline that takes the sink owns
 * a reference of its own.
 */
#define VITRINE_TYPE_VIDEO_PAINTABLE (vitrine_video_paintable_get_type ())
G_DECLARE_FINAL_TYPE (VitrineVideoPaintable, vitrine_video_paintable,
                      VITRINE, VIDEO_PAINTABLE, GObject)

/* @keep_time: whether each frame is shown at its moment (a viewer's, for the sound) or at once
 * (one's own picture, which must not wait until the slowest branch of the pipeline is through). */
VitrineVideoPaintable *vitrine_video_paintable_new      (gboolean keep_time);

/* The element to hand to a pipeline; takes video/x-raw. (transfer none) */
GstElement            *vitrine_video_paintable_get_sink (VitrineVideoPaintable *self);

/* Whether a frame has come yet. */
gboolean               vitrine_video_paintable_has_frame (VitrineVideoPaintable *self);

G_END_DECLS
