/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"
#include "cpm-address.h"
#include "pair-connector.h"
#include "test-clock.h"

G_BEGIN_DECLS

#define SECOND G_USEC_PER_SEC
#define ALICE "alice@a.test"
#define EMILY "emily@a.test"
#define SHARE "01930000-0000-7000-8000-000000000003"

/* A client, and a relay that does what the test says. What the client said since the last look
 * waits in `said`. */
typedef struct
{
  char *directory;
  TestClock *clock;
  PairConnector *connector;
  Client *client;
  TransportConnection *relay_end;
  char *device;           /* the client's, as it says hello */
  GQueue said;            /* of CpmMessage */
  unsigned n_received;
  unsigned n_invited;
  unsigned n_continued;
  unsigned n_turns_given;
  GError *sign_in_error;
  gboolean signed_in;
  gboolean is_in_one_go;  /* what the relay says is read with what it says next */
} ScriptedRelay;

void        scripted_relay_set_up         (ScriptedRelay *self,
                                           gconstpointer  data);
void        scripted_relay_tear_down      (ScriptedRelay *self,
                                           gconstpointer  data);
void        scripted_relay_turn           (ScriptedRelay *self);
void        scripted_relay_open_client    (ScriptedRelay *self);

/* The next message of the client, which must be of @type. (transfer full) */
CpmMessage *scripted_relay_expect         (ScriptedRelay  *self,
                                           CpmMessageType  type);
void        scripted_relay_expect_silence (ScriptedRelay *self);

void        scripted_relay_say            (ScriptedRelay *self,
                                           const char    *text);

/* @token is (nullable). */
void        scripted_relay_say_welcome    (ScriptedRelay *self,
                                           CpmMessage    *hello,
                                           int64_t        seq,
                                           const char    *token);
void        scripted_relay_say_ack        (ScriptedRelay *self,
                                           CpmMessage    *message);
void        scripted_relay_say_text       (ScriptedRelay *self,
                                           unsigned       n,
                                           int64_t        seq,
                                           const char    *from);
void        scripted_relay_begin_sign_in  (ScriptedRelay *self);
void        scripted_relay_sign_in        (ScriptedRelay *self);

/* A snapshot of a share of a camera, whose media are not there; @members and @more are JSON. */
void        scripted_relay_say_share      (ScriptedRelay *self,
                                           const char    *share,
                                           int            rev,
                                           const char    *state,
                                           const char    *sharer,
                                           const char    *members,
                                           const char    *more);

/* What the client has said until now is not looked at. */
void        scripted_relay_drop_said      (ScriptedRelay *self);

/* The connection breaks, and the client comes back; what it says then is in the queue. */
void        scripted_relay_come_back      (ScriptedRelay *self,
                                           int64_t        seq);

G_END_DECLS
