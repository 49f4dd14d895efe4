/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-turn-card"

#include "config.h"

#include "vitrine-turn-card.h"

#include "vitrine-people.h"

#include <glib/gi18n.h>

struct _VitrineTurnCard
{
  GtkWidget parent_instance;

  ClientShare *share; /* (nullable) */
  char *who;          /* (nullable): who asks */

  GtkLabel *sentence;
  GtkButton *yes_button;
};

G_DEFINE_FINAL_TYPE (VitrineTurnCard, vitrine_turn_card, GTK_TYPE_WIDGET)

static void
card_put_away (VitrineTurnCard *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_clear_pointer (&self->who, g_free);
}

static void
on_handed_over (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (VitrineTurnCard) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!client_share_finish (CLIENT_SHARE (source), result, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
}

static void
on_yes (VitrineTurnCard *self)
{
  if (self->share != NULL && self->who != NULL)
    client_share_hand_over_async (self->share, self->who, NULL, on_handed_over,
                                  g_object_ref (self));

  card_put_away (self);
}

static void
on_no (VitrineTurnCard *self)
{
  card_put_away (self);
}

static void
on_turn_requested (VitrineTurnCard *self,
                   const char      *who)
{
  const char *name = vitrine_people_get_name (client_share_get_conversation (self->share), who);
  g_autofree char *sentence = g_strdup_printf (_("%s would like to show something"), name);
  /* Translators: a button: the other person may show something now, in place of oneself; %s is the
   * name */
  g_autofree char *yes = g_strdup_printf (_("Let %s Show"), name);

  g_free (self->who);
  self->who = g_strdup (who);
  gtk_label_set_label (self->sentence, sentence);
  gtk_button_set_label (self->yes_button, yes);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

/* Whoever has gone asks for nothing any more. */
static void
on_member_changed (VitrineTurnCard *self)
{
  CpmSession *session = client_share_get_session (self->share);
  const CpmMember *member = self->who != NULL && session != NULL
                              ? cpm_session_find_member (session, self->who)
                              : NULL;

  if (member == NULL || !cpm_member_state_is_in (member->state))
    card_put_away (self);
}

static void
vitrine_turn_card_dispose (GObject *object)
{
  VitrineTurnCard *self = VITRINE_TURN_CARD (object);
  GtkWidget *child;

  g_clear_object (&self->share);
  g_clear_pointer (&self->who, g_free);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (vitrine_turn_card_parent_class)->dispose (object);
}

static void
vitrine_turn_card_class_init (VitrineTurnCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_turn_card_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-turn-card.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineTurnCard, sentence);
  gtk_widget_class_bind_template_child (widget_class, VitrineTurnCard, yes_button);
  gtk_widget_class_bind_template_callback (widget_class, on_no);
  gtk_widget_class_bind_template_callback (widget_class, on_yes);
}

static void
vitrine_turn_card_init (VitrineTurnCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
vitrine_turn_card_set_share (VitrineTurnCard *self,
                             ClientShare     *share)
{
  g_return_if_fail (VITRINE_IS_TURN_CARD (self));

  if (self->share != NULL)
    g_signal_handlers_disconnect_by_data (self->share, self);

  card_put_away (self);
  g_set_object (&self->share, share);
  if (share == NULL)
    return;

  g_signal_connect_object (share, "turn-requested", G_CALLBACK (on_turn_requested), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "member-changed", G_CALLBACK (on_member_changed), self,
                           G_CONNECT_SWAPPED);
}
