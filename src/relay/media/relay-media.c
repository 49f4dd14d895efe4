/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media"

#include "config.h"

#include "relay-media.h"

#include "relay-media-gate.h"
#include "relay-media-share.h"
#include "relay-media-tls.h"

#define LISTEN_BACKLOG 128

/* Everything between "thread" and the end of the struct belongs to the media thread; the
 * main thread gets at it by run(). */
struct _RelayMedia
{
  GObject parent_instance;

  GMainContext *main_context;
  GSocketListener *listener;
  unsigned port;
  GThread *thread;
  GMainLoop *loop;

  RelayMediaTlsServer *server;
  RelayMediaShareHost host;
  RelayMediaGate *gate;
  GHashTable *shares;      /* id -> RelayMediaShare */
};

static void relay_fanout_iface_init (RelayFanoutInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RelayMedia, relay_media, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELAY_TYPE_FANOUT, relay_fanout_iface_init))

/* --- From the media thread to the main thread --- */

typedef struct
{
  GWeakRef media;
  RelayMediaShareEvent event;
  char *share;
  char *who;
} Notice;

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_weak_ref_clear (&notice->media);
  g_free (notice->share);
  g_free (notice->who);
  g_free (notice);
}

static gboolean
on_notice (gpointer data)
{
  static const char * const signal_of[] = {
    [RELAY_MEDIA_SHARE_PUBLISHING] = "publishing",
    [RELAY_MEDIA_SHARE_PUBLISHER_LOST] = "publisher-lost",
    [RELAY_MEDIA_SHARE_JOINED] = "joined",
    [RELAY_MEDIA_SHARE_LEFT] = "left",
    [RELAY_MEDIA_SHARE_KEYFRAME_NEEDED] = "keyframe-needed",
  };
  Notice *notice = data;
  g_autoptr (RelayMedia) self = g_weak_ref_get (&notice->media);

  if (self == NULL || self->thread == NULL)
    return G_SOURCE_REMOVE;

  if (notice->who != NULL)
    g_signal_emit_by_name (self, signal_of[notice->event], notice->share, notice->who);
  else
    g_signal_emit_by_name (self, signal_of[notice->event], notice->share);

  return G_SOURCE_REMOVE;
}

static void
on_share_event (RelayMediaShare      *share,
                RelayMediaShareEvent  event,
                const char           *who,
                gpointer              user_data)
{
  RelayMedia *self = user_data;
  g_autoptr (GSource) idle = g_idle_source_new ();
  Notice *notice = g_new0 (Notice, 1);

  g_weak_ref_init (&notice->media, self);
  notice->event = event;
  notice->share = g_strdup (relay_media_share_get_id (share));
  notice->who = g_strdup (who);
  g_source_set_priority (idle, G_PRIORITY_DEFAULT);
  g_source_set_callback (idle, on_notice, notice, notice_free);
  g_source_attach (idle, self->main_context);
}

/* --- From the main thread to the media thread, and back with the answer --- */

typedef struct
{
  RelayMedia *media;
  void (*function) (RelayMedia *self,
                    gpointer    data);
  gpointer data;
  GMutex lock;
  GCond cond;
  gboolean is_done;
} Call;

static gboolean
on_call (gpointer data)
{
  Call *call = data;

  call->function (call->media, call->data);
  g_mutex_lock (&call->lock);
  call->is_done = TRUE;
  g_cond_signal (&call->cond);
  g_mutex_unlock (&call->lock);

  return G_SOURCE_REMOVE;
}

/* Nothing in the media thread blocks: this is a matter of microseconds. */
static void
run (RelayMedia  *self,
     void       (*function) (RelayMedia *, gpointer),
     gpointer     data)
{
  g_autoptr (GSource) idle = g_idle_source_new ();
  Call call = { self, function, data, };

  g_mutex_init (&call.lock);
  g_cond_init (&call.cond);
  g_source_set_priority (idle, G_PRIORITY_HIGH);
  g_source_set_callback (idle, on_call, &call, NULL);
  g_source_attach (idle, self->host.context);

  g_mutex_lock (&call.lock);
  while (!call.is_done)
    g_cond_wait (&call.cond, &call.lock);
  g_mutex_unlock (&call.lock);
  g_mutex_clear (&call.lock);
  g_cond_clear (&call.cond);
}

/* --- Connections: the media thread --- */

static gpointer
on_admit (RelayMediaConnection *connection,
          const char           *id,
          const char           *user,
          const char           *token,
          GstRTSPStatusCode    *out_status,
          gpointer              user_data)
{
  RelayMedia *self = user_data;
  RelayMediaShare *share = g_hash_table_lookup (self->shares, id);

  /* A share that is not there is not told from a wrong token. */
  if (share == NULL)
    {
      *out_status = GST_RTSP_STS_UNAUTHORIZED;
      return NULL;
    }

  return relay_media_share_seat (share, connection, user, token, out_status);
}

static GstRTSPMessage *
on_request (RelayMediaConnection *connection,
            gpointer              seat,
            GstRTSPMessage       *request)
{
  return relay_media_share_request (((RelayMediaSeat *) seat)->share, seat, request);
}

