/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-conversation-page"

#include "config.h"

#include "vitrine-conversation-page-private.h"

#include "vitrine-compat.h"
#include "vitrine-details-window.h"
#include "vitrine-names.h"
#include "vitrine-people.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

enum
{
  PROP_0,
  PROP_LIVE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (VitrineConversationPage, vitrine_conversation_page, GTK_TYPE_WIDGET)

/* Whether this person takes part in @share, so that it belongs on the stage. */
static gboolean
takes_part (VitrineConversationPage *self,
            ClientShare             *share)
{
  CpmSession *session = client_share_get_session (share);
  const CpmMember *member;

  if (client_share_get_state (share) == CPM_SESSION_ENDED)
    return FALSE;

  if (client_share_is_outgoing (share) || share == self->expected)
    return TRUE;

  member = session != NULL ? cpm_session_find_member (session, client_get_account (self->client))
                           : NULL;

  return member != NULL && cpm_member_state_is_in (member->state);
}

/* (transfer full) (nullable) */
static ClientShare *
page_find_share (VitrineConversationPage *self)
{
  GListModel *shares = client_get_shares (self->client);
  unsigned n_shares = g_list_model_get_n_items (shares);

  for (unsigned i = 0; i < n_shares; i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);

      if (client_share_get_conversation (share) == self->conversation && takes_part (self, share))
        return g_steal_pointer (&share);
    }

  return NULL;
}

/* After the end: one friendly line that says how it ended, unless the note in the conversation that
 * says the same is before one's eyes. */
static void
page_tell_end (VitrineConversationPage *self,
               ClientShare             *share)
{
  CpmSession *session = client_share_get_session (share);
  ClientConversation *conversation = client_share_get_conversation (share);
  const char *me = client_get_account (self->client);
  gboolean outgoing = client_share_is_outgoing (share);
  const char *by;
  g_autofree char *sentence = NULL;

  if (session == NULL || client_share_get_state (share) != CPM_SESSION_ENDED ||
      vitrine_message_log_is_at_end (self->log))
    return;

  by = cpm_session_get_by (session);
  if (client_conversation_get_group (conversation) != NULL)
    sentence = vitrine_words_group_ended (
      cpm_session_get_reason (session), by, me,
      vitrine_people_get_name (conversation, by != NULL ? by : cpm_session_get_sharer (session)),
      outgoing);
  else
    sentence = vitrine_words_session_ended (session, me,
                                            client_conversation_get_title (conversation));

  if (sentence != NULL)
    vitrine_conversation_page_toast (self, sentence);
}

/* Whoever watches can ask for the turn by the same button. */
static void
page_update_show (VitrineConversationPage *self)
{
  ClientShare *share = vitrine_stage_get_share (self->stage);
  gboolean watching = share != NULL && !client_share_is_outgoing (share);

  vitrine_show_chooser_set_sharer (
    self->chooser, watching
                     ? vitrine_people_get_name (self->conversation, client_share_get_sharer (share))
                     : NULL);
  gtk_widget_set_tooltip_text (
    GTK_WIDGET (self->show_button),
    watching ? _("Ask whether you may show something, too (Ctrl+Enter)")
             : _("Show photographs, the camera, a film, music or the screen (Ctrl+Enter)"));
}

static void
page_update_stage (VitrineConversationPage *self)
{
  g_autoptr (ClientShare) share = self->conversation != NULL ? page_find_share (self) : NULL;
  g_autoptr (ClientShare) before = NULL;

  g_set_object (&before, vitrine_stage_get_share (self->stage));

  if (share == before)
    return;

  vitrine_stage_set_share (self->stage, share);
  gtk_widget_set_visible (GTK_WIDGET (self->stage), share != NULL);

  page_update_show (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIVE]);

  if (before != NULL)
    page_tell_end (self, before);
}

static void
on_share_changed (VitrineConversationPage *self)
{
  page_update_stage (self);
}

static void
on_shares_changed (VitrineConversationPage *self,
                   unsigned                 position,
                   unsigned                 n_removed,
                   unsigned                 n_added,
                   GListModel              *shares)
{
  for (unsigned i = position; i < position + n_added; i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);

      g_signal_connect_object (share, "notify", G_CALLBACK (on_share_changed), self,
                               G_CONNECT_SWAPPED);
    }

  page_update_stage (self);
}

