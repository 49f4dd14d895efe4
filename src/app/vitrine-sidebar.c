/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-sidebar"

#include "config.h"

#include "vitrine-sidebar.h"

#include "vitrine-ask-popover.h"
#include "vitrine-compat.h"
#include "vitrine-connection-banner.h"
#include "vitrine-conversation-row.h"
#include "vitrine-names.h"

#include <glib/gi18n.h>

struct _VitrineSidebar
{
  AdwBin parent_instance;

  Client *client;
  ClientConversation *selected; /* (nullable) */
  gboolean is_folded;

  AdwHeaderBar *header_bar;
  GtkMenuButton *new_button;
  VitrineAskPopover *new_popover;
  GtkMenuButton *menu_button;
  VitrineConnectionBanner *banner;
  GtkStack *stack;
  GtkListBox *list;
  AdwAvatar *own_avatar;
  GtkLabel *own_address;
  GtkLabel *own_state;
};

enum
{
  OPENED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineSidebar, vitrine_sidebar, ADW_TYPE_BIN)

static gboolean
has_live_share (VitrineSidebar     *self,
                ClientConversation *conversation)
{
  GListModel *shares = client_get_shares (self->client);
  unsigned n_shares = g_list_model_get_n_items (shares);

  for (unsigned i = 0; i < n_shares; i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);

      if (client_share_get_conversation (share) == conversation &&
          (client_share_get_state (share) == CPM_SESSION_ACTIVE ||
           client_share_get_state (share) == CPM_SESSION_HELD))
        return TRUE;
    }

  return FALSE;
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  VitrineSidebar *self = user_data;
  GtkWidget *row = vitrine_conversation_row_new (item, client_get_account (self->client));

  vitrine_conversation_row_set_live (VITRINE_CONVERSATION_ROW (row), has_live_share (self, item));

  return row;
}

/* (nullable) */
static GtkListBoxRow *
sidebar_find_row (VitrineSidebar     *self,
                  ClientConversation *conversation)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)); i++)
    if (vitrine_conversation_row_get_conversation (VITRINE_CONVERSATION_ROW (row)) == conversation)
      return row;

  return NULL;
}

static void
sidebar_update_selection (VitrineSidebar *self)
{
  GtkListBoxRow *row = NULL;

  if (self->selected != NULL && !self->is_folded)
    row = sidebar_find_row (self, self->selected);

  gtk_list_box_select_row (self->list, row);
}

static void
on_conversations_changed (VitrineSidebar *self)
{
  GListModel *conversations = client_get_conversations (self->client);
  gboolean is_empty = g_list_model_get_n_items (conversations) == 0;

  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "list");

  /* A conversation that moved up has a new row. */
  sidebar_update_selection (self);
}

static void
sidebar_update_live (VitrineSidebar *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)); i++)
    {
      VitrineConversationRow *conversation_row = VITRINE_CONVERSATION_ROW (row);

      vitrine_conversation_row_set_live (
        conversation_row,
        has_live_share (self, vitrine_conversation_row_get_conversation (conversation_row)));
    }
}

static void
on_shares_changed (VitrineSidebar *self,
                   unsigned        position,
                   unsigned        n_removed,
                   unsigned        n_added,
                   GListModel     *shares)
{
  for (unsigned i = position; i < position + n_added; i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);

      g_signal_connect_object (share, "notify::state", G_CALLBACK (sidebar_update_live), self,
                               G_CONNECT_SWAPPED);
    }

  sidebar_update_live (self);
}

static void
sidebar_update_account (VitrineSidebar *self)
{
  const char *account = client_get_account (self->client);
  ClientConnectionState state = client_get_connection_state (self->client);

  adw_avatar_set_text (self->own_avatar, account);
  gtk_label_set_label (self->own_address, account != NULL ? account : "");
  gtk_label_set_label (self->own_state,
                       state == CLIENT_ONLINE ? _("Connected")
                       : state == CLIENT_CONNECTING ? _("Connecting…")
                       : _("Not connected"));
}

