/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-error.h"
#include "relay-home-record.h"

#include "cpm-clock.h"

G_BEGIN_DECLS

/**
 * RelayHomeKeys:
 *
 * The Ed25519 keys by which this home proves to others that it is what it says. There is one, or
 * two while it is being changed: a new one is shown to the others at once and signs a quarter of an
 * hour later, when nobody can know the old ones only; the old one is shown for eight days more, so
 * that what it has signed can still arrive.
 *
 * They are in the file home-keys.json of the data folder (0600), which the admin program may change
 * while the relay runs.
 */
#define RELAY_TYPE_HOME_KEYS (relay_home_keys_get_type ())
G_DECLARE_FINAL_TYPE (RelayHomeKeys, relay_home_keys, RELAY, HOME_KEYS, GObject)

/* Makes the first key when there is none. @data_dir %NULL: they are in memory only. Sets
 * %RELAY_ERROR_STORE. */
RelayHomeKeys *relay_home_keys_new      (const char     *data_dir,
                                         CpmClock       *clock,
                                         GError        **error);

/* A new key, from now on shown. */
gboolean       relay_home_keys_rotate   (RelayHomeKeys  *self,
                                         GError        **error);

/* "KEY:BASE64URL". (transfer full) */
char          *relay_home_keys_sign     (RelayHomeKeys  *self,
                                         GBytes         *statement);

/* Adds the public halves to what this home says of itself. */
void           relay_home_keys_show     (RelayHomeKeys  *self,
                                         RelayHome      *home);

G_END_DECLS
