/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-visitor.h"

G_BEGIN_DECLS

/* In how many one person can be: beyond this somebody plays with us. */
#define RELAY_MAX_GROUPS 500

/**
 * RelayGroups:
 *
 * Conversations of many. The home of who made a group keeps it: it alone changes it, and puts what
 * is said there into one order for all. Other homes hold what that home said last of the groups in
 * which people of theirs are. All of it stands in the store; who may do what says
 * cpm_group_apply().
 */
#define RELAY_TYPE_GROUPS (relay_groups_get_type ())
G_DECLARE_FINAL_TYPE (RelayGroups, relay_groups, RELAY, GROUPS, GObject)

/* @context outlives it. */
RelayGroups *relay_groups_new            (RelayContext *context);

/* Whether @who, of whatever home, is in @group, as far as this home knows. */
gboolean     relay_groups_is_member      (RelayGroups *self,
                                          const char  *group,
                                          const char  *who);

/* In the order in which they joined; empty when the group is not known here. (transfer full) */
GStrv        relay_groups_list_members   (RelayGroups *self,
                                          const char  *group);

/* `group.create`, or something said to a group: @message is stamped with its author, one of ours,
 * who said it on @device. It is durable when the callback comes. */
void         relay_groups_say_async      (RelayGroups         *self,
                                          CpmMessage          *message,
                                          const char          *device,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
gboolean     relay_groups_say_finish     (RelayGroups   *self,
                                          GAsyncResult  *result,
                                          GError       **error);

/* Another home has said something durable to a group, of one, or in one; answers when that is
 * durable. */
void         relay_groups_take           (RelayGroups  *self,
                                          RelayVisitor *visitor,
                                          CpmMessage   *message);

/* @write, about a group, is durable: those whom it concerns are told, and what is shown to the
 * people of the group ends for those who are not in it any more. */
void         relay_groups_follow         (RelayGroups      *self,
                                          const RelayWrite *write);

/* `group.state` of all groups in which the person of @peer is. */
void         relay_groups_tell_all       (RelayGroups *self,
                                          RelayPeer   *peer);

G_END_DECLS
