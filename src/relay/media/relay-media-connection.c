/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-connection"

#include "config.h"

#include "relay-media-connection.h"
#include "relay-media-request.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#define ADMISSION_LIMIT_US (10 * G_USEC_PER_SEC)  /* for TLS and a request with the right credentials */
#define SILENCE_LIMIT_US (60 * G_USEC_PER_SEC)    /* a living peer sends media, reports or keep-alives */
#define STUCK_LIMIT_US (10 * G_USEC_PER_SEC)      /* how long a peer may read nothing of what waits for it */
#define REFUSAL_LIMIT 4
#define BODY_LIMIT_UNKNOWN_BYTES (4 * 1024)
#define BODY_LIMIT_KNOWN_BYTES (32 * 1024)
#define READ_BUDGET_BYTES (128 * 1024)            /* in one turn, so that all get theirs */
#define READ_CHUNK_BYTES (16 * 1024)
#define WRITE_CHUNK_BYTES (16 * 1024)             /* a TLS record */
#define SEND_BUFFER_BYTES (128 * 1024)            /* what the kernel holds is latency */

/* Who has the session. */
typedef enum
{
  SESSION_HERE,
  SESSION_AT_WORK,  /* a worker handles a request */
  SESSION_ABANDONED /* the same, but the connection is gone: the worker ends it */
} SessionPlace;

typedef enum
{
  STATE_HANDSHAKE,
  STATE_UNKNOWN,
  STATE_KNOWN,
  STATE_FAREWELL, /* what waits is still written, then it is closed */
  STATE_CLOSED
} State;

struct _RelayMediaConnection
{
  gatomicrefcount ref_count;
  GMainContext *context;
  GThreadPool *workers;
  const RelayMediaConnectionEvents *events;
  gpointer user_data;

  GSocket *socket;
  char *address;
  RelayMediaTls *tls;
  GSource *source;
  gpointer tag;

  State state;
  RelayMediaSession *session;
  gboolean is_busy;        /* a request is not answered yet */
  unsigned n_refusals;
  int64_t opened_us;
  int64_t read_us;         /* when something came last */
  int64_t written_us;      /* when something went last, or nothing waited */

  GByteArray *input;
  GByteArray *sending;
  size_t n_sent;

  GMutex lock;             /* guards what follows: any thread */
  SessionPlace place;
  GByteArray *output;
  gboolean is_dropping;
  GstRTSPStatusCode status; /* of the last response */
};

typedef struct
{
  RelayMediaConnection *connection;
  GstRTSPMessage *request; /* NULL: end the session */
  RelayMediaSession *session;
} Work;

typedef struct
{
  GSource parent_instance;
  RelayMediaConnection *connection;
} ConnectionSource;

static void pump (RelayMediaConnection *self);

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  RelayMediaConnection *self = ((ConnectionSource *) source)->connection;

  g_source_set_ready_time (source, -1);
  relay_media_connection_ref (self);
  pump (self);
  relay_media_connection_unref (self);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .dispatch = dispatch };

/* Has it pumped in its thread. Any thread; the source is alive as long as the session is. */
static void
wake (RelayMediaConnection *self)
{
  g_source_set_ready_time (self->source, 0);
}

/* --- What the session says: any thread --- */

static void
respond (GstRTSPMessage *response,
         gpointer        user_data)
{
  RelayMediaConnection *self = user_data;

  g_mutex_lock (&self->lock);
  gst_rtsp_message_parse_response (response, &self->status, NULL, NULL);
  /* It names the packet that the pipeline has just sent, and not the first that this viewer will get: it would wait
   * for those between. */
  gst_rtsp_message_remove_header (response, GST_RTSP_HDR_RTP_INFO, -1);
  relay_media_message_append (response, self->output);
  g_mutex_unlock (&self->lock);
  wake (self);
}

static void
append_packet (GByteArray *bytes,
               uint8_t     channel,
               GstBuffer  *packet)
{
  uint8_t head[4] = { '$', channel, 0, 0 };
  GstMapInfo map;

  if (!gst_buffer_map (packet, &map, GST_MAP_READ))
    return;

  if (map.size <= G_MAXUINT16)
    {
      head[2] = map.size >> 8;
      head[3] = map.size & 0xff;
      g_byte_array_append (bytes, head, sizeof head);
      g_byte_array_append (bytes, map.data, map.size);
    }
  gst_buffer_unmap (packet, &map);
}

static void
take_packet (uint8_t    channel,
             GstBuffer *packet,
             gpointer   user_data)
{
  RelayMediaConnection *self = user_data;
  gboolean was_empty;

  g_mutex_lock (&self->lock);
  was_empty = self->output->len == 0;
  if (self->output->len > RELAY_MEDIA_OUTPUT_LIMIT_BYTES)
    self->is_dropping = TRUE;
  if (!self->is_dropping)
    append_packet (self->output, channel, packet);
  g_mutex_unlock (&self->lock);

  if (was_empty)
    wake (self);
}

