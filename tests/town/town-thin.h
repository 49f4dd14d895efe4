/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town.h"

#include "client-link.h"

G_BEGIN_DECLS

/**
 * TownThin:
 *
 * A device that speaks the protocol as docs/protocol.md has it, and nothing more: an outbox, a cursor, and shares whose media are a word
 * with the relay's #TownMedia. What is under "disk" outlives its death. For town-thin.c and town-thin-shares.c.
 */
typedef struct
{
  TownDevice parent;

  /* disk */
  GQueue outbox;      /* of TownThinItem */
  int64_t last_seq;

  ClientLink *link;   /* while it is up */
  GHashTable *shares; /* id → TownThinShare */
  unsigned retry;
} TownThin;

void town_thin_shares_init   (TownThin *self);
void town_thin_shares_clear  (TownThin *self);

/* Signed in: asks how the shares stand. */
void town_thin_shares_resume (TownThin *self);
void town_thin_shares_take   (TownThin   *self,
                              CpmMessage *message);

/* The ops of the device. */
void town_thin_act           (TownDevice *device);
void town_thin_finish        (TownDevice *device);
int64_t town_thin_get_rev    (TownDevice *device,
                              const char *share);
void town_thin_shares_check  (TownThin *self,
                              gboolean  ended);

G_END_DECLS
