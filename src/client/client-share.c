/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "cpm-json.h"

G_DEFINE_FINAL_TYPE (ClientShare, client_share, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_SESSION,
  PROP_STATE,
  PROP_OUTGOING,
  PROP_REASON,
  PROP_BY,
  PROP_CONTENT,
  PROP_CAMERA_OPEN,
  PROP_STALLED,
  PROP_SEES_SLATE,
  PROP_ANSWERED_ELSEWHERE,
  PROP_ANSWERED_BY,
  PROP_PLAYING,
  PROP_POSITION_US,
  PROP_DURATION_US,
  PROP_ALLOW,
  PROP_STILL,
  PROP_PAGE,
  PROP_N_PAGES,
  PROP_MICROPHONE,
  PROP_PRESENTER,
  PROP_PREVIEW_DELAYED,
  PROP_RECORDING,
  PROP_SPREAD_MS,
  PROP_N_VIEWERS,
  PROP_HINDRANCE,
  PROP_SLOW,
  N_PROPS
};

enum
{
  SIGNAL_FIRST_FRAME,
  SIGNAL_MEMBER_CHANGED,
  SIGNAL_CONTENT_CHANGED,
  SIGNAL_CONTENT_GONE,
  SIGNAL_TURN_REQUESTED,
  SIGNAL_ENDED,
  SIGNAL_REACTION,
  SIGNAL_POINTER,
  SIGNAL_PROGRESS_CHANGED,
  SIGNAL_RECORDING_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static unsigned signals[N_SIGNALS];

int64_t
client_share_get_now_us (ClientShare *self)
{
  return cpm_clock_get_monotonic_us (self->world->clock);
}

JsonObject *
client_share_new_body (ClientShare *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "share", cpm_session_get_id (self->session));

  return body;
}

/* What goes with the share while it is seen. */
static void
get_seen_property (ClientShare *self,
                   unsigned     prop_id,
                   GValue      *value)
{
  switch (prop_id)
    {
    case PROP_PLAYING:
      g_value_set_boolean (value, client_share_is_playing (self));
      break;

    case PROP_POSITION_US:
      g_value_set_int64 (value, client_share_get_position_us (self));
      break;

    case PROP_DURATION_US:
      g_value_set_int64 (value, client_share_get_duration_us (self));
      break;

    case PROP_ALLOW:
      g_value_set_uint (value, client_share_get_allow (self));
      break;

    case PROP_STILL:
      g_value_set_string (value, client_share_get_still (self));
      break;

    case PROP_PAGE:
      g_value_set_uint (value, client_share_get_page (self));
      break;

    case PROP_N_PAGES:
      g_value_set_uint (value, client_share_get_n_pages (self));
      break;

    case PROP_MICROPHONE:
      g_value_set_boolean (value, client_share_get_microphone (self));
      break;

    case PROP_PRESENTER:
      g_value_set_boolean (value, client_share_get_presenter (self));
      break;

    case PROP_PREVIEW_DELAYED:
      g_value_set_boolean (value, client_share_get_preview_delayed (self));
      break;

    case PROP_RECORDING:
      g_value_set_boolean (value, client_share_is_recording (self));
      break;

    case PROP_SPREAD_MS:
      g_value_set_double (value, client_share_get_spread_ms (self));
      break;

    case PROP_N_VIEWERS:
      g_value_set_uint (value, client_share_get_n_viewers (self));
      break;

    case PROP_HINDRANCE:
      g_value_set_string (value, client_share_get_hindrance (self));
      break;

    case PROP_SLOW:
      g_value_set_boxed (value, client_share_get_slow (self));
      break;

    default:
      g_warning ("A share has no property %u", prop_id);
    }
}

