/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-details-window"

#include "config.h"

#include "vitrine-details-window.h"

#include "vitrine-compat.h"
#include "vitrine-group-dialog.h"
#include "vitrine-names.h"
#include "vitrine-people.h"
#include "vitrine-person-row.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

struct _VitrineDetailsWindow
{
  AdwWindow parent_instance;

  Client *client;
  ClientConversation *conversation;

  AdwToastOverlay *toasts;
  GtkWidget *picture_button;
  AdwAvatar *avatar;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkWidget *group_box;
  GtkWidget *name_list;
  AdwEntryRow *name_row;
  GtkLabel *members_heading;
  GtkWidget *add_button;
  GtkListBox *members;
  GtkWidget *person_list;
  AdwActionRow *photos_row;
  GtkSwitch *photos_switch;
  GtkButton *danger_button;
};

G_DEFINE_FINAL_TYPE (VitrineDetailsWindow, vitrine_details_window, ADW_TYPE_WINDOW)

static void
details_toast (VitrineDetailsWindow *self,
               const char           *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
on_requested (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (VitrineDetailsWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!client_request_finish (CLIENT_CLIENT (source), result, &error))
    details_toast (self, error->message);
}

/* A group's people */

typedef struct
{
  VitrineDetailsWindow *details;
  char *who;
} Removal;

static void
removal_free (gpointer data)
{
  Removal *removal = data;

  g_object_unref (removal->details);
  g_free (removal->who);
  g_free (removal);
}

static void
on_removal_confirmed (gpointer user_data)
{
  Removal *removal = user_data;
  VitrineDetailsWindow *self = removal->details;
  const char *who[] = { removal->who, NULL };

  client_remove_from_group_async (self->client, client_conversation_get_group (self->conversation),
                                  who, NULL, on_requested, g_object_ref (self));
}

static void
on_remove_clicked (GtkButton            *button,
                   VitrineDetailsWindow *self)
{
  VitrinePersonRow *row =
    VITRINE_PERSON_ROW (gtk_widget_get_ancestor (GTK_WIDGET (button), VITRINE_TYPE_PERSON_ROW));
  const char *name = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));
  /* Translators: whether somebody is to be taken out of the group */
  g_autofree char *heading = g_strdup_printf (_("Remove %s?"), name);
  Removal *removal = g_new0 (Removal, 1);

  removal->details = g_object_ref (self);
  removal->who = g_strdup (vitrine_person_row_get_address (row));
  vitrine_compat_confirm (GTK_WINDOW (self), heading,
                          _("What is said in the group from now on does not reach them any more."),
                          _("Remove"), on_removal_confirmed, removal, removal_free);
}

/* "You", "Made this group", "Online". (transfer full) */
static char *
member_dup_state (VitrineDetailsWindow *self,
                  ClientContact        *member)
{
  ClientGroup *group = client_conversation_get_group (self->conversation);
  const char *address = client_contact_get_address (member);
  gboolean is_me = g_strcmp0 (address, client_get_account (self->client)) == 0;
  gboolean is_owner = g_strcmp0 (address, client_group_get_owner (group)) == 0;
  const char *who = is_me                                       ? _("You")
                    : client_contact_is_presence_known (member) ? vitrine_words_presence (member)
                                                                : address;

  if (!is_owner)
    return g_strdup (who);

  /* Translators: in the list of a group's people: "Online · owner" */
  return g_strdup_printf (_("%s · owner"), who);
}

static void
on_member_changed (GtkWidget     *row,
                   GParamSpec    *pspec,
                   ClientContact *member)
{
  VitrineDetailsWindow *self = VITRINE_DETAILS_WINDOW (gtk_widget_get_root (row));
  g_autofree char *state = self != NULL ? member_dup_state (self, member) : NULL;

  if (state != NULL)
    vitrine_person_row_set_state (VITRINE_PERSON_ROW (row), state);
}

