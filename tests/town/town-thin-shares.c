/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-thin.h"

#include "cpm-address.h"
#include "cpm-json.h"
#include "cpm-session.h"

#define RECONNECT_US G_USEC_PER_SEC

typedef TownThinShare Share;

static TownRelay *
get_owner (Share *share)
{
  return town_find_home (share->device->parent.town, cpm_session_get_sharer (share->session));
}

static const CpmMember *
get_own_member (Share *share)
{
  return cpm_session_find_member (share->session, share->device->parent.user);
}

static gboolean
is_live (Share *share)
{
  return !share->is_over && cpm_session_get_state (share->session) != CPM_SESSION_ENDED;
}

static gboolean
is_waiting (Share *share)
{
  const CpmMember *member = get_own_member (share);

  return is_live (share) && member != NULL &&
         (member->state == CPM_MEMBER_INVITED || member->state == CPM_MEMBER_RINGING);
}

static void
hang_up (Share *share)
{
  TownRelay *owner = get_owner (share);

  town_time_clear (share->device->parent.town->time, &share->timer);
  if (share->used_token != NULL && owner->media != NULL && owner->n_lives == share->life)
    town_media_hang_up (owner->media, share->id, share->device->parent.user,
                        share->device->parent.place);
  g_clear_pointer (&share->used_token, g_free);
}

static void
share_free (gpointer data)
{
  Share *share = data;

  hang_up (share);
  g_object_unref (share->session);
  g_free (share->id);
  g_free (share->token);
  g_free (share);
}

void
town_thin_shares_init (TownThin *self)
{
  self->shares = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, share_free);
}

void
town_thin_shares_clear (TownThin *self)
{
  g_clear_pointer (&self->shares, g_hash_table_unref);
}

/* The media */

static void connect_media (Share *share);

static gboolean
is_connected (Share *share)
{
  return share->used_token != NULL && g_strcmp0 (share->used_token, share->token) == 0 &&
         share->life == get_owner (share)->n_lives;
}

static gboolean
on_connect_media (gpointer user_data)
{
  Share *share = user_data;
  TownDevice *device = &share->device->parent;
  TownRelay *owner = get_owner (share);
  gboolean done = FALSE;

  share->timer = 0;
  if (share->token == NULL || is_connected (share))
    return G_SOURCE_REMOVE;

  if (owner->media != NULL && !town_net_is_parted (device->town->net, device->place, owner->domain))
    done =
      share->is_publisher
        ? town_media_publish (owner->media, share->id, device->user, device->place, share->token)
        : town_media_watch (owner->media, share->id, device->user, device->place, share->token);
  if (done)
    {
      g_free (share->used_token);
      share->used_token = g_strdup (share->token);
      share->life = owner->n_lives;
    }
  else
    {
      share->timer = town_time_add (device->town->time, RECONNECT_US, on_connect_media, share,
                                    NULL);
    }

  return G_SOURCE_REMOVE;
}

static void
connect_media (Share *share)
{
  Town *town = share->device->parent.town;

  if (share->timer == 0 && !is_connected (share))
    share->timer = town_time_add (town->time, 1000 * (20 + town_pick (town, 400)), on_connect_media,
                                  share, NULL);
}

/* Verbs */

typedef struct
{
  TownThin *device;
  CpmMessageType type;
  char *share;
} Request;

/* As the app has it: the relay was restarted and has forgotten the share, and the sharer's does not
 * know of it either, or cannot be asked. */
static gboolean
is_end (CpmMessageType  type,
        const GError   *error)
{
  return g_error_matches (error, CPM_ERROR, CPM_ERROR_NOT_FOUND) ||
         (type == CPM_MESSAGE_SHARE_SYNC &&
          (g_error_matches (error, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE) ||
           g_error_matches (error, CPM_ERROR, CPM_ERROR_BAD_STATE)));
}

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Request *request = user_data;
  TownThin *self = request->device;
  Share *share = self->shares != NULL ? g_hash_table_lookup (self->shares, request->share) : NULL;
  g_autoptr (GError) error = NULL;

  if (client_link_request_finish (CLIENT_LINK (source), result, &error))
    town_log (self->parent.town->log, "%s: %s is done", self->parent.place,
              cpm_message_type_to_string (request->type));
  else
    town_log (self->parent.town->log, "%s: %s: %s", self->parent.place,
              cpm_message_type_to_string (request->type), error->message);

  if (share != NULL && is_end (request->type, error))
    {
      share->is_over = TRUE;
      hang_up (share);
    }
  g_free (request->share);
  g_free (request);
}

