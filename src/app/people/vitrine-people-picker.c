/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-people-picker"

#include "config.h"

#include "vitrine-people-picker.h"

#include "vitrine-person-row.h"

#include "cpm-address.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _VitrinePeoplePicker
{
  GtkWidget parent_instance;

  GtkEditable *entry;
  GtkListBox *list;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrinePeoplePicker, vitrine_people_picker, GTK_TYPE_WIDGET)

static GtkCheckButton *
row_get_tick (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "tick");
}

static const char *
row_get_address (GtkListBoxRow *row)
{
  return vitrine_person_row_get_address (VITRINE_PERSON_ROW (row));
}

static void
on_toggled (VitrinePeoplePicker *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* @name (nullable): of somebody who is known. */
static GtkListBoxRow *
picker_add (VitrinePeoplePicker *self,
            const char          *address,
            const char          *name,
            int                  position)
{
  GtkWidget *row = vitrine_person_row_new (address, name);
  GtkWidget *tick = gtk_check_button_new ();

  gtk_widget_set_valign (tick, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), tick);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), tick);
  g_object_set_data (G_OBJECT (row), "tick", tick);
  g_signal_connect_object (tick, "toggled", G_CALLBACK (on_toggled), self, G_CONNECT_SWAPPED);
  gtk_list_box_insert (self->list, row, position);

  return GTK_LIST_BOX_ROW (row);
}

static GtkListBoxRow *
picker_find (VitrinePeoplePicker *self,
             const char          *address)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)); i++)
    if (g_str_equal (row_get_address (row), address))
      return row;

  return NULL;
}

/* What is chosen is seen always: nobody is added by mistake. */
static gboolean
is_wanted (GtkListBoxRow *row,
           gpointer       user_data)
{
  VitrinePeoplePicker *self = user_data;
  g_autofree char *text = g_utf8_casefold (gtk_editable_get_text (self->entry), -1);
  g_autofree char *name =
    g_utf8_casefold (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);

  g_strstrip (text);

  return gtk_check_button_get_active (row_get_tick (row)) ||
         strstr (name, text) != NULL || strstr (row_get_address (row), text) != NULL;
}

static void
on_search_changed (VitrinePeoplePicker *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

/* Enter: whoever has that address, known or not; or the only one who is left. */
static void
on_entry_activated (VitrinePeoplePicker *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
  g_autofree char *address = NULL;
  GtkListBoxRow *row = NULL;
  GtkListBoxRow *candidate;
  unsigned n_left = 0;

  if (*text == '\0')
    return;

  address = cpm_address_normalize (text, NULL);
  if (address != NULL && (row = picker_find (self, address)) == NULL)
    row = picker_add (self, address, NULL, 0);

  for (int i = 0; row == NULL && (candidate = gtk_list_box_get_row_at_index (self->list, i)); i++)
    if (!gtk_check_button_get_active (row_get_tick (candidate)) && is_wanted (candidate, self) &&
        n_left++ > 0)
      return;

  for (int i = 0; row == NULL && (candidate = gtk_list_box_get_row_at_index (self->list, i)); i++)
    if (!gtk_check_button_get_active (row_get_tick (candidate)) && is_wanted (candidate, self))
      row = candidate;

  if (row == NULL)
    return;

  gtk_check_button_set_active (row_get_tick (row), TRUE);
  gtk_editable_set_text (self->entry, "");
}

static gboolean
vitrine_people_picker_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (VITRINE_PEOPLE_PICKER (widget)->entry));
}

static void
vitrine_people_picker_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (vitrine_people_picker_parent_class)->dispose (object);
}

static void
vitrine_people_picker_class_init (VitrinePeoplePickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_people_picker_dispose;
  widget_class->grab_focus = vitrine_people_picker_grab_focus;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-people-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrinePeoplePicker, entry);
  gtk_widget_class_bind_template_child (widget_class, VitrinePeoplePicker, list);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activated);
}

static void
vitrine_people_picker_init (VitrinePeoplePicker *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_list_box_set_filter_func (self->list, is_wanted, self, NULL);
}

void
vitrine_people_picker_set_contacts (VitrinePeoplePicker *self,
                                    GListModel          *contacts,
                                    const char * const  *without)
{
  unsigned n_contacts = g_list_model_get_n_items (contacts);

  g_return_if_fail (VITRINE_IS_PEOPLE_PICKER (self));

  for (unsigned i = 0; i < n_contacts; i++)
    {
      g_autoptr (ClientContact) contact = g_list_model_get_item (contacts, i);
      const char *address = client_contact_get_address (contact);

      if (without == NULL || !g_strv_contains (without, address))
        picker_add (self, address, client_contact_get_name (contact), -1);
    }
}

char **
vitrine_people_picker_dup_addresses (VitrinePeoplePicker *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GtkListBoxRow *row;

  g_return_val_if_fail (VITRINE_IS_PEOPLE_PICKER (self), NULL);

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)); i++)
    if (gtk_check_button_get_active (row_get_tick (row)))
      g_strv_builder_add (builder, row_get_address (row));

  return g_strv_builder_end (builder);
}

unsigned
vitrine_people_picker_get_n_chosen (VitrinePeoplePicker *self)
{
  g_auto (GStrv) addresses = vitrine_people_picker_dup_addresses (self);

  return g_strv_length (addresses);
}
