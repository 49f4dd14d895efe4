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

/* Which right each kind needs, and the words for it: "may not show ...". */
static const struct
{
  CpmRights share;
  CpmRights receive;
  const char *words;
} kinds[CPM_N_CONTENT_KINDS] = {
  [CPM_CONTENT_PICTURE] = { CPM_RIGHT_SHARE_PICTURE, CPM_RIGHT_RECEIVE_PICTURE, "pictures" },
  [CPM_CONTENT_CAMERA] = { CPM_RIGHT_SHARE_LIVE, CPM_RIGHT_RECEIVE_LIVE, "live video" },
  [CPM_CONTENT_FILE] = { CPM_RIGHT_SHARE_FILE, CPM_RIGHT_RECEIVE_FILE, "films" },
  [CPM_CONTENT_MUSIC] = { CPM_RIGHT_SHARE_MUSIC, CPM_RIGHT_RECEIVE_MUSIC, "music" },
  [CPM_CONTENT_SCREEN] = { CPM_RIGHT_SHARE_SCREEN, CPM_RIGHT_RECEIVE_SCREEN, "a screen" },
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

gboolean
cpm_rights_check_share (CpmRights        rights,
                        CpmContentKind   kind,
                        unsigned         n_viewers,
                        gboolean         remote,
                        GError         **error)
{
  g_return_val_if_fail (kind < CPM_N_CONTENT_KINDS, FALSE);

  if (!(rights & kinds[kind].share))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                   "You may not show %s.", kinds[kind].words);
      return FALSE;
    }

  if (n_viewers > 1 && !(rights & CPM_RIGHT_SHARE_GROUP))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                           "You may not show anything to more than one person at a time.");
      return FALSE;
    }

  if (remote && !(rights & CPM_RIGHT_REMOTE))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                           "You may not show anything to people of other domains.");
      return FALSE;
    }

  return TRUE;
}

gboolean
cpm_rights_check_receive (CpmRights        rights,
                          const char      *who,
                          CpmContentKind   kind,
                          gboolean         remote,
                          GError         **error)
{
  g_return_val_if_fail (who != NULL, FALSE);
  g_return_val_if_fail (kind < CPM_N_CONTENT_KINDS, FALSE);

  if (!(rights & kinds[kind].receive))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                   "%s may not receive %s.", who, kinds[kind].words);
      return FALSE;
    }

  if (remote && !(rights & CPM_RIGHT_REMOTE))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                   "%s may not receive anything from people of other domains.", who);
      return FALSE;
    }

  return TRUE;
}
