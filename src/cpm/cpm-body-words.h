/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-schema.h"

/* The words in which the tables of bodies (cpm-body.h) are written; for those files only. */

#define REQUIRED CPM_SCHEMA_REQUIRED
#define OPTIONAL CPM_SCHEMA_OPTIONAL
#define CHARS CPM_SCHEMA_CHARS
#define BYTES CPM_SCHEMA_BYTES
#define END { NULL }

#define STRING(name, presence, format, unit, min, max) \
  { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_ ## format, unit, min, max }
#define ADDRESS(name, presence) { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_ADDRESS }
#define ID(name, presence) { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_ID }
#define CONVERSATION(name, presence) { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_CONVERSATION }
#define HEX64(name, presence) { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_HEX64 }
#define ENUM(name, presence, strings) \
  { name, CPM_SCHEMA_STRING, presence, CPM_FORMAT_ENUM, .values = strings }
#define INTEGER(name, presence, min, max) \
  { name, CPM_SCHEMA_INTEGER, presence, CPM_FORMAT_ANY, CHARS, min, max }
#define BOOLEAN(name, presence) { name, CPM_SCHEMA_BOOLEAN, presence }
#define OBJECT(name, presence, table) \
  { name, CPM_SCHEMA_OBJECT, presence, .members = table }
#define ARRAY(name, presence, schema, min, max) \
  { name, CPM_SCHEMA_ARRAY, presence, CPM_FORMAT_ANY, CHARS, min, max, .element = &schema }
#define SET(name, presence, schema, min, max) \
  { name, CPM_SCHEMA_ARRAY, presence, CPM_FORMAT_ANY, CHARS, min, max, .element = &schema, \
    .unique = TRUE }

#define ENUM_VALUES(name, ...) \
  static const char * const name[] = { __VA_ARGS__, NULL }

/* What a double can still count, for guests whose numbers are doubles. */
#define MAX_REV ((G_GINT64_CONSTANT (1) << 53) - 1)

#define MAX_URL_CHARS 512
