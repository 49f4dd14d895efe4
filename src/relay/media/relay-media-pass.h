/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

/**
 * RelayMediaPass:
 *
 * An element that lets RTP through untouched. gst-rtsp-server wants a payloader at the end of each PLAY stream and asks it for
 * "pt" and "mtu"; what arrives here is payloaded already. Known to launch lines as `vitrinertppass` after
 * relay_media_pass_register().
 */
#define RELAY_TYPE_MEDIA_PASS (relay_media_pass_get_type ())
G_DECLARE_FINAL_TYPE (RelayMediaPass, relay_media_pass, RELAY, MEDIA_PASS, GstBaseTransform)

void relay_media_pass_register (void);

G_END_DECLS
