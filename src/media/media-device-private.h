/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-device.h"

G_BEGIN_DECLS

/* For #MediaDevices, and for tests that bring a camera of their own. */
MediaDevice *media_device_new            (GstDevice *device);
void         media_device_set_microphone (MediaDevice *self,
                                          gboolean     has_microphone);
/* Emits "gone", once. */
void         media_device_set_gone       (MediaDevice *self);

G_END_DECLS
