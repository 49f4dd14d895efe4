/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town-time.h"

G_BEGIN_DECLS

/**
 * TownLog:
 *
 * What happened, line by line: the newest lines are kept, and a sum over all of them tells whether
 * two runs were the same. The first thing that was wrong stays.
 */
typedef struct _TownLog TownLog;

/* With @verbose each line is printed, as a TAP comment. @time lives longer. */
TownLog    *town_log_new      (TownTime *time,
                               gboolean  verbose);
void        town_log_free     (TownLog *self);

void        town_log          (TownLog    *self,
                               const char *format,
                               ...) G_GNUC_PRINTF (2, 3);

/* Counts in the sum, but is too long for a line. */
void        town_log_mix      (TownLog    *self,
                               const char *text);

/* Something is wrong that may never be: the sentence, for people. Only the first counts. */
void        town_log_blame    (TownLog    *self,
                               const char *format,
                               ...) G_GNUC_PRINTF (2, 3);

/* (nullable): what was wrong. */
const char *town_log_get_blame (TownLog *self);
uint64_t    town_log_get_sum   (TownLog *self);
unsigned    town_log_get_n_lines (TownLog *self);

/* Prints the newest lines. */
void        town_log_print    (TownLog *self);

G_END_DECLS
