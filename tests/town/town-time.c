/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-time.h"

#define START_REAL_US (1767225600 * (int64_t) G_USEC_PER_SEC)

struct _TownTime
{
  int64_t now_us;
  unsigned last_id;
  uint64_t last_order;
  GSequence *events;  /* of Event, by due_us and order */
  GHashTable *by_id;  /* id → GSequenceIter */
};

typedef struct
{
  unsigned id;
  int64_t due_us;
  int64_t period_us;
  uint64_t order;
  GSourceFunc callback;
  gpointer user_data;
  GDestroyNotify destroy;
} Event;

static void
event_free (gpointer data)
{
  Event *event = data;

  if (event->destroy != NULL)
    event->destroy (event->user_data);
  g_free (event);
}

static int
compare_events (gconstpointer one,
                gconstpointer other,
                gpointer      user_data)
{
  const Event *a = one;
  const Event *b = other;

  if (a->due_us != b->due_us)
    return a->due_us < b->due_us ? -1 : 1;

  return a->order < b->order ? -1 : 1;
}

TownTime *
town_time_new (void)
{
  TownTime *self = g_new0 (TownTime, 1);

  self->events = g_sequence_new (event_free);
  self->by_id = g_hash_table_new (NULL, NULL);

  return self;
}

void
town_time_free (TownTime *self)
{
  g_sequence_free (self->events);
  g_hash_table_unref (self->by_id);
  g_free (self);
}

int64_t
town_time_get_us (TownTime *self)
{
  return self->now_us;
}

static void
insert (TownTime *self,
        Event    *event)
{
  event->order = ++self->last_order;
  g_hash_table_insert (self->by_id, GUINT_TO_POINTER (event->id),
                       g_sequence_insert_sorted (self->events, event, compare_events, NULL));
}

unsigned
town_time_add (TownTime       *self,
               int64_t         delay_us,
               GSourceFunc     callback,
               gpointer        user_data,
               GDestroyNotify  destroy)
{
  Event *event = g_new0 (Event, 1);

  event->id = ++self->last_id;
  event->due_us = self->now_us + MAX (delay_us, 0);
  event->period_us = MAX (delay_us, 1);
  event->callback = callback;
  event->user_data = user_data;
  event->destroy = destroy;
  insert (self, event);

  return event->id;
}

void
town_time_clear (TownTime *self,
                 unsigned *id)
{
  GSequenceIter *iter = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (*id));

  if (*id == 0)
    return;

  g_hash_table_remove (self->by_id, GUINT_TO_POINTER (*id));
  *id = 0;
  if (iter != NULL)
    g_sequence_remove (iter);
}

/* The event may remove itself while it is called; and a periodic one keeps its id. */
static void
call (TownTime *self,
      Event    *event)
{
  unsigned id = event->id;
  GSequenceIter *iter;

  if (!event->callback (event->user_data))
    {
      town_time_clear (self, &id);
      return;
    }

  iter = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (id));
  if (iter == NULL)
    return;

  event->due_us = self->now_us + event->period_us;
  event->order = ++self->last_order;
  g_sequence_sort_changed (iter, compare_events, NULL);
}

void
town_time_settle (TownTime *self)
{
  int64_t before_us;

  /* A GTask looks at whether the main loop has gone round since it was made by the time of the
   * machine, in microseconds: two rounds in one of them would be one to it. */
  do
    {
      before_us = g_get_monotonic_time ();
      while (g_get_monotonic_time () == before_us)
        ;
    }
  while (g_main_context_iteration (NULL, FALSE));
}

gboolean
town_time_step (TownTime *self,
                int64_t   until_us)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->events);
  Event *event = g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);

  if (event == NULL || event->due_us > until_us)
    {
      self->now_us = until_us;
      return FALSE;
    }

  self->now_us = event->due_us;
  call (self, event);
  town_time_settle (self);

  return TRUE;
}

/* The clock of one inhabitant */

struct _TownClock
{
  GObject parent_instance;

  TownTime *time; /* (unowned) */
  GRand *rand;
  int64_t offset_us;
  int64_t first_offset_us;
};

static void clock_iface_init (CpmClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TownClock, town_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CPM_TYPE_CLOCK, clock_iface_init))

static int64_t
town_clock_get_real_us (CpmClock *clock)
{
  TownClock *self = TOWN_CLOCK (clock);

  return START_REAL_US + self->offset_us + self->time->now_us;
}

static int64_t
town_clock_get_monotonic_us (CpmClock *clock)
{
  return TOWN_CLOCK (clock)->time->now_us + 1;
}

static unsigned
town_clock_add_timeout (CpmClock       *clock,
                        int64_t         delay_us,
                        GSourceFunc     callback,
                        gpointer        user_data,
                        GDestroyNotify  destroy)
{
  return town_time_add (TOWN_CLOCK (clock)->time, delay_us, callback, user_data, destroy);
}

static void
town_clock_remove_timeout (CpmClock *clock,
                           unsigned  id)
{
  town_time_clear (TOWN_CLOCK (clock)->time, &id);
}

static void
town_clock_fill_random (CpmClock *clock,
                        uint8_t  *buffer,
                        size_t    length)
{
  for (size_t i = 0; i < length; i++)
    buffer[i] = (uint8_t) g_rand_int (TOWN_CLOCK (clock)->rand);
}

static void
clock_iface_init (CpmClockInterface *iface)
{
  iface->get_real_us = town_clock_get_real_us;
  iface->get_monotonic_us = town_clock_get_monotonic_us;
  iface->add_timeout = town_clock_add_timeout;
  iface->remove_timeout = town_clock_remove_timeout;
  iface->fill_random = town_clock_fill_random;
}

static void
town_clock_finalize (GObject *object)
{
  g_rand_free (TOWN_CLOCK (object)->rand);

  G_OBJECT_CLASS (town_clock_parent_class)->finalize (object);
}

static void
town_clock_class_init (TownClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = town_clock_finalize;
}

static void
town_clock_init (TownClock *self)
{
}

TownClock *
town_clock_new (TownTime *time,
                uint32_t  seed,
                int64_t   offset_us)
{
  TownClock *self = g_object_new (TOWN_TYPE_CLOCK, NULL);

  self->time = time;
  self->rand = g_rand_new_with_seed (seed);
  self->offset_us = self->first_offset_us = offset_us;

  return self;
}

void
town_clock_jump (TownClock *self,
                 int64_t    by_us)
{
  self->offset_us += by_us;
}

void
town_clock_mend (TownClock *self)
{
  self->offset_us = self->first_offset_us;
}
