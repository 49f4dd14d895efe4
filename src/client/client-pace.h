/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-presenter.h"

G_BEGIN_DECLS

/**
 * ClientPace:
 *
 * How fast and how late a share is shown, so that all see the same moment: the sharer's side does what the relay makes of the viewers' reports (`share.pace`).
 *
 * Life: new -> set_presenter -> take -> ... -> stop. Main thread.
 *
 * Signal: "hindrance-changed" (const char *hindrance): what keeps this person from seeing well is another one now, or "none".
 */
#define CLIENT_TYPE_PACE (client_pace_get_type ())
G_DECLARE_FINAL_TYPE (ClientPace, client_pace, CLIENT, PACE, GObject)

ClientPace *client_pace_new           (ClientWorld     *world,
                                       const char      *share);

/* Of the sharer's side. */
void        client_pace_set_presenter (ClientPace      *self,
                                       ClientPresenter *presenter);

/* The body of a `share.pace`. */
void        client_pace_take          (ClientPace      *self,
                                       JsonObject      *body);

/* The presentation delay, as it was said last; -1 before. */
int         client_pace_get_delay_ms  (ClientPace      *self);

void        client_pace_stop          (ClientPace      *self);

G_END_DECLS
