/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-share.h"
#include "client-world.h"

G_BEGIN_DECLS

/**
 * ClientShares:
 *
 * All shares in which this person takes part now, as a list model; takes what the relay says about
 * them to the right one, and tells the relay after a reconnect what it has missed.
 *
 * Signals: "invited" (ClientShare *): it rings; "turn-requested" (ClientShare *, const char *who);
 * "turn-given" (ClientShare *): it has ended, and this person may continue it:
 * client_shares_take_turn_async(); "continued" (ClientShare *old, ClientShare *): nobody is asked.
 */
#define CLIENT_TYPE_SHARES (client_shares_get_type ())
G_DECLARE_FINAL_TYPE (ClientShares, client_shares, CLIENT, SHARES, GObject)

ClientShares *client_shares_new           (ClientWorld *world);
GListModel   *client_shares_get_model     (ClientShares *self);
ClientShare  *client_shares_find          (ClientShares *self,
                                           const char   *id); /* (nullable) */

/* Whether @type is one of the relay's messages about shares; and one of them. */
gboolean      client_shares_takes         (CpmMessageType type);
void          client_shares_take          (ClientShares *self,
                                           CpmMessage   *message);

/* The line is there again, or gone: shares outlive a loss of 30 s. */
void          client_shares_resume        (ClientShares *self);
void          client_shares_pause         (ClientShares *self);

/* As client_share_with_async(); the share is (transfer none). */
void          client_shares_invite_async  (ClientShares         *self,
                                           ClientConversation   *conversation,
                                           const ClientShowable *what,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
ClientShare  *client_shares_invite_finish (ClientShares         *self,
                                           GAsyncResult         *result,
                                           GError              **error);

/* Continues @share, which was handed over to this person. Finished as an invitation. */
void          client_shares_take_turn_async (ClientShares         *self,
                                             ClientShare          *share,
                                             const ClientShowable *what,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);

/* Into a share that goes on without this person. Finished as an invitation. */
void          client_shares_join_async    (ClientShares         *self,
                                           const char           *id,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);

/* The file of a received picture is here: what is shown may be seen by it. */
void          client_shares_take_picture (ClientShares  *self,
                                          ClientMessage *row);

/* Another device has answered an invitation; @device_name is (nullable). */
void          client_shares_take_elsewhere (ClientShares *self,
                                            CpmMessage   *message,
                                            const char   *device_name);

G_END_DECLS
