/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "client-pointers.h"

#define FRAME_NS INT64_C (33333333)

/* What was shown, as "emily 0.5,0.25; emily gone". */
typedef struct
{
  ClientPointers *pointers;
  GString *seen;
} Fixture;

static void
on_show (const char *who,
         double      x,
         double      y,
         int64_t     moment,
         gpointer    user_data)
{
  Fixture *self = user_data;
  const char *separator = self->seen->len > 0 ? "; " : "";

  if (x < 0)
    g_string_append_printf (self->seen, "%s%s gone", separator, who);
  else
    g_string_append_printf (self->seen, "%s%s %.2f,%.2f", separator, who, x, y);
}

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  self->pointers = client_pointers_new (on_show, self);
  self->seen = g_string_new (NULL);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  client_pointers_free (self->pointers);
  g_string_free (self->seen, TRUE);
}

static void
expect (Fixture    *self,
        const char *seen)
{
  g_assert_cmpstr (self->seen->str, ==, seen);
  g_string_truncate (self->seen, 0);
}

static void
test_waits_for_its_frame (Fixture      *self,
                          gconstpointer data)
{
  client_pointers_take (self->pointers, "emily", 0.5, 0.25, 10 * FRAME_NS, 0);
  g_assert_true (client_pointers_follow (self->pointers, 9 * FRAME_NS, 20000));
  expect (self, "");
  g_assert_false (client_pointers_follow (self->pointers, 10 * FRAME_NS, 40000));
  expect (self, "emily 0.50,0.25");
}

/* Who moves a pointer makes 25 a second: each waits for its own frame, and none is lost for the
 * next. */
static void
test_moves_as_it_was_moved (Fixture      *self,
                            gconstpointer data)
{
  for (int i = 1; i <= 3; i++)
    client_pointers_take (self->pointers, "emily", i / 10.0, 0.5, i * FRAME_NS, 0);

  client_pointers_take (self->pointers, "emily", -1, -1, -1, 0);
  g_assert_true (client_pointers_follow (self->pointers, 2 * FRAME_NS, 0));
  expect (self, "emily 0.10,0.50; emily 0.20,0.50");
  g_assert_false (client_pointers_follow (self->pointers, 3 * FRAME_NS, 0));
  expect (self, "emily 0.30,0.50; emily gone");
}

static void
test_people_do_not_wait_for_each_other (Fixture      *self,
                                        gconstpointer data)
{
  client_pointers_take (self->pointers, "emily", 0.5, 0.5, 9 * FRAME_NS, 0);
  client_pointers_take (self->pointers, "bob", 0.1, 0.1, 2 * FRAME_NS, 0);
  g_assert_true (client_pointers_follow (self->pointers, 3 * FRAME_NS, 0));
  expect (self, "bob 0.10,0.10");
}

static void
test_goes_with_what_it_was_made_on (Fixture      *self,
                                    gconstpointer data)
{
  client_pointers_begin (self->pointers, 1 * FRAME_NS);
  client_pointers_take (self->pointers, "emily", 0.5, 0.5, 4 * FRAME_NS, 0);
  client_pointers_follow (self->pointers, 5 * FRAME_NS, 0);
  expect (self, "emily 0.50,0.50");

  client_pointers_begin (self->pointers, 8 * FRAME_NS);
  expect (self, "emily gone");

  /* Made before, and late on its way. */
  client_pointers_take (self->pointers, "emily", 0.6, 0.5, 7 * FRAME_NS, 0);
  g_assert_false (client_pointers_follow (self->pointers, 9 * FRAME_NS, 0));
  expect (self, "");

  client_pointers_take (self->pointers, "emily", 0.7, 0.5, 9 * FRAME_NS, 0);
  client_pointers_follow (self->pointers, 9 * FRAME_NS, 0);
  expect (self, "emily 0.70,0.50");
}

static void
test_frame_that_never_comes (Fixture      *self,
                             gconstpointer data)
{
  client_pointers_take (self->pointers, "emily", 0.5, 0.5, 1000 * FRAME_NS, 0);
  g_assert_true (client_pointers_follow (self->pointers, 9 * FRAME_NS, 2 * G_USEC_PER_SEC));
  g_assert_false (client_pointers_follow (self->pointers, 9 * FRAME_NS, 3 * G_USEC_PER_SEC));
  expect (self, "");
}

static void
test_without_moments_at_once (Fixture      *self,
                              gconstpointer data)
{
  client_pointers_begin (self->pointers, 8 * FRAME_NS);
  client_pointers_take (self->pointers, "emily", 0.5, 0.5, -1, 0);
  client_pointers_take (self->pointers, "bob", -1, -1, -1, 0);
  g_assert_false (client_pointers_follow (self->pointers, 9 * FRAME_NS, 0));
  expect (self, "emily 0.50,0.50");

  client_pointers_begin (self->pointers, -1);
  expect (self, "emily gone");
  client_pointers_take (self->pointers, "emily", 0.5, 0.5, 20 * FRAME_NS, 0);
  g_assert_false (client_pointers_follow (self->pointers, -1, 0));
  expect (self, "emily 0.50,0.50");
}

static void
test_flood_is_bounded (Fixture      *self,
                       gconstpointer data)
{
  for (int i = 0; i < 5000; i++)
    client_pointers_take (self->pointers, "emily", 0.5, 0.5, G_MAXINT64, 0);

  client_pointers_take (self->pointers, "bob", 0.1, 0.1, 0, 0);
  g_assert_true (client_pointers_follow (self->pointers, 1, 0));
  expect (self, "bob 0.10,0.10");
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "/pointers/waits-for-its-frame", test_waits_for_its_frame },
    { "/pointers/moves-as-it-was-moved", test_moves_as_it_was_moved },
    { "/pointers/people-do-not-wait-for-each-other", test_people_do_not_wait_for_each_other },
    { "/pointers/goes-with-what-it-was-made-on", test_goes_with_what_it_was_made_on },
    { "/pointers/frame-that-never-comes", test_frame_that_never_comes },
    { "/pointers/without-moments-at-once", test_without_moments_at_once },
    { "/pointers/flood-is-bounded", test_flood_is_bounded },
  };

  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
