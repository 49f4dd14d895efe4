/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-show-obstacle"

#include "config.h"

#include "vitrine-show-obstacle.h"

#include "cpm-capabilities.h"

#include <glib/gi18n.h>

/* Why nothing can be shown to @contact; a person of a group is one of several. */
static char *
person_obstacle (ClientContact  *contact,
                 CpmContentKind  kind)
{
  const char *name = client_contact_get_name (contact);
  CpmContent content = { .kind = kind };

  if (!client_contact_is_online (contact))
    return g_strdup_printf (_("%s is not online now"), name);

  if (!cpm_capabilities_can_show (client_contact_get_capabilities (contact), &content, NULL))
    /* Translators: %s is a person's name */
    return g_strdup_printf (_("%s has no device that can show this"), name);

  return NULL;
}

/* It is enough that one of them can see it; of strangers in the group nobody knows, and they are
 * asked. */
static char *
group_obstacle (Client         *client,
                ClientGroup    *group,
                CpmContentKind  kind)
{
  GListModel *members = client_group_get_members (group);
  unsigned n_members = g_list_model_get_n_items (members);

  if (!client_group_is_member (group))
    return g_strdup (_("You are not in this group any more"));

  for (unsigned i = 0; i < n_members; i++)
    {
      g_autoptr (ClientContact) member = g_list_model_get_item (members, i);
      g_autofree char *obstacle = NULL;

      if (g_strcmp0 (client_contact_get_address (member), client_get_account (client)) == 0)
        continue;

      obstacle = client_contact_is_presence_known (member) ? person_obstacle (member, kind) : NULL;
      if (obstacle == NULL)
        return NULL;
    }

  return g_strdup (_("Nobody of the group is online now"));
}

char *
vitrine_show_obstacle (Client             *client,
                       ClientConversation *conversation,
                       CpmContentKind      kind)
{
  ClientGroup *group = client_conversation_get_group (conversation);

  if (client_get_connection_state (client) != CLIENT_ONLINE)
    return g_strdup (_("You are not connected"));

  return group != NULL ? group_obstacle (client, group, kind)
                       : person_obstacle (client_conversation_get_peer (conversation), kind);
}
