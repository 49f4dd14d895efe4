/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-session.h"

G_BEGIN_DECLS

/**
 * RelayMediaKeeper:
 *
 * The viewer within the relay that watches a share from its first packet to its end and throws everything away, so that the pipeline
 * for the others is always prepared and always playing.
 */
typedef struct _RelayMediaKeeper RelayMediaKeeper;

RelayMediaKeeper *relay_media_keeper_new  (GMainContext        *context,
                                           GstRTSPThreadPool   *threads,
                                           const char          *share,
                                           GstRTSPMediaFactory *factory,
                                           unsigned             n_tracks);

/* Blocks until it plays; %FALSE when it does not come to that. */
gboolean          relay_media_keeper_play (RelayMediaKeeper    *self);

/* Blocks until the pipeline is down. */
void              relay_media_keeper_free (RelayMediaKeeper    *self);

G_END_DECLS
