/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-window"

#include "config.h"

#include "vitrine-window.h"

#include "vitrine-compat.h"
#include "vitrine-conversation-page.h"
#include "vitrine-group-dialog.h"
#include "vitrine-invitation-card.h"
#include "vitrine-join-page.h"
#include "vitrine-people.h"
#include "vitrine-picture-window.h"
#include "vitrine-preferences-window.h"
#include "vitrine-seat.h"
#include "vitrine-settings.h"
#include "vitrine-shell.h"
#include "vitrine-sidebar.h"

#include <glib/gi18n.h>

/* Long enough to be read, short enough not to stand in the way of writing. */
#define TOAST_S 4

struct _VitrineWindow
{
  AdwApplicationWindow parent_instance;

  Client *client; /* (nullable): %NULL in a window that only tells of trouble */
  VitrineSettings *settings;

  AdwToastOverlay *toasts;
  AdwToast *toast;                /* (unowned) (nullable): the newest one */
  GtkStack *stack;
  VitrineJoinPage *join_page;
  VitrineShell *shell;
  AdwStatusPage *trouble_page;
  VitrineInvitationCard *invitation_card;
  VitrineSidebar *sidebar;        /* (unowned): in the shell */
  VitrineConversationPage *page;  /* (unowned): in the shell */
};

G_DEFINE_FINAL_TYPE (VitrineWindow, vitrine_window, ADW_TYPE_APPLICATION_WINDOW)

static void
toast_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  VitrineWindow *self = VITRINE_WINDOW (widget);
  g_autofree char *escaped = g_markup_escape_text (g_variant_get_string (parameter, NULL), -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_timeout (toast, TOAST_S);
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
open_picture_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  const char *path, *name;

  g_variant_get (parameter, "(&s&s)", &path, &name);
  gtk_window_present (GTK_WINDOW (vitrine_picture_window_new (GTK_WINDOW (widget), path, name)));
}

static void
new_conversation_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  VitrineWindow *self = VITRINE_WINDOW (widget);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "main") != 0)
    return;

  vitrine_shell_show_content (self->shell, FALSE);
  vitrine_sidebar_new_conversation (self->sidebar);
}

static gboolean
window_is_main (VitrineWindow *self)
{
  return self->client != NULL &&
         g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "main") == 0;
}

static void
on_group_pictured (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (VitrineWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!client_request_finish (CLIENT_CLIENT (source), result, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
}

static void
on_group_created (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (VitrineGroupDialog) dialog = user_data;
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (dialog));
  const char *picture = g_object_get_data (G_OBJECT (dialog), "picture");
  g_autoptr (GError) error = NULL;
  ClientConversation *conversation = client_create_group_finish (CLIENT_CLIENT (source), result,
                                                                 &error);

  if (conversation == NULL)
    {
      vitrine_group_dialog_set_trouble (dialog, error->message);
      return;
    }

  /* It was closed meanwhile: the group is in the list. */
  if (window == NULL)
    return;

  if (picture != NULL)
    client_picture_group_async (CLIENT_CLIENT (source),
                                client_conversation_get_group (conversation), picture, NULL,
                                on_group_pictured, g_object_ref (window));

  gtk_window_close (GTK_WINDOW (dialog));
  vitrine_window_open_conversation (VITRINE_WINDOW (window), conversation);
}

static void
on_group_wanted (VitrineWindow       *self,
                 const char          *name,
                 const char          *picture,
                 char               **people,
                 VitrineGroupDialog  *dialog)
{
  g_object_set_data_full (G_OBJECT (dialog), "picture", g_strdup (picture), g_free);
  client_create_group_async (self->client, name, (const char *const *) people, NULL,
                             on_group_created, g_object_ref (dialog));
}

static void
new_group_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  VitrineWindow *self = VITRINE_WINDOW (widget);
  VitrineGroupDialog *dialog;

  if (!window_is_main (self))
    return;

  dialog = vitrine_group_dialog_new (GTK_WINDOW (self), client_get_contacts (self->client));
  g_signal_connect_object (dialog, "done", G_CALLBACK (on_group_wanted), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
preferences_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  VitrineWindow *self = VITRINE_WINDOW (widget);

  if (window_is_main (self))
    gtk_window_present (vitrine_preferences_window_new (GTK_WINDOW (self), self->client));
}

static void
fullscreen_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  GtkWindow *window = GTK_WINDOW (widget);

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

/* Esc and the back button: out of full screen, then out of the conversation. */
static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  VitrineWindow *self = VITRINE_WINDOW (widget);

  if (gtk_window_is_fullscreen (GTK_WINDOW (self)))
    gtk_window_unfullscreen (GTK_WINDOW (self));
  else if (vitrine_shell_get_folded (self->shell))
    vitrine_shell_show_content (self->shell, FALSE);
}

