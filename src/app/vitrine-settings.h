/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * VitrineSettings:
 *
 * What this person has set in the app and the relay need not know. All objects see the same
 * settings; where the schema is not installed they are as at first, and forgotten.
 *
 * Signal: "changed".
 */
#define VITRINE_TYPE_SETTINGS (vitrine_settings_get_type ())
G_DECLARE_FINAL_TYPE (VitrineSettings, vitrine_settings, VITRINE, SETTINGS, GObject)

VitrineSettings *vitrine_settings_new           (void);

/* (nullable) (transfer none): for what is bound to a property. */
GSettings       *vitrine_settings_get_store     (VitrineSettings *self);

/* Whether what is shown fades into what comes next. */
gboolean         vitrine_settings_get_crossfade (VitrineSettings *self);
void             vitrine_settings_set_crossfade (VitrineSettings *self,
                                                 gboolean         crossfade);

/* How large the pictures of a share are, and how many there are in a second: 360, 480, 720 or 1080
 * lines, 30 or 60 frames; 0: as suits what is shown. */
int              vitrine_settings_get_lines     (VitrineSettings *self);
void             vitrine_settings_set_lines     (VitrineSettings *self,
                                                 int              lines);
int              vitrine_settings_get_frames    (VitrineSettings *self);
void             vitrine_settings_set_frames    (VitrineSettings *self,
                                                 int              frames);

/* Whether the person who shows something sees it when the others see it. */
gboolean         vitrine_settings_get_preview_delayed (VitrineSettings *self);
void             vitrine_settings_set_preview_delayed (VitrineSettings *self,
                                                       gboolean         delayed);

G_END_DECLS
