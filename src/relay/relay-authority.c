/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-authority"

#include "config.h"

#include "relay-authority.h"

#include <string.h>

#define MAX_CHARS 260

static gboolean
is_plain (const char *authority)
{
  size_t length = authority != NULL ? strnlen (authority, MAX_CHARS) : 0;

  return length > 0 && length < MAX_CHARS &&
         strspn (authority,
                 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") == length;
}

/* Without the port; an IPv6 address keeps its brackets. */
static char *
dup_host (const char *authority)
{
  const char *bracket = strchr (authority, ']');
  const char *colon = strrchr (bracket != NULL ? bracket : authority, ':');

  return colon != NULL ? g_strndup (authority, (size_t) (colon - authority)) : g_strdup (authority);
}

char *
relay_authority_get (const RelayConfig *config,
                     unsigned           port,
                     const char        *authority)
{
  if (config->public_host == NULL && is_plain (authority))
    return g_strdup (authority);

  return relay_authority_get_with_port (config, port, authority);
}

char *
relay_authority_get_with_port (const RelayConfig *config,
                               unsigned           port,
                               const char        *authority)
{
  g_autofree char *host = NULL;

  if (config->public_host != NULL)
    host = g_strdup (config->public_host);
  else if (is_plain (authority))
    host = dup_host (authority);
  else
    host = g_strdup (config->domain);

  return g_strdup_printf ("%s:%u", host, port);
}
