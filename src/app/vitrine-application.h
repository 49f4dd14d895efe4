/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineApplication:
 *
 * The program: its options, its one account (`Client`), its window, and the notifications for what
 * happens while nobody looks at it. With --home several run side by side, each with an account of
 * its own.
 */
#define VITRINE_TYPE_APPLICATION (vitrine_application_get_type ())
G_DECLARE_FINAL_TYPE (VitrineApplication, vitrine_application, VITRINE, APPLICATION, AdwApplication)

VitrineApplication *vitrine_application_new (void);

G_END_DECLS
