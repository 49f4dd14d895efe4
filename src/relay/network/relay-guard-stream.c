/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-guard-stream"

#include "config.h"

#include "relay-guard-stream.h"
#include "relay-guard-stream-private.h"

#include "relay-frame-gate.h"

#include <gnutls/gnutls.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* What one connection may read before the others get their turn. */
#define TURN_BYTES (16 * 1024)
/* Bytes of an HTTP head, or of a body that nobody asked for. */
#define HEAD_BYTES (16 * 1024)
/* Of HTTP the rest waits; of a WebSocket the connection is too slow. */
#define QUEUE_HTTP_BYTES (256 * 1024)
#define QUEUE_WEBSOCKET_BYTES (1024 * 1024)
#define RECORD_BYTES 16384
/* The token bucket: each frame costs FRAME_COST beside its bytes, so that many small ones are not free. */
#define BUCKET_BYTES (2 * 1024 * 1024)
#define BUCKET_BYTES_PER_S (512 * 1024)
#define FRAME_COST 1024
/* How long, and how much, a closed connection is still read, so that the peer gets to read our answer before a reset. */
#define LINGER_US (2 * G_USEC_PER_SEC)
#define LINGER_BYTES (4 * 1024 * 1024)
#define CLOSING_US (5 * G_USEC_PER_SEC)

typedef enum
{
  STATE_HANDSHAKE,
  STATE_OPEN,
  STATE_CLOSING,
  STATE_LINGERING,
  STATE_DEAD
} State;

struct _RelayGuardStream
{
  GIOStream parent_instance;

  GSocket *socket;
  RelayCertificate *certificate;
  gnutls_session_t tls; /* NULL until the first byte: silent sockets shall cost little */
  GInputStream *input;
  GOutputStream *output;

  State state;
  GSource *watch;
  GSource *reader; /* (nullable): who waits for readability */
  GSource *writer; /* (nullable) */
  gboolean readable;
  gboolean paused;

  int64_t deadline_us;
  int64_t idle_limit_us;
  int64_t moved_us;

  size_t turn_bytes;
  size_t head_bytes;
  size_t head_limit;
  char last_bytes[4]; /* of the HTTP phase */
  double tokens;
  int64_t tokens_us;

  gboolean is_websocket;
  RelayFrameGate gate;

  GByteArray *queue;
  size_t queue_start;
  size_t linger_bytes;
};

enum
{
  SIGNAL_OPENED,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RelayGuardStream, relay_guard_stream, G_TYPE_IO_STREAM)

typedef struct
{
  GSource parent;
  gpointer tag;
  RelayGuardStream *guard; /* (unowned): it destroys the source */
} Watch;

static size_t
get_queued_bytes (RelayGuardStream *self)
{
  return self->queue->len - self->queue_start;
}

static void
set_source_ready (GSource *source,
                  int64_t  ready_us)
{
  if (source != NULL && !g_source_is_destroyed (source))
    g_source_set_ready_time (source, ready_us);
}

static void
refill_tokens (RelayGuardStream *self)
{
  int64_t now_us = g_get_monotonic_time ();

  self->tokens = MIN (BUCKET_BYTES, self->tokens + (double) (now_us - self->tokens_us) *
                                                   BUCKET_BYTES_PER_S / G_USEC_PER_SEC);
  self->tokens_us = now_us;
}

/* When the reader may go on: 0 for at once, -1 for when something else happens. */
static int64_t
get_reader_time (RelayGuardStream *self)
{
  if (self->state >= STATE_CLOSING)
    return 0;

  if (!self->readable || self->paused)
    return -1;

  if (self->tokens <= 0)
    return self->tokens_us + (int64_t) ((1 - self->tokens) * G_USEC_PER_SEC / BUCKET_BYTES_PER_S) + 1000;

  return 0;
}

static void
update_reader (RelayGuardStream *self)
{
  set_source_ready (self->reader, get_reader_time (self));
}

static void
update_writer (RelayGuardStream *self)
{
  set_source_ready (self->writer, relay_guard_stream_is_writable (self) ? 0 : -1);
}

static void
update_watch (RelayGuardStream *self)
{
  GIOCondition condition = 0;

  if (self->watch == NULL)
    return;

  if (self->state == STATE_HANDSHAKE)
    condition = self->tls != NULL && gnutls_record_get_direction (self->tls) == 1 ? G_IO_OUT : G_IO_IN;
  else if (self->state == STATE_LINGERING || !self->readable)
    condition = G_IO_IN;

  if (self->state >= STATE_OPEN && get_queued_bytes (self) > 0)
    condition |= G_IO_OUT;

  g_source_modify_unix_fd (self->watch, ((Watch *) self->watch)->tag, condition);
}

