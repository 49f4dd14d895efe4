/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-rights.h"

G_BEGIN_DECLS

#define CPM_MAX_VIEWERS 50
#define CPM_ALL_KINDS ((1u << CPM_N_CONTENT_KINDS) - 1)

/**
 * CpmPolicy:
 * @who: the address of the person; people of other domains are remote
 * @rights: what the home allows; nothing for an account that is disabled
 * @max_viewers: how many people the home lets look at once, at most %CPM_MAX_VIEWERS
 * @contacts_only: only contacts may write to the person and invite
 * @remote: whether the person wants to deal with people of other homes
 * @kinds: what may be shown to the person, 1 << #CpmContentKind each
 * @blocked: (nullable): people and whole domains that the person has blocked
 * @home_blocked: (nullable): those that the home has blocked for all
 *
 * What one home knows of one of its own people: what the home allows, and what the person wants.
 * Each home asks it about its own person only; what both say yes to is done. The two lists need to
 * hold only what concerns the other person who is asked about: their address, or its domain.
 *
 * A plain value, made with cpm_policy_new() or on the stack; it does not change while it is asked.
 */
typedef struct
{
  char *who;
  CpmRights rights;
  unsigned max_viewers;
  gboolean contacts_only;
  gboolean remote;
  unsigned kinds;
  char **blocked;
  char **home_blocked;
} CpmPolicy;

/* Everything is allowed and wanted, from and to everybody. */
CpmPolicy *cpm_policy_new            (const char *who);
void       cpm_policy_free           (CpmPolicy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CpmPolicy, cpm_policy_free)

/* All of these set %CPM_ERROR_FORBIDDEN with a sentence, unless they say otherwise. The first two
 * are about what this person does, and the sentence is for this person; the others about what
 * others do, and the sentence is for them: who is blocked learns that and nothing else; others do
 * not learn whether it is the home or the person that says no to a kind. */

/* May this person show @content to all of @viewers (%NULL-terminated)? */
gboolean   cpm_policy_check_show     (const CpmPolicy     *self,
                                      const char * const  *viewers,
                                      const CpmContent    *content,
                                      GError             **error);

/* May this person write to @other, invite @other, add @other to a group? */
gboolean   cpm_policy_check_say      (const CpmPolicy  *self,
                                      const char       *other,
                                      GError          **error);

/* May @from, who is one of this person's contacts or not, write to this person, invite, add to a
 * group? %CPM_ERROR_BLOCKED when it is blocked. */
gboolean   cpm_policy_check_hear     (const CpmPolicy  *self,
                                      const char       *from,
                                      gboolean          is_contact,
                                      GError          **error);

/* May @sharer show @content to this person? cpm_policy_check_hear() is asked first. */
gboolean   cpm_policy_check_receive  (const CpmPolicy  *self,
                                      const char       *sharer,
                                      gboolean          is_contact,
                                      const CpmContent *content,
                                      GError          **error);

/* Whether @other may see if this person is there, as far as this person goes. */
gboolean   cpm_policy_shows_presence (const CpmPolicy *self,
                                      const char      *other);

/* Whether this person or the home has blocked @other. */
gboolean   cpm_policy_blocks         (const CpmPolicy *self,
                                      const char      *other);

G_END_DECLS
