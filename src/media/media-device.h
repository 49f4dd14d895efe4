/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaDevice:
 *
 * A camera of this machine, found through PipeWire or V4L2. Properties: "id" (stable over restarts
 * where the system allows), "name" (for people). Immutable, but that it can go: signal "gone", when
 * it was unplugged.
 *
 * MediaDevices is the live #GListModel of them: devices come and go while it lives. They are those
 * of PipeWire, or where there is none those of V4L2. Main thread.
 */
#define MEDIA_TYPE_DEVICE (media_device_get_type ())
G_DECLARE_FINAL_TYPE (MediaDevice, media_device, MEDIA, DEVICE, GObject)

const char *media_device_get_id   (MediaDevice *self);
const char *media_device_get_name (MediaDevice *self);

/* Whether it was unplugged. */
gboolean    media_device_is_gone  (MediaDevice *self);

/* Whether this machine has a microphone to go with it, as far as is known by now. */
gboolean    media_device_has_microphone (MediaDevice *self);

/* The GStreamer device, for the sources in this layer. (transfer none) */
GstDevice  *media_device_get_gst_device (MediaDevice *self);

#define MEDIA_TYPE_DEVICES (media_devices_get_type ())
G_DECLARE_FINAL_TYPE (MediaDevices, media_devices, MEDIA, DEVICES, GObject)

/* Begins to watch at once, in a thread of its own: the list is filled a moment later
 * ("items-changed"). A system without any camera has an empty list, not an error. */
MediaDevices *media_devices_new      (void);

/* From now on the cameras are those of this connection to PipeWire, as the camera portal gives it
 * out: the only way to one in a sandbox. Takes @fd. */
void          media_devices_set_pipewire_fd (MediaDevices *self,
                                             int           fd);

/* The device of @id or of that name; %NULL for the first one there is. (transfer full)
 * (nullable) */
MediaDevice  *media_devices_find     (MediaDevices *self,
                                      const char   *id);

G_END_DECLS
