/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-seat"

#include "config.h"

#include "relay-media-request.h"
#include "relay-media-seat.h"

#include <gst/rtsp/gstrtsptransport.h>
#include <stdlib.h>
#include <string.h>

#define SESSION_SECONDS 60
#define TRANSPORTS_LIMIT 8

#define COMMON_METHODS                                                                             \
  (GST_RTSP_OPTIONS | GST_RTSP_SETUP | GST_RTSP_TEARDOWN | GST_RTSP_GET_PARAMETER |                \
   GST_RTSP_SET_PARAMETER)
#define PUBLISHER_METHODS (COMMON_METHODS | GST_RTSP_ANNOUNCE | GST_RTSP_RECORD)
#define VIEWER_METHODS (COMMON_METHODS | GST_RTSP_DESCRIBE | GST_RTSP_PLAY)

RelayMediaSeat *
relay_media_seat_new (RelayMediaShare      *share,
                      RelayMediaConnection *connection,
                      const char           *who,
                      gboolean              is_publisher)
{
  RelayMediaSeat *self = g_new0 (RelayMediaSeat, 1);

  self->share = share;
  self->connection = relay_media_connection_ref (connection);
  self->who = g_strdup (who);
  self->is_publisher = is_publisher;
  relay_media_seat_reset (self);

  return self;
}

void
relay_media_seat_free (RelayMediaSeat *self)
{
  g_clear_pointer (&self->viewer, relay_media_viewer_free);
  relay_media_connection_unref (self->connection);
  g_free (self->session);
  g_free (self->who);
  g_free (self);
}

void
relay_media_seat_reset (RelayMediaSeat *self)
{
  for (unsigned i = 0; i < RELAY_MEDIA_MAX_STREAMS; i++)
    self->channels[i] = -1;
}

