/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-share.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineAudience:
 *
 * A popover with everybody of a share, and how it stands with each: who shows it, who watches, who
 * declined and why.
 */
#define VITRINE_TYPE_AUDIENCE (vitrine_audience_get_type ())
G_DECLARE_FINAL_TYPE (VitrineAudience, vitrine_audience, VITRINE, AUDIENCE, GtkPopover)

/* @share (nullable) */
void vitrine_audience_set_share (VitrineAudience *self,
                                 ClientShare     *share);

G_END_DECLS
