/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "transport-connection.h"

G_BEGIN_DECLS

/**
 * TransportPair:
 *
 * A wire in memory: two connections, and what is sent into one comes out of the other, in order,
 * from the main context that was the thread-default one when the pair was made. The text is
 * serialised and parsed as on the network. What had been sent before a close still arrives before
 * the "closed" of the other end.
 */
#define TRANSPORT_TYPE_PAIR (transport_pair_get_type ())
G_DECLARE_FINAL_TYPE (TransportPair, transport_pair, TRANSPORT, PAIR, TransportConnection)

/* Both ends are (transfer full). */
void transport_pair_new       (TransportConnection **out_one,
                               TransportConnection **out_other);

/* Sends bytes that need not be a message; for tests of misbehaving peers. */
void transport_pair_send_text (TransportPair *self,
                               const char    *text);

/* Cuts the wire as a power failure would: what is still on its way is lost, and both ends
 * get "closed" with an error. */
void transport_pair_cut       (TransportPair *self);

/* While it @is_held nothing arrives at either end, as on a network that is stuck. A close ends
 * it. */
void transport_pair_hold      (TransportPair *self,
                               gboolean       is_held);

G_END_DECLS
