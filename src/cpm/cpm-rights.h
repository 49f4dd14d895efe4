/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-content.h"

G_BEGIN_DECLS

/**
 * CpmRights:
 *
 * What a user's home allows the user to do, as flags. All are allowed at first; #CpmPolicy says
 * what follows from them. Their names ("share.picture" ...) are those of `vitrine-relay admin
 * rights`.
 */
typedef enum
{
  CPM_RIGHT_SHARE_PICTURE   = 1 << 0,
  CPM_RIGHT_SHARE_LIVE      = 1 << 1,  /* the camera */
  CPM_RIGHT_SHARE_FILE      = 1 << 2,
  CPM_RIGHT_SHARE_MUSIC     = 1 << 3,
  CPM_RIGHT_SHARE_SCREEN    = 1 << 4,
  CPM_RIGHT_SHARE_GROUP     = 1 << 5,  /* with more than one viewer */
  CPM_RIGHT_RECEIVE_PICTURE = 1 << 6,
  CPM_RIGHT_RECEIVE_LIVE    = 1 << 7,
  CPM_RIGHT_RECEIVE_FILE    = 1 << 8,
  CPM_RIGHT_RECEIVE_MUSIC   = 1 << 9,
  CPM_RIGHT_RECEIVE_SCREEN  = 1 << 10,
  CPM_RIGHT_REMOTE          = 1 << 11, /* with people of other homes */
} CpmRights;

#define CPM_RIGHTS_ALL ((CpmRights) 0xfff)

/* "share.picture" for exactly one flag. */
const char *cpm_right_to_string   (CpmRights right);
gboolean    cpm_right_from_string (const char *text,
                                   CpmRights  *out_right);

G_END_DECLS
