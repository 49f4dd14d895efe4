/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-application"

#include "config.h"

#include "vitrine-application.h"

#include "vitrine-compat.h"
#include "vitrine-notifier.h"
#include "vitrine-settings.h"
#include "vitrine-uri.h"
#include "vitrine-window.h"

#include "client.h"
#include "media-init.h"

#include <glib/gi18n.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* After a share its frames are given back to the system, when all threads of it have ended. */
#define TIDY_S 2

struct _VitrineApplication
{
  AdwApplication parent_instance;

  /* Of the command line; all (nullable). */
  char *home;
  char *relay;
  char *pin;
  char *account;
  char *camera;

  Client *client;           /* (nullable): %NULL when it could not be opened */
  GError *trouble;          /* (nullable): why not */
  VitrineNotifier *notifier;
  unsigned tidy_id;
  VitrineSettings *settings;
};

G_DEFINE_FINAL_TYPE (VitrineApplication, vitrine_application, ADW_TYPE_APPLICATION)

static VitrineWindow *
application_find_window (VitrineApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (GList *iter = windows; iter != NULL; iter = iter->next)
    if (VITRINE_IS_WINDOW (iter->data))
      return iter->data;

  return NULL;
}

static void
application_bind_window (VitrineApplication *self,
                         VitrineWindow      *window)
{
  GSettings *store = vitrine_settings_get_store (self->settings);

  if (store == NULL)
    return;

  g_settings_bind (store, "window-width", window, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (store, "window-height", window, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (store, "window-maximized", window, "maximized", G_SETTINGS_BIND_DEFAULT);
}

static VitrineWindow *
application_ensure_window (VitrineApplication *self)
{
  VitrineWindow *window = application_find_window (self);

  if (window != NULL)
    return window;

  if (self->client == NULL)
    return vitrine_window_new_for_trouble (GTK_APPLICATION (self), self->trouble);

  window = vitrine_window_new (GTK_APPLICATION (self), self->client, self->camera);
  vitrine_window_prefill (window, self->relay, self->pin, self->account);
  application_bind_window (self, window);

  return window;
}

/* (transfer full) */
static char *
application_dup_home (VitrineApplication *self)
{
  if (self->home != NULL)
    return g_strdup (self->home);

  return g_build_filename (g_get_user_data_dir (), "vitrine", NULL);
}

static gboolean
on_tidy (gpointer user_data)
{
  VitrineApplication *self = user_data;

  self->tidy_id = 0;
#ifdef __GLIBC__
  malloc_trim (0);
#endif

  return G_SOURCE_REMOVE;
}

/* Without it some megabytes of free memory stay with the program after each share. */
static void
on_shares_changed (VitrineApplication *self,
                   unsigned            position,
                   unsigned            n_removed)
{
  if (n_removed > 0 && self->tidy_id == 0)
    self->tidy_id = g_timeout_add_seconds (TIDY_S, on_tidy, self);
}

static void
application_open_client (VitrineApplication *self)
{
  g_autofree char *home = application_dup_home (self);

  if (!media_init (&self->trouble))
    return;

  self->client = client_new (home, NULL, "vitrine/" PACKAGE_VERSION, &self->trouble);
  if (self->client == NULL)
    return;

  client_set_play_audio (self->client, TRUE);

  /* The keyring is one for the whole desktop session: it is for the one account that has no folder
   * of its own. */
  if (self->home == NULL)
    client_use_keyring (self->client);

  g_signal_connect_object (client_get_shares (self->client), "items-changed",
                           G_CALLBACK (on_shares_changed), self, G_CONNECT_SWAPPED);
  self->notifier = vitrine_notifier_new (GTK_APPLICATION (self), self->client);

  if (client_get_account (self->client) != NULL)
    client_connect (self->client);
}

static void
vitrine_application_activate (GApplication *application)
{
  VitrineApplication *self = VITRINE_APPLICATION (application);

  gtk_window_present (GTK_WINDOW (application_ensure_window (self)));
}

static void
application_open_uri (VitrineApplication *self,
                      VitrineWindow      *window,
                      const char         *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VitrineUri) uri = vitrine_uri_parse (text, &error);
  ClientConversation *conversation;

  if (uri != NULL && uri->relay != NULL)
    {
      vitrine_window_prefill (window, uri->relay, uri->pin, uri->account);
      return;
    }

  if (uri != NULL && self->client != NULL && client_get_account (self->client) != NULL)
    {
      conversation = client_open_conversation (self->client, uri->address, &error);
      if (conversation != NULL)
        vitrine_window_open_conversation (window, conversation);
    }

  if (error != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.toast", "s", error->message);
}

static void
vitrine_application_open (GApplication  *application,
                          GFile        **files,
                          int            n_files,
                          const char    *hint)
{
  VitrineApplication *self = VITRINE_APPLICATION (application);
  VitrineWindow *window = application_ensure_window (self);

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *text = g_file_get_uri (files[i]);

      application_open_uri (self, window, text);
    }

  gtk_window_present (GTK_WINDOW (window));
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  vitrine_compat_show_about (gtk_application_get_active_window (user_data));
}

/* Closes the windows as a person would, so that they can save their size. */
static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  VitrineWindow *window = application_find_window (user_data);

  if (window != NULL)
    gtk_window_close (GTK_WINDOW (window));

  g_application_quit (user_data);
}

