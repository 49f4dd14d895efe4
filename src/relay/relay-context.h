/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-accounts.h"
#include "relay-config.h"
#include "relay-people.h"
#include "relay-post.h"
#include "relay-store.h"

#include "cpm-clock.h"

G_BEGIN_DECLS

typedef struct _RelayGroups RelayGroups;
typedef struct _RelayHomePresence RelayHomePresence;
typedef struct _RelayHomes RelayHomes;
typedef struct _RelayMail RelayMail;
typedef struct _RelayShares RelayShares;

/**
 * RelayContext:
 *
 * What a handler works with. Owned by the #RelayServer, which fills it once and clears it last.
 */
typedef struct
{
  const RelayConfig *config;
  unsigned port;         /* by which clients reach us; the configured one may be 0 */
  unsigned rtsp_port;
  unsigned clock_port;   /* UDP; 0 when there is none */
  /* (nullable): SHA-256 of the certificate of our media, for people of other homes */
  const char *media_pin;
  CpmClock *clock;
  RelayStore *store;
  RelayAccounts *accounts;
  RelayPeople *people;
  RelayPost *post;
  RelayGroups *groups;
  RelayShares *shares;
  int64_t time_ahead_us; /* real time minus monotonic, at the start */
  RelayHomes *homes; /* (nullable): when this home speaks with no other */
  RelayMail *mail;   /* (nullable): the same */
  RelayHomePresence *home_presence; /* (nullable): the same */
} RelayContext;

/* The time by which shares ring and wait, and which clients are told: real time as it was at the
 * start, and what has passed since. It does not jump when somebody sets the machine's clock. */
int64_t relay_context_get_time_us (RelayContext *self);

G_END_DECLS
