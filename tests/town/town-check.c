/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town.h"

#include "relay-groups.h"
#include "relay-homes.h"
#include "relay-shares.h"

#include "cpm-address.h"
#include "cpm-json.h"
#include "cpm-session.h"

#include <string.h>

/* Who was killed, or lost its network, is offline after so long. */
#define OFFLINE_US (30 * G_USEC_PER_SEC)
/* Who is not in the group any more is out of what is shown there so soon. */
#define OUTSIDE_US (G_USEC_PER_SEC / 10)
/* For so long an answer, or what came of it, may be on its way while two places are parted. */
#define MOMENT_US (90 * G_USEC_PER_SEC)

/* Whether what the relay told the media fits the state of its sessions, and whether somebody shows
 * or sees what the rights do not allow. */

static CpmPolicy *
find_policy (TownRelay  *self,
             const char *who,
             const char *other,
             gboolean   *out_is_contact)
{
  return relay_store_find_policy (town_store_get (self->store), who, other, out_is_contact);
}

static gboolean
may_show (TownRelay        *self,
          const char       *sharer,
          const CpmContent *content)
{
  static const char * const nobody[] = { NULL };
  gboolean is_contact;
  g_autoptr (CpmPolicy) policy = find_policy (self, sharer, NULL, &is_contact);

  return policy != NULL && cpm_policy_check_show (policy, nobody, content, NULL);
}

static gboolean
may_receive (TownRelay        *self,
             const char       *who,
             const char       *sharer,
             const CpmContent *content)
{
  gboolean is_contact;
  g_autoptr (CpmPolicy) policy = find_policy (self, who, sharer, &is_contact);

  return policy != NULL && cpm_policy_check_receive (policy, sharer, is_contact, content, NULL);
}

/* Whether something was taken away a moment ago. */
static gboolean
was_denied_now (TownRelay  *self,
                const char *who)
{
  int64_t at_us = town_store_get_denied_us (self->store, who);

  return at_us != 0 && town_time_get_us (self->town->time) - at_us < MOMENT_US;
}

gboolean
town_relay_could_receive (TownRelay        *self,
                          const char       *who,
                          const char       *sharer,
                          const CpmContent *content)
{
  return was_denied_now (self, who) || may_receive (self, who, sharer, content);
}

static gboolean
has_blocked (TownRelay  *self,
             const char *who,
             const char *other)
{
  RelayStore *store = town_store_get (self->store);

  return relay_store_is_blocked (store, who, other) ||
         relay_store_is_blocked (store, who, cpm_address_get_domain (other));
}

static gboolean
is_in (const char *state)
{
  return g_str_equal (state, "accepted") || g_str_equal (state, "joined") ||
         g_str_equal (state, "lost");
}

/* The first time that @what is seen. */
static gboolean
is_news (TownRelay  *self,
         const char *what)
{
  return g_hash_table_add (self->seen, g_strdup (what));
}

/* Rights are looked at when something begins: an invitation, other content, or somebody who comes
 * in. What is taken away later counts from the next of these on. */
static void
check_rights (TownRelay        *self,
              JsonObject       *session,
              const CpmContent *content,
              JsonObject       *member)
{
  TownLog *log = self->town->log;
  const char *share = cpm_json_get_string (session, "share", "");
  const char *kind = cpm_content_kind_to_string (content->kind);
  const char *sharer = cpm_json_get_string (session, "sharer", "");
  const char *who = cpm_json_get_string (member, "who", "");
  const char *state = cpm_json_get_string (member, "state", "");
  int n = (int) cpm_json_get_int (session, "n", 0);
  TownRelay *home = town_find_home (self->town, who);
  g_autofree char *shown = g_strdup_printf ("%s %d", share, n);
  g_autofree char *rung = g_strdup_printf ("%s rings %s", share, who);
  g_autofree char *seen = g_strdup_printf ("%s %d seen by %s", share, n, who);

  if (is_news (self, shown) && !may_show (self, sharer, content))
    town_log_blame (log, "%s shows “%s” in %s without the right to.", sharer, kind, share);

  if (g_str_equal (state, "invited") && home == self && is_news (self, rung) &&
      !may_receive (self, who, sharer, content))
    town_log_blame (log, "%s is asked to see “%s” of %s, which it may not receive.", who, kind,
                    sharer);

  /* It may come in again. */
  if (!is_in (state) || cpm_json_get_object (member, "content_error") != NULL)
    g_hash_table_remove (self->seen, seen);
  else if (is_news (self, seen) &&
           !(home == self ? may_receive (self, who, sharer, content)
                          : town_relay_could_receive (home, who, sharer, content)))
    town_log_blame (log, "%s receives “%s” in %s without the right to.", who, kind, share);
}

