/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-moment"

#include "config.h"

#include "media-moment.h"

#include <gst/rtp/rtp.h>

#define EXTENSION_ID 6
#define EXTENSION_BYTES 12

void
media_moment_write (const MediaMoment  *moment,
                    GstBuffer         **packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  uint8_t bytes[EXTENSION_BYTES];

  GST_WRITE_UINT64_BE (bytes, (uint64_t) moment->moment_ns);
  GST_WRITE_UINT16_BE (bytes + 8, MIN (moment->delay_ms, G_MAXUINT16));
  GST_WRITE_UINT16_BE (bytes + 10, MIN (moment->page, G_MAXUINT16));

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

  if (!gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp))
    return FALSE;

  is_there = gst_rtp_buffer_get_extension_onebyte_header (&rtp, EXTENSION_ID, 0, &data, &size)
             && size == EXTENSION_BYTES && GST_READ_UINT64_BE (data) <= (uint64_t) MEDIA_MOMENT_LIMIT_NS;
  if (is_there)
    {
      const uint8_t *bytes = data;

      moment->moment_ns = GST_READ_UINT64_BE (bytes);
      moment->delay_ms = GST_READ_UINT16_BE (bytes + 8);
      moment->page = GST_READ_UINT16_BE (bytes + 10);
    }
  gst_rtp_buffer_unmap (&rtp);

  return is_there;
}
