/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-guard-stream"

#include "config.h"

#include "relay-guard-stream.h"
#include "relay-guard-stream-private.h"

#include "relay-read-budget.h"
#include "relay-send-queue.h"

#include <gnutls/gnutls.h>

#include <errno.h>
#include <sys/socket.h>

/* Of HTTP the rest waits; of a WebSocket the connection is too slow. */
#define QUEUE_HTTP_BYTES (256 * 1024)
#define QUEUE_WEBSOCKET_BYTES (1024 * 1024)
#define RECORD_BYTES 16384
/* How long, and how much, a closed connection is still read, so that the peer gets to read our
 * answer before a reset. */
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

  RelayReadBudget budget;
  RelaySendQueue queue;
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

static void
set_source_ready (GSource *source,
                  int64_t  ready_us)
{
  if (source != NULL && !g_source_is_destroyed (source))
    g_source_set_ready_time (source, ready_us);
}

/* When the reader may go on: 0 for at once, -1 for when something else happens. */
static int64_t
get_reader_time (RelayGuardStream *self)
{
  if (self->state >= STATE_CLOSING)
    return 0;

  if (!self->readable || self->paused)
    return -1;

  return relay_read_budget_get_time_us (&self->budget);
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
    condition = self->tls != NULL && gnutls_record_get_direction (self->tls) == 1 ? G_IO_OUT
                                                                                  : G_IO_IN;
  else if (self->state == STATE_LINGERING || !self->readable)
    condition = G_IO_IN;

  if (self->state >= STATE_OPEN && relay_send_queue_get_length (&self->queue) > 0)
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
  relay_send_queue_clear (&self->queue);
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
  uint8_t buffer[RELAY_READ_BUDGET_TURN_BYTES];
  gssize got = recv (g_socket_get_fd (self->socket), buffer, sizeof buffer, MSG_DONTWAIT);

  if (got > 0)
    self->linger_bytes += (size_t) got;

  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) ||
      self->linger_bytes > LINGER_BYTES)
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
  size_t length;

  while ((length = relay_send_queue_get_length (&self->queue)) > 0 &&
         (sent = gnutls_record_send (self->tls, relay_send_queue_peek (&self->queue),
                                     MIN (length, RECORD_BYTES))) > 0)
    {
      relay_send_queue_drop (&self->queue, (size_t) sent);
      self->moved_us = g_get_monotonic_time ();
    }

  if (sent < 0 && !is_again (sent))
    {
      die (self, "broken");
      return;
    }

  update_writer (self);
  if (self->state == STATE_CLOSING && relay_send_queue_get_length (&self->queue) == 0)
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
  if (relay_send_queue_get_length (&self->queue) == 0)
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
  relay_send_queue_clear (&self->queue);
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
  self->moved_us = g_get_monotonic_time ();
  relay_read_budget_init (&self->budget, self->moved_us);
}

static gssize
would_block (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Not now");
  return -1;
}

/* Says why, as far as the peer listens, and closes. libsoup hands over whole frames, so ours does
 * not fall into one. */
static void
refuse_frames (RelayGuardStream *self,
               unsigned          code)
{
  uint8_t frame[] = { 0x88, 2, (uint8_t) (code >> 8), (uint8_t) code };

  relay_send_queue_append (&self->queue, frame, sizeof frame);
  begin_closing (self);
}

/* Whether the bytes just read may pass to libsoup. */
static gboolean
admit_bytes (RelayGuardStream *self,
             const uint8_t    *bytes,
             size_t            length)
{
  unsigned code;

  if (relay_read_budget_take (&self->budget, bytes, length, &code))
    return TRUE;

  if (code != 0)
    refuse_frames (self, code);
  else
    begin_closing (self);
  return FALSE;
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

  if (self->paused || !relay_read_budget_may_read (&self->budget, g_get_monotonic_time ()))
    {
      relay_read_budget_end_turn (&self->budget);
      update_reader (self);
      return would_block (error);
    }

  got = gnutls_record_recv (self->tls, buffer, MIN (size, RELAY_READ_BUDGET_TURN_BYTES));
  if (got > 0)
    {
      self->moved_us = g_get_monotonic_time ();
      return admit_bytes (self, buffer, (size_t) got) ? got : 0;
    }

  if (!is_again (got))
    return 0;

  self->readable = FALSE;
  relay_read_budget_end_turn (&self->budget);
  relay_read_budget_refill (&self->budget, g_get_monotonic_time ());
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

  if (self->budget.is_websocket &&
      relay_send_queue_get_length (&self->queue) + size > QUEUE_WEBSOCKET_BYTES)
    die (self, "too-slow");

  if (self->state >= STATE_CLOSING)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection is closed");
      return -1;
    }

  size = MIN (size, QUEUE_WEBSOCKET_BYTES);
  relay_send_queue_append (&self->queue, buffer, size);
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
  return self->budget.is_websocket || self->state >= STATE_CLOSING ||
         relay_send_queue_get_length (&self->queue) < QUEUE_HTTP_BYTES;
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

  relay_read_budget_begin_body (&self->budget, body_bytes);
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

  return relay_read_budget_begin_frames (&self->budget, max_payload);
}

void
relay_guard_stream_set_max_payload (RelayGuardStream *self,
                                    size_t            max_payload)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  self->budget.gate.max_payload = max_payload;
}

void
relay_guard_stream_close_with (RelayGuardStream *self,
                               const char       *text,
                               size_t            length)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  if (self->state != STATE_OPEN)
    return;

  relay_send_queue_append (&self->queue, text, length);
  begin_closing (self);
}

void
relay_guard_stream_kill (RelayGuardStream *self,
                         const char       *why)
{
  g_return_if_fail (RELAY_IS_GUARD_STREAM (self));

  die (self, why);
}
