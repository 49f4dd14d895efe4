/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "app-town"

#include "config.h"

#include "app-town.h"

#include "media-init.h"
#include "transport-connector.h"

#include <glib/gstdio.h>
#include <locale.h>

#undef app_wait_until

#define LIMIT_S 60
#define TICK_MS 20

/* A connector that leads to the relay in this process. */
#define WIRE_TYPE_CONNECTOR (wire_connector_get_type ())
G_DECLARE_FINAL_TYPE (WireConnector, wire_connector, WIRE, CONNECTOR, GObject)

struct _WireConnector
{
  GObject parent_instance;

  Home *home;
};

static void wire_connector_iface_init (TransportConnectorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WireConnector,
                               wire_connector,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TRANSPORT_TYPE_CONNECTOR,
                                                      wire_connector_iface_init))

static void
wire_connector_connect_async (TransportConnector  *connector,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  WireConnector *self = WIRE_CONNECTOR (connector);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (TransportConnection) relay_end = NULL;
  TransportConnection *end;

  transport_pair_new (&end, &relay_end);
  relay_server_accept (self->home->server, relay_end, "192.0.2.2", "relay.test:7443");
  g_task_return_pointer (task, end, g_object_unref);
}

static TransportConnection *
wire_connector_connect_finish (TransportConnector  *connector,
                               GAsyncResult        *result,
                               GError             **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
wire_connector_iface_init (TransportConnectorInterface *iface)
{
  iface->connect_async = wire_connector_connect_async;
  iface->connect_finish = wire_connector_connect_finish;
}

static void
wire_connector_class_init (WireConnectorClass *klass)
{
}

static void
wire_connector_init (WireConnector *self)
{
}

/* What AdwApplication does by itself. */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/app/vitrine/Vitrine/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* rtspclientsink that is stopped while it makes itself ready looks at a stream that has gone
 * (GStreamer 1.22); there is no media here to be ready for. Everything else is fatal. */
static gboolean
is_fatal (const char     *log_domain,
          GLogLevelFlags  log_level,
          const char     *message,
          gpointer        user_data)
{
  return g_strcmp0 (log_domain, "GStreamer-RTSP-Server") != 0;
}

/* GLib says "Bail out!" to the harness even where it goes on. */
static void
on_server_critical (const char     *log_domain,
                    GLogLevelFlags  log_level,
                    const char     *message,
                    gpointer        user_data)
{
  g_test_message ("%s: %s", log_domain, message);
}

void
app_town_init (int    *argc,
               char ***argv)
{
  g_autoptr (GError) error = NULL;

  g_setenv ("VITRINE_VIDEO_SINK", "memory", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  gtk_test_init (argc, argv, NULL);
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_log_set_handler ("GStreamer-RTSP-Server", G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL,
                     on_server_critical, NULL);
  load_style ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/app/vitrine/Vitrine/icons");
  g_assert_true (media_init (&error));
}

static gboolean
on_late (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

void
app_wait_until (AppTownFunc  condition,
                gpointer     user_data,
                const char  *what)
{
  gboolean is_late = FALSE;
  unsigned late_id = g_timeout_add_seconds (LIMIT_S, on_late, &is_late);

  while (!condition (user_data))
    {
      if (is_late)
        g_error ("%s has not come true within %d s", what, LIMIT_S);

      g_main_context_iteration (NULL, TRUE);
    }

  if (!is_late)
    g_source_remove (late_id);
}

static void
on_signed_in (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  client_sign_in_finish (CLIENT_CLIENT (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer user_data)
{
  return *(gboolean *) user_data;
}

static gboolean
is_online (gpointer user_data)
{
  AppTown *self = user_data;

  return client_contact_is_online (client_conversation_get_peer (self->conversation));
}

static gboolean
on_tick (gpointer user_data)
{
  AppTown *self = user_data;

  test_clock_advance (self->home->clock, TICK_MS * 1000);

  return G_SOURCE_CONTINUE;
}

void
app_town_set_up (AppTown       *self,
                 gconstpointer  today)
{
  ClientAccountInfo info = {
    .relay = "relay.test", .account = "alice@a.test", .password = "correct horse", .create = TRUE,
  };
  g_autoptr (WireConnector) connector = g_object_new (WIRE_TYPE_CONNECTOR, NULL);
  g_autoptr (GError) error = NULL;
  gboolean signed_in = FALSE;

  g_test_log_set_fatal_handler (is_fatal, NULL); /* each test begins without one */
  self->home = home_new ();
  if (today != NULL)
    test_clock_jump (self->home->clock,
                     g_get_real_time () - cpm_clock_get_real_us (CPM_CLOCK (self->home->clock)));

  /* After all else, or home_settle() would find something to do for ever. */
  self->tick_id = g_timeout_add_full (G_PRIORITY_LOW, TICK_MS, on_tick, self, NULL);
  connector->home = self->home;
  self->emily = person_sign_up (self->home, "emily");
  self->folder = g_dir_make_tmp ("vitrine-app-XXXXXX", &error);
  g_assert_no_error (error);

  self->alice = client_new (self->folder, CPM_CLOCK (self->home->clock), "test", &error);
  g_assert_no_error (error);
  client_set_connector (self->alice, TRANSPORT_CONNECTOR (connector));
  client_sign_in_async (self->alice, &info, NULL, on_signed_in, &signed_in);
  app_wait_until (is_true, &signed_in, "signed in");

  self->conversation = client_open_conversation (self->alice, "emily@a.test", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (person_ask (self->emily, CPM_MESSAGE_CONTACT_ADD, "alice@a.test", NULL), ==,
                   "ack");
  app_wait_until (is_online, self, "Emily is online");
  person_forget (self->emily);
}

void
app_remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        app_remove_folder (child);
      else
        g_unlink (child);
    }

  g_rmdir (path);
}

void
app_town_tear_down (AppTown       *self,
                    gconstpointer  unused)
{
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));

  client_disconnect (self->alice);
  home_settle (self->home);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_object (&self->alice);
  person_free (self->emily);
  home_free (self->home);
  app_remove_folder (self->folder);
  g_free (self->folder);
}

void
app_town_open_window (AppTown *self)
{
  self->window = vitrine_window_new (NULL, self->alice, "test");
  gtk_window_present (GTK_WINDOW (self->window));
  vitrine_window_open_conversation (self->window, self->conversation);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->window));
}

