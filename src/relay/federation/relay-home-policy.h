/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-home-record.h"

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
 * @configured: domain → #RelayHome without keys: where the operator says that it is
 * @allows_private: whether another's document may lead to addresses that are not public
 *
 * The operator's word on other homes.
 */
typedef struct
{
  RelayHomePolicyMode mode;
  GHashTable *allowed;
  GHashTable *blocked;
  GHashTable *configured;
  gboolean allows_private;
} RelayHomePolicy;

RelayHomePolicy *relay_home_policy_new    (void);
void             relay_home_policy_free   (RelayHomePolicy        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayHomePolicy, relay_home_policy_free)

/* Takes "DOMAIN=wss://HOST:PORT" with "#PIN" behind it, or without. Sets
 * %CPM_ERROR_BAD_ENVELOPE. */
gboolean         relay_home_policy_configure (RelayHomePolicy     *self,
                                              const char          *text,
                                              GError             **error);

/* Whether there is nobody to speak with. */
gboolean         relay_home_policy_is_off (const RelayHomePolicy  *self);

/* Sets %CPM_ERROR_FORBIDDEN. */
gboolean         relay_home_policy_check  (const RelayHomePolicy  *self,
                                           const char             *domain,
                                           GError                **error);

G_END_DECLS
