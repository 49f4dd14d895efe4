/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-conversation-page"

#include "config.h"

#include "vitrine-conversation-page-private.h"

#include "vitrine-compat.h"

#include <glib/gi18n.h>

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (VitrineConversationPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (client_conversation_send_picture_finish (CLIENT_CONVERSATION (source), result, &error) ==
      NULL)
    vitrine_conversation_page_toast (self, error->message);
}

void
vitrine_conversation_page_send_picture (VitrineConversationPage *self,
                                        ClientConversation      *conversation,
                                        const char              *path,
                                        const char              *request)
{
  ClientShare *share = conversation == self->conversation ? vitrine_stage_get_share (self->stage)
                                                          : NULL;

  client_conversation_send_picture_async (conversation, path,
                                          share != NULL ? client_share_get_id (share) : NULL,
                                          request, NULL, on_sent, g_object_ref (self));
}

/* A file that was asked for: to answer a request with, or simply to send. */
typedef struct
{
  VitrineConversationPage *page;
  ClientConversation *conversation;
  char *request; /* (nullable) */
} PictureQuestion;

static void
picture_question_free (gpointer data)
{
  PictureQuestion *question = data;

  g_object_unref (question->page);
  g_object_unref (question->conversation);
  g_free (question->request);
  g_free (question);
}

static void
page_answer (VitrineConversationPage *self,
             ClientConversation      *conversation,
             const char              *request,
             gboolean                 accept)
{
  g_autoptr (GError) error = NULL;

  if (!client_conversation_answer_request (conversation, request, accept, &error))
    vitrine_conversation_page_toast (self, error->message);
}

static void
on_picture_chosen (const char *path,
                   gpointer    user_data)
{
  PictureQuestion *question = user_data;

  if (path == NULL)
    return;

  if (question->request != NULL)
    page_answer (question->page, question->conversation, question->request, TRUE);

  vitrine_conversation_page_send_picture (question->page, question->conversation, path,
                                          question->request);
}

static void
page_ask_for_picture (VitrineConversationPage *self,
                      const char              *request)
{
  PictureQuestion *question;

  if (self->conversation == NULL)
    return;

  question = g_new0 (PictureQuestion, 1);
  question->page = g_object_ref (self);
  question->conversation = g_object_ref (self->conversation);
  question->request = g_strdup (request);

  vitrine_compat_open_picture (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                               on_picture_chosen, question, picture_question_free);
}

static void
send_picture_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  page_ask_for_picture (VITRINE_CONVERSATION_PAGE (widget), NULL);
}

static void
choose_photo_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  page_ask_for_picture (VITRINE_CONVERSATION_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
refuse_photo_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (widget);

  page_answer (self, self->conversation, g_variant_get_string (parameter, NULL), FALSE);
}

static void
on_photo_taken (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (VitrineConversationPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (client_take_photo_finish (CLIENT_CLIENT (source), result, &error) == NULL)
    vitrine_conversation_page_toast (self, error->message);
}

/* With the camera that is being shown, or else with the first there is. */
static void
take_photo_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (widget);
  const char *request = g_variant_get_string (parameter, NULL);
  ClientShare *share = vitrine_stage_get_share (self->stage);
  gboolean camera_open = FALSE;

  page_answer (self, self->conversation, request, TRUE);

  if (share != NULL)
    g_object_get (share, "camera-open", &camera_open, NULL);

  if (camera_open)
    vitrine_stage_bar_take_photo (vitrine_stage_get_bar (self->stage), request);
  else
    client_take_photo_async (self->client, self->conversation, self->device, request, NULL,
                             on_photo_taken, g_object_ref (self));
}

/* From now on requests of this person are answered by themselves, and this one is now. */
static void
always_photo_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (widget);
  g_autoptr (GError) error = NULL;
  ClientMessage *request = client_find_message (self->client,
                                                g_variant_get_string (parameter, NULL), NULL);
  ClientContact *contact = request != NULL
                             ? client_find_contact (self->client, client_message_get_from (request))
                             : NULL;

  if (contact == NULL)
    return;

  if (!client_allow_photos (self->client, contact, TRUE, &error))
    vitrine_conversation_page_toast (self, error->message);

  take_photo_action (widget, action_name, parameter);
}

void
vitrine_conversation_page_class_install_picture_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "conversation.send-picture", NULL,
                                   send_picture_action);
  gtk_widget_class_install_action (widget_class, "conversation.take-photo", "s", take_photo_action);
  gtk_widget_class_install_action (widget_class, "conversation.always-photo", "s",
                                   always_photo_action);
  gtk_widget_class_install_action (widget_class, "conversation.choose-photo", "s",
                                   choose_photo_action);
  gtk_widget_class_install_action (widget_class, "conversation.refuse-photo", "s",
                                   refuse_photo_action);
}
