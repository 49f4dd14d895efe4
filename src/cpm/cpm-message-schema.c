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
#define MAX_ADDRESS_CHARS 318
#define MAX_DOMAIN_CHARS 253
#define MAX_BLOCKED 150
#define MAX_DEVICES 32

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
             "unavailable", "refused", "left", "lost", "media", "shutdown", "handed-over");
ENUM_VALUES (media_roles, "publish", "play");
ENUM_VALUES (video_codecs, "h264", "vp8");
ENUM_VALUES (audio_codecs, "opus");
ENUM_VALUES (hindrances, "none", "network", "computer", "clock");
ENUM_VALUES (permissions, "watch", "snapshot");

/* Names that are not known here come from newer peers, and are ignored later. */
static const CpmSchema capability = STRING (NULL, REQUIRED, LINE, CHARS, 1, 32);
static const CpmSchema address = ADDRESS (NULL, REQUIRED);
static const CpmSchema kind = ENUM (NULL, REQUIRED, content_kinds);
static const CpmSchema permission = ENUM (NULL, REQUIRED, permissions);
static const CpmSchema person_or_domain = STRING (NULL, REQUIRED, LINE, CHARS, 1, MAX_ADDRESS_CHARS);

static const CpmSchema nothing[] = { END };

static const CpmSchema content[] = {
  ENUM ("kind", REQUIRED, content_kinds),
  BOOLEAN ("audio", OPTIONAL),
  BOOLEAN ("camera", OPTIONAL),
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
  BOOLEAN ("ask", OPTIONAL),
  END
};

/* Devices, privacy and history of one person */

static const CpmSchema device_entry[] = {
  ID ("device", REQUIRED),
  STRING ("name", OPTIONAL, LINE, CHARS, 0, 64),
  INTEGER ("seen", REQUIRED, 0, G_MAXINT64),
  BOOLEAN ("online", REQUIRED),
  END
};

static const CpmSchema device_entries = {
  .kind = CPM_SCHEMA_OBJECT, .presence = REQUIRED, .members = device_entry
};

static const CpmSchema device_list[] = {
  ARRAY ("devices", REQUIRED, device_entries, 0, MAX_DEVICES),
  END
};

static const CpmSchema device_revoke[] = {
  ID ("device", REQUIRED),
  END
};

static const CpmSchema privacy_set[] = {
  BOOLEAN ("contacts_only", REQUIRED),
  BOOLEAN ("remote", REQUIRED),
  SET ("kinds", REQUIRED, kind, 0, 5),
  END
};

static const CpmSchema privacy_block[] = {
  STRING ("who", REQUIRED, LINE, CHARS, 1, MAX_ADDRESS_CHARS),
  BOOLEAN ("blocked", REQUIRED),
  END
};

static const CpmSchema privacy_state[] = {
  BOOLEAN ("contacts_only", REQUIRED),
  BOOLEAN ("remote", REQUIRED),
  SET ("kinds", REQUIRED, kind, 0, 5),
  SET ("blocked", REQUIRED, person_or_domain, 0, MAX_BLOCKED),
  END
};

static const CpmSchema history_ask[] = {
  INTEGER ("before", REQUIRED, 1, G_MAXINT64),
  INTEGER ("limit", REQUIRED, 1, 200),
  CONVERSATION ("conversation", OPTIONAL),
  END
};

