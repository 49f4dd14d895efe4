/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-visitor.h"

#include "cpm-message.h"

G_BEGIN_DECLS

/**
 * RelayMail:
 *
 * What is durable between homes. It has an outbox for each home, wakes the link when something
 * waits, gives up after seven days, and takes in what other homes say: nothing is confirmed to them
 * before it is on stable storage.
 *
 * Life: owned by the #RelayServer, as long as this home speaks with others at all. Main thread.
 */
#define RELAY_TYPE_MAIL (relay_mail_get_type ())
G_DECLARE_FINAL_TYPE (RelayMail, relay_mail, RELAY, MAIL, GObject)

/* @context outlives it, and has its homes, store and post. */
RelayMail *relay_mail_new    (RelayContext *context);

/* Takes @message, which @visitor said with its `n` for somebody of this home, or with @refusal
 * (nullable) (transfer full) refuses it for good; answers when that is durable. @picture (nullable)
 * is one that the recipient may see. */
void       relay_mail_take   (RelayMail    *self,
                              RelayVisitor *visitor,
                              CpmMessage   *message,
                              const char   *picture,
                              GError       *refusal);

/* The same for a write of the caller's own that brings @message to many: fills in where it came
 * from. It begins with relay_store_arrive(); and when it is done, relay_mail_answer() says so to
 * the home: @error is that of the write (nullable), @refusal its refusal (nullable). To be called
 * in the order in which the visitor says things. */
void       relay_mail_stamp  (RelayMail    *self,
                              RelayVisitor *visitor,
                              CpmMessage   *message,
                              RelayWrite   *write);
void       relay_mail_answer (RelayMail    *self,
                              RelayVisitor *visitor,
                              CpmMessage   *message,
                              const GError *refusal,
                              const GError *error);

G_END_DECLS
