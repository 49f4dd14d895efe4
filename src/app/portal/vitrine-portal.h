/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-screen.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrinePortal:
 *
 * The desktop's portals: what a program in a sandbox has to ask for, and what nobody but the
 * desktop can give (the screen, under Wayland). The desktop asks the person, in a dialogue of its
 * own.
 */
#define VITRINE_TYPE_PORTAL (vitrine_portal_get_type ())
G_DECLARE_FINAL_TYPE (VitrinePortal, vitrine_portal, VITRINE, PORTAL, GObject)

/* @settings (nullable): where the desktop's token for "the same screen as last time" is kept
 * ("screen-token"). */
VitrinePortal *vitrine_portal_new                  (GSettings            *settings);

/* Whether there is no other way to a camera: in a sandbox. Outside of one, #MediaDevices finds the
 * cameras by itself. */
gboolean       vitrine_portal_is_needed_for_camera (void);

/* Asks for the cameras; the desktop remembers the answer. @parent (nullable): above which window.
 * The result is for media_devices_set_pipewire_fd(), which owns it then; -1 with
 * %MEDIA_ERROR_NOT_ALLOWED when the person or the settings said no, %MEDIA_ERROR_NOT_FOUND when
 * there is no camera, and %MEDIA_ERROR_UNSUPPORTED when this desktop has no such portal. */
void           vitrine_portal_open_camera_async    (VitrinePortal        *self,
                                                    GtkWindow            *parent,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
int            vitrine_portal_open_camera_finish   (VitrinePortal        *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

/* Lets the person choose a screen or a window. @as_before: the one of last time without asking, if
 * it is still there and the desktop allows that. Without a portal, in an X11 session, it is the
 * whole screen. %G_IO_ERROR_CANCELLED when the person closed the dialogue, %MEDIA_ERROR_UNSUPPORTED
 * when this desktop cannot. (transfer full) */
void           vitrine_portal_choose_screen_async  (VitrinePortal        *self,
                                                    GtkWindow            *parent,
                                                    gboolean              as_before,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
MediaScreen   *vitrine_portal_choose_screen_finish (VitrinePortal        *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

G_END_DECLS