static void
die (RelayGuardStream *self,
     const char       *why)
{
  if (self->state == STATE_DEAD)
    return;

  self->state = STATE_DEAD;
  g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  g_socket_close (self->socket, NULL);
  g_byte_array_set_size (self->queue, 0);
  self->queue_start = 0;
  update_reader (self);
  update_writer (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, why);
}

static void
begin_lingering (RelayGuardStream *self)
{
  self->state = STATE_LINGERING;
  self->deadline_us = g_get_monotonic_time () + LINGER_US;
  if (self->tls != NULL)
    gnutls_bye (self->tls, GNUTLS_SHUT_WR);
  g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
  update_watch (self);
}

static void
linger (RelayGuardStream *self)
{
  uint8_t buffer[TURN_BYTES];
  gssize got = recv (g_socket_get_fd (self->socket), buffer, sizeof buffer, MSG_DONTWAIT);

  if (got > 0)
    self->linger_bytes += (size_t) got;

  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) || self->linger_bytes > LINGER_BYTES)
    die (self, "closed");
}

static gboolean
is_again (gssize result)
{
  return result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED;
}

static void
flush (RelayGuardStream *self)
{
  gssize sent = 0;

  while (get_queued_bytes (self) > 0 &&
         (sent = gnutls_record_send (self->tls, self->queue->data + self->queue_start,
                                     MIN (get_queued_bytes (self), RECORD_BYTES))) > 0)
    {
      self->queue_start += (size_t) sent;
      self->moved_us = g_get_monotonic_time ();
    }

  if (sent < 0 && !is_again (sent))
    {
      die (self, "broken");
      return;
    }

  /* A new array now and then, so that an idle connection holds no memory. */
  if (get_queued_bytes (self) == 0)
    {
      g_byte_array_unref (self->queue);
      self->queue = g_byte_array_new ();
      self->queue_start = 0;
    }
  else if (self->queue_start > QUEUE_HTTP_BYTES)
    {
      g_byte_array_remove_range (self->queue, 0, (unsigned) self->queue_start);
      self->queue_start = 0;
    }

  update_writer (self);
  if (self->state == STATE_CLOSING && get_queued_bytes (self) == 0)
    begin_lingering (self);
}

static void
shake_hands (RelayGuardStream *self)
{
  int result;

  if (self->tls == NULL)
    self->tls = relay_certificate_new_session (self->certificate, g_socket_get_fd (self->socket));

  result = self->tls != NULL ? gnutls_handshake (self->tls) : GNUTLS_E_MEMORY_ERROR;
  if (result == GNUTLS_E_SUCCESS)
    {
      self->state = STATE_OPEN;
      self->readable = TRUE;
      g_signal_emit (self, signals[SIGNAL_OPENED], 0);
    }
  else if (gnutls_error_is_fatal (result))
    {
      die (self, "handshake");
    }
}

static void
on_condition (RelayGuardStream *self,
              GIOCondition      condition)
{
  gboolean was_readable = self->readable;

  if (self->state == STATE_HANDSHAKE)
    shake_hands (self);
  else if (self->state == STATE_LINGERING)
    linger (self);
  else if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR))
    self->readable = TRUE;

  if (self->state == STATE_DEAD)
    return;

  if (condition & G_IO_OUT && self->state >= STATE_OPEN && self->state < STATE_LINGERING)
    flush (self);

  /* Nobody reads and the peer is gone altogether: else this would be reported for ever. */
  if (was_readable && condition & (G_IO_HUP | G_IO_ERR))
    die (self, "broken");

  update_reader (self);
  update_watch (self);
}

static gboolean
watch_check (GSource *source)
{
  return g_source_query_unix_fd (source, ((Watch *) source)->tag) != 0;
}

static gboolean
watch_dispatch (GSource     *source,
                GSourceFunc  callback,
                gpointer     user_data)
{
  g_autoptr (RelayGuardStream) guard = g_object_ref (((Watch *) source)->guard);

  on_condition (guard, g_source_query_unix_fd (source, ((Watch *) source)->tag));

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs watch_funcs = { NULL, watch_check, watch_dispatch, NULL };

static void
start_watch (RelayGuardStream *self)
{
  Watch *watch;

  self->watch = g_source_new (&watch_funcs, sizeof (Watch));
  watch = (Watch *) self->watch;
  watch->guard = self;
  watch->tag = g_source_add_unix_fd (self->watch, g_socket_get_fd (self->socket), G_IO_IN);
  g_source_set_name (self->watch, "relay-guard");
  g_source_attach (self->watch, g_main_context_get_thread_default ());
}

static void
begin_closing (RelayGuardStream *self)
{
  if (self->state >= STATE_CLOSING)
    return;

  if (self->state == STATE_HANDSHAKE)
    {
      die (self, "closed");
      return;
    }

  self->state = STATE_CLOSING;
  self->deadline_us = g_get_monotonic_time () + CLOSING_US;
  if (get_queued_bytes (self) == 0)
    begin_lingering (self);
  update_reader (self);
  update_writer (self);
  update_watch (self);
}

static gboolean
relay_guard_stream_close (GIOStream     *stream,
                          GCancellable  *cancellable,
                          GError       **error)
{
  begin_closing (RELAY_GUARD_STREAM (stream));
  return TRUE;
}

/* Own form: that of GIOStream would close in a thread. */
static void
relay_guard_stream_close_async (GIOStream           *stream,
                                int                  io_priority,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);

  begin_closing (RELAY_GUARD_STREAM (stream));
  g_task_return_boolean (task, TRUE);
}

