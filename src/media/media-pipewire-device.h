/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

#include <spa/pod/pod.h>
#include <spa/utils/dict.h>
#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaPipewireDevice:
 *
 * A node of PipeWire that gives picture or sound, as GStreamer sees devices. Immutable.
 */
#define MEDIA_TYPE_PIPEWIRE_DEVICE (media_pipewire_device_get_type ())
G_DECLARE_FINAL_TYPE (MediaPipewireDevice, media_pipewire_device, MEDIA, PIPEWIRE_DEVICE, GstDevice)

/* @serial: what names the node for good (its id is used again). @kind: "Video/Source" or
 * "Audio/Source". @caps (nullable): when it does not say what it can. (transfer floating) */
GstDevice *media_pipewire_device_new         (uint64_t               serial,
                                              const char            *kind,
                                              const struct spa_dict *properties,
                                              GstCaps               *caps);

/* What one of a camera's formats (SPA_PARAM_EnumFormat) is in GStreamer, in system memory.
 * (transfer full) (nullable: nothing that can be used) */
GstCaps   *media_pipewire_device_parse_format (const struct spa_pod *format);

G_END_DECLS
