/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineSeriesBar:
 *
 * Pictures that follow one another: back, on, and how long each of them stands.
 *
 * Signals: "previous", "next"; "timer" (unsigned seconds): each stands for so long, 0: until
 * somebody goes on.
 */
#define VITRINE_TYPE_SERIES_BAR (vitrine_series_bar_get_type ())
G_DECLARE_FINAL_TYPE (VitrineSeriesBar, vitrine_series_bar, VITRINE, SERIES_BAR, GtkWidget)

/* The picture number @page (from 1; 0: none yet) of @n_pages. */
void vitrine_series_bar_set_page  (VitrineSeriesBar *self,
                                   unsigned          page,
                                   unsigned          n_pages);
void vitrine_series_bar_set_timer (VitrineSeriesBar *self,
                                   unsigned          seconds);

G_END_DECLS
