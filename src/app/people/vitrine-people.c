/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-people"

#include "config.h"

#include "vitrine-people.h"

#include "vitrine-picture-loader.h"

#include <glib/gi18n.h>

/* Large enough for every place where it is seen. */
#define AVATAR_EDGE 256

/* The one with @address, as far as known. (transfer none) (nullable) */
static ClientContact *
find (ClientConversation *conversation,
      const char         *address)
{
  ClientContact *peer = client_conversation_get_peer (conversation);
  ClientGroup *group = client_conversation_get_group (conversation);
  GListModel *members = group != NULL ? client_group_get_members (group) : NULL;
  unsigned n_members = members != NULL ? g_list_model_get_n_items (members) : 0;

  if (peer != NULL && g_strcmp0 (client_contact_get_address (peer), address) == 0)
    return peer;

  for (unsigned i = 0; i < n_members; i++)
    {
      g_autoptr (ClientContact) member = g_list_model_get_item (members, i);

      if (g_strcmp0 (client_contact_get_address (member), address) == 0)
        return member; /* the model keeps it */
    }

  return NULL;
}

const char *
vitrine_people_get_name (ClientConversation *conversation,
                         const char         *address)
{
  ClientContact *contact = find (conversation, address);

  if (contact != NULL)
    return client_contact_get_name (contact);

  return address != NULL ? address : "";
}

char *
vitrine_people_dup_title (ClientConversation *conversation)
{
  if (client_conversation_get_group (conversation) == NULL)
    return g_strdup (client_conversation_get_title (conversation));

  /* Translators: the name of a group of people, in the middle of a sentence */
  return g_strdup_printf (_("“%s”"), client_conversation_get_title (conversation));
}

/* "Bob, Carol and Emily" */
static char *
join_names (GPtrArray *names)
{
  g_autofree char *first = NULL;
  unsigned n_names = names->len;

  if (n_names == 0)
    return g_strdup (_("Nobody else"));

  if (n_names == 1)
    return g_strdup (names->pdata[0]);

  for (unsigned i = 0; i + 1 < n_names; i++)
    {
      g_autofree char *before = g_steal_pointer (&first);

      first = before == NULL ? g_strdup (names->pdata[i])
                             : g_strdup_printf ("%s, %s", before, (char *) names->pdata[i]);
    }

  /* Translators: the end of an enumeration of people; the first %s is one name, or several with
   * commas between them */
  return g_strdup_printf (_("%s and %s"), first, (char *) names->pdata[n_names - 1]);
}

char *
vitrine_people_dup_names (ClientConversation *conversation,
                          const char         *me)
{
  ClientGroup *group = client_conversation_get_group (conversation);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GListModel *members;
  unsigned n_members;

  if (group == NULL)
    return g_strdup (client_conversation_get_title (conversation));

  members = client_group_get_members (group);
  n_members = g_list_model_get_n_items (members);
  for (unsigned i = 0; i < n_members; i++)
    {
      g_autoptr (ClientContact) member = g_list_model_get_item (members, i);

      if (g_strcmp0 (client_contact_get_address (member), me) != 0)
        g_ptr_array_add (names, (char *) client_contact_get_name (member)); /* the model keeps it */
    }

  return join_names (names);
}

static void
on_picture_loaded (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (AdwAvatar) avatar = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = vitrine_picture_load_finish (result, &error);

  if (texture != NULL)
    adw_avatar_set_custom_image (avatar, GDK_PAINTABLE (texture));
  else
    g_debug ("The picture of a group: %s", error->message);
}

static void
on_picture_changed (ClientGroup *group,
                    GParamSpec  *pspec,
                    AdwAvatar   *avatar)
{
  const char *path = client_group_get_picture_path (group);

  if (path != NULL)
    vitrine_picture_load_async (path, AVATAR_EDGE, NULL, on_picture_loaded, g_object_ref (avatar));
}

void
vitrine_people_show (ClientConversation *conversation,
                     AdwAvatar          *avatar)
{
  ClientGroup *group = client_conversation_get_group (conversation);

  g_object_bind_property (conversation, "title", avatar, "text", G_BINDING_SYNC_CREATE);
  if (group == NULL)
    return;

  g_signal_connect_object (group, "notify::picture-path", G_CALLBACK (on_picture_changed), avatar,
                           0);
  on_picture_changed (group, NULL, avatar);
}

void
vitrine_people_watch (ClientConversation *conversation,
                      gpointer            object,
                      GCallback           callback)
{
  ClientGroup *group = client_conversation_get_group (conversation);

  g_signal_connect_object (conversation, "notify::title", callback, object, G_CONNECT_SWAPPED);
  if (group != NULL)
    g_signal_connect_object (client_group_get_members (group), "items-changed", callback, object,
                             G_CONNECT_SWAPPED);
}

void
vitrine_people_unwatch (ClientConversation *conversation,
                        gpointer            object)
{
  ClientGroup *group = client_conversation_get_group (conversation);

  g_signal_handlers_disconnect_by_data (conversation, object);
  if (group != NULL)
    g_signal_handlers_disconnect_by_data (client_group_get_members (group), object);
}
