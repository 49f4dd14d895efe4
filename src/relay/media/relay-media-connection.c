/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-connection"

#include "config.h"

#include "relay-media-connection.h"
#include "relay-media-request.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

/* for TLS and a request with the right credentials */
#define ADMISSION_LIMIT_US (10 * G_USEC_PER_SEC)
/* a living peer sends media, reports or keep-alives */
#define SILENCE_LIMIT_US (60 * G_USEC_PER_SEC)
/* how long a peer may read nothing of what waits for it */
#define STUCK_LIMIT_US (10 * G_USEC_PER_SEC)
#define REFUSAL_LIMIT 4
#define BODY_LIMIT_UNKNOWN_BYTES (4 * 1024)
#define BODY_LIMIT_KNOWN_BYTES (32 * 1024)
#define ANSWERS_LIMIT_BYTES (64 * 1024)           /* then it is to read before it asks on */
#define READ_BUDGET_BYTES (128 * 1024)            /* in one turn, so that all get theirs */
#define READ_CHUNK_BYTES (16 * 1024)
#define RECORD_BYTES (16 * 1024)                  /* of TLS */
#define FRAME_LIMIT_BYTES (4 + G_MAXUINT16)
#define SEND_BUFFER_BYTES (128 * 1024)            /* what the kernel holds is latency */

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
  const RelayMediaConnectionEvents *events;
  gpointer user_data;

  GSocket *socket;
  char *address;
  RelayMediaTls *tls;
  GSource *source;
  gpointer tag;
  GIOCondition condition;  /* for which the source waits */

  State state;
  gpointer seat;
  unsigned n_refusals;
  int64_t opened_us;
  int64_t read_us;         /* when something came last */
  int64_t written_us;      /* when something went last, or nothing waited */

  GByteArray *input;
  gboolean is_held_up;     /* there is more in it, for when the answers are gone */
  int64_t held_until_us;   /* nothing is written before */
  gboolean is_stuck;       /* TLS holds a record that the socket did not take */
  GByteArray *output;      /* what follows it: the rest of a frame, and answers */
};

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

/* Has it pumped once more. */
static void
wake (RelayMediaConnection *self)
{
  g_source_set_ready_time (self->source, 0);
}

/* --- Reading --- */

static void
answer (RelayMediaConnection *self,
        GstRTSPMessage       *response)
{
  relay_media_message_append (response, self->output);
  gst_rtsp_message_free (response);
}

static void
refuse (RelayMediaConnection *self,
        GstRTSPMessage       *request,
        GstRTSPStatusCode     status)
{
  answer (self, relay_media_request_refuse (request, status));

  /* One refusal is how RTSP asks for credentials; many are somebody who guesses. */
  if (++self->n_refusals >= REFUSAL_LIMIT)
    self->state = STATE_FAREWELL;
}

static gboolean
meet (RelayMediaConnection *self,
      GstRTSPMessage       *request)
{
  g_autofree char *share = relay_media_request_dup_share (request);
  g_autofree char *user = NULL;
  g_autofree char *token = NULL;
  GstRTSPStatusCode status = GST_RTSP_STS_UNAUTHORIZED;

  if (share != NULL && relay_media_request_get_credentials (request, &user, &token))
    self->seat = self->events->admit (self, share, user, token, &status, self->user_data);

  if (self->seat == NULL)
    {
      refuse (self, request, status);
      return FALSE;
    }
  self->state = STATE_KNOWN;

  return TRUE;
}

static void
take_request (RelayMediaConnection *self,
              GstRTSPMessage       *request)
{
  GstRTSPMethod method = GST_RTSP_INVALID;
  GstRTSPMessage *response;

  if (self->state == STATE_UNKNOWN && !meet (self, request))
    return;

  response = self->events->request (self, self->seat, request);
  if (self->state == STATE_CLOSED)
    {
      gst_rtsp_message_free (response);
      return;
    }

  answer (self, response);
  gst_rtsp_message_parse_request (request, &method, NULL, NULL);
  if (method == GST_RTSP_TEARDOWN)
    self->state = STATE_FAREWELL;
}