static void
on_data (RelayMediaConnection *connection,
         gpointer              seat,
         uint8_t               channel,
         const uint8_t        *data,
         size_t                length)
{
  relay_media_share_data (((RelayMediaSeat *) seat)->share, seat, channel, data, length);
}

static void
on_rested (RelayMediaConnection *connection,
           gpointer              seat)
{
  relay_media_share_rested (((RelayMediaSeat *) seat)->share, seat);
}

static size_t
on_fill (RelayMediaConnection *connection,
         gpointer              seat,
         uint8_t              *buffer,
         size_t                limit)
{
  return relay_media_share_fill (((RelayMediaSeat *) seat)->share, seat, buffer, limit);
}

static void
on_closed (RelayMediaConnection *connection,
           gpointer              seat,
           gpointer              user_data)
{
  RelayMedia *self = user_data;

  if (seat != NULL)
    relay_media_share_unseat (((RelayMediaSeat *) seat)->share, seat);
  relay_media_gate_forget (self->gate, connection);
}

static const RelayMediaConnectionEvents events = { on_admit,  on_request, on_data,
                                                   on_rested, on_fill,    on_closed };

/* --- The thread --- */

/* The listener has a last word for this context. */
static void
drain (RelayMedia *self)
{
  while (!relay_media_gate_is_closed (self->gate))
    g_main_context_iteration (self->host.context, TRUE);
  while (g_main_context_iteration (self->host.context, FALSE))
    ;
}

static gpointer
media_thread (gpointer data)
{
  RelayMedia *self = data;

  g_main_context_push_thread_default (self->host.context);
  self->gate = relay_media_gate_new (self->listener, self->server, self->host.context, &events,
                                     self);

  g_main_loop_run (self->loop);

  g_hash_table_remove_all (self->shares);
  relay_media_gate_close (self->gate);
  drain (self);
  g_clear_pointer (&self->gate, relay_media_gate_free);
  g_main_context_pop_thread_default (self->host.context);

  return NULL;
}

/* --- What the shares want --- */

typedef struct
{
  const char *share;
  const char *who;
  const char *token;
  unsigned number;
  JsonArray *list;
} Order;

static void
do_open (RelayMedia *self,
         gpointer    data)
{
  Order *order = data;

  g_hash_table_replace (
    self->shares, g_strdup (order->share),
    relay_media_share_new (&self->host, order->share, order->who, order->token));
}

static void
do_admit (RelayMedia *self,
          gpointer    data)
{
  Order *order = data;
  RelayMediaShare *share = g_hash_table_lookup (self->shares, order->share);

  if (share != NULL)
    relay_media_share_admit (share, order->who, order->token);
}

static void
do_expel (RelayMedia *self,
          gpointer    data)
{
  Order *order = data;
  RelayMediaShare *share = g_hash_table_lookup (self->shares, order->share);

  if (share != NULL)
    relay_media_share_expel (share, order->who);
}

static void
do_close (RelayMedia *self,
          gpointer    data)
{
  Order *order = data;

  g_hash_table_remove (self->shares, order->share);
}

static void
do_count (RelayMedia *self,
          gpointer    data)
{
  Order *order = data;

  order->number = relay_media_gate_get_n_connections (self->gate);
}

static void
do_count_publications (RelayMedia *self,
                       gpointer    data)
{
  Order *order = data;

  order->number = self->host.n_publications;
}

static void
do_list (RelayMedia *self,
         gpointer    data)
{
  Order *order = data;
  GHashTableIter iter;
  gpointer share;

  g_hash_table_iter_init (&iter, self->shares);
  while (g_hash_table_iter_next (&iter, NULL, &share))
    relay_media_share_list (share, order->list);
}

static void
do_set_rendition (RelayMedia *self,
                  gpointer    data)
{
  Order *order = data;
  RelayMediaShare *share = g_hash_table_lookup (self->shares, order->share);

  if (share != NULL)
    relay_media_share_set_rendition (share, order->who, order->number);
}

static void
relay_media_open (RelayFanout *fanout,
                  const char  *share,
                  const char  *publisher,
                  const char  *token)
{
  RelayMedia *self = RELAY_MEDIA (fanout);
  Order order = { share, publisher, token, };

  g_return_if_fail (share != NULL && publisher != NULL && token != NULL);

  if (self->thread != NULL)
    run (self, do_open, &order);
}

static void
relay_media_admit (RelayFanout *fanout,
                   const char  *share,
                   const char  *who,
                   const char  *token)
{
  RelayMedia *self = RELAY_MEDIA (fanout);
  Order order = { share, who, token, };

  g_return_if_fail (share != NULL && who != NULL && token != NULL);

  if (self->thread != NULL)
    run (self, do_admit, &order);
}

static void
relay_media_expel (RelayFanout *fanout,
                   const char  *share,
                   const char  *who)
{
  RelayMedia *self = RELAY_MEDIA (fanout);
  Order order = { share, who, };

  g_return_if_fail (share != NULL && who != NULL);

  if (self->thread != NULL)
    run (self, do_expel, &order);
}

