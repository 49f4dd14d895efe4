/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-conversation"

#include "config.h"

#include "client-conversation-internal.h"

#include "client-message-private.h"
#include "cpm-address.h"

#define PAGE_ROWS 200

static void client_conversation_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ClientConversation,
                               client_conversation,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      client_conversation_list_model_init))

enum
{
  PROP_ID = 1,
  PROP_PEER,
  PROP_GROUP,
  PROP_TITLE,
  PROP_LAST_MESSAGE,
  PROP_N_UNREAD,
  PROP_HAS_OLDER,
  PROP_LOADING_OLDER,
  N_PROPS
};

enum
{
  SIGNAL_OLDER_WANTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static unsigned signals[N_SIGNALS];

/* Puts @rows before those that are there. */
static void
prepend_rows (ClientConversation *self,
              GPtrArray          *rows)
{
  for (unsigned i = 0; i < rows->len; i++)
    {
      ClientMessage *row = g_ptr_array_index (rows, i);

      g_ptr_array_insert (self->rows, (int) i, g_object_ref (row));
      g_hash_table_insert (self->by_id, (gpointer) client_message_get_id (row), row);
    }
}

static void
ensure_rows (ClientConversation *self)
{
  g_autoptr (GPtrArray) rows = NULL;

  if (self->rows != NULL)
    return;

  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  rows = client_store_load_messages (self->store, self->id, NULL, PAGE_ROWS);
  prepend_rows (self, rows);
  self->all_shown = rows->len < PAGE_ROWS;
  if (rows->len > 0)
    g_set_object (&self->last, g_ptr_array_index (rows, rows->len - 1));
}

static GType
client_conversation_get_item_type (GListModel *model)
{
  return CLIENT_TYPE_MESSAGE;
}

static unsigned
client_conversation_get_n_items (GListModel *model)
{
  ClientConversation *self = CLIENT_CONVERSATION (model);

  ensure_rows (self);

  return self->rows->len;
}

static gpointer
client_conversation_get_item (GListModel *model,
                              unsigned    position)
{
  ClientConversation *self = CLIENT_CONVERSATION (model);

  ensure_rows (self);

  return position < self->rows->len ? g_object_ref (g_ptr_array_index (self->rows, position))
                                    : NULL;
}

static void
client_conversation_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = client_conversation_get_item_type;
  iface->get_n_items = client_conversation_get_n_items;
  iface->get_item = client_conversation_get_item;
}

