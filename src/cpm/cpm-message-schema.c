/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-message-schema"

#include "config.h"

#include "cpm-message-schema.h"

#include "cpm-session.h"

#define MAX_PICTURE_BYTES (50 * 1024 * 1024)
#define MAX_PICTURE_PIXELS 100000
#define MAX_CONTACTS 2000
#define MAX_URL_CHARS 512

/* What a double can still count, for guests whose numbers are doubles. */
#define MAX_REV ((G_GINT64_CONSTANT (1) << 53) - 1)

#define REQUIRED CPM_SCHEMA_REQUIRED
#define OPTIONAL CPM_SCHEMA_OPTIONAL
#define CHARS CPM_SCHEMA_CHARS
#define BYTES CPM_SCHEMA_BYTES
#define END { NULL }

#define STRING(name, presence, format, unit, min, max) \
  { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_ ## format, unit, min, max }
#define ADDRESS(name, presence) { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_ADDRESS }
#define ID(name, presence) { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_ID }
#define CONVERSATION(name, presence) { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_CONVERSATION }
#define HEX64(name, presence) { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_HEX64 }
#define ENUM(name, presence, strings) \
  { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_ENUM, .values = strings }
#define INTEGER(name, presence, min, max) \
  { name, CPM_SCHEMA_INTEGER, presence, CPM_FORMAT_ANY, CHARS, min, max }
#define BOOLEAN(name, presence) { name, CPM_SCHEMA_BOOLEAN, presence }
#define OBJECT(name, presence, table) \
  { name, CPM_SCHEMA_OBJECT, presence, .members = table }
#define ARRAY(name, presence, schema, min, max) \
  { name, CPM_SCHEMA_ARRAY, presence, CPM_FORMAT_ANY, CHARS, min, max, .element = &schema }
#define SET(name, presence, schema, min, max) \
  { name, CPM_SCHEMA_ARRAY, presence, CPM_FORMAT_ANY, CHARS, min, max, .element = &schema, \
    .unique = TRUE }

#define ENUM_VALUES(name, ...) \
  static const char * const name[] = { __VA_ARGS__, NULL }

/* Values and objects that are used in several places */

ENUM_VALUES (content_kinds, "picture", "camera", "file", "music", "screen");
ENUM_VALUES (bye_reasons, "shutdown", "replaced", "revoked", "idle", "too-slow");
ENUM_VALUES (presence_states, "online", "offline");
ENUM_VALUES (picture_types, "image/jpeg", "image/png", "image/webp");
ENUM_VALUES (receipt_states, "delivered", "displayed");
ENUM_VALUES (decline_reasons, "busy", "later", "declined");
ENUM_VALUES (session_states, "inviting", "active", "held", "ended");
ENUM_VALUES (member_states, "invited", "ringing", "accepted", "joined", "lost",
             "left", "declined", "missed", "refused");
ENUM_VALUES (reasons, "none", "stopped", "cancelled", "declined", "busy", "later", "missed",
             "unavailable", "refused", "left", "lost", "media", "shutdown");
ENUM_VALUES (media_roles, "publish", "play");
ENUM_VALUES (video_codecs, "h264", "vp8");
ENUM_VALUES (audio_codecs, "opus");

/* Names that are not known here come from newer peers, and are ignored later. */
static const CpmSchema capability = STRING (NULL, REQUIRED, LINE, CHARS, 1, 32);
static const CpmSchema address = ADDRESS (NULL, REQUIRED);

static const CpmSchema nothing[] = { END };

static const CpmSchema content[] = {
  ENUM ("kind", REQUIRED, content_kinds),
  BOOLEAN ("audio", OPTIONAL),
  STRING ("title", OPTIONAL, LINE, CHARS, 0, 200),
  END
};

/* Of a member of a share; `code` may come from a newer peer. */
static const CpmSchema refusal[] = {
  STRING ("code", REQUIRED, LINE, CHARS, 1, 64),
  INTEGER ("status", REQUIRED, 100, 699),
  STRING ("text", REQUIRED, TEXT, CHARS, 0, 1000),
  END
};

/* The connection */

static const CpmSchema hello[] = {
  ADDRESS ("account", REQUIRED),
  STRING ("password", OPTIONAL, ANY, BYTES, 8, 1024),
  STRING ("token", OPTIONAL, LINE, CHARS, 1, 128),
  ID ("device", REQUIRED),
  STRING ("device_name", OPTIONAL, LINE, CHARS, 0, 64),
  BOOLEAN ("create", OPTIONAL),
  INTEGER ("since", OPTIONAL, 0, G_MAXINT64),
  ARRAY ("capabilities", OPTIONAL, capability, 0, 32),
  STRING ("agent", OPTIONAL, LINE, CHARS, 0, 200),
  END
};

static const CpmSchema limits[] = {
  INTEGER ("message_bytes", REQUIRED, 0, G_MAXINT64),
  INTEGER ("picture_bytes", REQUIRED, 0, G_MAXINT64),
  INTEGER ("quota_bytes", REQUIRED, 0, G_MAXINT64),
  INTEGER ("used_bytes", REQUIRED, 0, G_MAXINT64),
  END
};

static const CpmSchema welcome[] = {
  ADDRESS ("account", REQUIRED),
  ID ("device", REQUIRED),
  STRING ("token", OPTIONAL, LINE, CHARS, 1, 128),
  INTEGER ("seq", REQUIRED, 0, G_MAXINT64),
  INTEGER ("time", REQUIRED, 0, G_MAXINT64),
  STRING ("pictures", REQUIRED, LINE, CHARS, 1, MAX_URL_CHARS),
  OBJECT ("limits", REQUIRED, limits),
  END
};

static const CpmSchema bye[] = {
  ENUM ("reason", REQUIRED, bye_reasons),
  END
};

static const CpmSchema ack[] = {
  ID ("re", REQUIRED),
  INTEGER ("ts", REQUIRED, 0, G_MAXINT64),
  END
};

static const CpmSchema err[] = {
  ID ("re", OPTIONAL),
  STRING ("code", REQUIRED, LINE, CHARS, 1, 64),
  INTEGER ("status", REQUIRED, 100, 699),
  STRING ("text", REQUIRED, TEXT, CHARS, 0, 1000),
  INTEGER ("retry_ms", OPTIONAL, 0, G_MAXINT32),
  END
};

static const CpmSchema got[] = {
  INTEGER ("seq", REQUIRED, 0, G_MAXINT64),
  END
};

/* People */

static const CpmSchema contact_list[] = {
  ARRAY ("contacts", REQUIRED, address, 0, MAX_CONTACTS),
  END
};

static const CpmSchema presence[] = {
  ADDRESS ("who", REQUIRED),
  ENUM ("state", REQUIRED, presence_states),
  ARRAY ("capabilities", REQUIRED, capability, 0, 32),
  END
};

/* The conversation */

static const CpmSchema text[] = {
  CONVERSATION ("conversation", REQUIRED),
  STRING ("text", REQUIRED, TEXT, BYTES, 1, CPM_MESSAGE_MAX_TEXT_BYTES),
  END
};

static const CpmSchema picture[] = {
  CONVERSATION ("conversation", REQUIRED),
  ID ("picture", REQUIRED),
  HEX64 ("sha256", REQUIRED),
  INTEGER ("bytes", REQUIRED, 1, MAX_PICTURE_BYTES),
  ENUM ("mime", REQUIRED, picture_types),
  INTEGER ("width", REQUIRED, 1, MAX_PICTURE_PIXELS),
  INTEGER ("height", REQUIRED, 1, MAX_PICTURE_PIXELS),
  STRING ("name", OPTIONAL, LINE, CHARS, 0, 200),
  ID ("share", OPTIONAL),
  ID ("request", OPTIONAL),
  END
};

static const CpmSchema receipt[] = {
  CONVERSATION ("conversation", REQUIRED),
  ID ("message", REQUIRED),
  ENUM ("state", REQUIRED, receipt_states),
  END
};

static const CpmSchema photo_request[] = {
  CONVERSATION ("conversation", REQUIRED),
  STRING ("text", OPTIONAL, TEXT, BYTES, 0, 500),
  ID ("share", OPTIONAL),
  END
};

static const CpmSchema photo_answer[] = {
  CONVERSATION ("conversation", REQUIRED),
  ID ("request", REQUIRED),
  BOOLEAN ("accepted", REQUIRED),
  END
};

static const CpmSchema share_missed[] = {
  CONVERSATION ("conversation", REQUIRED),
  ID ("share", REQUIRED),
  ADDRESS ("sharer", REQUIRED),
  OBJECT ("content", REQUIRED, content),
  END
};

/* The share session */

static const CpmSchema share[] = {
  ID ("share", REQUIRED),
  END
};

static const CpmSchema share_invite[] = {
  ID ("share", REQUIRED),
  SET ("viewers", REQUIRED, address, 1, CPM_SESSION_MAX_MEMBERS),
  OBJECT ("content", REQUIRED, content),
  INTEGER ("ring_ms", OPTIONAL, 5000, 120000),
  END
};

static const CpmSchema share_decline[] = {
  ID ("share", REQUIRED),
  ENUM ("reason", REQUIRED, decline_reasons),
  STRING ("text", OPTIONAL, TEXT, CHARS, 0, 500),
  END
};

static const CpmSchema share_switch[] = {
  ID ("share", REQUIRED),
  OBJECT ("content", REQUIRED, content),
  END
};

static const CpmSchema share_member[] = {
  ADDRESS ("who", REQUIRED),
  ENUM ("state", REQUIRED, member_states),
  ENUM ("reason", REQUIRED, reasons),
  STRING ("text", OPTIONAL, TEXT, CHARS, 0, 500),
  ID ("device", OPTIONAL),
  OBJECT ("error", OPTIONAL, refusal),
  OBJECT ("content_error", OPTIONAL, refusal),
  INTEGER ("grace", OPTIONAL, 1, G_MAXINT64),
  END
};

static const CpmSchema member = {
  .kind = CPM_SCHEMA_OBJECT, .presence = REQUIRED, .members = share_member
};

static const CpmSchema media[] = {
  ENUM ("role", REQUIRED, media_roles),
  STRING ("url", REQUIRED, LINE, CHARS, 1, MAX_URL_CHARS),
  STRING ("user", REQUIRED, LINE, CHARS, 1, 128),
  STRING ("token", REQUIRED, LINE, CHARS, 1, 128),
  ENUM ("video", OPTIONAL, video_codecs),
  ENUM ("audio", OPTIONAL, audio_codecs),
  END
};

static const CpmSchema share_state[] = {
  ID ("share", REQUIRED),
  INTEGER ("rev", REQUIRED, 1, MAX_REV),
  ENUM ("state", REQUIRED, session_states),
  ADDRESS ("sharer", REQUIRED),
  ENUM ("reason", REQUIRED, reasons),
  ADDRESS ("by", OPTIONAL),
  INTEGER ("expires", REQUIRED, 0, G_MAXINT64),
  BOOLEAN ("sharer_lost", OPTIONAL),
  INTEGER ("grace", OPTIONAL, 1, G_MAXINT64),
  INTEGER ("n", REQUIRED, 1, G_MAXINT32),
  OBJECT ("content", REQUIRED, content),
  BOOLEAN ("media_up", REQUIRED),
  ARRAY ("members", REQUIRED, member, 1, CPM_SESSION_MAX_MEMBERS),
  OBJECT ("media", OPTIONAL, media),
  END
};

static const CpmSchema share_taken[] = {
  ID ("share", REQUIRED),
  ID ("device", REQUIRED),
  END
};

#define CLIENT CPM_MESSAGE_SENDER_CLIENT
#define RELAY CPM_MESSAGE_SENDER_RELAY
#define BOTH (CPM_MESSAGE_SENDER_CLIENT | CPM_MESSAGE_SENDER_RELAY)

/* The last three columns before the body: durable, must have `id`, must have `to`. */
static const CpmMessageSchema messages[CPM_N_MESSAGE_TYPES] = {
  [CPM_MESSAGE_HELLO] =
    { "hello", CLIENT, FALSE, FALSE, FALSE, { "password", "token" }, hello },
  [CPM_MESSAGE_WELCOME] = { "welcome", RELAY, FALSE, FALSE, FALSE, { NULL }, welcome },
  [CPM_MESSAGE_PING] = { "ping", BOTH, FALSE, FALSE, FALSE, { NULL }, nothing },
  [CPM_MESSAGE_PONG] = { "pong", BOTH, FALSE, FALSE, FALSE, { NULL }, nothing },
  [CPM_MESSAGE_BYE] = { "bye", RELAY, FALSE, FALSE, FALSE, { NULL }, bye },
  [CPM_MESSAGE_ACK] = { "ack", RELAY, FALSE, FALSE, FALSE, { NULL }, ack },
  [CPM_MESSAGE_ERR] = { "err", RELAY, FALSE, FALSE, FALSE, { NULL }, err },
  [CPM_MESSAGE_GOT] = { "got", CLIENT, FALSE, FALSE, FALSE, { NULL }, got },

  [CPM_MESSAGE_CONTACT_ADD] = { "contact.add", CLIENT, FALSE, TRUE, TRUE, { NULL }, nothing },
  [CPM_MESSAGE_CONTACT_REMOVE] =
    { "contact.remove", CLIENT, FALSE, TRUE, TRUE, { NULL }, nothing },
  [CPM_MESSAGE_CONTACT_LIST] =
    { "contact.list", RELAY, FALSE, FALSE, FALSE, { NULL }, contact_list },
  [CPM_MESSAGE_PRESENCE] = { "presence", RELAY, FALSE, FALSE, FALSE, { NULL }, presence },

  [CPM_MESSAGE_TEXT] = { "message.text", BOTH, TRUE, TRUE, TRUE, { NULL }, text },
  [CPM_MESSAGE_PICTURE] = { "message.picture", BOTH, TRUE, TRUE, TRUE, { NULL }, picture },
  [CPM_MESSAGE_RECEIPT] = { "message.receipt", BOTH, TRUE, TRUE, TRUE, { NULL }, receipt },
  [CPM_MESSAGE_PHOTO_REQUEST] =
    { "photo.request", BOTH, TRUE, TRUE, TRUE, { NULL }, photo_request },
  [CPM_MESSAGE_PHOTO_ANSWER] = { "photo.answer", BOTH, TRUE, TRUE, TRUE, { NULL }, photo_answer },
  [CPM_MESSAGE_SHARE_MISSED] = { "share.missed", RELAY, TRUE, TRUE, FALSE, { NULL }, share_missed },

  [CPM_MESSAGE_SHARE_INVITE] =
    { "share.invite", CLIENT, FALSE, TRUE, FALSE, { NULL }, share_invite },
  [CPM_MESSAGE_SHARE_RINGING] = { "share.ringing", CLIENT, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_ACCEPT] = { "share.accept", CLIENT, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_DECLINE] =
    { "share.decline", CLIENT, FALSE, TRUE, FALSE, { NULL }, share_decline },
  [CPM_MESSAGE_SHARE_CANCEL] = { "share.cancel", CLIENT, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_SWITCH] =
    { "share.switch", CLIENT, FALSE, TRUE, FALSE, { NULL }, share_switch },
  [CPM_MESSAGE_SHARE_STOP] = { "share.stop", CLIENT, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_LEAVE] = { "share.leave", CLIENT, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_JOIN] = { "share.join", CLIENT, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_SYNC] = { "share.sync", CLIENT, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_STATE] = { "share.state", RELAY, FALSE, FALSE, FALSE, { NULL }, share_state },
  [CPM_MESSAGE_SHARE_TAKEN] = { "share.taken", RELAY, FALSE, FALSE, FALSE, { NULL }, share_taken },
  [CPM_MESSAGE_SHARE_KEYFRAME] =
    { "share.keyframe", BOTH, FALSE, FALSE, FALSE, { NULL }, share },
};

const CpmMessageSchema *
cpm_message_schema_get (CpmMessageType type)
{
  g_return_val_if_fail (type < CPM_N_MESSAGE_TYPES, NULL);

  return &messages[type];
}

gboolean
cpm_message_schema_find (const char     *name,
                         CpmMessageType *out_type)
{
  g_return_val_if_fail (name != NULL, FALSE);

  for (int type = 0; type < CPM_N_MESSAGE_TYPES; type++)
    {
      if (g_str_equal (messages[type].name, name))
        {
          *out_type = (CpmMessageType) type;
          return TRUE;
        }
    }

  return FALSE;
}

gboolean
cpm_message_schema_check_body (CpmMessageType   type,
                               JsonObject      *body,
                               GError         **error)
{
  const CpmMessageSchema *schema = cpm_message_schema_get (type);

  g_return_val_if_fail (body != NULL, FALSE);

  if (!cpm_schema_check (schema->body, "body", body, error))
    return FALSE;

  if (schema->either[0] != NULL
      && json_object_has_member (body, schema->either[0])
         == json_object_has_member (body, schema->either[1]))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                   "body must have either %s or %s.", schema->either[0], schema->either[1]);
      return FALSE;
    }

  return TRUE;
}