static gboolean
relay_guard_stream_close_finish (GIOStream     *stream,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static GInputStream *
relay_guard_stream_get_input_stream (GIOStream *stream)
{
  return RELAY_GUARD_STREAM (stream)->input;
}

static GOutputStream *
relay_guard_stream_get_output_stream (GIOStream *stream)
{
  return RELAY_GUARD_STREAM (stream)->output;
}

static void
relay_guard_stream_finalize (GObject *object)
{
  RelayGuardStream *self = RELAY_GUARD_STREAM (object);

  relay_guard_input_detach (self->input);
  relay_guard_output_detach (self->output);
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  g_clear_pointer (&self->reader, g_source_unref);
  g_clear_pointer (&self->writer, g_source_unref);
  g_clear_pointer (&self->tls, gnutls_deinit);
  g_clear_pointer (&self->queue, g_byte_array_unref);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_object (&self->socket);
  g_clear_object (&self->certificate);

  G_OBJECT_CLASS (relay_guard_stream_parent_class)->finalize (object);
}

static void
relay_guard_stream_class_init (RelayGuardStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = relay_guard_stream_finalize;
  stream_class->get_input_stream = relay_guard_stream_get_input_stream;
  stream_class->get_output_stream = relay_guard_stream_get_output_stream;
  stream_class->close_fn = relay_guard_stream_close;
  stream_class->close_async = relay_guard_stream_close_async;
  stream_class->close_finish = relay_guard_stream_close_finish;

  signals[SIGNAL_OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
relay_guard_stream_init (RelayGuardStream *self)
{
  self->input = relay_guard_input_new (self);
  self->output = relay_guard_output_new (self);
  self->queue = g_byte_array_new ();
  self->head_limit = HEAD_BYTES;
  self->tokens = BUCKET_BYTES;
  self->tokens_us = g_get_monotonic_time ();
  self->moved_us = self->tokens_us;
}

static gssize
would_block (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Not now");
  return -1;
}

static void
remember_last_bytes (RelayGuardStream *self,
                     const uint8_t    *bytes,
                     size_t            length)
{
  for (size_t i = length > 4 ? length - 4 : 0; i < length; i++)
    {
      memmove (self->last_bytes, self->last_bytes + 1, 3);
      self->last_bytes[3] = (char) bytes[i];
    }
}

/* Says why, as far as the peer listens, and closes. libsoup hands over whole frames, so ours does not fall into one. */
static void
refuse_frames (RelayGuardStream *self,
               unsigned          code)
{
  uint8_t frame[] = { 0x88, 2, (uint8_t) (code >> 8), (uint8_t) code };

  g_byte_array_append (self->queue, frame, sizeof frame);
  begin_closing (self);
}

/* Whether the bytes just read may pass to libsoup. */
static gboolean
admit_bytes (RelayGuardStream *self,
             const uint8_t    *bytes,
             size_t            length)
{
  uint64_t n_frames = self->gate.n_frames;
  unsigned code;

  if (!self->is_websocket)
    {
      self->head_bytes += length;
      remember_last_bytes (self, bytes, length);
      if (self->head_bytes > self->head_limit)
        begin_closing (self);
      return self->head_bytes <= self->head_limit;
    }

  code = relay_frame_gate_check (&self->gate, bytes, length);
  self->tokens -= (double) length + (double) (self->gate.n_frames - n_frames) * FRAME_COST;
  if (code != 0)
    refuse_frames (self, code);
  return code == 0;
}

gssize
relay_guard_stream_read (RelayGuardStream  *self,
                         void              *buffer,
                         size_t             size,
                         GError           **error)
{
  g_autoptr (RelayGuardStream) alive = g_object_ref (self);
  gssize got;

  if (self->state >= STATE_CLOSING)
    return 0;

  if (self->tokens <= 0)
    refill_tokens (self);

  if (self->paused || self->tokens <= 0 || self->turn_bytes >= TURN_BYTES)
    {
      self->turn_bytes = 0;
      update_reader (self);
      return would_block (error);
    }

  got = gnutls_record_recv (self->tls, buffer, MIN (size, TURN_BYTES));
  if (got > 0)
    {
      self->turn_bytes += (size_t) got;
      self->moved_us = g_get_monotonic_time ();
      return admit_bytes (self, buffer, (size_t) got) ? got : 0;
    }

  if (!is_again (got))
    return 0;

  self->readable = FALSE;
  self->turn_bytes = 0;
  refill_tokens (self);
  update_reader (self);
  update_watch (self);
  return would_block (error);
}

gssize
relay_guard_stream_write (RelayGuardStream  *self,
                          const void        *buffer,
                          size_t             size,
                          GError           **error)
{
  g_autoptr (RelayGuardStream) alive = g_object_ref (self);

  if (self->state < STATE_CLOSING && !relay_guard_stream_is_writable (self))
    {
      update_writer (self);
      return would_block (error);
    }

  if (self->is_websocket && get_queued_bytes (self) + size > QUEUE_WEBSOCKET_BYTES)
    die (self, "too-slow");

  if (self->state >= STATE_CLOSING)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection is closed");
      return -1;
    }

  size = MIN (size, QUEUE_WEBSOCKET_BYTES);
  g_byte_array_append (self->queue, buffer, (unsigned) size);
  update_watch (self);
  return (gssize) size;
}

gboolean
relay_guard_stream_is_readable (RelayGuardStream *self)
{
  return get_reader_time (self) == 0;
}

gboolean
relay_guard_stream_is_writable (RelayGuardStream *self)
{
  return self->is_websocket || self->state >= STATE_CLOSING || get_queued_bytes (self) < QUEUE_HTTP_BYTES;
}

void
relay_guard_stream_take_reader (RelayGuardStream *self,
                                GSource          *source)
{
  g_clear_pointer (&self->reader, g_source_unref);
  self->reader = g_source_ref (source);
  update_reader (self);
}

void
relay_guard_stream_take_writer (RelayGuardStream *self,
                                GSource          *source)
{
  g_clear_pointer (&self->writer, g_source_unref);
  self->writer = g_source_ref (source);
  update_writer (self);
}

RelayGuardStream *
relay_guard_stream_new (GSocket          *socket,
                        RelayCertificate *certificate)
{
  RelayGuardStream *self = g_object_new (RELAY_TYPE_GUARD_STREAM, NULL);

  self->socket = g_object_ref (socket);
  self->certificate = g_object_ref (certificate);
  start_watch (self);

  return self;
}

void
relay_guard_stream_set_deadline (RelayGuardStream *self,
                                 int64_t           deadline_us)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  if (self->state < STATE_CLOSING)
    self->deadline_us = deadline_us;
}

void
relay_guard_stream_set_idle_limit (RelayGuardStream *self,
                                   int64_t           idle_us)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  self->idle_limit_us = idle_us;
}

