/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-book.h"
#include "client-intake.h"

G_BEGIN_DECLS

/**
 * ClientInbox:
 *
 * Takes in the durable messages that the relay delivers: what came in one turn of the main loop is
 * stored in one transaction together with the place up to which we have heard (`last_seq`) and the
 * receipts that go back; only then is it shown; and the relay is told (`got`) when the store has
 * kept it (client_inbox_confirm()). So what is acknowledged is on stable storage, and a repetition
 * is dropped. What is shown is always what the store says: it does not wait for the disk, since
 * nothing is promised to anybody by it.
 *
 * Signals: "message" (ClientConversation *, ClientMessage *): new, from somebody else; "receipt"
 * (ClientMessage *, const char *who, ClientMessageState); "picture" (ClientMessage *): its file is
 * to be fetched; "undelivered" (ClientConversation *, ClientMessage * or %NULL, const char *who,
 * GError *); "group" (ClientConversation *): its group is another than before; "began": this
 * device, which is new, has heard and kept the first of the newest rows; "failed" (GError *error):
 * the disk refuses: nothing was taken, and nothing acknowledged.
 */
#define CLIENT_TYPE_INBOX (client_inbox_get_type ())
G_DECLARE_FINAL_TYPE (ClientInbox, client_inbox, CLIENT, INBOX, GObject)

ClientInbox *client_inbox_new  (ClientStore  *store,
                                ClientBook   *book,
                                ClientOutbox *outbox,
                                CpmClock     *clock);

/* Who we are, and the line on which `got` is said. */
void         client_inbox_connect (ClientInbox *self,
                                   const char  *account,
                                   ClientLink  *link);

/* What was not stored yet is forgotten: it comes again. */
void         client_inbox_disconnect (ClientInbox *self);

/* Tells the relay what has been kept since it was told last. */
void         client_inbox_confirm (ClientInbox *self);

/* Shows what @intake, of this account, has stored and committed. */
void         client_inbox_show (ClientInbox  *self,
                                ClientIntake *intake);

/* @message is durable. */
void         client_inbox_take (ClientInbox *self,
                                CpmMessage  *message);

G_END_DECLS