static const RelayMediaOutlet outlet = { respond, take_packet };

/* --- The session's work: in a worker, and back --- */

static gboolean
on_worked (gpointer data)
{
  Work *work = data;
  RelayMediaConnection *self = work->connection;
  GstRTSPMethod method = GST_RTSP_INVALID;

  self->is_busy = FALSE;
  if (self->state == STATE_CLOSED)
    return G_SOURCE_REMOVE;

  gst_rtsp_message_parse_request (work->request, &method, NULL, NULL);
  if (method == GST_RTSP_TEARDOWN)
    self->state = STATE_FAREWELL;
  self->events->answered (self, method, self->status, self->user_data);
  wake (self);

  return G_SOURCE_REMOVE;
}

static void
work_free (gpointer data)
{
  Work *work = data;

  if (work->request != NULL)
    gst_rtsp_message_free (work->request);
  g_clear_pointer (&work->connection, relay_media_connection_unref);
  g_free (work);
}

static gboolean
give_back (RelayMediaConnection *self)
{
  gboolean is_wanted;

  g_mutex_lock (&self->lock);
  is_wanted = self->place == SESSION_AT_WORK;
  self->place = SESSION_HERE;
  g_mutex_unlock (&self->lock);

  return is_wanted;
}

void
relay_media_connection_work (gpointer data,
                             gpointer user_data)
{
  Work *work = data;
  g_autoptr (GSource) idle = NULL;

  if (work->request != NULL)
    relay_media_session_handle (work->session, work->request);

  if (work->request == NULL || !give_back (work->connection))
    {
      relay_media_session_free (work->session);
      work_free (work);
      return;
    }

  idle = g_idle_source_new ();
  g_source_set_priority (idle, G_PRIORITY_DEFAULT);
  g_source_set_callback (idle, on_worked, work, work_free);
  g_source_attach (idle, work->connection->context);
}

static void
hand_over (RelayMediaConnection *self,
           GstRTSPMessage       *request)
{
  Work *work = g_new0 (Work, 1);

  work->connection = relay_media_connection_ref (self);
  work->session = self->session;
  work->request = request;
  self->is_busy = TRUE;
  g_mutex_lock (&self->lock);
  self->place = SESSION_AT_WORK;
  g_mutex_unlock (&self->lock);
  g_thread_pool_push (self->workers, work, NULL);
}

/* --- Reading --- */

static void
refuse (RelayMediaConnection *self,
        GstRTSPMessage       *request,
        GstRTSPStatusCode     status)
{
  GstRTSPMessage *response = relay_media_request_refuse (request, status);

  g_mutex_lock (&self->lock);
  relay_media_message_append (response, self->output);
  g_mutex_unlock (&self->lock);
  gst_rtsp_message_free (response);
  gst_rtsp_message_free (request);

  /* One refusal is how RTSP asks for credentials; many are somebody who guesses. */
  if (self->state == STATE_UNKNOWN && ++self->n_refusals >= REFUSAL_LIMIT)
    self->state = STATE_FAREWELL;
}

static void
meet (RelayMediaConnection *self,
      GstRTSPMessage       *request,
      GstRTSPStatusCode    *status)
{
  g_autofree char *share = relay_media_request_dup_share (request);
  g_autofree char *user = NULL;
  g_autofree char *token = NULL;

  *status = GST_RTSP_STS_UNAUTHORIZED;
  if (share == NULL || !relay_media_request_get_credentials (request, &user, &token))
    return;

  self->session = self->events->admit (self, share, user, token, status, self->user_data);
  if (self->session != NULL)
    {
      self->state = STATE_KNOWN;
      *status = GST_RTSP_STS_OK;
    }
}

static void
take_request (RelayMediaConnection *self,
              GstRTSPMessage       *request)
{
  GstRTSPStatusCode status = GST_RTSP_STS_OK;

  if (self->state == STATE_UNKNOWN)
    meet (self, request, &status);
  if (status == GST_RTSP_STS_OK)
    status = self->events->check (self, request, self->user_data);

  /* check() may have closed us. */
  if (self->state == STATE_CLOSED)
    gst_rtsp_message_free (request);
  else if (status != GST_RTSP_STS_OK)
    refuse (self, request, status);
  else
    hand_over (self, request);
}

