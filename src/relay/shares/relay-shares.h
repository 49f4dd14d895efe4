/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-fanout.h"
#include "relay-share-asker.h"

#include "cpm-session.h"

G_BEGIN_DECLS

/**
 * RelayShares:
 *
 * The owner of the shares of this home's people: asks the rights, drives each #CpmSession by what
 * people say and by the clock, does what the sessions want done, and opens and closes the media. Of
 * shares that other homes own, it has replicas for those of its people who are asked to see them.
 */
#define RELAY_TYPE_SHARES (relay_shares_get_type ())
G_DECLARE_FINAL_TYPE (RelayShares, relay_shares, RELAY, SHARES, GObject)

RelayShares *relay_shares_new       (RelayContext *context,
                                     RelayFanout  *media);

/* This home speaks with others from now on: RelayContext.homes is there. */
void         relay_shares_federate  (RelayShares *self);

/* The verbs of docs/protocol.md. On success the request is acknowledged, now or later, or refused
 * later; then everybody is told what came of it. Of shares that another home owns, it is asked. */
gboolean     relay_shares_invite    (RelayShares  *self,
                                     RelayPeer    *peer,
                                     CpmMessage   *request,
                                     GError      **error);
gboolean     relay_shares_say       (RelayShares            *self,
                                     const RelayShareAsker  *asker,
                                     CpmSessionVerb          verb,
                                     GError                **error);
gboolean     relay_shares_switch    (RelayShares            *self,
                                     const RelayShareAsker  *asker,
                                     GError                **error);
gboolean     relay_shares_sync      (RelayShares            *self,
                                     const RelayShareAsker  *asker,
                                     GError                **error);
void         relay_shares_keyframe  (RelayShares            *self,
                                     const RelayShareAsker  *asker);

/* Whether the share @id is of this home. */
gboolean     relay_shares_owns      (RelayShares *self,
                                     const char  *id);

/* A reaction, a pointer, or how far a film is: passed on to all others, and answered by nobody. */
void         relay_shares_pass      (RelayShares            *self,
                                     const RelayShareAsker  *asker);

/* What the sharer allows viewers; and a viewer wants to watch with another player: answered by
 * `share.watching`. */
gboolean     relay_shares_allow     (RelayShares            *self,
                                     const RelayShareAsker  *asker,
                                     GError                **error);
gboolean     relay_shares_watch     (RelayShares            *self,
                                     const RelayShareAsker  *asker,
                                     GError                **error);

/* A viewer would like to share, and is passed on to the sharer. */
gboolean     relay_shares_request   (RelayShares            *self,
                                     const RelayShareAsker  *asker,
                                     GError                **error);

/* What time it is by the clock of the share. */
gboolean     relay_shares_clock     (RelayShares            *self,
                                     const RelayShareAsker  *asker,
                                     GError                **error);

/* How a viewer sees it. Not answered, whatever becomes of it. */
void         relay_shares_report    (RelayShares            *self,
                                     const RelayShareAsker  *asker);

/* Another home says something to one of ours who watches a share of its. */
gboolean     relay_shares_pass_down (RelayShares  *self,
                                     CpmMessage   *message,
                                     GError      **error);

/* Another home says how a share of its stands that one of ours is asked to see. */
gboolean     relay_shares_take_state (RelayShares   *self,
                                      RelayVisitor  *visitor,
                                      CpmMessage    *message,
                                      GError       **error);

/* Another home asks whether one of ours could be shown something else. */
gboolean     relay_shares_may_show  (RelayShares   *self,
                                     RelayVisitor  *visitor,
                                     CpmMessage    *message,
                                     GError       **error);

/* @peer has signed in: tells it the live shares of its person. */
void         relay_shares_resume    (RelayShares *self,
                                     RelayPeer   *peer);

/* The connection of this device is gone. */
void         relay_shares_lose      (RelayShares *self,
                                     const char  *user,
                                     const char  *device);

/* This device is not of @user any more: it leaves what it looks at, and what it shows ends. */
void         relay_shares_end_device (RelayShares *self,
                                      const char  *user,
                                      const char  *device);

/* The media of @who (the sharer, or a viewer) flow. */
void         relay_shares_media_up  (RelayShares *self,
                                     const char  *share,
                                     const char  *who);

/* @user has blocked @who, a person or a domain: ends what runs between them, as if @user had
 * gone. */
void         relay_shares_part      (RelayShares *self,
                                     const char  *user,
                                     const char  *who);

/* Who is in @group may have changed: what is shown to its people ends for those who are not in it
 * any more. */
void         relay_shares_gather     (RelayShares *self,
                                      const char  *group);

/* What the operator blocks may have changed: ends what runs with those who are blocked now. */
void         relay_shares_look_after (RelayShares *self);

/* Ends all. */
void         relay_shares_shut_down (RelayShares *self);

/* The live ones, also of other homes, for `admin sessions`: their snapshots. (transfer full) */
JsonArray   *relay_shares_to_json   (RelayShares *self);

G_END_DECLS
