/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-body-person"

#include "config.h"

#include "cpm-body.h"
#include "cpm-body-words.h"

#define MAX_CONTACTS 2000
#define MAX_ADDRESS_CHARS 318
#define MAX_BLOCKED 150
#define MAX_DEVICES 32

ENUM_VALUES (presence_states, "online", "offline");

static const CpmSchema person_or_domain =
  STRING (NULL, REQUIRED, LINE, CHARS, 1, MAX_ADDRESS_CHARS);

const CpmSchema cpm_body_contact_list[] = {
  ARRAY ("contacts", REQUIRED, cpm_body_address, 0, MAX_CONTACTS),
  END
};

const CpmSchema cpm_body_presence[] = {
  ADDRESS ("who", REQUIRED),
  ENUM ("state", REQUIRED, presence_states),
  ARRAY ("capabilities", REQUIRED, cpm_body_capability, 0, 32),
  BOOLEAN ("ask", OPTIONAL),
  END
};

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

const CpmSchema cpm_body_device_list[] = {
  ARRAY ("devices", REQUIRED, device_entries, 0, MAX_DEVICES),
  END
};

const CpmSchema cpm_body_device_revoke[] = {
  ID ("device", REQUIRED),
  END
};

const CpmSchema cpm_body_privacy_set[] = {
  BOOLEAN ("contacts_only", REQUIRED),
  BOOLEAN ("remote", REQUIRED),
  SET ("kinds", REQUIRED, cpm_body_kind, 0, 5),
  END
};

const CpmSchema cpm_body_privacy_block[] = {
  STRING ("who", REQUIRED, LINE, CHARS, 1, MAX_ADDRESS_CHARS),
  BOOLEAN ("blocked", REQUIRED),
  END
};

const CpmSchema cpm_body_privacy_state[] = {
  BOOLEAN ("contacts_only", REQUIRED),
  BOOLEAN ("remote", REQUIRED),
  SET ("kinds", REQUIRED, cpm_body_kind, 0, 5),
  SET ("blocked", REQUIRED, person_or_domain, 0, MAX_BLOCKED),
  END
};

const CpmSchema cpm_body_history_ask[] = {
  INTEGER ("before", REQUIRED, 1, G_MAXINT64),
  INTEGER ("limit", REQUIRED, 1, 200),
  CONVERSATION ("conversation", OPTIONAL),
  END
};

const CpmSchema cpm_body_history_page[] = {
  ID ("re", REQUIRED),
  INTEGER ("oldest", REQUIRED, 0, G_MAXINT64),
  BOOLEAN ("more", REQUIRED),
  END
};
