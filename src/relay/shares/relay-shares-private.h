/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-share.h"
#include "relay-shares.h"
#include "relay-throttle.h"

G_BEGIN_DECLS

/* For the files of this room only: relay-shares.c (the table of shares, their timers, and what the sessions want done), -invite.c and
 * -verbs.c (what people say), -tell.c (what people are told) and -media.c. */
struct _RelayShares
{
  GObject parent_instance;

  RelayContext *context; /* (unowned): it owns us */
  RelayFanout *media;    /* (nullable) */
  GHashTable *entries;   /* id of the share → RelayShareEntry */
  RelayThrottle *invites;
};

/* A share and the time that it waits for. */
typedef struct
{
  RelayShares *shares; /* (unowned) */
  RelayShare *share;
  GHashTable *playing; /* set of viewers who PLAY */
  unsigned timeout;
  int64_t keyframe_us;
} RelayShareEntry;

RelayShareEntry *relay_shares_add_entry      (RelayShares *self,
                                              CpmSession  *session,
                                              const char  *device);
RelayShareEntry *relay_shares_find_entry     (RelayShares  *self,
                                              const char   *id,
                                              GError      **error);
void             relay_shares_update_timeout (RelayShareEntry *entry);

/* The live shares of @user, or all, so that what is done to one may change the table. (transfer full) */
GPtrArray       *relay_shares_list_live      (RelayShares *self,
                                              const char  *user);

/* Advances the session and does what it wants done. With @peer and @request that request is acknowledged first. */
gboolean         relay_shares_apply          (RelayShareEntry        *entry,
                                              const CpmSessionEvent  *event,
                                              RelayPeer              *peer,
                                              CpmMessage             *request,
                                              GError                **error);

/* What the home itself says; that it may come at a wrong moment is no fault of anybody. */
void             relay_shares_apply_quietly  (RelayShareEntry *entry,
                                              CpmSessionVerb   verb,
                                              const char      *who);

gboolean         relay_shares_is_waiting     (const CpmMember *member);
gboolean         relay_shares_takes_part     (const CpmMember *member);

void             relay_shares_tell_one       (RelayShares *self,
                                              RelayShare  *share,
                                              const char  *who);

/* Everybody who takes part, and whom the event took out of it: @before are those who did before. */
void             relay_shares_tell           (RelayShares *self,
                                              RelayShare  *share,
                                              GHashTable  *before);
void             relay_shares_tell_taken     (RelayShares *self,
                                              RelayShare  *share,
                                              RelayPeer   *peer);
void             relay_shares_note_missed    (RelayShares *self,
                                              RelayShare  *share,
                                              const char  *who);

void             relay_shares_follow_media   (RelayShares *self);
void             relay_shares_open_media     (RelayShares *self,
                                              RelayShare  *share);
void             relay_shares_admit          (RelayShares *self,
                                              RelayShare  *share,
                                              const char  *who);
void             relay_shares_expel          (RelayShares *self,
                                              RelayShare  *share,
                                              const char  *who);
void             relay_shares_close_media    (RelayShares *self,
                                              RelayShare  *share);

void             relay_shares_catch_up_with_media (RelayShareEntry *entry);

/* Passes the wish on to the sharer's device, at most five times a second. */
void             relay_shares_ask_for_keyframe (RelayShares *self,
                                                const char  *id);

G_END_DECLS
