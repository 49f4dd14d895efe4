/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-session"

#include "config.h"

#include "relay-media-session.h"

#include <string.h>

#define LOOPBACK "127.0.0.1"
#define BURIAL_MS 1000

/* The way out, which outlives the session for as long as a stream's sending thread holds the transport
 * that leads here: GstRTSPClient would leave it a pointer to itself without a reference. */
typedef struct
{
  gatomicrefcount ref_count;
  GMutex lock;
  const RelayMediaOutlet *outlet; /* NULL: silent */
  gpointer user_data;
} Way;

/* GstRTSPClient with the one transport that there is: interleaved. */
typedef struct
{
  GstRTSPClient parent_instance;

  Way *way; /* the session's */
} RelayMediaClient;

typedef struct
{
  GstRTSPClientClass parent_class;
} RelayMediaClientClass;

static GType relay_media_client_get_type (void);

G_DEFINE_TYPE (RelayMediaClient, relay_media_client, GST_TYPE_RTSP_CLIENT)

struct _RelayMediaSession
{
  GMainContext *context;
  GstRTSPClient *client;
  GstRTSPMountPoints *mounts;
  Way *way;
};

static Way *
way_ref (Way *way)
{
  g_atomic_ref_count_inc (&way->ref_count);
  return way;
}

static void
way_unref (gpointer data)
{
  Way *way = data;

  if (!g_atomic_ref_count_dec (&way->ref_count))
    return;

  g_mutex_clear (&way->lock);
  g_free (way);
}

static gboolean
is_taken (GstRTSPClient *client,
          int            channel)
{
  return channel < 0 || channel > G_MAXUINT8 || gst_rtsp_client_get_stream_transport (client, channel) != NULL;
}

/* The parent's looks at the addresses of its socket, which is not there. */
static gboolean
relay_media_client_configure_transport (GstRTSPClient    *client,
                                        GstRTSPContext   *context,
                                        GstRTSPTransport *transport)
{
  if (transport->lower_transport != GST_RTSP_LOWER_TRANS_TCP)
    return FALSE;

  g_free (transport->destination);
  transport->destination = g_strdup (LOOPBACK);

  while (is_taken (client, transport->interleaved.min) || is_taken (client, transport->interleaved.max))
    {
      if (transport->interleaved.max >= G_MAXUINT8)
        return FALSE;
      gst_rtsp_session_media_alloc_channels (context->sessmedia, &transport->interleaved);
    }

  return TRUE;
}

static void
relay_media_client_class_init (RelayMediaClientClass *klass)
{
  GST_RTSP_CLIENT_CLASS (klass)->configure_client_transport = relay_media_client_configure_transport;
}

static void
relay_media_client_init (RelayMediaClient *self)
{
}

static gboolean
on_messages (GstRTSPClient  *client,
             GstRTSPMessage *messages,
             unsigned        n_messages,
             gboolean        close_after,
             gpointer        user_data)
{
  /* Not @user_data: GstRTSPClient hands on that of another function (1.22, send_message() in rtsp-client.c). */
  Way *way = ((RelayMediaClient *) client)->way;

  g_mutex_lock (&way->lock);
  for (unsigned i = 0; way->outlet != NULL && i < n_messages; i++)
    {
      if (gst_rtsp_message_get_type (&messages[i]) == GST_RTSP_MESSAGE_RESPONSE)
        way->outlet->respond (&messages[i], way->user_data);
    }
  g_mutex_unlock (&way->lock);

  /* FALSE would have GstRTSPClient close itself in a main context that it does not have. */
  return TRUE;
}

/* One stream's part of the way. The transport owns it. */
typedef struct
{
  Way *way;
  GstRTSPStreamTransport *transport;
} Lane;

static void
lane_free (gpointer data)
{
  Lane *lane = data;

  way_unref (lane->way);
  g_free (lane);
}

static void
pass_packet (Lane      *lane,
             GstBuffer *packet,
             uint8_t    channel)
{
  Way *way = lane->way;

  g_mutex_lock (&way->lock);
  if (way->outlet != NULL)
    way->outlet->packet (channel, packet, way->user_data);
  g_mutex_unlock (&way->lock);
}

/* Each packet or list is reported as sent. When RTCP and RTP wait together, the thread that sends
 * takes only one of them, and goes for the other when it hears of that: unheard, the stream would
 * stand still for ever (1.22, send_func() in rtsp-stream.c). */
static gboolean
on_packet (GstBuffer *packet,
           uint8_t    channel,
           gpointer   user_data)
{
  Lane *lane = user_data;

  pass_packet (lane, packet, channel);
  gst_rtsp_stream_transport_message_sent (lane->transport);

  return TRUE;
}

static gboolean
on_packets (GstBufferList *packets,
            uint8_t        channel,
            gpointer       user_data)
{
  Lane *lane = user_data;

  for (unsigned i = 0; i < gst_buffer_list_length (packets); i++)
    pass_packet (lane, gst_buffer_list_get (packets, i), channel);
  gst_rtsp_stream_transport_message_sent (lane->transport);

  return TRUE;
}

/* Puts our callbacks in the place of those of GstRTSPClient, before any packet flows. */
static void
on_setup (GstRTSPClient  *client,
          GstRTSPContext *context,
          gpointer        user_data)
{
  Way *way = user_data;
  GstRTSPStreamTransport *transport = context->trans;
  Lane *lane = g_new0 (Lane, 1);

  lane->way = way_ref (way);
  lane->transport = transport;
  gst_rtsp_stream_transport_set_callbacks (transport, on_packet, on_packet, lane, lane_free);
  /* Without a reference of its own: 1.22 does not give it back. The one above lasts as long. */
  gst_rtsp_stream_transport_set_list_callbacks (transport, on_packets, on_packets, lane, NULL);
  gst_rtsp_stream_transport_set_keepalive (transport, NULL, NULL, NULL);
}

