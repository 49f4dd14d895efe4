/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-group-dialog"

#include "config.h"

#include "vitrine-group-dialog.h"

#include "vitrine-compat.h"
#include "vitrine-people-picker.h"
#include "vitrine-picture-loader.h"

#include <glib/gi18n.h>

/* Large enough for every place where it is seen. */
#define AVATAR_EDGE 256

struct _VitrineGroupDialog
{
  AdwWindow parent_instance;

  char *picture; /* (nullable): its path */

  GtkButton *done_button;
  GtkWidget *name_box;
  AdwAvatar *avatar;
  GtkEditable *name_entry;
  VitrinePeoplePicker *picker;
  GtkLabel *trouble_label;
};

enum
{
  DONE,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineGroupDialog, vitrine_group_dialog, ADW_TYPE_WINDOW)

static gboolean
dialog_is_to_add (VitrineGroupDialog *self)
{
  return !gtk_widget_get_visible (self->name_box);
}

static char *
dialog_dup_name (VitrineGroupDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->name_entry)));
}

static void
dialog_update (VitrineGroupDialog *self)
{
  g_autofree char *name = dialog_dup_name (self);
  unsigned n_chosen = vitrine_people_picker_get_n_chosen (self->picker);

  adw_avatar_set_text (self->avatar, name);
  adw_avatar_set_show_initials (self->avatar, *name != '\0');
  gtk_widget_set_sensitive (GTK_WIDGET (self->done_button),
                            n_chosen > 0 && (*name != '\0' || dialog_is_to_add (self)));
  vitrine_group_dialog_set_trouble (self, NULL);
}

static void
on_done (VitrineGroupDialog *self)
{
  g_autofree char *name = dialog_dup_name (self);
  g_auto (GStrv) people = vitrine_people_picker_dup_addresses (self->picker);

  g_signal_emit (self, signals[DONE], 0, name, self->picture, people);
}

static void
on_picture_loaded (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (VitrineGroupDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = vitrine_picture_load_finish (result, &error);

  if (texture != NULL)
    {
      adw_avatar_set_custom_image (self->avatar, GDK_PAINTABLE (texture));
      return;
    }

  g_clear_pointer (&self->picture, g_free);
  vitrine_group_dialog_set_trouble (self, error->message);
}

static void
on_picture_chosen (const char *path,
                   gpointer    user_data)
{
  VitrineGroupDialog *self = user_data;

  if (path == NULL)
    return;

  g_free (self->picture);
  self->picture = g_strdup (path);
  vitrine_picture_load_async (path, AVATAR_EDGE, NULL, on_picture_loaded, g_object_ref (self));
}

static void
on_picture_clicked (VitrineGroupDialog *self)
{
  vitrine_compat_open_picture (GTK_WINDOW (self), on_picture_chosen, g_object_ref (self),
                               g_object_unref);
}

static void
vitrine_group_dialog_finalize (GObject *object)
{
  VitrineGroupDialog *self = VITRINE_GROUP_DIALOG (object);

  g_clear_pointer (&self->picture, g_free);

  G_OBJECT_CLASS (vitrine_group_dialog_parent_class)->finalize (object);
}

static void
vitrine_group_dialog_class_init (VitrineGroupDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = vitrine_group_dialog_finalize;

  g_type_ensure (VITRINE_TYPE_PEOPLE_PICKER);

  signals[DONE] =
    g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRV);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-group-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineGroupDialog, done_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineGroupDialog, name_box);
  gtk_widget_class_bind_template_child (widget_class, VitrineGroupDialog, avatar);
  gtk_widget_class_bind_template_child (widget_class, VitrineGroupDialog, name_entry);
  gtk_widget_class_bind_template_child (widget_class, VitrineGroupDialog, picker);
  gtk_widget_class_bind_template_child (widget_class, VitrineGroupDialog, trouble_label);
  gtk_widget_class_bind_template_callback (widget_class, dialog_update);
  gtk_widget_class_bind_template_callback (widget_class, on_done);
  gtk_widget_class_bind_template_callback (widget_class, on_picture_clicked);
}

static void
vitrine_group_dialog_init (VitrineGroupDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

VitrineGroupDialog *
vitrine_group_dialog_new (GtkWindow  *parent,
                          GListModel *contacts)
{
  VitrineGroupDialog *self = g_object_new (VITRINE_TYPE_GROUP_DIALOG, "transient-for", parent,
                                           NULL);

  vitrine_people_picker_set_contacts (self->picker, contacts, NULL);
  dialog_update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_entry));

  return self;
}

VitrineGroupDialog *
vitrine_group_dialog_new_to_add (GtkWindow          *parent,
                                 GListModel         *contacts,
                                 const char * const *members)
{
  VitrineGroupDialog *self = g_object_new (VITRINE_TYPE_GROUP_DIALOG, "transient-for", parent,
                                           NULL);

  gtk_window_set_title (GTK_WINDOW (self), _("Add People"));
  /* Translators: the button that adds the chosen people to a group */
  gtk_button_set_label (self->done_button, C_("group", "Add"));
  gtk_widget_set_visible (self->name_box, FALSE);
  vitrine_people_picker_set_contacts (self->picker, contacts, members);
  dialog_update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->picker));

  return self;
}

void
vitrine_group_dialog_set_trouble (VitrineGroupDialog *self,
                                  const char         *trouble)
{
  g_return_if_fail (VITRINE_IS_GROUP_DIALOG (self));

  gtk_label_set_label (self->trouble_label, trouble != NULL ? trouble : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble_label), trouble != NULL);
}
