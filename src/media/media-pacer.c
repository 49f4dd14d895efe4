/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-pacer"

#include "config.h"

#include "media-pacer.h"

/* A first frame belongs to the slot that began at least this long ago, so that the following ones
 * may be this much early without falling out of theirs. */
#define LEAD (4 * GST_MSECOND)
/* How far beyond its natural slot a frame that follows another one may be. */
#define SLACK (6 * GST_MSECOND)

G_STATIC_ASSERT (LEAD + SLACK < MEDIA_PACER_GRACE);

void
media_pacer_init (MediaPacer *self,
                  int         fps)
{
  *self = (MediaPacer) { .fps = fps };
}

GstClockTime
media_pacer_slot_start (MediaPacer *self,
                        uint64_t    slot)
{
  return gst_util_uint64_scale_int (slot, GST_SECOND, self->fps);
}

uint64_t
media_pacer_place (MediaPacer   *self,
                   GstClockTime  time)
{
  uint64_t slot = time < LEAD ? 0 : gst_util_uint64_scale (time - LEAD, self->fps, GST_SECOND);

  if (self->has_last)
    {
      uint64_t next = self->last + 1;
      gboolean is_early = time + SLACK < media_pacer_slot_start (self, next) + LEAD;
      gboolean is_late = time >= media_pacer_slot_start (self, next + 1) + LEAD + SLACK;

      slot = is_early || is_late ? MAX (slot, self->last) : next;
    }

  self->has_last = TRUE;
  self->last = slot;

  return slot;
}

void
media_pacer_move_to (MediaPacer *self,
                     uint64_t    slot)
{
  self->last = self->has_last ? MAX (slot, self->last) : slot;
  self->has_last = TRUE;
}

gboolean
media_pacer_has_placed (const MediaPacer *self,
                        uint64_t          slot)
{
  return self->has_last && self->last >= slot;
}
