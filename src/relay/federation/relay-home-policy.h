/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RelayHomePolicyMode:
 *
 * With whom this home speaks.
 */
typedef enum
{
  RELAY_HOME_POLICY_OFF,   /* with nobody */
  RELAY_HOME_POLICY_ALLOW, /* with those that were named */
  RELAY_HOME_POLICY_OPEN   /* with all but those that were blocked */
} RelayHomePolicyMode;

/**
 * RelayHomePolicy:
 * @allowed: domains
 * @blocked: domains; wins
 *
 * The operator's word on other homes.
 */
typedef struct
{
  RelayHomePolicyMode mode;
  GHashTable *allowed;
  GHashTable *blocked;
} RelayHomePolicy;

RelayHomePolicy *relay_home_policy_new    (void);
void             relay_home_policy_free   (RelayHomePolicy        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayHomePolicy, relay_home_policy_free)

/* Whether there is nobody to speak with. */
gboolean         relay_home_policy_is_off (const RelayHomePolicy  *self);

/* Sets %CPM_ERROR_FORBIDDEN. */
gboolean         relay_home_policy_check  (const RelayHomePolicy  *self,
                                           const char             *domain,
                                           GError                **error);

G_END_DECLS
