/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-peer.h"

G_BEGIN_DECLS

/**
 * RelayPeople:
 *
 * Who is here: the signed-in connections of each person, and what their contacts get to know of it;
 * and who is online at other homes, as these say.
 *
 * Signals, for those who tell other homes: "presence-changed" (const char *user): of one of ours;
 * "pair-changed" (user, other): what user, one of ours, and other, of another home, see of each
 * other may have changed.
 *
 * Life: owned by the #RelayServer; it holds each signed-in #RelayPeer until its connection has
 * gone. Main thread.
 */
#define RELAY_TYPE_PEOPLE (relay_people_get_type ())
G_DECLARE_FINAL_TYPE (RelayPeople, relay_people, RELAY, PEOPLE, GObject)

RelayPeople   *relay_people_new              (RelayStore *store);

/* A signed-in peer comes or goes; its contacts are told when that changes what they know. */
void           relay_people_add              (RelayPeople *self,
                                              RelayPeer   *peer);
void           relay_people_remove           (RelayPeople *self,
                                              RelayPeer   *peer);

RelayPeer     *relay_people_find             (RelayPeople *self,
                                              const char  *user,
                                              const char  *device); /* (nullable) */
/* Also of people of other homes. */
gboolean       relay_people_is_online        (RelayPeople *self,
                                              const char  *user);
unsigned       relay_people_get_n_peers      (RelayPeople *self);

/* What the person's devices can do together. */
CpmCapability  relay_people_get_capabilities (RelayPeople *self,
                                              const char  *user);

/* All peers of @user, or of everybody when it is %NULL. (transfer container: each is referenced) */
GPtrArray     *relay_people_list             (RelayPeople *self,
                                              const char  *user);

/* Sends to all devices of @user, but not to @but (nullable). */
void           relay_people_send             (RelayPeople *self,
                                              const char  *user,
                                              RelayPeer   *but,
                                              CpmMessage  *message);

/* `contact.list` for @peer, and `presence` of all whom it may know. */
void           relay_people_tell_all         (RelayPeople *self,
                                              RelayPeer   *peer);

/* The contacts of @user have changed: tells its devices, and if @other and @user have each other
 * now, each of the other. */
void           relay_people_contacts_changed (RelayPeople *self,
                                              const char  *user,
                                              const char  *other);

/* @user has blocked, or blocks no more, @who, a person or a domain: what they see of each other
 * follows. */
void           relay_people_privacy_changed  (RelayPeople *self,
                                              const char  *user,
                                              const char  *who);

/* @user's wish about all people of other homes has changed. */
void           relay_people_remote_changed   (RelayPeople *self,
                                              const char  *user);

/* The home of @who says whether that person is online, for @watcher, one of ours; it matters when
 * @watcher has @who as a contact. */
void           relay_people_set_remote       (RelayPeople   *self,
                                              const char    *who,
                                              const char    *watcher,
                                              gboolean       online,
                                              CpmCapability  capabilities);

/* Whether @user, one of ours, has @other as a contact. */
gboolean       relay_people_has_contact      (RelayPeople *self,
                                              const char  *user,
                                              const char  *other);

/* That home begins to tell anew; what it does not say again, or (not @only_doubted) all that it
 * said, is not believed any more. */
void           relay_people_doubt_home       (RelayPeople *self,
                                              const char  *domain);
void           relay_people_forget_home      (RelayPeople *self,
                                              const char  *domain,
                                              gboolean     only_doubted);

/* `presence` of @user, one of ours, as @watcher may see it. (transfer full) */
CpmMessage    *relay_people_new_presence     (RelayPeople *self,
                                              const char  *user,
                                              const char  *watcher,
                                              gboolean     ask);

G_END_DECLS