static void
show_conversation_action (GSimpleAction *action,
                          GVariant      *parameter,
                          gpointer       user_data)
{
  VitrineApplication *self = user_data;
  ClientConversation *conversation = NULL;
  VitrineWindow *window = application_ensure_window (self);

  if (self->client != NULL)
    conversation = client_find_conversation (self->client, g_variant_get_string (parameter, NULL));

  if (conversation != NULL)
    vitrine_window_open_conversation (window, conversation);

  gtk_window_present (GTK_WINDOW (window));
}

static void
application_answer (VitrineApplication *self,
                    const char         *id,
                    gboolean            accept)
{
  VitrineWindow *window = application_ensure_window (self);
  ClientShare *share = self->client != NULL ? client_find_share (self->client, id) : NULL;

  if (share != NULL)
    vitrine_window_answer_invitation (window, share, accept);

  if (accept)
    gtk_window_present (GTK_WINDOW (window));
}

static void
accept_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  application_answer (user_data, g_variant_get_string (parameter, NULL), TRUE);
}

static void
decline_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  application_answer (user_data, g_variant_get_string (parameter, NULL), FALSE);
}

static void
application_add_actions (VitrineApplication *self)
{
  static const GActionEntry actions[] = {
    { "about", about_action },
    { "quit", quit_action },
    { "show-conversation", show_conversation_action, "s" },
    { "accept-share", accept_action, "s" },
    { "decline-share", decline_action, "s" },
  };
  static const char * const quit_keys[] = { "<Control>q", NULL };

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.quit", quit_keys);
}

static void
vitrine_application_startup (GApplication *application)
{
  VitrineApplication *self = VITRINE_APPLICATION (application);

  G_APPLICATION_CLASS (vitrine_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (APPLICATION_ID);
  self->settings = vitrine_settings_new ();
  application_add_actions (self);
  application_open_client (self);
}

static void
vitrine_application_shutdown (GApplication *application)
{
  VitrineApplication *self = VITRINE_APPLICATION (application);

  g_clear_handle_id (&self->tidy_id, g_source_remove);
  g_clear_object (&self->notifier);

  if (self->client != NULL)
    client_disconnect (self->client);

  g_clear_object (&self->client);

  G_APPLICATION_CLASS (vitrine_application_parent_class)->shutdown (application);
}

static int
vitrine_application_handle_local_options (GApplication *application,
                                          GVariantDict *options)
{
  VitrineApplication *self = VITRINE_APPLICATION (application);
  GApplicationFlags flags = g_application_get_flags (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("vitrine %s\n", PACKAGE_VERSION);
      return 0;
    }

  if (!gtk_init_check ())
    {
      g_printerr (
        "%s\n",
        _("vitrine: There is no screen to show a window on. Start it in a desktop session, "
           "or use vitrine-cli."));
      return 1;
    }

  g_variant_dict_lookup (options, "home", "^ay", &self->home);
  g_variant_dict_lookup (options, "relay", "s", &self->relay);
  g_variant_dict_lookup (options, "pin", "s", &self->pin);
  g_variant_dict_lookup (options, "account", "s", &self->account);
  g_variant_dict_lookup (options, "camera", "s", &self->camera);

  if (self->home != NULL)
    g_application_set_flags (application, flags | G_APPLICATION_NON_UNIQUE);

  return -1;
}

static void
vitrine_application_finalize (GObject *object)
{
  VitrineApplication *self = VITRINE_APPLICATION (object);

  g_clear_pointer (&self->home, g_free);
  g_clear_pointer (&self->relay, g_free);
  g_clear_pointer (&self->pin, g_free);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->camera, g_free);
  g_clear_error (&self->trouble);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (vitrine_application_parent_class)->finalize (object);
}

static void
vitrine_application_class_init (VitrineApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->finalize = vitrine_application_finalize;

  application_class->activate = vitrine_application_activate;
  application_class->open = vitrine_application_open;
  application_class->startup = vitrine_application_startup;
  application_class->shutdown = vitrine_application_shutdown;
  application_class->handle_local_options = vitrine_application_handle_local_options;
}

static void
vitrine_application_init (VitrineApplication *self)
{
  static const GOptionEntry entries[] = {
    { "home", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      N_("Keep everything of this account in DIR; several can run side by side"), N_("DIR") },
    { "relay", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Address of the relay, for the first start"),
      N_("ADDRESS") },
    { "pin", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Pin of the relay, for the first start"),
      N_("PIN") },
    { "account", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Own address, for the first start"),
      N_("ADDRESS") },
    { "camera", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Use this camera: its name, “test”, or “file:PATH” for a film in its place"),
      N_("CAMERA") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version and exit"), NULL },
    { NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), "[vitrine:…]");
}

VitrineApplication *
vitrine_application_new (void)
{
  return g_object_new (VITRINE_TYPE_APPLICATION,
                       "application-id", APPLICATION_ID,
                       "resource-base-path", "/app/vitrine/Vitrine",
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       NULL);
}
