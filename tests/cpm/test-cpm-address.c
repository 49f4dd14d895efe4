/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-address.h"
#include "cpm-error.h"

#include <string.h>

static void
test_normalize (void)
{
  static const char * const cases[][2] = {
    { "emily@a.test", "emily@a.test" },
    { "  Emily@A.Test \n", "emily@a.test" },
    { "e@localhost", "e@localhost" },
    { "mary-ann.o_2@xn--bcher-kva.example", "mary-ann.o_2@xn--bcher-kva.example" },
    { "7@1.2.3", "7@1.2.3" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *address = cpm_address_normalize (cases[i][0], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (address, ==, cases[i][1]);
      g_assert_true (cpm_address_is_normal (address));
    }
}

static void
test_refuse (void)
{
  static const char * const cases[] = {
    "", "emily", "@a.test", "emily@", "em ily@a.test", "emily@a test", "emily@@a.test",
    "emily@a.test@b.test", ".emily@a.test", "emily.@a.test", "-@a.test", "em+ily@a.test",
    "émily@a.test", "emily@ä.test", "emily@a..test", "emily@.test", "emily@a.test.",
    "emily@-a.test", "emily@a-.test", "emily@a_b.test", "emily@a.test:443", "emily@[::1]",
    "emily@a.test/", "em\nily@a.test", "em\"ily@a.test", "\xff@a.test",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *address = cpm_address_normalize (cases[i], &error);

      g_assert_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
      g_assert_null (address);
      g_assert_false (cpm_address_is_normal (cases[i]));
    }

  g_assert_null (cpm_address_normalize (NULL, NULL));
  g_assert_false (cpm_address_is_normal (NULL));
  g_assert_false (cpm_address_is_normal ("Emily@a.test"));
  g_assert_false (cpm_address_is_normal (" emily@a.test"));
}

static void
test_lengths (void)
{
  g_autofree char *name_64 = g_strnfill (64, 'n');
  g_autofree char *label_63 = g_strnfill (63, 'l');
  g_autofree char *label_61 = g_strnfill (61, 'l');
  g_autofree char *domain_253 = g_strjoin (".", label_63, label_63, label_63, label_61, NULL);
  g_autofree char *largest = g_strconcat (name_64, "@", domain_253, NULL);
  g_autofree char *long_name = g_strconcat (name_64, "n@a.test", NULL);
  g_autofree char *long_label = g_strconcat ("emily@l", label_63, NULL);
  g_autofree char *long_domain = g_strconcat ("emily@l", domain_253, NULL);

  g_assert_cmpuint (strlen (domain_253), ==, 253);
  g_assert_true (cpm_address_is_normal (largest));
  g_assert_false (cpm_address_is_normal (long_name));
  g_assert_false (cpm_address_is_normal (long_label));
  g_assert_false (cpm_address_is_normal (long_domain));
}

static void
test_parts (void)
{
  g_autofree char *user = cpm_address_dup_user ("emily@a.test");

  g_assert_cmpstr (user, ==, "emily");
  g_assert_cmpstr (cpm_address_get_domain ("emily@a.test"), ==, "a.test");
}

static void
test_conversation (void)
{
  g_autofree char *one = cpm_address_conversation_id ("alice@a.test", "emily@a.test");
  g_autofree char *other = cpm_address_conversation_id ("emily@a.test", "alice@a.test");
  g_autofree char *third = cpm_address_conversation_id ("emily@a.test", "bob@a.test");

  /* printf 'alice@a.test\nemily@a.test' | sha256sum */
  g_assert_cmpstr (one, ==, "c-ab969fe87ee5114bbcf93a85c2c847c7");
  g_assert_cmpuint (strlen (one), ==, 34);
  g_assert_cmpstr (one, ==, other);
  g_assert_cmpstr (one, !=, third);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/normalize", test_normalize);
  g_test_add_func ("/address/refuse-what-is-none", test_refuse);
  g_test_add_func ("/address/lengths", test_lengths);
  g_test_add_func ("/address/parts", test_parts);
  g_test_add_func ("/address/conversation-is-the-same-for-both", test_conversation);

  return g_test_run ();
}
