/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-statements"

#include "config.h"

#include "relay-store-statements.h"

#include "cpm-error.h"

#include <stdarg.h>

struct _RelayStatements
{
  sqlite3 *db;
  GHashTable *prepared; /* SQL, a literal → sqlite3_stmt */
};

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

RelayStatements *
relay_statements_new (sqlite3 *db)
{
  RelayStatements *self = g_new0 (RelayStatements, 1);

  self->db = db;
  self->prepared = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, finalize_statement);

  return self;
}

void
relay_statements_free (RelayStatements *self)
{
  g_hash_table_unref (self->prepared);
  sqlite3_close (self->db);
  g_free (self);
}

static void
set_storage_error (RelayStatements  *self,
                   GError          **error)
{
  g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE, "The relay cannot store this now: %s",
               sqlite3_errmsg (self->db));
}

static sqlite3_stmt *
bind_list (RelayStatements  *self,
           GError          **error,
           const char       *sql,
           const char       *types,
           va_list           args)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->prepared, sql);

  if (statement == NULL)
    {
      if (sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
          SQLITE_OK)
        {
          set_storage_error (self, error);
          return NULL;
        }
      g_hash_table_insert (self->prepared, (gpointer) sql, statement);
    }

  for (int i = 0; types[i] != '\0'; i++)
    {
      if (types[i] == 'i')
        sqlite3_bind_int64 (statement, i + 1, va_arg (args, int64_t));
      else
        sqlite3_bind_text (statement, i + 1, va_arg (args, const char *), -1, SQLITE_TRANSIENT);
    }

  return statement;
}

/* (nullable) */
static sqlite3_stmt *
bind_read (RelayStatements *self,
           const char      *sql,
           const char      *types,
           va_list          args)
{
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement = bind_list (self, &error, sql, types, args);

  if (statement == NULL)
    g_warning ("The database cannot be read: %s", error->message);
  return statement;
}

static gboolean
next_row (sqlite3_stmt *statement)
{
  if (statement == NULL)
    return FALSE;

  if (sqlite3_step (statement) == SQLITE_ROW)
    return TRUE;

  relay_statements_done (statement);
  return FALSE;
}

sqlite3_stmt *
relay_statements_bind (RelayStatements  *self,
                       GError          **error,
                       const char       *sql,
                       const char       *types,
                       ...)
{
  sqlite3_stmt *statement;
  va_list args;

  va_start (args, types);
  statement = bind_list (self, error, sql, types, args);
  va_end (args);

  return statement;
}

void
relay_statements_done (sqlite3_stmt *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

gboolean
relay_statements_run (RelayStatements  *self,
                      int              *out_changes,
                      GError          **error,
                      const char       *sql,
                      const char       *types,
                      ...)
{
  sqlite3_stmt *statement;
  gboolean good;
  va_list args;

  va_start (args, types);
  statement = bind_list (self, error, sql, types, args);
  va_end (args);

  if (statement == NULL)
    return FALSE;

  good = sqlite3_step (statement) == SQLITE_DONE;
  if (!good)
    set_storage_error (self, error);
  else if (out_changes != NULL)
    *out_changes = sqlite3_changes (self->db);
  relay_statements_done (statement);

  return good;
}

int64_t
relay_statements_get_number (RelayStatements *self,
                             int64_t          fallback,
                             const char      *sql,
                             const char      *types,
                             ...)
{
  sqlite3_stmt *statement;
  int64_t number = fallback;
  va_list args;

  va_start (args, types);
  statement = bind_read (self, sql, types, args);
  va_end (args);

  if (next_row (statement))
    {
      number = sqlite3_column_int64 (statement, 0);
      relay_statements_done (statement);
    }

  return number;
}

GPtrArray *
relay_statements_list (RelayStatements *self,
                       RelayRowFunc     read,
                       GDestroyNotify   destroy,
                       const char      *sql,
                       const char      *types,
                       ...)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (destroy);
  sqlite3_stmt *statement;
  va_list args;

  va_start (args, types);
  statement = bind_read (self, sql, types, args);
  va_end (args);

  while (next_row (statement))
    g_ptr_array_add (rows, read (statement));

  return rows;
}

gpointer
relay_statements_find (RelayStatements *self,
                       RelayRowFunc     read,
                       const char      *sql,
                       const char      *types,
                       ...)
{
  sqlite3_stmt *statement;
  gpointer found = NULL;
  va_list args;

  va_start (args, types);
  statement = bind_read (self, sql, types, args);
  va_end (args);

  if (next_row (statement))
    {
      found = read (statement);
      relay_statements_done (statement);
    }

  return found;
}

GStrv
relay_statements_list_texts (RelayStatements *self,
                             const char      *sql,
                             const char      *types,
                             ...)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  sqlite3_stmt *statement;
  va_list args;

  va_start (args, types);
  statement = bind_read (self, sql, types, args);
  va_end (args);

  while (next_row (statement))
    g_strv_builder_add (builder, (const char *) sqlite3_column_text (statement, 0));

  return g_strv_builder_end (builder);
}

char *
relay_statements_dup_text (sqlite3_stmt *statement,
                           int           column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}
