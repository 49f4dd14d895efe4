/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-rtp"

#include "config.h"

#include "relay-media-rtp.h"

#include <string.h>

#define RTCP_SENDER_REPORT 200
#define RTCP_SOURCE_DESCRIPTION 202
#define RTCP_CNAME 1
#define REPORT_BYTES 28
#define CNAME_LIMIT_BYTES 64

/* RFC 6184, table 1. */
#define NAL_SLICE_OF_KEY_FRAME 5
#define NAL_SEQUENCE_PARAMETERS 7
#define NAL_STAP_A 24
#define NAL_FU_A 28

static uint16_t
read_16 (const uint8_t *at)
{
  return at[0] << 8 | at[1];
}

static uint32_t
read_32 (const uint8_t *at)
{
  return (uint32_t) read_16 (at) << 16 | read_16 (at + 2);
}

static void
write_16 (uint8_t  *at,
          uint16_t  value)
{
  at[0] = value >> 8;
  at[1] = value & 0xff;
}

static void
write_32 (uint8_t  *at,
          uint32_t  value)
{
  write_16 (at, value >> 16);
  write_16 (at + 2, value & 0xffff);
}

/* Where the payload begins, after the sources and the header extension; 0 when it would be behind
 * the end. */
static size_t
find_payload (const uint8_t *data,
              size_t         length)
{
  size_t at = RELAY_MEDIA_RTP_HEAD_BYTES + 4 * (data[0] & 0x0f);

  if ((data[0] & 0x10) != 0)
    {
      if (at + 4 > length)
        return 0;
      at += 4 + 4 * (size_t) read_16 (data + at + 2);
    }

  return at <= length ? at : 0;
}

gboolean
relay_media_rtp_parse (const uint8_t *data,
                       size_t         length,
                       RelayMediaRtp *out)
{
  size_t padding = 0;

  if (length < RELAY_MEDIA_RTP_HEAD_BYTES || length > G_MAXUINT16 || data[0] >> 6 != 2)
    return FALSE;

  out->payload = find_payload (data, length);
  if (out->payload == 0)
    return FALSE;
  if ((data[0] & 0x20) != 0)
    padding = data[length - 1];
  if (((data[0] & 0x20) != 0 && padding == 0) || padding > length - out->payload)
    return FALSE;

  out->payload_length = length - out->payload - padding;
  out->is_last = data[1] >> 7;
  out->pt = data[1] & 0x7f;
  out->seq = read_16 (data + 2);
  out->time = read_32 (data + 4);
  out->ssrc = read_32 (data + 8);

  return TRUE;
}

void
relay_media_rtp_write_head (uint8_t             *data,
                            const RelayMediaRtp *rtp)
{
  data[1] = (rtp->is_last ? 0x80 : 0) | rtp->pt;
  write_16 (data + 2, rtp->seq);
  write_32 (data + 4, rtp->time);
  write_32 (data + 8, rtp->ssrc);
}

static gboolean
is_key_nal (uint8_t head)
{
  unsigned type = head & 0x1f;

  return type == NAL_SLICE_OF_KEY_FRAME || type == NAL_SEQUENCE_PARAMETERS;
}

static gboolean
has_key_nal (const uint8_t *units,
             size_t         length)
{
  while (length > 2)
    {
      size_t size = read_16 (units);

      if (size == 0 || size > length - 2)
        return FALSE;
      if (is_key_nal (units[2]))
        return TRUE;
      units += 2 + size;
      length -= 2 + size;
    }

  return FALSE;
}

static gboolean
is_key_h264 (const uint8_t *payload,
             size_t         length)
{
  if (length < 2)
    return FALSE;

  switch (payload[0] & 0x1f)
    {
    case NAL_STAP_A:
      return has_key_nal (payload + 1, length - 1);

    case NAL_FU_A:
      return (payload[1] & 0x80) != 0 && is_key_nal (payload[1]);

    default:
      return is_key_nal (payload[0]);
    }
}

/* Behind the payload descriptor (RFC 7741, section 4.2) of a frame's first packet stands the
 * frame's own head: its lowest bit is 0 for a key frame. */
static gboolean
is_key_vp8 (const uint8_t *payload,
            size_t         length)
{
  size_t at = 1;

  if (length < 1 || (payload[0] & 0x10) == 0 || (payload[0] & 0x07) != 0)
    return FALSE;

  if ((payload[0] & 0x80) != 0)
    {
      uint8_t extensions;

      if (length < 2)
        return FALSE;
      extensions = payload[1];
      at = 2;
      if ((extensions & 0x80) != 0)
        {
          if (at >= length)
            return FALSE;
          at += (payload[at] & 0x80) != 0 ? 2 : 1;
        }
      at += (extensions & 0x40) != 0;
      at += (extensions & 0x30) != 0;
    }

  return at < length && (payload[at] & 0x01) == 0;
}

gboolean
relay_media_rtp_is_key (RelayMediaCodec  codec,
                        const uint8_t   *payload,
                        size_t           length)
{
  switch (codec)
    {
    case RELAY_MEDIA_CODEC_H264:
      return is_key_h264 (payload, length);

    case RELAY_MEDIA_CODEC_VP8:
      return is_key_vp8 (payload, length);

    case RELAY_MEDIA_CODEC_OPUS:
    default:
      return FALSE;
    }
}

gboolean
relay_media_rtp_parse_report (const uint8_t    *data,
                              size_t            length,
                              RelayMediaReport *out)
{
  if (length < REPORT_BYTES || data[0] >> 6 != 2 || data[1] != RTCP_SENDER_REPORT)
    return FALSE;

  out->ntp = (uint64_t) read_32 (data + 8) << 32 | read_32 (data + 12);
  out->time = read_32 (data + 16);
  out->n_packets = read_32 (data + 20);
  out->n_bytes = read_32 (data + 24);

  return TRUE;
}

GBytes *
relay_media_rtp_make_report (const RelayMediaReport *report,
                             uint32_t                ssrc,
                             const char             *cname)
{
  size_t cname_length = MIN (strlen (cname), CNAME_LIMIT_BYTES);
  /* Head and source, the item with its two bytes, and at least one zero up to the next word. */
  size_t description = (8 + 2 + cname_length + 4) / 4 * 4;
  uint8_t *data = g_malloc0 (REPORT_BYTES + description);
  uint8_t *at = data + REPORT_BYTES;

  data[0] = 0x80;
  data[1] = RTCP_SENDER_REPORT;
  write_16 (data + 2, REPORT_BYTES / 4 - 1);
  write_32 (data + 4, ssrc);
  write_32 (data + 8, report->ntp >> 32);
  write_32 (data + 12, report->ntp & G_MAXUINT32);
  write_32 (data + 16, report->time);
  write_32 (data + 20, report->n_packets);
  write_32 (data + 24, report->n_bytes);

  at[0] = 0x81;
  at[1] = RTCP_SOURCE_DESCRIPTION;
  write_16 (at + 2, description / 4 - 1);
  write_32 (at + 4, ssrc);
  at[8] = RTCP_CNAME;
  at[9] = cname_length;
  memcpy (at + 10, cname, cname_length);

  return g_bytes_new_take (data, REPORT_BYTES + description);
}