static gboolean
is_set_up (RelayMediaSeat *self)
{
  for (unsigned i = 0; i < RELAY_MEDIA_MAX_STREAMS; i++)
    {
      if (self->channels[i] >= 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_other_session (RelayMediaSeat *self,
                   GstRTSPMessage *request)
{
  char *value = NULL;
  size_t length;

  if (gst_rtsp_message_get_header (request, GST_RTSP_HDR_SESSION, &value, 0) != GST_RTSP_OK)
    return FALSE;

  length = strcspn (value, "; ");

  return self->session == NULL || strlen (self->session) != length ||
         strncmp (self->session, value, length) != 0;
}

GstRTSPStatusCode
relay_media_seat_check (RelayMediaSeat *self,
                        GstRTSPMessage *request)
{
  GstRTSPMethod method = GST_RTSP_INVALID;

  gst_rtsp_message_parse_request (request, &method, NULL, NULL);
  if ((method & (self->is_publisher ? PUBLISHER_METHODS : VIEWER_METHODS)) == 0)
    return GST_RTSP_STS_FORBIDDEN;
  if (gst_rtsp_message_get_header (request, GST_RTSP_HDR_REQUIRE, NULL, 0) == GST_RTSP_OK)
    return GST_RTSP_STS_OPTION_NOT_SUPPORTED;
  if (has_other_session (self, request))
    return GST_RTSP_STS_SESSION_NOT_FOUND;

  /* A transport that packets are going through cannot be set up anew. */
  if (self->is_flowing && (method & (GST_RTSP_SETUP | GST_RTSP_ANNOUNCE | GST_RTSP_DESCRIBE)) != 0)
    return GST_RTSP_STS_METHOD_NOT_VALID_IN_THIS_STATE;
  if (!is_set_up (self) && (method & (GST_RTSP_PLAY | GST_RTSP_RECORD)) != 0)
    return GST_RTSP_STS_METHOD_NOT_VALID_IN_THIS_STATE;

  return GST_RTSP_STS_OK;
}

GstRTSPMessage *
relay_media_seat_answer (RelayMediaSeat    *self,
                         GstRTSPMessage    *request,
                         GstRTSPStatusCode  status)
{
  GstRTSPMessage *response;
  GstRTSPMethod method = GST_RTSP_INVALID;

  if (status != GST_RTSP_STS_OK)
    return relay_media_request_refuse (request, status);

  gst_rtsp_message_new_response (&response, status, gst_rtsp_status_as_text (status), request);
  gst_rtsp_message_remove_header (response, GST_RTSP_HDR_SESSION, -1);
  if (self->session != NULL)
    gst_rtsp_message_take_header (
      response, GST_RTSP_HDR_SESSION,
      g_strdup_printf ("%s;timeout=%d", self->session, SESSION_SECONDS));

  gst_rtsp_message_parse_request (request, &method, NULL, NULL);
  if (method == GST_RTSP_OPTIONS)
    gst_rtsp_message_take_header (
      response, GST_RTSP_HDR_PUBLIC,
      gst_rtsp_options_as_text (self->is_publisher ? PUBLISHER_METHODS : VIEWER_METHODS));
  if (method == GST_RTSP_PLAY)
    gst_rtsp_message_add_header (response, GST_RTSP_HDR_RANGE, "npt=now-");

  return response;
}

GstRTSPMessage *
relay_media_seat_describe (RelayMediaSeat        *self,
                           GstRTSPMessage        *request,
                           const RelayMediaOffer *offer)
{
  g_autofree char *stream = relay_media_request_dup_stream (request);
  g_autofree char *base = relay_media_request_dup_base (request);
  GstRTSPMessage *response;
  char *sdp;

  if (offer == NULL || base == NULL || stream[0] != '\0')
    return relay_media_seat_answer (self, request, GST_RTSP_STS_NOT_FOUND);

  response = relay_media_seat_answer (self, request, GST_RTSP_STS_OK);
  sdp = relay_media_offer_to_sdp (offer);
  gst_rtsp_message_add_header (response, GST_RTSP_HDR_CONTENT_TYPE, "application/sdp");
  gst_rtsp_message_add_header (response, GST_RTSP_HDR_CONTENT_BASE, base);
  gst_rtsp_message_take_body (response, (uint8_t *) sdp, strlen (sdp));

  return response;
}

/* --- SETUP --- */

static gboolean
is_free (RelayMediaSeat *self,
         int             channel)
{
  gboolean is_rtcp;

  return channel >= 0 && channel < G_MAXUINT8 && relay_media_seat_find (self, channel, &is_rtcp) < 0
         && relay_media_seat_find (self, channel + 1, &is_rtcp) < 0;
}

/* That which the peer wishes, if it can be had. */
static int
find_channel (RelayMediaSeat         *self,
              const GstRTSPTransport *transport)
{
  int channel = transport->interleaved.min;

  if (is_free (self, channel) && transport->interleaved.max == channel + 1)
    return channel;

  for (channel = 0; !is_free (self, channel); channel += 2)
    ;

  return channel;
}

static gboolean
is_possible (const GstRTSPTransport *transport)
{
  return transport->trans == GST_RTSP_TRANS_RTP && transport->profile == GST_RTSP_PROFILE_AVP
         && transport->lower_transport == GST_RTSP_LOWER_TRANS_TCP;
}

/* The first of those that the peer would take which is possible. FALSE if none is. */
static gboolean
choose_transport (RelayMediaSeat *self,
                  GstRTSPMessage *request,
                  int            *out_channel)
{
  g_auto (GStrv) offers = NULL;
  gboolean is_found = FALSE;
  char *value = NULL;

  if (gst_rtsp_message_get_header (request, GST_RTSP_HDR_TRANSPORT, &value, 0) != GST_RTSP_OK)
    return FALSE;

  offers = g_strsplit (value, ",", TRANSPORTS_LIMIT);
  for (unsigned i = 0; !is_found && offers[i] != NULL; i++)
    {
      GstRTSPTransport *transport = NULL;

      gst_rtsp_transport_new (&transport);
      is_found = gst_rtsp_transport_parse (g_strstrip (offers[i]), transport) == GST_RTSP_OK &&
                 is_possible (transport);
      if (is_found)
        *out_channel = find_channel (self, transport);
      gst_rtsp_transport_free (transport);
    }

  return is_found;
}

static int
find_stream (RelayMediaSeat        *self,
             GstRTSPMessage        *request,
             const RelayMediaOffer *offer)
{
  g_autofree char *control = relay_media_request_dup_stream (request);
  uint64_t number;

  if (offer == NULL)
    return -1;
  if (self->is_publisher)
    return relay_media_offer_find (offer, control);
  if (!g_str_has_prefix (control, "stream=") ||
      !g_ascii_string_to_unsigned (control + strlen ("stream="), 10, 0, offer->n_streams - 1,
                                   &number, NULL) ||
      offer->streams[number].is_low)
    return -1;

  return number;
}

GstRTSPMessage *
relay_media_seat_set_up (RelayMediaSeat        *self,
                         GstRTSPMessage        *request,
                         const RelayMediaOffer *offer)
{
  int stream = find_stream (self, request, offer);
  GstRTSPMessage *response;
  int channel;

  if (stream < 0)
    return relay_media_seat_answer (self, request, GST_RTSP_STS_NOT_FOUND);

  self->channels[stream] = -1; /* once more */
  if (!choose_transport (self, request, &channel))
    return relay_media_seat_answer (self, request, GST_RTSP_STS_UNSUPPORTED_TRANSPORT);

  self->channels[stream] = channel;
  if (self->session == NULL)
    self->session = g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
  response = relay_media_seat_answer (self, request, GST_RTSP_STS_OK);
  gst_rtsp_message_take_header (
    response, GST_RTSP_HDR_TRANSPORT,
    g_strdup_printf ("RTP/AVP/TCP;unicast;interleaved=%d-%d;mode=\"%s\"", channel, channel + 1,
                     self->is_publisher ? "RECORD" : "PLAY"));

  return response;
}

int
relay_media_seat_find (RelayMediaSeat *self,
                       uint8_t         channel,
                       gboolean       *out_is_rtcp)
{
  for (unsigned i = 0; i < RELAY_MEDIA_MAX_STREAMS; i++)
    {
      if (self->channels[i] >= 0 &&
          (self->channels[i] == channel || self->channels[i] + 1 == channel))
        {
          *out_is_rtcp = self->channels[i] != channel;
          return i;
        }
    }

  return -1;
}
