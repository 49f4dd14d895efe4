/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-people"

#include "config.h"

#include "relay-people.h"

#include "relay-rights.h"

#include "cpm-address.h"

struct _RelayPeople
{
  GObject parent_instance;

  RelayStore *store;
  GHashTable *peers; /* user → GPtrArray of RelayPeer */
  unsigned n_peers;
};

G_DEFINE_FINAL_TYPE (RelayPeople, relay_people, G_TYPE_OBJECT)

/* As @watcher may see it: who is hidden from somebody is away for that one, not known to hide. */
static CpmMessage *
new_presence (RelayPeople *self,
              const char  *user,
              const char  *watcher)
{
  gboolean shows = relay_rights_shows_presence (self->store, user, watcher);
  CpmCapability capabilities = shows ? relay_people_get_capabilities (self, user) : CPM_CAPABILITY_NONE;
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "who", user);
  json_object_set_string_member (body, "state", shows && relay_people_is_online (self, user) ? "online" : "offline");
  json_object_set_array_member (body, "capabilities", cpm_capabilities_to_json (capabilities));

  return cpm_message_new (CPM_MESSAGE_PRESENCE, NULL, NULL, body);
}

static void
tell_one (RelayPeople *self,
          const char  *watcher,
          const char  *user)
{
  g_autoptr (CpmMessage) presence = new_presence (self, user, watcher);

  relay_people_send (self, watcher, NULL, presence);
}

static void
tell_presence (RelayPeople *self,
               const char  *user)
{
  g_auto (GStrv) contacts = relay_store_list_contacts (self->store, user, TRUE);

  for (unsigned i = 0; contacts[i] != NULL; i++)
    {
      if (relay_people_is_online (self, contacts[i]))
        tell_one (self, contacts[i], user);
    }
}

static void
relay_people_finalize (GObject *object)
{
  RelayPeople *self = RELAY_PEOPLE (object);

  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (relay_people_parent_class)->finalize (object);
}

static void
relay_people_class_init (RelayPeopleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_people_finalize;
}

static void
relay_people_init (RelayPeople *self)
{
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
}

RelayPeople *
relay_people_new (RelayStore *store)
{
  RelayPeople *self = g_object_new (RELAY_TYPE_PEOPLE, NULL);

  self->store = g_object_ref (store);

  return self;
}

void
relay_people_add (RelayPeople *self,
                  RelayPeer   *peer)
{
  const char *user = relay_peer_get_user (peer);
  CpmCapability before;
  gboolean was_online;
  GPtrArray *peers;

  g_return_if_fail (RELAY_IS_PEOPLE (self));

  before = relay_people_get_capabilities (self, user);
  was_online = relay_people_is_online (self, user);
  peers = g_hash_table_lookup (self->peers, user);
  if (peers == NULL)
    {
      peers = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (self->peers, g_strdup (user), peers);
    }

  g_ptr_array_add (peers, g_object_ref (peer));
  self->n_peers++;
  if (!was_online || relay_people_get_capabilities (self, user) != before)
    tell_presence (self, user);
}

void
relay_people_remove (RelayPeople *self,
                     RelayPeer   *peer)
{
  const char *user = relay_peer_get_user (peer);
  CpmCapability before;
  GPtrArray *peers;

  g_return_if_fail (RELAY_IS_PEOPLE (self));

  peers = user != NULL ? g_hash_table_lookup (self->peers, user) : NULL;
  if (peers == NULL)
    return;

  before = relay_people_get_capabilities (self, user);
  if (!g_ptr_array_remove (peers, peer))
    return;

  self->n_peers--;
  if (peers->len == 0)
    g_hash_table_remove (self->peers, user);
  if (!relay_people_is_online (self, user) || relay_people_get_capabilities (self, user) != before)
    tell_presence (self, user);
}

RelayPeer *
relay_people_find (RelayPeople *self,
                   const char  *user,
                   const char  *device)
{
  GPtrArray *peers;

  g_return_val_if_fail (RELAY_IS_PEOPLE (self), NULL);

  peers = g_hash_table_lookup (self->peers, user);
  for (unsigned i = 0; peers != NULL && i < peers->len; i++)
    {
      if (g_strcmp0 (relay_peer_get_device (peers->pdata[i]), device) == 0)
        return peers->pdata[i];
    }

  return NULL;
}

