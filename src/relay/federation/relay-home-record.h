/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include <stdint.h>

G_BEGIN_DECLS

#define RELAY_HOME_KEY_BYTES 32
#define RELAY_HOME_MAX_KEYS 8

/**
 * RelayHomeKey:
 * @id: what the home calls it
 * @until_us: when it ends, in real time; 0 for never
 *
 * A public Ed25519 key of a home.
 */
typedef struct
{
  char id[65];
  uint8_t bytes[RELAY_HOME_KEY_BYTES];
  int64_t until_us;
} RelayHomeKey;

/**
 * RelayHome:
 * @domain: its name
 * @endpoint: `wss://HOST:PORT/home`, where it takes links
 * @host: the host of @endpoint, by which this relay reaches it
 * @port: and its port
 * @pictures: `https://HOST:PORT/pictures`
 * @pin: (nullable): SHA-256 of its certificate, when the configuration says one
 * @is_configured: the endpoint was said by our operator, and may have any address
 * @keys: by which it proves itself
 *
 * What is known of a home. Immutable, reference counted.
 */
typedef struct
{
  char *domain;
  char *endpoint;
  char *host;
  unsigned port;
  char *pictures;
  char *pin;
  gboolean is_configured;
  unsigned n_keys;
  RelayHomeKey keys[RELAY_HOME_MAX_KEYS];
} RelayHome;

/* With no keys yet, and @pictures beside @endpoint. Sets %CPM_ERROR_BAD_ENVELOPE when @endpoint is
 * not `wss://HOST:PORT/home` (the port may be left out). */
RelayHome *relay_home_new       (const char  *domain,
                                 const char  *endpoint,
                                 const char  *pin,
                                 GError     **error);
RelayHome *relay_home_ref       (const RelayHome *self);
void       relay_home_unref     (RelayHome       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayHome, relay_home_unref)

/* Before others get to see it. Returns %FALSE when there is no room, the id too long, or there
 * already. */
gboolean   relay_home_add_key   (RelayHome     *self,
                                 const char    *id,
                                 const uint8_t *bytes,
                                 int64_t        until_us);

/* Whether a key that @signature ("KEY:BASE64URL") names is there and has not ended. */
gboolean   relay_home_has_key_of (const RelayHome *self,
                                  const char      *signature,
                                  int64_t          now_us);

/* Whether @signature is that of this home over @statement. Sets %CPM_ERROR_AUTH. */
gboolean   relay_home_verify    (const RelayHome  *self,
                                 const char       *signature,
                                 GBytes           *statement,
                                 int64_t           now_us,
                                 GError          **error);

/* What is signed: @purpose and the texts after it, up to %NULL, with a NUL between each two.
 * (transfer full) */
GBytes    *relay_home_statement (const char *purpose,
                                 ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