static void
client_share_get_property (GObject    *object,
                           unsigned    prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ClientShare *self = CLIENT_SHARE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, client_share_get_id (self));
      break;

    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;

    case PROP_STATE:
      g_value_set_int (value, (int) client_share_get_state (self));
      break;

    case PROP_OUTGOING:
      g_value_set_boolean (value, self->outgoing);
      break;

    case PROP_REASON:
      g_value_set_int (value, (int) cpm_session_get_reason (self->session));
      break;

    case PROP_BY:
      g_value_set_string (value, cpm_session_get_by (self->session));
      break;

    case PROP_CONTENT:
      g_value_set_boxed (value, cpm_session_get_content (self->session));
      break;

    case PROP_CAMERA_OPEN:
      g_value_set_boolean (value, client_share_is_camera_open (self));
      break;

    case PROP_STALLED:
      g_value_set_boolean (value, client_share_is_stalled (self));
      break;

    case PROP_SEES_SLATE:
      g_value_set_boolean (value, client_share_sees_slate (self));
      break;

    case PROP_ANSWERED_ELSEWHERE:
      g_value_set_boolean (value, self->answered_elsewhere);
      break;

    case PROP_ANSWERED_BY:
      g_value_set_string (value, self->answered_by);
      break;

    default:
      get_seen_property (self, prop_id, value);
    }
}

static void
client_share_dispose (GObject *object)
{
  ClientShare *self = CLIENT_SHARE (object);

  if (self->presenter != NULL)
    client_presenter_stop (self->presenter);

  client_share_release_decoder (self);
  client_share_clear_seen (self);
  client_share_clear_pace (self);
  g_clear_object (&self->presenter);
  g_clear_object (&self->watcher);
  g_clear_object (&self->video_sink);
  g_clear_object (&self->row);
  g_clear_object (&self->session);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->endpoint, media_endpoint_unref);
  g_clear_pointer (&self->showable, client_showable_free);
  g_clear_pointer (&self->wish, client_showable_free);
  g_clear_pointer (&self->world, client_world_unref);

  G_OBJECT_CLASS (client_share_parent_class)->dispose (object);
}

static void
client_share_finalize (GObject *object)
{
  ClientShare *self = CLIENT_SHARE (object);

  g_hash_table_unref (self->sent_pages);
  g_free (self->still);
  g_free (self->endpoint_key);
  g_free (self->answered_by);

  G_OBJECT_CLASS (client_share_parent_class)->finalize (object);
}

