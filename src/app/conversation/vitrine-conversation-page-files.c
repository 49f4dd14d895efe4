/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-conversation-page"

#include "config.h"

#include "vitrine-conversation-page-private.h"

#include "vitrine-compat.h"
#include "vitrine-people.h"
#include "vitrine-show-files.h"
#include "vitrine-show-obstacle.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

/* What somebody has dropped or pasted, until it is clear what is to become of it. */
typedef struct
{
  VitrineConversationPage *page;
  ClientConversation *conversation;
  char **paths;
  gboolean at_once;     /* onto one's own stage: to be shown, without a question */
  ClientShowable *what; /* (nullable): while it is looked into */
} Offer;

static void
offer_free (gpointer data)
{
  Offer *offer = data;

  g_object_unref (offer->page);
  g_object_unref (offer->conversation);
  g_strfreev (offer->paths);
  g_clear_pointer (&offer->what, client_showable_free);
  g_free (offer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Offer, offer_free)

static void
offer_show (Offer *offer)
{
  if (offer->page->conversation == offer->conversation)
    vitrine_conversation_page_on_chosen (offer->page, offer->what);
}

static void
offer_send (Offer *offer)
{
  for (size_t i = 0; offer->paths[i] != NULL; i++)
    vitrine_conversation_page_send_picture (offer->page, offer->conversation, offer->paths[i],
                                            NULL);
}

static void
on_decided (gboolean first,
            gpointer user_data)
{
  if (first)
    offer_show (user_data);
  else
    offer_send (user_data);
}

/* Only pictures can be sent as well as shown. */
static void
offer_ask (Offer *offer)
{
  gboolean is_picture = offer->what->kind == CPM_CONTENT_PICTURE;
  g_autofree char *name = vitrine_people_dup_title (offer->conversation);
  g_autofree char *base = g_path_get_basename (offer->paths[0]);
  g_autofree char *shown = g_filename_display_name (base);
  g_autofree char *heading = is_picture
    /* Translators: a question about a picture that was dropped on the window; %s is a person's
     * name */
    ? g_strdup_printf (_("Show It to %s, or Send It?"), name)
    : g_strdup_printf (_("Show It to %s?"), name);
  g_autofree char *body = offer->paths[1] != NULL
                            ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u picture",
                                                            "%u pictures",
                                                            g_strv_length (offer->paths)),
                                               g_strv_length (offer->paths))
                            : g_steal_pointer (&shown);

  vitrine_compat_choose (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (offer->page))), heading, body,
                         /* Translators: the answer: look at it together, now */
                         C_("answer", "Show"), is_picture ? C_("answer", "Send") : NULL,
                         on_decided, offer, offer_free);
}

static void
on_looked_into (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Offer) offer = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *obstacle = NULL;

  offer->what = vitrine_show_files_finish (result, &error);
  if (offer->what == NULL)
    {
      vitrine_conversation_page_toast (offer->page, error->message);
      return;
    }

  if (offer->at_once)
    {
      offer_show (offer);
      return;
    }

  obstacle = vitrine_show_obstacle (offer->page->client, offer->conversation, offer->what->kind);
  if (obstacle == NULL)
    offer_ask (g_steal_pointer (&offer));
  else if (offer->what->kind == CPM_CONTENT_PICTURE)
    offer_send (offer);
  else
    vitrine_conversation_page_toast (offer->page, obstacle);
}

/* @paths: (transfer full) */
static void
page_offer (VitrineConversationPage  *self,
            char                    **paths,
            gboolean                  at_once)
{
  Offer *offer;

  if (self->conversation == NULL || paths[0] == NULL)
    {
      g_strfreev (paths);
      return;
    }

  offer = g_new0 (Offer, 1);
  offer->page = g_object_ref (self);
  offer->conversation = g_object_ref (self->conversation);
  offer->paths = paths;
  offer->at_once = at_once;
  vitrine_show_files_async ((const char * const *) paths, NULL, on_looked_into, offer);
}

static gboolean
page_shows (VitrineConversationPage *self)
{
  ClientShare *share = vitrine_stage_get_share (self->stage);

  return share != NULL && client_share_is_outgoing (share) &&
         client_share_can (share, CPM_VERB_SWITCH);
}

