/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

#include "cpm-session.h"

G_BEGIN_DECLS

/**
 * RelayShare:
 *
 * One share of a person of this home: the session, and what only the owner knows of it: from which
 * device it is shown, the media's codec and everybody's credentials.
 */
#define RELAY_TYPE_SHARE (relay_share_get_type ())
G_DECLARE_FINAL_TYPE (RelayShare, relay_share, RELAY, SHARE, GObject)

RelayShare *relay_share_new          (CpmSession *session,
                                      const char *device);

CpmSession *relay_share_get_session  (RelayShare *self);
const char *relay_share_get_id       (RelayShare *self);
gboolean    relay_share_is_live      (RelayShare *self);

/* The sharer's device that shows; other devices of the sharer only look on. */
const char *relay_share_get_device   (RelayShare *self);

/* The credentials of @who for the media; made at the first time, then the same. */
const char *relay_share_ensure_token (RelayShare *self,
                                      const char *who,
                                      CpmClock   *clock);
gboolean    relay_share_has_token    (RelayShare *self,
                                      const char *who);
void        relay_share_drop_token   (RelayShare *self,
                                      const char *who);
void        relay_share_drop_tokens  (RelayShare *self);

/* The codec of the live pictures, settled when the media are opened, by what those can decode who
 * are in, and those who may still accept as far as that is known. */
void        relay_share_choose_codec (RelayShare  *self,
                                      RelayPeople *people);

/* Whether somebody is in who cannot decode it: then it is from now on, and for good, the one that
 * everybody can. That means new media connections for all. */
gboolean    relay_share_lower_codec  (RelayShare  *self,
                                      RelayPeople *people);

/* What the device of @who, of another home, can show, or before it has answered all of that
 * person's devices together. */
void        relay_share_note_capabilities (RelayShare   *self,
                                           const char   *who,
                                           CpmCapability capabilities);

/* Whether @peer is the connection through which its person takes part: by which the media go. */
gboolean    relay_share_is_carried_by (RelayShare *self,
                                       RelayPeer  *peer);

/* The share as @peer may see it, with its own credentials. (transfer full) */
CpmMessage *relay_share_to_message   (RelayShare   *self,
                                      RelayContext *context,
                                      RelayPeer    *peer);

/* The share for the home of @who, with the credentials of the device that takes part. The host of
 * the media is %RELAY_SHARE_ANY_HOST when we do not know it ourselves: that home puts in by which
 * it reaches us. @id (nullable) makes it a question. (transfer full) */
#define RELAY_SHARE_ANY_HOST "0.0.0.0"
CpmMessage *relay_share_to_home      (RelayShare   *self,
                                      RelayContext *context,
                                      const char   *who,
                                      const char   *id);

/* Where and how any player may watch as @name, which has a token: `url`, `user` and `token`.
 * (transfer full) */
JsonObject *relay_share_new_watching (RelayShare   *self,
                                      RelayContext *context,
                                      const char   *name,
                                      const char   *reached_by);

/* {"share": @id} (transfer full) */
JsonObject *relay_share_new_body     (const char *id);

G_END_DECLS