static void
help_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  vitrine_compat_show_shortcuts (GTK_WINDOW (widget), "/app/vitrine/Vitrine/vitrine-shortcuts.ui");
}

/* Only a stage that has something on it fills the screen; without one it is just a large window. */
static void
window_update_fullscreen (VitrineWindow *self)
{
  gboolean fullscreen = gtk_window_is_fullscreen (GTK_WINDOW (self)) &&
                        vitrine_conversation_page_is_live (self->page);

  vitrine_shell_set_only_content (self->shell, fullscreen);
  vitrine_conversation_page_set_fullscreen (self->page, fullscreen);
}

static void
on_live_changed (VitrineWindow *self)
{
  if (!vitrine_conversation_page_is_live (self->page) &&
      gtk_window_is_fullscreen (GTK_WINDOW (self)))
    gtk_window_unfullscreen (GTK_WINDOW (self));

  window_update_fullscreen (self);
}

static void
on_folded (VitrineWindow *self)
{
  gboolean folded = vitrine_shell_get_folded (self->shell);

  vitrine_sidebar_set_folded (self->sidebar, folded);
  vitrine_conversation_page_set_folded (self->page, folded);
}

/* Where both panes are seen none stays empty: the newest conversation is open, and the first one as
 * soon as it comes. */
static void
window_fill_page (VitrineWindow *self)
{
  g_autoptr (ClientConversation) newest = NULL;

  if (vitrine_conversation_page_get_conversation (self->page) != NULL)
    return;

  newest = g_list_model_get_item (client_get_conversations (self->client), 0);
  if (newest == NULL)
    return;

  vitrine_conversation_page_set_conversation (self->page, newest);
  vitrine_sidebar_select (self->sidebar, newest);
  gtk_widget_grab_focus (GTK_WIDGET (self->page));
}

static void
window_show_main (VitrineWindow *self)
{
  gtk_stack_set_visible_child_name (self->stack, "main");
  window_fill_page (self);
}

static void
on_joined (VitrineWindow *self)
{
  window_show_main (self);
}

/* The next one that rings, if any. */
static void
window_next_invitation (VitrineWindow *self)
{
  GListModel *shares = client_get_shares (self->client);
  unsigned n_shares = g_list_model_get_n_items (shares);

  if (vitrine_invitation_card_get_share (self->invitation_card) != NULL)
    return;

  for (unsigned i = 0; i < n_shares; i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);

      if (!client_share_is_outgoing (share) &&
          client_share_get_state (share) == CPM_SESSION_INVITING &&
          client_share_can (share, CPM_VERB_ACCEPT))
        {
          vitrine_invitation_card_set_share (self->invitation_card, share);
          return;
        }
    }
}

static void
on_invited (VitrineWindow *self,
            ClientShare   *share)
{
  if (vitrine_invitation_card_get_share (self->invitation_card) != NULL)
    return;

  vitrine_invitation_card_set_share (self->invitation_card, share);

  /* Enter accepts: but not the Enter that somebody was about to press at the end of a message. */
  if (!vitrine_conversation_page_is_writing (self->page))
    gtk_widget_child_focus (GTK_WIDGET (self->invitation_card), GTK_DIR_TAB_FORWARD);
}

static void
on_accepting (VitrineWindow *self,
              ClientShare   *share)
{
  vitrine_window_open_conversation (self, client_share_get_conversation (share));
  vitrine_conversation_page_expect_share (self->page, share);
}