/* A picture that is no file yet is made one, in a thread. */
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

  if (gdk_texture_save_to_png (task_data, path))
    {
      g_task_return_pointer (task, g_steal_pointer (&path), g_free);
      return;
    }

  g_unlink (path);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                           _("The picture could not be written to the disk."));
}

/* The path is (transfer none): the file stays as long as the page, for it may be shown all the
 * while. */
static const char *
page_take_saved (VitrineConversationPage *self,
                 GAsyncResult            *result)
{
  g_autoptr (GError) error = NULL;
  char *path = g_task_propagate_pointer (G_TASK (result), &error);

  if (path == NULL)
    vitrine_conversation_page_toast (self, error->message);
  else
    g_ptr_array_add (self->pasted, path);

  return path;
}

static void
page_save_texture (VitrineConversationPage *self,
                   GdkTexture              *texture,
                   GAsyncReadyCallback      callback,
                   gpointer                 user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, page_save_texture);
  g_task_set_task_data (task, g_object_ref (texture), g_object_unref);
  g_task_run_in_thread (task, save_texture_in_thread);
}

static void
on_saved_to_send (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (source);
  g_autoptr (ClientConversation) conversation = user_data;
  const char *path = page_take_saved (self, result);

  if (path != NULL)
    vitrine_conversation_page_send_picture (self, conversation, path, NULL);
}

static void
on_saved_to_offer (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (source);
  const char *path = page_take_saved (self, result);
  const char *paths[] = { path, NULL };

  if (path != NULL)
    page_offer (self, g_strdupv ((char **) paths), GPOINTER_TO_INT (user_data));
}

/* Where one writes: it belongs to what is written. */
void
vitrine_conversation_page_on_texture (VitrineConversationPage *self,
                                      GdkTexture              *texture)
{
  if (self->conversation != NULL)
    page_save_texture (self, texture, on_saved_to_send, g_object_ref (self->conversation));
}

void
vitrine_conversation_page_on_picture (VitrineConversationPage *self,
                                      const char              *path)
{
  if (self->conversation != NULL)
    vitrine_conversation_page_send_picture (self, self->conversation, path, NULL);
}

/* (transfer full) */
static char **
paths_of_files (GSList *files)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  for (GSList *iter = files; iter != NULL; iter = iter->next)
    {
      char *path = g_file_get_path (iter->data);

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }

  g_ptr_array_add (paths, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}

static void
page_offer_value (VitrineConversationPage *self,
                  const GValue            *value,
                  gboolean                 at_once)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    page_save_texture (self, g_value_get_object (value), on_saved_to_offer,
                       GINT_TO_POINTER (at_once));
  else if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    page_offer (self, paths_of_files (g_value_get_boxed (value)), at_once);
}

gboolean
vitrine_conversation_page_on_drop (GtkDropTarget           *target,
                                   const GValue            *value,
                                   double                   x,
                                   double                   y,
                                   VitrineConversationPage *self)
{
  graphene_point_t there;
  gboolean on_stage = gtk_widget_compute_point (GTK_WIDGET (self), GTK_WIDGET (self->stage),
                                                &GRAPHENE_POINT_INIT ((float) x, (float) y), &there)
                      && vitrine_stage_contains (self->stage, there.x, there.y);

  if (self->conversation == NULL)
    return FALSE;

  page_offer_value (self, value, on_stage && page_shows (self));

  return TRUE;
}

static void
on_pasted (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (VitrineConversationPage) self = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value != NULL)
    page_offer_value (self, value, page_shows (self));
}

/* Ctrl+V anywhere but where one writes. */
static void
paste_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);
  GType type = gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST) ? GDK_TYPE_FILE_LIST
                                                                               : GDK_TYPE_TEXTURE;

  if (gdk_content_formats_contain_gtype (formats, type))
    gdk_clipboard_read_value_async (clipboard, type, G_PRIORITY_DEFAULT, NULL, on_pasted,
                                    g_object_ref (widget));
}

void
vitrine_conversation_page_class_install_file_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "conversation.paste", NULL, paste_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK,
                                       "conversation.paste", NULL);
}
