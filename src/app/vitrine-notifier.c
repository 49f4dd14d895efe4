/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-notifier"

#include "config.h"

#include "vitrine-notifier.h"

#include "vitrine-people.h"
#include "vitrine-window.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

struct _VitrineNotifier
{
  GObject parent_instance;

  GtkApplication *application; /* (unowned): it owns us */
  Client *client;
};

G_DEFINE_FINAL_TYPE (VitrineNotifier, vitrine_notifier, G_TYPE_OBJECT)

static gboolean
is_looked_at (VitrineNotifier    *self,
              ClientConversation *conversation)
{
  GtkWindow *window = gtk_application_get_active_window (self->application);

  return VITRINE_IS_WINDOW (window) &&
         vitrine_window_is_looking_at (VITRINE_WINDOW (window), conversation);
}

/* (transfer full) */
static char *
share_notification_id (ClientShare *share)
{
  return g_strdup_printf ("share-%s", client_share_get_id (share));
}

static void
on_share_changed (VitrineNotifier *self,
                  GParamSpec      *pspec,
                  ClientShare     *share)
{
  g_autofree char *id = NULL;

  if (client_share_can (share, CPM_VERB_ACCEPT))
    return;

  id = share_notification_id (share);
  g_application_withdraw_notification (G_APPLICATION (self->application), id);
  g_signal_handlers_disconnect_by_func (share, on_share_changed, self);
}

static void
on_invited (VitrineNotifier *self,
            ClientShare     *share)
{
  ClientConversation *conversation = client_share_get_conversation (share);
  const char *sharer = vitrine_people_get_name (conversation, client_share_get_sharer (share));
  g_autofree char *id = share_notification_id (share);
  g_autofree char *sentence = vitrine_words_invitation (sharer,
                                                        client_share_get_content (share));
  g_autoptr (GNotification) notification = g_notification_new (sentence);

  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_URGENT);
  g_notification_set_default_action_and_target (notification, "app.show-conversation", "s",
                                                client_conversation_get_id (conversation));
  g_notification_add_button_with_target (notification, _("Accept"), "app.accept-share", "s",
                                         client_share_get_id (share));
  g_notification_add_button_with_target (notification, _("Decline"), "app.decline-share", "s",
                                         client_share_get_id (share));

  g_application_send_notification (G_APPLICATION (self->application), id, notification);
  g_signal_connect_object (share, "notify", G_CALLBACK (on_share_changed), self, G_CONNECT_SWAPPED);
}

static void
on_read (VitrineNotifier    *self,
         GParamSpec         *pspec,
         ClientConversation *conversation)
{
  if (client_conversation_get_n_unread (conversation) > 0)
    return;

  g_application_withdraw_notification (G_APPLICATION (self->application),
                                       client_conversation_get_id (conversation));
  g_signal_handlers_disconnect_by_func (conversation, on_read, self);
}

/* A picture that is shown in a running share is seen on the stage. */
static gboolean
is_on_stage (VitrineNotifier *self,
             ClientMessage   *message)
{
  const char *id = client_message_get_shown_page (message) != 0 ? client_message_get_share (message)
                                                                : NULL;
  ClientShare *share = id != NULL ? client_find_share (self->client, id) : NULL;
  CpmSession *session = share != NULL ? client_share_get_session (share) : NULL;
  const CpmMember *me = session != NULL
                          ? cpm_session_find_member (session, client_get_account (self->client))
                          : NULL;

  return me != NULL && cpm_member_state_is_in (me->state) &&
         client_share_get_state (share) != CPM_SESSION_ENDED;
}

static void
on_message (VitrineNotifier    *self,
            ClientConversation *conversation,
            ClientMessage      *message)
{
  const char *name = vitrine_people_get_name (conversation, client_message_get_from (message));
  g_autofree char *line = NULL;
  g_autoptr (GNotification) notification = NULL;

  if (is_looked_at (self, conversation) || is_on_stage (self, message))
    return;

  line = vitrine_words_last_message (message, name,
                                     client_conversation_get_group (conversation) != NULL);
  notification = g_notification_new (client_conversation_get_title (conversation));
  g_notification_set_body (notification, line);
  g_notification_set_default_action_and_target (notification, "app.show-conversation", "s",
                                                client_conversation_get_id (conversation));
  g_application_send_notification (G_APPLICATION (self->application),
                                   client_conversation_get_id (conversation), notification);

  g_signal_handlers_disconnect_by_func (conversation, on_read, self);
  g_signal_connect_object (conversation, "notify::n-unread", G_CALLBACK (on_read),
                           self, G_CONNECT_SWAPPED);
}

static void
vitrine_notifier_dispose (GObject *object)
{
  VitrineNotifier *self = VITRINE_NOTIFIER (object);

  g_clear_object (&self->client);

  G_OBJECT_CLASS (vitrine_notifier_parent_class)->dispose (object);
}

static void
vitrine_notifier_class_init (VitrineNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vitrine_notifier_dispose;
}

static void
vitrine_notifier_init (VitrineNotifier *self)
{
}

VitrineNotifier *
vitrine_notifier_new (GtkApplication *application,
                      Client         *client)
{
  VitrineNotifier *self = g_object_new (VITRINE_TYPE_NOTIFIER, NULL);

  self->application = application;
  self->client = g_object_ref (client);

  g_signal_connect_object (client, "invited", G_CALLBACK (on_invited), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "message-received", G_CALLBACK (on_message), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "share-missed", G_CALLBACK (on_message), self,
                           G_CONNECT_SWAPPED);

  return self;
}
