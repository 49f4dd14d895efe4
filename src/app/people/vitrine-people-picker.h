/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-contact.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrinePeoplePicker:
 *
 * Chooses people: those one knows, by a tick, and others by their address. What is written narrows
 * the list, and an address that is not in it can be added.
 *
 * Signal: "changed": others are chosen now.
 */
#define VITRINE_TYPE_PEOPLE_PICKER (vitrine_people_picker_get_type ())
G_DECLARE_FINAL_TYPE (VitrinePeoplePicker, vitrine_people_picker, VITRINE, PEOPLE_PICKER, GtkWidget)

/* @contacts: of #ClientContact. @without (nullable): addresses that are not offered. */
void      vitrine_people_picker_set_contacts  (VitrinePeoplePicker *self,
                                               GListModel          *contacts,
                                               const char * const  *without);

/* Who is chosen: addresses, %NULL-terminated. (transfer full) */
char    **vitrine_people_picker_dup_addresses (VitrinePeoplePicker *self);
unsigned  vitrine_people_picker_get_n_chosen  (VitrinePeoplePicker *self);

G_END_DECLS