static void
on_row_activated (VitrineSidebar *self,
                  GtkListBoxRow  *row)
{
  g_signal_emit (self, signals[OPENED], 0,
                 vitrine_conversation_row_get_conversation (VITRINE_CONVERSATION_ROW (row)));
}

static void
on_address (VitrineSidebar *self,
            const char     *text)
{
  g_autoptr (GError) error = NULL;
  ClientConversation *conversation = client_open_conversation (self->client, text, &error);

  if (conversation == NULL)
    {
      vitrine_ask_popover_set_trouble (self->new_popover, error->message);
      return;
    }

  vitrine_ask_popover_done (self->new_popover);
  g_signal_emit (self, signals[OPENED], 0, conversation);
}

static void
on_copy_address (VitrineSidebar *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          client_get_account (self->client));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _("Your address was copied"));
}

static void
vitrine_sidebar_dispose (GObject *object)
{
  VitrineSidebar *self = VITRINE_SIDEBAR (object);

  g_clear_object (&self->selected);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (vitrine_sidebar_parent_class)->dispose (object);
}

static void
vitrine_sidebar_class_init (VitrineSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_sidebar_dispose;

  g_type_ensure (VITRINE_TYPE_ASK_POPOVER);
  g_type_ensure (VITRINE_TYPE_CONNECTION_BANNER);

  signals[OPENED] =
    g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_CONVERSATION);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineSidebar, header_bar);
  gtk_widget_class_bind_template_child (widget_class, VitrineSidebar, new_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineSidebar, new_popover);
  gtk_widget_class_bind_template_child (widget_class, VitrineSidebar, menu_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineSidebar, banner);
  gtk_widget_class_bind_template_child (widget_class, VitrineSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, VitrineSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, VitrineSidebar, own_avatar);
  gtk_widget_class_bind_template_child (widget_class, VitrineSidebar, own_address);
  gtk_widget_class_bind_template_child (widget_class, VitrineSidebar, own_state);
  gtk_widget_class_bind_template_callback (widget_class, on_address);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_address);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
vitrine_sidebar_init (VitrineSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  vitrine_name_menu_button (self->new_button, _("New Conversation"));
  vitrine_name_menu_button (self->menu_button, _("Menu"));
}

void
vitrine_sidebar_set_client (VitrineSidebar *self,
                            Client         *client)
{
  GListModel *conversations;

  g_return_if_fail (VITRINE_IS_SIDEBAR (self));
  g_return_if_fail (self->client == NULL);

  self->client = g_object_ref (client);
  conversations = client_get_conversations (client);

  gtk_list_box_bind_model (self->list, conversations, create_row, self, NULL);
  vitrine_connection_banner_set_client (self->banner, client);

  g_signal_connect_object (conversations, "items-changed", G_CALLBACK (on_conversations_changed),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (client_get_shares (client), "items-changed",
                           G_CALLBACK (on_shares_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::account", G_CALLBACK (sidebar_update_account),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::connection-state", G_CALLBACK (sidebar_update_account),
                           self, G_CONNECT_SWAPPED);
  on_conversations_changed (self);
  on_shares_changed (self, 0, 0, g_list_model_get_n_items (client_get_shares (client)),
                     client_get_shares (client));
  sidebar_update_account (self);
}

void
vitrine_sidebar_select (VitrineSidebar     *self,
                        ClientConversation *conversation)
{
  g_return_if_fail (VITRINE_IS_SIDEBAR (self));

  g_set_object (&self->selected, conversation);
  sidebar_update_selection (self);
}

void
vitrine_sidebar_new_conversation (VitrineSidebar *self)
{
  g_return_if_fail (VITRINE_IS_SIDEBAR (self));

  gtk_menu_button_popup (self->new_button);
}

void
vitrine_sidebar_set_folded (VitrineSidebar *self,
                            gboolean        folded)
{
  g_return_if_fail (VITRINE_IS_SIDEBAR (self));

  self->is_folded = folded;
  vitrine_compat_show_title_buttons (self->header_bar, folded, FALSE);
  sidebar_update_selection (self);
}
