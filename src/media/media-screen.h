/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaScreen:
 *
 * What of the screen is shown: a stream of PipeWire, as the ScreenCast portal gives it out, or the
 * whole screen or one window of X11. Immutable, but that it can end: signal "ended", once, when the
 * desktop or the person there has stopped the stream. Main thread; a source holds it for as long as
 * it shows it.
 */
#define MEDIA_TYPE_SCREEN (media_screen_get_type ())
G_DECLARE_FINAL_TYPE (MediaScreen, media_screen, MEDIA, SCREEN, GObject)

/* @fd: the connection to PipeWire on which the node is to be found, -1 for that of the session;
 * closed at the end. @name (nullable): for people. */
MediaScreen *media_screen_new_stream    (int         fd,
                                         uint32_t    node,
                                         const char *name);

/* @display (nullable): that of the environment. @window: 0 for the whole screen. */
MediaScreen *media_screen_new_x11       (const char *display,
                                         uint64_t    window,
                                         const char *name);

/* (nullable): it has none, or is the whole screen */
const char  *media_screen_get_name      (MediaScreen *self);
gboolean     media_screen_is_x11        (MediaScreen *self);
const char  *media_screen_get_display   (MediaScreen *self); /* (nullable) */
uint64_t     media_screen_get_window    (MediaScreen *self);
int          media_screen_get_fd        (MediaScreen *self);
uint32_t     media_screen_get_node      (MediaScreen *self);

gboolean     media_screen_has_ended     (MediaScreen *self);
/* Emits "ended", once: by whoever made it and knows. */
void         media_screen_end           (MediaScreen *self);

G_END_DECLS
