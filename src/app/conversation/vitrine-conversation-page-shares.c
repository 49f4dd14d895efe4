/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-conversation-page"

#include "config.h"

#include "vitrine-conversation-page-private.h"

#include "vitrine-people.h"

#include "cpm-error.h"

#include <glib/gi18n.h>

static void
on_shown (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (VitrineConversationPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (client_share_with_finish (CLIENT_CLIENT (source), result, &error) == NULL)
    vitrine_conversation_page_toast (self, error->message);
}

static void
on_switched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (VitrineConversationPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!client_share_finish (CLIENT_SHARE (source), result, &error))
    vitrine_conversation_page_toast (self, error->message);
}

static void
on_turn_requested (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  ClientShare *share = CLIENT_SHARE (source);
  g_autoptr (VitrineConversationPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (client_share_finish (share, result, &error))
    text = g_strdup_printf (
      _("%s was asked. As soon as the answer is yes, the others see what you show."),
      vitrine_people_get_name (client_share_get_conversation (share),
                               client_share_get_sharer (share)));

  vitrine_conversation_page_toast (self, text != NULL ? text : error->message);
}

/* The button in the header begins a share, changes what the one under way shows, or asks whoever
 * shows something for the turn. */
void
vitrine_conversation_page_on_chosen (VitrineConversationPage *self,
                                     const ClientShowable    *what)
{
  ClientShare *share = vitrine_stage_get_share (self->stage);
  g_autoptr (ClientShare) given = g_steal_pointer (&self->given);

  if (self->conversation == NULL)
    return;

  if (given != NULL && client_share_get_conversation (given) == self->conversation)
    client_take_turn_async (self->client, given, what, NULL, on_shown, g_object_ref (self));
  else if (share != NULL && client_share_is_outgoing (share) &&
           client_share_can (share, CPM_VERB_SWITCH))
    client_share_switch_async (share, what, NULL, on_switched, g_object_ref (self));
  else if (share != NULL && !client_share_is_outgoing (share))
    client_share_request_turn_async (share, what, NULL, on_turn_requested, g_object_ref (self));
  else
    client_share_with_async (self->client, self->conversation, what, NULL, on_shown,
                             g_object_ref (self));
}

static void
on_joined (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (VitrineConversationPage) self = user_data;
  g_autoptr (GError) error = NULL;
  ClientShare *share = client_join_share_finish (CLIENT_CLIENT (source), result, &error);

  if (share != NULL)
    vitrine_conversation_page_expect_share (self, share);
  else if (g_error_matches (error, CPM_ERROR, CPM_ERROR_BAD_STATE) ||
           g_error_matches (error, CPM_ERROR, CPM_ERROR_NOT_FOUND))
    vitrine_conversation_page_toast (self, _("It is over already"));
  else
    vitrine_conversation_page_toast (self, error->message);
}

static void
join_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (widget);

  client_join_share_async (self->client, g_variant_get_string (parameter, NULL), NULL, on_joined,
                           g_object_ref (self));
}

void
vitrine_conversation_page_class_install_share_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "conversation.join", "s", join_action);
}

/* Our turn, and nobody knows any more what we wanted to show: the choice is made now. */
static void
on_turn_given (VitrineConversationPage *self,
               ClientShare             *share)
{
  g_autofree char *text =
    g_strdup_printf (_("%s lets you show something: press “Show…”"),
                     vitrine_people_get_name (client_share_get_conversation (share),
                                              client_share_get_sharer (share)));

  g_set_object (&self->given, share);
  vitrine_conversation_page_toast (self, text);
}

void
vitrine_conversation_page_follow_turns (VitrineConversationPage *self)
{
  g_signal_connect_object (self->client, "turn-given", G_CALLBACK (on_turn_given), self,
                           G_CONNECT_SWAPPED);
}