void
town_thin_request (TownThin       *self,
                   CpmMessageType  type,
                   const char     *share,
                   const char     *to,
                   JsonObject     *body)
{
  Request *request = g_new0 (Request, 1);

  if (body == NULL)
    body = json_object_new ();
  json_object_set_string_member (body, "share", share);
  request->device = self;
  request->type = type;
  request->share = g_strdup (share);
  town_log (self->parent.town->log, "%s asks for %s of %s", self->parent.place,
            cpm_message_type_to_string (type), share);
  client_link_request_async (self->link, type, to, body, NULL, on_answered, request);
}

/* @body (transfer full) (nullable). */
static void
say (TownThin       *self,
     CpmMessageType  type,
     const char     *share,
     JsonObject     *body)
{
  town_thin_request (self, type, share, NULL, body);
}

void
town_thin_shares_resume (TownThin *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->shares);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Share *share = value;

      /* Its relay may have been restarted, and know nothing of what another home shows. */
      if (is_live (share))
        town_thin_request (self, CPM_MESSAGE_SHARE_SYNC, share->id,
                           cpm_session_get_sharer (share->session), NULL);
    }
}

/* What the relay says */

static void
check_media (Share      *share,
             JsonObject *media)
{
  const CpmMember *member = get_own_member (share);
  TownDevice *device = &share->device->parent;
  gboolean is_in = member == NULL ? g_hash_table_contains (share->device->own, share->id)
                                  : cpm_member_state_is_in (member->state) &&
                                      g_strcmp0 (member->device, device->id) == 0;

  if (media != NULL && (!is_in || cpm_session_get_state (share->session) == CPM_SESSION_ENDED))
    town_log_blame (device->town->log,
                    "%s is told how to reach the media of %s, in which it is not.", device->place,
                    share->id);
}

/* Who is asked at all may receive it. */
static void
check_may_see (Share *share)
{
  TownDevice *device = &share->device->parent;
  const char *sharer = cpm_session_get_sharer (share->session);
  const CpmContent *content = cpm_session_get_content (share->session);

  if (is_waiting (share) && cpm_session_get_rev (share->session) == 1 &&
      !town_relay_could_receive (device->relay, device->user, sharer, content))
    town_log_blame (device->town->log, "%s is asked to see “%s” of %s, which it may not receive.",
                    device->place, cpm_content_kind_to_string (content->kind), sharer);
}

gboolean
town_thin_takes_part (TownThinShare *share)
{
  const CpmMember *member = get_own_member (share);

  if (!is_live (share))
    return FALSE;

  return member == NULL ? g_hash_table_contains (share->device->own, share->id)
                        : cpm_member_state_is_in (member->state) &&
                          g_strcmp0 (member->device, share->device->parent.id) == 0;
}

static void
follow (Share      *share,
        JsonObject *media)
{
  g_free (share->token);
  share->token = media != NULL ? g_strdup (cpm_json_get_string (media, "token", "")) : NULL;
  share->is_publisher = get_own_member (share) == NULL;
  if (share->token != NULL)
    connect_media (share);
  else
    hang_up (share);
}

static gboolean
on_ring (gpointer user_data)
{
  Share *share = user_data;

  share->timer = 0;
  if (is_waiting (share))
    say (share->device, CPM_MESSAGE_SHARE_RINGING, share->id, NULL);

  return G_SOURCE_REMOVE;
}

static void
ring (Share *share)
{
  Town *town = share->device->parent.town;
  if (is_waiting (share) && share->timer == 0 &&
      cpm_session_get_expires_us (share->session) > client_link_get_time_us (share->device->link))
    share->timer = town_time_add (town->time, 1000 * (20 + town_pick (town, 300)), on_ring, share,
                                  NULL);
}

static JsonObject *pick_content (TownThin *self);

