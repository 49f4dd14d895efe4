/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-share-note"

#include "config.h"

#include "vitrine-share-note.h"

#include "vitrine-people.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

/* So long after it was missed it may be worth to look whether it goes on. */
#define JOIN_LIMIT_US (INT64_C (3600) * G_USEC_PER_SEC)

struct _VitrineShareNote
{
  GtkWidget parent_instance;

  ClientConversation *conversation;
  ClientMessage *message;
  char *me;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *details;
  GtkLabel *outcomes;
  GtkActionable *join_button;
};

G_DEFINE_FINAL_TYPE (VitrineShareNote, vitrine_share_note, GTK_TYPE_WIDGET)

/* Why it ended and by whom. (nullable) (transfer full) */
static char *
note_dup_end (VitrineShareNote *self)
{
  CpmReason reason = client_message_get_reason (self->message);
  const char *by = client_message_get_by (self->message);
  gboolean outgoing = client_message_is_outgoing (self->message);
  const char *other = by != NULL && g_strcmp0 (by, self->me) != 0
                        ? by
                        : client_message_get_from (self->message);

  if (client_conversation_get_group (self->conversation) != NULL)
    return vitrine_words_group_ended (
      reason, by, self->me, vitrine_people_get_name (self->conversation, other), outgoing);

  return vitrine_words_ended (reason, by, self->me,
                              client_conversation_get_title (self->conversation), outgoing,
                              client_message_get_text (self->message));
}

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

      ended = note_dup_end (self);
      if (ended != NULL)
        g_ptr_array_add (parts, ended);
    }

  g_ptr_array_add (parts, NULL);

  return g_strjoinv (" · ", (char **) parts->pdata);
}

/* In a group: what became of each of the others, one to a line. (nullable) (transfer full) */
static char *
note_dup_outcomes (VitrineShareNote *self)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  unsigned n_outcomes = client_message_get_n_outcomes (self->message);

  if (client_conversation_get_group (self->conversation) == NULL)
    return NULL;

  for (unsigned i = 0; i < n_outcomes; i++)
    {
      const ClientOutcome *outcome = client_message_get_outcome (self->message, i);
      g_autofree char *line = NULL;

      if (g_strcmp0 (outcome->who, self->me) == 0)
        continue;

      line = vitrine_words_outcome (outcome,
                                    vitrine_people_get_name (self->conversation, outcome->who));
      g_string_append_printf (lines, "%s%s", lines->len > 0 ? "\n" : "", line);
    }

  return lines->len > 0 ? g_string_free (g_steal_pointer (&lines), FALSE) : NULL;
}

/* Whether it may still go on without us: in a group others may be looking. */
static gboolean
note_can_join (VitrineShareNote *self)
{
  return client_conversation_get_group (self->conversation) != NULL &&
         client_message_get_kind (self->message) == CLIENT_MESSAGE_SHARE_MISSED &&
         g_get_real_time () - client_message_get_timestamp_us (self->message) < JOIN_LIMIT_US;
}

/* (transfer full) */
static char *
note_dup_title (VitrineShareNote *self)
{
  const CpmContent *content = client_message_get_content (self->message);
  const char *from = vitrine_people_get_name (self->conversation,
                                              client_message_get_from (self->message));
  g_autofree char *title = vitrine_people_dup_title (self->conversation);

  if (client_message_get_kind (self->message) == CLIENT_MESSAGE_SHARE)
    return vitrine_words_share_row (self->message,
                                    client_message_is_outgoing (self->message) ? title : from);

  /* Translators: what was shown, and by whom: "Missed: Live camera by Emily" */
  return content != NULL
           ? g_strdup_printf (_("Missed: %s by %s"), vitrine_words_kind (content->kind), from)
           : g_strdup_printf (_("You missed a share by %s"), from);
}

static void
note_update (VitrineShareNote *self)
{
  const CpmContent *content = client_message_get_content (self->message);
  gboolean missed = client_message_get_kind (self->message) == CLIENT_MESSAGE_SHARE_MISSED;
  g_autofree char *title = note_dup_title (self);
  g_autofree char *details = note_details (self);
  g_autofree char *outcomes = note_dup_outcomes (self);

  gtk_image_set_from_icon_name (self->icon,
                                missed ? "call-missed-symbolic"
                                : content != NULL ? vitrine_words_kind_icon (content->kind)
                                : "camera-photo-symbolic");
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->details, details);
  gtk_label_set_label (self->outcomes, outcomes != NULL ? outcomes : "");
  gtk_widget_set_visible (GTK_WIDGET (self->outcomes), outcomes != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->join_button), note_can_join (self));

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
  g_clear_object (&self->conversation);
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
  gtk_widget_class_bind_template_child (widget_class, VitrineShareNote, outcomes);
  gtk_widget_class_bind_template_child (widget_class, VitrineShareNote, join_button);
}

static void
vitrine_share_note_init (VitrineShareNote *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
vitrine_share_note_new (ClientConversation *conversation,
                        ClientMessage      *message,
                        const char         *me)
{
  VitrineShareNote *self = g_object_new (VITRINE_TYPE_SHARE_NOTE, NULL);

  self->message = g_object_ref (message);
  self->conversation = g_object_ref (conversation);
  self->me = g_strdup (me);
  gtk_actionable_set_action_target (self->join_button, "s",
                                    client_message_get_share (message) != NULL
                                      ? client_message_get_share (message)
                                      : client_message_get_id (message));

  g_signal_connect_object (message, "notify", G_CALLBACK (note_update), self, G_CONNECT_SWAPPED);
  vitrine_people_watch (conversation, self, G_CALLBACK (note_update));
  note_update (self);

  return GTK_WIDGET (self);
}
