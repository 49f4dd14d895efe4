/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-content.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ClientPrivacy:
 *
 * What this person lets others do, as their home keeps it for all their devices. Properties with
 * notify: "known" (whether the home has told; until then the others hold what a new account has),
 * "contacts-only" (only contacts may write, and invite), "remote" (people of other homes may),
 * "kinds" (what may be shown to me: one bit, 1 << CpmContentKind, for each), "blocked" (GStrv:
 * addresses, and whole domains).
 * Signal: "changed": the home has told, once for all that is new.
 *
 * client_set_privacy_async() and client_block_async() ask the home for a change; the properties
 * change when it has said so.
 */
#define CLIENT_TYPE_PRIVACY (client_privacy_get_type ())
G_DECLARE_FINAL_TYPE (ClientPrivacy, client_privacy, CLIENT, PRIVACY, GObject)

#define CLIENT_PRIVACY_KIND(kind) (1u << (kind))
#define CLIENT_PRIVACY_ALL_KINDS (CLIENT_PRIVACY_KIND (CPM_N_CONTENT_KINDS) - 1)

gboolean            client_privacy_is_known         (ClientPrivacy *self);
gboolean            client_privacy_is_contacts_only (ClientPrivacy *self);
gboolean            client_privacy_is_remote        (ClientPrivacy *self);
unsigned            client_privacy_get_kinds        (ClientPrivacy *self);
const char * const *client_privacy_get_blocked      (ClientPrivacy *self); /* never %NULL */

/* Whether @address itself or its whole domain is blocked. */
gboolean            client_privacy_is_blocked       (ClientPrivacy *self,
                                                     const char    *address);

/* For the layer itself: the body of a `privacy.state`. */
ClientPrivacy      *client_privacy_new              (void);
void                client_privacy_take             (ClientPrivacy *self,
                                                     JsonObject    *state);

G_END_DECLS
