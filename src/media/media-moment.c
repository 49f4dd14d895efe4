/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-moment"

#include "config.h"

#include "media-moment.h"

#include <gst/rtp/rtp.h>

#include <string.h>

#define EXTENSION_ID 6
#define EXTENSION_BYTES 12

/* In a packet nothing is aligned. */
typedef struct
{
  uint64_t moment_ns;
  uint16_t delay_ms;
  uint16_t page;
} Wire;

static void
write_wire (uint8_t           *bytes,
            const MediaMoment *moment)
{
  Wire wire = {
    .moment_ns = GUINT64_TO_BE ((uint64_t) moment->moment_ns),
    .delay_ms = GUINT16_TO_BE ((uint16_t) MIN (moment->delay_ms, G_MAXUINT16)),
    .page = GUINT16_TO_BE ((uint16_t) MIN (moment->page, G_MAXUINT16)),
  };

  memcpy (bytes, &wire.moment_ns, 8);
  memcpy (bytes + 8, &wire.delay_ms, 2);
  memcpy (bytes + 10, &wire.page, 2);
}

static Wire
read_wire (const uint8_t *bytes)
{
  Wire wire;

  memcpy (&wire.moment_ns, bytes, 8);
  memcpy (&wire.delay_ms, bytes + 8, 2);
  memcpy (&wire.page, bytes + 10, 2);

  return (Wire) {
    .moment_ns = GUINT64_FROM_BE (wire.moment_ns),
    .delay_ms = GUINT16_FROM_BE (wire.delay_ms),
    .page = GUINT16_FROM_BE (wire.page),
  };
}

void
media_moment_write (const MediaMoment  *moment,
                    GstBuffer         **packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  uint8_t bytes[EXTENSION_BYTES];

  write_wire (bytes, moment);
  *packet = gst_buffer_make_writable (*packet);
  if (!gst_rtp_buffer_map (*packet, GST_MAP_READWRITE, &rtp))
    return;

  gst_rtp_buffer_add_extension_onebyte_header (&rtp, EXTENSION_ID, bytes, sizeof bytes);
  gst_rtp_buffer_unmap (&rtp);
}

/* The bytes are those of a stranger: what is not as it should be is no moment. */
gboolean
media_moment_read (MediaMoment *moment,
                   GstBuffer   *packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gpointer data;
  unsigned size;
  gboolean is_there;
  Wire wire;

  if (!gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp))
    return FALSE;

  is_there = gst_rtp_buffer_get_extension_onebyte_header (&rtp, EXTENSION_ID, 0, &data, &size)
             && size == EXTENSION_BYTES;
  if (is_there)
    {
      wire = read_wire (data);
      is_there = wire.moment_ns <= (uint64_t) MEDIA_MOMENT_LIMIT_NS;
    }
  if (is_there)
    {
      moment->moment_ns = (int64_t) wire.moment_ns;
      moment->delay_ms = wire.delay_ms;
      moment->page = wire.page;
    }
  gst_rtp_buffer_unmap (&rtp);

  return is_there;
}