/* (transfer full) */
static char *
page_dup_subtitle (VitrineConversationPage *self)
{
  ClientContact *peer = client_conversation_get_peer (self->conversation);

  if (peer == NULL)
    return vitrine_people_dup_names (self->conversation, client_get_account (self->client));

  /* The banner says what is the matter; here would be no room for it. */
  return g_strdup (client_contact_is_presence_known (peer) ? vitrine_words_presence (peer) : "");
}

static gboolean
page_is_blocked (VitrineConversationPage *self)
{
  ClientContact *peer = client_conversation_get_peer (self->conversation);

  return peer != NULL && client_privacy_is_blocked (client_get_privacy (self->client),
                                                    client_contact_get_address (peer));
}

/* Where one would write: what is written to somebody whom one has blocked arrives, and no answer
 * ever comes. */
static void
page_update_composer (VitrineConversationPage *self)
{
  ClientGroup *group;
  gboolean has_left, is_blocked;
  g_autofree char *text = NULL;

  if (self->conversation == NULL)
    return;

  group = client_conversation_get_group (self->conversation);
  has_left = group != NULL && !client_group_is_member (group);
  is_blocked = page_is_blocked (self);
  text = g_strdup_printf (_("You have blocked %s"),
                          client_conversation_get_title (self->conversation));

  gtk_label_set_label (self->blocked_label, text);
  gtk_widget_set_visible (self->blocked_bar, is_blocked);
  gtk_widget_set_visible (GTK_WIDGET (self->composer), !has_left && !is_blocked);
  gtk_widget_set_visible (self->left_label, has_left);
  gtk_widget_set_sensitive (GTK_WIDGET (self->show_button), !has_left && !is_blocked);
}

static void
page_update_title (VitrineConversationPage *self)
{
  const char *title = client_conversation_get_title (self->conversation);
  g_autofree char *subtitle = page_dup_subtitle (self);
  g_autofree char *in_sentence = vitrine_people_dup_title (self->conversation);
  g_autofree char *nothing = g_strdup_printf (_("Say hello to %s"), in_sentence);
  /* Translators: for screen readers: the button with somebody's name, or a group's, opens a window
   * about them */
  g_autofree char *about = g_strdup_printf (_("About %s"), title);

  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, subtitle);
  adw_status_page_set_title (self->nothing_page, nothing);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->title_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, about, -1);
  page_update_composer (self);
}

static void
page_update_log (VitrineConversationPage *self)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->conversation)) == 0;

  gtk_stack_set_visible_child_name (self->log_stack, is_empty ? "nothing" : "messages");
}

static void
page_update_banner (VitrineConversationPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->banner), self->is_folded);
}

static gboolean
on_text (VitrineConversationPage *self,
         const char              *text)
{
  g_autoptr (GError) error = NULL;

  if (self->conversation == NULL)
    return FALSE;

  if (client_conversation_send_text (self->conversation, text, &error) != NULL)
    return TRUE;

  vitrine_conversation_page_toast (self, error->message);

  return FALSE;
}

static void
on_ask (VitrineConversationPage *self,
        const char              *text)
{
  g_autoptr (GError) error = NULL;

  if (client_conversation_request_photo (self->conversation, *text != '\0' ? text : NULL,
                                         NULL, &error) == NULL)
    vitrine_ask_popover_set_trouble (self->ask_popover, error->message);
  else
    vitrine_ask_popover_done (self->ask_popover);
}

static void
show_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (widget);

  if (self->conversation != NULL && gtk_widget_is_sensitive (GTK_WIDGET (self->show_button)))
    gtk_menu_button_popup (self->show_button);
}

static void
ask_photo_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (widget);

  if (self->conversation != NULL)
    gtk_popover_popup (GTK_POPOVER (self->ask_popover));
}

static void
on_unblocked (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (VitrineConversationPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!client_request_finish (CLIENT_CLIENT (source), result, &error))
    vitrine_conversation_page_toast (self, error->message);
}

static void
unblock_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (widget);
  ClientContact *peer = self->conversation != NULL
                          ? client_conversation_get_peer (self->conversation)
                          : NULL;

  if (peer != NULL)
    client_block_async (self->client, client_contact_get_address (peer), FALSE, NULL, on_unblocked,
                        g_object_ref (self));
}

static void
details_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (widget);

  if (self->conversation != NULL)
    gtk_window_present (vitrine_details_window_new (GTK_WINDOW (gtk_widget_get_root (widget)),
                                                    self->client, self->conversation));
}

