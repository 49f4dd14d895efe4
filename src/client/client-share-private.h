/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-share.h"
#include "client-world.h"
#include "media-canvas.h"

G_BEGIN_DECLS

/* How ClientShares makes shares and tells them what happens. */

/* A share that was announced by the relay. */
ClientShare *client_share_new             (ClientWorld          *world,
                                           ClientConversation   *conversation,
                                           CpmSession           *session);

/* One that this person begins: @session is our own idea of it until the relay's first word. @size:
 * of @showable, as far as it is known. */
ClientShare *client_share_new_outgoing    (ClientWorld          *world,
                                           ClientConversation   *conversation,
                                           CpmSession           *session,
                                           const ClientShowable *showable,
                                           const MediaCanvas    *size);

/* The first time, for a share that is in the list now: @media (nullable) as in
 * client_share_take_state(). */
void         client_share_follow          (ClientShare *self,
                                           JsonObject  *media);

/* A `share.state`; older ones are dropped. @media is (nullable). */
void         client_share_take_state      (ClientShare *self,
                                           CpmSession  *session,
                                           JsonObject  *media);

/* Another device of this person answered; @device_name is (nullable). */
void         client_share_take_elsewhere  (ClientShare *self,
                                           const char  *device_name);

/* The viewer @who asks for the turn. */
void         client_share_take_request    (ClientShare *self,
                                           const char  *who);

/* What this person asked for the turn for. (nullable) */
const ClientShowable *client_share_get_wish (ClientShare *self);

/* Whether this device takes part: shows, or has accepted. */
gboolean     client_share_is_here         (ClientShare *self);

/* The relay asks for a key frame. */
void         client_share_take_keyframe   (ClientShare *self);

/* A picture of this share may have come. */
void         client_share_update_still    (ClientShare *self);

/* A `share.reaction`, `.pointer`, `.progress` or `.pace`. */
void         client_share_take_seen       (ClientShare *self,
                                           CpmMessage  *message);

/* The relay cannot tell us any more how it ended. */
void         client_share_end             (ClientShare *self,
                                           CpmReason    reason);

/* What this person said while there was no connection: %CPM_MESSAGE_SHARE_STOP, _LEAVE or _CANCEL;
 * or 0. */
CpmMessageType client_share_get_unsaid    (ClientShare *self);

G_END_DECLS
