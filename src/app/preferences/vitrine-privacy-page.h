/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrinePrivacyPage:
 *
 * Who may write and show something to this person, and what; and who is blocked. It shows what the
 * home keeps: a switch goes back when the home says no.
 */
#define VITRINE_TYPE_PRIVACY_PAGE (vitrine_privacy_page_get_type ())
G_DECLARE_FINAL_TYPE (VitrinePrivacyPage, vitrine_privacy_page, VITRINE, PRIVACY_PAGE, AdwBin)

/* Once. */
void vitrine_privacy_page_set_client (VitrinePrivacyPage *self,
                                      Client             *client);

G_END_DECLS