static void
client_conversation_get_property (GObject    *object,
                                  unsigned    prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  ClientConversation *self = CLIENT_CONVERSATION (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_PEER:
      g_value_set_object (value, self->peer);
      break;

    case PROP_GROUP:
      g_value_set_object (value, self->group);
      break;

    case PROP_TITLE:
      g_value_set_string (value, client_conversation_get_title (self));
      break;

    case PROP_HAS_OLDER:
      g_value_set_boolean (value, client_conversation_has_older (self));
      break;

    case PROP_LOADING_OLDER:
      g_value_set_boolean (value, self->loading_older);
      break;

    case PROP_LAST_MESSAGE:
      g_value_set_object (value, self->last);
      break;

    case PROP_N_UNREAD:
      g_value_set_uint (value, self->n_unread);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
client_conversation_dispose (GObject *object)
{
  ClientConversation *self = CLIENT_CONVERSATION (object);

  g_clear_object (&self->last);
  g_clear_object (&self->peer);
  g_clear_object (&self->group);
  g_clear_object (&self->outbox);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (client_conversation_parent_class)->dispose (object);
}

static void
client_conversation_finalize (GObject *object)
{
  ClientConversation *self = CLIENT_CONVERSATION (object);

  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self->account);
  g_free (self->id);

  G_OBJECT_CLASS (client_conversation_parent_class)->finalize (object);
}

static void
client_conversation_class_init (ClientConversationClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = client_conversation_get_property;
  object_class->dispose = client_conversation_dispose;
  object_class->finalize = client_conversation_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_PEER] = g_param_spec_object ("peer", NULL, NULL, CLIENT_TYPE_CONTACT, flags);
  properties[PROP_GROUP] = g_param_spec_object ("group", NULL, NULL, CLIENT_TYPE_GROUP, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_LAST_MESSAGE] =
    g_param_spec_object ("last-message", NULL, NULL, CLIENT_TYPE_MESSAGE, flags);
  properties[PROP_N_UNREAD] = g_param_spec_uint ("n-unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_HAS_OLDER] = g_param_spec_boolean ("has-older", NULL, NULL, FALSE, flags);
  properties[PROP_LOADING_OLDER] = g_param_spec_boolean ("loading-older", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_OLDER_WANTED] =
    g_signal_new ("older-wanted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
client_conversation_init (ClientConversation *self)
{
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

static void
on_group_name (ClientGroup        *group,
               GParamSpec         *pspec,
               ClientConversation *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/* Who or what it is of. */
static void
set_others (ClientConversation *self,
            ClientContact      *peer,
            ClientGroup        *group)
{
  if (group != NULL)
    {
      self->group = g_object_ref (group);
      self->id = g_strdup (client_group_get_address (group));
      g_signal_connect_object (group, "notify::name", G_CALLBACK (on_group_name), self, 0);
    }
  else
    {
      self->peer = g_object_ref (peer);
      self->id = cpm_address_conversation_id (self->account, client_contact_get_address (peer));
    }
}

ClientConversation *
client_conversation_new (const char    *account,
                         ClientContact *peer,
                         ClientGroup   *group,
                         ClientStore   *store,
                         ClientOutbox  *outbox,
                         CpmClock      *clock)
{
  ClientConversation *self = g_object_new (CLIENT_TYPE_CONVERSATION, NULL);
  g_autoptr (GPtrArray) newest = NULL;

  self->account = g_strdup (account);
  set_others (self, peer, group);
  self->store = g_object_ref (store);
  self->outbox = g_object_ref (outbox);
  self->clock = g_object_ref (clock);

  newest = client_store_load_messages (store, self->id, NULL, 1);
  if (newest->len > 0)
    self->last = g_object_ref (g_ptr_array_index (newest, 0));

  self->n_unread = client_store_count_unread (store, self->id);

  return self;
}

ClientMessage *
client_conversation_append (ClientConversation *self,
                            ClientMessage      *message)
{
  ClientMessage *present;

  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), NULL);

  if (self->rows == NULL)
    {
      /* It is in the store already, so it comes with the others. */
      ensure_rows (self);
      if (self->rows->len > 0)
        g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, self->rows->len);
    }

  present = g_hash_table_lookup (self->by_id, client_message_get_id (message));
  if (present == NULL)
    {
      present = message;
      g_ptr_array_add (self->rows, g_object_ref (message));
      g_hash_table_insert (self->by_id, (gpointer) client_message_get_id (message), message);
      g_set_object (&self->last, message);
      g_list_model_items_changed (G_LIST_MODEL (self), self->rows->len - 1, 0, 1);
    }

  client_conversation_refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_MESSAGE]);

  return present;
}

void
client_conversation_refresh (ClientConversation *self)
{
  unsigned n_unread;

  g_return_if_fail (CLIENT_IS_CONVERSATION (self));

  n_unread = client_store_count_unread (self->store, self->id);
  if (n_unread == self->n_unread)
    return;

  self->n_unread = n_unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNREAD]);
}

const char *
client_conversation_get_id (ClientConversation *self)
{
  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), NULL);

  return self->id;
}

ClientContact *
client_conversation_get_peer (ClientConversation *self)
{
  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), NULL);

  return self->peer;
}

ClientGroup *
client_conversation_get_group (ClientConversation *self)
{
  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), NULL);

  return self->group;
}

