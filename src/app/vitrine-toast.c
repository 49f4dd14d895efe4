/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-toast"

#include "config.h"

#include "vitrine-toast.h"

#include "client-share.h"

void
vitrine_toast (GtkWidget  *widget,
               const char *text)
{
  gtk_widget_activate_action (widget, "win.toast", "s", text);
}

void
vitrine_toast_share_error (GObject      *share,
                           GAsyncResult *result,
                           gpointer      widget)
{
  g_autoptr (GtkWidget) owned = widget;
  g_autoptr (GError) error = NULL;

  if (!client_share_finish (CLIENT_SHARE (share), result, &error))
    vitrine_toast (owned, error->message);
}
