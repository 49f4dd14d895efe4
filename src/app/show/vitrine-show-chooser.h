/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-share.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineShowChooser:
 *
 * What can be shown to somebody, one button each, made anew whenever it opens. What the other cannot see now is grey and says why. Asks for
 * the file where one is needed.
 *
 * Signal: "chosen" (ClientShowable *what).
 */
#define VITRINE_TYPE_SHOW_CHOOSER (vitrine_show_chooser_get_type ())
G_DECLARE_FINAL_TYPE (VitrineShowChooser, vitrine_show_chooser, VITRINE, SHOW_CHOOSER, GtkPopover)

/* @peer (nullable): to whom */
void vitrine_show_chooser_set_peer    (VitrineShowChooser *self,
                                       ClientContact      *peer);

/* @cameras: of MediaDevice; @device (nullable): a camera that was asked for on the command line and stands for all of them. */
void vitrine_show_chooser_set_cameras (VitrineShowChooser *self,
                                       GListModel         *cameras,
                                       const char         *device);

/* What is shown now, to be marked; %NULL when nothing is. */
void vitrine_show_chooser_set_current (VitrineShowChooser *self,
                                       const CpmContent   *current);

G_END_DECLS
