/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-people"

#include "config.h"

#include "relay-people.h"

#include "relay-presence.h"
#include "relay-rights.h"

#include "cpm-address.h"

struct _RelayPeople
{
  GObject parent_instance;

  RelayStore *store;
  GHashTable *peers; /* user → GPtrArray of RelayPeer */
  unsigned n_peers;
  RelayPresence *remote;
};

enum
{
  SIGNAL_PRESENCE_CHANGED,
  SIGNAL_PAIR_CHANGED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RelayPeople, relay_people, G_TYPE_OBJECT)

static gboolean
is_of_one_home (const char *user,
                const char *other)
{
  return g_str_equal (cpm_address_get_domain (user), cpm_address_get_domain (other));
}

/* One of ours is online for all who may see it; of people of other homes their home says it for
 * each. */
static gboolean
look (RelayPeople   *self,
      const char    *user,
      const char    *watcher,
      CpmCapability *out_capabilities)
{
  if (relay_presence_get (self->remote, user, watcher, out_capabilities))
    return TRUE;

  *out_capabilities = relay_people_get_capabilities (self, user);
  return g_hash_table_contains (self->peers, user);
}

CpmMessage *
relay_people_new_presence (RelayPeople *self,
                           const char  *user,
                           const char  *watcher,
                           gboolean     ask)
{
  JsonObject *body = json_object_new ();
  CpmCapability capabilities;
  gboolean online;

  g_return_val_if_fail (RELAY_IS_PEOPLE (self), NULL);

  /* Who is hidden from somebody is away for that one, not known to hide. */
  online = look (self, user, watcher, &capabilities) &&
           relay_rights_shows_presence (self->store, user, watcher);
  json_object_set_string_member (body, "who", user);
  json_object_set_string_member (body, "state", online ? "online" : "offline");
  json_object_set_array_member (
    body, "capabilities", cpm_capabilities_to_json (online ? capabilities : CPM_CAPABILITY_NONE));
  if (ask)
    json_object_set_boolean_member (body, "ask", TRUE);

  return cpm_message_new (CPM_MESSAGE_PRESENCE, NULL, NULL, body);
}

static void
tell_one (RelayPeople *self,
          const char  *watcher,
          const char  *user)
{
  g_autoptr (CpmMessage) presence = relay_people_new_presence (self, user, watcher, FALSE);

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

  g_signal_emit (self, signals[SIGNAL_PRESENCE_CHANGED], 0, user);
}

