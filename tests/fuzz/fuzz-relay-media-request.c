/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The bytes of a connection to the media port, one unit after the other. See
 * tests/fuzz/README.md. */

#include "fuzz.h"
#include "relay-media-request.h"

#define BODY_LIMIT_BYTES 4096

static void
check_request (const uint8_t *data,
               size_t         head,
               size_t         length)
{
  GstRTSPMessage *request = relay_media_request_parse (data, head, length);
  GstRTSPMessage *refusal;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *share = NULL;
  g_autofree char *user = NULL;
  g_autofree char *token = NULL;

  if (request == NULL)
    return;

  share = relay_media_request_dup_share (request);
  if (relay_media_request_get_credentials (request, &user, &token))
    g_assert_true (user != NULL && token != NULL);

  /* Whatever it is, it can be refused, and the refusal is one head. */
  refusal = relay_media_request_refuse (request, GST_RTSP_STS_UNAUTHORIZED);
  relay_media_message_append (refusal, bytes);
  g_assert_cmpuint (bytes->len, >, 4);
  g_assert_cmpmem (bytes->data + bytes->len - 4, 4, "\r\n\r\n", 4);
  gst_rtsp_message_free (refusal);
  gst_rtsp_message_free (request);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         length)
{
  while (length > 0)
    {
      size_t head = 0;
      size_t unit = 0;
      RelayMediaUnit kind = relay_media_request_scan (data, length, BODY_LIMIT_BYTES, &head, &unit);

      if (kind == RELAY_MEDIA_UNIT_PARTIAL || kind == RELAY_MEDIA_UNIT_BAD)
        break;

      /* It goes on, and never beyond what is there. */
      g_assert_cmpuint (unit, >, 0);
      g_assert_cmpuint (unit, <=, length);
      if (kind == RELAY_MEDIA_UNIT_REQUEST)
        {
          g_assert_cmpuint (head, >, 0);
          g_assert_cmpuint (head, <=, MIN (unit, RELAY_MEDIA_HEAD_LIMIT_BYTES));
          g_assert_cmpuint (unit - head, <=, BODY_LIMIT_BYTES);
          check_request (data, head, unit);
        }

      data += unit;
      length -= unit;
    }

  return 0;
}
