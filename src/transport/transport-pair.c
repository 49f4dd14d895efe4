/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-pair"

#include "config.h"

#include "transport-pair.h"

#include <string.h>

struct _TransportPair
{
  TransportConnection parent_instance;

  TransportPair *other;  /* weak */
  GMainContext *context;
  GQueue incoming;       /* of char *; %NULL is the end */
  GSource *delivery;     /* while something is to be delivered */
  GError *end_error;
  gboolean is_held;
};

G_DEFINE_FINAL_TYPE (TransportPair, transport_pair, TRANSPORT_TYPE_CONNECTION)

/* One text a turn, so that everybody in the main loop has a turn between two. */
static gboolean
deliver (gpointer data)
{
  g_autoptr (TransportPair) self = g_object_ref (data);
  g_autofree char *text = !self->is_held ? g_queue_pop_head (&self->incoming) : NULL;

  if (self->is_held)
    {
      g_clear_pointer (&self->delivery, g_source_unref);
      return G_SOURCE_REMOVE;
    }

  if (text != NULL)
    transport_connection_received (TRANSPORT_CONNECTION (self), text, strlen (text));
  else
    transport_connection_closed (TRANSPORT_CONNECTION (self), self->end_error);

  if (!g_queue_is_empty (&self->incoming))
    return G_SOURCE_CONTINUE;

  g_clear_pointer (&self->delivery, g_source_unref);

  return G_SOURCE_REMOVE;
}

static void
begin_delivery (TransportPair *self)
{
  if (self->delivery != NULL || self->is_held || g_queue_is_empty (&self->incoming))
    return;

  self->delivery = g_idle_source_new ();
  g_source_set_priority (self->delivery, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->delivery, "[vitrine] pair delivery");
  g_source_set_callback (self->delivery, deliver, self, NULL);
  g_source_attach (self->delivery, self->context);
}

/* @text (nullable): %NULL is the end; (transfer full). */
static void
enqueue (TransportPair *self,
         char          *text)
{
  g_queue_push_tail (&self->incoming, text);
  begin_delivery (self);
}

static void
transport_pair_send_text_vfunc (TransportConnection *connection,
                                const char          *text)
{
  transport_pair_send_text (TRANSPORT_PAIR (connection), text);
}

/* Both ends learn it from the main loop, the other one after what was sent before. */
static void
transport_pair_close (TransportConnection *connection)
{
  TransportPair *self = TRANSPORT_PAIR (connection);
  TransportPair *other = self->other;

  if (other == NULL)
    return;

  self->is_held = FALSE;
  other->is_held = FALSE;
  g_clear_weak_pointer (&self->other);
  g_clear_weak_pointer (&other->other);
  if (other->end_error == NULL)
    other->end_error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                                            "The other side closed the connection.");
  enqueue (other, NULL);

  g_queue_clear_full (&self->incoming, g_free);
  enqueue (self, NULL);
}

static void
transport_pair_dispose (GObject *object)
{
  TransportPair *self = TRANSPORT_PAIR (object);

  transport_pair_close (TRANSPORT_CONNECTION (self));
  if (self->delivery != NULL)
    g_source_destroy (self->delivery);

  g_clear_pointer (&self->delivery, g_source_unref);

  G_OBJECT_CLASS (transport_pair_parent_class)->dispose (object);
}

static void
transport_pair_finalize (GObject *object)
{
  TransportPair *self = TRANSPORT_PAIR (object);

  g_queue_clear_full (&self->incoming, g_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_error (&self->end_error);

  G_OBJECT_CLASS (transport_pair_parent_class)->finalize (object);
}

static void
transport_pair_class_init (TransportPairClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  TransportConnectionClass *connection_class = TRANSPORT_CONNECTION_CLASS (klass);

  object_class->dispose = transport_pair_dispose;
  object_class->finalize = transport_pair_finalize;

  connection_class->send_text = transport_pair_send_text_vfunc;
  connection_class->close = transport_pair_close;
}

static void
transport_pair_init (TransportPair *self)
{
  self->context = g_main_context_ref_thread_default ();
  g_queue_init (&self->incoming);
}

void
transport_pair_new (TransportConnection **out_one,
                    TransportConnection **out_other)
{
  TransportPair *one;
  TransportPair *other;

  g_return_if_fail (out_one != NULL);
  g_return_if_fail (out_other != NULL);

  one = g_object_new (TRANSPORT_TYPE_PAIR, NULL);
  other = g_object_new (TRANSPORT_TYPE_PAIR, NULL);
  g_set_weak_pointer (&one->other, other);
  g_set_weak_pointer (&other->other, one);

  *out_one = TRANSPORT_CONNECTION (one);
  *out_other = TRANSPORT_CONNECTION (other);
}

void
transport_pair_send_text (TransportPair *self,
                          const char    *text)
{
  g_return_if_fail (TRANSPORT_IS_PAIR (self));
  g_return_if_fail (text != NULL);

  if (self->other != NULL)
    enqueue (self->other, g_strdup (text));
}

void
transport_pair_cut (TransportPair *self)
{
  TransportPair *ends[2];

  g_return_if_fail (TRANSPORT_IS_PAIR (self));

  if (self->other == NULL)
    return;

  ends[0] = self;
  ends[1] = self->other;
  g_clear_weak_pointer (&ends[0]->other);
  g_clear_weak_pointer (&ends[1]->other);

  for (int i = 0; i < 2; i++)
    {
      g_queue_clear_full (&ends[i]->incoming, g_free);
      ends[i]->is_held = FALSE;
      ends[i]->end_error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE,
                                                "The connection was lost.");
      enqueue (ends[i], NULL);
    }
}

static void
hold_end (TransportPair *self,
          gboolean       is_held)
{
  self->is_held = is_held;
  begin_delivery (self);
}

void
transport_pair_hold (TransportPair *self,
                     gboolean       is_held)
{
  g_return_if_fail (TRANSPORT_IS_PAIR (self));

  if (self->other != NULL)
    hold_end (self->other, is_held);
  hold_end (self, is_held);
}
