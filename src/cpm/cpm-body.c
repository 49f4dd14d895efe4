/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-body"

#include "config.h"

#include "cpm-body.h"
#include "cpm-body-words.h"

ENUM_VALUES (content_kinds, "picture", "camera", "file", "music", "screen");

/* Names that are not known here come from newer peers, and are ignored later. */
const CpmSchema cpm_body_capability = STRING (NULL, REQUIRED, LINE, CHARS, 1, 32);

const CpmSchema cpm_body_address = ADDRESS (NULL, REQUIRED);

const CpmSchema cpm_body_kind = ENUM (NULL, REQUIRED, content_kinds);

const CpmSchema cpm_body_nothing[] = { END };

const CpmSchema cpm_body_content[] = {
  ENUM ("kind", REQUIRED, content_kinds),
  BOOLEAN ("audio", OPTIONAL),
  BOOLEAN ("camera", OPTIONAL),
  STRING ("title", OPTIONAL, LINE, CHARS, 0, 200),
  END
};
