/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-policy"

#include "config.h"

#include "relay-home-policy.h"

#include "cpm-error.h"

RelayHomePolicy *
relay_home_policy_new (void)
{
  RelayHomePolicy *self = g_new0 (RelayHomePolicy, 1);

  self->mode = RELAY_HOME_POLICY_ALLOW;
  self->allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->blocked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
relay_home_policy_free (RelayHomePolicy *self)
{
  g_hash_table_unref (self->allowed);
  g_hash_table_unref (self->blocked);
  g_free (self);
}

gboolean
relay_home_policy_is_off (const RelayHomePolicy *self)
{
  return self->mode == RELAY_HOME_POLICY_OFF
         || (self->mode == RELAY_HOME_POLICY_ALLOW && g_hash_table_size (self->allowed) == 0);
}

gboolean
relay_home_policy_check (const RelayHomePolicy  *self,
                         const char             *domain,
                         GError                **error)
{
  gboolean is_allowed = self->mode == RELAY_HOME_POLICY_OPEN
                        || (self->mode == RELAY_HOME_POLICY_ALLOW && g_hash_table_contains (self->allowed, domain));

  if (is_allowed && !g_hash_table_contains (self->blocked, domain))
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "This home does not speak with %s.", domain);
  return FALSE;
}
