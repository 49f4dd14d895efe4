/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-guard-output"

#include "config.h"

#include "relay-guard-stream-private.h"

struct _RelayGuardOutput
{
  GOutputStream parent_instance;

  RelayGuardStream *guard; /* (nullable) (unowned): it detaches itself */
};

static void pollable_iface_init (GPollableOutputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RelayGuardOutput,
                               relay_guard_output,
                               G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      pollable_iface_init))

static gboolean
relay_guard_output_is_writable (GPollableOutputStream *stream)
{
  RelayGuardOutput *self = RELAY_GUARD_OUTPUT (stream);

  return self->guard == NULL || relay_guard_stream_is_writable (self->guard);
}

static gssize
relay_guard_output_write_nonblocking (GPollableOutputStream  *stream,
                                      const void             *buffer,
                                      gsize                   size,
                                      GError                **error)
{
  RelayGuardOutput *self = RELAY_GUARD_OUTPUT (stream);

  if (self->guard != NULL)
    return relay_guard_stream_write (self->guard, buffer, size, error);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection is closed");
  return -1;
}

static GSource *
relay_guard_output_create_source (GPollableOutputStream *stream,
                                  GCancellable          *cancellable)
{
  RelayGuardOutput *self = RELAY_GUARD_OUTPUT (stream);
  GSource *source = g_pollable_source_new_full (stream, NULL, cancellable);

  if (self->guard != NULL)
    relay_guard_stream_take_writer (self->guard, source);
  else
    g_source_set_ready_time (source, 0);

  return source;
}

static gssize
relay_guard_output_write (GOutputStream  *stream,
                          const void     *buffer,
                          gsize           size,
                          GCancellable   *cancellable,
                          GError        **error)
{
  return relay_guard_output_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream), buffer, size,
                                               error);
}

/* Closing is the affair of the whole: a half never blocks on it. */
static gboolean
relay_guard_output_close (GOutputStream  *stream,
                          GCancellable   *cancellable,
                          GError        **error)
{
  return TRUE;
}

static void
pollable_iface_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = relay_guard_output_is_writable;
  iface->write_nonblocking = relay_guard_output_write_nonblocking;
  iface->create_source = relay_guard_output_create_source;
}

static void
relay_guard_output_class_init (RelayGuardOutputClass *klass)
{
  GOutputStreamClass *stream_class = G_OUTPUT_STREAM_CLASS (klass);

  stream_class->write_fn = relay_guard_output_write;
  stream_class->close_fn = relay_guard_output_close;
}

static void
relay_guard_output_init (RelayGuardOutput *self)
{
}

GOutputStream *
relay_guard_output_new (RelayGuardStream *guard)
{
  RelayGuardOutput *self = g_object_new (RELAY_TYPE_GUARD_OUTPUT, NULL);

  self->guard = guard;
  return G_OUTPUT_STREAM (self);
}

void
relay_guard_output_detach (GOutputStream *output)
{
  RELAY_GUARD_OUTPUT (output)->guard = NULL;
}
