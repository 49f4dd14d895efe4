/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-error.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelayCertificate:
 *
 * The relay's certificate with its key: given by the operator, or made by the relay itself
 * (self-signed, ECDSA P-256, ten years), in which case clients know it by its pin.
 */
#define RELAY_TYPE_CERTIFICATE (relay_certificate_get_type ())
G_DECLARE_FINAL_TYPE (RelayCertificate, relay_certificate, RELAY, CERTIFICATE, GObject)

/* Reads both PEM files. Sets %RELAY_ERROR_CERTIFICATE: unreadable, not a certificate, or a key that
 * does not fit. */
RelayCertificate *relay_certificate_load   (const char  *certificate_path,
                                            const char  *key_path,
                                            GError     **error);

/* Reads relay.crt and relay.key in @data_dir, or makes them when neither is there. */
RelayCertificate *relay_certificate_ensure (const char  *data_dir,
                                            const char  *domain,
                                            GError     **error);

/* SHA-256 of the DER form, 64 hex digits. */
const char       *relay_certificate_get_pin (RelayCertificate *self);

GTlsCertificate  *relay_certificate_get_tls (RelayCertificate *self);

/* A new server's side of a TLS 1.3 session over the socket @fd: a gnutls_session_t, to be freed
 * before @self. (transfer full) */
gpointer          relay_certificate_new_session (RelayCertificate *self,
                                                 int               fd);

G_END_DECLS
