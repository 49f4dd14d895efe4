/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-body-share"

#include "config.h"

#include "cpm-body.h"
#include "cpm-body-words.h"

#include "cpm-session.h"

ENUM_VALUES (decline_reasons, "busy", "later", "declined");
ENUM_VALUES (session_states, "inviting", "active", "held", "ended");
ENUM_VALUES (member_states, "invited", "ringing", "accepted", "joined", "lost",
             "left", "declined", "missed", "refused");
ENUM_VALUES (reasons, "none", "stopped", "cancelled", "declined", "busy", "later", "missed",
             "unavailable", "refused", "left", "lost", "media", "shutdown", "handed-over");
ENUM_VALUES (media_roles, "publish", "play");
ENUM_VALUES (video_codecs, "h264", "vp8");
ENUM_VALUES (audio_codecs, "opus");
ENUM_VALUES (permissions, "watch", "snapshot");

static const CpmSchema permission = ENUM (NULL, REQUIRED, permissions);

/* Of a member of a share; `code` may come from a newer peer. */
static const CpmSchema refusal[] = {
  STRING ("code", REQUIRED, LINE, CHARS, 1, 64),
  INTEGER ("status", REQUIRED, 100, 699),
  STRING ("text", REQUIRED, TEXT, CHARS, 0, 1000),
  END
};

const CpmSchema cpm_body_share_missed[] = {
  CONVERSATION ("conversation", REQUIRED),
  ID ("share", REQUIRED),
  ADDRESS ("sharer", REQUIRED),
  OBJECT ("content", REQUIRED, cpm_body_content),
  END
};

/* The last two between homes only: by which device, and what it can do. */
const CpmSchema cpm_body_share[] = {
  ID ("share", REQUIRED),
  ID ("device", OPTIONAL),
  ARRAY ("capabilities", OPTIONAL, cpm_body_capability, 0, 32),
  END
};

const CpmSchema cpm_body_share_invite[] = {
  ID ("share", REQUIRED),
  SET ("viewers", REQUIRED, cpm_body_address, 1, CPM_SESSION_MAX_MEMBERS),
  OBJECT ("content", REQUIRED, cpm_body_content),
  INTEGER ("ring_ms", OPTIONAL, 5000, 120000),
  CONVERSATION ("conversation", OPTIONAL),
  ID ("continues", OPTIONAL),
  END
};

const CpmSchema cpm_body_share_decline[] = {
  ID ("share", REQUIRED),
  ENUM ("reason", REQUIRED, decline_reasons),
  STRING ("text", OPTIONAL, TEXT, CHARS, 0, 500),
  ID ("device", OPTIONAL),
  END
};

const CpmSchema cpm_body_share_refuse[] = {
  ID ("share", REQUIRED),
  STRING ("code", REQUIRED, LINE, CHARS, 1, 64),
  INTEGER ("status", REQUIRED, 100, 699),
  STRING ("text", REQUIRED, TEXT, CHARS, 0, 1000),
  END
};

const CpmSchema cpm_body_share_hand_over[] = {
  ID ("share", REQUIRED),
  ID ("next", REQUIRED),
  END
};

static const CpmSchema share_next[] = {
  ID ("share", REQUIRED),
  ADDRESS ("sharer", REQUIRED),
  END
};

const CpmSchema cpm_body_share_switch[] = {
  ID ("share", REQUIRED),
  OBJECT ("content", REQUIRED, cpm_body_content),
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

const CpmSchema cpm_body_share_state[] = {
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
  OBJECT ("content", REQUIRED, cpm_body_content),
  BOOLEAN ("media_up", REQUIRED),
  ARRAY ("members", REQUIRED, member, 1, CPM_SESSION_MAX_MEMBERS),
  OBJECT ("media", OPTIONAL, media),
  CONVERSATION ("conversation", OPTIONAL),
  ID ("continues", OPTIONAL),
  OBJECT ("next", OPTIONAL, share_next),
  SET ("allow", OPTIONAL, permission, 0, 2),
  END
};

const CpmSchema cpm_body_share_taken[] = {
  ID ("share", REQUIRED),
  ID ("device", REQUIRED),
  END
};

const CpmSchema cpm_body_share_allow[] = {
  ID ("share", REQUIRED),
  SET ("allow", REQUIRED, permission, 0, 2),
  END
};
