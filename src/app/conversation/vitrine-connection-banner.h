/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineConnectionBanner:
 *
 * Says that there is no connection, why, and that nothing is lost; nothing to be seen while there
 * is one.
 */
#define VITRINE_TYPE_CONNECTION_BANNER (vitrine_connection_banner_get_type ())
G_DECLARE_FINAL_TYPE (VitrineConnectionBanner, vitrine_connection_banner,
                      VITRINE, CONNECTION_BANNER, GtkWidget)

void vitrine_connection_banner_set_client (VitrineConnectionBanner *self,
                                           Client                  *client);

G_END_DECLS
