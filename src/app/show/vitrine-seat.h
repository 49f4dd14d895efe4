/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-share.h"
#include "vitrine-video-paintable.h"

G_BEGIN_DECLS

/**
 * VitrineSeat:
 * @paintable: the picture of the share
 * @began_us: monotonic; 0 while nobody has accepted
 * @n_pictures: of this share in the conversation, when what is shown now began
 *
 * What belongs to a share and not to the stage on which it happens to be seen: one may look at
 * another conversation meanwhile and come back. Kept by the share itself.
 */
typedef struct
{
  VitrineVideoPaintable *paintable;
  int64_t began_us;
  unsigned n_pictures;
} VitrineSeat;

/* The share's seat; with the first call the share is told where its picture goes. (transfer
 * none) */
VitrineSeat *vitrine_seat_of             (ClientShare *share);

/* Nobody comes back to a share that has ended, and its last picture is large. */
void         vitrine_seat_give_up        (ClientShare *share);

/* The pictures that were sent in the course of the share. */
unsigned     vitrine_seat_count_pictures (ClientShare *share);

G_END_DECLS
