/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-picture-bubble"

#include "config.h"

#include "vitrine-picture-bubble.h"

#include "vitrine-thumbnail.h"

#include <glib/gi18n.h>

struct _VitrinePictureBubble
{
  GtkWidget parent_instance;

  ClientMessage *message;

  GtkButton *button;
  VitrineThumbnail *thumbnail;
  GtkWidget *waiting;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
};

G_DEFINE_FINAL_TYPE (VitrinePictureBubble, vitrine_picture_bubble, GTK_TYPE_WIDGET)

static gboolean
bubble_is_under_way (VitrinePictureBubble *self)
{
  ClientMessageState state = client_message_get_state (self->message);

  if (client_message_is_outgoing (self->message))
    return state == CLIENT_MESSAGE_SENDING;

  return client_message_get_picture_path (self->message) == NULL &&
         client_message_get_error_text (self->message) == NULL;
}

static void
bubble_update (VitrinePictureBubble *self)
{
  const char *path = client_message_get_picture_path (self->message);
  const char *trouble = client_message_get_error_text (self->message);
  gboolean outgoing = client_message_is_outgoing (self->message);
  gboolean under_way = bubble_is_under_way (self);
  gboolean is_lost = path == NULL && trouble != NULL;

  vitrine_thumbnail_set_path (self->thumbnail, path);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), path != NULL);

  gtk_widget_set_visible (self->waiting, under_way || is_lost);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), under_way);
  gtk_progress_bar_set_fraction (self->progress_bar,
                                 CLAMP (client_message_get_progress (self->message), 0.0, 1.0));
  gtk_label_set_label (self->progress_label,
                       is_lost ? _("The picture could not be fetched")
                       : outgoing ? _("Sending…") : _("Receiving…"));
}

static void
on_clicked (VitrinePictureBubble *self)
{
  const char *path = client_message_get_picture_path (self->message);
  const char *name = client_message_get_picture_name (self->message);

  if (path != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-picture", "(ss)",
                                path, name != NULL ? name : "");
}

static void
vitrine_picture_bubble_dispose (GObject *object)
{
  VitrinePictureBubble *self = VITRINE_PICTURE_BUBBLE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  g_clear_object (&self->message);

  G_OBJECT_CLASS (vitrine_picture_bubble_parent_class)->dispose (object);
}

static void
vitrine_picture_bubble_class_init (VitrinePictureBubbleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_picture_bubble_dispose;

  g_type_ensure (VITRINE_TYPE_THUMBNAIL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-picture-bubble.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureBubble, button);
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureBubble, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureBubble, waiting);
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureBubble, progress_label);
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureBubble, progress_bar);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked);
}

static void
vitrine_picture_bubble_init (VitrinePictureBubble *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
vitrine_picture_bubble_new (ClientMessage *message)
{
  VitrinePictureBubble *self = g_object_new (VITRINE_TYPE_PICTURE_BUBBLE, NULL);
  const char *name = client_message_get_picture_name (message);
  g_autofree char *label = NULL;

  self->message = g_object_ref (message);

  /* Translators: for screen readers: a picture in a conversation and its file's name */
  label = name != NULL ? g_strdup_printf (_("Open picture %s"), name)
                       : g_strdup (_("Open picture"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->thumbnail),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  vitrine_thumbnail_set_shape (self->thumbnail,
                               client_message_get_picture_width (message),
                               client_message_get_picture_height (message));

  g_signal_connect_object (message, "notify", G_CALLBACK (bubble_update), self, G_CONNECT_SWAPPED);
  bubble_update (self);

  return GTK_WIDGET (self);
}
