/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/**
 * RelayHomePresence:
 *
 * Tells other homes which of our people are online, as far as they have contacts there and do not
 * hide from them; and believes what other homes say as long as their link to us lives. So our own
 * link is kept as long as somebody is shown to be online by it.
 */
#define RELAY_TYPE_HOME_PRESENCE (relay_home_presence_get_type ())
G_DECLARE_FINAL_TYPE (RelayHomePresence, relay_home_presence, RELAY, HOME_PRESENCE, GObject)

/* @context outlives it, and has its homes and people. */
RelayHomePresence *relay_home_presence_new  (RelayContext      *context);

/* Tells the home of @other how @user, one of ours, is; with @ask it is to tell the same of
 * @other. */
void               relay_home_presence_tell (RelayHomePresence *self,
                                             const char        *user,
                                             const char        *other,
                                             gboolean           ask);

G_END_DECLS
