/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-compat"

#include "config.h"

#include "vitrine-compat.h"

#include <glib/gi18n.h>

/* One question for a file, or for files: one of the two callbacks is set. */
typedef struct
{
  VitrinePathFunc callback;
  VitrinePathsFunc callback_for_all;
  gpointer user_data;
  GDestroyNotify destroy;
} Ask;

static Ask *
ask_new (VitrinePathFunc  callback,
         VitrinePathsFunc callback_for_all,
         gpointer         user_data,
         GDestroyNotify   destroy)
{
  Ask *ask = g_new0 (Ask, 1);

  ask->callback = callback;
  ask->callback_for_all = callback_for_all;
  ask->user_data = user_data;
  ask->destroy = destroy;

  return ask;
}

/* @files (nullable): of GFile. @ask is (transfer full). */
static void
ask_answer (Ask        *ask,
            GListModel *files)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (unsigned i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      char *path = g_file_get_path (file);

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }

  g_ptr_array_add (paths, NULL);
  if (ask->callback != NULL)
    ask->callback (paths->pdata[0], ask->user_data);
  else
    ask->callback_for_all (paths->len > 1 ? (const char *const *) paths->pdata : NULL,
                           ask->user_data);

  if (ask->destroy != NULL)
    ask->destroy (ask->user_data);

  g_free (ask);
}

static GtkFileFilter *
filter_new (const char         *name,
            const char * const *mime_types)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);

  for (size_t i = 0; mime_types[i] != NULL; i++)
    gtk_file_filter_add_mime_type (filter, mime_types[i]);

  return filter;
}

/* The two questions, of which @ask is (transfer full); they are all that differs. */

#if GTK_CHECK_VERSION (4, 10, 0)

/* "not available" under the cap of 4.8, which this branch is beyond */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Ask *ask = user_data;
  g_autoptr (GListStore) one = g_list_store_new (G_TYPE_FILE);
  g_autoptr (GListModel) all = NULL;
  g_autoptr (GFile) file = NULL;

  if (ask->callback != NULL)
    file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, NULL);
  else
    all = gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (file != NULL)
    g_list_store_append (one, file);

  ask_answer (ask, all != NULL ? all : G_LIST_MODEL (one));
}

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GListStore) one = g_list_store_new (G_TYPE_FILE);
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (file != NULL)
    g_list_store_append (one, file);

  ask_answer (user_data, G_LIST_MODEL (one));
}

static void
ask_for_file (Ask           *ask,
              GtkWindow     *parent,
              const char    *title,
              GtkFileFilter *filter)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_default_filter (dialog, filter);
  if (ask->callback != NULL)
    gtk_file_dialog_open (dialog, parent, NULL, on_opened, ask);
  else
    gtk_file_dialog_open_multiple (dialog, parent, NULL, on_opened, ask);
}

static void
ask_where_to_save (Ask        *ask,
                   GtkWindow  *parent,
                   const char *title,
                   const char *suggested_name)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_initial_name (dialog, suggested_name);
  gtk_file_dialog_save (dialog, parent, NULL, on_saved, ask);
}

G_GNUC_END_IGNORE_DEPRECATIONS

#else

static void
on_response (GtkNativeDialog *dialog,
             int              response,
             gpointer         user_data)
{
  g_autoptr (GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

  ask_answer (user_data, files);
  g_object_unref (dialog);
}

static void
present_question (GtkFileChooserNative *dialog,
                  Ask                  *ask)
{
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), ask);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
ask_for_file (Ask           *ask,
              GtkWindow     *parent,
              const char    *title,
              GtkFileFilter *filter)
{
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), ask->callback_for_all != NULL);
  present_question (dialog, ask);
}

static void
ask_where_to_save (Ask        *ask,
                   GtkWindow  *parent,
                   const char *title,
                   const char *suggested_name)
{
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), suggested_name);
  present_question (dialog, ask);
}

#endif

void
vitrine_compat_open_file (GtkWindow          *parent,
                          const char         *title,
                          const char         *filter_name,
                          const char * const *mime_types,
                          VitrinePathFunc     callback,
                          gpointer            user_data,
                          GDestroyNotify      destroy)
{
  g_autoptr (GtkFileFilter) filter = filter_new (filter_name, mime_types);

  ask_for_file (ask_new (callback, NULL, user_data, destroy), parent, title, filter);
}

void
vitrine_compat_open_files (GtkWindow          *parent,
                           const char         *title,
                           const char         *filter_name,
                           const char * const *mime_types,
                           VitrinePathsFunc    callback,
                           gpointer            user_data,
                           GDestroyNotify      destroy)
{
  g_autoptr (GtkFileFilter) filter = filter_new (filter_name, mime_types);

  ask_for_file (ask_new (NULL, callback, user_data, destroy), parent, title, filter);
}

void
vitrine_compat_save_file (GtkWindow       *parent,
                          const char      *title,
                          const char      *suggested_name,
                          VitrinePathFunc  callback,
                          gpointer         user_data,
                          GDestroyNotify   destroy)
{
  ask_where_to_save (ask_new (callback, NULL, user_data, destroy), parent, title, suggested_name);
}

void
vitrine_compat_open_picture (GtkWindow       *parent,
                             VitrinePathFunc  callback,
                             gpointer         user_data,
                             GDestroyNotify   destroy)
{
  static const char *const pictures[] = { "image/jpeg", "image/png",  "image/webp",
                                          "image/heif", "image/avif", NULL };

  vitrine_compat_open_file (parent, _("Which Picture?"), _("Pictures"), pictures, callback,
                            user_data, destroy);
}

/* One question for a yes, or for one of two. */
typedef struct
{
  VitrineConfirmedFunc callback;
  VitrineChosenFunc chosen;
  gpointer user_data;
  GDestroyNotify destroy;
} Confirm;

