/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

#include "cpm-message.h"

G_BEGIN_DECLS

/**
 * RelayOutbox:
 *
 * Brings what waits for one other home there, in order, as long as our link to it is up: at most
 * 256 on their way. What it has got leaves the store; what it refuses goes back to the sender.
 *
 * Life: one for each home for which something waits or waited, owned by #RelayMail. Main thread.
 */
#define RELAY_TYPE_OUTBOX (relay_outbox_get_type ())
G_DECLARE_FINAL_TYPE (RelayOutbox, relay_outbox, RELAY, OUTBOX, GObject)

/* @context outlives it. */
RelayOutbox *relay_outbox_new        (RelayContext *context,
                                      const char   *domain);

/* The link is up, and the home has what we said up to @got; or it is down. */
void         relay_outbox_start      (RelayOutbox  *self,
                                      int64_t       got);
void         relay_outbox_stop       (RelayOutbox  *self);

/* Says what there is room for. */
void         relay_outbox_pump       (RelayOutbox  *self);

/* A got or err that the home says. */
void         relay_outbox_answer     (RelayOutbox  *self,
                                      CpmMessage   *answer);

/* From time to time: tries again what the store could not do. */
void         relay_outbox_look_after (RelayOutbox  *self);

/* Whether something waits, or is on its way. */
gboolean     relay_outbox_is_busy    (RelayOutbox  *self);

G_END_DECLS
