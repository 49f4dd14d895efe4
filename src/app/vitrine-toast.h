/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Says one sentence over the window of @widget. */
void vitrine_toast                 (GtkWidget    *widget,
                                    const char   *text);

/* What was asked of a #ClientShare, and its error as such a sentence: a #GAsyncReadyCallback for
 * everything that client_share_finish() is for. @widget is (transfer full): pass a reference. */
void vitrine_toast_share_error     (GObject      *share,
                                    GAsyncResult *result,
                                    gpointer      widget);

G_END_DECLS
