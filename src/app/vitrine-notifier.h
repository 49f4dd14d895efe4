/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineNotifier:
 *
 * Tells the desktop what happens while nobody looks at the window: invitations (with Accept and
 * Decline), messages and missed shares; and takes back what has been dealt with. Its buttons are
 * the application's actions "accept-share", "decline-share" and "show-conversation".
 */
#define VITRINE_TYPE_NOTIFIER (vitrine_notifier_get_type ())
G_DECLARE_FINAL_TYPE (VitrineNotifier, vitrine_notifier, VITRINE, NOTIFIER, GObject)

VitrineNotifier *vitrine_notifier_new (GtkApplication *application,
                                       Client         *client);

G_END_DECLS