static void
relay_people_finalize (GObject *object)
{
  RelayPeople *self = RELAY_PEOPLE (object);

  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_clear_pointer (&self->remote, relay_presence_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (relay_people_parent_class)->finalize (object);
}

static void
relay_people_class_init (RelayPeopleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_people_finalize;

  signals[SIGNAL_PRESENCE_CHANGED] = g_signal_new ("presence-changed", G_TYPE_FROM_CLASS (klass),
                                                   G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_PAIR_CHANGED] = g_signal_new ("pair-changed", G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                               2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
relay_people_init (RelayPeople *self)
{
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) g_ptr_array_unref);
  self->remote = relay_presence_new ();
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
  CpmCapability capabilities;

  g_return_val_if_fail (RELAY_IS_PEOPLE (self), FALSE);

  return g_hash_table_contains (self->peers, user) ||
         relay_presence_get (self->remote, user, NULL, &capabilities);
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
  CpmCapability capabilities;
  GPtrArray *peers;

  g_return_val_if_fail (RELAY_IS_PEOPLE (self), CPM_CAPABILITY_NONE);

  relay_presence_get (self->remote, user, NULL, &capabilities);
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

/* Of the contacts of its person at our home, or at others: of these only who is online, since away
 * is all that is not known to be here. */
static void
tell_peer_presence (RelayPeople *self,
                    RelayPeer   *peer,
                    gboolean     ours)
{
  const char *user = relay_peer_get_user (peer);
  g_auto (GStrv) contacts = relay_store_list_contacts (self->store, user, ours);

  for (unsigned i = 0; contacts[i] != NULL; i++)
    {
      g_autoptr (CpmMessage) presence = NULL;
      CpmCapability capabilities;

      if (!ours && !relay_presence_get (self->remote, contacts[i], user, &capabilities))
        continue;

      presence = relay_people_new_presence (self, contacts[i], user, FALSE);
      relay_peer_send (peer, presence);
    }
}

void
relay_people_tell_all (RelayPeople *self,
                       RelayPeer   *peer)
{
  g_autoptr (CpmMessage) list = NULL;

  g_return_if_fail (RELAY_IS_PEOPLE (self));

  list = new_contact_list (self, relay_peer_get_user (peer));
  relay_peer_send (peer, list);

  tell_peer_presence (self, peer, TRUE);
  tell_peer_presence (self, peer, FALSE);
}

/* Whether they have each other, as far as we know. */
static gboolean
is_mutual (RelayPeople *self,
           const char  *user,
           const char  *other)
{
  g_auto (GStrv) contacts = relay_store_list_contacts (self->store, user,
                                                       is_of_one_home (user, other));

  return g_strv_contains ((const char * const *) contacts, other);
}

/* What @user and @other see of each other may have changed. */
static void
tell_each_other (RelayPeople *self,
                 const char  *user,
                 const char  *other)
{
  tell_one (self, user, other);
  if (is_of_one_home (user, other))
    tell_one (self, other, user);
  else
    g_signal_emit (self, signals[SIGNAL_PAIR_CHANGED], 0, user, other);
}

void
relay_people_contacts_changed (RelayPeople *self,
                               const char  *user,
                               const char  *other)
{
  g_autoptr (CpmMessage) list = NULL;

  g_return_if_fail (RELAY_IS_PEOPLE (self));

  list = new_contact_list (self, user);
  relay_people_send (self, user, NULL, list);

  if (is_mutual (self, user, other))
    tell_each_other (self, user, other);
  else
    relay_presence_set (self->remote, other, user, FALSE, CPM_CAPABILITY_NONE);
}

/* All contacts of @user that are @who, or of that domain; or, when it is %NULL, of another home
 * than @user. */
static void
tell_all_of (RelayPeople *self,
             const char  *user,
             const char  *who)
{
  g_auto (GStrv) contacts = relay_store_list_contacts (self->store, user, FALSE);

  for (unsigned i = 0; contacts[i] != NULL; i++)
    {
      gboolean fits = who != NULL ? g_str_equal (contacts[i], who) ||
                                      g_str_equal (cpm_address_get_domain (contacts[i]), who)
                                  : !is_of_one_home (user, contacts[i]);

      if (fits && is_mutual (self, user, contacts[i]))
        tell_each_other (self, user, contacts[i]);
    }
}

void
relay_people_privacy_changed (RelayPeople *self,
                              const char  *user,
                              const char  *who)
{
  g_return_if_fail (RELAY_IS_PEOPLE (self));

  tell_all_of (self, user, who);
}

void
relay_people_remote_changed (RelayPeople *self,
                             const char  *user)
{
  g_return_if_fail (RELAY_IS_PEOPLE (self));

  tell_all_of (self, user, NULL);
}

void
relay_people_set_remote (RelayPeople   *self,
                         const char    *who,
                         const char    *watcher,
                         gboolean       online,
                         CpmCapability  capabilities)
{
  g_return_if_fail (RELAY_IS_PEOPLE (self));

  if (is_mutual (self, watcher, who) &&
      relay_presence_set (self->remote, who, watcher, online, capabilities))
    tell_one (self, watcher, who);
}

gboolean
relay_people_has_contact (RelayPeople *self,
                          const char  *user,
                          const char  *other)
{
  g_auto (GStrv) contacts = NULL;

  g_return_val_if_fail (RELAY_IS_PEOPLE (self), FALSE);

  contacts = relay_store_list_contacts (self->store, user, FALSE);
  return g_strv_contains ((const char * const *) contacts, other);
}

void
relay_people_doubt_home (RelayPeople *self,
                         const char  *domain)
{
  g_return_if_fail (RELAY_IS_PEOPLE (self));

  relay_presence_doubt (self->remote, domain);
}

static void
on_forgotten (const char *who,
              const char *watcher,
              gpointer    user_data)
{
  tell_one (user_data, watcher, who);
}

void
relay_people_forget_home (RelayPeople *self,
                          const char  *domain,
                          gboolean     only_doubted)
{
  g_return_if_fail (RELAY_IS_PEOPLE (self));

  relay_presence_forget (self->remote, domain, only_doubted, on_forgotten, self);
}
