/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-pass"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-homes.h"

#include "cpm-address.h"
#include "cpm-json.h"

/* A second's worth at once. */
#define REACTION_BURST 5
#define REACTION_PERIOD_US (G_USEC_PER_SEC / 5)
#define POINTER_BURST 30
#define POINTER_PERIOD_US (G_USEC_PER_SEC / 30)
#define PROGRESS_BURST 20
#define PROGRESS_PERIOD_US (G_USEC_PER_SEC / 5)

void
relay_shares_pass_init (RelayShares *self)
{
  CpmClock *clock = self->context->clock;

  self->reactions = relay_throttle_new (clock, REACTION_BURST, REACTION_PERIOD_US);
  self->pointers = relay_throttle_new (clock, POINTER_BURST, POINTER_PERIOD_US);
  self->progresses = relay_throttle_new (clock, PROGRESS_BURST, PROGRESS_PERIOD_US);
}

void
relay_shares_pass_clear (RelayShares *self)
{
  g_clear_pointer (&self->reactions, relay_throttle_free);
  g_clear_pointer (&self->pointers, relay_throttle_free);
  g_clear_pointer (&self->progresses, relay_throttle_free);
}

/* Whether there is room for one more of what @asker says. */
static gboolean
spend (RelayShares           *self,
       const char            *id,
       const RelayShareAsker *asker)
{
  CpmMessageType type = cpm_message_get_message_type (asker->request);
  RelayThrottle *throttle = type == CPM_MESSAGE_SHARE_REACTION ? self->reactions
                          : type == CPM_MESSAGE_SHARE_POINTER ? self->pointers : self->progresses;
  g_autofree char *key = g_strconcat (id, " ", asker->who, NULL);

  if (!relay_throttle_check (throttle, key))
    return FALSE;

  relay_throttle_spend (throttle, key);
  return TRUE;
}

static gboolean
may_say (RelayShareEntry       *entry,
         const RelayShareAsker *asker)
{
  CpmSession *session = relay_share_get_session (entry->share);

  return cpm_session_get_state (session) == CPM_SESSION_ACTIVE &&
         relay_shares_is_carried_by (entry->share, asker) &&
         (cpm_message_get_message_type (asker->request) != CPM_MESSAGE_SHARE_PROGRESS ||
          g_str_equal (asker->who, cpm_session_get_sharer (session)));
}

/* All that the type has, as the router has seen to, but whose it is: that is ours to say. */
static JsonObject *
copy_body (CpmMessage *message)
{
  JsonObject *said = cpm_message_get_body (message);
  g_autoptr (GList) names = json_object_get_members (said);
  JsonObject *body = json_object_new ();

  for (GList *name = names; name != NULL; name = name->next)
    {
      if (!g_str_equal (name->data, "who") && !g_str_equal (name->data, "device"))
        json_object_set_member (body, name->data, json_object_dup_member (said, name->data));
    }

  return body;
}

/* To a person of another home, for whom the sharer speaks: @author may be of a third one. */
static void
pass_to_home (RelayShares *self,
              RelayShare  *share,
              CpmMessage  *request,
              const char  *author,
              const char  *to)
{
  const char *sharer = cpm_session_get_sharer (relay_share_get_session (share));
  JsonObject *body = copy_body (request);
  g_autoptr (CpmMessage) message = NULL;

  if (!g_str_equal (author, sharer))
    json_object_set_string_member (body, "who", author);

  message = relay_shares_new_message (self, cpm_message_get_message_type (request), sharer, to,
                                      body);
  if (self->context->homes != NULL)
    relay_homes_send (self->context->homes, cpm_address_get_domain (to), message);
}

static void
pass_to (RelayShares *self,
         RelayShare  *share,
         CpmMessage  *request,
         const char  *author,
         const char  *to,
         const char  *device)
{
  g_autoptr (CpmMessage) message = NULL;
  RelayPeer *peer;

  if (g_str_equal (author, to))
    return;

  if (!relay_shares_is_ours (self, to))
    {
      pass_to_home (self, share, request, author, to);
      return;
    }

  peer = device != NULL ? relay_people_find (self->context->people, to, device) : NULL;
  if (peer == NULL)
    return;

  message = cpm_message_new (cpm_message_get_message_type (request), NULL, NULL,
                             copy_body (request));
  cpm_message_stamp (message, author, cpm_clock_get_real_us (self->context->clock));
  relay_peer_send (peer, message);
}

/* To all others who take part now. */
static void
pass_to_all (RelayShares *self,
             RelayShare  *share,
             CpmMessage  *request,
             const char  *author)
{
  CpmSession *session = relay_share_get_session (share);

  pass_to (self, share, request, author, cpm_session_get_sharer (session),
           relay_share_get_device (share));
  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (cpm_member_state_is_in (member->state))
        pass_to (self, share, request, author, member->who, member->device);
    }
}

void
relay_shares_pass (RelayShares           *self,
                   const RelayShareAsker *asker)
{
  const char *id = cpm_json_get_string (cpm_message_get_body (asker->request), "share", "");
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);
  g_autoptr (GError) error = NULL;

  g_return_if_fail (RELAY_IS_SHARES (self));

  /* Nobody waits for an answer: what cannot be passed on is dropped. */
  if (entry == NULL && asker->peer != NULL)
    {
      if (!relay_replicas_pass_up (self->replicas, asker, &error))
        g_debug ("%s: %s",
                 cpm_message_type_to_string (cpm_message_get_message_type (asker->request)),
                 error->message);
    }
  else if (entry != NULL && may_say (entry, asker) && spend (self, id, asker))
    {
      pass_to_all (self, entry->share, asker->request, asker->who);
    }
}
