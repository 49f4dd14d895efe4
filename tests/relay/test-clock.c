/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "test-clock.h"

#define START_REAL_US (1767225600 * (int64_t) G_USEC_PER_SEC)

struct _TestClock
{
  GObject parent_instance;

  int64_t now_us;
  unsigned last_id;
  GPtrArray *timeouts; /* of Timeout */
  GRand *rand;
};

typedef struct
{
  unsigned id;
  int64_t due_us;
  int64_t period_us;
  GSourceFunc callback;
  gpointer user_data;
  GDestroyNotify destroy;
} Timeout;

static void clock_iface_init (CpmClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestClock, test_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CPM_TYPE_CLOCK, clock_iface_init))

static void
timeout_free (Timeout *timeout)
{
  if (timeout->destroy != NULL)
    timeout->destroy (timeout->user_data);
  g_free (timeout);
}

static int64_t
test_clock_get_real_us (CpmClock *clock)
{
  return START_REAL_US + TEST_CLOCK (clock)->now_us;
}

static int64_t
test_clock_get_monotonic_us (CpmClock *clock)
{
  return TEST_CLOCK (clock)->now_us;
}

static unsigned
test_clock_add_timeout (CpmClock       *clock,
                        int64_t         delay_us,
                        GSourceFunc     callback,
                        gpointer        user_data,
                        GDestroyNotify  destroy)
{
  TestClock *self = TEST_CLOCK (clock);
  Timeout *timeout = g_new0 (Timeout, 1);

  timeout->id = ++self->last_id;
  timeout->due_us = self->now_us + delay_us;
  timeout->period_us = MAX (delay_us, 1);
  timeout->callback = callback;
  timeout->user_data = user_data;
  timeout->destroy = destroy;
  g_ptr_array_add (self->timeouts, timeout);

  return timeout->id;
}

static Timeout *
find_timeout (TestClock *self,
              unsigned   id)
{
  for (unsigned i = 0; i < self->timeouts->len; i++)
    {
      Timeout *timeout = self->timeouts->pdata[i];

      if (timeout->id == id)
        return timeout;
    }

  return NULL;
}

static void
test_clock_remove_timeout (CpmClock *clock,
                           unsigned  id)
{
  TestClock *self = TEST_CLOCK (clock);
  Timeout *timeout = find_timeout (self, id);

  g_assert_nonnull (timeout);
  g_ptr_array_remove (self->timeouts, timeout);
}

static void
test_clock_fill_random (CpmClock *clock,
                        uint8_t  *buffer,
                        size_t    length)
{
  for (size_t i = 0; i < length; i++)
    buffer[i] = (uint8_t) g_rand_int (TEST_CLOCK (clock)->rand);
}

static void
clock_iface_init (CpmClockInterface *iface)
{
  iface->get_real_us = test_clock_get_real_us;
  iface->get_monotonic_us = test_clock_get_monotonic_us;
  iface->add_timeout = test_clock_add_timeout;
  iface->remove_timeout = test_clock_remove_timeout;
  iface->fill_random = test_clock_fill_random;
}

static void
test_clock_finalize (GObject *object)
{
  TestClock *self = TEST_CLOCK (object);

  g_ptr_array_unref (self->timeouts);
  g_rand_free (self->rand);

  G_OBJECT_CLASS (test_clock_parent_class)->finalize (object);
}

static void
test_clock_class_init (TestClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_clock_finalize;
}

static void
test_clock_init (TestClock *self)
{
  self->timeouts = g_ptr_array_new_with_free_func ((GDestroyNotify) timeout_free);
  self->rand = g_rand_new_with_seed (1);
  self->now_us = 1;
}

TestClock *
test_clock_new (void)
{
  return g_object_new (TEST_TYPE_CLOCK, NULL);
}

static Timeout *
find_next (TestClock *self,
           int64_t    until_us)
{
  Timeout *next = NULL;

  for (unsigned i = 0; i < self->timeouts->len; i++)
    {
      Timeout *timeout = self->timeouts->pdata[i];

      if (timeout->due_us <= until_us && (next == NULL || timeout->due_us < next->due_us))
        next = timeout;
    }

  return next;
}

void
test_clock_advance (TestClock *self,
                    int64_t    by_us)
{
  int64_t until_us = self->now_us + by_us;
  Timeout *timeout;

  while ((timeout = find_next (self, until_us)) != NULL)
    {
      unsigned id = timeout->id;
      gboolean again;

      self->now_us = MAX (self->now_us, timeout->due_us);
      again = timeout->callback (timeout->user_data) == G_SOURCE_CONTINUE;

      /* It may have been removed by its own callback. */
      timeout = find_timeout (self, id);
      if (timeout != NULL && again)
        timeout->due_us = self->now_us + timeout->period_us;
      else if (timeout != NULL)
        g_ptr_array_remove (self->timeouts, timeout);
    }

  self->now_us = until_us;
}