void
app_town_emily_says (AppTown    *self,
                     const char *text)
{
  g_autofree char *conversation = cpm_address_conversation_id ("emily@a.test", "alice@a.test");
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", conversation);
  json_object_set_string_member (body, "text", text);
  g_assert_cmpstr (person_ask (self->emily, CPM_MESSAGE_TEXT, "alice@a.test", body), ==, "ack");
}

char *
app_town_emily_shows (AppTown    *self,
                      const char *kind)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (self->home->clock));
  g_autofree char *more = g_strdup_printf (
    "\"viewers\":[\"alice@a.test\"],\"content\":{\"kind\":\"%s\",\"audio\":false}", kind);

  g_assert_cmpstr (person_ask (self->emily, CPM_MESSAGE_SHARE_INVITE, NULL, share_body (id, more)),
                   ==, "ack");

  return g_steal_pointer (&id);
}

static gboolean
emily_is_asked (gpointer user_data)
{
  AppTown *self = user_data;

  return person_has (self->emily, CPM_MESSAGE_SHARE_STATE);
}

char *
app_town_alice_shows (AppTown        *self,
                      CpmContentKind  kind)
{
  g_autoptr (ClientShowable) what = client_showable_new (kind, NULL, "test");
  g_autoptr (CpmMessage) state = NULL;

  person_forget (self->emily);
  client_share_with_async (self->alice, self->conversation, what, NULL, NULL, NULL);
  app_wait_until (emily_is_asked, self, "Emily is asked");
  state = person_take (self->emily, CPM_MESSAGE_SHARE_STATE);

  return g_strdup (body_text (state, "share"));
}

typedef struct
{
  ClientConversation *conversation;
  gboolean is_done;
} Making;

static void
on_group_made (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Making *making = user_data;
  g_autoptr (GError) error = NULL;

  making->conversation = client_create_group_finish (CLIENT_CLIENT (source), result, &error);
  g_assert_no_error (error);
  making->is_done = TRUE;
}

static gboolean
is_made (gpointer user_data)
{
  return ((Making *) user_data)->is_done;
}

ClientConversation *
app_town_make_group (AppTown    *self,
                     const char *name,
                     Person     *other)
{
  const char *members[] = { self->emily->address, other != NULL ? other->address : NULL, NULL };
  Making making = { NULL, FALSE };

  client_create_group_async (self->alice, name, members, NULL, on_group_made, &making);
  app_wait_until (is_made, &making, "the group is made");
  g_object_unref (person_take (self->emily, CPM_MESSAGE_GROUP_STATE));
  if (other != NULL)
    g_object_unref (person_take (other, CPM_MESSAGE_GROUP_STATE));

  return making.conversation;
}

typedef gboolean (*MatchFunc) (GtkWidget  *widget,
                               GType       type,
                               const char *text);

/* Depth first; popovers that are open are children too. */
static GtkWidget *
find (GtkWidget  *root,
      MatchFunc   matches,
      GType       type,
      const char *text)
{
  GtkWidget *found;

  if (!gtk_widget_get_mapped (root))
    return NULL;

  if (matches (root, type, text))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if ((found = find (child, matches, type, text)) != NULL)
      return found;

  return NULL;
}

