/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-replicas.h"
#include "relay-share.h"
#include "relay-shares.h"
#include "relay-throttle.h"

G_BEGIN_DECLS

/* For the files of this room only: relay-shares.c (the table of shares, their timers, and what the
 * sessions want done), -invite.c, -switch.c and -verbs.c (what people say), -tell.c (what people
 * are told), -homes.c (other homes whose people look on), -media.c, -clock.c (the time of the
 * shares) and -pace.c (how fast and how late they are shown). */
struct _RelayShares
{
  GObject parent_instance;

  RelayContext *context; /* (unowned): it owns us */
  RelayFanout *media;    /* (nullable) */
  GHashTable *entries;   /* id of the share → RelayShareEntry */
  RelayThrottle *invites;
  RelayThrottle *requests; /* to share, and to watch with another player */
  RelayThrottle *reactions;
  RelayThrottle *pointers;
  RelayThrottle *progresses;
  RelayThrottle *clocks;   /* asking for the time */
  RelayThrottle *reports;  /* of viewers */
  GHashTable *lost_homes; /* domain → RelayLostHome */
  RelayReplicas *replicas;
};

/* What is made of the viewers' reports. */
typedef struct _RelaySharePace RelaySharePace;

/* A share and the time that it waits for. */
typedef struct
{
  RelayShares *shares; /* (unowned) */
  RelayShare *share;
  GHashTable *playing; /* set of viewers who PLAY */
  unsigned timeout;
  int64_t keyframe_us;
  gboolean is_switching; /* other homes are being asked */
  GHashTable *untold;    /* set of viewers of other homes who do not know of the end */
  RelaySharePace *pace;  /* (nullable): while media flow, from the first report on */
} RelayShareEntry;

RelayShareEntry *relay_shares_add_entry      (RelayShares *self,
                                              CpmSession  *session,
                                              const char  *device);
RelayShareEntry *relay_shares_find_entry     (RelayShares  *self,
                                              const char   *id,
                                              GError      **error);
void             relay_shares_update_timeout (RelayShareEntry *entry);

/* The live shares of @user, or all, so that what is done to one may change the table. (transfer
 * full) */
GPtrArray       *relay_shares_list_live      (RelayShares *self,
                                              const char  *user);

/* Advances the session and does what it wants done. @asker (nullable) is acknowledged first. */
gboolean         relay_shares_apply          (RelayShareEntry        *entry,
                                              const CpmSessionEvent  *event,
                                              const RelayShareAsker  *asker,
                                              GError                **error);

/* What the home itself says; that it may come at a wrong moment is no fault of anybody. */
void             relay_shares_apply_quietly  (RelayShareEntry *entry,
                                              CpmSessionVerb   verb,
                                              const char      *who);

/* Was asked, or is in. */
gboolean         relay_shares_takes_part     (const CpmMember *member);

void             relay_shares_tell_one       (RelayShares *self,
                                              RelayShare  *share,
                                              const char  *who);

/* The invitation. */
void             relay_shares_ring           (RelayShares *self,
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

/* Whether @who is of this home. */
gboolean         relay_shares_is_ours        (RelayShares *self,
                                              const char  *who);

/* Of a viewer of another home: asks that home whether it may ring, and refuses the viewer if not,
 * or when there is no answer. */
void             relay_shares_ring_home      (RelayShares *self,
                                              RelayShare  *share,
                                              const char  *who);
void             relay_shares_tell_home      (RelayShares *self,
                                              RelayShare  *share,
                                              const char  *who);

/* A message about @share for somebody of another home, from @from. (transfer full) */
CpmMessage      *relay_shares_new_message    (RelayShares    *self,
                                              CpmMessageType  type,
                                              const char     *from,
                                              const char     *to,
                                              JsonObject     *body);

/* Asks the home of @who, which is another one, whether that viewer could be shown @content in
 * @session now. Finished by relay_homes_request_finish(), within 3 s. */
void             relay_shares_ask_home_async (RelayShares         *self,
                                              CpmSession          *session,
                                              const char          *who,
                                              const CpmContent    *content,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);

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

/* After an event, before it is told: when somebody has come who cannot decode what is sent, all
 * begin anew with what everybody can. */
void             relay_shares_settle_codec   (RelayShareEntry *entry);

/* Of -pass.c: what it keeps. */
void             relay_shares_pass_init      (RelayShares *self);
void             relay_shares_pass_clear     (RelayShares *self);

/* The other players of @who, if there are any, see nothing more. */
void             relay_shares_end_watch      (RelayShares *self,
                                              RelayShare  *share,
                                              const char  *who);

void             relay_shares_catch_up_with_media (RelayShareEntry *entry);

/* (transfer full) */
RelayThrottle   *relay_shares_new_clock_throttle (CpmClock *clock);

/* Whether @asker takes part by the device that speaks. */
gboolean         relay_shares_is_carried_by (RelayShare            *share,
                                             const RelayShareAsker *asker);

/* (transfer full) */
RelayThrottle   *relay_shares_new_report_throttle (CpmClock *clock);
void             relay_share_pace_free           (RelaySharePace *self);

/* @who does not look on any more, or begins anew: nothing that was reported counts. */
void             relay_shares_forget_viewer      (RelayShareEntry *entry,
                                                  const char      *who);

/* Passes the wish on to the sharer's device, at most five times a second. */
void             relay_shares_ask_for_keyframe (RelayShares *self,
                                                const char  *id);

G_END_DECLS