/* It was handed over to us: the same people are asked to look at what we show. */
static void
take_turn (Share *share)
{
  TownThin *self = share->device;
  JsonObject *body = pick_content (self);
  JsonArray *viewers = json_array_new ();

  json_array_add_string_element (viewers, cpm_session_get_sharer (share->session));
  for (unsigned i = 0; i < cpm_session_get_n_members (share->session); i++)
    {
      const CpmMember *member = cpm_session_get_member (share->session, i);

      if (!g_str_equal (member->who, self->parent.user) && member->reason == CPM_REASON_HANDED_OVER)
        json_array_add_string_element (viewers, member->who);
    }

  json_object_set_array_member (body, "viewers", viewers);
  json_object_set_string_member (body, "continues", share->id);
  if (cpm_session_get_conversation (share->session) != NULL)
    json_object_set_string_member (body, "conversation",
                                   cpm_session_get_conversation (share->session));
  g_hash_table_add (self->own, g_strdup (cpm_session_get_next (share->session)));
  say (self, CPM_MESSAGE_SHARE_INVITE, cpm_session_get_next (share->session), body);
}

/* @took_part: until now. */
static void
follow_heir (Share    *share,
             gboolean  took_part)
{
  TownThin *self = share->device;
  const char *next = cpm_session_get_next (share->session);

  if (took_part && next != NULL &&
      g_strcmp0 (cpm_session_get_heir (share->session), self->parent.user) == 0 &&
      !g_hash_table_contains (self->own, next))
    take_turn (share);
}

/* Who was in what this one continues says yes by itself. */
static void
accept_heir (Share *share)
{
  TownThin *self = share->device;
  const char *continues = cpm_session_get_continues (share->session);
  Share *before = continues != NULL ? g_hash_table_lookup (self->shares, continues) : NULL;

  if (before == NULL || !is_waiting (share) ||
      g_strcmp0 (cpm_session_get_next (before->session), share->id) != 0)
    return;

  if (g_strcmp0 (cpm_session_get_heir (before->session), cpm_session_get_sharer (share->session)) ==
      0)
    say (self, CPM_MESSAGE_SHARE_ACCEPT, share->id, NULL);
}

static Share *
add_share (TownThin   *self,
           CpmSession *session)
{
  Share *share = g_new0 (Share, 1);

  share->device = self;
  share->id = g_strdup (cpm_session_get_id (session));
  share->session = g_object_ref (session);
  g_hash_table_insert (self->shares, share->id, share);

  return share;
}

void
town_thin_shares_take (TownThin   *self,
                       CpmMessage *message)
{
  JsonObject *body = cpm_message_get_body (message);
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmSession) session = cpm_session_new_from_json (body, &error);
  gboolean took_part = FALSE;
  Share *share;

  if (session == NULL)
    {
      town_log_blame (self->parent.town->log, "%s is sent a share that is none: %s",
                      self->parent.place, error->message);
      return;
    }

  share = g_hash_table_lookup (self->shares, cpm_session_get_id (session));
  if (share == NULL)
    share = add_share (self, session);
  else if (cpm_session_get_rev (session) <= cpm_session_get_rev (share->session) && !share->is_over)
    return;
  else
    took_part = town_thin_takes_part (share);

  /* A relay that had been restarted may have heard of it again. */
  share->is_over = FALSE;
  g_set_object (&share->session, session);
  check_may_see (share);
  check_media (share, cpm_json_get_object (body, "media"));
  follow (share, cpm_json_get_object (body, "media"));
  ring (share);
  if (self->parent.is_leaving)
    return;

  follow_heir (share, took_part);
  accept_heir (share);
}

/* What people do */

static JsonObject *
pick_content (TownThin *self)
{
  static const char * const kinds[] = { "picture", "camera", "file", "music", "screen" };
  JsonObject *body = json_object_new ();
  JsonObject *content = json_object_new ();

  json_object_set_string_member (content, "kind",
                                 kinds[town_pick (self->parent.town, G_N_ELEMENTS (kinds))]);
  if (town_pick (self->parent.town, 4) == 0)
    json_object_set_boolean_member (content, "camera", TRUE);
  json_object_set_object_member (body, "content", content);

  return body;
}

