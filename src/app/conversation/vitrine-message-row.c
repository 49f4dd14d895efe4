/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-message-row"

#include "config.h"

#include "vitrine-message-row.h"

#include "vitrine-people.h"
#include "vitrine-picture-bubble.h"
#include "vitrine-request-card.h"
#include "vitrine-share-note.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

struct _VitrineMessageRow
{
  GtkListBoxRow parent_instance;

  ClientConversation *conversation;
  ClientMessage *message;

  gboolean says_sender; /* of somebody else in a group */

  GtkWidget *line;
  AdwAvatar *avatar;
  GtkLabel *sender_label;
  GtkBox *bubble;
  GtkWidget *footer;
  GtkLabel *time_label;
  GtkImage *receipt_icon;
  GtkLabel *receipt_label;
  GtkWidget *trouble;
  GtkLabel *trouble_label;
  GtkWidget *retry_button;
};

G_DEFINE_FINAL_TYPE (VitrineMessageRow, vitrine_message_row, GTK_TYPE_LIST_BOX_ROW)

static const char *
receipt_tooltip (ClientMessageState state)
{
  switch (state)
    {
    case CLIENT_MESSAGE_SENDING:
      return _("Not at the relay yet. It is kept and sent as soon as there is a connection.");
    case CLIENT_MESSAGE_SENT:
      return _("The relay keeps it until the other device can be reached.");
    case CLIENT_MESSAGE_DELIVERED:
      return _("It has arrived on the other device.");
    case CLIENT_MESSAGE_DISPLAYED:
      return _("It has been seen.");
    case CLIENT_MESSAGE_FAILED:
    case CLIENT_MESSAGE_RECEIVED:
    case CLIENT_MESSAGE_READ:
    default:
      return NULL;
    }
}

static void
row_update (VitrineMessageRow *self)
{
  ClientMessageState state = client_message_get_state (self->message);
  const char *word = vitrine_words_receipt (state);
  const char *icon = vitrine_words_receipt_icon (state);
  const char *error_text = client_message_get_error_text (self->message);
  gboolean failed = state == CLIENT_MESSAGE_FAILED;

  gtk_image_set_from_icon_name (self->receipt_icon, icon);
  gtk_widget_set_visible (GTK_WIDGET (self->receipt_icon), icon != NULL);
  gtk_label_set_label (self->receipt_label, word);
  gtk_widget_set_visible (GTK_WIDGET (self->receipt_label), *word != '\0');
  gtk_widget_set_tooltip_text (self->footer, receipt_tooltip (state));

  /* In a group some may have it and one not: that is said, too, but it is not to be sent again to
   * all. */
  gtk_widget_set_visible (self->trouble, failed || error_text != NULL);
  gtk_widget_set_visible (self->retry_button, failed);
  gtk_label_set_label (self->trouble_label, error_text != NULL ? error_text : "");
}

static void
on_retry (VitrineMessageRow *self)
{
  client_conversation_retry (self->conversation, self->message);
}

static GtkWidget *
text_new (ClientMessage *message)
{
  const char *text = client_message_get_text (message);

  return g_object_new (GTK_TYPE_LABEL,
                       "label", text != NULL ? text : "",
                       "xalign", 0.0,
                       "wrap", TRUE,
                       "wrap-mode", PANGO_WRAP_WORD_CHAR,
                       "max-width-chars", 46,
                       "selectable", TRUE,
                       NULL);
}

static GtkWidget *
row_make_content (VitrineMessageRow *self,
                  const char        *me)
{
  const char *name = vitrine_people_get_name (self->conversation,
                                              client_message_get_from (self->message));
  g_autofree char *title = vitrine_people_dup_title (self->conversation);

  switch (client_message_get_kind (self->message))
    {
    case CLIENT_MESSAGE_PICTURE:
      gtk_widget_add_css_class (GTK_WIDGET (self->bubble), "has-picture");
      return vitrine_picture_bubble_new (self->message);
    case CLIENT_MESSAGE_PHOTO_REQUEST:
      return vitrine_request_card_new (self->message,
                                       client_message_is_outgoing (self->message) ? title : name);
    case CLIENT_MESSAGE_SHARE:
    case CLIENT_MESSAGE_SHARE_MISSED:
      return vitrine_share_note_new (self->conversation, self->message, me);
    case CLIENT_MESSAGE_TEXT:
    default:
      return text_new (self->message);
    }
}

