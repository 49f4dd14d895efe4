/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-message.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineRequestCard:
 *
 * A request for a photograph, and what became of it. An open one from somebody else can be
 * answered: by actions of the page around it, "conversation.take-photo",
 * "conversation.choose-photo" and "conversation.refuse-photo", each with the request's id.
 */
#define VITRINE_TYPE_REQUEST_CARD (vitrine_request_card_get_type ())
G_DECLARE_FINAL_TYPE (VitrineRequestCard, vitrine_request_card, VITRINE, REQUEST_CARD, GtkWidget)

/* @name: the other person's */
GtkWidget *vitrine_request_card_new (ClientMessage *message,
                                     const char    *name);

G_END_DECLS
