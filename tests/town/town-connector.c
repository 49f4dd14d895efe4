/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-net-private.h"

#define RETRANSMIT_US G_USEC_PER_SEC
#define MAX_TRIES 10

#define TOWN_TYPE_CONNECTOR (town_connector_get_type ())
G_DECLARE_FINAL_TYPE (TownConnector, town_connector, TOWN, CONNECTOR, GObject)

struct _TownConnector
{
  GObject parent_instance;

  TownNet *net; /* (unowned) */
  char *here;
  char *there;
  TownNetAccept accept;
  gpointer user_data;
};

static void connector_iface_init (TransportConnectorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TownConnector,
                               town_connector,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TRANSPORT_TYPE_CONNECTOR,
                                                      connector_iface_init))

/* One that is under way. */
typedef struct
{
  TownEnd *end;     /* (nullable): ours */
  unsigned n_tries;
} Attempt;

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  g_clear_object (&attempt->end);
  g_free (attempt);
}

static gboolean
on_answered (gpointer user_data)
{
  GTask *task = user_data;
  Attempt *attempt = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&attempt->end), g_object_unref);

  return G_SOURCE_REMOVE;
}

/* The first packet has come to the other place, or has not. */
static gboolean
on_reached (gpointer user_data)
{
  GTask *task = user_data;
  TownConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  TownNet *net = self->net;
  int64_t answer_us = town_net_pick_delay_us (net, self->here, self->there);
  TownEnd *callee;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;

  if (town_net_is_parted (net, self->here, self->there) && ++attempt->n_tries > MAX_TRIES)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No answer.");
      return G_SOURCE_REMOVE;
    }
  if (town_net_is_parted (net, self->here, self->there))
    {
      town_time_add (net->time, RETRANSMIT_US, on_reached, g_object_ref (task), g_object_unref);
      return G_SOURCE_REMOVE;
    }

  /* What the callee says at once comes after the connection itself. */
  town_end_new_pair (net, self->here, self->there, &attempt->end, &callee);
  town_end_wait_until (attempt->end, town_time_get_us (net->time) + answer_us + 1);
  if (!self->accept (TRANSPORT_CONNECTION (callee), self->here, self->user_data))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Nobody listens.");
      return G_SOURCE_REMOVE;
    }

  town_time_add (net->time, answer_us, on_answered, g_object_ref (task), g_object_unref);

  return G_SOURCE_REMOVE;
}

static void
connect_async (TransportConnector  *connector,
               GCancellable        *cancellable,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  TownConnector *self = TOWN_CONNECTOR (connector);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, g_new0 (Attempt, 1), attempt_free);
  town_time_add (self->net->time, town_net_pick_delay_us (self->net, self->here, self->there),
                 on_reached, task, g_object_unref);
}

static TransportConnection *
connect_finish (TransportConnector  *connector,
                GAsyncResult        *result,
                GError             **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
connector_iface_init (TransportConnectorInterface *iface)
{
  iface->connect_async = connect_async;
  iface->connect_finish = connect_finish;
}

static void
town_connector_finalize (GObject *object)
{
  TownConnector *self = TOWN_CONNECTOR (object);

  g_free (self->here);
  g_free (self->there);

  G_OBJECT_CLASS (town_connector_parent_class)->finalize (object);
}

static void
town_connector_class_init (TownConnectorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = town_connector_finalize;
}

static void
town_connector_init (TownConnector *self)
{
}

TransportConnector *
town_net_new_connector (TownNet       *self,
                        const char    *here,
                        const char    *there,
                        TownNetAccept  accept,
                        gpointer       user_data)
{
  TownConnector *connector = g_object_new (TOWN_TYPE_CONNECTOR, NULL);

  connector->net = self;
  connector->here = g_strdup (here);
  connector->there = g_strdup (there);
  connector->accept = accept;
  connector->user_data = user_data;

  return TRANSPORT_CONNECTOR (connector);
}
