/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-rights.h"

#include <string.h>

static const struct
{
  CpmContentKind kind;
  CpmRights share;
  CpmRights receive;
} kinds[] = {
  { CPM_CONTENT_PICTURE, CPM_RIGHT_SHARE_PICTURE, CPM_RIGHT_RECEIVE_PICTURE },
  { CPM_CONTENT_CAMERA, CPM_RIGHT_SHARE_LIVE, CPM_RIGHT_RECEIVE_LIVE },
  { CPM_CONTENT_FILE, CPM_RIGHT_SHARE_FILE, CPM_RIGHT_RECEIVE_FILE },
  { CPM_CONTENT_MUSIC, CPM_RIGHT_SHARE_MUSIC, CPM_RIGHT_RECEIVE_MUSIC },
  { CPM_CONTENT_SCREEN, CPM_RIGHT_SHARE_SCREEN, CPM_RIGHT_RECEIVE_SCREEN },
};

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

/* Every kind needs its own right, and no other but group and remote: all 4096 sets are tried. */
static void
test_share (void)
{
  for (unsigned rights = 0; rights <= CPM_RIGHTS_ALL; rights++)
    {
      for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
        {
          gboolean has_group = (rights & CPM_RIGHT_SHARE_GROUP) != 0;
          gboolean has_remote = (rights & CPM_RIGHT_REMOTE) != 0;
          gboolean one = (rights & kinds[i].share) != 0;
          CpmRights set = (CpmRights) rights;

          g_assert_cmpint (cpm_rights_check_share (set, kinds[i].kind, 1, FALSE, NULL), ==, one);
          g_assert_cmpint (cpm_rights_check_share (set, kinds[i].kind, 2, FALSE, NULL), ==,
                           one && has_group);
          g_assert_cmpint (cpm_rights_check_share (set, kinds[i].kind, 1, TRUE, NULL), ==,
                           one && has_remote);
          g_assert_cmpint (cpm_rights_check_share (set, kinds[i].kind, 2, TRUE, NULL), ==,
                           one && has_group && has_remote);
        }
    }
}

static void
test_receive (void)
{
  for (unsigned rights = 0; rights <= CPM_RIGHTS_ALL; rights++)
    {
      for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
        {
          gboolean one = (rights & kinds[i].receive) != 0;
          CpmRights set = (CpmRights) rights;

          g_assert_cmpint (cpm_rights_check_receive (set, "e@a.test", kinds[i].kind, FALSE, NULL),
                           ==, one);
          g_assert_cmpint (cpm_rights_check_receive (set, "e@a.test", kinds[i].kind, TRUE, NULL),
                           ==, one && (rights & CPM_RIGHT_REMOTE));
        }
    }
}

static void
test_sentences (void)
{
  g_autoptr (GError) share = NULL;
  g_autoptr (GError) receive = NULL;

  g_assert_false (cpm_rights_check_share (0, CPM_CONTENT_CAMERA, 1, FALSE, &share));
  g_assert_error (share, CPM_ERROR, CPM_ERROR_FORBIDDEN);
  g_assert_cmpstr (share->message, ==, "You may not show live video.");

  g_assert_false (cpm_rights_check_receive (0, "emily@a.test", CPM_CONTENT_PICTURE, FALSE,
                                            &receive));
  g_assert_error (receive, CPM_ERROR, CPM_ERROR_FORBIDDEN);
  g_assert_cmpstr (receive->message, ==, "emily@a.test may not receive pictures.");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rights/names", test_names);
  g_test_add_func ("/rights/share", test_share);
  g_test_add_func ("/rights/receive", test_receive);
  g_test_add_func ("/rights/sentences", test_sentences);

  return g_test_run ();
}