/* TRUE while there may be another unit to take. */
static gboolean
take_unit (RelayMediaConnection *self,
           size_t               *n_taken)
{
  const uint8_t *data = self->input->data + *n_taken;
  size_t body_limit = self->state == STATE_KNOWN ? BODY_LIMIT_KNOWN_BYTES : BODY_LIMIT_UNKNOWN_BYTES;
  size_t head, length;
  GstRTSPMessage *request;

  switch (relay_media_request_scan (data, self->input->len - *n_taken, body_limit, &head, &length))
    {
    case RELAY_MEDIA_UNIT_DATA:
      if (self->state != STATE_KNOWN)
        break;
      relay_media_session_data (self->session, data[1], data + 4, length - 4);
      *n_taken += length;
      return TRUE;

    case RELAY_MEDIA_UNIT_REQUEST:
      request = relay_media_request_parse (data, head, length);
      if (request == NULL)
        break;
      *n_taken += length;
      take_request (self, request);
      return TRUE;

    case RELAY_MEDIA_UNIT_PARTIAL:
      return FALSE;

    case RELAY_MEDIA_UNIT_BAD:
    default:
      break;
    }

  relay_media_connection_close (self);

  return FALSE;
}

static gboolean
is_reading (RelayMediaConnection *self)
{
  return (self->state == STATE_UNKNOWN || self->state == STATE_KNOWN) && !self->is_busy;
}

static void
take_input (RelayMediaConnection *self)
{
  size_t n_taken = 0;

  while (is_reading (self) && n_taken < self->input->len && take_unit (self, &n_taken))
    ;

  if (self->state != STATE_CLOSED && n_taken > 0)
    g_byte_array_remove_range (self->input, 0, n_taken);
}

static void
read_some (RelayMediaConnection *self)
{
  uint8_t buffer[READ_CHUNK_BYTES];
  size_t budget = READ_BUDGET_BYTES;

  take_input (self); /* what waited while a worker was busy */

  while (is_reading (self))
    {
      ssize_t n;

      if (budget < sizeof buffer)
        {
          wake (self);
          return;
        }

      n = relay_media_tls_read (self->tls, buffer, sizeof buffer);
      if (n == 0)
        return;
      if (n < 0)
        {
          relay_media_connection_close (self);
          return;
        }

      budget -= n;
      self->read_us = g_get_monotonic_time ();
      g_byte_array_append (self->input, buffer, n);
      take_input (self);
    }
}

/* --- Writing --- */

/* Takes what waits, when all that was taken before has gone. */
static gboolean
has_to_send (RelayMediaConnection *self)
{
  gboolean recovered = FALSE;

  if (self->n_sent < self->sending->len)
    return TRUE;

  g_byte_array_set_size (self->sending, 0);
  self->n_sent = 0;

  g_mutex_lock (&self->lock);
  if (self->output->len > 0)
    {
      GByteArray *swap = self->sending;

      self->sending = self->output;
      self->output = swap;
      self->written_us = g_get_monotonic_time (); /* from now on it may be stuck */
    }
  else
    {
      recovered = self->is_dropping;
      self->is_dropping = FALSE;
    }
  g_mutex_unlock (&self->lock);

  if (recovered)
    self->events->recovered (self, self->user_data);

  return self->n_sent < self->sending->len;
}

static void
write_some (RelayMediaConnection *self)
{
  while (self->state != STATE_CLOSED && has_to_send (self))
    {
      size_t length = MIN (self->sending->len - self->n_sent, WRITE_CHUNK_BYTES);
      ssize_t n = relay_media_tls_write (self->tls, self->sending->data + self->n_sent, length);

      if (n == 0)
        return;
      if (n < 0)
        {
          relay_media_connection_close (self);
          return;
        }

      self->n_sent += n;
      self->written_us = g_get_monotonic_time ();
    }

  if (self->state == STATE_CLOSED)
    return;

  self->written_us = g_get_monotonic_time ();
  if (self->state == STATE_FAREWELL)
    relay_media_connection_close (self);
}

static gboolean
is_writing (RelayMediaConnection *self)
{
  return self->n_sent < self->sending->len;
}

static void
shake_hands (RelayMediaConnection *self)
{
  RelayMediaTlsResult result = relay_media_tls_handshake (self->tls);

  /* The peer's last words of the handshake have no answer, and its kernel keeps the first request back until they are
   * acknowledged: 40 ms, if the acknowledgement waits for company. */
  g_socket_set_option (self->socket, IPPROTO_TCP, TCP_QUICKACK, TRUE, NULL);

  switch (result)
    {
    case RELAY_MEDIA_TLS_DONE:
      self->state = STATE_UNKNOWN;
      break;

    case RELAY_MEDIA_TLS_AGAIN:
      g_source_modify_unix_fd (self->source, self->tag,
                               relay_media_tls_wants_write (self->tls) ? G_IO_OUT : G_IO_IN);
      break;

    case RELAY_MEDIA_TLS_FAILED:
    default:
      relay_media_connection_close (self);
    }
}

