/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-conversation-row"

#include "config.h"

#include "vitrine-conversation-row.h"

#include "vitrine-people.h"
#include "vitrine-words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _VitrineConversationRow
{
  GtkListBoxRow parent_instance;

  ClientConversation *conversation;
  char *me;
  /* of the last message, which may change: a share ends, a picture arrives */
  GSignalGroup *last_signals;

  AdwAvatar *avatar;
  GtkWidget *presence_dot;
  GtkLabel *name_label;
  GtkLabel *when_label;
  GtkWidget *live_label;
  GtkLabel *last_label;
  GtkLabel *unread_label;
};

G_DEFINE_FINAL_TYPE (VitrineConversationRow, vitrine_conversation_row, GTK_TYPE_LIST_BOX_ROW)

static void
row_update_unread (VitrineConversationRow *self)
{
  unsigned n_unread = client_conversation_get_n_unread (self->conversation);
  g_autofree char *number = n_unread > 99 ? g_strdup ("99+") : g_strdup_printf ("%u", n_unread);

  gtk_label_set_label (self->unread_label, number);
  gtk_widget_set_visible (GTK_WIDGET (self->unread_label), n_unread > 0);

  if (n_unread > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self), "unread");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "unread");
}

/* The row's name for screen readers says all of it in one go: it is what they read. */
static void
row_update_name (VitrineConversationRow *self)
{
  ClientContact *peer = client_conversation_get_peer (self->conversation);
  const char *title = client_conversation_get_title (self->conversation);

  gtk_label_set_label (self->name_label, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               peer != NULL ? client_contact_get_address (peer) : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  peer != NULL ? vitrine_words_presence (peer) : _("Group"), -1);

  gtk_widget_set_visible (self->presence_dot,
                          peer != NULL && client_contact_is_presence_known (peer));
  if (peer != NULL && client_contact_is_online (peer))
    gtk_widget_add_css_class (self->presence_dot, "online");
  else
    gtk_widget_remove_css_class (self->presence_dot, "online");
}

/* Before anything was said: who it is. (transfer full) */
static char *
row_dup_people (VitrineConversationRow *self)
{
  ClientContact *peer = client_conversation_get_peer (self->conversation);

  if (peer != NULL)
    return g_strdup (client_contact_get_address (peer));

  return vitrine_people_dup_names (self->conversation, self->me);
}

static void
row_update_last (VitrineConversationRow *self)
{
  ClientMessage *last = client_conversation_get_last_message (self->conversation);
  gboolean in_group = client_conversation_get_group (self->conversation) != NULL;
  g_autofree char *line = NULL;
  g_autofree char *when = NULL;

  if (last != NULL)
    {
      g_autofree char *title = vitrine_people_dup_title (self->conversation);
      const char *name = client_message_is_outgoing (last)
                           ? title
                           : vitrine_people_get_name (self->conversation,
                                                      client_message_get_from (last));

      line = vitrine_words_last_message (last, name, in_group);
      when = vitrine_words_when (client_message_get_timestamp_us (last), g_get_real_time ());
    }
  else
    {
      line = row_dup_people (self);
    }

  gtk_label_set_label (self->last_label, line);
  gtk_label_set_label (self->when_label, when != NULL ? when : "");
  gtk_widget_set_visible (GTK_WIDGET (self->when_label), when != NULL);
}

static void
row_update (VitrineConversationRow *self)
{
  g_signal_group_set_target (self->last_signals,
                             client_conversation_get_last_message (self->conversation));
  row_update_last (self);
  row_update_unread (self);
  row_update_name (self);
}

static void
vitrine_conversation_row_dispose (GObject *object)
{
  VitrineConversationRow *self = VITRINE_CONVERSATION_ROW (object);

  g_clear_object (&self->last_signals);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->me, g_free);

  G_OBJECT_CLASS (vitrine_conversation_row_parent_class)->dispose (object);
}

static void
vitrine_conversation_row_class_init (VitrineConversationRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_conversation_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-conversation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationRow, presence_dot);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationRow, when_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationRow, live_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationRow, last_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationRow, unread_label);
}

static void
vitrine_conversation_row_init (VitrineConversationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->last_signals = g_signal_group_new (CLIENT_TYPE_MESSAGE);
  g_signal_group_connect_object (self->last_signals, "notify", G_CALLBACK (row_update_last),
                                 self, G_CONNECT_SWAPPED);
}

GtkWidget *
vitrine_conversation_row_new (ClientConversation *conversation,
                              const char         *me)
{
  VitrineConversationRow *self = g_object_new (VITRINE_TYPE_CONVERSATION_ROW, NULL);

  self->conversation = g_object_ref (conversation);
  self->me = g_strdup (me);

  g_signal_connect_object (conversation, "notify", G_CALLBACK (row_update),
                           self, G_CONNECT_SWAPPED);
  if (client_conversation_get_peer (conversation) != NULL)
    g_signal_connect_object (client_conversation_get_peer (conversation), "notify",
                             G_CALLBACK (row_update_name), self, G_CONNECT_SWAPPED);
  vitrine_people_watch (conversation, self, G_CALLBACK (row_update_last));
  vitrine_people_show (conversation, self->avatar);
  row_update (self);

  return GTK_WIDGET (self);
}

ClientConversation *
vitrine_conversation_row_get_conversation (VitrineConversationRow *self)
{
  g_return_val_if_fail (VITRINE_IS_CONVERSATION_ROW (self), NULL);

  return self->conversation;
}

void
vitrine_conversation_row_set_live (VitrineConversationRow *self,
                                   gboolean                live)
{
  g_return_if_fail (VITRINE_IS_CONVERSATION_ROW (self));

  gtk_widget_set_visible (self->live_label, live);
}
