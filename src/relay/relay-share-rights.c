/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-share-rights"

#include "config.h"

#include "relay-share-rights.h"

#include "relay-recipient.h"

#include "cpm-address.h"
#include "cpm-capabilities.h"
#include "cpm-rights.h"

static unsigned
get_rights (RelayContext *context,
            const char   *user)
{
  g_autoptr (RelayAccount) account = relay_store_find_account (context->store, user);

  return account != NULL && !account->disabled ? account->rights : 0;
}

gboolean
relay_share_rights_check_sharer (RelayContext       *context,
                                 const char         *sharer,
                                 const char * const *viewers,
                                 CpmContentKind      kind,
                                 GError            **error)
{
  gboolean remote = FALSE;
  unsigned n_viewers = 0;

  for (; viewers[n_viewers] != NULL; n_viewers++)
    remote |= g_strcmp0 (cpm_address_get_domain (viewers[n_viewers]), context->config->domain) != 0;

  return cpm_rights_check_share (get_rights (context, sharer), kind, n_viewers, remote, error);
}

gboolean
relay_share_rights_check_viewer (RelayContext    *context,
                                 const char      *sharer,
                                 const char      *viewer,
                                 CpmContentKind   kind,
                                 GError         **error)
{
  if (!relay_recipient_check_listens (context, sharer, viewer, error) ||
      !cpm_rights_check_receive (get_rights (context, viewer), viewer, kind, FALSE, error))
    return FALSE;

  if (!relay_people_is_online (context->people, viewer))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_UNAVAILABLE, "%s is not here now", viewer);
      return FALSE;
    }

  return cpm_capabilities_can_show (relay_people_get_capabilities (context->people, viewer), kind, error);
}
