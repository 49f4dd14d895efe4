/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-clock.h"
#include "transport-connection.h"

G_BEGIN_DECLS

/**
 * RelayVisitorState:
 *
 * The life of a visitor, in order.
 */
typedef enum
{
  RELAY_VISITOR_STRANGER, /* was asked to prove itself, and has said nothing */
  RELAY_VISITOR_KNOCKING, /* its proof is being looked at */
  RELAY_VISITOR_WELCOME,
  RELAY_VISITOR_GONE
} RelayVisitorState;

/**
 * RelayVisitor:
 *
 * A link that another home has made to us. That home speaks on it, and we only answer. Who it is
 * comes from its proof alone.
 *
 * What it says is handed on one by one; while it is held, what comes waits, up to a limit at which
 * the link is closed. Who asks faster than 400 times a second is refused; what is durable is not
 * asked but confirmed, and at most 256 are on their way.
 *
 * Signals: "hello" (CpmMessage *); "message" (CpmMessage *): of a welcome one; "refused" (int):
 * something was refused with this #CpmError; "state-changed"; "gone": once, last.
 */
#define RELAY_TYPE_VISITOR (relay_visitor_get_type ())
G_DECLARE_FINAL_TYPE (RelayVisitor, relay_visitor, RELAY, VISITOR, GObject)

/* Asks it at once who it is: @own is our domain. @address is the network address. */
RelayVisitor        *relay_visitor_new            (TransportConnection *connection,
                                                   CpmClock            *clock,
                                                   const char          *own,
                                                   const char          *address);

RelayVisitorState    relay_visitor_get_state      (RelayVisitor        *self);
TransportConnection *relay_visitor_get_connection (RelayVisitor        *self);
const char          *relay_visitor_get_address    (RelayVisitor        *self);
const char          *relay_visitor_get_nonce      (RelayVisitor        *self);
/* (nullable) before it is welcome */
const char          *relay_visitor_get_domain     (RelayVisitor        *self);
/* real time of the welcome */
int64_t              relay_visitor_get_since_us   (RelayVisitor        *self);

/* Its proof is good: it is @domain, and up to @got we have everything. */
void                 relay_visitor_welcome        (RelayVisitor        *self,
                                                   const char          *domain,
                                                   CpmMessage          *hello,
                                                   int64_t              got);

void                 relay_visitor_send           (RelayVisitor        *self,
                                                   CpmMessage          *message);
void                 relay_visitor_ack            (RelayVisitor        *self,
                                                   CpmMessage          *request);

/* @request (nullable) is what was refused. */
void                 relay_visitor_refuse         (RelayVisitor        *self,
                                                   CpmMessage          *request,
                                                   const GError        *error);

/* Up to @n everything is on stable storage. */
void                 relay_visitor_got            (RelayVisitor        *self,
                                                   int64_t              n);

/* While it is held nothing is handed on. */
void                 relay_visitor_hold           (RelayVisitor        *self);
void                 relay_visitor_release        (RelayVisitor        *self);

/* Says `bye` with @reason (nullable) and closes. */
void                 relay_visitor_dismiss        (RelayVisitor        *self,
                                                   const char          *reason);

G_END_DECLS
