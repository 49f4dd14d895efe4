/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-session-private.h"
#include "cpm-session-table.h"

G_BEGIN_DECLS

/* For the files of the session only. What may happen in a share, and what comes of it: the edges
 * stand in cpm-session-table.c; here stands, verb by verb, which one is taken. cpm-session-change.c
 * holds the steps that the verbs are made of, -answers.c what people say, -content.c what is shown,
 * -presence.c connections and time. */

/**
 * CpmChange:
 *
 * One event while it is being applied.
 */
typedef struct
{
  CpmSession *session;
  const CpmSessionEvent *event;
  CpmMember *member;    /* (nullable): the viewer who speaks, or of whom is spoken */
  int64_t now_us;
  GPtrArray *actions;
  gboolean is_trial;
  gboolean changed;
} CpmChange;

/* Set @error and return %FALSE. */
gboolean cpm_change_fail             (GError     **error,
                                      CpmError     code,
                                      const char  *sentence);
gboolean cpm_change_fail_for_state   (CpmChange  *change,
                                      GError    **error);

/* Text of people, cut to what a member may take. It may be the field's own. */
void     cpm_change_set_text          (CpmSession  *self,
                                       char       **field,
                                       const char  *text);
void     cpm_change_set_member_error  (CpmSession   *self,
                                       CpmMember    *member,
                                       const GError *error);
void     cpm_change_set_content_error (CpmSession   *self,
                                       CpmMember    *member,
                                       const GError *error);

gboolean cpm_change_may_be_seated     (CpmSession      *self,
                                       const CpmMember *member);

/* The two transition functions: nothing else writes `state`. What a verb may not do is
 * refused before anything is changed, so an edge that is missing here is our bug. */
void     cpm_change_move_session      (CpmChange       *change,
                                       CpmSessionState  to);
void     cpm_change_move_member       (CpmChange      *change,
                                       CpmMember      *member,
                                       CpmMemberState  to);
gboolean cpm_change_member_may_move   (CpmChange       *change,
                                       CpmMemberState   to,
                                       GError         **error);

/* Who never answered has missed it. */
void     cpm_change_move_to_missed    (CpmChange *change,
                                       CpmMember *member,
                                       CpmReason  reason);
void     cpm_change_end_session       (CpmChange  *change,
                                       CpmReason   reason,
                                       const char *by);

/* Ends a share in which nobody takes part any more. @last went out of it last. */
void     cpm_change_end_if_deserted   (CpmChange       *change,
                                       const CpmMember *last);

/* Lets @member receive what flows, if it may, and gives its media time to come. */
void     cpm_change_admit             (CpmChange *change,
                                       CpmMember *member);

/* Whether the device that speaks is the one by which the member takes part; %TRUE when either is
 * not known. */
gboolean cpm_change_is_same_device    (CpmChange *change);
gboolean cpm_change_check_same_device (CpmChange  *change,
                                       GError    **error);

typedef gboolean (*CpmChangeHandler) (CpmChange  *change,
                                      GError    **error);

gboolean cpm_change_apply_ringing     (CpmChange *change, GError **error);
gboolean cpm_change_apply_accept      (CpmChange *change, GError **error);
gboolean cpm_change_apply_join        (CpmChange *change, GError **error);
gboolean cpm_change_apply_decline     (CpmChange *change, GError **error);
gboolean cpm_change_apply_refuse      (CpmChange *change, GError **error);
gboolean cpm_change_apply_cancel      (CpmChange *change, GError **error);
gboolean cpm_change_apply_stop        (CpmChange *change, GError **error);
gboolean cpm_change_apply_leave       (CpmChange *change, GError **error);
gboolean cpm_change_apply_hand_over   (CpmChange *change, GError **error);
gboolean cpm_change_apply_switch      (CpmChange *change, GError **error);
gboolean cpm_change_apply_media_up    (CpmChange *change, GError **error);
gboolean cpm_change_apply_media_down  (CpmChange *change, GError **error);
gboolean cpm_change_apply_lost        (CpmChange *change, GError **error);
gboolean cpm_change_apply_resumed     (CpmChange *change, GError **error);
gboolean cpm_change_apply_tick        (CpmChange *change, GError **error);
gboolean cpm_change_apply_shutdown    (CpmChange *change, GError **error);

G_END_DECLS
