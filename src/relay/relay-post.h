/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-people.h"

G_BEGIN_DECLS

/**
 * RelayPost:
 *
 * Brings durable messages into inboxes and from there to the devices that are connected.
 */
#define RELAY_TYPE_POST (relay_post_get_type ())
G_DECLARE_FINAL_TYPE (RelayPost, relay_post, RELAY, POST, GObject)

RelayPost *relay_post_new            (RelayStore  *store,
                                      RelayPeople *people,
                                      CpmClock    *clock);

/* Puts @message, stamped with its sender, into @recipient's inbox. @device (nullable) is the sender's device that said it;
 * @picture (nullable) one that the recipient may fetch from then on. It is durable when the callback comes. */
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

/* @user has @other as a contact from now on; asking again changes nothing. */
void       relay_post_befriend       (RelayPost  *self,
                                      const char *user,
                                      const char *other);

/* Sends what @user's devices have not got, as far as they have room. */
void       relay_post_pump           (RelayPost  *self,
                                      const char *user);

/* Writes down what @peer has confirmed. */
void       relay_post_keep_got       (RelayPost *self,
                                      RelayPeer *peer);

G_END_DECLS
