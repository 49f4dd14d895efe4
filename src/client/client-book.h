/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation-private.h"

G_BEGIN_DECLS

/**
 * ClientBook:
 *
 * The people and the conversations of one account, as two list models that keep their order:
 * contacts by name, conversations with the newest first.
 *
 * Signals: "older-wanted" (ClientConversation *): somebody wants to see older rows than this device
 * has.
 *
 * Life: as the account in #Client is opened; it owns the contacts, groups and conversations. Main
 * thread.
 */
#define CLIENT_TYPE_BOOK (client_book_get_type ())
G_DECLARE_FINAL_TYPE (ClientBook, client_book, CLIENT, BOOK, GObject)

ClientBook         *client_book_new                (ClientStore  *store,
                                                    ClientOutbox *outbox,
                                                    CpmClock     *clock);

/* Whose book it is; what the store knows is read. Once. */
void                client_book_open               (ClientBook   *self,
                                                    const char   *account);

GListModel         *client_book_get_contacts       (ClientBook   *self);
GListModel         *client_book_get_conversations  (ClientBook   *self);

/* Anybody of whom we know, oneself too, whether a contact or not. (transfer none) (nullable) */
ClientContact      *client_book_find_person        (ClientBook   *self,
                                                    const char   *address);

/* Nobody's presence is known any more. */
void                client_book_forget_presence    (ClientBook   *self);

/* Made when there is none; %NULL only when @address is the account itself or no address. (transfer
 * none) */
ClientContact      *client_book_ensure_contact     (ClientBook   *self,
                                                    const char   *address);
ClientConversation *client_book_ensure_conversation (ClientBook  *self,
                                                     const char  *address);

/* Of the group @address. (transfer none); %NULL for what is no group's address. */
ClientConversation *client_book_ensure_group       (ClientBook   *self,
                                                    const char   *address);

/* A `group.state` that is in the store now. */
void                client_book_take_group         (ClientBook   *self,
                                                    JsonObject   *state);
ClientConversation *client_book_find_conversation  (ClientBook   *self,
                                                    const char   *id); /* (nullable) */

/* The row @id in any conversation that has been looked at or not. (transfer none) (nullable) */
ClientMessage      *client_book_find_message       (ClientBook   *self,
                                                    const char   *id);

/* A `contact.list`: who is not on it is removed, unless there is a conversation. */
void                client_book_set_contacts       (ClientBook   *self,
                                                    JsonArray    *addresses);

/* Older rows have come: the newest conversation first, again. */
void                client_book_sort               (ClientBook         *self);

/* The setting that says whether requests for photographs by @address are answered by themselves.
 * (transfer full) */
char *client_book_dup_photos_setting (const char *address);

G_END_DECLS
