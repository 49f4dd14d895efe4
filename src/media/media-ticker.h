/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaTicker:
 *
 * A thread that calls once at the beginning of each slot of the stage, by its clock. A slot that it
 * is late for it leaves out.
 */
typedef struct _MediaTicker MediaTicker;

typedef void (*MediaTickFunc) (uint64_t slot,
                               gpointer user_data);

/* Begins at once. Slot 0 begins at @base_time of @clock, and there are @fps of them in a second. */
MediaTicker *media_ticker_new  (GstClock      *clock,
                                GstClockTime   base_time,
                                int            fps,
                                MediaTickFunc  func,
                                gpointer       user_data);

/* When this returns the function is not called any more. Not from within it. */
void         media_ticker_free (MediaTicker *self);

G_END_DECLS
