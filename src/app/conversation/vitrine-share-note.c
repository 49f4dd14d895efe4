/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-share-note"

#include "config.h"

#include "vitrine-share-note.h"

#include "vitrine-words.h"

#include <glib/gi18n.h>

struct _VitrineShareNote
{
  GtkWidget parent_instance;

  ClientMessage *message;
  char *name;
  char *me;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *details;
};

G_DEFINE_FINAL_TYPE (VitrineShareNote, vitrine_share_note, GTK_TYPE_WIDGET)

/* "14:05 · 3 minutes · Emily ended it", of what is known. */
static char *
note_details (VitrineShareNote *self)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  int64_t duration_us = client_message_get_duration_us (self->message);
  char *ended;

  g_ptr_array_add (parts, vitrine_words_time (client_message_get_timestamp_us (self->message)));

  if (client_message_get_kind (self->message) == CLIENT_MESSAGE_SHARE)
    {
      if (duration_us >= G_USEC_PER_SEC)
        g_ptr_array_add (parts, vitrine_words_duration (duration_us));

      ended = vitrine_words_ended (client_message_get_reason (self->message),
                                   client_message_get_by (self->message),
                                   self->me, self->name,
                                   client_message_is_outgoing (self->message),
                                   client_message_get_text (self->message));
      if (ended != NULL)
        g_ptr_array_add (parts, ended);
    }

  g_ptr_array_add (parts, NULL);

  return g_strjoinv (" · ", (char **) parts->pdata);
}

static void
note_update (VitrineShareNote *self)
{
  const CpmContent *content = client_message_get_content (self->message);
  gboolean missed = client_message_get_kind (self->message) == CLIENT_MESSAGE_SHARE_MISSED;
  g_autofree char *title = NULL;
  g_autofree char *details = note_details (self);

  if (missed)
    title = content != NULL
            ? g_strdup_printf (_("Missed: %s by %s"), vitrine_words_kind (content->kind), self->name)
            : g_strdup_printf (_("You missed a share by %s"), self->name);
  else
    title = vitrine_words_share_row (self->message, self->name);

  gtk_image_set_from_icon_name (self->icon,
                                missed ? "call-missed-symbolic"
                                : content != NULL ? vitrine_words_kind_icon (content->kind)
                                : "camera-photo-symbolic");
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->details, details);

  if (missed)
    gtk_widget_add_css_class (GTK_WIDGET (self), "missed");
}

static void
vitrine_share_note_dispose (GObject *object)
{
  VitrineShareNote *self = VITRINE_SHARE_NOTE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  g_clear_object (&self->message);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->me, g_free);

  G_OBJECT_CLASS (vitrine_share_note_parent_class)->dispose (object);
}

static void
vitrine_share_note_class_init (VitrineShareNoteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_share_note_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-share-note.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineShareNote, icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineShareNote, title);
  gtk_widget_class_bind_template_child (widget_class, VitrineShareNote, details);
}

static void
vitrine_share_note_init (VitrineShareNote *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
vitrine_share_note_new (ClientMessage *message,
                        const char    *name,
                        const char    *me)
{
  VitrineShareNote *self = g_object_new (VITRINE_TYPE_SHARE_NOTE, NULL);

  self->message = g_object_ref (message);
  self->name = g_strdup (name);
  self->me = g_strdup (me);

  g_signal_connect_object (message, "notify", G_CALLBACK (note_update), self, G_CONNECT_SWAPPED);
  note_update (self);

  return GTK_WIDGET (self);
}
