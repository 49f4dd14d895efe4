/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-message.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ClientStore:
 *
 * The home folder on disk: `history.db` (SQLite, WAL), `pictures/`, and a lock that keeps a second
 * process out.
 *
 * Reads and writes are done in the caller's thread, and do not wait for the disk: what it said yes
 * to is committed, and seen by whoever reads from then on, also after the death of the program; a
 * full disk is told at once to whom it concerns. A thread (#ClientKeeper) then makes it durable,
 * which outlives the death of the machine. So whoever promises something because of a write (an
 * acknowledgement, a message that goes out, an `ok`) waits until that is kept:
 * client_store_get_n_commits() after the write, then client_store_is_kept() at each "kept".
 *
 * Signals: "kept": more is on stable storage than before; "failed" (GError *error): the disk could
 * not keep what was committed last. From then on all writes are refused with this error until the
 * home is opened again, since nobody knows any more what the disk has.
 *
 * All errors are %CPM_ERROR_STORAGE (or %CPM_ERROR_CONFLICT for a home in use) with a sentence.
 */
#define CLIENT_TYPE_STORE (client_store_get_type ())
G_DECLARE_FINAL_TYPE (ClientStore, client_store, CLIENT, STORE, GObject)

ClientStore *client_store_new             (const char   *directory,
                                           GError      **error);

/* Without the thread: it waits for the disk from the main loop, in order, so that a simulation is
 * repeatable. */
ClientStore *client_store_new_in_turn     (const char   *directory,
                                           GError      **error);

/* How many commits there have been; whether the first @n_commits of them are on stable storage. */
uint64_t     client_store_get_n_commits   (ClientStore  *self);
gboolean     client_store_is_kept         (ClientStore  *self,
                                           uint64_t      n_commits);

/* Why everything is refused. (nullable) */
const GError *client_store_get_failure    (ClientStore  *self);

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

/* The last_seq that is on stable storage; -1: none. */
int64_t      client_store_get_kept_seq    (ClientStore  *self);
gboolean     client_store_set_last_seq    (ClientStore  *self,
                                           int64_t       seq,
                                           GError      **error);

/* Conversations: (element-type utf8): id and peer, one after the other, the one with the newest row
 * first. */
GPtrArray   *client_store_load_conversations (ClientStore *self);
gboolean     client_store_add_conversation (ClientStore *self,
                                            const char  *id,
                                            const char  *peer,
                                            GError     **error);

/* Up to which `seq` (exclusive) the relay may have rows of @conversation that are not here: 0: not
 * known; 1: none. */
int64_t      client_store_get_older_than  (ClientStore *self,
                                           const char  *conversation);
gboolean     client_store_set_older_than  (ClientStore  *self,
                                           const char   *conversation,
                                           int64_t       seq,
                                           GError      **error);

/* The last `group.state` of a group, and the path of its picture's file (*@out_path, nullable).
 * (transfer full) (nullable) */
JsonObject  *client_store_load_group      (ClientStore  *self,
                                           const char   *group,
                                           char        **out_path);

/* Keeps @state unless a newer one is there (then *@out_new is %FALSE). The picture's file stays
 * when it is the same picture. */
gboolean     client_store_set_group       (ClientStore  *self,
                                           JsonObject   *state,
                                           gboolean     *out_new,
                                           GError      **error);

/* @file is a name in pictures/, or %NULL. */
gboolean     client_store_set_group_file  (ClientStore  *self,
                                           const char   *group,
                                           const char   *file,
                                           GError      **error);

/**
 * ClientNoteKind:
 *
 * What somebody said about a row: kept by itself, because it may come before the row (history is
 * read backwards), and for each of a group.
 */
typedef enum
{
  CLIENT_NOTE_RECEIPT,  /* state: %CLIENT_MESSAGE_DELIVERED or _DISPLAYED */
  CLIENT_NOTE_FAILED,   /* text: why it could not be delivered to `who` */
  CLIENT_NOTE_ANSWER    /* of a photo request; state: a #ClientRequestState */
} ClientNoteKind;

typedef struct
{
  char *who;
  ClientNoteKind kind;
  int state;
  char *text;           /* (nullable) */
} ClientNote;

void         client_note_free             (ClientNote *note);

/* A state never goes back. *@out_new (nullable): whether it says more than what was known. */
gboolean     client_store_add_note        (ClientStore     *self,
                                           const char      *message,
                                           const char      *who,
                                           ClientNoteKind   kind,
                                           int              state,
                                           const char      *text,
                                           gboolean        *out_new,
                                           GError         **error);
GPtrArray   *client_store_load_notes      (ClientStore *self,
                                           const char  *message); /* (element-type ClientNote) */

/* Takes a row and its notes away. */
gboolean     client_store_remove_message  (ClientStore  *self,
                                           const char   *id,
                                           GError      **error);

/* Rows of history that was asked for: they stand before all others of their conversation, in the
 * order of the calls; begin_older() is called once before them, in the same transaction. */
void         client_store_begin_older     (ClientStore  *self);
void         client_store_end_older       (ClientStore  *self);

/* Rows. insert() sets *@out_new to %FALSE when a row of this id is there already. */
gboolean     client_store_insert_message  (ClientStore    *self,
                                           ClientMessage  *message,
                                           gboolean       *out_new,
                                           GError        **error);
gboolean     client_store_update_message  (ClientStore    *self,
                                           ClientMessage  *message,
                                           GError        **error);

/* The newest @limit rows of @conversation, or those before the row @before, oldest first.
 * (element-type ClientMessage) */
GPtrArray   *client_store_load_messages   (ClientStore *self,
                                           const char  *conversation,
                                           const char  *before,
                                           unsigned     limit);
ClientMessage *client_store_load_message  (ClientStore *self,
                                           const char  *id); /* (transfer full) (nullable) */
unsigned     client_store_count_unread    (ClientStore *self,
                                           const char  *conversation);

/* The unread rows of @conversation up to and including the row @until. (element-type
 * ClientMessage) */
GPtrArray   *client_store_load_unread     (ClientStore *self,
                                           const char  *conversation,
                                           const char  *until);

/* Received pictures whose file is not here yet, oldest first. (element-type ClientMessage) */
GPtrArray   *client_store_load_missing_pictures (ClientStore *self);

/* The file of the picture of which frames with @page are the video in @share, shown by @who, when
 * it is here. (transfer full) (nullable) */
char          *client_store_dup_shown             (ClientStore *self,
                                                   const char  *share,
                                                   unsigned     page,
                                                   const char  *who);

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
