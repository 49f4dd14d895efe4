/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town.h"

#include "relay-homes.h"

#define TIMEOUT_US (5 * G_USEC_PER_SEC)

/* How the relay of a town gets through to the others: by the town's net. */
#define TOWN_TYPE_DIALER (town_dialer_get_type ())
G_DECLARE_FINAL_TYPE (TownDialer, town_dialer, TOWN, DIALER, GObject)

struct _TownDialer
{
  GObject parent_instance;

  TownRelay *relay; /* (unowned) */
};

static void dialer_iface_init (RelayHomeDialerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TownDialer, town_dialer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELAY_TYPE_HOME_DIALER, dialer_iface_init))

/* What the other home says of itself now, if it is there to say it. */
static gboolean
on_looked_up (gpointer user_data)
{
  GTask *task = user_data;
  TownRelay *other = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;

  if (other->server == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Nobody listens.");
  else
    g_task_return_pointer (task,
                           relay_homes_describe (relay_server_get_context (other->server)->homes),
                           (GDestroyNotify) relay_home_unref);

  return G_SOURCE_REMOVE;
}

static gboolean
on_timed_out (gpointer user_data)
{
  g_task_return_new_error (user_data, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No answer.");

  return G_SOURCE_REMOVE;
}

static void
lookup_async (RelayHomeDialer     *dialer,
              const char          *domain,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  TownRelay *relay = TOWN_DIALER (dialer)->relay;
  Town *town = relay->town;
  GTask *task = g_task_new (dialer, cancellable, callback, user_data);
  g_autofree char *address = g_strconcat ("x@", domain, NULL);

  g_task_set_task_data (task, town_find_home (town, address), NULL);
  if (town_net_is_parted (town->net, relay->domain, domain))
    town_time_add (town->time, TIMEOUT_US, on_timed_out, task, g_object_unref);
  else
    town_time_add (town->time, 1000 * (1 + town_pick (town, 80)), on_looked_up, task,
                   g_object_unref);
}

static RelayHome *
lookup_finish (RelayHomeDialer  *dialer,
               GAsyncResult     *result,
               GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_dialed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  TransportConnection *connection =
    transport_connector_connect_finish (TRANSPORT_CONNECTOR (source), result, &error);

  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
dial_async (RelayHomeDialer     *dialer,
            const RelayHome     *home,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  TownRelay *relay = TOWN_DIALER (dialer)->relay;
  g_autofree char *address = g_strconcat ("x@", home->domain, NULL);
  TownRelay *other = town_find_home (relay->town, address);
  g_autoptr (TransportConnector) connector = town_net_new_connector (
    relay->town->net, relay->domain, other->domain, town_relay_accept_home, other);

  transport_connector_connect_async (connector, cancellable, on_dialed,
                                     g_task_new (dialer, cancellable, callback, user_data));
}

static TransportConnection *
dial_finish (RelayHomeDialer  *dialer,
             GAsyncResult     *result,
             GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
dialer_iface_init (RelayHomeDialerInterface *iface)
{
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->dial_async = dial_async;
  iface->dial_finish = dial_finish;
}

static void
town_dialer_class_init (TownDialerClass *klass)
{
}

static void
town_dialer_init (TownDialer *self)
{
}

RelayHomeDialer *
town_relay_new_dialer (TownRelay *relay)
{
  TownDialer *self = g_object_new (TOWN_TYPE_DIALER, NULL);

  self->relay = relay;

  return RELAY_HOME_DIALER (self);
}
