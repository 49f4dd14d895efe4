/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-message.h"

G_BEGIN_DECLS

/**
 * CpmGroup:
 * @address: of the group, and its conversation
 * @rev: 1 at first, one more with each change
 * @name: one line of at most 80 characters
 * @picture: (nullable): {`picture`, `sha256`, `bytes`, `mime`}
 * @owner: who made it, or has been in it longest since that one left
 * @members: the people, the owner among them, in the order in which they joined
 *
 * A conversation of many, as docs/protocol.md has it. A value: it knows no home, no time and no
 * store. Its home changes it by cpm_group_apply() and nothing else; other homes hold what that home
 * said last.
 */
typedef struct
{
  char *address;
  int64_t rev;
  char *name;
  JsonObject *picture;
  char *owner;
  GPtrArray *members; /* of char * */
} CpmGroup;

/**
 * CpmGroupChange:
 *
 * What somebody wants to be otherwise; each member may be %NULL.
 */
typedef struct
{
  char *name;
  JsonObject *picture;
  GStrv add;
  GStrv remove;
} CpmGroupChange;

/* The group that @owner makes by a valid `group.create`. Sets %CPM_ERROR_BAD_ENVELOPE or _TOO_BIG.
 * (transfer full) */
CpmGroup       *cpm_group_new              (CpmMessage  *create,
                                            const char  *owner,
                                            GError     **error);
CpmGroup       *cpm_group_copy             (const CpmGroup *self);
void            cpm_group_free             (CpmGroup *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CpmGroup, cpm_group_free)

/* The body of a `group.state`. (transfer full) */
JsonObject     *cpm_group_to_json          (const CpmGroup *self);

/* From disk, or from the group's home. Sets %CPM_ERROR_BAD_ENVELOPE. (transfer full) */
CpmGroup       *cpm_group_from_json        (JsonObject  *object,
                                            GError     **error);

gboolean        cpm_group_has              (const CpmGroup *self,
                                            const char     *who);

/* Nobody is in it any more. */
gboolean        cpm_group_is_empty         (const CpmGroup *self);

/* @who changes it: all of @change, or nothing. What is so already is no change: when nothing is
 * new, @rev stays. Sets %CPM_ERROR_FORBIDDEN (not in it, or not the owner), _TOO_BIG (no room),
 * _BAD_ENVELOPE. */
gboolean        cpm_group_apply            (CpmGroup              *self,
                                            const CpmGroupChange  *change,
                                            const char            *who,
                                            GError               **error);

/* The home of @who does not let this person be in it. */
void            cpm_group_drop             (CpmGroup   *self,
                                            const char *who);

/* From a valid `group.change`, or a `group.leave` that is stamped with who says it. (transfer
 * full) */
CpmGroupChange *cpm_group_change_new       (CpmMessage *message);
void            cpm_group_change_free      (CpmGroupChange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CpmGroupChange, cpm_group_change_free)

/* What the home of the author signs of what is said in @group; @message is stamped. (transfer
 * full) */
GBytes         *cpm_group_get_signed_bytes (CpmMessage *message,
                                            const char *group);

G_END_DECLS
