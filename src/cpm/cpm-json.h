/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-error.h"

#include <json-glib/json-glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/* The only door for JSON from outside. json-glib 1.6 crashes on deep nesting
 * and leaks when a text has several roots, so the text is scanned first. */

#define CPM_JSON_MAX_DEPTH 32
#define CPM_JSON_MAX_BYTES (64 * 1024)

/* Checks @text without building anything: size, UTF-8, no NUL, nesting, one root
 * value that is an object and nothing after it. Sets %CPM_ERROR_TOO_BIG or
 * %CPM_ERROR_BAD_JSON. */
gboolean    cpm_json_scan         (const char  *text,
                                   size_t       length,
                                   size_t       max_bytes,
                                   GError     **error);

/* Scans and parses @text, which need not end with NUL. (transfer full) */
JsonObject *cpm_json_parse        (const char  *text,
                                   size_t       length,
                                   size_t       max_bytes,
                                   GError     **error);

/* One line, no white space. (transfer full) */
char       *cpm_json_to_text      (JsonObject *object);

/* The member, or @fallback when it is missing or of another type: these never
 * warn and never abort, whatever the peer sent. */
const char *cpm_json_get_string   (JsonObject *object,
                                   const char *member,
                                   const char *fallback);
int64_t     cpm_json_get_int      (JsonObject *object,
                                   const char *member,
                                   int64_t     fallback);
double      cpm_json_get_double   (JsonObject *object,
                                   const char *member,
                                   double      fallback);
gboolean    cpm_json_get_boolean  (JsonObject *object,
                                   const char *member,
                                   gboolean    fallback);
JsonObject *cpm_json_get_object   (JsonObject *object,
                                   const char *member); /* (transfer none) (nullable) */
JsonArray  *cpm_json_get_array    (JsonObject *object,
                                   const char *member); /* (transfer none) (nullable) */

/* Makes text that people typed safe to show and to send: invalid UTF-8 and control
 * characters other than tab and line feed become U+FFFD, and bidirectional overrides are
 * removed. (transfer full) */
char       *cpm_text_clean        (const char *text);

G_END_DECLS
