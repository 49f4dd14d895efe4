/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Says a row of what was measured, as a line of JSON on the standard output: {"table": …, "row": …,
 * KEY: VALUE, …}. Pairs of a key and a double follow, and NULL. report.py knows the tables. Names
 * are plain words. */
void bench_row (const char *table,
                const char *row,
                ...) G_GNUC_NULL_TERMINATED;

/* The CPU time of this process and those that it has started, so far, in seconds. */
double bench_cpu_s (void);

/* Sorts @values (double). */
double bench_quantile (GArray *values,
                       double  q);

G_END_DECLS
