/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-guard-input"

#include "config.h"

#include "relay-guard-stream-private.h"

struct _RelayGuardInput
{
  GInputStream parent_instance;

  RelayGuardStream *guard; /* (nullable) (unowned): it detaches itself */
};

static void pollable_iface_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RelayGuardInput,
                               relay_guard_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      pollable_iface_init))

static gboolean
relay_guard_input_is_readable (GPollableInputStream *stream)
{
  RelayGuardInput *self = RELAY_GUARD_INPUT (stream);

  return self->guard == NULL || relay_guard_stream_is_readable (self->guard);
}

static gssize
relay_guard_input_read_nonblocking (GPollableInputStream  *stream,
                                    void                  *buffer,
                                    gsize                  size,
                                    GError               **error)
{
  RelayGuardInput *self = RELAY_GUARD_INPUT (stream);

  if (self->guard != NULL)
    return relay_guard_stream_read (self->guard, buffer, size, error);

  return 0;
}

static GSource *
relay_guard_input_create_source (GPollableInputStream *stream,
                                 GCancellable         *cancellable)
{
  RelayGuardInput *self = RELAY_GUARD_INPUT (stream);
  GSource *source = g_pollable_source_new_full (stream, NULL, cancellable);

  if (self->guard != NULL)
    relay_guard_stream_take_reader (self->guard, source);
  else
    g_source_set_ready_time (source, 0);

  return source;
}

static gssize
relay_guard_input_read (GInputStream  *stream,
                        void          *buffer,
                        gsize          size,
                        GCancellable  *cancellable,
                        GError       **error)
{
  return relay_guard_input_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, size, error);
}

/* Closing is the affair of the whole: a half never blocks on it. */
static gboolean
relay_guard_input_close (GInputStream  *stream,
                         GCancellable  *cancellable,
                         GError       **error)
{
  return TRUE;
}

static void
pollable_iface_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = relay_guard_input_is_readable;
  iface->read_nonblocking = relay_guard_input_read_nonblocking;
  iface->create_source = relay_guard_input_create_source;
}

static void
relay_guard_input_class_init (RelayGuardInputClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  stream_class->read_fn = relay_guard_input_read;
  stream_class->close_fn = relay_guard_input_close;
}

static void
relay_guard_input_init (RelayGuardInput *self)
{
}

GInputStream *
relay_guard_input_new (RelayGuardStream *guard)
{
  RelayGuardInput *self = g_object_new (RELAY_TYPE_GUARD_INPUT, NULL);

  self->guard = guard;
  return G_INPUT_STREAM (self);
}

void
relay_guard_input_detach (GInputStream *input)
{
  RELAY_GUARD_INPUT (input)->guard = NULL;
}