void
relay_guard_stream_check (RelayGuardStream *self,
                          int64_t           now_us)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  if (self->deadline_us != 0 && now_us >= self->deadline_us)
    die (self, self->state >= STATE_CLOSING ? "closed" : "late");
  else if (self->idle_limit_us != 0 && now_us - self->moved_us >= self->idle_limit_us)
    die (self, "idle");
}

void
relay_guard_stream_begin_body (RelayGuardStream *self,
                               size_t            body_bytes)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  self->head_bytes = 0;
  self->head_limit = HEAD_BYTES + body_bytes;
}

void
relay_guard_stream_set_paused (RelayGuardStream *self,
                               gboolean          paused)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  self->paused = paused;
  self->moved_us = g_get_monotonic_time ();
  update_reader (self);
}

gboolean
relay_guard_stream_begin_websocket (RelayGuardStream *self,
                                    size_t            max_payload)
{
  g_return_val_if_fail (RELAY_IS_GUARD_STREAM (self), FALSE);

  self->is_websocket = TRUE;
  self->gate.max_payload = max_payload;

  /* The gate would lose step if frames had come along with the request. */
  return memcmp (self->last_bytes, "\r\n\r\n", 4) == 0;
}

void
relay_guard_stream_set_max_payload (RelayGuardStream *self,
                                    size_t            max_payload)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  self->gate.max_payload = max_payload;
}

void
relay_guard_stream_close_with (RelayGuardStream *self,
                               const char       *text,
                               size_t            length)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  if (self->state != STATE_OPEN)
    return;

  g_byte_array_append (self->queue, (const uint8_t *) text, (unsigned) length);
  begin_closing (self);
}

void
relay_guard_stream_kill (RelayGuardStream *self,
                         const char       *why)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  die (self, why);
}
