/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-names"

#include "config.h"

#include "vitrine-names.h"

void
vitrine_name_menu_button (GtkMenuButton *button,
                          const char    *name)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (button));

  /* Else a screen reader finds two buttons, one in the other. */
  g_object_set (button, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);

  /* From 4.10 on the inner one takes its name from the outer one, whatever its own label says. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (GTK_IS_BUTTON (child))
    gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);
}

void
vitrine_name_button (GtkButton  *button,
                     const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  /* From 4.10 on a button is labelled by its words, and that comes before a name. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}