/* In a group it is not plain who speaks. */
static void
row_name_sender (VitrineMessageRow *self)
{
  const char *name = vitrine_people_get_name (self->conversation,
                                              client_message_get_from (self->message));

  adw_avatar_set_text (self->avatar, name);
  gtk_label_set_label (self->sender_label, name);
}

/* On which side it stands and how it looks; this never changes. */
static void
row_place (VitrineMessageRow *self)
{
  ClientMessageKind kind = client_message_get_kind (self->message);

  if (kind == CLIENT_MESSAGE_SHARE || kind == CLIENT_MESSAGE_SHARE_MISSED)
    {
      gtk_widget_set_halign (self->line, GTK_ALIGN_CENTER);
      gtk_widget_set_visible (self->footer, FALSE);
      return;
    }

  gtk_widget_add_css_class (GTK_WIDGET (self->bubble), "bubble");

  if (client_message_is_outgoing (self->message))
    {
      gtk_widget_set_halign (self->line, GTK_ALIGN_END);
      gtk_widget_set_halign (GTK_WIDGET (self->bubble), GTK_ALIGN_END);
      gtk_widget_add_css_class (GTK_WIDGET (self->bubble), "outgoing");
      gtk_widget_set_margin_start (self->line, 40);
    }
  else
    {
      gtk_widget_set_halign (self->line, GTK_ALIGN_START);
      gtk_widget_set_margin_end (self->line, 40);
      self->says_sender = client_conversation_get_group (self->conversation) != NULL;
      gtk_widget_set_visible (GTK_WIDGET (self->avatar), self->says_sender);
      gtk_widget_set_visible (GTK_WIDGET (self->sender_label), self->says_sender);
    }
}

static void
vitrine_message_row_dispose (GObject *object)
{
  VitrineMessageRow *self = VITRINE_MESSAGE_ROW (object);

  g_clear_object (&self->message);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (vitrine_message_row_parent_class)->dispose (object);
}

static void
vitrine_message_row_class_init (VitrineMessageRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_message_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-message-row.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, line);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, sender_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, bubble);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, footer);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, time_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, receipt_icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, receipt_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, trouble);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineMessageRow, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, on_retry);
}

static void
vitrine_message_row_init (VitrineMessageRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
vitrine_message_row_new (ClientConversation *conversation,
                         ClientMessage      *message,
                         const char         *me)
{
  VitrineMessageRow *self = g_object_new (VITRINE_TYPE_MESSAGE_ROW, NULL);
  g_autofree char *when = vitrine_words_time (client_message_get_timestamp_us (message));

  self->conversation = g_object_ref (conversation);
  self->message = g_object_ref (message);

  gtk_label_set_label (self->time_label, when);
  gtk_box_prepend (self->bubble, row_make_content (self, me));
  row_place (self);

  g_signal_connect_object (message, "notify", G_CALLBACK (row_update), self, G_CONNECT_SWAPPED);
  row_update (self);

  if (self->says_sender)
    {
      vitrine_people_watch (conversation, self, G_CALLBACK (row_name_sender));
      row_name_sender (self);
    }

  return GTK_WIDGET (self);
}

ClientMessage *
vitrine_message_row_get_message (VitrineMessageRow *self)
{
  g_return_val_if_fail (VITRINE_IS_MESSAGE_ROW (self), NULL);

  return self->message;
}

void
vitrine_message_row_set_grouped (VitrineMessageRow *self,
                                 gboolean           grouped)
{
  g_return_if_fail (VITRINE_IS_MESSAGE_ROW (self));

  /* The name and the face stand once; the room for the face stays. */
  gtk_widget_set_visible (GTK_WIDGET (self->sender_label), self->says_sender && !grouped);
  gtk_widget_set_opacity (GTK_WIDGET (self->avatar), grouped ? 0.0 : 1.0);

  if (grouped)
    gtk_widget_add_css_class (GTK_WIDGET (self), "grouped");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "grouped");
}
