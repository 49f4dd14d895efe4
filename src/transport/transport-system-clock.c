/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-system-clock"

#include "config.h"

#include "transport-system-clock.h"

#include <errno.h>
#include <sys/random.h>

struct _TransportSystemClock
{
  GObject parent_instance;

  GHashTable *sources; /* id (as pointer) -> GSource, owned */
  unsigned last_id;
};

static void transport_system_clock_iface_init (CpmClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TransportSystemClock,
                               transport_system_clock,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CPM_TYPE_CLOCK,
                                                      transport_system_clock_iface_init))

typedef struct
{
  TransportSystemClock *clock; /* not owned: the clock destroys its sources first */
  unsigned id;
  int64_t delay_us;
  GSource *source;             /* not owned */
  GSourceFunc callback;
  gpointer user_data;
  GDestroyNotify destroy;
} Timeout;

static void
timeout_free (gpointer data)
{
  Timeout *timeout = data;

  if (timeout->destroy != NULL)
    timeout->destroy (timeout->user_data);

  g_free (timeout);
}

static gboolean
on_timeout (gpointer data)
{
  Timeout *timeout = data;
  g_autoptr (TransportSystemClock) clock = g_object_ref (timeout->clock);
  unsigned id = timeout->id;

  if (timeout->callback (timeout->user_data) == G_SOURCE_CONTINUE)
    {
      /* The callback may have removed itself all the same. */
      if (g_hash_table_contains (clock->sources, GUINT_TO_POINTER (id)))
        g_source_set_ready_time (timeout->source, g_get_monotonic_time () + timeout->delay_us);

      return G_SOURCE_CONTINUE;
    }

  g_hash_table_remove (clock->sources, GUINT_TO_POINTER (id));

  return G_SOURCE_REMOVE;
}

/* GLib's own timeouts count in milliseconds; a source with a ready time counts in microseconds. */
static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  return callback (user_data);
}

static GSourceFuncs source_funcs = { .dispatch = dispatch };

static void
destroy_source (gpointer data)
{
  GSource *source = data;

  g_source_destroy (source);
  g_source_unref (source);
}

static int64_t
get_real_us (CpmClock *clock)
{
  return g_get_real_time ();
}

static int64_t
get_monotonic_us (CpmClock *clock)
{
  return g_get_monotonic_time ();
}

static unsigned
add_timeout (CpmClock       *clock,
             int64_t         delay_us,
             GSourceFunc     callback,
             gpointer        user_data,
             GDestroyNotify  destroy)
{
  TransportSystemClock *self = TRANSPORT_SYSTEM_CLOCK (clock);
  Timeout *timeout = g_new0 (Timeout, 1);
  GSource *source = g_source_new (&source_funcs, sizeof (GSource));

  timeout->clock = self;
  timeout->id = ++self->last_id;
  timeout->delay_us = delay_us;
  timeout->source = source;
  timeout->callback = callback;
  timeout->user_data = user_data;
  timeout->destroy = destroy;

  g_source_set_static_name (source, "[vitrine] clock timeout");
  g_source_set_ready_time (source, g_get_monotonic_time () + delay_us);
  g_source_set_callback (source, on_timeout, timeout, timeout_free);
  g_hash_table_insert (self->sources, GUINT_TO_POINTER (timeout->id), source);
  g_source_attach (source, g_main_context_get_thread_default ());

  return timeout->id;
}

static void
remove_timeout (CpmClock *clock,
                unsigned  timeout_id)
{
  TransportSystemClock *self = TRANSPORT_SYSTEM_CLOCK (clock);

  g_hash_table_remove (self->sources, GUINT_TO_POINTER (timeout_id));
}

static void
fill_random (CpmClock *clock,
             uint8_t  *buffer,
             size_t    length)
{
  while (length > 0)
    {
      ssize_t n = getrandom (buffer, length, 0);

      if (n < 0 && errno == EINTR)
        continue;

      /* Without random numbers there are no secrets: go no further. */
      if (n <= 0)
        g_error ("The kernel gives no random numbers: %s", g_strerror (errno));

      buffer += n;
      length -= (size_t) n;
    }
}

static void
transport_system_clock_finalize (GObject *object)
{
  TransportSystemClock *self = TRANSPORT_SYSTEM_CLOCK (object);

  g_clear_pointer (&self->sources, g_hash_table_unref);

  G_OBJECT_CLASS (transport_system_clock_parent_class)->finalize (object);
}

static void
transport_system_clock_iface_init (CpmClockInterface *iface)
{
  iface->get_real_us = get_real_us;
  iface->get_monotonic_us = get_monotonic_us;
  iface->add_timeout = add_timeout;
  iface->remove_timeout = remove_timeout;
  iface->fill_random = fill_random;
}

static void
transport_system_clock_class_init (TransportSystemClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = transport_system_clock_finalize;
}

static void
transport_system_clock_init (TransportSystemClock *self)
{
  self->sources = g_hash_table_new_full (NULL, NULL, NULL, destroy_source);
}

CpmClock *
transport_system_clock_new (void)
{
  return g_object_new (TRANSPORT_TYPE_SYSTEM_CLOCK, NULL);
}
