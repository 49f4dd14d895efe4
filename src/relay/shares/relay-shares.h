/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-fanout.h"

#include "cpm-session.h"

G_BEGIN_DECLS

/**
 * RelayShares:
 *
 * The owner of the shares of this home's people: asks the rights, drives each #CpmSession by what people say and by the
 * clock, does what the sessions want done, and opens and closes the media.
 */
#define RELAY_TYPE_SHARES (relay_shares_get_type ())
G_DECLARE_FINAL_TYPE (RelayShares, relay_shares, RELAY, SHARES, GObject)

RelayShares *relay_shares_new       (RelayContext *context,
                                     RelayFanout  *media);

/* The verbs of docs/protocol.md, said by @peer. On success the request is to be acknowledged by relay_shares_answer(), which also
 * tells everybody what came of it: in that order. */
gboolean     relay_shares_invite    (RelayShares  *self,
                                     RelayPeer    *peer,
                                     CpmMessage   *request,
                                     GError      **error);
gboolean     relay_shares_say       (RelayShares     *self,
                                     RelayPeer       *peer,
                                     CpmMessage      *request,
                                     CpmSessionVerb   verb,
                                     GError         **error);
gboolean     relay_shares_switch    (RelayShares  *self,
                                     RelayPeer    *peer,
                                     CpmMessage   *request,
                                     GError      **error);
gboolean     relay_shares_sync      (RelayShares  *self,
                                     RelayPeer    *peer,
                                     CpmMessage   *request,
                                     GError      **error);
void         relay_shares_keyframe  (RelayShares *self,
                                     RelayPeer   *peer,
                                     const char  *share);

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

/* @user has blocked @who, a person or a domain: ends what runs between them, as if @user had gone. */
void         relay_shares_part      (RelayShares *self,
                                     const char  *user,
                                     const char  *who);

/* What the operator blocks may have changed: ends what runs with those who are blocked now. */
void         relay_shares_look_after (RelayShares *self);

/* Ends all. */
void         relay_shares_shut_down (RelayShares *self);

/* The live ones, for `admin sessions`: their snapshots. (transfer full) */
JsonArray   *relay_shares_to_json   (RelayShares *self);

G_END_DECLS
