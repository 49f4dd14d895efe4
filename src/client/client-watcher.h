/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-world.h"
#include "media-viewer.h"

G_BEGIN_DECLS

/**
 * ClientWatcher:
 *
 * The viewer's side of a share's media: a MediaViewer, made anew as often as its connection is
 * lost.
 *
 * Life: new -> set_endpoint (any number of times, %NULL: nothing is watched) -> dropped. Main
 * thread.
 *
 * Property: "stalled" (with notify): nothing comes. Signals: "content-shown" (unsigned n): the
 * first frame of the content of that number was shown; "page-shown" (unsigned n, unsigned page):
 * and the first of the picture of that page, 0: of none; "keyframe-needed".
 */
#define CLIENT_TYPE_WATCHER (client_watcher_get_type ())
G_DECLARE_FINAL_TYPE (ClientWatcher, client_watcher, CLIENT, WATCHER, GObject)

ClientWatcher *client_watcher_new            (ClientWorld         *world);

/* The share's clock, by which frames are shown at their moment; before the endpoint. */
void           client_watcher_set_clock      (ClientWatcher       *self,
                                              MediaClock          *clock);
void           client_watcher_set_endpoint   (ClientWatcher       *self,
                                              MediaEndpoint       *endpoint);
void           client_watcher_set_video_sink (ClientWatcher       *self,
                                              GstElement          *sink);
void           client_watcher_set_volume     (ClientWatcher       *self,
                                              double               volume);
gboolean       client_watcher_is_stalled     (ClientWatcher       *self);

/* %NULL while nothing is watched. (transfer none) */
MediaViewer   *client_watcher_get_viewer     (ClientWatcher       *self);

G_END_DECLS
