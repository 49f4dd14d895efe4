/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-stream"

#include "config.h"

#include "relay-home-stream.h"

#include "relay-frame-gate.h"

#define TURN_BYTES (16 * 1024)
#define FRAME_COST 1024
#define REST_MS 16

/* Half of it, as GIO wants it. */
#define RELAY_TYPE_HOME_INPUT (relay_home_input_get_type ())
G_DECLARE_FINAL_TYPE (RelayHomeInput, relay_home_input, RELAY, HOME_INPUT, GInputStream)

struct _RelayHomeInput
{
  GInputStream parent_instance;

  GPollableInputStream *base;
  GMainContext *context;
  GSource *watch;  /* (nullable): of @base's bytes, or of the end of the rest */
  GSource *reader; /* (nullable): who waits */
  int budget;      /* of this turn */
  gboolean is_resting;
  /* TLS may hold what came in one record with the last, and does not say so */
  gboolean may_have_more;
  gboolean has_frames;
  RelayFrameGate gate;
};

struct _RelayHomeStream
{
  GIOStream parent_instance;

  GIOStream *base;
  RelayHomeInput *input;
};

static void pollable_iface_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RelayHomeInput,
                               relay_home_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      pollable_iface_init))
G_DEFINE_FINAL_TYPE (RelayHomeStream, relay_home_stream, G_TYPE_IO_STREAM)

static void
clear_watch (RelayHomeInput *self)
{
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
}

static void
wake_reader (RelayHomeInput *self)
{
  if (self->reader != NULL && !g_source_is_destroyed (self->reader))
    g_source_set_ready_time (self->reader, 0);
}

static gboolean
on_rested (gpointer user_data)
{
  RelayHomeInput *self = user_data;

  clear_watch (self);
  self->is_resting = FALSE;
  self->budget = TURN_BYTES;
  wake_reader (self);

  return G_SOURCE_REMOVE;
}

static gboolean
on_base_readable (GObject  *base,
                  gpointer  user_data)
{
  return on_rested (user_data);
}

static void
set_watch (RelayHomeInput *self,
           GSource        *source,
           GSourceFunc     func)
{
  clear_watch (self);
  self->watch = source;
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);
}

/* Nobody is woken before there is something again. */
static void
sleep_now (RelayHomeInput *self)
{
  if (self->reader != NULL && !g_source_is_destroyed (self->reader))
    g_source_set_ready_time (self->reader, -1);

  if (self->is_resting)
    set_watch (self, g_timeout_source_new (REST_MS), on_rested);
  else
    set_watch (self, g_pollable_input_stream_create_source (self->base, NULL),
               G_SOURCE_FUNC (on_base_readable));
}

static gboolean
relay_home_input_is_readable (GPollableInputStream *stream)
{
  RelayHomeInput *self = RELAY_HOME_INPUT (stream);

  return !self->is_resting &&
         (self->may_have_more || g_pollable_input_stream_is_readable (self->base));
}

static gboolean
look_at (RelayHomeInput  *self,
         const uint8_t   *bytes,
         size_t           length,
         GError         **error)
{
  uint64_t n_before = self->gate.n_frames;
  unsigned code = self->has_frames ? relay_frame_gate_check (&self->gate, bytes, length) : 0;

  self->budget -= (int) (length + (self->gate.n_frames - n_before) * FRAME_COST);
  if (self->budget <= 0)
    self->is_resting = TRUE;

  if (code == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "The other home breaks the rules of a WebSocket (%u).", code);
  return FALSE;
}

static gssize
relay_home_input_read_nonblocking (GPollableInputStream  *stream,
                                   void                  *buffer,
                                   gsize                  size,
                                   GError               **error)
{
  RelayHomeInput *self = RELAY_HOME_INPUT (stream);
  g_autoptr (GError) local_error = NULL;
  gssize n = -1;

  if (self->is_resting)
    g_set_error_literal (&local_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Resting");
  else
    n = g_pollable_input_stream_read_nonblocking (self->base, buffer, MIN (size, TURN_BYTES), NULL,
                                                  &local_error);

  if (!self->is_resting)
    self->may_have_more = n > 0;
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    sleep_now (self);

  if (n > 0 && !look_at (self, buffer, (size_t) n, error))
    return -1;

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return n;
}

static GSource *
relay_home_input_create_source (GPollableInputStream *stream,
                                GCancellable         *cancellable)
{
  RelayHomeInput *self = RELAY_HOME_INPUT (stream);
  GSource *source = g_pollable_source_new_full (stream, NULL, cancellable);

  g_clear_pointer (&self->reader, g_source_unref);
  self->reader = g_source_ref (source);
  if (relay_home_input_is_readable (stream))
    g_source_set_ready_time (source, 0);
  else
    sleep_now (self);

  return source;
}

static gssize
relay_home_input_read (GInputStream  *stream,
                       void          *buffer,
                       gsize          size,
                       GCancellable  *cancellable,
                       GError       **error)
{
  return relay_home_input_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, size, error);
}