static void
relay_media_close (RelayFanout *fanout,
                   const char  *share)
{
  RelayMedia *self = RELAY_MEDIA (fanout);
  Order order = { share, };

  g_return_if_fail (share != NULL);

  if (self->thread != NULL)
    run (self, do_close, &order);
}

static void
relay_media_set_rendition (RelayFanout *fanout,
                           const char  *share,
                           const char  *who,
                           unsigned     rendition)
{
  RelayMedia *self = RELAY_MEDIA (fanout);
  Order order = { .share = share, .who = who, .number = rendition };

  g_return_if_fail (share != NULL && who != NULL);

  if (self->thread != NULL)
    run (self, do_set_rendition, &order);
}

static void
relay_fanout_iface_init (RelayFanoutInterface *iface)
{
  iface->open = relay_media_open;
  iface->admit = relay_media_admit;
  iface->expel = relay_media_expel;
  iface->close = relay_media_close;
  iface->set_rendition = relay_media_set_rendition;
}

/* --- The object --- */

static void
relay_media_dispose (GObject *object)
{
  relay_media_shutdown (RELAY_MEDIA (object));

  G_OBJECT_CLASS (relay_media_parent_class)->dispose (object);
}

static void
relay_media_finalize (GObject *object)
{
  RelayMedia *self = RELAY_MEDIA (object);

  g_clear_pointer (&self->shares, g_hash_table_unref);
  g_clear_pointer (&self->server, relay_media_tls_server_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->host.context, g_main_context_unref);
  g_clear_pointer (&self->main_context, g_main_context_unref);
  g_clear_object (&self->listener);

  G_OBJECT_CLASS (relay_media_parent_class)->finalize (object);
}

static void
relay_media_class_init (RelayMediaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = relay_media_dispose;
  object_class->finalize = relay_media_finalize;
}

static void
relay_media_init (RelayMedia *self)
{
  self->main_context = g_main_context_ref_thread_default ();
  self->host.context = g_main_context_new ();
  self->host.notify = on_share_event;
  self->host.user_data = self;
  self->loop = g_main_loop_new (self->host.context, FALSE);
  self->listener = g_socket_listener_new ();
  g_socket_listener_set_backlog (self->listener, LISTEN_BACKLOG);
  self->shares = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) relay_media_share_free);
}

static gboolean
listen_on (RelayMedia  *self,
           unsigned     port,
           GError     **error)
{
  if (port == 0)
    {
      self->port = g_socket_listener_add_any_inet_port (self->listener, NULL, error);
      return self->port != 0;
    }

  self->port = port;

  return g_socket_listener_add_inet_port (self->listener, port, NULL, error);
}

RelayMedia *
relay_media_new (unsigned          port,
                 GTlsCertificate  *certificate,
                 GError          **error)
{
  g_autoptr (RelayMedia) self = NULL;

  g_return_val_if_fail (port <= G_MAXUINT16, NULL);

  self = g_object_new (RELAY_TYPE_MEDIA, NULL);
  self->server = relay_media_tls_server_new (certificate, error);
  if (self->server == NULL || !listen_on (self, port, error))
    return NULL;

  self->thread = g_thread_new ("relay-media", media_thread, self);

  return g_steal_pointer (&self);
}

unsigned
relay_media_get_port (RelayMedia *self)
{
  g_return_val_if_fail (RELAY_IS_MEDIA (self), 0);

  return self->port;
}

unsigned
relay_media_get_n_connections (RelayMedia *self)
{
  Order order = { 0, };

  g_return_val_if_fail (RELAY_IS_MEDIA (self), 0);

  if (self->thread != NULL)
    run (self, do_count, &order);

  return order.number;
}

unsigned
relay_media_get_n_publications (RelayMedia *self)
{
  Order order = { 0, };

  g_return_val_if_fail (RELAY_IS_MEDIA (self), 0);

  if (self->thread != NULL)
    run (self, do_count_publications, &order);

  return order.number;
}

JsonArray *
relay_media_list_viewers (RelayMedia *self)
{
  Order order = { .list = json_array_new () };

  g_return_val_if_fail (RELAY_IS_MEDIA (self), NULL);

  if (self->thread != NULL)
    run (self, do_list, &order);

  return order.list;
}

static gboolean
quit (gpointer user_data)
{
  RelayMedia *self = user_data;

  g_main_loop_quit (self->loop);

  return G_SOURCE_REMOVE;
}

void
relay_media_shutdown (RelayMedia *self)
{
  g_autoptr (GSource) source = NULL;

  g_return_if_fail (RELAY_IS_MEDIA (self));

  if (self->thread == NULL)
    return;

  /* From within: a loop that has not begun yet would not hear of it, and then never end. */
  source = g_idle_source_new ();
  g_source_set_callback (source, quit, self, NULL);
  g_source_attach (source, self->host.context);
  g_thread_join (g_steal_pointer (&self->thread));
}
