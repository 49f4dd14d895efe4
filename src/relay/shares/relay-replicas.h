/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-share-asker.h"

#include "cpm-session.h"

G_BEGIN_DECLS

/**
 * RelayReplicas:
 *
 * The shares that other homes own and that people of this home are asked to see: asks our own
 * rights, tells our people's devices what the owner says, and the owner what they say. What it
 * decides is in #CpmShareReplica.
 */
#define RELAY_TYPE_REPLICAS (relay_replicas_get_type ())
G_DECLARE_FINAL_TYPE (RelayReplicas, relay_replicas, RELAY, REPLICAS, GObject)

RelayReplicas *relay_replicas_new        (RelayContext *context);

/* The owner says how its share stands; with an id it asks whether it may ring. */
gboolean       relay_replicas_take_state (RelayReplicas  *self,
                                          RelayVisitor   *visitor,
                                          CpmMessage     *message,
                                          GError        **error);

/* The owner asks whether the viewer could be shown something else. */
gboolean       relay_replicas_may_show   (RelayReplicas  *self,
                                          RelayVisitor   *visitor,
                                          CpmMessage     *message,
                                          GError        **error);

/* What a device of ours says of such a share. */
gboolean       relay_replicas_say        (RelayReplicas          *self,
                                          const RelayShareAsker  *asker,
                                          CpmSessionVerb          verb,
                                          GError                **error);
gboolean       relay_replicas_sync       (RelayReplicas          *self,
                                          const RelayShareAsker  *asker,
                                          GError                **error);
gboolean       relay_replicas_request    (RelayReplicas          *self,
                                          const RelayShareAsker  *asker,
                                          GError                **error);
void           relay_replicas_keyframe   (RelayReplicas          *self,
                                          const RelayShareAsker  *asker);

/* Passes on to the owner what goes with a share while it is seen; whoever answers, or not, is the
 * owner. */
gboolean       relay_replicas_pass_up    (RelayReplicas          *self,
                                          const RelayShareAsker  *asker,
                                          GError                **error);

/* Asks the owner for credentials for another player; the owner answers. */
gboolean       relay_replicas_watch      (RelayReplicas          *self,
                                          const RelayShareAsker  *asker,
                                          GError                **error);

/* The owner says something to one of ours who watches: passed on to the device that does. */
gboolean       relay_replicas_pass_down  (RelayReplicas  *self,
                                          CpmMessage     *message,
                                          GError        **error);

/* @peer has signed in; this device is gone. */
void           relay_replicas_resume     (RelayReplicas *self,
                                          RelayPeer     *peer);
void           relay_replicas_lose       (RelayReplicas *self,
                                          const char    *user,
                                          const char    *device);

/* @user (nullable: everybody) goes: from what it sees by @device (nullable), of the sharer or
 * domain @whom (nullable). */
void           relay_replicas_leave      (RelayReplicas *self,
                                          const char    *user,
                                          const char    *device,
                                          const char    *whom);

/* The way to @domain is there: asks it about what it owns. */
void           relay_replicas_check      (RelayReplicas *self,
                                          const char    *domain);

/* Whether @domain owns a live one. */
gboolean       relay_replicas_has_owner  (RelayReplicas *self,
                                          const char    *domain);

/* The live ones, as snapshots: appended to @array. */
void           relay_replicas_list       (RelayReplicas *self,
                                          JsonArray     *array);

G_END_DECLS
