/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-body-connection"

#include "config.h"

#include "cpm-body.h"
#include "cpm-body-words.h"

#define MAX_DOMAIN_CHARS 253

ENUM_VALUES (bye_reasons, "shutdown", "replaced", "revoked", "idle", "too-slow");

const CpmSchema cpm_body_hello[] = {
  ADDRESS ("account", REQUIRED),
  STRING ("password", OPTIONAL, ANY, BYTES, 8, 1024),
  STRING ("token", OPTIONAL, LINE, CHARS, 1, 128),
  ID ("device", REQUIRED),
  STRING ("device_name", OPTIONAL, LINE, CHARS, 0, 64),
  BOOLEAN ("create", OPTIONAL),
  INTEGER ("since", OPTIONAL, 0, G_MAXINT64),
  ARRAY ("capabilities", OPTIONAL, cpm_body_capability, 0, 32),
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

const CpmSchema cpm_body_welcome[] = {
  ADDRESS ("account", REQUIRED),
  ID ("device", REQUIRED),
  STRING ("token", OPTIONAL, LINE, CHARS, 1, 128),
  INTEGER ("seq", REQUIRED, 0, G_MAXINT64),
  INTEGER ("time", REQUIRED, 0, G_MAXINT64),
  STRING ("pictures", REQUIRED, LINE, CHARS, 1, MAX_URL_CHARS),
  OBJECT ("limits", REQUIRED, limits),
  END
};

const CpmSchema cpm_body_bye[] = {
  ENUM ("reason", REQUIRED, bye_reasons),
  END
};

const CpmSchema cpm_body_ack[] = {
  ID ("re", REQUIRED),
  INTEGER ("ts", REQUIRED, 0, G_MAXINT64),
  END
};

const CpmSchema cpm_body_err[] = {
  ID ("re", OPTIONAL),
  STRING ("code", REQUIRED, LINE, CHARS, 1, 64),
  INTEGER ("status", REQUIRED, 100, 699),
  STRING ("text", REQUIRED, TEXT, CHARS, 0, 1000),
  INTEGER ("retry_ms", OPTIONAL, 0, G_MAXINT32),
  END
};

const CpmSchema cpm_body_got[] = {
  INTEGER ("seq", REQUIRED, 0, G_MAXINT64),
  END
};

const CpmSchema cpm_body_home_challenge[] = {
  STRING ("name", REQUIRED, LINE, CHARS, 1, MAX_DOMAIN_CHARS),
  HEX64 ("nonce", REQUIRED),
  END
};

const CpmSchema cpm_body_home_hello[] = {
  STRING ("from", REQUIRED, LINE, CHARS, 1, MAX_DOMAIN_CHARS),
  STRING ("to", REQUIRED, LINE, CHARS, 1, MAX_DOMAIN_CHARS),
  STRING ("key", REQUIRED, LINE, CHARS, 1, 64),
  INTEGER ("ts", REQUIRED, 0, G_MAXINT64),
  HEX64 ("nonce", REQUIRED),
  STRING ("signature", REQUIRED, LINE, CHARS, 86, 88),
  STRING ("agent", OPTIONAL, LINE, CHARS, 0, 200),
  END
};

const CpmSchema cpm_body_home_welcome[] = {
  STRING ("name", REQUIRED, LINE, CHARS, 1, MAX_DOMAIN_CHARS),
  INTEGER ("got", REQUIRED, 0, G_MAXINT64),
  INTEGER ("time", REQUIRED, 0, G_MAXINT64),
  END
};
