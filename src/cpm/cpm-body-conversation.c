/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-body-conversation"

#include "config.h"

#include "cpm-body.h"
#include "cpm-body-words.h"

#include "cpm-group.h"
#include "cpm-message.h"

#define MAX_PICTURE_BYTES (50 * 1024 * 1024)
#define MAX_PICTURE_PIXELS 100000

ENUM_VALUES (picture_types, "image/jpeg", "image/png", "image/webp");
ENUM_VALUES (receipt_states, "delivered", "displayed");

const CpmSchema cpm_body_text[] = {
  CONVERSATION ("conversation", REQUIRED),
  STRING ("text", REQUIRED, TEXT, BYTES, 1, CPM_MESSAGE_MAX_TEXT_BYTES),
  END
};

const CpmSchema cpm_body_picture[] = {
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

const CpmSchema cpm_body_receipt[] = {
  CONVERSATION ("conversation", REQUIRED),
  ID ("message", REQUIRED),
  ENUM ("state", REQUIRED, receipt_states),
  END
};

const CpmSchema cpm_body_photo_request[] = {
  CONVERSATION ("conversation", REQUIRED),
  STRING ("text", OPTIONAL, TEXT, BYTES, 0, 500),
  ID ("share", OPTIONAL),
  END
};

const CpmSchema cpm_body_photo_answer[] = {
  CONVERSATION ("conversation", REQUIRED),
  ID ("request", REQUIRED),
  BOOLEAN ("accepted", REQUIRED),
  END
};

/* What could not be delivered, and why. */
const CpmSchema cpm_body_failed[] = {
  CONVERSATION ("conversation", REQUIRED),
  ID ("message", REQUIRED),
  ADDRESS ("who", REQUIRED),
  STRING ("code", REQUIRED, LINE, CHARS, 1, 64),
  INTEGER ("status", REQUIRED, 100, 699),
  STRING ("text", REQUIRED, TEXT, CHARS, 0, 1000),
  END
};

static const CpmSchema group_picture[] = {
  ID ("picture", REQUIRED),
  HEX64 ("sha256", REQUIRED),
  INTEGER ("bytes", REQUIRED, 1, MAX_PICTURE_BYTES),
  ENUM ("mime", REQUIRED, picture_types),
  END
};

const CpmSchema cpm_body_group_create[] = {
  STRING ("name", REQUIRED, LINE, CHARS, 1, 80),
  SET ("members", REQUIRED, cpm_body_address, 1, CPM_GROUP_MAX_MEMBERS - 1),
  OBJECT ("picture", OPTIONAL, group_picture),
  END
};

const CpmSchema cpm_body_group_change[] = {
  STRING ("name", OPTIONAL, LINE, CHARS, 1, 80),
  OBJECT ("picture", OPTIONAL, group_picture),
  SET ("add", OPTIONAL, cpm_body_address, 1, CPM_GROUP_MAX_MEMBERS - 1),
  SET ("remove", OPTIONAL, cpm_body_address, 1, CPM_GROUP_MAX_MEMBERS - 1),
  END
};

const CpmSchema cpm_body_group_state[] = {
  CONVERSATION ("conversation", REQUIRED),
  INTEGER ("rev", REQUIRED, 1, MAX_REV),
  STRING ("name", REQUIRED, LINE, CHARS, 1, 80),
  OBJECT ("picture", OPTIONAL, group_picture),
  ADDRESS ("owner", REQUIRED),
  SET ("members", REQUIRED, cpm_body_address, 0, CPM_GROUP_MAX_MEMBERS),
  ADDRESS ("by", OPTIONAL),
  ID ("change", OPTIONAL),
  END
};
