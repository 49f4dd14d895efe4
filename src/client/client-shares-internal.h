/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-share-private.h"
#include "client-shares.h"

G_BEGIN_DECLS

/* For the two files of ClientShares only: client-shares.c (the list, and what the relay says about
 * it) and client-shares-invite.c (what begins here). */

/* How long an invitation that claims to continue a share waits for that one's end. */
#define HOLD_US (3 * G_USEC_PER_SEC)

typedef struct
{
  ClientShares *shares;   /* owns this */
  CpmSession *session;
  JsonObject *media;      /* (nullable) */
  unsigned timeout_id;
} HeldInvitation;

struct _ClientShares
{
  GObject parent_instance;

  ClientWorld *world;
  GListStore *model;
  /* id -> CpmMessageType (as pointer): ended here while there was no connection */
  GHashTable *unsaid;
  GHashTable *held;        /* id -> HeldInvitation: not known yet whether it rings */
  /* id of the next -> ClientShare that ended so, and whose next one has not come yet */
  GHashTable *handed_over;
  unsigned grace_id;
};

/* A body that names a share. (transfer full) */
JsonObject *client_shares_new_body (const char   *share);

void        client_shares_add      (ClientShares *self,
                                    ClientShare  *share);

G_END_DECLS