static void
vitrine_conversation_page_get_property (GObject    *object,
                                        unsigned    property_id,
                                        GValue     *value,
                                        GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_LIVE:
      g_value_set_boolean (value,
                           vitrine_conversation_page_is_live (VITRINE_CONVERSATION_PAGE (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
pasted_free (gpointer path)
{
  g_unlink (path);
  g_free (path);
}

/* Where one writes. */
static gboolean
vitrine_conversation_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (VITRINE_CONVERSATION_PAGE (widget)->composer));
}

static void
vitrine_conversation_page_dispose (GObject *object)
{
  VitrineConversationPage *self = VITRINE_CONVERSATION_PAGE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  g_clear_object (&self->expected);
  g_clear_object (&self->given);
  g_clear_object (&self->conversation);
  g_clear_object (&self->client);
  g_clear_pointer (&self->device, g_free);
  g_clear_pointer (&self->pasted, g_ptr_array_unref);

  G_OBJECT_CLASS (vitrine_conversation_page_parent_class)->dispose (object);
}

static void
page_class_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-conversation-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, header_bar);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, title_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, title);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, show_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, show_icon);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, chooser);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, banner);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, stack);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, layout);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, stage);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, chat);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, log_stack);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, log);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, composer);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, left_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, blocked_bar);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, blocked_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, ask_popover);
  gtk_widget_class_bind_template_child (widget_class, VitrineConversationPage, drop_target);
  gtk_widget_class_bind_template_callback (widget_class, on_ask);
  gtk_widget_class_bind_template_callback (widget_class, vitrine_conversation_page_on_chosen);
  gtk_widget_class_bind_template_callback (widget_class, vitrine_conversation_page_on_drop);
  gtk_widget_class_bind_template_callback (widget_class, vitrine_conversation_page_on_picture);
  gtk_widget_class_bind_template_callback (widget_class, on_text);
  gtk_widget_class_bind_template_callback (widget_class, vitrine_conversation_page_on_texture);
}