static gboolean
matches_name (GtkWidget  *widget,
              GType       type,
              const char *name)
{
  g_autofree char *difference = NULL;

  if (!g_type_is_a (G_OBJECT_TYPE (widget), type))
    return FALSE;

  if (gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    {
      difference = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                                       GTK_ACCESSIBLE_PROPERTY_LABEL, name);
      return difference == NULL;
    }

  /* A button with words on it has its name from them. */
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), name) == 0;
}

static gboolean
matches_label (GtkWidget  *widget,
               GType       type,
               const char *text)
{
  return GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

static gboolean
matches_type (GtkWidget  *widget,
              GType       type,
              const char *type_name)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), type_name);
}

GtkWidget *
app_find_of_type (GtkWidget  *root,
                  const char *type_name)
{
  return find (root, matches_type, GTK_TYPE_WIDGET, type_name);
}

GtkWidget *
app_find_named (GtkWidget  *root,
                GType       type,
                const char *name)
{
  return find (root, matches_name, type, name);
}

GtkWidget *
app_find_label (GtkWidget  *root,
                const char *text)
{
  return find (root, matches_label, GTK_TYPE_LABEL, text);
}

static gboolean
find_window (gpointer user_data)
{
  struct { const char *type_name; GtkWidget *found; } *search = user_data;
  GListModel *windows = gtk_window_get_toplevels ();

  for (unsigned i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (window), search->type_name) &&
          gtk_widget_get_mapped (window))
        search->found = window;
    }

  return search->found != NULL;
}

GtkWidget *
app_await_window (const char *type_name)
{
  struct { const char *type_name; GtkWidget *found; } search = { type_name, NULL };

  app_wait_until (find_window, &search, type_name);

  return search.found;
}

/* A window of its own, or with libadwaita 1.5 and later a part of the window that it belongs to. */
static gboolean
find_question (gpointer user_data)
{
  GtkWidget **found = user_data;
  GListModel *windows = gtk_window_get_toplevels ();

  for (unsigned i = 0; i < g_list_model_get_n_items (windows) && *found == NULL; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (window), "AdwMessageDialog") &&
          gtk_widget_get_mapped (window))
        *found = window;
      else
        *found = app_find_of_type (window, "AdwAlertDialog");
    }

  return *found != NULL;
}

GtkWidget *
app_await_question (void)
{
  GtkWidget *found = NULL;

  app_wait_until (find_question, &found, "a question");

  return found;
}

typedef struct
{
  GtkWidget *root;
  MatchFunc matches;
  GType type;
  const char *text;
  GtkWidget *found;
} Search;

static gboolean
search_again (gpointer user_data)
{
  Search *search = user_data;

  search->found = find (search->root, search->matches, search->type, search->text);

  return search->found != NULL;
}

static gboolean
search_in_vain (gpointer user_data)
{
  return !search_again (user_data);
}

GtkWidget *
app_await_named (GtkWidget  *root,
                 GType       type,
                 const char *name)
{
  Search search = { root, matches_name, type, name, NULL };

  app_wait_until (search_again, &search, name);

  return search.found;
}

GtkWidget *
app_await_of_type (GtkWidget  *root,
                   const char *type_name)
{
  Search search = { root, matches_type, GTK_TYPE_WIDGET, type_name, NULL };

  app_wait_until (search_again, &search, type_name);

  return search.found;
}

GtkWidget *
app_await_label (GtkWidget  *root,
                 const char *text)
{
  Search search = { root, matches_label, GTK_TYPE_LABEL, text, NULL };

  app_wait_until (search_again, &search, text);

  return search.found;
}

static gboolean
matches_title (GtkWidget  *widget,
               GType       type,
               const char *title)
{
  return ADW_IS_ACTION_ROW (widget) &&
         adw_action_row_get_activatable_widget (ADW_ACTION_ROW (widget)) != NULL &&
         g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

GtkWidget *
app_await_switch (GtkWidget  *root,
                  const char *title)
{
  Search search = { root, matches_title, GTK_TYPE_WIDGET, title, NULL };

  app_wait_until (search_again, &search, title);

  return adw_action_row_get_activatable_widget (ADW_ACTION_ROW (search.found));
}

void
app_await_no_label (GtkWidget  *root,
                    const char *text)
{
  Search search = { root, matches_label, GTK_TYPE_LABEL, text, NULL };

  app_wait_until (search_in_vain, &search, text);
}

void
app_press (GtkWidget  *root,
           const char *name)
{
  GtkWidget *button = app_await_named (root, GTK_TYPE_BUTTON, name);

  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}
