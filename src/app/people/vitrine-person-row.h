/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrinePersonRow:
 *
 * A person in a list: picture, name, and below it the address or how it stands. Buttons come behind
 * it by adw_action_row_add_suffix().
 */
#define VITRINE_TYPE_PERSON_ROW (vitrine_person_row_get_type ())
G_DECLARE_FINAL_TYPE (VitrinePersonRow, vitrine_person_row, VITRINE, PERSON_ROW, AdwActionRow)

/* @name (nullable): of somebody who is known. */
GtkWidget  *vitrine_person_row_new         (const char       *address,
                                            const char       *name);
const char *vitrine_person_row_get_address (VitrinePersonRow *self);

/* In place of the address: "Online", "Watching". */
void        vitrine_person_row_set_state   (VitrinePersonRow *self,
                                            const char       *state);

/* A few words at the end: something is the matter. */
void        vitrine_person_row_add_sign    (VitrinePersonRow *self,
                                            const char       *sign);

G_END_DECLS
