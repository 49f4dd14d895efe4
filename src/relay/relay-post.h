/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-people.h"

G_BEGIN_DECLS

/**
 * RelayPost:
 *
 * Brings durable messages into inboxes and from there to the devices that are connected; or, for
 * people of other homes, into outboxes.
 *
 * Signal "queued" (domain): something more waits for that home.
 *
 * Life: owned by the #RelayServer. Nothing waits in it: what is under way is in the store. Main
 * thread.
 */
#define RELAY_TYPE_POST (relay_post_get_type ())
G_DECLARE_FINAL_TYPE (RelayPost, relay_post, RELAY, POST, GObject)

RelayPost *relay_post_new            (RelayStore  *store,
                                      RelayPeople *people,
                                      CpmClock    *clock,
                                      const char  *domain);

/* Puts @message, stamped with its sender, into @recipient's inbox, or the outbox for @recipient's
 * home. @device (nullable) is the sender's device that said it: the sender's others get it, too;
 * @picture (nullable) one that the recipient may fetch from then on. It is durable when the
 * callback comes. */
void       relay_post_deliver_async  (RelayPost           *self,
                                      CpmMessage          *message,
                                      const char          *recipient,
                                      const char          *device,
                                      const char          *picture,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
gboolean   relay_post_deliver_finish (RelayPost     *self,
                                      GAsyncResult  *result,
                                      GError       **error);

/* The write that delivers @message to @recipient of this home, as people are told it: without `n`
 * and the like. (transfer full) */
RelayWrite *relay_post_new_delivery  (RelayPost           *self,
                                      CpmMessage          *message,
                                      const char          *recipient,
                                      const char          *picture);

/* Does @write, such a delivery of something that another home said (see relay_mail_stamp()), or
 * refuses it when there is a @refusal; either is durable when the callback comes. @write and
 * @refusal (nullable) are (transfer full). */
void       relay_post_receive_async  (RelayPost           *self,
                                      RelayWrite          *write,
                                      GError              *refusal,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
/* Returns %FALSE when nothing is durable: the home has to say it again. Sets *@out_refusal
 * (transfer full) when it is refused. */
gboolean   relay_post_receive_finish (RelayPost     *self,
                                      GAsyncResult  *result,
                                      GError       **out_refusal,
                                      GError       **error);

/* What @write has brought into inboxes and outboxes (its @told) goes on its way. */
void       relay_post_tell           (RelayPost        *self,
                                      const RelayWrite *write);

/* Something was put into the outbox for @domain: emits "queued". */
void       relay_post_tell_queued    (RelayPost  *self,
                                      const char *domain);

/* @user has @other as a contact from now on; asking again changes nothing. */
void       relay_post_befriend       (RelayPost  *self,
                                      const char *user,
                                      const char *other);

/* Writes down what @peer has confirmed. */
void       relay_post_keep_got       (RelayPost *self,
                                      RelayPeer *peer);

G_END_DECLS
