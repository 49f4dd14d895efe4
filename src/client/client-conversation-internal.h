/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation-private.h"

G_BEGIN_DECLS

/* For the two files of ClientConversation only: client-conversation.c (the rows as a model) and
 * client-conversation-say.c (what this person says in it). */

struct _ClientConversation
{
  GObject parent_instance;

  char *account;
  char *id;
  ClientContact *peer;   /* (nullable) */
  ClientGroup *group;    /* (nullable) */
  ClientStore *store;
  ClientOutbox *outbox;
  CpmClock *clock;

  GPtrArray *rows;       /* of ClientMessage; %NULL until somebody looks */
  GHashTable *by_id;     /* id, of the row -> row */
  ClientMessage *last;
  unsigned n_unread;
  gboolean all_shown;    /* nothing older is in the store */
  gboolean relay_may_have_older;
  gboolean loading_older;
};

/* To whom it is said: the peer or the group. */
const char *client_conversation_get_recipient (ClientConversation *self);

G_END_DECLS