static void
vitrine_conversation_page_class_init (VitrineConversationPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_conversation_page_dispose;
  object_class->get_property = vitrine_conversation_page_get_property;
  widget_class->grab_focus = vitrine_conversation_page_grab_focus;

  properties[PROP_LIVE] =
    g_param_spec_boolean ("live", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (VITRINE_TYPE_ASK_POPOVER);
  g_type_ensure (VITRINE_TYPE_COMPOSER);
  g_type_ensure (VITRINE_TYPE_CONNECTION_BANNER);
  g_type_ensure (VITRINE_TYPE_MESSAGE_LOG);
  g_type_ensure (VITRINE_TYPE_SHOW_CHOOSER);
  g_type_ensure (VITRINE_TYPE_STAGE);
  g_type_ensure (VITRINE_TYPE_STAGE_LAYOUT);

  page_class_bind_template (widget_class);

  vitrine_conversation_page_class_install_file_actions (widget_class);
  vitrine_conversation_page_class_install_picture_actions (widget_class);
  vitrine_conversation_page_class_install_share_actions (widget_class);
  vitrine_conversation_page_class_install_stage_actions (widget_class);
  gtk_widget_class_install_action (widget_class, "conversation.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "conversation.show", NULL, show_action);
  gtk_widget_class_install_action (widget_class, "conversation.ask-photo", NULL, ask_photo_action);
  gtk_widget_class_install_action (widget_class, "conversation.unblock", NULL, unblock_action);
}

static void
vitrine_conversation_page_init (VitrineConversationPage *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };

  self->pasted = g_ptr_array_new_with_free_func (pasted_free);
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_drop_target_set_gtypes (self->drop_target, types, G_N_ELEMENTS (types));
  vitrine_compat_hide_back_button (self->header_bar);
  vitrine_name_menu_button (self->show_button, _("Show…"));
}

void
vitrine_conversation_page_toast (VitrineConversationPage *self,
                                 const char              *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

void
vitrine_conversation_page_set_client (VitrineConversationPage *self,
                                      Client                  *client,
                                      const char              *device)
{
  GListModel *shares;

  g_return_if_fail (VITRINE_IS_CONVERSATION_PAGE (self));
  g_return_if_fail (self->client == NULL);

  self->client = g_object_ref (client);
  self->device = g_strdup (device);

  vitrine_connection_banner_set_client (self->banner, client);
  vitrine_show_chooser_set_client (self->chooser, client, device);
  vitrine_stage_set_client (self->stage, client, device);
  vitrine_conversation_page_follow_turns (self);
  g_signal_connect_object (client_get_privacy (client), "notify", G_CALLBACK (page_update_composer),
                           self, G_CONNECT_SWAPPED);

  shares = client_get_shares (client);
  g_signal_connect_object (shares, "items-changed", G_CALLBACK (on_shares_changed),
                           self, G_CONNECT_SWAPPED);
  on_shares_changed (self, 0, 0, g_list_model_get_n_items (shares), shares);
}

/* Whose changes change the title: the peer, or the group. */
static gpointer
page_get_other (ClientConversation *conversation)
{
  ClientContact *peer = client_conversation_get_peer (conversation);

  return peer != NULL ? (gpointer) peer : client_conversation_get_group (conversation);
}

static void
page_leave_conversation (VitrineConversationPage *self)
{
  if (self->conversation == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->conversation, self);
  g_signal_handlers_disconnect_by_data (page_get_other (self->conversation), self);
  vitrine_message_log_set_conversation (self->log, NULL, NULL);
  g_clear_object (&self->conversation);
}

void
vitrine_conversation_page_set_conversation (VitrineConversationPage *self,
                                            ClientConversation      *conversation)
{
  g_return_if_fail (VITRINE_IS_CONVERSATION_PAGE (self));

  if (self->conversation == conversation)
    return;

  page_leave_conversation (self);
  g_set_object (&self->conversation, conversation);

  gtk_stack_set_visible_child_name (self->stack, conversation != NULL ? "conversation" : "empty");
  gtk_widget_set_visible (GTK_WIDGET (self->show_button), conversation != NULL);
  gtk_widget_set_visible (self->title_button, conversation != NULL);
  page_update_stage (self);

  if (conversation == NULL)
    return;

  g_signal_connect_object (page_get_other (conversation), "notify", G_CALLBACK (page_update_title),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::title", G_CALLBACK (page_update_title), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "items-changed", G_CALLBACK (page_update_log),
                           self, G_CONNECT_SWAPPED);

  adw_status_page_set_description (self->nothing_page,
                                   _("Write something, or press “Show…” to show what you see."));

  vitrine_show_chooser_set_conversation (self->chooser, conversation);
  vitrine_message_log_set_conversation (self->log, conversation, client_get_account (self->client));
  page_update_title (self);
  page_update_log (self);
}

ClientConversation *
vitrine_conversation_page_get_conversation (VitrineConversationPage *self)
{
  g_return_val_if_fail (VITRINE_IS_CONVERSATION_PAGE (self), NULL);

  return self->conversation;
}

void
vitrine_conversation_page_expect_share (VitrineConversationPage *self,
                                        ClientShare             *share)
{
  g_return_if_fail (VITRINE_IS_CONVERSATION_PAGE (self));

  g_set_object (&self->expected, share);

  if (share != NULL)
    vitrine_conversation_page_set_conversation (self, client_share_get_conversation (share));

  page_update_stage (self);
}

gboolean
vitrine_conversation_page_is_live (VitrineConversationPage *self)
{
  g_return_val_if_fail (VITRINE_IS_CONVERSATION_PAGE (self), FALSE);

  return vitrine_stage_get_share (self->stage) != NULL;
}

void
vitrine_conversation_page_set_fullscreen (VitrineConversationPage *self,
                                          gboolean                 fullscreen)
{
  g_return_if_fail (VITRINE_IS_CONVERSATION_PAGE (self));

  gtk_widget_set_visible (GTK_WIDGET (self->header_bar), !fullscreen);
  vitrine_stage_layout_set_only_stage (self->layout, fullscreen);
  vitrine_stage_set_fullscreen (self->stage, fullscreen);
}

void
vitrine_conversation_page_set_folded (VitrineConversationPage *self,
                                      gboolean                 folded)
{
  g_return_if_fail (VITRINE_IS_CONVERSATION_PAGE (self));

  self->is_folded = folded;
  gtk_widget_set_visible (self->back_button, folded);
  gtk_widget_set_visible (self->show_icon, !folded); /* the name needs the room more */
  page_update_banner (self);
  vitrine_compat_show_title_buttons (self->header_bar, folded, TRUE);
}

gboolean
vitrine_conversation_page_is_writing (VitrineConversationPage *self)
{
  g_return_val_if_fail (VITRINE_IS_CONVERSATION_PAGE (self), FALSE);

  return !vitrine_composer_is_empty (self->composer);
}
