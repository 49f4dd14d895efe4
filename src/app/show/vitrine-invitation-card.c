/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-invitation-card"

#include "config.h"

#include "vitrine-invitation-card.h"

#include "vitrine-ask-popover.h"
#include "vitrine-names.h"
#include "vitrine-people.h"
#include "vitrine-words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _VitrineInvitationCard
{
  GtkWidget parent_instance;

  ClientShare *share; /* (nullable) */

  AdwAvatar *avatar;
  GtkImage *kind_icon;
  GtkLabel *sentence;
  GtkLabel *details;
  GtkWidget *accept_button;
  GtkStack *accept_stack;
  GtkWidget *decline_box;
  GtkMenuButton *reasons_button;
  VitrineAskPopover *words_popover;
};

enum
{
  ACCEPTING,
  FAILED,
  GONE,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineInvitationCard, vitrine_invitation_card, GTK_TYPE_WIDGET)

static void
card_set_busy (VitrineInvitationCard *self,
               gboolean               busy)
{
  gtk_widget_set_sensitive (self->accept_button, !busy);
  gtk_widget_set_sensitive (self->decline_box, !busy);
  gtk_stack_set_visible_child_name (self->accept_stack, busy ? "wait" : "ask");
}

static void
card_leave (VitrineInvitationCard *self)
{
  vitrine_invitation_card_set_share (self, NULL);
  g_signal_emit (self, signals[GONE], 0);
}

/* Else the ringing would just stop, and one would wonder. It may be known a moment after the card
 * has gone. */
static void
on_answered_elsewhere (VitrineInvitationCard *self,
                       GParamSpec            *pspec,
                       ClientShare           *share)
{
  const char *device = client_share_get_answered_by (share);
  /* Translators: %s is the name of another device of this person */
  g_autofree char *text = device != NULL ? g_strdup_printf (_("Answered on “%s”"), device)
                                         : g_strdup (_("Answered on another device of yours"));

  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

/* Answered on another device, withdrawn, expired: what the client does not allow to be answered is
 * not asked. */
static void
on_share_changed (VitrineInvitationCard *self)
{
  if (self->share != NULL && !client_share_can (self->share, CPM_VERB_ACCEPT))
    card_leave (self);
}

/* One answer on its way. */
typedef struct
{
  VitrineInvitationCard *card;
  ClientShare *share;
} Answer;

static Answer *
answer_new (VitrineInvitationCard *self)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->card = g_object_ref (self);
  answer->share = g_object_ref (self->share);

  return answer;
}

static void
answer_free (Answer *answer)
{
  g_object_unref (answer->card);
  g_object_unref (answer->share);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

static void
on_accepted (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Answer) answer = user_data;
  VitrineInvitationCard *self = answer->card;
  g_autoptr (GError) error = NULL;

  if (!client_share_finish (answer->share, result, &error))
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
      g_signal_emit (self, signals[FAILED], 0);
    }

  /* The card may ask about another share by now. */
  if (self->share == answer->share)
    card_leave (self);
}

static void
on_declined (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Answer) answer = user_data;
  VitrineInvitationCard *self = answer->card;
  g_autoptr (GError) error = NULL;

  if (!client_share_finish (answer->share, result, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);

  if (self->share == answer->share)
    card_leave (self);
}

static void
decline_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  const char *word = g_variant_get_string (parameter, NULL);
  CpmReason reason;

  if (cpm_reason_from_string (word, &reason))
    vitrine_invitation_card_decline (VITRINE_INVITATION_CARD (widget), reason, NULL);
}

static void
decline_in_words_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  VitrineInvitationCard *self = VITRINE_INVITATION_CARD (widget);

  gtk_popover_popup (GTK_POPOVER (self->words_popover));
}

static void
on_words (VitrineInvitationCard *self,
          const char            *text)
{
  g_autofree char *words = g_strdup (text);

  vitrine_ask_popover_done (self->words_popover);
  vitrine_invitation_card_decline (self, CPM_REASON_DECLINED, *words != '\0' ? words : NULL);
}

/* What it is called, and to whom else it is shown; else who it is. (transfer full) */
static char *
card_dup_details (ClientConversation *conversation,
                  const CpmContent   *content,
                  const char         *sharer)
{
  gboolean has_title = content->title != NULL && *content->title != '\0';
  g_autofree char *group = NULL;

  if (client_conversation_get_group (conversation) == NULL)
    return g_strdup (has_title ? content->title : sharer);

  /* Translators: below an invitation; %s is the name of a group */
  group = g_strdup_printf (_("and the others in “%s”"),
                           client_conversation_get_title (conversation));

  return has_title ? g_strdup_printf ("%s\n%s", content->title, group) : g_steal_pointer (&group);
}

