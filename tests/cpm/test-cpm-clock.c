/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-clock.h"

#include <string.h>

/* A clock that stands still, and whose chance counts up. */
#define TEST_TYPE_CLOCK (test_clock_get_type ())
G_DECLARE_FINAL_TYPE (TestClock, test_clock, TEST, CLOCK, GObject)

struct _TestClock
{
  GObject parent_instance;

  int64_t real_us;
  int64_t delay_us;
  unsigned removed;
  uint8_t chance;
};

static void test_clock_iface_init (CpmClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestClock, test_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CPM_TYPE_CLOCK, test_clock_iface_init))

static int64_t
get_real_us (CpmClock *clock)
{
  return TEST_CLOCK (clock)->real_us;
}

static int64_t
get_monotonic_us (CpmClock *clock)
{
  return 42;
}

static unsigned
add_timeout (CpmClock       *clock,
             int64_t         delay_us,
             GSourceFunc     callback,
             gpointer        user_data,
             GDestroyNotify  destroy)
{
  TEST_CLOCK (clock)->delay_us = delay_us;
  return 7;
}

static void
remove_timeout (CpmClock *clock,
                unsigned  timeout_id)
{
  TEST_CLOCK (clock)->removed = timeout_id;
}

static void
fill_random (CpmClock *clock,
             uint8_t  *buffer,
             size_t    length)
{
  for (size_t i = 0; i < length; i++)
    buffer[i] = TEST_CLOCK (clock)->chance++;
}

static void
test_clock_iface_init (CpmClockInterface *iface)
{
  iface->get_real_us = get_real_us;
  iface->get_monotonic_us = get_monotonic_us;
  iface->add_timeout = add_timeout;
  iface->remove_timeout = remove_timeout;
  iface->fill_random = fill_random;
}

static void
test_clock_class_init (TestClockClass *klass)
{
}

static void
test_clock_init (TestClock *self)
{
}

static gboolean
on_timeout (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

static TestClock *
new_clock (void)
{
  TestClock *clock = g_object_new (TEST_TYPE_CLOCK, NULL);

  clock->real_us = G_GINT64_CONSTANT (0x017f22e279b0) * 1000 + 999;
  return clock;
}

static void
test_dispatch (void)
{
  g_autoptr (TestClock) clock = new_clock ();
  unsigned timeout_id;

  g_assert_cmpint (cpm_clock_get_real_us (CPM_CLOCK (clock)), ==, clock->real_us);
  g_assert_cmpint (cpm_clock_get_monotonic_us (CPM_CLOCK (clock)), ==, 42);

  timeout_id = cpm_clock_add_timeout (CPM_CLOCK (clock), -5, on_timeout, NULL, NULL);
  g_assert_cmpint (clock->delay_us, ==, 0);
  g_assert_cmpuint (timeout_id, ==, 7);

  cpm_clock_clear_timeout (CPM_CLOCK (clock), &timeout_id);
  g_assert_cmpuint (timeout_id, ==, 0);
  g_assert_cmpuint (clock->removed, ==, 7);

  clock->removed = 0;
  cpm_clock_clear_timeout (CPM_CLOCK (clock), &timeout_id);
  g_assert_cmpuint (clock->removed, ==, 0);
}

static void
test_id (void)
{
  g_autoptr (TestClock) clock = new_clock ();
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (clock));
  g_autofree char *next = cpm_clock_new_id (CPM_CLOCK (clock));

  /* The time of the example in RFC 9562, appendix A.6. */
  g_assert_cmpstr (id, ==, "017f22e2-79b0-7607-8809-0a0b0c0d0e0f");
  g_assert_true (cpm_id_is_valid (id));
  g_assert_true (cpm_id_is_valid (next));
  g_assert_cmpstr (id, !=, next);
}

static void
test_ids_sort_by_time (void)
{
  g_autoptr (TestClock) clock = new_clock ();
  g_autofree char *earlier = cpm_clock_new_id (CPM_CLOCK (clock));
  g_autofree char *later = NULL;

  clock->chance = 0;
  clock->real_us += 1000;
  later = cpm_clock_new_id (CPM_CLOCK (clock));
  g_assert_cmpstr (earlier, <, later);
}

static void
test_id_form (void)
{
  static const char * const wrong[] = {
    "", "017f22e2", "017f22e2-79b0-4607-8809-0a0b0c0d0e0f", "017f22e2-79b0-7607-c809-0a0b0c0d0e0f",
    "017F22E2-79b0-7607-8809-0a0b0c0d0e0f", "017f22e2-79b0-7607-8809-0a0b0c0d0e0f0",
    "017f22e2-79b0-7607-8809-0a0b0c0d0e0", "017f22e2x79b0-7607-8809-0a0b0c0d0e0f",
    "017f22e2-79b0-7607-8809-0a0b0c0d0e0g", "{17f22e2-79b0-7607-8809-0a0b0c0d0e0}",
  };

  g_assert_true (cpm_id_is_valid ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
  g_assert_false (cpm_id_is_valid (NULL));
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (cpm_id_is_valid (wrong[i]));
}

static void
test_secret (void)
{
  g_autoptr (TestClock) clock = new_clock ();

  /* All values of a byte pass through the 8 secrets, so every letter of base64url does. */
  for (int i = 0; i < 8; i++)
    {
      g_autofree char *secret = cpm_clock_new_secret (CPM_CLOCK (clock));

      g_assert_cmpuint (strlen (secret), ==, 43);
      g_assert_cmpuint (strspn (secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-_"), ==, 43);
      if (i == 0)
        g_assert_cmpstr (secret, ==, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/dispatch", test_dispatch);
  g_test_add_func ("/clock/id", test_id);
  g_test_add_func ("/clock/ids-sort-by-time", test_ids_sort_by_time);
  g_test_add_func ("/clock/id-form", test_id_form);
  g_test_add_func ("/clock/secret", test_secret);

  return g_test_run ();
}
