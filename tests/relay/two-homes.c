/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "two-homes.h"

typedef struct
{
  char *from;
  char *to;
  gboolean is_unreachable;
  gboolean is_held;
  unsigned n_tries;
  TransportConnection *wire; /* (nullable): the caller's end of the newest */
} Route;

/* How one of the homes gets through to the others. */
#define WIRE_TYPE_DIALER (wire_dialer_get_type ())
G_DECLARE_FINAL_TYPE (WireDialer, wire_dialer, WIRE, DIALER, GObject)

struct _WireDialer
{
  GObject parent_instance;

  Homes *homes;
  Home *home;
  RelayHomeKeys *keys;
};

static void dialer_iface_init (RelayHomeDialerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WireDialer, wire_dialer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELAY_TYPE_HOME_DIALER, dialer_iface_init))

static void
route_free (Route *route)
{
  g_clear_object (&route->wire);
  g_free (route->from);
  g_free (route->to);
  g_free (route);
}

static Route *
get_route (Homes      *self,
           const char *from,
           const char *to)
{
  Route *route;

  for (unsigned i = 0; i < self->routes->len; i++)
    {
      route = self->routes->pdata[i];
      if (g_str_equal (route->from, from) && g_str_equal (route->to, to))
        return route;
    }

  route = g_new0 (Route, 1);
  route->from = g_strdup (from);
  route->to = g_strdup (to);
  g_ptr_array_add (self->routes, route);
  return route;
}

static Home *
find_home (Homes      *self,
           const char *domain)
{
  for (unsigned i = 0; i < self->homes->len; i++)
    {
      Home *home = self->homes->pdata[i];

      if (g_str_equal (home->config->domain, domain))
        return home;
    }

  return NULL;
}

static void
lookup_async (RelayHomeDialer     *dialer,
              const char          *domain,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  WireDialer *self = WIRE_DIALER (dialer);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Home *home = find_home (self->homes, domain);

  /* Its own people's words come back to it, and it need not find itself to know them. */
  g_assert_true (home != self->home);
  if (home == NULL || get_route (self->homes, self->home->config->domain, domain)->is_unreachable)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, "There is no %s.",
                             domain);
  else
    g_task_return_pointer (task,
                           relay_homes_describe (relay_server_get_context (home->server)->homes),
                           (GDestroyNotify) relay_home_unref);
}

static RelayHome *
lookup_finish (RelayHomeDialer  *dialer,
               GAsyncResult     *result,
               GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  RelayServer *server;
  TransportConnection *far_end;
} Arrival;

static void
arrival_free (Arrival *arrival)
{
  g_object_unref (arrival->server);
  g_object_unref (arrival->far_end);
  g_free (arrival);
}

static gboolean
on_arrived (gpointer user_data)
{
  Arrival *arrival = user_data;

  relay_server_accept_home (arrival->server, arrival->far_end, "192.0.2.2");

  return G_SOURCE_REMOVE;
}

/* When the caller has got its end: the callee speaks first. */
static void
arrive_later (Home                *home,
              TransportConnection *far_end)
{
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->server = g_object_ref (home->server);
  arrival->far_end = g_object_ref (far_end);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_arrived, arrival, (GDestroyNotify) arrival_free);
}

static void
dial_async (RelayHomeDialer     *dialer,
            const RelayHome     *home,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  WireDialer *self = WIRE_DIALER (dialer);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Route *route = get_route (self->homes, self->home->config->domain, home->domain);
  g_autoptr (TransportConnection) near_end = NULL;
  g_autoptr (TransportConnection) far_end = NULL;

  route->n_tries++;
  if (route->is_unreachable)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Nobody listens.");
      return;
    }

  transport_pair_new (&near_end, &far_end);
  transport_pair_hold (TRANSPORT_PAIR (near_end), route->is_held);
  g_set_object (&route->wire, near_end);
  arrive_later (find_home (self->homes, home->domain), far_end);
  g_task_return_pointer (task, g_steal_pointer (&near_end), g_object_unref);
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
wire_dialer_finalize (GObject *object)
{
  g_clear_object (&WIRE_DIALER (object)->keys);

  G_OBJECT_CLASS (wire_dialer_parent_class)->finalize (object);
}

static void
wire_dialer_class_init (WireDialerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wire_dialer_finalize;
}

static void
wire_dialer_init (WireDialer *self)
{
}

static void
add_home (Homes      *self,
          const char *domain)
{
  Home *home = home_new_at (domain, self->clock);
  g_autoptr (WireDialer) dialer = g_object_new (WIRE_TYPE_DIALER, NULL);
  g_autoptr (GError) error = NULL;

  dialer->keys = relay_home_keys_new (NULL, CPM_CLOCK (self->clock), &error);
  g_assert_no_error (error);
  dialer->homes = self;
  dialer->home = home;
  home->config->homes->mode = RELAY_HOME_POLICY_OPEN;
  relay_server_federate (home->server, RELAY_HOME_DIALER (dialer), dialer->keys);
  g_ptr_array_add (self->homes, home);
  g_ptr_array_add (self->dialers, g_steal_pointer (&dialer));
}

