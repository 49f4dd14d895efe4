/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A packet on its way. It may be replaced, as gst_buffer_make_writable() does. Streaming
 * threads. */
typedef void (*MediaPacketFunc) (GstBuffer **packet,
                                 gpointer    user_data);

/* Calls @func for every RTP packet that passes @pad from now on, whether it comes alone or in a
 * list. */
void media_packets_watch (GstPad          *pad,
                          MediaPacketFunc  func,
                          gpointer         user_data,
                          GDestroyNotify   destroy);

/* When a packet with @pts passes @pad, in its running time; %GST_CLOCK_TIME_NONE when that is not
 * known. */
GstClockTime media_packets_get_running_time (GstPad       *pad,
                                             GstClockTime  pts);

G_END_DECLS
