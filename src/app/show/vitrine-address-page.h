/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineAddressPage:
 *
 * Where the address of a network camera is written.
 *
 * Signals: "entered" (const char *address): one that can be shown, rtsp://…; "back": the person
 * would rather show something else.
 */
#define VITRINE_TYPE_ADDRESS_PAGE (vitrine_address_page_get_type ())
G_DECLARE_FINAL_TYPE (VitrineAddressPage, vitrine_address_page, VITRINE, ADDRESS_PAGE, GtkWidget)

G_END_DECLS
