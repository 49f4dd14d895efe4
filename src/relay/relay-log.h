/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The log of the relay: one JSON object per line on stderr, with "ts", "level" and "event", and the
 * ids that the event is about. Never a text that people wrote, a key or a token. */

/* Logs that @event happened; pairs of name and value (both strings, a %NULL value is left out)
 * follow, then %NULL. */
void             relay_log_event  (const char *event,
                                   ...) G_GNUC_NULL_TERMINATED;

/* A #GLogWriterFunc that writes everything GLib's log gets in that form. */
GLogWriterOutput relay_log_writer (GLogLevelFlags   level,
                                   const GLogField *fields,
                                   size_t           n_fields,
                                   gpointer         user_data);

G_END_DECLS
