/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-request-card"

#include "config.h"

#include "vitrine-request-card.h"

#include <glib/gi18n.h>

struct _VitrineRequestCard
{
  GtkWidget parent_instance;

  ClientMessage *message;
  char *name;

  GtkLabel *title;
  GtkLabel *words;
  GtkLabel *outcome;
  GtkWidget *answers;
  GtkActionable *take_button;
  GtkActionable *always_button;
  GtkActionable *choose_button;
  GtkActionable *refuse_button;
};

G_DEFINE_FINAL_TYPE (VitrineRequestCard, vitrine_request_card, GTK_TYPE_WIDGET)

/* What became of the request. (nullable) (transfer full) */
static char *
card_outcome (VitrineRequestCard *self)
{
  gboolean outgoing = client_message_is_outgoing (self->message);

  switch (client_message_get_request_state (self->message))
    {
    case CLIENT_REQUEST_OPEN:
      /* Translators: %s is who was asked for a photograph, here and below, or whose share waits */
      return outgoing ? g_strdup_printf (_("Waiting for %s…"), self->name) : NULL;
    case CLIENT_REQUEST_ACCEPTED:
      /* Translators: "it" is the photograph that was asked for */
      return outgoing ? g_strdup_printf (_("%s is taking it…"), self->name)
                      : g_strdup (_("You said yes"));
    case CLIENT_REQUEST_REFUSED:
      /* Translators: who was asked for a photograph does not want to take one */
      return outgoing ? g_strdup_printf (_("%s would rather not, now"), self->name)
                      : g_strdup (_("You said: not now"));
    case CLIENT_REQUEST_ANSWERED:
      return outgoing ? g_strdup (_("The picture is here")) : g_strdup (_("Sent"));
    case CLIENT_REQUEST_NONE:
    default:
      return NULL;
    }
}

static void
card_update (VitrineRequestCard *self)
{
  g_autofree char *outcome = card_outcome (self);
  ClientRequestState state = client_message_get_request_state (self->message);
  gboolean incoming = !client_message_is_outgoing (self->message);

  gtk_label_set_label (self->outcome, outcome != NULL ? outcome : "");
  gtk_widget_set_visible (GTK_WIDGET (self->outcome), outcome != NULL);

  /* After a yes the picture is still owed: the camera may have failed. */
  gtk_widget_set_visible (self->answers, incoming && (state == CLIENT_REQUEST_OPEN ||
                                                      state == CLIENT_REQUEST_ACCEPTED));
  gtk_widget_set_visible (GTK_WIDGET (self->refuse_button), state == CLIENT_REQUEST_OPEN);
  gtk_widget_set_visible (GTK_WIDGET (self->always_button), state == CLIENT_REQUEST_OPEN);
}

static void
vitrine_request_card_dispose (GObject *object)
{
  VitrineRequestCard *self = VITRINE_REQUEST_CARD (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  g_clear_object (&self->message);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (vitrine_request_card_parent_class)->dispose (object);
}

static void
vitrine_request_card_class_init (VitrineRequestCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_request_card_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-request-card.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineRequestCard, title);
  gtk_widget_class_bind_template_child (widget_class, VitrineRequestCard, words);
  gtk_widget_class_bind_template_child (widget_class, VitrineRequestCard, outcome);
  gtk_widget_class_bind_template_child (widget_class, VitrineRequestCard, answers);
  gtk_widget_class_bind_template_child (widget_class, VitrineRequestCard, take_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineRequestCard, always_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineRequestCard, choose_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineRequestCard, refuse_button);
}

static void
vitrine_request_card_init (VitrineRequestCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
vitrine_request_card_new (ClientMessage *message,
                          const char    *name)
{
  VitrineRequestCard *self = g_object_new (VITRINE_TYPE_REQUEST_CARD, NULL);
  const char *text = client_message_get_text (message);
  const char *id = client_message_get_id (message);
  g_autofree char *title = NULL;
  g_autofree char *always = NULL;

  self->message = g_object_ref (message);
  self->name = g_strdup (name);

  if (client_message_is_outgoing (message))
    title = g_strdup_printf (_("You asked %s for a photograph"), name);
  else
    title = g_strdup_printf (_("%s asks you for a photograph"), name);

  /* Translators: a button: yes to this request for a photograph, and to all later ones; %s is who
   * asks */
  always = g_strdup_printf (_("Yes, and Always for %s"), name);
  gtk_button_set_label (GTK_BUTTON (self->always_button), always);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->words, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->words), text != NULL && *text != '\0');

  gtk_actionable_set_action_target (self->take_button, "s", id);
  gtk_actionable_set_action_target (self->always_button, "s", id);
  gtk_actionable_set_action_target (self->choose_button, "s", id);
  gtk_actionable_set_action_target (self->refuse_button, "s", id);

  g_signal_connect_object (message, "notify", G_CALLBACK (card_update), self, G_CONNECT_SWAPPED);
  card_update (self);

  return GTK_WIDGET (self);
}