/* What is shown to the people of a group is shown to nobody else, as far as this home knows who
 * they are. */
static void
check_in_conversation (TownRelay  *self,
                       JsonObject *session,
                       const char *who)
{
  const char *conversation = cpm_json_get_string (session, "conversation", "");
  RelayGroups *groups = relay_server_get_context (self->server)->groups;

  g_autofree char *key = NULL;
  int64_t *since_us;

  if (!cpm_address_is_group (conversation))
    return;

  key = g_strdup_printf ("%s %s", cpm_json_get_string (session, "share", ""), who);
  if (relay_groups_is_member (groups, conversation, who))
    {
      g_hash_table_remove (self->outsiders, key);
      return;
    }

  /* Between COMMIT and what is made of it a moment passes. */
  since_us = g_hash_table_lookup (self->outsiders, key);
  if (since_us == NULL)
    {
      since_us = g_new (int64_t, 1);
      *since_us = town_time_get_us (self->town->time);
      g_hash_table_insert (self->outsiders, g_steal_pointer (&key), since_us);
    }
  else if (town_time_get_us (self->town->time) - *since_us > OUTSIDE_US)
    {
      town_log_blame (self->town->log, "%s takes part in %s, which is shown to group %s only.", who,
                      cpm_json_get_string (session, "share", ""), conversation);
    }
}

/* A block ends at once what runs between the two; of another home's people it is known here a
 * moment later. */
static void
check_block (TownRelay  *self,
             JsonObject *session,
             const char *who)
{
  const char *share = cpm_json_get_string (session, "share", "");
  const char *sharer = cpm_json_get_string (session, "sharer", "");
  TownRelay *home = town_find_home (self->town, who);

  if (has_blocked (self, sharer, who))
    town_log_blame (self->town->log, "%s has blocked %s, who takes part in %s.", sharer, who,
                    share);
  if (has_blocked (home, who, sharer) && (home == self || !was_denied_now (home, who)))
    town_log_blame (self->town->log, "%s takes part in %s of %s, whom it has blocked.", who, share,
                    sharer);
}

static void
check_member (TownRelay        *self,
              JsonObject       *session,
              const CpmContent *content,
              JsonObject       *member)
{
  TownLog *log = self->town->log;
  const char *share = cpm_json_get_string (session, "share", "");
  const char *who = cpm_json_get_string (member, "who", "");
  const char *state = cpm_json_get_string (member, "state", "");
  gboolean admitted = town_media_is_admitted (self->media, share, who);
  gboolean may_receive = is_in (state) && cpm_json_get_object (member, "content_error") == NULL;

  if (admitted && !may_receive)
    town_log_blame (log, "%s is %s in %s, but its media are open to it.", who, state, share);
  /* Who watched goes on to when the sharer's media come again. */
  if (!admitted && may_receive && !g_str_equal (state, "lost") &&
      cpm_json_get_boolean (session, "media_up", FALSE))
    town_log_blame (log, "%s is %s in %s, but its media are closed to it.", who, state, share);

  if (is_in (state))
    {
      check_block (self, session, who);
      check_in_conversation (self, session, who);
    }
  check_rights (self, session, content, member);
}

/* Other players, with the viewer's second credentials: only beside the viewer, and when the sharer
 * allows it. */
static gboolean
may_watch (JsonObject *session,
           const char *name)
{
  JsonArray *members = cpm_json_get_array (session, "members");
  JsonArray *allow = cpm_json_get_array (session, "allow");
  unsigned index = (unsigned) g_ascii_strtoull (name + strlen ("watch-"), NULL, 10) - 1;
  JsonObject *member = index < json_array_get_length (members)
                         ? json_array_get_object_element (members, index)
                         : NULL;

  return member != NULL && is_in (cpm_json_get_string (member, "state", "")) && allow != NULL &&
         (cpm_allow_from_json (allow) & CPM_ALLOW_WATCH);
}

