/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-outbox.h"

G_BEGIN_DECLS

/**
 * ClientEffect:
 * @conversation: its id
 * @peer: the other one of a conversation of two; %NULL for a group
 * @row: as it is in the store now; %NULL for what is about the group itself, or about a row that is
 * not here
 * @is_new: it was not there before
 * @is_from_other: somebody else said it
 * @receipt_from: (nullable): who has got or seen the row, as of @receipt_state
 * @failed_to: (nullable): whom it did not reach, because of @error
 * @group: (nullable): a `group.state`
 *
 * What is to be shown once the transaction stands.
 */
typedef struct
{
  char *conversation;
  char *peer;
  ClientMessage *row;
  gboolean is_new;
  gboolean is_from_other;
  char *receipt_from;
  ClientMessageState receipt_state;
  char *failed_to;
  GError *error;
  JsonObject *group;
} ClientEffect;

/**
 * ClientIntake:
 * @is_old: what is taken in is history that was asked for: no receipts go out for it, and it is no
 * news
 *
 * Takes durable messages of the relay into the store, within a transaction of the caller: what they
 * mean, but not how it is shown.
 */
typedef struct
{
  ClientStore *store;
  ClientOutbox *outbox;
  CpmClock *clock;
  const char *account;
  gboolean is_old;
  GPtrArray *effects;    /* of ClientEffect */
} ClientIntake;

void      client_intake_init   (ClientIntake  *self,
                                ClientStore   *store,
                                ClientOutbox  *outbox,
                                CpmClock      *clock,
                                const char    *account,
                                gboolean       is_old);
void      client_intake_clear  (ClientIntake  *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ClientIntake, client_intake_clear)

/* One message. What belongs to no conversation of ours is passed over. */
gboolean  client_intake_store  (ClientIntake  *self,
                                CpmMessage    *message,
                                GError       **error);

/* After the last one, before the commit: the receipts for what is new, and not read on another
 * device already. */
gboolean  client_intake_finish (ClientIntake  *self,
                                GError       **error);

G_END_DECLS