Homes *
homes_new (const char *domain,
           ...)
{
  Homes *self = g_new0 (Homes, 1);
  va_list domains;

  self->clock = test_clock_new ();
  self->homes = g_ptr_array_new ();
  self->dialers = g_ptr_array_new_with_free_func (g_object_unref);
  self->routes = g_ptr_array_new_with_free_func ((GDestroyNotify) route_free);

  va_start (domains, domain);
  for (; domain != NULL; domain = va_arg (domains, const char *))
    add_home (self, domain);
  va_end (domains);

  return self;
}

void
homes_free (Homes *self)
{
  for (unsigned i = 0; i < self->homes->len; i++)
    relay_homes_stop (homes_get_links (self, ((Home *) self->homes->pdata[i])->config->domain));
  for (unsigned i = 0; i < self->routes->len; i++)
    homes_set_held (self, ((Route *) self->routes->pdata[i])->from,
                    ((Route *) self->routes->pdata[i])->to, FALSE);
  homes_settle (self);

  for (unsigned i = 0; i < self->homes->len; i++)
    home_free (self->homes->pdata[i]);
  g_ptr_array_unref (self->homes);
  g_ptr_array_unref (self->routes);
  g_ptr_array_unref (self->dialers);
  g_assert_finalize_object (self->clock);
  g_free (self);
}

Home *
homes_get (Homes      *self,
           const char *domain)
{
  Home *home = find_home (self, domain);

  g_assert_nonnull (home);
  return home;
}

RelayHomes *
homes_get_links (Homes      *self,
                 const char *domain)
{
  return relay_server_get_context (homes_get (self, domain)->server)->homes;
}

void
homes_settle (Homes *self)
{
  home_settle (self->homes->pdata[0]);
}

void
homes_advance (Homes   *self,
               int64_t  by_us)
{
  home_advance (self->homes->pdata[0], by_us);
}

void
homes_cut (Homes      *self,
           const char *from,
           const char *to)
{
  Route *route = get_route (self, from, to);

  if (route->wire != NULL)
    transport_pair_cut (TRANSPORT_PAIR (route->wire));
  g_clear_object (&route->wire);
}

void
homes_set_reachable (Homes      *self,
                     const char *from,
                     const char *to,
                     gboolean    is_reachable)
{
  get_route (self, from, to)->is_unreachable = !is_reachable;
}

void
homes_set_held (Homes      *self,
                const char *from,
                const char *to,
                gboolean    is_held)
{
  Route *route = get_route (self, from, to);

  route->is_held = is_held;
  if (route->wire != NULL)
    transport_pair_hold (TRANSPORT_PAIR (route->wire), is_held);
}

void
homes_part (Homes      *self,
            const char *one,
            const char *other)
{
  homes_set_reachable (self, one, other, FALSE);
  homes_set_reachable (self, other, one, FALSE);
  homes_cut (self, one, other);
  homes_cut (self, other, one);
}

void
homes_join (Homes      *self,
            const char *one,
            const char *other)
{
  homes_set_reachable (self, one, other, TRUE);
  homes_set_reachable (self, other, one, TRUE);
}

static void
cut_all (Homes      *self,
         const char *domain)
{
  for (unsigned i = 0; i < self->homes->len; i++)
    {
      const char *other = ((Home *) self->homes->pdata[i])->config->domain;

      homes_cut (self, domain, other);
      homes_cut (self, other, domain);
    }
}

/* What the store was given is committed or not, as it happens; nobody hears of it. */
void
homes_restart (Homes      *self,
               const char *domain)
{
  Home *home = homes_get (self, domain);
  WireDialer *dialer = NULL;

  for (unsigned i = 0; i < self->dialers->len; i++)
    {
      if (((WireDialer *) self->dialers->pdata[i])->home == home)
        dialer = self->dialers->pdata[i];
    }
  g_assert_nonnull (dialer);

  cut_all (self, domain);
  relay_homes_stop (homes_get_links (self, domain));
  homes_settle (self);
  g_assert_finalize_object (home->server);
  home->server = relay_server_new (home->config, 7443, 7322, home->store, NULL,
                                   CPM_CLOCK (self->clock));
  relay_server_federate (home->server, RELAY_HOME_DIALER (dialer), dialer->keys);
}

unsigned
homes_get_n_tries (Homes      *self,
                   const char *from,
                   const char *to)
{
  return get_route (self, from, to)->n_tries;
}
