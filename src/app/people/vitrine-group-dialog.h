/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineGroupDialog:
 *
 * Makes a group: its name, a picture if one likes, and who is in it; or picks more people for one
 * that there is.
 *
 * Signal: "done" (const char *name, const char *picture, char **people): the button was pressed;
 * @name is empty and @picture %NULL when more people are picked. The dialog stays open: it is
 * closed by whoever made it when that has worked.
 */
#define VITRINE_TYPE_GROUP_DIALOG (vitrine_group_dialog_get_type ())
G_DECLARE_FINAL_TYPE (VitrineGroupDialog, vitrine_group_dialog, VITRINE, GROUP_DIALOG, AdwWindow)

VitrineGroupDialog *vitrine_group_dialog_new         (GtkWindow          *parent,
                                                      GListModel         *contacts);

/* To add people to a group that has these @members. */
VitrineGroupDialog *vitrine_group_dialog_new_to_add  (GtkWindow          *parent,
                                                      GListModel         *contacts,
                                                      const char * const *members);

/* What did not work, said at the foot of the dialog. */
void                vitrine_group_dialog_set_trouble (VitrineGroupDialog *self,
                                                      const char         *trouble);

G_END_DECLS
