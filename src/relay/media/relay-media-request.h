/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/rtsp/gstrtspmessage.h>

#include <stdint.h>

G_BEGIN_DECLS

/* RTSP 1.0 (RFC 2326) as bytes on a connection: what of it the relay takes, before any other code
 * sees it. Values in, values out. */

#define RELAY_MEDIA_HEAD_LIMIT_BYTES (8 * 1024)
#define RELAY_MEDIA_HEAD_LIMIT_LINES 64

typedef enum
{
  RELAY_MEDIA_UNIT_PARTIAL, /* more bytes are needed */
  RELAY_MEDIA_UNIT_REQUEST, /* a head, and the body that it announces */
  RELAY_MEDIA_UNIT_DATA,    /* an interleaved frame: '$', channel, length (section 10.12) */
  RELAY_MEDIA_UNIT_BAD      /* neither, or beyond the limits */
} RelayMediaUnit;

/* Looks at the first unit in @data. @out_head: bytes up to and with the empty line (requests);
 * @out_length: of the whole unit. */
RelayMediaUnit   relay_media_request_scan            (const uint8_t  *data,
                                                      size_t          length,
                                                      size_t          body_limit_bytes,
                                                      size_t         *out_head,
                                                      size_t         *out_length);

/* Makes a message of a whole unit. Only the header fields that the relay's RTSP face needs are
 * taken over: no Range, Scale, Speed or Blocksize, by which one viewer would change what all see.
 * The message is to be freed with gst_rtsp_message_free(). */
GstRTSPMessage  *relay_media_request_parse           (const uint8_t  *data,
                                                      size_t          head,
                                                      size_t          length);

/* The share that the request's URL names: ID of /share/ID[/...]. (transfer full) (nullable) */
char            *relay_media_request_dup_share       (GstRTSPMessage *request);

/* What stands behind that share: a stream of it, or "". (transfer full) */
char            *relay_media_request_dup_stream      (GstRTSPMessage *request);

/* The URL of the share, as the peer has called it, with a "/" at the end. (transfer full)
 * (nullable) */
char            *relay_media_request_dup_base        (GstRTSPMessage *request);

/* The Basic credentials (RFC 7617) of the request. */
gboolean         relay_media_request_get_credentials (GstRTSPMessage  *request,
                                                      char           **out_user,
                                                      char           **out_token);

/* A response of our own; 401 carries the challenge when no credentials came. */
GstRTSPMessage  *relay_media_request_refuse          (GstRTSPMessage    *request,
                                                      GstRTSPStatusCode  status);

/* Appends @message, a response, as it goes over the connection. */
void             relay_media_message_append          (GstRTSPMessage *message,
                                                      GByteArray     *bytes);

G_END_DECLS
