/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-rights"

#include "config.h"

#include "relay-rights.h"

#include "relay-homes.h"

#include "cpm-address.h"
#include "cpm-capabilities.h"

static gboolean
is_ours (RelayContext *context,
         const char   *who)
{
  return g_strcmp0 (cpm_address_get_domain (who), context->config->domain) == 0;
}

/* What we know of @who, one of ours, with regard to @other. */
static CpmPolicy *
find_policy (RelayContext  *context,
             const char    *who,
             const char    *other,
             gboolean      *out_is_contact,
             GError       **error)
{
  CpmPolicy *policy = relay_store_find_policy (context->store, who, other, out_is_contact);

  if (policy == NULL)
    g_set_error (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is nobody called %s here", who);
  return policy;
}

/* What the home of @from says to it, and whether @to can be reached at all. */
static gboolean
check_address (RelayContext  *context,
               const char    *from,
               const char    *to,
               GError       **error)
{
  g_autoptr (CpmPolicy) policy = NULL;
  gboolean is_contact;

  if (g_str_equal (from, to))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "That is yourself");
      return FALSE;
    }

  if (is_ours (context, from))
    {
      policy = find_policy (context, from, to, &is_contact, error);
      if (policy == NULL || !cpm_policy_check_say (policy, to, error))
        return FALSE;
    }

  if (is_ours (context, to))
    return TRUE;

  if (context->homes != NULL)
    return relay_homes_check_may_reach (context->homes, cpm_address_get_domain (to), error);

  g_set_error (error, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE, "This relay cannot reach %s",
               cpm_address_get_domain (to));
  return FALSE;
}

/* The same, and what we know of @to when it is one of ours. @out_policy: %NULL, and stays so for
 * one of another home */
static gboolean
find_recipient (RelayContext  *context,
                const char    *from,
                const char    *to,
                CpmPolicy    **out_policy,
                gboolean      *out_is_contact,
                GError       **error)
{
  if (!check_address (context, from, to, error))
    return FALSE;

  if (!is_ours (context, to))
    return TRUE;

  *out_policy = find_policy (context, to, from, out_is_contact, error);
  return *out_policy != NULL;
}

gboolean
relay_rights_check_share (RelayContext        *context,
                          const char          *sharer,
                          const char * const  *viewers,
                          const CpmContent    *content,
                          GError             **error)
{
  g_autoptr (CpmPolicy) policy = NULL;
  gboolean is_contact;

  if (!is_ours (context, sharer))
    return TRUE;

  policy = find_policy (context, sharer, NULL, &is_contact, error);
  return policy != NULL && cpm_policy_check_show (policy, viewers, content, error);
}

gboolean
relay_rights_check_receive (RelayContext      *context,
                            const char        *sharer,
                            const char        *viewer,
                            const CpmContent  *content,
                            GError           **error)
{
  g_autoptr (CpmPolicy) policy = NULL;
  gboolean is_contact;

  if (!find_recipient (context, sharer, viewer, &policy, &is_contact, error))
    return FALSE;

  if (policy == NULL)
    return TRUE;

  if (!cpm_policy_check_receive (policy, sharer, is_contact, content, error))
    return FALSE;

  if (!relay_people_is_online (context->people, viewer))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_UNAVAILABLE, "%s is not here now", viewer);
      return FALSE;
    }

  return cpm_capabilities_can_show (relay_people_get_capabilities (context->people, viewer),
                                    content, error);
}

gboolean
relay_rights_check_write (RelayContext  *context,
                          const char    *from,
                          const char    *to,
                          GError       **error)
{
  g_autoptr (CpmPolicy) policy = NULL;
  gboolean is_contact;

  return find_recipient (context, from, to, &policy, &is_contact, error) &&
         (policy == NULL || cpm_policy_check_hear (policy, from, is_contact, error));
}

gboolean
relay_rights_check_befriend (RelayContext  *context,
                             const char    *from,
                             const char    *to,
                             GError       **error)
{
  g_autoptr (CpmPolicy) policy = NULL;
  gboolean is_contact;

  return find_recipient (context, from, to, &policy, &is_contact, error);
}

gboolean
relay_rights_check_home (RelayContext  *context,
                         const char    *domain,
                         GError       **error)
{
  if (!relay_home_policy_check (context->config->homes, domain, error))
    return FALSE;

  if (!relay_store_is_blocked (context->store, NULL, domain))
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "This home does not speak with %s.", domain);
  return FALSE;
}

gboolean
relay_rights_shows_presence (RelayStore *store,
                             const char *who,
                             const char *watcher)
{
  gboolean is_contact;
  g_autoptr (CpmPolicy) of_who = relay_store_find_policy (store, who, watcher, &is_contact);
  g_autoptr (CpmPolicy) of_watcher = relay_store_find_policy (store, watcher, who, &is_contact);

  return (of_who == NULL || cpm_policy_shows_presence (of_who, watcher)) &&
         (of_watcher == NULL || cpm_policy_shows_presence (of_watcher, who));
}
