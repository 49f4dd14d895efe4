/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include "client-history.h"
#include "client-pictures.h"
#include "client-shares.h"

G_BEGIN_DECLS

/* For the files of Client only: client.c (the person's world), client-parts.c (its parts),
 * client-line.c (signing in, and the line to the relay), client-verbs.c, client-groups.c and
 * client-person.c (what this person asks for). */

struct _Client
{
  GObject parent_instance;

  ClientWorld *world;
  ClientStore *store;
  CpmClock *clock;
  ClientOutbox *outbox;
  ClientBook *book;
  ClientInbox *inbox;
  ClientHistory *history;
  ClientPictures *pictures;
  ClientShares *shares;
  ClientDevices *devices;
  ClientPrivacy *privacy;
  char *agent;

  TransportConnector *test_connector;
  gboolean use_keyring;
  CpmCapability capabilities;  /* NONE: what the system has */

  TransportHttp *http;         /* from each welcome on, while online */
  char *pictures_url;
  GHashTable *group_fetches;   /* ids of pictures of groups that are on their way */
  unsigned group_retry_id;
  GNetworkMonitor *network;    /* tells when to hurry; %NULL with a connector of a test */

  char *relay;                 /* wss://HOST:PORT */
  char *token;
  gboolean wanted;             /* whether to be connected */
  gboolean refused;
  char *error_text;
  ClientConnectionState told_state;
  unsigned retry_id;
  GQueue keeping;              /* who waits until something is kept, in order */

  GTask *sign_in;              /* while signing in */
};

/* The state may be another one now. */
void client_update_state   (Client     *self);
void client_set_error_text (Client     *self,
                            const char *text);

/* Makes them, and listens to them. */
void client_make_parts     (Client     *self);

/* Whose home it is, from the first sign-in on. */
void client_open_account   (Client     *self,
                            const char *account);

/* Signed in: anew after each reconnect. */
void client_emit_welcomed  (Client     *self);

/* Asks the home, or the home of a group, and returns what it says by @task, which is taken, as is
 * @body. */
void client_request        (Client         *self,
                            CpmMessageType  type,
                            const char     *to,
                            JsonObject     *body,
                            GTask          *task);

/* Answers @request when that was allowed once and for all, and a camera is shown there. */
void client_answer_photo_by_itself (Client             *self,
                                    ClientConversation *conversation,
                                    ClientMessage      *request);

/* Pictures of groups whose files are not here yet; of one, or of all. */
void client_fetch_group_picture  (Client             *self,
                                  ClientConversation *conversation);
void client_fetch_group_pictures (Client             *self);

/* Nothing moves any more until the next welcome. */
void client_go_offline     (Client     *self);

G_END_DECLS