const char *
client_conversation_get_title (ClientConversation *self)
{
  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), NULL);

  return self->group != NULL ? client_group_get_name (self->group)
                             : client_contact_get_name (self->peer);
}

const char *
client_conversation_get_recipient (ClientConversation *self)
{
  return self->group != NULL ? self->id : client_contact_get_address (self->peer);
}

ClientMessage *
client_conversation_get_last_message (ClientConversation *self)
{
  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), NULL);

  return self->last;
}

unsigned
client_conversation_get_n_unread (ClientConversation *self)
{
  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), 0);

  return self->n_unread;
}

ClientMessage *
client_conversation_find (ClientConversation *self,
                          const char         *id)
{
  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), NULL);

  if (id == NULL)
    return NULL;

  ensure_rows (self);

  return g_hash_table_lookup (self->by_id, id);
}

/* Puts a page of what the store has before the first row. %FALSE when it has nothing older. */
static gboolean
show_older (ClientConversation *self)
{
  const char *first = self->rows->len > 0
                        ? client_message_get_id (g_ptr_array_index (self->rows, 0))
                        : NULL;
  g_autoptr (GPtrArray) rows = client_store_load_messages (self->store, self->id, first, PAGE_ROWS);

  self->all_shown = rows->len < PAGE_ROWS;
  if (rows->len == 0)
    return FALSE;

  prepend_rows (self, rows);
  if (self->last == NULL)
    g_set_object (&self->last, g_ptr_array_index (rows, rows->len - 1));

  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, rows->len);

  return TRUE;
}

gboolean
client_conversation_has_older (ClientConversation *self)
{
  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), FALSE);

  return (self->rows != NULL && !self->all_shown) || self->relay_may_have_older;
}

gboolean
client_conversation_is_loading_older (ClientConversation *self)
{
  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), FALSE);

  return self->loading_older;
}

void
client_conversation_load_older (ClientConversation *self)
{
  gboolean had_older;

  g_return_if_fail (CLIENT_IS_CONVERSATION (self));

  ensure_rows (self);
  if (self->loading_older)
    return;

  had_older = client_conversation_has_older (self);
  if ((self->all_shown || !show_older (self)) && self->relay_may_have_older)
    g_signal_emit (self, signals[SIGNAL_OLDER_WANTED], 0);

  if (had_older != client_conversation_has_older (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_OLDER]);
}

void
client_conversation_set_older (ClientConversation *self,
                               gboolean            may_have,
                               gboolean            loading)
{
  gboolean had_older;
  gboolean was_loading;

  g_return_if_fail (CLIENT_IS_CONVERSATION (self));

  had_older = client_conversation_has_older (self);
  was_loading = self->loading_older;
  self->relay_may_have_older = may_have;
  self->loading_older = loading;
  if (had_older != client_conversation_has_older (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_OLDER]);

  if (was_loading != loading)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING_OLDER]);
}

void
client_conversation_take_older (ClientConversation *self)
{
  g_return_if_fail (CLIENT_IS_CONVERSATION (self));

  client_conversation_refresh (self);
  if (self->rows != NULL)
    {
      /* Else there are others before them, which come first when somebody asks. */
      if (self->all_shown)
        show_older (self);

      return;
    }

  if (self->last == NULL)
    {
      g_autoptr (GPtrArray) newest = client_store_load_messages (self->store, self->id, NULL, 1);

      if (newest->len > 0)
        self->last = g_object_ref (g_ptr_array_index (newest, 0));
    }
}

void
client_conversation_remove (ClientConversation *self,
                            const char         *id)
{
  ClientMessage *row;
  unsigned position;

  g_return_if_fail (CLIENT_IS_CONVERSATION (self));

  row = client_conversation_find (self, id);
  if (row == NULL || !g_ptr_array_find (self->rows, row, &position))
    return;

  g_hash_table_remove (self->by_id, id);
  g_ptr_array_remove_index (self->rows, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}
