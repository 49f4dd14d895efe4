/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town.h"

#include "client-link.h"

#include "cpm-session.h"

G_BEGIN_DECLS

/**
 * TownThin:
 *
 * A device that speaks the protocol as docs/protocol.md has it, and nothing more: an outbox, a
 * cursor, and shares whose media are a word with the relay's #TownMedia. What is under "disk"
 * outlives its death. For town-thin.c, town-thin-shares.c (how shares stand, and what people do in
 * them) and town-thin-words.c (what is said beside).
 */
typedef struct
{
  TownDevice parent;

  /* disk */
  GQueue outbox;      /* of TownThinItem */
  int64_t last_seq;
  GHashTable *own;    /* set of ids: shares that it began itself */

  ClientLink *link;   /* while it is up */
  GHashTable *shares; /* id → TownThinShare */
  unsigned retry;
} TownThin;

/* A share as this device knows it. */
typedef struct
{
  TownThin *device;
  char *id;
  CpmSession *session;  /* the newest snapshot */
  char *token;          /* (nullable): for the media */
  gboolean is_publisher;
  gboolean is_over;     /* the relay does not know it any more */
  unsigned timer;       /* until the media are connected */
  char *used_token;     /* (nullable): by which they are */
  unsigned life;        /* of the relay to which they are */
} TownThinShare;

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
void town_thin_accept        (TownDevice *device);
void town_thin_shares_check  (TownThin *self,
                              gboolean  ended);

/* Asks for @type of @share, @to (nullable) somebody, with @body (transfer full) (nullable). */
void town_thin_request       (TownThin       *self,
                              CpmMessageType  type,
                              const char     *share,
                              const char     *to,
                              JsonObject     *body);

/* Whether this device takes part by itself: it shows, or it is the one that looks on. */
gboolean town_thin_takes_part (TownThinShare *share);

/* Says something beside the share: a pointer, a reaction, how fast frames come, what time it is. */
void town_thin_say_word      (TownThinShare *share);

/* Something like that has come. */
void town_thin_take_word     (TownThin   *self,
                              CpmMessage *message);

G_END_DECLS
