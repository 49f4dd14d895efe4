/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaX11:
 *
 * A connection to an X11 display, to see how its windows are. One thread at a time.
 *
 * The first one makes the errors of X harmless for the whole program, unless somebody else has
 * taken care of them already (GTK has): a window that is closed while ximagesrc takes its picture
 * would end the program. When the server is lost there are no windows any more. (ximagesrc has a
 * connection of its own: a program that takes pictures of a server at the moment at which that dies
 * still ends with it.)
 */
typedef struct _MediaX11 MediaX11;

typedef enum
{
  MEDIA_X11_WINDOW_SEEN,
  MEDIA_X11_WINDOW_HIDDEN, /* minimised, or on another workspace */
  MEDIA_X11_WINDOW_GONE
} MediaX11Window;

/* @display (nullable): that of the environment. Sets %MEDIA_ERROR_NOT_FOUND. (transfer full) */
MediaX11      *media_x11_open           (const char  *display,
                                         GError     **error);
void           media_x11_close          (MediaX11    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaX11, media_x11_close)

/* How @window is; gone for one that never was. */
MediaX11Window media_x11_look_at        (MediaX11    *self,
                                         uint64_t     window);

G_END_DECLS
