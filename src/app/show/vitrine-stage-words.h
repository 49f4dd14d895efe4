/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "vitrine-seat.h"

G_BEGIN_DECLS

/* What the stage says about the share that is on it. All strings are (transfer full). */

/* What is shown: a song's own title, as soon as that is known. */
char     *vitrine_stage_words_title   (ClientShare *share);

/* Below the title: "Emily: Watching" for the sharer, "shown by Alice" for a viewer. */
char     *vitrine_stage_words_people  (ClientShare *share);

/* "4 viewers, 3 ms apart", for the sharer; %NULL as long as there are not two who say how they see
 * it. */
char     *vitrine_stage_words_spread  (ClientShare *share);

/* How many of a group's viewers are hindered, for the sharer; %NULL when nobody is. @out_details:
 * who they are. */
char     *vitrine_stage_words_slow    (ClientShare  *share,
                                       char        **out_details);

/* What keeps this viewer from seeing it well, as far as that can be told; %NULL when nothing
 * does. */
char     *vitrine_stage_words_hindrance (ClientShare *share);

/* What is wrong; %NULL when nothing is. @gone (nullable): why what was shown cannot go on. */
char     *vitrine_stage_words_trouble (ClientShare       *share,
                                       const VitrineSeat *seat,
                                       const char        *gone);

/* What stands in the middle of a stage without a picture, a heading and a line below it; %NULL when
 * there is a picture. Returns whether something is on its way, so that it is worth to wait. */
gboolean  vitrine_stage_words_waiting (ClientShare        *share,
                                       const VitrineSeat  *seat,
                                       char              **out_heading,
                                       char              **out_details);

G_END_DECLS
