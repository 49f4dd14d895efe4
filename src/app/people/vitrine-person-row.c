/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-person-row"

#include "config.h"

#include "vitrine-person-row.h"

#define AVATAR_SIZE 36

struct _VitrinePersonRow
{
  AdwActionRow parent_instance;

  char *address;
};

G_DEFINE_FINAL_TYPE (VitrinePersonRow, vitrine_person_row, ADW_TYPE_ACTION_ROW)

static void
vitrine_person_row_finalize (GObject *object)
{
  VitrinePersonRow *self = VITRINE_PERSON_ROW (object);

  g_clear_pointer (&self->address, g_free);

  G_OBJECT_CLASS (vitrine_person_row_parent_class)->finalize (object);
}

static void
vitrine_person_row_class_init (VitrinePersonRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vitrine_person_row_finalize;
}

static void
vitrine_person_row_init (VitrinePersonRow *self)
{
  /* Names and states come from others. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
}

GtkWidget *
vitrine_person_row_new (const char *address,
                        const char *name)
{
  VitrinePersonRow *self = g_object_new (VITRINE_TYPE_PERSON_ROW, NULL);
  GtkWidget *avatar = adw_avatar_new (AVATAR_SIZE, name != NULL ? name : address, TRUE);

  self->address = g_strdup (address);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), avatar);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name != NULL ? name : address);
  vitrine_person_row_set_state (self, name != NULL ? address : NULL);

  return GTK_WIDGET (self);
}

const char *
vitrine_person_row_get_address (VitrinePersonRow *self)
{
  g_return_val_if_fail (VITRINE_IS_PERSON_ROW (self), NULL);

  return self->address;
}

void
vitrine_person_row_set_state (VitrinePersonRow *self,
                              const char       *state)
{
  g_return_if_fail (VITRINE_IS_PERSON_ROW (self));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), state != NULL ? state : "");
}

void
vitrine_person_row_add_sign (VitrinePersonRow *self,
                             const char       *sign)
{
  GtkWidget *label = gtk_label_new (sign);

  g_return_if_fail (VITRINE_IS_PERSON_ROW (self));

  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (label, "slow-sign");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), label);
}