static const CpmSchema history_page[] = {
  ID ("re", REQUIRED),
  INTEGER ("oldest", REQUIRED, 0, G_MAXINT64),
  BOOLEAN ("more", REQUIRED),
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
  INTEGER ("n", OPTIONAL, 1, G_MAXINT32),
  INTEGER ("page", OPTIONAL, 1, G_MAXUINT16),
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

/* What could not be delivered, and why. */
static const CpmSchema failed[] = {
  CONVERSATION ("conversation", REQUIRED),
  ID ("message", REQUIRED),
  ADDRESS ("who", REQUIRED),
  STRING ("code", REQUIRED, LINE, CHARS, 1, 64),
  INTEGER ("status", REQUIRED, 100, 699),
  STRING ("text", REQUIRED, TEXT, CHARS, 0, 1000),
  END
};

/* Groups */

static const CpmSchema group_picture[] = {
  ID ("picture", REQUIRED),
  HEX64 ("sha256", REQUIRED),
  INTEGER ("bytes", REQUIRED, 1, MAX_PICTURE_BYTES),
  ENUM ("mime", REQUIRED, picture_types),
  END
};

static const CpmSchema group_create[] = {
  STRING ("name", REQUIRED, LINE, CHARS, 1, 80),
  SET ("members", REQUIRED, address, 1, CPM_GROUP_MAX_MEMBERS - 1),
  OBJECT ("picture", OPTIONAL, group_picture),
  END
};

static const CpmSchema group_change[] = {
  STRING ("name", OPTIONAL, LINE, CHARS, 1, 80),
  OBJECT ("picture", OPTIONAL, group_picture),
  SET ("add", OPTIONAL, address, 1, CPM_GROUP_MAX_MEMBERS - 1),
  SET ("remove", OPTIONAL, address, 1, CPM_GROUP_MAX_MEMBERS - 1),
  END
};

static const CpmSchema group_state[] = {
  CONVERSATION ("conversation", REQUIRED),
  INTEGER ("rev", REQUIRED, 1, MAX_REV),
  STRING ("name", REQUIRED, LINE, CHARS, 1, 80),
  OBJECT ("picture", OPTIONAL, group_picture),
  ADDRESS ("owner", REQUIRED),
  SET ("members", REQUIRED, address, 0, CPM_GROUP_MAX_MEMBERS),
  ADDRESS ("by", OPTIONAL),
  ID ("change", OPTIONAL),
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

/* The last two between homes only: by which device, and what it can do. */
static const CpmSchema share[] = {
  ID ("share", REQUIRED),
  ID ("device", OPTIONAL),
  ARRAY ("capabilities", OPTIONAL, capability, 0, 32),
  END
};

static const CpmSchema share_invite[] = {
  ID ("share", REQUIRED),
  SET ("viewers", REQUIRED, address, 1, CPM_SESSION_MAX_MEMBERS),
  OBJECT ("content", REQUIRED, content),
  INTEGER ("ring_ms", OPTIONAL, 5000, 120000),
  CONVERSATION ("conversation", OPTIONAL),
  ID ("continues", OPTIONAL),
  END
};

static const CpmSchema share_decline[] = {
  ID ("share", REQUIRED),
  ENUM ("reason", REQUIRED, decline_reasons),
  STRING ("text", OPTIONAL, TEXT, CHARS, 0, 500),
  ID ("device", OPTIONAL),
  END
};

static const CpmSchema share_refuse[] = {
  ID ("share", REQUIRED),
  STRING ("code", REQUIRED, LINE, CHARS, 1, 64),
  INTEGER ("status", REQUIRED, 100, 699),
  STRING ("text", REQUIRED, TEXT, CHARS, 0, 1000),
  END
};

static const CpmSchema share_hand_over[] = {
  ID ("share", REQUIRED),
  ID ("next", REQUIRED),
  END
};

static const CpmSchema share_next[] = {
  ID ("share", REQUIRED),
  ADDRESS ("sharer", REQUIRED),
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
  HEX64 ("pin", OPTIONAL),
  INTEGER ("clock_port", OPTIONAL, 1, 65535),
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
  CONVERSATION ("conversation", OPTIONAL),
  ID ("continues", OPTIONAL),
  OBJECT ("next", OPTIONAL, share_next),
  SET ("allow", OPTIONAL, permission, 0, 2),
  END
};

static const CpmSchema share_taken[] = {
  ID ("share", REQUIRED),
  ID ("device", REQUIRED),
  END
};

/* What goes with a share while it is seen */

#define MAX_MS 60000
#define MAX_US (60 * 1000 * 1000)

static const CpmSchema share_clock[] = {
  ID ("share", REQUIRED),
  INTEGER ("t", REQUIRED, 0, G_MAXINT64),
  END
};

static const CpmSchema share_time[] = {
  ID ("re", REQUIRED),
  ID ("share", REQUIRED),
  INTEGER ("t", REQUIRED, 0, G_MAXINT64),
  INTEGER ("time", REQUIRED, 0, G_MAXINT64),
  END
};

static const CpmSchema share_report[] = {
  ID ("share", REQUIRED),
  INTEGER ("frames", REQUIRED, 0, 1000),
  INTEGER ("delay_ms", REQUIRED, 0, 5000),
  INTEGER ("slack_ms", REQUIRED, -MAX_MS, MAX_MS),
  INTEGER ("offset_us", REQUIRED, -MAX_US, MAX_US),
  INTEGER ("clock_error_us", REQUIRED, 0, MAX_US),
  INTEGER ("lost", REQUIRED, 0, G_MAXINT32),
  INTEGER ("kbits", REQUIRED, 0, G_MAXINT32),
  ENUM ("hindrance", REQUIRED, hindrances),
  END
};

static const CpmSchema slow_viewer[] = {
  ADDRESS ("who", REQUIRED),
  ENUM ("hindrance", REQUIRED, hindrances),
  END
};

static const CpmSchema slow_viewers = {
  .kind = CPM_SCHEMA_OBJECT, .presence = REQUIRED, .members = slow_viewer
};

static const CpmSchema share_pace[] = {
  ID ("share", REQUIRED),
  INTEGER ("viewers", REQUIRED, 0, CPM_SESSION_MAX_MEMBERS),
  INTEGER ("spread_us", OPTIONAL, 0, MAX_US),
  INTEGER ("delay_ms", REQUIRED, 0, 5000),
  INTEGER ("kbits", REQUIRED, 1, 1000000),
  INTEGER ("renditions", REQUIRED, 1, 2),
  ARRAY ("slow", REQUIRED, slow_viewers, 0, CPM_SESSION_MAX_MEMBERS),
  END
};

static const CpmSchema share_reaction[] = {
  ID ("share", REQUIRED),
  STRING ("reaction", REQUIRED, LINE, CHARS, 1, 16),
  ID ("device", OPTIONAL),
  ADDRESS ("who", OPTIONAL),
  END
};

/* The place in thousandths of the canvas, and the moment of the frame that was pointed at (ns of the share's clock); without a place: taken away. `device` is said by a viewer's
 * home, `who` by the owner to another home: whose it is. */
static const CpmSchema share_pointer[] = {
  ID ("share", REQUIRED),
  INTEGER ("x", OPTIONAL, 0, 1000),
  INTEGER ("y", OPTIONAL, 0, 1000),
  INTEGER ("moment", OPTIONAL, 0, G_MAXINT64),
  ID ("device", OPTIONAL),
  ADDRESS ("who", OPTIONAL),
  END
};

static const CpmSchema share_progress[] = {
  ID ("share", REQUIRED),
  INTEGER ("n", REQUIRED, 1, G_MAXINT32),
  BOOLEAN ("playing", REQUIRED),
  INTEGER ("position_ms", REQUIRED, 0, G_MAXINT64),
  INTEGER ("duration_ms", OPTIONAL, 0, G_MAXINT64),
  STRING ("title", OPTIONAL, LINE, CHARS, 1, 200),
  STRING ("artist", OPTIONAL, LINE, CHARS, 1, 200),
  END
};

static const CpmSchema share_allow[] = {
  ID ("share", REQUIRED),
  SET ("allow", REQUIRED, permission, 0, 2),
  END
};

static const CpmSchema share_watching[] = {
  ID ("re", REQUIRED),
  ID ("share", REQUIRED),
  STRING ("url", REQUIRED, LINE, CHARS, 1, MAX_URL_CHARS),
  STRING ("user", REQUIRED, LINE, CHARS, 1, 128),
  STRING ("token", REQUIRED, LINE, CHARS, 1, 128),
  END
};

/* Homes */

static const CpmSchema home_challenge[] = {
  STRING ("name", REQUIRED, LINE, CHARS, 1, MAX_DOMAIN_CHARS),
  HEX64 ("nonce", REQUIRED),
  END
};

static const CpmSchema home_hello[] = {
  STRING ("from", REQUIRED, LINE, CHARS, 1, MAX_DOMAIN_CHARS),
  STRING ("to", REQUIRED, LINE, CHARS, 1, MAX_DOMAIN_CHARS),
  STRING ("key", REQUIRED, LINE, CHARS, 1, 64),
  INTEGER ("ts", REQUIRED, 0, G_MAXINT64),
  HEX64 ("nonce", REQUIRED),
  STRING ("signature", REQUIRED, LINE, CHARS, 86, 88),
  STRING ("agent", OPTIONAL, LINE, CHARS, 0, 200),
  END
};

static const CpmSchema home_welcome[] = {
  STRING ("name", REQUIRED, LINE, CHARS, 1, MAX_DOMAIN_CHARS),
  INTEGER ("got", REQUIRED, 0, G_MAXINT64),
  INTEGER ("time", REQUIRED, 0, G_MAXINT64),
  END
};

#define CLIENT CPM_MESSAGE_SENDER_CLIENT
#define RELAY CPM_MESSAGE_SENDER_RELAY
#define HOME CPM_MESSAGE_SENDER_HOME
#define BOTH (CLIENT | RELAY)
#define ALL (CLIENT | RELAY | HOME)

/* The last three columns before the body: durable, must have `id`, must have `to`. */
static const CpmMessageSchema messages[CPM_N_MESSAGE_TYPES] = {
  [CPM_MESSAGE_HELLO] =
    { "hello", CLIENT, FALSE, FALSE, FALSE, { "password", "token" }, hello },
  [CPM_MESSAGE_WELCOME] = { "welcome", RELAY, FALSE, FALSE, FALSE, { NULL }, welcome },
  [CPM_MESSAGE_PING] = { "ping", ALL, FALSE, FALSE, FALSE, { NULL }, nothing },
  [CPM_MESSAGE_PONG] = { "pong", ALL, FALSE, FALSE, FALSE, { NULL }, nothing },
  [CPM_MESSAGE_BYE] = { "bye", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, bye },
  [CPM_MESSAGE_ACK] = { "ack", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, ack },
  [CPM_MESSAGE_ERR] = { "err", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, err },
  [CPM_MESSAGE_GOT] = { "got", CLIENT | HOME, FALSE, FALSE, FALSE, { NULL }, got },

  [CPM_MESSAGE_CONTACT_ADD] = { "contact.add", CLIENT | HOME, FALSE, TRUE, TRUE, { NULL }, nothing },
  [CPM_MESSAGE_CONTACT_REMOVE] =
    { "contact.remove", CLIENT, FALSE, TRUE, TRUE, { NULL }, nothing },
  [CPM_MESSAGE_CONTACT_LIST] =
    { "contact.list", RELAY, FALSE, FALSE, FALSE, { NULL }, contact_list },
  [CPM_MESSAGE_PRESENCE] = { "presence", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, presence },

  [CPM_MESSAGE_DEVICE_LIST] = { "device.list", RELAY, FALSE, FALSE, FALSE, { NULL }, device_list },
  [CPM_MESSAGE_DEVICE_REVOKE] =
    { "device.revoke", CLIENT, FALSE, TRUE, FALSE, { NULL }, device_revoke },
  [CPM_MESSAGE_PRIVACY_SET] = { "privacy.set", CLIENT, FALSE, TRUE, FALSE, { NULL }, privacy_set },
  [CPM_MESSAGE_PRIVACY_BLOCK] =
    { "privacy.block", CLIENT, FALSE, TRUE, FALSE, { NULL }, privacy_block },
  [CPM_MESSAGE_PRIVACY_STATE] =
    { "privacy.state", RELAY, FALSE, FALSE, FALSE, { NULL }, privacy_state },
  [CPM_MESSAGE_HISTORY_ASK] = { "history.ask", CLIENT, FALSE, TRUE, FALSE, { NULL }, history_ask },
  [CPM_MESSAGE_HISTORY_PAGE] =
    { "history.page", RELAY, FALSE, FALSE, FALSE, { NULL }, history_page },

  [CPM_MESSAGE_TEXT] = { "message.text", ALL, TRUE, TRUE, TRUE, { NULL }, text },
  [CPM_MESSAGE_PICTURE] = { "message.picture", ALL, TRUE, TRUE, TRUE, { NULL }, picture },
  [CPM_MESSAGE_RECEIPT] = { "message.receipt", ALL, TRUE, TRUE, TRUE, { NULL }, receipt },
  [CPM_MESSAGE_PHOTO_REQUEST] =
    { "photo.request", ALL, TRUE, TRUE, TRUE, { NULL }, photo_request },
  [CPM_MESSAGE_PHOTO_ANSWER] = { "photo.answer", ALL, TRUE, TRUE, TRUE, { NULL }, photo_answer },
  [CPM_MESSAGE_SHARE_MISSED] = { "share.missed", RELAY | HOME, TRUE, TRUE, FALSE, { NULL }, share_missed },
  [CPM_MESSAGE_FAILED] = { "message.failed", RELAY | HOME, TRUE, TRUE, TRUE, { NULL }, failed },

  [CPM_MESSAGE_GROUP_CREATE] = { "group.create", CLIENT, FALSE, TRUE, TRUE, { NULL }, group_create },
  [CPM_MESSAGE_GROUP_CHANGE] =
    { "group.change", CLIENT | HOME, TRUE, TRUE, TRUE, { NULL }, group_change },
  [CPM_MESSAGE_GROUP_LEAVE] =
    { "group.leave", CLIENT | HOME, TRUE, TRUE, TRUE, { NULL }, nothing },
  [CPM_MESSAGE_GROUP_STATE] =
    { "group.state", RELAY | HOME, TRUE, TRUE, TRUE, { NULL }, group_state },

  [CPM_MESSAGE_SHARE_INVITE] =
    { "share.invite", CLIENT, FALSE, TRUE, FALSE, { NULL }, share_invite },
  [CPM_MESSAGE_SHARE_RINGING] = { "share.ringing", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_ACCEPT] = { "share.accept", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_DECLINE] =
    { "share.decline", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL }, share_decline },
  [CPM_MESSAGE_SHARE_CANCEL] = { "share.cancel", CLIENT, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_SWITCH] =
    { "share.switch", CLIENT, FALSE, TRUE, FALSE, { NULL }, share_switch },
  [CPM_MESSAGE_SHARE_STOP] = { "share.stop", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_LEAVE] = { "share.leave", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_JOIN] = { "share.join", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_SYNC] = { "share.sync", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_STATE] = { "share.state", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, share_state },
  [CPM_MESSAGE_SHARE_TAKEN] = { "share.taken", RELAY, FALSE, FALSE, FALSE, { NULL }, share_taken },
  [CPM_MESSAGE_SHARE_KEYFRAME] =
    { "share.keyframe", ALL, FALSE, FALSE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_REQUEST] = { "share.request", ALL, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_HAND_OVER] =
    { "share.hand-over", CLIENT, FALSE, TRUE, TRUE, { NULL }, share_hand_over },
  [CPM_MESSAGE_SHARE_ASK] = { "share.ask", HOME, FALSE, TRUE, TRUE, { NULL }, share_switch },
  [CPM_MESSAGE_SHARE_REFUSE] = { "share.refuse", HOME, FALSE, TRUE, TRUE, { NULL }, share_refuse },
  [CPM_MESSAGE_SHARE_LOST] = { "share.lost", HOME, FALSE, TRUE, TRUE, { NULL }, share },
  [CPM_MESSAGE_SHARE_RESUMED] = { "share.resumed", HOME, FALSE, TRUE, TRUE, { NULL }, share },

  [CPM_MESSAGE_SHARE_CLOCK] = { "share.clock", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL }, share_clock },
  [CPM_MESSAGE_SHARE_TIME] = { "share.time", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, share_time },
  [CPM_MESSAGE_SHARE_REPORT] =
    { "share.report", CLIENT | HOME, FALSE, FALSE, FALSE, { NULL }, share_report },
  [CPM_MESSAGE_SHARE_PACE] = { "share.pace", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, share_pace },
  [CPM_MESSAGE_SHARE_REACTION] =
    { "share.reaction", ALL, FALSE, FALSE, FALSE, { NULL }, share_reaction },
  [CPM_MESSAGE_SHARE_POINTER] = { "share.pointer", ALL, FALSE, FALSE, FALSE, { NULL }, share_pointer },
  [CPM_MESSAGE_SHARE_PROGRESS] =
    { "share.progress", ALL, FALSE, FALSE, FALSE, { NULL }, share_progress },
  [CPM_MESSAGE_SHARE_ALLOW] = { "share.allow", CLIENT, FALSE, TRUE, FALSE, { NULL }, share_allow },
  [CPM_MESSAGE_SHARE_WATCH] = { "share.watch", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL }, share },
  [CPM_MESSAGE_SHARE_WATCHING] =
    { "share.watching", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, share_watching },

  [CPM_MESSAGE_HOME_CHALLENGE] =
    { "home.challenge", HOME, FALSE, FALSE, FALSE, { NULL }, home_challenge },
  [CPM_MESSAGE_HOME_HELLO] = { "home.hello", HOME, FALSE, TRUE, FALSE, { NULL }, home_hello },
  [CPM_MESSAGE_HOME_WELCOME] = { "home.welcome", HOME, FALSE, FALSE, FALSE, { NULL }, home_welcome },
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
