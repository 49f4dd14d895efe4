/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-rights.h"

static void
test_names (void)
{
  CpmRights all = 0;
  CpmRights right;

  for (unsigned flag = 1; flag <= CPM_RIGHTS_ALL; flag <<= 1)
    {
      g_assert_true (cpm_right_from_string (cpm_right_to_string ((CpmRights) flag), &right));
      g_assert_cmpuint (right, ==, flag);
      all |= right;
    }

  g_assert_cmpuint (all, ==, CPM_RIGHTS_ALL);
  g_assert_cmpstr (cpm_right_to_string (CPM_RIGHT_SHARE_LIVE), ==, "share.live");
  g_assert_false (cpm_right_from_string ("share.everything", &right));
  g_assert_false (cpm_right_from_string (NULL, &right));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rights/names", test_names);

  return g_test_run ();
}