static void
invite_some (TownThin *self)
{
  Town *town = self->parent.town;
  g_autofree char *share = cpm_clock_new_id (CPM_CLOCK (self->parent.clock));
  JsonObject *body = pick_content (self);
  JsonArray *viewers = json_array_new ();
  g_autoptr (GHashTable) chosen = g_hash_table_new (g_str_hash, g_str_equal);
  unsigned n_viewers = 1 + town_pick (town, 3);

  for (unsigned i = 0; i < n_viewers; i++)
    {
      TownDevice *viewer = town->devices->pdata[town_pick (town, town->devices->len)];

      if (!g_str_equal (viewer->user, self->parent.user) && g_hash_table_add (chosen, viewer->user))
        json_array_add_string_element (viewers, viewer->user);
    }

  json_object_set_array_member (body, "viewers", viewers);
  json_object_set_int_member (body, "ring_ms", 5000 + town_pick (town, 60000));
  if (json_array_get_length (viewers) == 0)
    {
      json_object_unref (body);
      return;
    }

  g_hash_table_add (self->own, g_strdup (share));
  say (self, CPM_MESSAGE_SHARE_INVITE, share, body);
}

/* To all people of a group. */
static void
invite_group (TownThin   *self,
              const char *address)
{
  TownGroups *groups = town_history_get_groups (self->parent.town->history);
  const char * const *members = town_groups_get_members (groups, address, self->parent.place);
  g_autofree char *share = cpm_clock_new_id (CPM_CLOCK (self->parent.clock));
  JsonObject *body;
  JsonArray *viewers;

  if (members == NULL || g_strv_length ((char **) members) < 2)
    return;

  body = pick_content (self);
  viewers = json_array_new ();
  for (unsigned i = 0; members[i] != NULL; i++)
    {
      if (!g_str_equal (members[i], self->parent.user))
        json_array_add_string_element (viewers, members[i]);
    }

  json_object_set_array_member (body, "viewers", viewers);
  json_object_set_string_member (body, "conversation", address);
  g_hash_table_add (self->own, g_strdup (share));
  say (self, CPM_MESSAGE_SHARE_INVITE, share, body);
}

static void
invite (TownThin *self)
{
  GPtrArray *groups = town_groups_list (town_history_get_groups (self->parent.town->history));

  if (groups->len > 0 && town_pick (self->parent.town, 3) == 0)
    invite_group (self, groups->pdata[town_pick (self->parent.town, groups->len)]);
  else
    invite_some (self);
}

static JsonObject *
pick_reason (TownThin *self)
{
  static const char * const reasons[] = { "busy", "later", "declined" };
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "reason",
                                 reasons[town_pick (self->parent.town, G_N_ELEMENTS (reasons))]);

  return body;
}

static void
hand_over (Share *share)
{
  TownThin *self = share->device;
  const CpmMember *heir = cpm_session_get_member (
    share->session, town_pick (self->parent.town, cpm_session_get_n_members (share->session)));
  g_autofree char *next = cpm_clock_new_id (CPM_CLOCK (self->parent.clock));
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "next", next);
  town_thin_request (self, CPM_MESSAGE_SHARE_HAND_OVER, share->id, heir->who, body);
}

static void
allow (Share *share)
{
  JsonObject *body = json_object_new ();

  json_object_set_array_member (body, "allow",
                                cpm_allow_to_json (town_pick (share->device->parent.town, 4)));
  say (share->device, CPM_MESSAGE_SHARE_ALLOW, share->id, body);
}

static void
act_as_sharer (Share *share)
{
  TownThin *self = share->device;

  /* As the buttons have it, mostly: there is somebody to show it to. */
  if (cpm_session_get_state (share->session) == CPM_SESSION_INVITING &&
      town_pick (self->parent.town, 4) > 0)
    return;

  switch (town_pick (self->parent.town, 9))
    {
    case 7:
      hand_over (share);
      break;
    case 8:
      allow (share);
      break;
    case 0:
      say (self, CPM_MESSAGE_SHARE_STOP, share->id, NULL);
      break;
    case 1:
      say (self, CPM_MESSAGE_SHARE_CANCEL, share->id, NULL);
      break;
    default:
      say (self, CPM_MESSAGE_SHARE_SWITCH, share->id, pick_content (self));
    }
}

