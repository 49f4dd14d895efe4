/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A packet of RTP or RTCP that a sharer sends. See tests/fuzz/README.md. */

#include "fuzz.h"
#include "relay-media-rtp.h"

#include <string.h>

static void
check_packet (const uint8_t *data,
              size_t         length)
{
  g_autofree uint8_t *copy = g_memdup2 (data, length);
  RelayMediaRtp rtp, again;

  if (!relay_media_rtp_parse (data, length, &rtp))
    return;

  /* Nothing of it is beyond what is there. */
  g_assert_cmpuint (rtp.payload, >=, RELAY_MEDIA_RTP_HEAD_BYTES);
  g_assert_cmpuint (rtp.payload + rtp.payload_length, <=, length);

  for (unsigned codec = RELAY_MEDIA_CODEC_H264; codec <= RELAY_MEDIA_CODEC_OPUS; codec++)
    {
      /* A copy of its own size: a byte too far is seen. */
      g_autofree uint8_t *payload = g_memdup2 (data + rtp.payload, rtp.payload_length);

      relay_media_rtp_is_key (codec, payload, rtp.payload_length);
    }

  /* What is written over it is what was read. */
  relay_media_rtp_write_head (copy, &rtp);
  g_assert_cmpmem (copy, length, data, length);
  rtp.seq++;
  rtp.time += 90000;
  rtp.ssrc = ~rtp.ssrc;
  relay_media_rtp_write_head (copy, &rtp);
  g_assert_true (relay_media_rtp_parse (copy, length, &again));
  g_assert_cmpuint (again.seq, ==, rtp.seq);
  g_assert_cmpuint (again.time, ==, rtp.time);
  g_assert_cmpuint (again.ssrc, ==, rtp.ssrc);
  g_assert_cmpuint (again.payload_length, ==, rtp.payload_length);
}

static void
check_report (const uint8_t *data,
              size_t         length)
{
  RelayMediaReport report, again;
  g_autoptr (GBytes) bytes = NULL;

  if (!relay_media_rtp_parse_report (data, length, &report))
    return;

  bytes = relay_media_rtp_make_report (&report, 7, "share");
  g_assert_cmpuint (g_bytes_get_size (bytes) % 4, ==, 0);
  g_assert_true (relay_media_rtp_parse_report (g_bytes_get_data (bytes, NULL),
                                               g_bytes_get_size (bytes), &again));
  g_assert_cmpuint (again.ntp, ==, report.ntp);
  g_assert_cmpuint (again.time, ==, report.time);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         length)
{
  check_packet (data, length);
  check_report (data, length);

  return 0;
}