/* It has our yes already: that to the share that it continues. */
static void
on_share_continued (VitrineWindow *self,
                    ClientShare   *old,
                    ClientShare   *share)
{
  vitrine_seat_of (share);

  if (client_share_get_conversation (share) ==
      vitrine_conversation_page_get_conversation (self->page))
    vitrine_conversation_page_expect_share (self->page, share);
}

/* What has a row says so there; this is for what has none, such as a person who could not be added
 * to a group. */
static void
on_message_failed (VitrineWindow      *self,
                   ClientConversation *conversation,
                   ClientMessage      *message,
                   const char         *who,
                   const GError       *error)
{
  const char *name = vitrine_people_get_name (conversation, who);
  g_autofree char *text = NULL;

  if (message != NULL)
    return;

  /* Translators: the name of somebody whom something did not reach, and why */
  text = g_strdup_printf (C_("failure", "%s: %s"), name, error->message);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static void
on_accept_failed (VitrineWindow *self)
{
  vitrine_conversation_page_expect_share (self->page, NULL);
}

static void
on_invitation_gone (VitrineWindow *self)
{
  window_next_invitation (self);
}

static void
vitrine_window_dispose (GObject *object)
{
  VitrineWindow *self = VITRINE_WINDOW (object);

  g_clear_weak_pointer (&self->toast);
  g_clear_object (&self->settings);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (vitrine_window_parent_class)->dispose (object);
}

static void
window_class_add_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK,
                                       "win.new-conversation", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "win.new-group", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_comma, GDK_CONTROL_MASK,
                                       "win.preferences", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F11, 0, "win.fullscreen", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_question, GDK_CONTROL_MASK,
                                       "win.show-help-overlay", NULL);
}

static void
vitrine_window_class_init (VitrineWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_window_dispose;

  g_type_ensure (VITRINE_TYPE_INVITATION_CARD);
  g_type_ensure (VITRINE_TYPE_JOIN_PAGE);
  g_type_ensure (VITRINE_TYPE_SHELL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-window.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, VitrineWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, VitrineWindow, join_page);
  gtk_widget_class_bind_template_child (widget_class, VitrineWindow, shell);
  gtk_widget_class_bind_template_child (widget_class, VitrineWindow, trouble_page);
  gtk_widget_class_bind_template_child (widget_class, VitrineWindow, invitation_card);
  gtk_widget_class_bind_template_callback (widget_class, on_accepting);
  gtk_widget_class_bind_template_callback (widget_class, on_accept_failed);
  gtk_widget_class_bind_template_callback (widget_class, on_folded);
  gtk_widget_class_bind_template_callback (widget_class, on_invitation_gone);
  gtk_widget_class_bind_template_callback (widget_class, on_joined);

  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_install_action (widget_class, "win.open-picture", "(ss)", open_picture_action);
  gtk_widget_class_install_action (widget_class, "win.new-conversation", NULL,
                                   new_conversation_action);
  gtk_widget_class_install_action (widget_class, "win.new-group", NULL, new_group_action);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, preferences_action);
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, fullscreen_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL, help_action);

  window_class_add_keys (widget_class);
}

/* Keys of the conversation work wherever the focus is in the window. */
static void
window_add_conversation_keys (VitrineWindow *self)
{
  static const struct { const char *trigger, *action; } keys[] = {
    { "<Control>Return|<Control>KP_Enter", "conversation.show" },
    { "<Control>period", "conversation.stop" },
    { "<Control>p", "conversation.photo" },
    { "<Control>m", "conversation.mute" },
    { "<Control>e", "conversation.react" },
    { "<Control>space", "conversation.play" },
    { "<Control>Page_Down", "conversation.next" },
    { "<Control>Page_Up", "conversation.previous" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);

  for (size_t i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].trigger),
                                                gtk_named_action_new (keys[i].action));

      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
    }

  gtk_widget_add_controller (GTK_WIDGET (self->page), controller);
}

