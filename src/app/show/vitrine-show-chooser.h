/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineShowChooser:
 *
 * What can be shown to somebody, one button each, made anew whenever it opens. What the other
 * cannot see now is grey and says why. Asks for the file where one is needed.
 *
 * Signal: "chosen" (ClientShowable *what).
 */
#define VITRINE_TYPE_SHOW_CHOOSER (vitrine_show_chooser_get_type ())
G_DECLARE_FINAL_TYPE (VitrineShowChooser, vitrine_show_chooser, VITRINE, SHOW_CHOOSER, GtkPopover)

/* @device (nullable): a camera that was asked for on the command line and stands for all of them.
 * Once. */
void vitrine_show_chooser_set_client  (VitrineShowChooser *self,
                                       Client             *client,
                                       const char         *device);

/* @conversation (nullable): to whom */
void vitrine_show_chooser_set_conversation (VitrineShowChooser *self,
                                            ClientConversation *conversation);

/* @sharer (nullable): the name of whoever shows something now, and has to be asked first. */
void vitrine_show_chooser_set_sharer  (VitrineShowChooser *self,
                                       const char         *sharer);

/* What is shown now, to be marked; %NULL when nothing is. */
void vitrine_show_chooser_set_current (VitrineShowChooser *self,
                                       const CpmContent   *current);

G_END_DECLS