/* TRUE while there may be another unit to take. */
static gboolean
take_unit (RelayMediaConnection *self,
           size_t               *n_taken)
{
  const uint8_t *data = self->input->data + *n_taken;
  size_t body_limit = self->state == STATE_KNOWN ? BODY_LIMIT_KNOWN_BYTES
                                                 : BODY_LIMIT_UNKNOWN_BYTES;
  size_t head, length;
  GstRTSPMessage *request;

  switch (relay_media_request_scan (data, self->input->len - *n_taken, body_limit, &head, &length))
    {
    case RELAY_MEDIA_UNIT_DATA:
      if (self->state != STATE_KNOWN)
        break;
      self->events->data (self, self->seat, data[1], data + 4, length - 4);
      *n_taken += length;
      return TRUE;

    case RELAY_MEDIA_UNIT_REQUEST:
      request = relay_media_request_parse (data, head, length);
      if (request == NULL)
        break;
      *n_taken += length;
      take_request (self, request);
      gst_rtsp_message_free (request);
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
  return (self->state == STATE_UNKNOWN || self->state == STATE_KNOWN) &&
         self->output->len <= ANSWERS_LIMIT_BYTES;
}

static void
take_input (RelayMediaConnection *self)
{
  size_t n_taken = 0;

  while (is_reading (self) && n_taken < self->input->len && take_unit (self, &n_taken))
    ;

  self->is_held_up = !is_reading (self) && n_taken < self->input->len;
  if (self->state != STATE_CLOSED && n_taken > 0)
    g_byte_array_remove_range (self->input, 0, n_taken);
}

static void
read_some (RelayMediaConnection *self)
{
  uint8_t buffer[READ_CHUNK_BYTES];
  size_t budget = READ_BUDGET_BYTES;

  take_input (self); /* what waited while too many answers did */

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

/* Gives @data to TLS, a record after the other. What is behind the record at which the socket is
 * full is kept. */
static void
send_bytes (RelayMediaConnection *self,
            const uint8_t        *data,
            size_t                length)
{
  while (length > 0)
    {
      ssize_t n = relay_media_tls_write (self->tls, data, MIN (length, RECORD_BYTES));

      if (n < 0)
        {
          relay_media_connection_close (self);
          return;
        }
      if (n == 0)
        {
          size_t n_held = relay_media_tls_get_held (self->tls);

          self->is_stuck = TRUE;
          g_byte_array_prepend (self->output, data + n_held, length - n_held);
          return;
        }

      data += n;
      length -= n;
    }
}

/* Answers first, then media, when no answer is left half. */
static size_t
gather (RelayMediaConnection *self,
        uint8_t              *buffer)
{
  size_t n = MIN (self->output->len, RECORD_BYTES);

  if (n > 0)
    {
      memcpy (buffer, self->output->data, n);
      g_byte_array_remove_range (self->output, 0, n);
    }
  if (n < RECORD_BYTES && self->state == STATE_KNOWN)
    n += self->events->fill (self, self->seat, buffer + n, RECORD_BYTES - n);

  return n;
}

/* TRUE when the socket has taken what it was stuck with. */
static gboolean
get_unstuck (RelayMediaConnection *self)
{
  ssize_t n;

  if (!self->is_stuck)
    return TRUE;

  n = relay_media_tls_write (self->tls, NULL, 0);
  if (n < 0)
    relay_media_connection_close (self);
  self->is_stuck = n <= 0;
  if (n > 0)
    self->written_us = g_get_monotonic_time ();

  return n > 0;
}

static void
write_some (RelayMediaConnection *self)
{
  uint8_t buffer[RECORD_BYTES + FRAME_LIMIT_BYTES];

  if (!get_unstuck (self))
    return;

  self->written_us = g_get_monotonic_time ();
  if (self->written_us < self->held_until_us)
    {
      g_source_set_ready_time (self->source, self->held_until_us);
      return;
    }

  while (self->state != STATE_CLOSED && !self->is_stuck)
    {
      size_t n = gather (self, buffer);

      if (n == 0)
        {
          if (self->state == STATE_FAREWELL)
            relay_media_connection_close (self);
          return;
        }
      send_bytes (self, buffer, n);
    }
}

static void
shake_hands (RelayMediaConnection *self)
{
  RelayMediaTlsResult result = relay_media_tls_handshake (self->tls);

  /* The peer's last words of the handshake have no answer, and its kernel keeps the first request
   * back until they are acknowledged: 40 ms, if the acknowledgement waits for company. */
  g_socket_set_option (self->socket, IPPROTO_TCP, TCP_QUICKACK, TRUE, NULL);

  switch (result)
    {
    case RELAY_MEDIA_TLS_DONE:
      self->state = STATE_UNKNOWN;
      break;

    case RELAY_MEDIA_TLS_AGAIN:
      self->condition = relay_media_tls_wants_write (self->tls) ? G_IO_OUT : G_IO_IN;
      g_source_modify_unix_fd (self->source, self->tag, self->condition);
      break;

    case RELAY_MEDIA_TLS_FAILED:
    default:
      relay_media_connection_close (self);
    }
}

/* Says to the context what to wait for. It is told only what is new, since that wakes it up. */
static void
await (RelayMediaConnection *self)
{
  GIOCondition condition = 0;

  if (self->state == STATE_CLOSED)
    return;

  if (is_reading (self))
    condition |= G_IO_IN;
  if (self->is_stuck)
    condition |= G_IO_OUT;
  if (condition != self->condition)
    g_source_modify_unix_fd (self->source, self->tag, condition);
  self->condition = condition;
  if (is_reading (self) && (self->is_held_up || relay_media_tls_has_pending (self->tls)))
    wake (self);
}

/* Does all that can be done now. */
static void
pump (RelayMediaConnection *self)
{
  if (self->state == STATE_HANDSHAKE)
    shake_hands (self);
  if (self->state == STATE_HANDSHAKE || self->state == STATE_CLOSED)
    return;

  read_some (self);
  if (self->state == STATE_KNOWN)
    self->events->rested (self, self->seat);
  if (self->state == STATE_CLOSED)
    return;
  write_some (self);
  await (self);
}

/* --- Public --- */

static void
attach (RelayMediaConnection *self)
{
  self->condition = G_IO_IN;
  self->source = g_source_new (&source_funcs, sizeof (ConnectionSource));
  ((ConnectionSource *) self->source)->connection = self;
  g_source_set_static_name (self->source, "relay-media-connection");
  self->tag = g_source_add_unix_fd (self->source, g_socket_get_fd (self->socket), self->condition);
  g_source_attach (self->source, self->context);
}

RelayMediaConnection *
relay_media_connection_new (GSocket                          *socket,
                            const char                       *address,
                            RelayMediaTlsServer              *server,
                            GMainContext                     *context,
                            const RelayMediaConnectionEvents *events,
                            gpointer                          user_data)
{
  RelayMediaConnection *self = g_new0 (RelayMediaConnection, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_main_context_ref (context);
  self->events = events;
  self->user_data = user_data;
  self->socket = g_object_ref (socket);
  self->address = g_strdup (address);
  self->input = g_byte_array_new ();
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

  g_assert (self->state == STATE_CLOSED);
  g_byte_array_unref (self->input);
  g_byte_array_unref (self->output);
  g_source_unref (self->source);
  g_object_unref (self->socket);
  g_main_context_unref (self->context);
  g_free (self->address);
  g_free (self);
}

void
relay_media_connection_flush (RelayMediaConnection *self)
{
  /* What is stuck is the source's to wait for. */
  if (self->state != STATE_KNOWN || self->is_stuck)
    return;

  write_some (self);
  await (self);
}

void
relay_media_connection_hold (RelayMediaConnection *self,
                             int64_t               duration_us)
{
  self->held_until_us = g_get_monotonic_time () + duration_us;
}

void
relay_media_connection_close (RelayMediaConnection *self)
{
  if (self->state == STATE_CLOSED)
    return;

  self->state = STATE_CLOSED;
  relay_media_tls_bye (self->tls);
  g_clear_pointer (&self->tls, relay_media_tls_free);
  g_source_destroy (self->source);
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  g_socket_close (self->socket, NULL);
  self->events->closed (self, g_steal_pointer (&self->seat), self->user_data);
}

void
relay_media_connection_tick (RelayMediaConnection *self,
                             int64_t               now_us)
{
  gboolean is_late = self->state < STATE_KNOWN && now_us - self->opened_us > ADMISSION_LIMIT_US;
  gboolean is_silent = now_us - self->read_us > SILENCE_LIMIT_US;
  gboolean is_stuck = self->is_stuck && now_us - self->written_us > STUCK_LIMIT_US;

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

gboolean
relay_media_connection_is_known (RelayMediaConnection *self)
{
  return self->state == STATE_KNOWN;
}
