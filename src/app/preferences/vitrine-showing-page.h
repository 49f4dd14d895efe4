/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineShowingPage:
 *
 * How things are shown to others, in the preferences.
 */
#define VITRINE_TYPE_SHOWING_PAGE (vitrine_showing_page_get_type ())
G_DECLARE_FINAL_TYPE (VitrineShowingPage, vitrine_showing_page, VITRINE, SHOWING_PAGE, AdwBin)

G_END_DECLS
