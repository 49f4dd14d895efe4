/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What the times of one stream's RTP packets were. */
typedef struct
{
  unsigned n_packets;
  unsigned n_steps;    /* changes of the time */
  unsigned n_odd;      /* that are no whole number of frames */
  unsigned n_backward;

  uint32_t last;
  uint32_t unit;       /* of the RTP clock: a frame */
} PacketTimes;

/**
 * PacketCounter:
 *
 * A viewer who looks at nothing but the time in each packet, as it comes from the relay.
 */
typedef struct _PacketCounter PacketCounter;

/* Plays what @source, an rtspsrc (transfer floating), is set to; the picture has @fps frames a
 * second. */
PacketCounter *packet_counter_new  (GstElement *source,
                                    int         fps);
void           packet_counter_free (PacketCounter *self);

void           packet_counter_read (PacketCounter *self,
                                    PacketTimes   *out_video,
                                    PacketTimes   *out_audio);

/* Whether there was at least one packet of each. */
gboolean       packet_counter_has_begun (PacketCounter *self);

G_END_DECLS