static void
card_fill (VitrineInvitationCard *self)
{
  const CpmContent *content = client_share_get_content (self->share);
  ClientConversation *conversation = client_share_get_conversation (self->share);
  const char *sharer = client_share_get_sharer (self->share);
  const char *name = vitrine_people_get_name (conversation, sharer);
  g_autofree char *sentence = vitrine_words_invitation (name, content);
  g_autofree char *details = card_dup_details (conversation, content, sharer);

  adw_avatar_set_text (self->avatar, name);
  gtk_image_set_from_icon_name (self->kind_icon, vitrine_words_kind_icon (content->kind));
  gtk_label_set_label (self->sentence, sentence);
  gtk_label_set_label (self->details, details);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
}

static void
vitrine_invitation_card_dispose (GObject *object)
{
  VitrineInvitationCard *self = VITRINE_INVITATION_CARD (object);
  GtkWidget *child;

  g_clear_object (&self->share);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (vitrine_invitation_card_parent_class)->dispose (object);
}

static void
vitrine_invitation_card_class_init (VitrineInvitationCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_invitation_card_dispose;

  g_type_ensure (VITRINE_TYPE_ASK_POPOVER);

  signals[ACCEPTING] =
    g_signal_new ("accepting", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_SHARE);
  signals[FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[GONE] =
    g_signal_new ("gone", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-invitation-card.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineInvitationCard, avatar);
  gtk_widget_class_bind_template_child (widget_class, VitrineInvitationCard, kind_icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineInvitationCard, sentence);
  gtk_widget_class_bind_template_child (widget_class, VitrineInvitationCard, details);
  gtk_widget_class_bind_template_child (widget_class, VitrineInvitationCard, accept_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineInvitationCard, accept_stack);
  gtk_widget_class_bind_template_child (widget_class, VitrineInvitationCard, decline_box);
  gtk_widget_class_bind_template_child (widget_class, VitrineInvitationCard, reasons_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineInvitationCard, words_popover);
  gtk_widget_class_bind_template_callback (widget_class, vitrine_invitation_card_accept);
  gtk_widget_class_bind_template_callback (widget_class, on_words);

  gtk_widget_class_install_action (widget_class, "invitation.decline", "s", decline_action);
  gtk_widget_class_install_action (widget_class, "invitation.decline-in-words", NULL,
                                   decline_in_words_action);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
}

static void
vitrine_invitation_card_init (VitrineInvitationCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  vitrine_name_menu_button (self->reasons_button, _("Decline with a reason"));
}

void
vitrine_invitation_card_set_share (VitrineInvitationCard *self,
                                   ClientShare           *share)
{
  g_return_if_fail (VITRINE_IS_INVITATION_CARD (self));

  if (self->share == share)
    return;

  if (self->share != NULL)
    {
      vitrine_people_unwatch (client_share_get_conversation (self->share), self);
      g_signal_handlers_disconnect_by_func (self->share, on_share_changed, self);
    }

  gtk_popover_popdown (GTK_POPOVER (self->words_popover));
  g_set_object (&self->share, share);
  gtk_widget_set_visible (GTK_WIDGET (self), share != NULL);
  card_set_busy (self, FALSE);

  if (share == NULL)
    return;

  card_fill (self);
  vitrine_people_watch (client_share_get_conversation (share), self, G_CALLBACK (card_fill));
  /* it may ring again here */
  g_signal_handlers_disconnect_by_func (share, on_answered_elsewhere, self);
  g_signal_connect_object (share, "notify::answered-elsewhere", G_CALLBACK (on_answered_elsewhere),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "notify", G_CALLBACK (on_share_changed), self, G_CONNECT_SWAPPED);
}

ClientShare *
vitrine_invitation_card_get_share (VitrineInvitationCard *self)
{
  g_return_val_if_fail (VITRINE_IS_INVITATION_CARD (self), NULL);

  return self->share;
}

void
vitrine_invitation_card_accept (VitrineInvitationCard *self)
{
  g_return_if_fail (VITRINE_IS_INVITATION_CARD (self));

  if (self->share == NULL || !client_share_can (self->share, CPM_VERB_ACCEPT))
    return;

  card_set_busy (self, TRUE);
  g_signal_emit (self, signals[ACCEPTING], 0, self->share);
  client_share_accept_async (self->share, NULL, on_accepted, answer_new (self));
}

void
vitrine_invitation_card_decline (VitrineInvitationCard *self,
                                 CpmReason              reason,
                                 const char            *text)
{
  g_return_if_fail (VITRINE_IS_INVITATION_CARD (self));

  if (self->share == NULL || !client_share_can (self->share, CPM_VERB_DECLINE))
    return;

  card_set_busy (self, TRUE);
  client_share_decline_async (self->share, reason, text, NULL, on_declined, answer_new (self));
}
