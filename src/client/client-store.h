/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-message.h"

G_BEGIN_DECLS

/**
 * ClientStore:
 *
 * The home folder on disk: `history.db` (SQLite, WAL, synchronous=FULL), `pictures/`, and a lock that keeps a second process out.
 * What it said yes to is on stable storage. Reads and writes are done in the caller's thread: one fsync for each thing that a person does, and one
 * for each batch of what comes in (client_store_begin()), so that a full disk is told at once to whom it concerns.
 *
 * All errors are %CPM_ERROR_STORAGE (or %CPM_ERROR_CONFLICT for a home in use) with a sentence.
 */
#define CLIENT_TYPE_STORE (client_store_get_type ())
G_DECLARE_FINAL_TYPE (ClientStore, client_store, CLIENT, STORE, GObject)

ClientStore *client_store_new             (const char   *directory,
                                           GError      **error);

const char  *client_store_get_directory   (ClientStore  *self);

/* A path in the home: `pictures/@name`. (transfer full) */
char        *client_store_dup_picture_path (ClientStore *self,
                                            const char  *name);

/* Several writes as one. Nothing is kept when commit fails or rollback is called. No nesting. */
gboolean     client_store_begin           (ClientStore  *self,
                                           GError      **error);
gboolean     client_store_commit          (ClientStore  *self,
                                           GError      **error);
void         client_store_rollback        (ClientStore  *self);

/* Small things with a name. (transfer full) (nullable); a %NULL @value removes it. */
char        *client_store_dup_setting     (ClientStore  *self,
                                           const char   *name);
gboolean     client_store_set_setting     (ClientStore  *self,
                                           const char   *name,
                                           const char   *value,
                                           GError      **error);
int64_t      client_store_get_last_seq    (ClientStore  *self);
gboolean     client_store_set_last_seq    (ClientStore  *self,
                                           int64_t       seq,
                                           GError      **error);

/* Conversations: (element-type utf8): id and peer, one after the other, the one with the newest row first. */
GPtrArray   *client_store_load_conversations (ClientStore *self);
gboolean     client_store_add_conversation (ClientStore *self,
                                            const char  *id,
                                            const char  *peer,
                                            GError     **error);

/* Rows. insert() sets *@out_new to %FALSE when a row of this id is there already. */
gboolean     client_store_insert_message  (ClientStore    *self,
                                           ClientMessage  *message,
                                           gboolean       *out_new,
                                           GError        **error);
gboolean     client_store_update_message  (ClientStore    *self,
                                           ClientMessage  *message,
                                           GError        **error);

/* The newest @limit rows of @conversation, or those before the row @before, oldest first. (element-type ClientMessage) */
GPtrArray   *client_store_load_messages   (ClientStore *self,
                                           const char  *conversation,
                                           const char  *before,
                                           unsigned     limit);
ClientMessage *client_store_load_message  (ClientStore *self,
                                           const char  *id); /* (transfer full) (nullable) */
unsigned     client_store_count_unread    (ClientStore *self,
                                           const char  *conversation);

/* The unread rows of @conversation up to and including the row @until. (element-type ClientMessage) */
GPtrArray   *client_store_load_unread     (ClientStore *self,
                                           const char  *conversation,
                                           const char  *until);

/* Received pictures whose file is not here yet, oldest first. (element-type ClientMessage) */
GPtrArray   *client_store_load_missing_pictures (ClientStore *self);

/* Rows of shares that had not ended when the program did: they are closed with %CPM_REASON_LOST. */
gboolean     client_store_close_shares    (ClientStore  *self,
                                           GError      **error);

/* Shares that this device started, so that they are known again after a crash. */
gboolean     client_store_set_own_share   (ClientStore  *self,
                                           const char   *share,
                                           gboolean      own,
                                           GError      **error);
gboolean     client_store_is_own_share    (ClientStore  *self,
                                           const char   *share);

/**
 * ClientOutboxItem:
 *
 * A durable message that the relay has not acknowledged yet.
 */
typedef struct
{
  int64_t n;         /* place in the outbox; set by the store */
  char *id;
  char *type;        /* `t` */
  char *to;
  char *body;        /* JSON */
  char *upload;      /* (nullable): a file in pictures/ that has to be uploaded first */
} ClientOutboxItem;

void         client_outbox_item_free      (ClientOutboxItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientOutboxItem, client_outbox_item_free)

/* Those after place @after, in order. (element-type ClientOutboxItem) */
GPtrArray   *client_store_load_outbox     (ClientStore  *self,
                                           int64_t       after);
gboolean     client_store_add_outbox      (ClientStore             *self,
                                           const ClientOutboxItem  *item,
                                           GError                 **error);
gboolean     client_store_remove_outbox   (ClientStore  *self,
                                           const char   *id,
                                           GError      **error);
gboolean     client_store_set_uploaded    (ClientStore  *self,
                                           const char   *id,
                                           GError      **error);

G_END_DECLS
