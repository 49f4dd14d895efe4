/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-privacy-page"

#include "config.h"

#include "vitrine-privacy-page.h"

#include "vitrine-names.h"

#include <glib/gi18n.h>

struct _VitrinePrivacyPage
{
  AdwBin parent_instance;

  Client *client;
  gboolean is_updating; /* the switches follow what the home has said */

  GtkWidget *who_group;
  GtkWidget *what_group;
  GtkWidget *blocked_group;
  GtkSwitch *contacts_only;
  GtkSwitch *remote;
  GtkSwitch *kind_picture;
  GtkSwitch *kind_camera;
  GtkSwitch *kind_file;
  GtkSwitch *kind_music;
  GtkSwitch *kind_screen;
  GtkListBox *blocked_list;
  GtkEditable *block_entry;
  GtkWidget *block_button;
};

G_DEFINE_FINAL_TYPE (VitrinePrivacyPage, vitrine_privacy_page, ADW_TYPE_BIN)

/* The switch of @kind. */
static GtkSwitch *
page_get_kind (VitrinePrivacyPage *self,
               CpmContentKind      kind)
{
  switch (kind)
    {
    case CPM_CONTENT_PICTURE:
      return self->kind_picture;
    case CPM_CONTENT_CAMERA:
      return self->kind_camera;
    case CPM_CONTENT_FILE:
      return self->kind_file;
    case CPM_CONTENT_MUSIC:
      return self->kind_music;
    case CPM_CONTENT_SCREEN:
    default:
      return self->kind_screen;
    }
}

static void
page_toast (VitrinePrivacyPage *self,
            const char         *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static void
on_blocked (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (VitrinePrivacyPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!client_request_finish (CLIENT_CLIENT (source), result, &error))
    page_toast (self, error->message);
  else
    gtk_editable_set_text (self->block_entry, "");
}

static void
on_unblocked (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (VitrinePrivacyPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!client_request_finish (CLIENT_CLIENT (source), result, &error))
    page_toast (self, error->message);
}

static void
on_unblock (GtkButton          *button,
            VitrinePrivacyPage *self)
{
  client_block_async (self->client, g_object_get_data (G_OBJECT (button), "who"), FALSE, NULL,
                      on_unblocked, g_object_ref (self));
}

static void
page_add_blocked (VitrinePrivacyPage *self,
                  const char         *who)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_label (_("Unblock"));
  /* Translators: for screen readers; %s is an address or a domain */
  g_autofree char *name = g_strdup_printf (_("Unblock %s"), who);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), who);
  if (strchr (who, '@') == NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _("Everybody there"));

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  vitrine_name_button (GTK_BUTTON (button), name);
  g_object_set_data_full (G_OBJECT (button), "who", g_strdup (who), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_unblock), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_append (self->blocked_list, row);
}

static void
page_update (VitrinePrivacyPage *self)
{
  ClientPrivacy *privacy = client_get_privacy (self->client);
  const char * const *blocked = client_privacy_get_blocked (privacy);
  unsigned kinds = client_privacy_get_kinds (privacy);
  gboolean is_known = client_privacy_is_known (privacy) &&
                      client_get_connection_state (self->client) == CLIENT_ONLINE;
  GtkListBoxRow *row;

  self->is_updating = TRUE;
  gtk_switch_set_active (self->contacts_only, client_privacy_is_contacts_only (privacy));
  gtk_switch_set_active (self->remote, client_privacy_is_remote (privacy));
  for (int kind = 0; kind < CPM_N_CONTENT_KINDS; kind++)
    gtk_switch_set_active (page_get_kind (self, kind), (kinds & CLIENT_PRIVACY_KIND (kind)) != 0);
  self->is_updating = FALSE;

  gtk_widget_set_sensitive (self->who_group, is_known);
  gtk_widget_set_sensitive (self->what_group, is_known);
  gtk_widget_set_sensitive (self->blocked_group, is_known);

  while ((row = gtk_list_box_get_row_at_index (self->blocked_list, 0)) != NULL)
    gtk_list_box_remove (self->blocked_list, GTK_WIDGET (row));
  for (size_t i = 0; blocked[i] != NULL; i++)
    page_add_blocked (self, blocked[i]);
}

static void
on_set (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (VitrinePrivacyPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (client_request_finish (CLIENT_CLIENT (source), result, &error))
    return;

  page_toast (self, error->message);
  page_update (self);
}

static void
on_switched (VitrinePrivacyPage *self)
{
  unsigned kinds = 0;

  if (self->is_updating)
    return;

  for (int kind = 0; kind < CPM_N_CONTENT_KINDS; kind++)
    if (gtk_switch_get_active (page_get_kind (self, kind)))
      kinds |= CLIENT_PRIVACY_KIND (kind);

  client_set_privacy_async (self->client, gtk_switch_get_active (self->contacts_only),
                            gtk_switch_get_active (self->remote), kinds, NULL, on_set,
                            g_object_ref (self));
}

static void
on_entry_changed (VitrinePrivacyPage *self)
{
  gtk_widget_set_sensitive (self->block_button, *gtk_editable_get_text (self->block_entry) != '\0');
}

static void
on_block (VitrinePrivacyPage *self)
{
  g_autofree char *who = g_strstrip (g_strdup (gtk_editable_get_text (self->block_entry)));

  if (*who != '\0')
    client_block_async (self->client, who, TRUE, NULL, on_blocked, g_object_ref (self));
}

static void
vitrine_privacy_page_finalize (GObject *object)
{
  VitrinePrivacyPage *self = VITRINE_PRIVACY_PAGE (object);

  g_clear_object (&self->client);

  G_OBJECT_CLASS (vitrine_privacy_page_parent_class)->finalize (object);
}

static void
vitrine_privacy_page_class_init (VitrinePrivacyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = vitrine_privacy_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-privacy-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, who_group);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, what_group);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, blocked_group);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, contacts_only);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, remote);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, kind_picture);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, kind_camera);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, kind_file);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, kind_music);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, kind_screen);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, blocked_list);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, block_entry);
  gtk_widget_class_bind_template_child (widget_class, VitrinePrivacyPage, block_button);
  gtk_widget_class_bind_template_callback (widget_class, on_block);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_switched);
}

static void
vitrine_privacy_page_init (VitrinePrivacyPage *self)
{
  self->is_updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
vitrine_privacy_page_set_client (VitrinePrivacyPage *self,
                                 Client             *client)
{
  g_return_if_fail (VITRINE_IS_PRIVACY_PAGE (self));
  g_return_if_fail (self->client == NULL);

  self->client = g_object_ref (client);
  g_signal_connect_object (client_get_privacy (client), "notify", G_CALLBACK (page_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::connection-state", G_CALLBACK (page_update), self,
                           G_CONNECT_SWAPPED);
  page_update (self);
}
