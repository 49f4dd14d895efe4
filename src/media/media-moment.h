/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaMoment:
 * @moment_ns: when this is to be seen or heard, by the share's clock
 * @delay_ms: how much of it is the presentation delay
 * @page: which picture of a series it is; 0 for none
 *
 * What each packet of video and sound says about its time (docs/protocol.md, "The moment of a
 * frame"): an RTP header extension of twelve bytes, beside that of the content's number. Players
 * that do not know it skip it.
 */
typedef struct
{
  int64_t moment_ns;
  unsigned delay_ms;
  unsigned page;
} MediaMoment;

#define MEDIA_MOMENT_LIMIT_NS (G_MAXINT64 / 4)

/* Writes @moment into @packet, which it replaces by a writable one. */
void     media_moment_write (const MediaMoment  *moment,
                             GstBuffer         **packet);

/* %FALSE when there is none, or one that cannot be. */
gboolean media_moment_read  (MediaMoment        *moment,
                             GstBuffer          *packet);

G_END_DECLS