/* Closing is the affair of the whole. */
static gboolean
relay_home_input_close (GInputStream  *stream,
                        GCancellable  *cancellable,
                        GError       **error)
{
  return TRUE;
}

static void
relay_home_input_dispose (GObject *object)
{
  RelayHomeInput *self = RELAY_HOME_INPUT (object);

  clear_watch (self);
  g_clear_pointer (&self->reader, g_source_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->base);

  G_OBJECT_CLASS (relay_home_input_parent_class)->dispose (object);
}

static void
pollable_iface_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = relay_home_input_is_readable;
  iface->read_nonblocking = relay_home_input_read_nonblocking;
  iface->create_source = relay_home_input_create_source;
}

static void
relay_home_input_class_init (RelayHomeInputClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = relay_home_input_dispose;
  stream_class->read_fn = relay_home_input_read;
  stream_class->close_fn = relay_home_input_close;
}

static void
relay_home_input_init (RelayHomeInput *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->budget = TURN_BYTES;
}

static GInputStream *
relay_home_stream_get_input (GIOStream *stream)
{
  return G_INPUT_STREAM (RELAY_HOME_STREAM (stream)->input);
}

static GOutputStream *
relay_home_stream_get_output (GIOStream *stream)
{
  return g_io_stream_get_output_stream (RELAY_HOME_STREAM (stream)->base);
}

/* Without a farewell of TLS, for which one would have to wait: the WebSocket has said its own. */
static gboolean
relay_home_stream_close (GIOStream     *stream,
                         GCancellable  *cancellable,
                         GError       **error)
{
  RelayHomeStream *self = RELAY_HOME_STREAM (stream);
  g_autoptr (GIOStream) below = NULL;

  clear_watch (self->input);
  if (G_IS_TLS_CONNECTION (self->base))
    g_object_get (self->base, "base-io-stream", &below, NULL);

  return g_io_stream_close (below != NULL ? below : self->base, NULL, error);
}

static void
relay_home_stream_close_async (GIOStream           *stream,
                               int                  io_priority,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  if (relay_home_stream_close (stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
relay_home_stream_close_finish (GIOStream     *stream,
                                GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
relay_home_stream_dispose (GObject *object)
{
  RelayHomeStream *self = RELAY_HOME_STREAM (object);

  /* The parent closes it, once: so what is below may go only after. */
  G_OBJECT_CLASS (relay_home_stream_parent_class)->dispose (object);

  g_clear_object (&self->input);
  g_clear_object (&self->base);
}

static void
relay_home_stream_class_init (RelayHomeStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = relay_home_stream_dispose;
  stream_class->get_input_stream = relay_home_stream_get_input;
  stream_class->get_output_stream = relay_home_stream_get_output;
  stream_class->close_fn = relay_home_stream_close;
  stream_class->close_async = relay_home_stream_close_async;
  stream_class->close_finish = relay_home_stream_close_finish;
}

static void
relay_home_stream_init (RelayHomeStream *self)
{
}

GIOStream *
relay_home_stream_new (GIOStream *base)
{
  RelayHomeStream *self = g_object_new (RELAY_TYPE_HOME_STREAM, NULL);

  self->base = g_object_ref (base);
  self->input = g_object_new (RELAY_TYPE_HOME_INPUT, NULL);
  self->input->base = G_POLLABLE_INPUT_STREAM (g_object_ref (g_io_stream_get_input_stream (base)));

  return G_IO_STREAM (self);
}

void
relay_home_stream_begin_frames (RelayHomeStream *self,
                                size_t           max_payload)
{
  g_return_if_fail (RELAY_IS_HOME_STREAM (self));

  self->input->has_frames = TRUE;
  self->input->gate.is_of_server = TRUE;
  self->input->gate.max_payload = max_payload;
}
