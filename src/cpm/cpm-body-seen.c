/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-body-seen"

#include "config.h"

#include "cpm-body.h"
#include "cpm-body-words.h"

#include "cpm-session.h"

#define MAX_MS 60000
#define MAX_US (60 * 1000 * 1000)

ENUM_VALUES (hindrances, "none", "network", "computer", "clock");

const CpmSchema cpm_body_share_clock[] = {
  ID ("share", REQUIRED),
  INTEGER ("t", REQUIRED, 0, G_MAXINT64),
  END
};

const CpmSchema cpm_body_share_time[] = {
  ID ("re", REQUIRED),
  ID ("share", REQUIRED),
  INTEGER ("t", REQUIRED, 0, G_MAXINT64),
  INTEGER ("time", REQUIRED, 0, G_MAXINT64),
  END
};

const CpmSchema cpm_body_share_report[] = {
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

const CpmSchema cpm_body_share_pace[] = {
  ID ("share", REQUIRED),
  INTEGER ("viewers", REQUIRED, 0, CPM_SESSION_MAX_MEMBERS),
  INTEGER ("spread_us", OPTIONAL, 0, MAX_US),
  INTEGER ("delay_ms", REQUIRED, 0, 5000),
  INTEGER ("kbits", REQUIRED, 1, 1000000),
  INTEGER ("renditions", REQUIRED, 1, 2),
  ARRAY ("slow", REQUIRED, slow_viewers, 0, CPM_SESSION_MAX_MEMBERS),
  END
};

const CpmSchema cpm_body_share_reaction[] = {
  ID ("share", REQUIRED),
  STRING ("reaction", REQUIRED, LINE, CHARS, 1, 16),
  ID ("device", OPTIONAL),
  ADDRESS ("who", OPTIONAL),
  END
};

/* The place in thousandths of the canvas, and the moment of the frame that was pointed at (ns of
 * the share's clock); without a place: taken away. `device` is said by a viewer's home, `who` by
 * the owner to another home: whose it is. */
const CpmSchema cpm_body_share_pointer[] = {
  ID ("share", REQUIRED),
  INTEGER ("x", OPTIONAL, 0, 1000),
  INTEGER ("y", OPTIONAL, 0, 1000),
  INTEGER ("moment", OPTIONAL, 0, G_MAXINT64),
  ID ("device", OPTIONAL),
  ADDRESS ("who", OPTIONAL),
  END
};

const CpmSchema cpm_body_share_progress[] = {
  ID ("share", REQUIRED),
  INTEGER ("n", REQUIRED, 1, G_MAXINT32),
  BOOLEAN ("playing", REQUIRED),
  INTEGER ("position_ms", REQUIRED, 0, G_MAXINT64),
  INTEGER ("duration_ms", OPTIONAL, 0, G_MAXINT64),
  STRING ("title", OPTIONAL, LINE, CHARS, 1, 200),
  STRING ("artist", OPTIONAL, LINE, CHARS, 1, 200),
  END
};

const CpmSchema cpm_body_share_watching[] = {
  ID ("re", REQUIRED),
  ID ("share", REQUIRED),
  STRING ("url", REQUIRED, LINE, CHARS, 1, MAX_URL_CHARS),
  STRING ("user", REQUIRED, LINE, CHARS, 1, 128),
  STRING ("token", REQUIRED, LINE, CHARS, 1, 128),
  END
};
