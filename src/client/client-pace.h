/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-presenter.h"
#include "client-watcher.h"

G_BEGIN_DECLS

/**
 * ClientPace:
 *
 * How fast and how late a share is shown, so that all see the same moment: the viewer's side says
 * each second how it sees (`share.report`); the sharer's does what the relay makes of all that
 * (`share.pace`).
 *
 * Life: new -> set_presenter or set_watcher -> take -> ... -> stop. Main thread.
 *
 * Signal: "hindrance-changed" (const char *hindrance): what keeps this person from seeing well is
 * another one now, or "none".
 */
#define CLIENT_TYPE_PACE (client_pace_get_type ())
G_DECLARE_FINAL_TYPE (ClientPace, client_pace, CLIENT, PACE, GObject)

ClientPace *client_pace_new           (ClientWorld     *world,
                                       const char      *share);

/* Whose side it is; either is (nullable). */
void        client_pace_set_presenter (ClientPace      *self,
                                       ClientPresenter *presenter);
void        client_pace_set_watcher   (ClientPace      *self,
                                       ClientWatcher   *watcher);

/* The body of a `share.pace`. */
void        client_pace_take          (ClientPace      *self,
                                       JsonObject      *body);

/* The presentation delay, as it was said last; -1 before. */
int         client_pace_get_delay_ms  (ClientPace      *self);

void        client_pace_stop          (ClientPace      *self);

/* What a viewer with @stats says of the time since @before. (transfer full) */
JsonObject *client_pace_new_report    (const char             *share,
                                       const MediaViewerStats *stats,
                                       const MediaViewerStats *before);

G_END_DECLS