static GtkWidget *
create_member (gpointer item,
               gpointer user_data)
{
  ClientContact *member = item;
  VitrineDetailsWindow *self = user_data;
  ClientGroup *group = client_conversation_get_group (self->conversation);
  const char *address = client_contact_get_address (member);
  GtkWidget *row = vitrine_person_row_new (address, client_contact_get_name (member));
  g_autofree char *state = member_dup_state (self, member);

  vitrine_person_row_set_state (VITRINE_PERSON_ROW (row), state);
  g_signal_connect_object (member, "notify", G_CALLBACK (on_member_changed), row,
                           G_CONNECT_SWAPPED);

  if (client_group_is_owner (group) && g_strcmp0 (address, client_get_account (self->client)) != 0)
    {
      GtkWidget *button = gtk_button_new_with_label (_("Remove"));
      /* Translators: for screen readers: takes somebody out of a group; %s is the name */
      g_autofree char *name = g_strdup_printf (_("Remove %s"), client_contact_get_name (member));

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");
      vitrine_name_button (GTK_BUTTON (button), name);
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove_clicked), self, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }

  return row;
}

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (VitrineGroupDialog) dialog = user_data;
  g_autoptr (GError) error = NULL;

  if (client_request_finish (CLIENT_CLIENT (source), result, &error))
    gtk_window_close (GTK_WINDOW (dialog));
  else
    vitrine_group_dialog_set_trouble (dialog, error->message);
}

static void
on_people_picked (VitrineDetailsWindow  *self,
                  const char            *name,
                  const char            *picture,
                  char                 **people,
                  VitrineGroupDialog    *dialog)
{
  client_add_to_group_async (self->client, client_conversation_get_group (self->conversation),
                             (const char * const *) people, NULL, on_added, g_object_ref (dialog));
}

static void
on_add_clicked (VitrineDetailsWindow *self)
{
  GListModel *members =
    client_group_get_members (client_conversation_get_group (self->conversation));
  unsigned n_members = g_list_model_get_n_items (members);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;
  VitrineGroupDialog *dialog;

  for (unsigned i = 0; i < n_members; i++)
    {
      g_autoptr (ClientContact) member = g_list_model_get_item (members, i);

      g_strv_builder_add (builder, client_contact_get_address (member));
    }

  addresses = g_strv_builder_end (builder);
  dialog = vitrine_group_dialog_new_to_add (GTK_WINDOW (self), client_get_contacts (self->client),
                                            (const char * const *) addresses);
  g_signal_connect_object (dialog, "done", G_CALLBACK (on_people_picked), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A group's name and picture */

static void
on_rename (VitrineDetailsWindow *self)
{
  g_autofree char *name =
    g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));

  if (*name != '\0')
    client_rename_group_async (self->client, client_conversation_get_group (self->conversation),
                               name, NULL, on_requested, g_object_ref (self));
}

static void
on_picture_chosen (const char *path,
                   gpointer    user_data)
{
  VitrineDetailsWindow *self = user_data;

  if (path != NULL)
    client_picture_group_async (self->client, client_conversation_get_group (self->conversation),
                                path, NULL, on_requested, g_object_ref (self));
}

static void
on_picture_clicked (VitrineDetailsWindow *self)
{
  if (client_conversation_get_group (self->conversation) != NULL)
    vitrine_compat_open_picture (GTK_WINDOW (self), on_picture_chosen, g_object_ref (self),
                                 g_object_unref);
}

/* Asks the switch to follow what was kept, and not what was pressed. */
static gboolean
on_photos_set (GtkSwitch            *row,
               gboolean              allowed,
               VitrineDetailsWindow *self)
{
  ClientContact *peer = client_conversation_get_peer (self->conversation);
  g_autoptr (GError) error = NULL;

  if (peer != NULL && client_contact_are_photos_allowed (peer) != allowed &&
      !client_allow_photos (self->client, peer, allowed, &error))
    details_toast (self, error->message);

  gtk_switch_set_state (row, peer != NULL && client_contact_are_photos_allowed (peer));

  return TRUE;
}

