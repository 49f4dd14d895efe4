/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-keeper"

#include "config.h"

#include "relay-media-keeper.h"

struct _RelayMediaKeeper
{
  RelayMediaSession *session;
  char *url;
  unsigned n_tracks;

  /* Of the last response; written while the request is handled. */
  GstRTSPStatusCode status;
  char *session_id;
};

static void
respond (GstRTSPMessage *response,
         gpointer        user_data)
{
  RelayMediaKeeper *self = user_data;
  char *value = NULL;

  gst_rtsp_message_parse_response (response, &self->status, NULL, NULL);
  if (gst_rtsp_message_get_header (response, GST_RTSP_HDR_SESSION, &value, 0) == GST_RTSP_OK && self->session_id == NULL)
    {
      g_auto (GStrv) parts = g_strsplit (value, ";", 2);

      self->session_id = g_strdup (parts[0]);
    }
}

static void
throw_away (uint8_t    channel,
            GstBuffer *packet,
            gpointer   user_data)
{
}

static const RelayMediaOutlet outlet = { respond, throw_away };

static gboolean
ask (RelayMediaKeeper    *self,
     GstRTSPMethod        method,
     const char          *url,
     GstRTSPHeaderField   field,
     const char          *value)
{
  GstRTSPMessage *request = NULL;

  self->status = GST_RTSP_STS_INVALID;
  gst_rtsp_message_new_request (&request, method, url);
  gst_rtsp_message_add_header (request, GST_RTSP_HDR_CSEQ, "1");
  if (field != GST_RTSP_HDR_INVALID)
    gst_rtsp_message_add_header (request, field, value);
  if (self->session_id != NULL)
    gst_rtsp_message_add_header (request, GST_RTSP_HDR_SESSION, self->session_id);
  relay_media_session_handle (self->session, request);
  gst_rtsp_message_free (request);

  return self->status == GST_RTSP_STS_OK;
}

RelayMediaKeeper *
relay_media_keeper_new (GMainContext        *context,
                        GstRTSPThreadPool   *threads,
                        const char          *share,
                        GstRTSPMediaFactory *factory,
                        unsigned             n_tracks)
{
  RelayMediaKeeper *self = g_new0 (RelayMediaKeeper, 1);

  self->url = g_strdup_printf ("rtsp://127.0.0.1/share/%s", share);
  self->n_tracks = n_tracks;
  self->session = relay_media_session_new (NULL, context, threads, &outlet, self);
  relay_media_session_mount (self->session, share, factory);

  return self;
}

gboolean
relay_media_keeper_play (RelayMediaKeeper *self)
{
  if (!ask (self, GST_RTSP_DESCRIBE, self->url, GST_RTSP_HDR_ACCEPT, "application/sdp"))
    return FALSE;

  for (unsigned i = 0; i < self->n_tracks; i++)
    {
      g_autofree char *url = g_strdup_printf ("%s/stream=%u", self->url, i);
      g_autofree char *transport = g_strdup_printf ("RTP/AVP/TCP;unicast;interleaved=%u-%u", 2 * i, 2 * i + 1);

      if (!ask (self, GST_RTSP_SETUP, url, GST_RTSP_HDR_TRANSPORT, transport))
        return FALSE;
    }

  return ask (self, GST_RTSP_PLAY, self->url, GST_RTSP_HDR_INVALID, NULL);
}

void
relay_media_keeper_free (RelayMediaKeeper *self)
{
  relay_media_session_free (self->session);
  g_free (self->session_id);
  g_free (self->url);
  g_free (self);
}