static void
act_as_viewer (Share *share)
{
  static const CpmMessageType verbs[] = {
    CPM_MESSAGE_SHARE_LEAVE,   CPM_MESSAGE_SHARE_STOP,  CPM_MESSAGE_SHARE_JOIN,
    CPM_MESSAGE_SHARE_JOIN,    CPM_MESSAGE_SHARE_SYNC,  CPM_MESSAGE_SHARE_ACCEPT,
    CPM_MESSAGE_SHARE_RINGING, CPM_MESSAGE_SHARE_WATCH, CPM_MESSAGE_SHARE_REQUEST,
  };
  TownThin *self = share->device;

  if (is_waiting (share) && town_pick (self->parent.town, 4) > 0)
    say (self, CPM_MESSAGE_SHARE_ACCEPT, share->id, NULL);
  else if (is_waiting (share))
    say (self, CPM_MESSAGE_SHARE_DECLINE, share->id, pick_reason (self));
  else
    say (self, verbs[town_pick (self->parent.town, G_N_ELEMENTS (verbs))], share->id, NULL);
}

/* Those that live, as far as this device knows; the oldest first, as ids begin with the time. */
static GPtrArray *
list_live (TownThin *self)
{
  GPtrArray *live = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->shares);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      if (is_live (value))
        g_ptr_array_add (live, value);
    }

  return live;
}

static Share *
find_waiting (GPtrArray *live)
{
  for (unsigned i = 0; i < live->len; i++)
    {
      if (is_waiting (live->pdata[i]))
        return live->pdata[i];
    }

  return NULL;
}

/* Who is asked mostly answers; who shows, or looks on, mostly goes on with that. */
void
town_thin_act (TownDevice *device)
{
  TownThin *self = (TownThin *) device;
  g_autoptr (GPtrArray) live = list_live (self);
  Share *waiting = find_waiting (live);
  Share *share;

  if (!client_link_is_online (self->link))
    return;

  if (waiting != NULL && town_pick (device->town, 4) > 0)
    {
      act_as_viewer (waiting);
      return;
    }

  if (live->len == 0 || town_pick (device->town, 6) == 0)
    {
      invite (self);
      return;
    }

  share = live->pdata[town_pick (device->town, live->len)];
  if (town_pick (device->town, 3) == 0)
    town_thin_say_word (share);
  else if (get_own_member (share) == NULL)
    act_as_sharer (share);
  else
    act_as_viewer (share);
}

void
town_thin_accept (TownDevice *device)
{
  TownThin *self = (TownThin *) device;
  g_autoptr (GPtrArray) live = list_live (self);

  for (unsigned i = 0; i < live->len; i++)
    {
      if (!is_waiting (live->pdata[i]) || !client_link_is_online (self->link))
        continue;

      say (self, CPM_MESSAGE_SHARE_ACCEPT, ((Share *) live->pdata[i])->id, NULL);
      return;
    }
}

void
town_thin_finish (TownDevice *device)
{
  TownThin *self = (TownThin *) device;
  g_autoptr (GPtrArray) live = list_live (self);

  for (unsigned i = 0; i < live->len; i++)
    say (self, CPM_MESSAGE_SHARE_STOP, ((Share *) live->pdata[i])->id, NULL);
}

int64_t
town_thin_get_rev (TownDevice *device,
                   const char *id)
{
  Share *share = g_hash_table_lookup (((TownThin *) device)->shares, id);

  return share != NULL ? cpm_session_get_rev (share->session) : 0;
}

void
town_thin_shares_check (TownThin *self,
                        gboolean  ended)
{
  g_autoptr (GPtrArray) live = list_live (self);
  TownDevice *device = &self->parent;

  for (unsigned i = 0; i < live->len; i++)
    {
      Share *share = live->pdata[i];
      const CpmMember *member = get_own_member (share);

      /* Who was refused is told no more. */
      if (member != NULL && member->state == CPM_MEMBER_REFUSED)
        continue;

      if (ended)
        town_log_blame (device->town->log, "%s still takes share %s for %s.", device->place,
                        share->id,
                        cpm_session_state_to_string (cpm_session_get_state (share->session)));
      else if (!town_relay_has_share (get_owner (share), share->id))
        town_log_blame (device->town->log,
                        "%s takes part in share %s, of which its relay knows nothing.",
                        device->place, share->id);
    }
}
