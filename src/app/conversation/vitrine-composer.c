/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-composer"

#include "config.h"

#include "vitrine-composer.h"

#include "vitrine-names.h"

#include <glib/gi18n.h>

struct _VitrineComposer
{
  GtkWidget parent_instance;

  GCancellable *cancellable;

  GtkMenuButton *add_button;
  GtkTextView *view;
  GtkWidget *hint;
  GtkWidget *send_button;
};

enum
{
  TEXT,
  PICTURE,
  TEXTURE,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineComposer, vitrine_composer, GTK_TYPE_WIDGET)

static char *
composer_dup_text (VitrineComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static void
on_send (VitrineComposer *self)
{
  g_autofree char *text = composer_dup_text (self);
  gboolean sent = FALSE;

  if (*text != '\0')
    g_signal_emit (self, signals[TEXT], 0, text, &sent);

  if (sent)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), "", 0);

  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                unsigned               keyval,
                unsigned               keycode,
                GdkModifierType        state,
                VitrineComposer       *self)
{
  gboolean is_enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter ||
                      keyval == GDK_KEY_ISO_Enter;

  if (!is_enter || (state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  /* An input method may still want the key, to choose a word with it. */
  if (gtk_text_view_im_context_filter_keypress (
        self->view, gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller))))
    return GDK_EVENT_STOP;

  on_send (self);

  return GDK_EVENT_STOP;
}

static void
on_text_changed (VitrineComposer *self)
{
  gboolean is_empty = vitrine_composer_is_empty (self);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);

  gtk_widget_set_visible (self->hint, gtk_text_buffer_get_char_count (buffer) == 0);
  gtk_widget_set_sensitive (self->send_button, !is_empty);
}

static void
on_files_pasted (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (VitrineComposer) self = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);
  GSList *files;

  if (value == NULL)
    return;

  files = g_value_get_boxed (value);

  for (GSList *iter = files; iter != NULL; iter = iter->next)
    {
      g_autofree char *path = g_file_get_path (iter->data);

      if (path != NULL)
        g_signal_emit (self, signals[PICTURE], 0, path);
    }
}

static void
on_texture_pasted (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (VitrineComposer) self = user_data;
  g_autoptr (GdkTexture) texture = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source),
                                                                      result, NULL);

  if (texture != NULL)
    g_signal_emit (self, signals[TEXTURE], 0, texture);
}

/* Files and pictures are sent. Where there is text as well as a picture (office programs offer
 * both) it is text that was meant. */
static void
on_paste (GtkTextView     *view,
          VitrineComposer *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (view));
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);

  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT,
                                    self->cancellable, on_files_pasted, g_object_ref (self));
  else if (gdk_content_formats_contain_gtype (formats, G_TYPE_STRING))
    return;
  else if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE))
    gdk_clipboard_read_texture_async (clipboard, self->cancellable, on_texture_pasted,
                                      g_object_ref (self));
  else
    return;

  g_signal_stop_emission_by_name (view, "paste-clipboard");
}

static gboolean
vitrine_composer_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (VITRINE_COMPOSER (widget)->view));
}

static void
vitrine_composer_dispose (GObject *object)
{
  VitrineComposer *self = VITRINE_COMPOSER (object);
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (vitrine_composer_parent_class)->dispose (object);
}

static void
vitrine_composer_class_init (VitrineComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_composer_dispose;
  widget_class->grab_focus = vitrine_composer_grab_focus;

  signals[TEXT] =
    g_signal_new ("text", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL,
                  G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
  signals[PICTURE] =
    g_signal_new ("picture", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TEXTURE] =
    g_signal_new ("texture", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, GDK_TYPE_TEXTURE);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineComposer, add_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineComposer, view);
  gtk_widget_class_bind_template_child (widget_class, VitrineComposer, hint);
  gtk_widget_class_bind_template_child (widget_class, VitrineComposer, send_button);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_paste);
  gtk_widget_class_bind_template_callback (widget_class, on_send);
}

static void
vitrine_composer_init (VitrineComposer *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  /* Translators: for screen readers: the button beside the message entry */
  vitrine_name_menu_button (self->add_button, _("Add"));
  g_signal_connect_object (gtk_text_view_get_buffer (self->view), "changed",
                           G_CALLBACK (on_text_changed), self, G_CONNECT_SWAPPED);
}

gboolean
vitrine_composer_is_empty (VitrineComposer *self)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (VITRINE_IS_COMPOSER (self), TRUE);

  text = composer_dup_text (self);

  return *text == '\0';
}
