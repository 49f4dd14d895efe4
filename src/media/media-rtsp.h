/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-endpoint.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What publisher and viewer have in common towards the relay. */

/* Gives rtspclientsink or rtspsrc the address, the credentials (never in the URL), TCP, and the
 * endpoint's opinion on certificates. */
void    media_rtsp_configure  (GstElement    *element,
                               MediaEndpoint *endpoint);

/* Has every sink that appears inside @element send at once instead of waiting for the clock. */
void    media_rtsp_send_early (GstElement    *element);

/* From now on no RTCP leaves @element (rtspclientsink), and none is on its way when this returns.
 * Its session says goodbye in a thread of its own some time after the end of the stream, which may
 * be when rtspclientsink has let go of its connection already (1.22). May block. */
void    media_rtsp_end_reports (GstElement   *element);

/* Whether an error or warning of the pipeline means that it does not go on: rtspclientsink only
 * warns when the relay has closed the connection. */
gboolean media_rtsp_is_over   (GstElement    *element,
                               GstMessage    *message);

/* What such a message means, as a %MEDIA_ERROR with a sentence. */
GError *media_rtsp_error      (GstElement    *element,
                               GstMessage    *message);

G_END_DECLS
