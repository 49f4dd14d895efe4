/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-policy"

#include "config.h"

#include "relay-home-policy.h"

#include "cpm-address.h"
#include "cpm-error.h"
#include "transport-trust.h"

#include <string.h>

RelayHomePolicy *
relay_home_policy_new (void)
{
  RelayHomePolicy *self = g_new0 (RelayHomePolicy, 1);

  self->mode = RELAY_HOME_POLICY_ALLOW;
  self->allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->blocked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->configured = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify) relay_home_unref);

  return self;
}

void
relay_home_policy_free (RelayHomePolicy *self)
{
  g_hash_table_unref (self->allowed);
  g_hash_table_unref (self->blocked);
  g_hash_table_unref (self->configured);
  g_free (self);
}

static RelayHome *
parse_place (const char  *domain,
             const char  *place,
             GError     **error)
{
  const char *hash = strchr (place, '#');
  g_autofree char *authority = hash != NULL ? g_strndup (place, (size_t) (hash - place))
                                            : g_strdup (place);
  g_autofree char *endpoint = NULL;
  g_autoptr (TransportTrust) trust = hash != NULL ? transport_trust_new (hash + 1, NULL, error)
                                                  : NULL;
  RelayHome *home;

  if (hash != NULL && trust == NULL)
    return NULL;

  if (g_str_has_suffix (authority, "/home"))
    endpoint = g_steal_pointer (&authority);
  else
    endpoint = g_strconcat (authority, "/home", NULL);

  home = relay_home_new (domain, endpoint, trust != NULL ? transport_trust_get_pin (trust) : NULL,
                         error);
  if (home != NULL)
    home->is_configured = TRUE;
  return home;
}

gboolean
relay_home_policy_configure (RelayHomePolicy  *self,
                             const char       *text,
                             GError          **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *domain = equals != NULL ? g_ascii_strdown (text, equals - text) : NULL;
  g_autoptr (GError) local_error = NULL;
  RelayHome *home;

  if (domain == NULL || !cpm_address_is_domain (domain))
    {
      g_set_error (
        error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
        "“%s” is not of the form DOMAIN=wss://HOST:PORT, with #PIN behind it for a certificate of"
        " its own",
        text);
      return FALSE;
    }

  home = parse_place (domain, equals + 1, &local_error);
  if (home == NULL)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "“%s” does not say where %s is: %s",
                   text, domain, local_error->message);
      return FALSE;
    }

  g_hash_table_add (self->allowed, g_strdup (domain));
  g_hash_table_insert (self->configured, g_strdup (domain), home);
  return TRUE;
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
  gboolean is_allowed = self->mode == RELAY_HOME_POLICY_OPEN ||
                        (self->mode == RELAY_HOME_POLICY_ALLOW &&
                         g_hash_table_contains (self->allowed, domain));

  if (is_allowed && !g_hash_table_contains (self->blocked, domain))
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "This home does not speak with %s.", domain);
  return FALSE;
}
