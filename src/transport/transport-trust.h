/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TransportTrust:
 *
 * By what a relay's certificate is known: by a pin (SHA-256 of the certificate's DER form, 64 hex
 * digits, as the relay prints it), by a CA file, or by the system's CAs. Immutable, reference
 * counted; may be asked from any thread.
 */
typedef struct _TransportTrust TransportTrust;

/* At most one of @pin and @ca_file; both %NULL for the system's CAs. Sets an error for a pin that
 * is not 64 hex digits (colons are forgiven) and for a CA file that cannot be read. */
TransportTrust *transport_trust_new     (const char      *pin,
                                         const char      *ca_file,
                                         GError         **error);
TransportTrust *transport_trust_ref     (TransportTrust *self);
void            transport_trust_unref   (TransportTrust *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TransportTrust, transport_trust_unref)

/* Whether a relay at @host that shows @certificate is to be trusted. Ask it about every certificate
 * (TransportAskDatabase): what GIO finds by itself does not count. */
gboolean        transport_trust_accepts (TransportTrust  *self,
                                         const char      *host,
                                         GTlsCertificate *certificate);

const char     *transport_trust_get_pin     (TransportTrust *self); /* (nullable) */
const char     *transport_trust_get_ca_file (TransportTrust *self); /* (nullable) */

G_END_DECLS
