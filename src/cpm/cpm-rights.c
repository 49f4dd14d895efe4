/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-rights"

#include "config.h"

#include "cpm-rights.h"

static const struct
{
  CpmRights right;
  const char *name;
} names[] = {
  { CPM_RIGHT_SHARE_PICTURE, "share.picture" },
  { CPM_RIGHT_SHARE_LIVE, "share.live" },
  { CPM_RIGHT_SHARE_FILE, "share.file" },
  { CPM_RIGHT_SHARE_MUSIC, "share.music" },
  { CPM_RIGHT_SHARE_SCREEN, "share.screen" },
  { CPM_RIGHT_SHARE_GROUP, "share.group" },
  { CPM_RIGHT_RECEIVE_PICTURE, "receive.picture" },
  { CPM_RIGHT_RECEIVE_LIVE, "receive.live" },
  { CPM_RIGHT_RECEIVE_FILE, "receive.file" },
  { CPM_RIGHT_RECEIVE_MUSIC, "receive.music" },
  { CPM_RIGHT_RECEIVE_SCREEN, "receive.screen" },
  { CPM_RIGHT_REMOTE, "remote" },
};

const char *
cpm_right_to_string (CpmRights right)
{
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (names[i].right == right)
        return names[i].name;
    }

  g_return_val_if_reached (NULL);
}

gboolean
cpm_right_from_string (const char *text,
                       CpmRights  *out_right)
{
  g_return_val_if_fail (out_right != NULL, FALSE);

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_strcmp0 (names[i].name, text) == 0)
        {
          *out_right = names[i].right;
          return TRUE;
        }
    }

  return FALSE;
}