static void
details_update_photos (VitrineDetailsWindow *self,
                       ClientContact        *peer)
{
  g_autofree char *explanation =
    /* Translators: below “Photographs Without a Question”; %s is a person's name */
    g_strdup_printf (_("While you show your camera, %s gets each photograph that is asked for"),
                     client_contact_get_name (peer));

  adw_action_row_set_subtitle (self->photos_row, explanation);
  gtk_switch_set_active (self->photos_switch, client_contact_are_photos_allowed (peer));
}

/* What cannot be taken back: leaving a group, blocking a person */

static const char *
details_get_peer_address (VitrineDetailsWindow *self)
{
  return client_contact_get_address (client_conversation_get_peer (self->conversation));
}

static gboolean
details_is_blocked (VitrineDetailsWindow *self)
{
  return client_privacy_is_blocked (client_get_privacy (self->client),
                                    details_get_peer_address (self));
}

static void
on_leave_confirmed (gpointer user_data)
{
  VitrineDetailsWindow *self = user_data;

  client_leave_group_async (self->client, client_conversation_get_group (self->conversation), NULL,
                            on_requested, g_object_ref (self));
}

static void
on_block_confirmed (gpointer user_data)
{
  VitrineDetailsWindow *self = user_data;

  client_block_async (self->client, details_get_peer_address (self), TRUE, NULL, on_requested,
                      g_object_ref (self));
}

static void
on_danger_clicked (VitrineDetailsWindow *self)
{
  const char *title = client_conversation_get_title (self->conversation);
  g_autofree char *heading = NULL;

  if (client_conversation_get_group (self->conversation) != NULL)
    {
      /* Translators: %s is the name of a group */
      heading = g_strdup_printf (_("Leave “%s”?"), title);
      vitrine_compat_confirm (
        GTK_WINDOW (self), heading,
        _("You keep what was said so far. To come back, somebody of the group has to add you."),
        _("Leave"), on_leave_confirmed, g_object_ref (self), g_object_unref);
    }
  else if (details_is_blocked (self))
    {
      client_block_async (self->client, details_get_peer_address (self), FALSE, NULL, on_requested,
                          g_object_ref (self));
    }
  else
    {
      heading = g_strdup_printf (_("Block %s?"), title);
      vitrine_compat_confirm (
        GTK_WINDOW (self), heading,
        _(
          "Nothing from this person reaches you any more, and they are not told. You can undo it"
          " here, or in the preferences."),
        _("Block"), on_block_confirmed, g_object_ref (self), g_object_unref);
    }
}

static void
details_update_group (VitrineDetailsWindow *self,
                      ClientGroup          *group)
{
  unsigned n_members = g_list_model_get_n_items (client_group_get_members (group));
  gboolean is_member = client_group_is_member (group);
  g_autofree char *heading =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u person", "%u people", n_members), n_members);

  gtk_label_set_label (self->members_heading, heading);
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->name_row)),
                 client_group_get_name (group)) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->name_row), client_group_get_name (group));

  gtk_widget_set_visible (self->name_list, is_member);
  gtk_widget_set_sensitive (self->picture_button, is_member);
  gtk_widget_set_visible (self->add_button, is_member);
  gtk_widget_set_visible (GTK_WIDGET (self->danger_button), is_member);
  gtk_label_set_label (self->subtitle,
                       is_member ? _("Group") : _("You are not in this group any more"));
}

static void
details_update (VitrineDetailsWindow *self)
{
  ClientContact *peer = client_conversation_get_peer (self->conversation);
  ClientGroup *group = client_conversation_get_group (self->conversation);
  const char *title = client_conversation_get_title (self->conversation);
  g_autofree char *danger = NULL;
  g_autofree char *subtitle = NULL;

  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_label_set_label (self->title, title);

  if (group != NULL)
    {
      gtk_button_set_label (self->danger_button, _("Leave the Group"));
      details_update_group (self, group);
      return;
    }

  danger = details_is_blocked (self) ? g_strdup_printf (_("Unblock %s"), title)
                                     : g_strdup_printf (_("Block %s"), title);
  subtitle = client_contact_is_presence_known (peer)
               ? g_strdup_printf ("%s\n%s", client_contact_get_address (peer),
                                  vitrine_words_presence (peer))
               : g_strdup (client_contact_get_address (peer));
  gtk_button_set_label (self->danger_button, danger);
  gtk_label_set_label (self->subtitle, subtitle);
  details_update_photos (self, peer);
}

