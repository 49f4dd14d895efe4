/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-session.h"

G_BEGIN_DECLS

/* For the files of the session only: cpm-session.c (the object), cpm-session-apply.c (what
 * happens to it, see cpm-session-change.h) and cpm-session-json.c.
 *
 * What can be derived is not kept: media were opened when the state is past inviting. */
struct _CpmSession
{
  GObject parent_instance;

  char *id;
  char *sharer;
  CpmSessionState state;
  int64_t rev;
  CpmReason reason;
  char *by;
  int64_t expires_us;
  CpmContent *content;
  unsigned content_n;
  gboolean media_up;
  gboolean sharer_lost;
  /* of the sharer, while held; of the sharer's media, while active without them */
  int64_t grace_until_us;
  char *conversation;       /* (nullable) */
  char *continues;          /* (nullable) */
  char *next;               /* (nullable) */
  char *heir;               /* (nullable) */
  CpmAllow allow;
  GPtrArray *members;       /* of CpmMember */
};

CpmMember  *cpm_member_new         (const char *who);
void        cpm_member_free        (CpmMember *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CpmMember, cpm_member_free)

CpmSession *cpm_session_copy       (CpmSession *self);
CpmMember  *cpm_session_find       (CpmSession *self,
                                    const char *who);

void        cpm_session_add_action (GPtrArray            *actions,
                                    CpmSessionActionType  type,
                                    const char           *who);

G_END_DECLS
