/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-clock.h"

G_BEGIN_DECLS

/**
 * ClientSeries:
 *
 * Pictures that follow one another, again and again: by hand, and by a timer that begins anew with
 * each of them. Main thread; what is to be shown is told to the function, the first one excepted.
 */
typedef struct _ClientSeries ClientSeries;

typedef void (*ClientSeriesFunc) (const char *path,
                                  gpointer    user_data);

/* @paths is not empty. @seconds: how long each stands; 0: until somebody goes on. */
ClientSeries *client_series_new         (CpmClock           *clock,
                                         const char * const *paths,
                                         unsigned            seconds,
                                         ClientSeriesFunc    show,
                                         gpointer            user_data);
void          client_series_free        (ClientSeries       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientSeries, client_series_free)

/* 1 for the next one, -1 for the one before. */
void          client_series_step        (ClientSeries       *self,
                                         int                 by);
/* What would be shown then. (transfer none) */
const char   *client_series_peek        (const ClientSeries *self,
                                         int                 by);
void          client_series_set_timer   (ClientSeries       *self,
                                         unsigned            seconds);
unsigned      client_series_get_timer   (const ClientSeries *self);
unsigned      client_series_get_page    (const ClientSeries *self); /* from 1 on */
unsigned      client_series_get_n_pages (const ClientSeries *self);

G_END_DECLS
