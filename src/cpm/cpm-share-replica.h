/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-session.h"

G_BEGIN_DECLS

/**
 * CpmReplicaState:
 *
 * What a viewer's home has told the viewer's devices of a share of another home.
 */
typedef enum
{
  CPM_REPLICA_NEW,     /* nothing: the owner has not said anything yet */
  CPM_REPLICA_REFUSED, /* nothing more, and the owner was told why */
  CPM_REPLICA_LIVE,    /* all that the owner says */
  CPM_REPLICA_ENDED    /* its end; final */
} CpmReplicaState;

/**
 * CpmReplicaActionType:
 *
 * What the viewer's home has to do after an event.
 */
typedef enum
{
  /* send the snapshot to the devices; `media` only to the one that takes part */
  CPM_REPLICA_TELL,
  CPM_REPLICA_REFUSE,      /* say `error` to the owner */
  CPM_REPLICA_TAKEN,       /* tell all devices but `device` that it has answered */
  CPM_REPLICA_SAY_LOST,    /* tell the owner that the connection of `device` is lost */
  CPM_REPLICA_SAY_RESUMED, /* ... is there again */
  /* tell the owner once more that the viewer has gone, whom a late word has brought back by
   * `device` */
  CPM_REPLICA_SAY_LEAVE,
  CPM_REPLICA_SYNC         /* ask the owner for the snapshot; see cpm_share_replica_synced() */
} CpmReplicaActionType;

typedef struct
{
  CpmReplicaActionType type;
  char *device;  /* (nullable) */
  GError *error; /* (nullable) */
} CpmReplicaAction;

void cpm_replica_action_free (CpmReplicaAction *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CpmReplicaAction, cpm_replica_action_free)

/**
 * CpmShareReplica:
 *
 * A share that another home owns, as the home of one of its viewers knows it, with what it decides
 * for that viewer: whether it rings, which device has answered first, and when the owner has to be
 * taken for gone. Without I/O and without a clock, like #CpmSession. Whatever it believes, the
 * owner has the last word.
 */
#define CPM_TYPE_SHARE_REPLICA (cpm_share_replica_get_type ())
G_DECLARE_FINAL_TYPE (CpmShareReplica, cpm_share_replica, CPM, SHARE_REPLICA, GObject)

/* How often the owner is asked whether what we know still holds, and how long it may stay
 * silent. */
#define CPM_REPLICA_CHECK_US (30 * G_USEC_PER_SEC)
#define CPM_REPLICA_SILENCE_US (2 * CPM_SESSION_GRACE_US)

CpmShareReplica *cpm_share_replica_new         (const char *viewer,
                                                int64_t     now_us);

/* To try on it what would happen. (transfer full) */
CpmShareReplica *cpm_share_replica_copy        (CpmShareReplica *self);

/* The owner said @snapshot. @refusal (nullable) is what this home has against showing it to the
 * viewer now, and @is_here whether the device that takes part according to it is connected. When a
 * viewer who takes part gets to see, unasked, what this home refuses, it has ended. Returns %FALSE
 * with %CPM_ERROR_NOT_FOUND when it does not concern the viewer, and %CPM_ERROR_CONFLICT when it is
 * of another sharer than before. An older snapshot changes nothing. */
gboolean         cpm_share_replica_take_state  (CpmShareReplica *self,
                                                CpmSession      *snapshot,
                                                const GError    *refusal,
                                                gboolean         is_here,
                                                int64_t          now_us,
                                                GPtrArray       *actions,
                                                GError         **error);

/* A @device of the viewer says @verb. Returns %TRUE when the owner is to be asked (*@out_asks) or
 * it is no news; the answer is to be told to cpm_share_replica_answered(). Else %CPM_ERROR_CONFLICT
 * (another device was first), _NOT_FOUND, or _BAD_STATE (it has ended). */
gboolean         cpm_share_replica_say         (CpmShareReplica *self,
                                                CpmSessionVerb   verb,
                                                const char      *device,
                                                gboolean        *out_asks,
                                                GPtrArray       *actions,
                                                GError         **error);

/* The owner's answer, or that there was none: @error (nullable). */
void             cpm_share_replica_answered    (CpmShareReplica *self,
                                                CpmSessionVerb   verb,
                                                const char      *device,
                                                const GError    *error,
                                                GPtrArray       *actions);

/* The connection of @device is lost, or there again. */
void             cpm_share_replica_device_lost    (CpmShareReplica *self,
                                                   const char      *device,
                                                   GPtrArray       *actions);
void             cpm_share_replica_device_resumed (CpmShareReplica *self,
                                                   const char      *device,
                                                   GPtrArray       *actions);

/* The way to the owner is there again, or it is time: see cpm_share_replica_get_deadline_us(). */
void             cpm_share_replica_check       (CpmShareReplica *self,
                                                int64_t          now_us,
                                                GPtrArray       *actions);

/* What came of %CPM_REPLICA_SYNC. An owner that does not know the share any more was restarted. */
void             cpm_share_replica_synced      (CpmShareReplica *self,
                                                const GError    *error,
                                                int64_t          now_us,
                                                GPtrArray       *actions);

/* When cpm_share_replica_check() is to be called next, or 0. */
int64_t          cpm_share_replica_get_deadline_us (CpmShareReplica *self);

CpmReplicaState  cpm_share_replica_get_state   (CpmShareReplica *self);
const char      *cpm_share_replica_get_viewer  (CpmShareReplica *self);
/* (nullable): what the owner said last */
CpmSession      *cpm_share_replica_get_session (CpmShareReplica *self);

/* Whether @device takes part, so that the media are for it. */
gboolean         cpm_share_replica_is_carried_by (CpmShareReplica *self,
                                                  const char      *device);

/* The device that has answered, while the owner has not. (nullable) */
const char      *cpm_share_replica_get_claim   (CpmShareReplica *self);

G_END_DECLS
