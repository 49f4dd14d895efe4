/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-share.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineInvitationCard:
 *
 * Somebody wants to show something: it rings over everything until it is answered or has passed.
 * Yes and no go to the client; errors to "win.toast".
 *
 * Signals: "accepting" (ClientShare *share): the person said yes: make the stage ready, for it
 * begins now; "failed": that did not work; "gone": there is nothing to ask any more.
 */
#define VITRINE_TYPE_INVITATION_CARD (vitrine_invitation_card_get_type ())
G_DECLARE_FINAL_TYPE (VitrineInvitationCard, vitrine_invitation_card,
                      VITRINE, INVITATION_CARD, GtkWidget)

/* @share (nullable) */
void         vitrine_invitation_card_set_share (VitrineInvitationCard *self,
                                                ClientShare           *share);
ClientShare *vitrine_invitation_card_get_share (VitrineInvitationCard *self);

/* What the buttons do; also for the buttons of a notification. */
void         vitrine_invitation_card_accept    (VitrineInvitationCard *self);
void         vitrine_invitation_card_decline   (VitrineInvitationCard *self,
                                                CpmReason              reason,
                                                const char            *text);

G_END_DECLS
