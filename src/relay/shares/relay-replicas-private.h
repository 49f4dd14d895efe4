/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-replicas.h"
#include "relay-throttle.h"

#include "cpm-share-replica.h"

G_BEGIN_DECLS

/* For relay-replicas.c (the table, what owners say, and time), relay-replicas-verbs.c (what devices
 * say) and relay-replicas-pass.c (what is only passed on) only. */
struct _RelayReplicas
{
  GObject parent_instance;

  RelayContext *context;  /* (unowned): it owns us */
  GHashTable *entries;    /* "SHARE VIEWER" → RelayReplicaEntry */
  RelayThrottle *invites; /* by who is the cause of it */
  RelayThrottle *words;   /* that are passed on */
};

/* One share as one of our people is to see it. */
typedef struct
{
  RelayReplicas *replicas; /* (unowned) */
  CpmShareReplica *replica;
  char *id;
  char *sharer;
  JsonObject *body;        /* (nullable): what the owner said last, with the media */
  unsigned timeout;
  int64_t keyframe_us;
} RelayReplicaEntry;

RelayReplicaEntry *relay_replicas_find       (RelayReplicas *self,
                                              const char    *id,
                                              const char    *viewer);
RelayReplicaEntry *relay_replicas_add        (RelayReplicas *self,
                                              const char    *id,
                                              const char    *sharer,
                                              const char    *viewer);

/* Whether there is room for one more because of @who. Sets %CPM_ERROR_RATE. */
gboolean           relay_replicas_check_room (RelayReplicas  *self,
                                              const char     *who,
                                              GError        **error);

/* The entries that one of @viewer, @domain (of the owner) names; both are (nullable). (transfer
 * full): array of keys, since what is done to one may change the table. */
GPtrArray         *relay_replicas_list_keys  (RelayReplicas *self,
                                              const char    *viewer,
                                              const char    *domain);

/* The share as @peer may see it. (transfer full) */
CpmMessage        *relay_replicas_new_state  (RelayReplicaEntry *entry,
                                              RelayPeer         *peer);

/* Does what @actions (of #CpmReplicaAction) want done, and looks after the time. @question
 * (nullable) is what a refusal is put into, when somebody waits for it; else the owner is told. */
void               relay_replicas_follow     (RelayReplicaEntry  *entry,
                                              GPtrArray          *actions,
                                              GError            **question);

/* Says @type to the owner, with @body (transfer full). */
void               relay_replicas_ask        (RelayReplicaEntry   *entry,
                                              CpmMessageType       type,
                                              JsonObject          *body,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);

/* Puts into `url` of @object (a share's media) the host by which we reach @domain, when that home
 * leaves it to us. A player is sent to no other sort of address: then %FALSE. */
gboolean           relay_replicas_complete_url (RelayReplicas *self,
                                                JsonObject    *object,
                                                const char    *domain);

GPtrArray         *relay_replicas_new_actions (void);

/* (transfer full) */
RelayThrottle     *relay_replicas_new_word_throttle (CpmClock *clock);

G_END_DECLS
