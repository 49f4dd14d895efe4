/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TransportAskDatabase:
 *
 * A database that knows no authority. GIO emits "accept-certificate" only for certificates that its
 * database does not vouch for; with this one it asks about each, so that a pin is looked at also
 * when some public authority has signed what the peer shows. What is true is for
 * transport_trust_accepts() to say.
 *
 * It has no state: GIO may ask it in any thread.
 */
#define TRANSPORT_TYPE_ASK_DATABASE (transport_ask_database_get_type ())
G_DECLARE_FINAL_TYPE (TransportAskDatabase, transport_ask_database,
                      TRANSPORT, ASK_DATABASE, GTlsDatabase)

GTlsDatabase *transport_ask_database_new (void);

G_END_DECLS