gboolean
relay_people_is_online (RelayPeople *self,
                        const char  *user)
{
  g_return_val_if_fail (RELAY_IS_PEOPLE (self), FALSE);

  return g_hash_table_contains (self->peers, user);
}

unsigned
relay_people_get_n_peers (RelayPeople *self)
{
  g_return_val_if_fail (RELAY_IS_PEOPLE (self), 0);

  return self->n_peers;
}

CpmCapability
relay_people_get_capabilities (RelayPeople *self,
                               const char  *user)
{
  CpmCapability capabilities = CPM_CAPABILITY_NONE;
  GPtrArray *peers;

  g_return_val_if_fail (RELAY_IS_PEOPLE (self), CPM_CAPABILITY_NONE);

  peers = g_hash_table_lookup (self->peers, user);
  for (unsigned i = 0; peers != NULL && i < peers->len; i++)
    capabilities |= relay_peer_get_capabilities (peers->pdata[i]);

  return capabilities;
}

GPtrArray *
relay_people_list (RelayPeople *self,
                   const char  *user)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_return_val_if_fail (RELAY_IS_PEOPLE (self), all);

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (user == NULL)
        g_ptr_array_extend (all, value, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
    }

  value = user != NULL ? g_hash_table_lookup (self->peers, user) : NULL;
  if (value != NULL)
    g_ptr_array_extend (all, value, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);

  return all;
}

void
relay_people_send (RelayPeople *self,
                   const char  *user,
                   RelayPeer   *but,
                   CpmMessage  *message)
{
  GPtrArray *peers;

  g_return_if_fail (RELAY_IS_PEOPLE (self));

  peers = g_hash_table_lookup (self->peers, user);
  for (unsigned i = 0; peers != NULL && i < peers->len; i++)
    {
      if (peers->pdata[i] != but)
        relay_peer_send (peers->pdata[i], message);
    }
}

static CpmMessage *
new_contact_list (RelayPeople *self,
                  const char  *user)
{
  g_auto (GStrv) contacts = relay_store_list_contacts (self->store, user, FALSE);
  JsonObject *body = json_object_new ();
  JsonArray *array = json_array_new ();

  for (unsigned i = 0; contacts[i] != NULL; i++)
    json_array_add_string_element (array, contacts[i]);
  json_object_set_array_member (body, "contacts", array);

  return cpm_message_new (CPM_MESSAGE_CONTACT_LIST, NULL, NULL, body);
}

void
relay_people_tell_all (RelayPeople *self,
                       RelayPeer   *peer)
{
  g_autoptr (CpmMessage) list = NULL;
  g_auto (GStrv) contacts = NULL;

  g_return_if_fail (RELAY_IS_PEOPLE (self));

  list = new_contact_list (self, relay_peer_get_user (peer));
  relay_peer_send (peer, list);

  contacts = relay_store_list_contacts (self->store, relay_peer_get_user (peer), TRUE);
  for (unsigned i = 0; contacts[i] != NULL; i++)
    {
      g_autoptr (CpmMessage) presence = new_presence (self, contacts[i], relay_peer_get_user (peer));

      relay_peer_send (peer, presence);
    }
}

void
relay_people_contacts_changed (RelayPeople *self,
                               const char  *user,
                               const char  *other)
{
  g_autoptr (CpmMessage) list = NULL;
  g_auto (GStrv) mutual = NULL;

  g_return_if_fail (RELAY_IS_PEOPLE (self));

  list = new_contact_list (self, user);
  relay_people_send (self, user, NULL, list);

  mutual = relay_store_list_contacts (self->store, user, TRUE);
  if (g_strv_contains ((const char * const *) mutual, other))
    {
      tell_one (self, user, other);
      tell_one (self, other, user);
    }
}

void
relay_people_privacy_changed (RelayPeople *self,
                              const char  *user,
                              const char  *who)
{
  g_auto (GStrv) mutual = NULL;

  g_return_if_fail (RELAY_IS_PEOPLE (self));

  mutual = relay_store_list_contacts (self->store, user, TRUE);
  for (unsigned i = 0; mutual[i] != NULL; i++)
    {
      if (g_str_equal (mutual[i], who) || g_str_equal (cpm_address_get_domain (mutual[i]), who))
        {
          tell_one (self, user, mutual[i]);
          tell_one (self, mutual[i], user);
        }
    }
}