static unsigned
count_watchers (TownRelay  *self,
                JsonObject *session,
                GPtrArray  *admitted)
{
  unsigned n_watchers = 0;

  for (unsigned i = 0; i < admitted->len; i++)
    n_watchers += g_str_has_prefix (admitted->pdata[i], "watch-") &&
                  may_watch (session, admitted->pdata[i]);

  return n_watchers;
}

/* Who has handed the share over does not show anything in it any more when the heir begins. */
static void
check_one_sharer (TownRelay  *self,
                  JsonObject *session)
{
  const char *before = cpm_json_get_string (session, "continues", NULL);

  for (unsigned i = 0; before != NULL && i < self->town->relays->len; i++)
    {
      if (town_relay_has_share (self->town->relays->pdata[i], before))
        town_log_blame (self->town->log, "Share %s continues %s, which goes on.",
                        cpm_json_get_string (session, "share", ""), before);
    }
}

static void
check_session (TownRelay  *self,
               JsonObject *session)
{
  TownLog *log = self->town->log;
  const char *share = cpm_json_get_string (session, "share", "");
  const char *state = cpm_json_get_string (session, "state", "");
  JsonArray *members = cpm_json_get_array (session, "members");
  gboolean has_media = g_str_equal (state, "active") || g_str_equal (state, "held");
  g_autoptr (GPtrArray) admitted = town_media_list_admitted (self->media, share);
  g_autoptr (CpmContent) content = cpm_content_from_json (cpm_json_get_object (session, "content"),
                                                          NULL);
  unsigned n_known = count_watchers (self, session, admitted);

  g_assert_nonnull (content);
  check_in_conversation (self, session, cpm_json_get_string (session, "sharer", ""));
  check_one_sharer (self, session);

  if (town_media_is_open (self->media, share) != has_media)
    town_log_blame (log, "Share %s is %s, but its media are %s.", share, state,
                    has_media ? "closed" : "open");

  for (unsigned i = 0; i < json_array_get_length (members); i++)
    {
      JsonObject *member = json_array_get_object_element (members, i);

      n_known += town_media_is_admitted (self->media, share,
                                         cpm_json_get_string (member, "who", ""));
      check_member (self, session, content, member);
    }

  if (n_known != admitted->len)
    town_log_blame (log, "The media of share %s are open to somebody who is not in it.", share);
}

/* Whether its sharer lives here; else it is the copy of another home's. */
static gboolean
is_ours (TownRelay  *self,
         JsonObject *session)
{
  return town_find_home (self->town, cpm_json_get_string (session, "sharer", "")) == self;
}

/* Who is gone is seen to be. */
static void
check_alive (TownRelay *self)
{
  RelayContext *context = relay_server_get_context (self->server);
  g_autoptr (GPtrArray) peers = relay_people_list (context->people, NULL);

  for (unsigned i = 0; i < peers->len; i++)
    {
      int64_t silent_us = cpm_clock_get_monotonic_us (context->clock) -
                          relay_peer_get_heard_us (peers->pdata[i]);

      if (silent_us > OFFLINE_US)
        town_log_blame (
          self->town->log, "%s takes %s for there, of which it has heard nothing for %d s.",
          self->domain, relay_peer_get_user (peers->pdata[i]), (int) (silent_us / G_USEC_PER_SEC));
    }
}

void
town_relay_check (TownRelay *self)
{
  g_autoptr (JsonArray) sessions = NULL;
  g_autoptr (GPtrArray) open = NULL;
  unsigned n_open = 0;

  if (self->server == NULL)
    return;

  check_alive (self);
  sessions = relay_shares_to_json (relay_server_get_context (self->server)->shares);
  open = town_media_list_shares (self->media);
  for (unsigned i = 0; i < json_array_get_length (sessions); i++)
    {
      JsonObject *session = json_array_get_object_element (sessions, i);

      if (!is_ours (self, session))
        continue;

      n_open += town_media_is_open (self->media, cpm_json_get_string (session, "share", ""));
      check_session (self, session);
    }

  if (n_open != open->len)
    town_log_blame (self->town->log, "%s holds media open of a share that has ended.",
                    self->domain);
}

static JsonObject *
find_session (TownRelay  *self,
              JsonArray  *sessions,
              const char *share)
{
  for (unsigned i = 0; i < json_array_get_length (sessions); i++)
    {
      JsonObject *session = json_array_get_object_element (sessions, i);

      if (g_str_equal (cpm_json_get_string (session, "share", ""), share))
        return session;
    }

  return NULL;
}

