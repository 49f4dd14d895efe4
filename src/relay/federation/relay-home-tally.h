/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-error.h"

#include <json-glib/json-glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelayHomeTally:
 *
 * How often something of another home was refused, for each #CpmError. Written into the log at most
 * once a while, however often it happens.
 */
typedef struct
{
  uint64_t counts[CPM_ERROR_INTERNAL + 1];
  uint64_t logged[CPM_ERROR_INTERNAL + 1];
} RelayHomeTally;

void        relay_home_tally_add     (RelayHomeTally       *self,
                                      CpmError              code);

/* What is new since the last time, as one event for each code. @home (nullable): nobody known. */
void        relay_home_tally_log     (RelayHomeTally       *self,
                                      const char           *home);

/* {"forbidden":3,…}: those that are not 0. (transfer full) */
JsonObject *relay_home_tally_to_json (const RelayHomeTally *self);

G_END_DECLS
