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
  GHashTable *abilities; /* who, of another home → CpmCapability */
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
  g_clear_pointer (&self->abilities, g_hash_table_unref);

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
  self->abilities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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

gboolean
relay_share_has_token (RelayShare *self,
                       const char *who)
{
  g_return_val_if_fail (RELAY_IS_SHARE (self), FALSE);

  return g_hash_table_contains (self->tokens, who);
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
relay_share_note_capabilities (RelayShare    *self,
                               const char    *who,
                               CpmCapability  capabilities)
{
  g_return_if_fail (RELAY_IS_SHARE (self));

  g_hash_table_replace (self->abilities, g_strdup (who), GUINT_TO_POINTER (capabilities));
}

/* Of the device that takes part. Of somebody of another home who has not said it nothing is known,
 * which is %CPM_CAPABILITY_NONE. */
static CpmCapability
get_abilities (RelayShare      *self,
               RelayPeople     *people,
               const CpmMember *member)
{
  RelayPeer *peer = member->device != NULL ? relay_people_find (people, member->who, member->device)
                                           : NULL;
  gpointer said;

  if (g_hash_table_lookup_extended (self->abilities, member->who, NULL, &said))
    return (CpmCapability) GPOINTER_TO_UINT (said);

  if (peer != NULL)
    return relay_peer_get_capabilities (peer);

  return cpm_member_state_is_waiting (member->state)
           ? relay_people_get_capabilities (people, member->who)
           : CPM_CAPABILITY_NONE;
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
      CpmCapability abilities = get_abilities (self, people, member);

      /* Who is not known has no say: they are asked when they come. */
      if ((cpm_member_state_is_in (member->state) || cpm_member_state_is_waiting (member->state)) &&
          abilities != CPM_CAPABILITY_NONE)
        viewers[n_viewers++] = abilities;
    }

  self->codec = cpm_capabilities_choose_codec (viewers, n_viewers);
}

gboolean
relay_share_lower_codec (RelayShare  *self,
                         RelayPeople *people)
{
  g_return_val_if_fail (RELAY_IS_SHARE (self), FALSE);

  for (unsigned i = 0;
       self->codec != CPM_CODEC_VP8 && i < cpm_session_get_n_members (self->session); i++)
    {
      const CpmMember *member = cpm_session_get_member (self->session, i);
      CpmCapability abilities = get_abilities (self, people, member);

      if (cpm_member_state_is_in (member->state) && abilities != CPM_CAPABILITY_NONE &&
          cpm_capabilities_choose_codec (&abilities, 1) != self->codec)
        {
          self->codec = CPM_CODEC_VP8;
          return TRUE;
        }
    }

  return FALSE;
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

static char *
make_url (RelayShare   *self,
          RelayContext *context,
          const char   *reached_by)
{
  g_autofree char *authority = relay_authority_get_with_port (context->config, context->rtsp_port,
                                                              reached_by);

  return g_strdup_printf ("rtsps://%s/share/%s", authority, relay_share_get_id (self));
}

static JsonObject *
new_media (RelayShare   *self,
           RelayContext *context,
           const char   *who,
           const char   *reached_by)
{
  g_autofree char *url = make_url (self, context, reached_by);
  gboolean is_sharer = g_str_equal (who, cpm_session_get_sharer (self->session));
  JsonObject *media = json_object_new ();

  json_object_set_string_member (media, "role", is_sharer ? "publish" : "play");
  json_object_set_string_member (media, "url", url);
  json_object_set_string_member (media, "user", who);
  json_object_set_string_member (media, "token", g_hash_table_lookup (self->tokens, who));
  json_object_set_string_member (media, "video", cpm_codec_to_string (self->codec));
  json_object_set_string_member (media, "audio", "opus");
  if (context->clock_port != 0)
    json_object_set_int_member (media, "clock_port", context->clock_port);

  return media;
}

CpmMessage *
relay_share_to_message (RelayShare   *self,
                        RelayContext *context,
                        RelayPeer    *peer)
{
  const char *who = relay_peer_get_user (peer);
  JsonObject *body;

  g_return_val_if_fail (RELAY_IS_SHARE (self), NULL);

  body = cpm_session_to_json (self->session);
  if (g_hash_table_contains (self->tokens, who) && relay_share_is_carried_by (self, peer))
    json_object_set_object_member (body, "media",
                                   new_media (self, context, who, relay_peer_get_authority (peer)));

  return cpm_message_new (CPM_MESSAGE_SHARE_STATE, NULL, NULL, body);
}

CpmMessage *
relay_share_to_home (RelayShare   *self,
                     RelayContext *context,
                     const char   *who,
                     const char   *id)
{
  JsonObject *body;
  CpmMessage *message;

  g_return_val_if_fail (RELAY_IS_SHARE (self), NULL);

  body = cpm_session_to_json (self->session);
  if (g_hash_table_contains (self->tokens, who))
    {
      JsonObject *media = new_media (self, context, who, RELAY_SHARE_ANY_HOST);

      if (context->media_pin != NULL)
        json_object_set_string_member (media, "pin", context->media_pin);
      json_object_set_object_member (body, "media", media);
    }

  message = cpm_message_new (CPM_MESSAGE_SHARE_STATE, id, who, body);
  /* By the same clock as `expires`: the other home counts from the one to the other. */
  cpm_message_stamp (message, cpm_session_get_sharer (self->session),
                     relay_context_get_time_us (context));
  return message;
}

JsonObject *
relay_share_new_watching (RelayShare   *self,
                          RelayContext *context,
                          const char   *name,
                          const char   *reached_by)
{
  g_autofree char *url = make_url (self, context, reached_by);
  JsonObject *body = relay_share_new_body (relay_share_get_id (self));

  json_object_set_string_member (body, "url", url);
  json_object_set_string_member (body, "user", name);
  json_object_set_string_member (body, "token", g_hash_table_lookup (self->tokens, name));

  return body;
}

JsonObject *
relay_share_new_body (const char *id)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "share", id);

  return body;
}