/* Does all that can be done now, and says to the context what to wait for. */
static void
pump (RelayMediaConnection *self)
{
  GIOCondition condition = 0;

  if (self->state == STATE_HANDSHAKE)
    shake_hands (self);
  if (self->state == STATE_HANDSHAKE || self->state == STATE_CLOSED)
    return;

  read_some (self);
  write_some (self);
  if (self->state == STATE_CLOSED)
    return;

  if (is_reading (self))
    condition |= G_IO_IN;
  if (is_writing (self))
    condition |= G_IO_OUT;
  g_source_modify_unix_fd (self->source, self->tag, condition);
  if (is_reading (self) && relay_media_tls_has_pending (self->tls))
    wake (self);
}

/* --- Public --- */

static void
attach (RelayMediaConnection *self)
{
  self->source = g_source_new (&source_funcs, sizeof (ConnectionSource));
  ((ConnectionSource *) self->source)->connection = self;
  g_source_set_static_name (self->source, "relay-media-connection");
  self->tag = g_source_add_unix_fd (self->source, g_socket_get_fd (self->socket), G_IO_IN);
  g_source_attach (self->source, self->context);
}

RelayMediaConnection *
relay_media_connection_new (GSocket                          *socket,
                            const char                       *address,
                            RelayMediaTlsServer              *server,
                            GMainContext                     *context,
                            GThreadPool                      *workers,
                            const RelayMediaConnectionEvents *events,
                            gpointer                          user_data)
{
  RelayMediaConnection *self = g_new0 (RelayMediaConnection, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref (context);
  self->workers = workers;
  self->events = events;
  self->user_data = user_data;
  self->socket = g_object_ref (socket);
  self->address = g_strdup (address);
  self->input = g_byte_array_new ();
  self->sending = g_byte_array_new ();
  self->output = g_byte_array_new ();
  self->opened_us = self->read_us = self->written_us = g_get_monotonic_time ();

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  g_socket_set_option (socket, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES, NULL);
  self->tls = relay_media_tls_new (server, g_socket_get_fd (socket));
  attach (self);

  return self;
}

RelayMediaConnection *
relay_media_connection_ref (RelayMediaConnection *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
relay_media_connection_unref (RelayMediaConnection *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->state == STATE_CLOSED && self->session == NULL);
  g_byte_array_unref (self->input);
  g_byte_array_unref (self->sending);
  g_byte_array_unref (self->output);
  g_source_unref (self->source);
  g_object_unref (self->socket);
  g_main_context_unref (self->context);
  g_free (self->address);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
end_session (RelayMediaConnection *self)
{
  RelayMediaSession *session = g_steal_pointer (&self->session);
  Work *work;
  gboolean is_at_work;

  if (session == NULL)
    return;

  relay_media_session_silence (session);

  g_mutex_lock (&self->lock);
  is_at_work = self->place == SESSION_AT_WORK;
  if (is_at_work)
    self->place = SESSION_ABANDONED;
  g_mutex_unlock (&self->lock);
  if (is_at_work)
    return;

  work = g_new0 (Work, 1);
  work->session = session;
  g_thread_pool_push (self->workers, work, NULL);
}

void
relay_media_connection_close (RelayMediaConnection *self)
{
  if (self->state == STATE_CLOSED)
    return;

  self->state = STATE_CLOSED;
  end_session (self);
  relay_media_tls_bye (self->tls);
  g_clear_pointer (&self->tls, relay_media_tls_free);
  g_source_destroy (self->source);
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  g_socket_close (self->socket, NULL);
  self->events->closed (self, self->user_data);
}

void
relay_media_connection_tick (RelayMediaConnection *self,
                             int64_t               now_us)
{
  gboolean is_late = self->state < STATE_KNOWN && now_us - self->opened_us > ADMISSION_LIMIT_US;
  gboolean is_silent = !self->is_busy && now_us - self->read_us > SILENCE_LIMIT_US;
  gboolean is_stuck = is_writing (self) && now_us - self->written_us > STUCK_LIMIT_US;

  if (is_late || is_silent || is_stuck)
    {
      g_debug ("%s: closed: %s", self->address,
               is_late ? "no credentials in time" : is_silent ? "silent" : "reads nothing");
      relay_media_connection_close (self);
    }
}

const char *
relay_media_connection_get_address (RelayMediaConnection *self)
{
  return self->address;
}

GSocket *
relay_media_connection_get_socket (RelayMediaConnection *self)
{
  return self->socket;
}

gboolean
relay_media_connection_is_known (RelayMediaConnection *self)
{
  return self->state == STATE_KNOWN;
}

const RelayMediaOutlet *
relay_media_connection_get_outlet (void)
{
  return &outlet;
}