/* GstRTSPClient puts the address of its socket into the SDP. */
static void
give_addresses (RelayMediaSession *self,
                GSocket           *socket)
{
  GstRTSPConnection *connection = NULL;

  if (gst_rtsp_connection_create_from_socket (socket, LOOPBACK, 0, NULL, &connection) == GST_RTSP_OK
      && !gst_rtsp_client_set_connection (self->client, connection))
    gst_rtsp_connection_free (connection);
}

RelayMediaSession *
relay_media_session_new (GSocket                *socket,
                         GMainContext           *context,
                         GstRTSPThreadPool      *threads,
                         const RelayMediaOutlet *outlet,
                         gpointer                user_data)
{
  RelayMediaSession *self = g_new0 (RelayMediaSession, 1);
  g_autoptr (GstRTSPSessionPool) pool = gst_rtsp_session_pool_new ();

  self->context = g_main_context_ref (context);
  self->way = g_new0 (Way, 1);
  g_atomic_ref_count_init (&self->way->ref_count);
  g_mutex_init (&self->way->lock);
  self->way->outlet = outlet;
  self->way->user_data = user_data;

  self->mounts = gst_rtsp_mount_points_new ();
  self->client = g_object_new (relay_media_client_get_type (), NULL);
  gst_rtsp_session_pool_set_max_sessions (pool, 1);
  gst_rtsp_client_set_session_pool (self->client, pool);
  gst_rtsp_client_set_mount_points (self->client, self->mounts);
  gst_rtsp_client_set_thread_pool (self->client, threads);
  if (socket != NULL)
    give_addresses (self, socket);
  ((RelayMediaClient *) self->client)->way = self->way;
  gst_rtsp_client_set_send_messages_func (self->client, on_messages, NULL, NULL);
  g_signal_connect (self->client, "setup-request", G_CALLBACK (on_setup), self->way);

  return self;
}

void
relay_media_session_mount (RelayMediaSession   *self,
                           const char          *share,
                           GstRTSPMediaFactory *factory)
{
  g_autofree char *path = g_strdup_printf ("/share/%s", share);

  gst_rtsp_mount_points_add_factory (self->mounts, path, g_object_ref (factory));
}

void
relay_media_session_handle (RelayMediaSession *self,
                            GstRTSPMessage    *request)
{
  gst_rtsp_client_handle_message (self->client, request);
}

/* What may come on this channel. A stream that only sends would keep each RTP packet that it is given for ever (1.22,
 * gst_rtsp_stream_recv_rtp() without an appsrc). */
static gboolean
is_awaited (RelayMediaSession *self,
            uint8_t            channel)
{
  GstRTSPStreamTransport *stream = gst_rtsp_client_get_stream_transport (self->client, channel);
  const GstRTSPTransport *transport = stream != NULL ? gst_rtsp_stream_transport_get_transport (stream) : NULL;

  return transport != NULL && (transport->mode_record || transport->interleaved.min != channel);
}

void
relay_media_session_data (RelayMediaSession *self,
                          uint8_t            channel,
                          const uint8_t     *data,
                          size_t             length)
{
  GstRTSPMessage message = { 0, };
  uint8_t *body;

  if (!is_awaited (self, channel))
    return;

  body = g_malloc (length + 1); /* and the zero that GstRTSPClient takes off */
  memcpy (body, data, length);
  body[length] = '\0';
  gst_rtsp_message_init_data (&message, channel);
  gst_rtsp_message_take_body (&message, body, length + 1);
  gst_rtsp_client_handle_message (self->client, &message);
  gst_rtsp_message_unset (&message);
}

static GstRTSPFilterResult
end_media (GstRTSPSession      *session,
           GstRTSPSessionMedia *media,
           gpointer             user_data)
{
  gst_rtsp_session_media_set_state (media, GST_STATE_NULL);

  return GST_RTSP_FILTER_REMOVE;
}

static GstRTSPFilterResult
end_session (GstRTSPClient  *client,
             GstRTSPSession *session,
             gpointer        user_data)
{
  gst_rtsp_session_filter (session, end_media, NULL);

  return GST_RTSP_FILTER_REMOVE;
}

void
relay_media_session_silence (RelayMediaSession *self)
{
  g_mutex_lock (&self->way->lock);
  self->way->outlet = NULL;
  g_mutex_unlock (&self->way->lock);
}

static gboolean
on_burial_time (gpointer data)
{
  return G_SOURCE_REMOVE; /* which buries it */
}

static void
bury (gpointer data)
{
  RelayMediaSession *self = data;

  g_object_unref (self->client);
  g_object_unref (self->mounts);
  way_unref (self->way);
  g_free (self);
}

/* The thread that sends a shared stream asks each client whether it is under pressure, without a reference on it
 * (1.22, check_transport_backlog() in rtsp-stream.c): it may just be doing so, and is past it in a moment. */
void
relay_media_session_free (RelayMediaSession *self)
{
  g_autoptr (GSource) timer = g_timeout_source_new (BURIAL_MS);

  relay_media_session_silence (self);
  g_list_free_full (gst_rtsp_client_session_filter (self->client, end_session, NULL), g_object_unref);
  g_signal_handlers_disconnect_by_data (self->client, self->way);

  g_source_set_callback (timer, on_burial_time, self, bury);
  g_source_attach (timer, self->context);
  g_clear_pointer (&self->context, g_main_context_unref); /* the timer belongs to it, not the other way round */
}
