/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-server.h"
#include "test-clock.h"

#include "transport-pair.h"

G_BEGIN_DECLS

/**
 * Home:
 *
 * A relay in memory, for a.test when nothing else is said: no sockets, no disk, no media, and a
 * clock that the test moves.
 */
typedef struct
{
  TestClock *clock;
  RelayConfig *config;
  RelayStore *store;
  RelayServer *server;
} Home;

/**
 * Person:
 *
 * Somebody's device, connected to a #Home: what it was told waits in a queue until the test looks.
 */
typedef struct
{
  Home *home;
  TransportConnection *connection;
  TransportConnection *relay_end;
  char *address;
  char *device;
  char *token;
  GQueue inbox;     /* of CpmMessage */
  int64_t welcome_seq;
  gboolean is_closed;
} Person;

Home       *home_new         (void);
Home       *home_new_at      (const char *domain,
                              TestClock  *clock);
void        home_free        (Home *self);

/* Goes round in the main loop until nothing is under way, for all but passwords. */
void        home_settle      (Home *self);
void        home_advance     (Home    *self,
                              int64_t  by_us);

/* Writes to the store, as the operator does while the relay runs, and sees that it went well; the
 * second a write of these members. (transfer full): @write. */
void        home_write       (Home       *self,
                              RelayWrite *write);
void        home_set         (Home           *self,
                              RelayWriteKind  kind,
                              const char     *user,
                              const char     *other,
                              int64_t         number);

/* A connection that has said nothing. */
Person     *person_new       (Home       *home,
                              const char *name);
void        person_free      (Person *self);

/* Makes the account and signs in; with all capabilities. */
Person     *person_sign_up   (Home       *home,
                              const char *name);

/* Signs in by another connection of the same device (@device NULL), or as a new device. Returns the
 * new one. */
Person     *person_again     (Person  *self,
                              int64_t  since);
Person     *person_on_device (Person     *self,
                              const char *password);

/* Says hello with @body; the answer is not waited for. (transfer full: body) */
JsonObject *person_new_hello (Person *self);

/* Sends a request and returns its id. @body is (transfer full) (nullable). */
char       *person_say       (Person         *self,
                              CpmMessageType  type,
                              const char     *to,
                              JsonObject     *body);

/* Sends a request and returns "ack", or the code of the error. Other messages stay in the queue. */
const char *person_ask       (Person         *self,
                              CpmMessageType  type,
                              const char     *to,
                              JsonObject     *body);

/* Takes the first message of this type out of the queue; waits for it. */
CpmMessage *person_take      (Person         *self,
                              CpmMessageType  type);

/* Whether a message of this type is in the queue, when all has settled. */
gboolean    person_has       (Person         *self,
                              CpmMessageType  type);
void        person_forget    (Person *self);

/* The body of the newest `share.state`; the older ones are dropped. (transfer full) */
JsonObject *person_take_share (Person *self);

/* Says `privacy.block`, and returns as person_ask(). */
const char *person_block     (Person     *self,
                              const char *who,
                              gboolean    blocked);

/* Bodies. {"conversation":…,"text":…} and {"share":…} with what follows in JSON. */
JsonObject *text_to          (Person     *self,
                              Person     *other,
                              const char *text);
JsonObject *share_body       (const char *share,
                              const char *more);

/* A member of the body of @message, as text. */
const char *body_text        (CpmMessage *message,
                              const char *member);

G_END_DECLS
