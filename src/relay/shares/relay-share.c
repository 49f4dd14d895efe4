/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-share"

#include "config.h"

#include "relay-share.h"

#include "relay-authority.h"

struct _RelayShare
{
  GObject parent_instance;

  CpmSession *session;
  char *device;
  GHashTable *tokens; /* who → token */
  CpmCodec codec;
};

G_DEFINE_FINAL_TYPE (RelayShare, relay_share, G_TYPE_OBJECT)

static void
relay_share_finalize (GObject *object)
{
  RelayShare *self = RELAY_SHARE (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->device, g_free);
  g_clear_pointer (&self->tokens, g_hash_table_unref);

  G_OBJECT_CLASS (relay_share_parent_class)->finalize (object);
}

static void
relay_share_class_init (RelayShareClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_share_finalize;
}

static void
relay_share_init (RelayShare *self)
{
  self->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->codec = CPM_CODEC_VP8;
}

RelayShare *
relay_share_new (CpmSession *session,
                 const char *device)
{
  RelayShare *self = g_object_new (RELAY_TYPE_SHARE, NULL);

  self->session = g_object_ref (session);
  self->device = g_strdup (device);

  return self;
}

CpmSession *
relay_share_get_session (RelayShare *self)
{
  g_return_val_if_fail (RELAY_IS_SHARE (self), NULL);

  return self->session;
}

const char *
relay_share_get_id (RelayShare *self)
{
  g_return_val_if_fail (RELAY_IS_SHARE (self), NULL);

  return cpm_session_get_id (self->session);
}

gboolean
relay_share_is_live (RelayShare *self)
{
  g_return_val_if_fail (RELAY_IS_SHARE (self), FALSE);

  return cpm_session_get_state (self->session) != CPM_SESSION_ENDED;
}

const char *
relay_share_get_device (RelayShare *self)
{
  g_return_val_if_fail (RELAY_IS_SHARE (self), NULL);

  return self->device;
}

const char *
relay_share_ensure_token (RelayShare *self,
                          const char *who,
                          CpmClock   *clock)
{
  g_return_val_if_fail (RELAY_IS_SHARE (self), NULL);

  if (!g_hash_table_contains (self->tokens, who))
    g_hash_table_insert (self->tokens, g_strdup (who), cpm_clock_new_secret (clock));

  return g_hash_table_lookup (self->tokens, who);
}

void
relay_share_drop_token (RelayShare *self,
                        const char *who)
{
  g_return_if_fail (RELAY_IS_SHARE (self));

  g_hash_table_remove (self->tokens, who);
}

void
relay_share_drop_tokens (RelayShare *self)
{
  g_return_if_fail (RELAY_IS_SHARE (self));

  g_hash_table_remove_all (self->tokens);
}

void
relay_share_choose_codec (RelayShare  *self,
                          RelayPeople *people)
{
  CpmCapability viewers[CPM_SESSION_MAX_MEMBERS];
  size_t n_viewers = 0;

  g_return_if_fail (RELAY_IS_SHARE (self));

  /* Those who may still accept count too. */
  for (unsigned i = 0; i < cpm_session_get_n_members (self->session); i++)
    {
      const CpmMember *member = cpm_session_get_member (self->session, i);

      if (cpm_member_state_is_in (member->state) || member->state == CPM_MEMBER_RINGING ||
          member->state == CPM_MEMBER_INVITED)
        {
          RelayPeer *peer = member->device != NULL ? relay_people_find (people, member->who, member->device) : NULL;

          viewers[n_viewers++] = peer != NULL ? relay_peer_get_capabilities (peer)
                                              : relay_people_get_capabilities (people, member->who);
        }
    }

  self->codec = cpm_capabilities_choose_codec (viewers, n_viewers);
}

gboolean
relay_share_is_carried_by (RelayShare *self,
                           RelayPeer  *peer)
{
  const char *user = relay_peer_get_user (peer);
  const CpmMember *member;

  g_return_val_if_fail (RELAY_IS_SHARE (self), FALSE);

  if (g_str_equal (user, cpm_session_get_sharer (self->session)))
    return g_strcmp0 (self->device, relay_peer_get_device (peer)) == 0;

  member = cpm_session_find_member (self->session, user);
  return member != NULL && cpm_member_state_is_in (member->state) &&
         g_strcmp0 (member->device, relay_peer_get_device (peer)) == 0;
}

static JsonObject *
new_media (RelayShare   *self,
           RelayContext *context,
           RelayPeer    *peer,
           const char   *token)
{
  g_autofree char *authority = relay_authority_get_with_port (context->config, context->rtsp_port,
                                                              relay_peer_get_authority (peer));
  g_autofree char *url = g_strdup_printf ("rtsps://%s/share/%s", authority, relay_share_get_id (self));
  gboolean is_sharer = g_str_equal (relay_peer_get_user (peer), cpm_session_get_sharer (self->session));
  JsonObject *media = json_object_new ();

  json_object_set_string_member (media, "role", is_sharer ? "publish" : "play");
  json_object_set_string_member (media, "url", url);
  json_object_set_string_member (media, "user", relay_peer_get_user (peer));
  json_object_set_string_member (media, "token", token);
  json_object_set_string_member (media, "video", cpm_codec_to_string (self->codec));
  json_object_set_string_member (media, "audio", "opus");

  return media;
}

CpmMessage *
relay_share_to_message (RelayShare   *self,
                        RelayContext *context,
                        RelayPeer    *peer)
{
  JsonObject *body;
  const char *token;

  g_return_val_if_fail (RELAY_IS_SHARE (self), NULL);

  body = cpm_session_to_json (self->session);
  token = g_hash_table_lookup (self->tokens, relay_peer_get_user (peer));
  if (token != NULL && relay_share_is_carried_by (self, peer))
    json_object_set_object_member (body, "media", new_media (self, context, peer, token));

  return cpm_message_new (CPM_MESSAGE_SHARE_STATE, NULL, NULL, body);
}