static void
confirm_free (gpointer  data,
              GClosure *closure)
{
  Confirm *confirm = data;

  if (confirm->destroy != NULL)
    confirm->destroy (confirm->user_data);

  g_free (confirm);
}

#if ADW_CHECK_VERSION (1, 5, 0)
#define CONFIRM_DIALOG(name) adw_alert_dialog_ ## name
typedef AdwAlertDialog ConfirmDialog;
#else
#define CONFIRM_DIALOG(name) adw_message_dialog_ ## name
typedef AdwMessageDialog ConfirmDialog;
#endif

static void
on_confirm_response (ConfirmDialog *dialog,
                     const char    *response,
                     Confirm       *confirm)
{
  if (g_str_equal (response, "yes"))
    confirm->callback (confirm->user_data);
  else if (!g_str_equal (response, "cancel"))
    confirm->chosen (g_str_equal (response, "first"), confirm->user_data);
}

static ConfirmDialog *
confirm_dialog_new (GtkWindow  *parent,
                    const char *heading,
                    const char *body)
{
#if ADW_CHECK_VERSION (1, 5, 0)
  return ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, body));
#else
  return ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));
#endif
}

static void
confirm_dialog_present (ConfirmDialog *dialog,
                        GtkWindow     *parent)
{
#if ADW_CHECK_VERSION (1, 5, 0)
  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (parent));
#else
  gtk_window_present (GTK_WINDOW (dialog));
#endif
}

void
vitrine_compat_choose (GtkWindow         *parent,
                       const char        *heading,
                       const char        *body,
                       const char        *first,
                       const char        *second,
                       VitrineChosenFunc  callback,
                       gpointer           user_data,
                       GDestroyNotify     destroy)
{
  ConfirmDialog *dialog = confirm_dialog_new (parent, heading, body);
  Confirm *confirm = g_new0 (Confirm, 1);

  confirm->chosen = callback;
  confirm->user_data = user_data;
  confirm->destroy = destroy;

  CONFIRM_DIALOG (add_response) (dialog, "cancel", _("Cancel"));
  if (second != NULL)
    CONFIRM_DIALOG (add_response) (dialog, "second", second);
  CONFIRM_DIALOG (add_response) (dialog, "first", first);
  CONFIRM_DIALOG (set_response_appearance) (dialog, "first", ADW_RESPONSE_SUGGESTED);
  CONFIRM_DIALOG (set_default_response) (dialog, "first");
  CONFIRM_DIALOG (set_close_response) (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_confirm_response), confirm,
                         confirm_free, 0);
  confirm_dialog_present (dialog, parent);
}

void
vitrine_compat_confirm (GtkWindow            *parent,
                        const char           *heading,
                        const char           *body,
                        const char           *action,
                        VitrineConfirmedFunc  callback,
                        gpointer              user_data,
                        GDestroyNotify        destroy)
{
  ConfirmDialog *dialog = confirm_dialog_new (parent, heading, body);
  Confirm *confirm = g_new0 (Confirm, 1);

  confirm->callback = callback;
  confirm->user_data = user_data;
  confirm->destroy = destroy;

  CONFIRM_DIALOG (add_response) (dialog, "cancel", _("Cancel"));
  CONFIRM_DIALOG (add_response) (dialog, "yes", action);
  CONFIRM_DIALOG (set_response_appearance) (dialog, "yes", ADW_RESPONSE_DESTRUCTIVE);
  CONFIRM_DIALOG (set_default_response) (dialog, "cancel");
  CONFIRM_DIALOG (set_close_response) (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_confirm_response), confirm,
                         confirm_free, 0);
  confirm_dialog_present (dialog, parent);
}

/* The properties have the same names in both. */
#define ABOUT_PROPERTIES                                                                  \
  "application-name", _("Vitrine"),                                                       \
  "application-icon", APPLICATION_ID,                                                     \
  "developer-name", _("The Vitrine developers"),                                          \
  "version", PACKAGE_VERSION,                                                             \
  "comments", _("Show each other what you see"),                                          \
  "license-type", GTK_LICENSE_GPL_3_0,                                                    \
  "copyright", "© 2026 The Vitrine developers",                                           \
  /* Translators: your names, one to a line */                                            \
  "translator-credits", _("translator-credits")

void
vitrine_compat_show_about (GtkWindow *parent)
{
#if ADW_CHECK_VERSION (1, 5, 0)
  AdwDialog *about = g_object_new (ADW_TYPE_ABOUT_DIALOG, ABOUT_PROPERTIES, NULL);

  adw_dialog_present (about, GTK_WIDGET (parent));
#else
  GtkWindow *about = g_object_new (ADW_TYPE_ABOUT_WINDOW,
                                   ABOUT_PROPERTIES,
                                   "transient-for", parent,
                                   "modal", TRUE,
                                   NULL);

  gtk_window_present (about);
#endif
}

void
vitrine_compat_show_shortcuts (GtkWindow  *parent,
                               const char *resource)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (resource);
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (window, parent);
  gtk_window_present (window);
}

void
vitrine_compat_hide_back_button (AdwHeaderBar *header_bar)
{
#if ADW_CHECK_VERSION (1, 4, 0)
  adw_header_bar_set_show_back_button (header_bar, FALSE);
#endif
}

void
vitrine_compat_show_title_buttons (AdwHeaderBar *header_bar,
                                   gboolean      show,
                                   gboolean      at_start)
{
#if !ADW_CHECK_VERSION (1, 4, 0)
  if (at_start)
    adw_header_bar_set_show_start_title_buttons (header_bar, show);
  else
    adw_header_bar_set_show_end_title_buttons (header_bar, show);
#endif
}
