/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-error.h"

static void
test_codes (void)
{
  for (int code = CPM_ERROR_BAD_JSON; code <= CPM_ERROR_INTERNAL; code++)
    {
      const char *name = cpm_error_to_code ((CpmError) code);
      CpmError back;

      g_assert_true (cpm_error_from_code (name, &back));
      g_assert_cmpint (back, ==, code);
      g_assert_cmpint (cpm_error_to_status (back), >=, 400);
      g_assert_cmpint (cpm_error_to_status (back), <=, 603);
    }

  g_assert_cmpstr (cpm_error_to_code (CPM_ERROR_NO_CAPABILITY), ==, "no-capability");
  g_assert_cmpint (cpm_error_to_status (CPM_ERROR_NO_CAPABILITY), ==, 488);
}

static void
test_unknown_code (void)
{
  CpmError code;

  g_assert_false (cpm_error_from_code ("of-tomorrow", &code));
  g_assert_false (cpm_error_from_code (NULL, &code));
}

static void
test_foreign_domain (void)
{
  g_autoptr (GError) ours = g_error_new_literal (CPM_ERROR, CPM_ERROR_BUSY, "Busy.");
  g_autoptr (GError) foreign = g_error_new_literal (G_CONVERT_ERROR, 1, "Something else.");

  g_assert_cmpint (cpm_error_of (ours), ==, CPM_ERROR_BUSY);
  g_assert_cmpint (cpm_error_of (foreign), ==, CPM_ERROR_INTERNAL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/codes-travel-and-come-back", test_codes);
  g_test_add_func ("/error/unknown-code-is-told", test_unknown_code);
  g_test_add_func ("/error/foreign-domain-is-internal", test_foreign_domain);

  return g_test_run ();
}
