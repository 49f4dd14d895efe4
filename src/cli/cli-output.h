/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Writes one object as a line on stdout, at once. Takes @object. */
void        cli_output_write     (JsonObject *object);

/* {"event": @event}, to be filled. (transfer full) */
JsonObject *cli_output_new_event (const char *event);

/* Leaves the member out for %NULL. */
void        cli_output_set       (JsonObject *object,
                                  const char *member,
                                  const char *value);

/* code, status and text of @error. */
void        cli_output_set_error (JsonObject   *object,
                                  const GError *error);

G_END_DECLS
