/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-peer.h"

G_BEGIN_DECLS

/**
 * RelayPeople:
 *
 * Who is here: the signed-in connections of each person, and what their contacts get to know of it.
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

/* The contacts of @user have changed: tells its devices, and if @other and @user have each other now, each of the other. */
void           relay_people_contacts_changed (RelayPeople *self,
                                              const char  *user,
                                              const char  *other);

/* @user has blocked, or blocks no more, @who, a person or a domain: what they see of each other follows. */
void           relay_people_privacy_changed  (RelayPeople *self,
                                              const char  *user,
                                              const char  *who);

G_END_DECLS