gboolean
town_relay_has_share (TownRelay  *self,
                      const char *share)
{
  g_autoptr (JsonArray) sessions = NULL;

  if (self->server == NULL)
    return FALSE;

  if (!relay_shares_owns (relay_server_get_context (self->server)->shares, share))
    return FALSE;

  sessions = relay_shares_to_json (relay_server_get_context (self->server)->shares);

  return find_session (self, sessions, share) != NULL;
}

/* All devices of @who have been told of how it stands now. */
static void
check_told (TownRelay  *self,
            JsonObject *session,
            const char *who)
{
  const char *share = cpm_json_get_string (session, "share", "");
  int64_t rev = cpm_json_get_int (session, "rev", 0);

  for (unsigned i = 0; i < self->town->devices->len; i++)
    {
      TownDevice *device = self->town->devices->pdata[i];

      if (device->ops->get_rev == NULL || town_device_is_revoked (device) ||
          !g_str_equal (device->user, who) || device->ops->get_rev (device, share) == rev)
        continue;

      town_log_blame (self->town->log, "Share %s is at rev %d, but %s has been told of rev %d.",
                      share, (int) rev, device->place, (int) device->ops->get_rev (device, share));
    }
}

static void
check_member_rests (TownRelay  *self,
                    JsonObject *session,
                    JsonObject *member)
{
  const char *share = cpm_json_get_string (session, "share", "");
  const char *who = cpm_json_get_string (member, "who", "");
  const char *state = cpm_json_get_string (member, "state", "");

  if (is_in (state))
    check_told (self, session, who);
  if (g_str_equal (state, "invited") || g_str_equal (state, "ringing") ||
      g_str_equal (state, "lost") ||
      (g_str_equal (state, "accepted") && cpm_json_get_object (member, "content_error") == NULL))
    town_log_blame (self->town->log, "%s stays %s in share %s.", who, state, share);
}

/* The owner's word is the last one. */
static void
check_copy_rests (TownRelay  *self,
                  JsonObject *copy)
{
  TownRelay *owner = town_find_home (self->town, cpm_json_get_string (copy, "sharer", ""));
  const char *share = cpm_json_get_string (copy, "share", "");
  g_autoptr (JsonArray) sessions =
    relay_shares_to_json (relay_server_get_context (owner->server)->shares);
  JsonObject *session = find_session (owner, sessions, share);

  if (session == NULL)
    town_log_blame (self->town->log, "%s holds share %s for live, which has ended at %s.",
                    self->domain, share, owner->domain);
  else if (cpm_json_get_int (session, "rev", 0) != cpm_json_get_int (copy, "rev", 0))
    town_log_blame (self->town->log, "Share %s is at rev %d, but %s was told of rev %d.", share,
                    (int) cpm_json_get_int (session, "rev", 0), self->domain,
                    (int) cpm_json_get_int (copy, "rev", 0));
}

void
town_relay_check_rest (TownRelay *self,
                       gboolean   ended)
{
  g_autoptr (JsonArray) sessions =
    relay_shares_to_json (relay_server_get_context (self->server)->shares);
  unsigned n_open = relay_server_get_n_connections (self->server) -
                    relay_homes_get_n_connections (relay_server_get_context (self->server)->homes);
  unsigned n_devices = 0;

  town_relay_check (self);
  for (unsigned i = 0; i < self->town->devices->len; i++)
    {
      TownDevice *device = self->town->devices->pdata[i];

      n_devices += device->relay == self && !town_device_is_revoked (device);
    }
  if (n_open != n_devices)
    town_log_blame (self->town->log, "%s has %u connections for %u devices.", self->domain, n_open,
                    n_devices);

  for (unsigned i = 0; i < json_array_get_length (sessions); i++)
    {
      JsonObject *session = json_array_get_object_element (sessions, i);
      const char *share = cpm_json_get_string (session, "share", "");
      const char *state = cpm_json_get_string (session, "state", "");
      JsonArray *members = cpm_json_get_array (session, "members");

      if (!is_ours (self, session))
        {
          check_copy_rests (self, session);
          continue;
        }

      if (ended || !g_str_equal (state, "active"))
        town_log_blame (self->town->log, "Share %s stays %s.", share, state);
      check_told (self, session, cpm_json_get_string (session, "sharer", ""));
      for (unsigned n = 0; n < json_array_get_length (members); n++)
        check_member_rests (self, session, json_array_get_object_element (members, n));
    }
}
