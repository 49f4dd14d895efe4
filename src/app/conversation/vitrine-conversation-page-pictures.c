/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-conversation-page"

#include "config.h"

#include "vitrine-conversation-page-private.h"

#include "vitrine-compat.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

/* @conversation need not be the one that is open: the picture goes to the people for whom it was chosen. */
static void
page_send_picture (VitrineConversationPage *self,
                   ClientConversation      *conversation,
                   const char              *path,
                   const char              *request)
{
  g_autoptr (GError) error = NULL;
  ClientShare *share = conversation == self->conversation ? vitrine_stage_get_share (self->stage) : NULL;

  if (client_conversation_send_picture (conversation, path,
                                        share != NULL ? client_share_get_id (share) : NULL,
                                        request, &error) == NULL)
    vitrine_conversation_page_toast (self, error->message);
}

/* A picture that is no file yet is made one, in a thread. */
typedef struct
{
  GdkTexture *texture;
  ClientConversation *conversation;
} Pasted;

static void
pasted_free (gpointer data)
{
  Pasted *pasted = data;

  g_object_unref (pasted->texture);
  g_object_unref (pasted->conversation);
  g_free (pasted);
}

static void
save_texture_in_thread (GTask        *task,
                        gpointer      source_object,
                        gpointer      task_data,
                        GCancellable *cancellable)
{
  g_autofree char *path = NULL;
  GError *error = NULL;
  int fd = g_file_open_tmp ("vitrine-XXXXXX.png", &path, &error);

  if (fd < 0)
    {
      g_task_return_error (task, error);
      return;
    }

  g_close (fd, NULL);

  if (gdk_texture_save_to_png (((Pasted *) task_data)->texture, path))
    {
      g_task_return_pointer (task, g_steal_pointer (&path), g_free);
      return;
    }

  g_unlink (path);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                           _("The picture could not be written to the disk."));
}

static void
on_texture_saved (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (source);
  Pasted *pasted = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_task_propagate_pointer (G_TASK (result), &error);

  if (path == NULL)
    {
      vitrine_conversation_page_toast (self, error->message);
      return;
    }

  /* The client has its own copy when this returns. */
  page_send_picture (self, pasted->conversation, path, NULL);
  g_unlink (path);
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

  page_send_picture (question->page, question->conversation, path, question->request);
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
    vitrine_stage_take_photo (self->stage, request);
  else
    client_take_photo_async (self->client, self->conversation, self->device, request, NULL,
                             on_photo_taken, g_object_ref (self));
}

void
vitrine_conversation_page_on_picture (VitrineConversationPage *self,
                                      const char              *path)
{
  if (self->conversation != NULL)
    page_send_picture (self, self->conversation, path, NULL);
}

void
vitrine_conversation_page_on_texture (VitrineConversationPage *self,
                                      GdkTexture              *texture)
{
  g_autoptr (GTask) task = NULL;
  Pasted *pasted;

  if (self->conversation == NULL)
    return;

  pasted = g_new0 (Pasted, 1);
  pasted->texture = g_object_ref (texture);
  pasted->conversation = g_object_ref (self->conversation);
  task = g_task_new (self, NULL, on_texture_saved, NULL);
  g_task_set_source_tag (task, vitrine_conversation_page_on_texture);
  g_task_set_task_data (task, pasted, pasted_free);
  g_task_run_in_thread (task, save_texture_in_thread);
}

gboolean
vitrine_conversation_page_on_drop (GtkDropTarget           *target,
                                   const GValue            *value,
                                   double                   x,
                                   double                   y,
                                   VitrineConversationPage *self)
{
  if (self->conversation == NULL)
    return FALSE;

  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    {
      vitrine_conversation_page_on_texture (self, g_value_get_object (value));
      return TRUE;
    }

  for (GSList *iter = g_value_get_boxed (value); iter != NULL; iter = iter->next)
    {
      g_autofree char *path = g_file_get_path (iter->data);

      if (path != NULL)
        page_send_picture (self, self->conversation, path, NULL);
    }

  return TRUE;
}

void
vitrine_conversation_page_class_install_picture_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "conversation.send-picture", NULL, send_picture_action);
  gtk_widget_class_install_action (widget_class, "conversation.take-photo", "s", take_photo_action);
  gtk_widget_class_install_action (widget_class, "conversation.choose-photo", "s", choose_photo_action);
  gtk_widget_class_install_action (widget_class, "conversation.refuse-photo", "s", refuse_photo_action);
}