static void
install_signals (GType type)
{
  signals[SIGNAL_FIRST_FRAME] =
    g_signal_new ("first-frame", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_INT64);
  signals[SIGNAL_MEMBER_CHANGED] =
    g_signal_new ("member-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CONTENT_CHANGED] =
    g_signal_new ("content-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_CONTENT_GONE] =
    g_signal_new ("content-gone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_TURN_REQUESTED] =
    g_signal_new ("turn-requested", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_ENDED] =
    g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REACTION] =
    g_signal_new ("reaction", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_POINTER] =
    g_signal_new ("pointer", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 4, G_TYPE_STRING, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_INT64);
  signals[SIGNAL_RECORDING_FAILED] =
    g_signal_new ("recording-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_PROGRESS_CHANGED] =
    g_signal_new ("progress-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
client_share_class_init (ClientShareClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->get_property = client_share_get_property;
  object_class->dispose = client_share_dispose;
  object_class->finalize = client_share_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, CPM_TYPE_SESSION, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, FALSE, flags);
  properties[PROP_REASON] = g_param_spec_int ("reason", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_BY] = g_param_spec_string ("by", NULL, NULL, NULL, flags);
  properties[PROP_CONTENT] = g_param_spec_boxed ("content", NULL, NULL, CPM_TYPE_CONTENT, flags);
  properties[PROP_CAMERA_OPEN] = g_param_spec_boolean ("camera-open", NULL, NULL, FALSE, flags);
  properties[PROP_STALLED] = g_param_spec_boolean ("stalled", NULL, NULL, FALSE, flags);
  properties[PROP_SEES_SLATE] = g_param_spec_boolean ("sees-slate", NULL, NULL, FALSE, flags);
  properties[PROP_ANSWERED_ELSEWHERE] =
    g_param_spec_boolean ("answered-elsewhere", NULL, NULL, FALSE, flags);
  properties[PROP_ANSWERED_BY] = g_param_spec_string ("answered-by", NULL, NULL, NULL, flags);
  properties[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, TRUE, flags);
  properties[PROP_POSITION_US] = g_param_spec_int64 ("position-us", NULL, NULL, -1, G_MAXINT64, -1,
                                                     flags);
  properties[PROP_DURATION_US] = g_param_spec_int64 ("duration-us", NULL, NULL, -1, G_MAXINT64, -1,
                                                     flags);
  properties[PROP_ALLOW] = g_param_spec_uint ("allow", NULL, NULL, 0, G_MAXUINT, CPM_ALLOW_DEFAULT,
                                              flags);
  properties[PROP_STILL] = g_param_spec_string ("still", NULL, NULL, NULL, flags);
  properties[PROP_PAGE] = g_param_spec_uint ("page", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_PAGES] = g_param_spec_uint ("n-pages", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_MICROPHONE] = g_param_spec_boolean ("microphone", NULL, NULL, TRUE, flags);
  properties[PROP_PRESENTER] = g_param_spec_boolean ("presenter", NULL, NULL, FALSE, flags);
  properties[PROP_PREVIEW_DELAYED] = g_param_spec_boolean ("preview-delayed", NULL, NULL, FALSE,
                                                           flags);
  properties[PROP_RECORDING] = g_param_spec_boolean ("recording", NULL, NULL, FALSE, flags);
  properties[PROP_SPREAD_MS] = g_param_spec_double ("spread-ms", NULL, NULL, -1, G_MAXDOUBLE, -1,
                                                    flags);
  properties[PROP_N_VIEWERS] = g_param_spec_uint ("n-viewers", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_HINDRANCE] = g_param_spec_string ("hindrance", NULL, NULL, "none", flags);
  properties[PROP_SLOW] = g_param_spec_boxed ("slow", NULL, NULL, G_TYPE_STRV, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  install_signals (type);
}

static void
client_share_init (ClientShare *self)
{
  client_share_init_seen (self);
  self->sent_pages = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->switches);
  g_queue_init (&self->photos);
  self->volume = 1.0;
}

ClientShare *
client_share_new (ClientWorld        *world,
                  ClientConversation *conversation,
                  CpmSession         *session)
{
  ClientShare *self = g_object_new (CLIENT_TYPE_SHARE, NULL);

  self->world = client_world_ref (world);
  self->conversation = g_object_ref (conversation);
  self->session = g_object_ref (session);
  self->outgoing = g_str_equal (cpm_session_get_sharer (session), world->account);

  /* After a restart of this program in the middle of the share, the acceptance was long ago. */
  self->accepted_us = client_share_get_now_us (self);
  self->switched_us = self->accepted_us;
  if (cpm_session_get_state (session) == CPM_SESSION_ACTIVE)
    self->active_since_us = cpm_clock_get_real_us (world->clock);

  client_share_add_row (self);

  return self;
}

ClientShare *
client_share_new_outgoing (ClientWorld          *world,
                           ClientConversation   *conversation,
                           CpmSession           *session,
                           const ClientShowable *showable,
                           const MediaCanvas    *size)
{
  ClientShare *self = client_share_new (world, conversation, session);

  self->provisional = TRUE;
  self->first_size = *size;
  self->showable = client_showable_copy (showable);
  client_share_hold_decoder (self);

  return self;
}

const char *
client_share_get_id (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return cpm_session_get_id (self->session);
}

CpmSession *
client_share_get_session (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return self->session;
}

CpmSessionState
client_share_get_state (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), CPM_SESSION_ENDED);

  return cpm_session_get_state (self->session);
}

gboolean
client_share_is_outgoing (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->outgoing;
}

ClientConversation *
client_share_get_conversation (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return self->conversation;
}

const CpmContent *
client_share_get_content (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return cpm_session_get_content (self->session);
}

const char *
client_share_get_sharer (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return cpm_session_get_sharer (self->session);
}

gboolean
client_share_is_camera_open (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->presenter != NULL && client_presenter_is_camera_open (self->presenter);
}

gboolean
client_share_sees_slate (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->watcher != NULL && self->sees_slate;
}

gboolean
client_share_is_stalled (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->watcher != NULL && client_watcher_is_stalled (self->watcher);
}

gboolean
client_share_is_answered_elsewhere (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->answered_elsewhere;
}

const char *
client_share_get_answered_by (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return self->answered_by;
}

gboolean
client_share_can (ClientShare    *self,
                  CpmSessionVerb  verb)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return !self->given_up && !self->over
         && cpm_session_check (self->session, verb, self->world->account, NULL);
}