/* The rows say who may be removed, and by whom. */
static void
on_owner_changed (VitrineDetailsWindow *self)
{
  ClientGroup *group = client_conversation_get_group (self->conversation);

  if (self->members != NULL)
    gtk_list_box_bind_model (self->members, client_group_get_members (group), create_member, self,
                             NULL);

  details_update (self);
}

static void
vitrine_details_window_dispose (GObject *object)
{
  VitrineDetailsWindow *self = VITRINE_DETAILS_WINDOW (object);

  /* Its rows look at the group, and none are made any more. */
  if (self->members != NULL)
    gtk_list_box_bind_model (self->members, NULL, NULL, NULL, NULL);
  self->members = NULL;

  G_OBJECT_CLASS (vitrine_details_window_parent_class)->dispose (object);
}

/* A question, or an answer on its way, may keep it beyond its end on the screen. */
static void
vitrine_details_window_finalize (GObject *object)
{
  VitrineDetailsWindow *self = VITRINE_DETAILS_WINDOW (object);

  g_clear_object (&self->conversation);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (vitrine_details_window_parent_class)->finalize (object);
}

static void
vitrine_details_window_class_init (VitrineDetailsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_details_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = vitrine_details_window_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-details-window.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, picture_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, avatar);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, title);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, group_box);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, name_list);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, name_row);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, members_heading);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, add_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, members);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, person_list);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, photos_row);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, photos_switch);
  gtk_widget_class_bind_template_child (widget_class, VitrineDetailsWindow, danger_button);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_danger_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_photos_set);
  gtk_widget_class_bind_template_callback (widget_class, on_picture_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_rename);
}

static void
vitrine_details_window_init (VitrineDetailsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
details_follow_group (VitrineDetailsWindow *self,
                      ClientGroup          *group)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Picture of the Group"), -1);
  gtk_widget_set_tooltip_text (self->picture_button, _("Choose a picture of the group"));
  g_signal_connect_object (group, "notify", G_CALLBACK (details_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (group, "notify::owner", G_CALLBACK (on_owner_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client_group_get_members (group), "items-changed",
                           G_CALLBACK (details_update), self, G_CONNECT_SWAPPED);
  on_owner_changed (self);
}

GtkWindow *
vitrine_details_window_new (GtkWindow          *parent,
                            Client             *client,
                            ClientConversation *conversation)
{
  VitrineDetailsWindow *self = g_object_new (VITRINE_TYPE_DETAILS_WINDOW, "transient-for", parent,
                                             NULL);
  ClientContact *peer = client_conversation_get_peer (conversation);
  ClientGroup *group = client_conversation_get_group (conversation);

  self->client = g_object_ref (client);
  self->conversation = g_object_ref (conversation);
  vitrine_people_show (conversation, self->avatar);
  gtk_widget_set_visible (self->group_box, group != NULL);
  gtk_widget_set_visible (self->person_list, group == NULL);
  gtk_widget_set_can_target (self->picture_button, group != NULL);
  gtk_widget_set_focusable (self->picture_button, group != NULL);

  g_signal_connect_object (client_get_privacy (client), "notify", G_CALLBACK (details_update), self,
                           G_CONNECT_SWAPPED);
  if (group != NULL)
    details_follow_group (self, group);
  else
    g_signal_connect_object (peer, "notify", G_CALLBACK (details_update), self, G_CONNECT_SWAPPED);

  details_update (self);

  return GTK_WINDOW (self);
}
