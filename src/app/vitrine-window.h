/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineWindow:
 *
 * The window: the first start, or the conversations; invitations ring over either. Actions:
 * "win.toast" (text), "win.open-picture" (path, name), "win.new-conversation", "win.back",
 * "win.fullscreen", "win.show-help-overlay".
 */
#define VITRINE_TYPE_WINDOW (vitrine_window_get_type ())
G_DECLARE_FINAL_TYPE (VitrineWindow, vitrine_window, VITRINE, WINDOW, AdwApplicationWindow)

/* @device (nullable): a camera asked for on the command line, as of a ClientShowable */
VitrineWindow *vitrine_window_new               (GtkApplication     *application,
                                                 Client             *client,
                                                 const char         *device);

/* A window that only says why nothing works. */
VitrineWindow *vitrine_window_new_for_trouble   (GtkApplication     *application,
                                                 const GError       *error);

void           vitrine_window_prefill           (VitrineWindow      *self,
                                                 const char         *relay,
                                                 const char         *pin,
                                                 const char         *account);
void           vitrine_window_open_conversation (VitrineWindow      *self,
                                                 ClientConversation *conversation);

/* Whether the person sees @conversation (and needs no notification of what is said there). */
gboolean       vitrine_window_is_looking_at     (VitrineWindow      *self,
                                                 ClientConversation *conversation);

/* The answers of a notification's buttons. */
void           vitrine_window_answer_invitation (VitrineWindow      *self,
                                                 ClientShare        *share,
                                                 gboolean            accept);

G_END_DECLS
