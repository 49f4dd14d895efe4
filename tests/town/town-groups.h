/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town-log.h"

G_BEGIN_DECLS

/**
 * TownGroups:
 *
 * Who was in which group at which of its revs, as the devices were told, and what was said in
 * between. All devices are told the same, at the same places, and who is not in a group hears
 * nothing of it.
 */
typedef struct _TownGroups TownGroups;

TownGroups *town_groups_new        (TownLog *log);
void        town_groups_free       (TownGroups *self);

/* Somebody has asked for a group with this address. */
void        town_groups_add        (TownGroups *self,
                                    const char *address);
gboolean    town_groups_has        (TownGroups *self,
                                    const char *address);

/* Addresses of all that were ever asked for. (transfer none) */
GPtrArray  *town_groups_list       (TownGroups *self);

/* @device of @user was told, in its place in the inbox, that the group is now as @rev says;
 * @members is %NULL-terminated. */
void        town_groups_told       (TownGroups         *self,
                                    const char         *address,
                                    const char         *device,
                                    const char         *user,
                                    int64_t             rev,
                                    const char * const *members);

/* @device was shown message @id in the group. */
void        town_groups_shown      (TownGroups *self,
                                    const char *address,
                                    const char *device,
                                    const char *id);

/* The newest that @device was told of the group; 0: nothing, or that it is out of it. */
int64_t     town_groups_get_rev    (TownGroups *self,
                                    const char *address,
                                    const char *device);

/* Those of that rev. (nullable) (transfer none) */
const char * const *town_groups_get_members (TownGroups *self,
                                             const char *address,
                                             const char *device);

/* Who was in it when @id was said there, as far as anybody was shown it. (nullable) */
const char * const *town_groups_get_listeners (TownGroups *self,
                                               const char *address,
                                               const char *id);

/* Whether @who was ever in it without any of @ears (set of users): then what that one says may be
 * shown to nobody. */
gboolean    town_groups_was_alone  (TownGroups *self,
                                    const char *address,
                                    const char *who,
                                    GHashTable *ears);

G_END_DECLS
