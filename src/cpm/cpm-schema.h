/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-error.h"

#include <json-glib/json-glib.h>

#include <stdint.h>

G_BEGIN_DECLS

typedef enum
{
  CPM_SCHEMA_STRING,
  CPM_SCHEMA_INTEGER,
  CPM_SCHEMA_BOOLEAN,
  CPM_SCHEMA_OBJECT,
  CPM_SCHEMA_ARRAY
} CpmSchemaKind;

/**
 * CpmSchemaFormat:
 *
 * What a string must be like, beside its length.
 */
typedef enum
{
  CPM_FORMAT_ANY,          /* a secret: whatever it is */
  CPM_FORMAT_LINE,         /* no control character */
  CPM_FORMAT_TEXT,         /* no control character but tab and line feed */
  CPM_FORMAT_ADDRESS,      /* an address in normal form */
  CPM_FORMAT_ID,           /* a UUID of version 7 */
  CPM_FORMAT_CONVERSATION, /* as cpm_address_conversation_id() gives, or a group's address */
  CPM_FORMAT_HEX64,        /* 64 lower-case hex digits: SHA-256 */
  CPM_FORMAT_SIGNATURE,    /* KEY:BASE64URL */
  CPM_FORMAT_ENUM          /* one of `values` */
} CpmSchemaFormat;

typedef enum
{
  CPM_SCHEMA_OPTIONAL,
  CPM_SCHEMA_REQUIRED
} CpmSchemaPresence;

typedef enum
{
  CPM_SCHEMA_CHARS,
  CPM_SCHEMA_BYTES
} CpmSchemaUnit;

typedef struct _CpmSchema CpmSchema;

/**
 * CpmSchema:
 * @name: of the member; an array of them ends with a %NULL name
 * @min: and @max: length of a string of free text in @unit, value of an integer, length of an array
 * @values: (nullable): of an enum, %NULL-terminated
 * @members: (nullable): of an object; members that are not named here are ignored
 * @element: (nullable): of an array
 * @unique: whether the strings in an array must differ
 *
 * One member of a JSON object, as the tables describe it. Only constants of this type exist.
 */
struct _CpmSchema
{
  const char *name;
  CpmSchemaKind kind;
  CpmSchemaPresence presence;
  CpmSchemaFormat format;
  CpmSchemaUnit unit;
  int64_t min;
  int64_t max;
  const char * const *values;
  const CpmSchema *members;
  const CpmSchema *element;
  gboolean unique;
};

/* Whether @object has what @members want. Sets %CPM_ERROR_BAD_ENVELOPE with a sentence that
 * names the place, such as "body.viewers[2] is not an address". */
gboolean cpm_schema_check (const CpmSchema  *members,
                           const char       *path,
                           JsonObject       *object,
                           GError          **error);

/* Takes out of @object, which has been checked, whatever @members does not name. */
void     cpm_schema_prune (const CpmSchema *members,
                           JsonObject      *object);

G_END_DECLS
