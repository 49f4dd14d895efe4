/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

struct pw_context;

G_BEGIN_DECLS

/**
 * MediaPipewire:
 *
 * The cameras and microphones that the session's PipeWire knows, as #GstDevice of "Video/Source"
 * and "Audio/Source".
 *
 * GStreamer has a device provider for that, but the one of PipeWire 0.3.65 keeps pointers to what
 * is freed: it misses cameras that come back quickly, stays deaf when it is started again, and
 * harms the heap when it is stopped.
 *
 * Connects and listens in a thread of its own; the life of the object is that of the main thread.
 */
typedef struct _MediaPipewire MediaPipewire;

typedef enum
{
  MEDIA_PIPEWIRE_ADDED,
  MEDIA_PIPEWIRE_REMOVED,
  MEDIA_PIPEWIRE_READY,  /* it has answered */
  MEDIA_PIPEWIRE_MISSING /* there is no PipeWire, or nobody in it who looks after devices */
} MediaPipewireEvent;

/* In PipeWire's thread. @device (nullable): of the first two. */
typedef void (*MediaPipewireFunc) (MediaPipewireEvent  event,
                                   GstDevice          *device,
                                   gpointer            user_data);

MediaPipewire *media_pipewire_new  (MediaPipewireFunc  func,
                                    gpointer           user_data);

/* @func is not called any more once this is back. */
void           media_pipewire_free (MediaPipewire     *self);

/* Of whoever else has one: pw_context_destroy() by itself may wait for ever. Its loop does not run
 * any more. */
void           media_pipewire_destroy_context (struct pw_context *context);

G_END_DECLS