/* For the next share that begins here. */
static void
window_follow_settings (VitrineWindow *self)
{
  client_set_size (self->client, vitrine_settings_get_lines (self->settings),
                   vitrine_settings_get_frames (self->settings));
}

static void
vitrine_window_init (VitrineWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = vitrine_settings_new ();

  self->sidebar = g_object_new (VITRINE_TYPE_SIDEBAR, NULL);
  self->page = g_object_new (VITRINE_TYPE_CONVERSATION_PAGE, NULL);
  vitrine_shell_set_panes (self->shell, GTK_WIDGET (self->sidebar), GTK_WIDGET (self->page));
  window_add_conversation_keys (self);
  on_folded (self);

  g_signal_connect_object (self->sidebar, "opened", G_CALLBACK (vitrine_window_open_conversation),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "notify::live", G_CALLBACK (on_live_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (window_update_fullscreen), NULL);
}

VitrineWindow *
vitrine_window_new (GtkApplication *application,
                    Client         *client,
                    const char     *device)
{
  VitrineWindow *self = g_object_new (VITRINE_TYPE_WINDOW, "application", application, NULL);

  self->client = g_object_ref (client);
  vitrine_join_page_set_client (self->join_page, client);
  vitrine_sidebar_set_client (self->sidebar, client);
  vitrine_conversation_page_set_client (self->page, client, device);

  g_signal_connect_object (self->settings, "changed", G_CALLBACK (window_follow_settings), self,
                           G_CONNECT_SWAPPED);
  window_follow_settings (self);
  g_signal_connect_object (client_get_conversations (client), "items-changed",
                           G_CALLBACK (window_fill_page), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (client, "invited", G_CALLBACK (on_invited), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "message-failed", G_CALLBACK (on_message_failed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "share-continued", G_CALLBACK (on_share_continued), self,
                           G_CONNECT_SWAPPED);

  if (client_get_account (client) != NULL)
    {
      window_show_main (self);
      window_next_invitation (self);
    }

  return self;
}

VitrineWindow *
vitrine_window_new_for_trouble (GtkApplication *application,
                                const GError   *error)
{
  VitrineWindow *self = g_object_new (VITRINE_TYPE_WINDOW, "application", application, NULL);

  adw_status_page_set_description (self->trouble_page, error->message);
  gtk_stack_set_visible_child_name (self->stack, "trouble");

  return self;
}

void
vitrine_window_prefill (VitrineWindow *self,
                        const char    *relay,
                        const char    *pin,
                        const char    *account)
{
  g_return_if_fail (VITRINE_IS_WINDOW (self));

  vitrine_join_page_prefill (self->join_page, relay, pin, account);
}

void
vitrine_window_open_conversation (VitrineWindow      *self,
                                  ClientConversation *conversation)
{
  g_return_if_fail (VITRINE_IS_WINDOW (self));

  /* It spoke of something else, and would lie over what is to be read now. */
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);

  vitrine_conversation_page_set_conversation (self->page, conversation);
  vitrine_sidebar_select (self->sidebar, conversation);
  vitrine_shell_show_content (self->shell, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->page));
}

gboolean
vitrine_window_is_looking_at (VitrineWindow      *self,
                              ClientConversation *conversation)
{
  g_return_val_if_fail (VITRINE_IS_WINDOW (self), FALSE);

  return gtk_window_is_active (GTK_WINDOW (self)) &&
         gtk_widget_get_mapped (GTK_WIDGET (self->page)) &&
         vitrine_conversation_page_get_conversation (self->page) == conversation;
}

void
vitrine_window_answer_invitation (VitrineWindow *self,
                                  ClientShare   *share,
                                  gboolean       accept)
{
  g_return_if_fail (VITRINE_IS_WINDOW (self));

  /* A notification may be answered long after. */
  if (!client_share_can (share, CPM_VERB_ACCEPT))
    return;

  vitrine_invitation_card_set_share (self->invitation_card, share);

  if (accept)
    vitrine_invitation_card_accept (self->invitation_card);
  else
    vitrine_invitation_card_decline (self->invitation_card, CPM_REASON_DECLINED, NULL);
}
