/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-store"

#include "config.h"

#include "client-store-internal.h"

void
client_note_free (ClientNote *note)
{
  g_free (note->who);
  g_free (note->text);
  g_free (note);
}

gboolean
client_store_add_note (ClientStore     *self,
                       const char      *message,
                       const char      *who,
                       ClientNoteKind   kind,
                       int              state,
                       const char      *text,
                       gboolean        *out_new,
                       GError         **error)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  statement = client_store_prepare (self,
                                    "INSERT INTO note (message, who, kind, state, text)"
                                    " VALUES (?1, ?2, ?3, ?4, ?5)"
                                    " ON CONFLICT (message, who, kind) DO UPDATE"
                                    " SET state = excluded.state, text = excluded.text"
                                    " WHERE excluded.state > note.state", error);
  if (statement == NULL)
    return FALSE;

  client_store_bind_text (statement, 1, message);
  client_store_bind_text (statement, 2, who);
  sqlite3_bind_int (statement, 3, (int) kind);
  sqlite3_bind_int (statement, 4, state);
  client_store_bind_text (statement, 5, text);
  if (!client_store_finish_write (self, statement, error))
    return FALSE;

  if (out_new != NULL)
    *out_new = sqlite3_changes (self->db) > 0;

  return TRUE;
}

GPtrArray *
client_store_load_notes (ClientStore *self,
                         const char  *message)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func ((GDestroyNotify) client_note_free);
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), notes);

  statement =
    client_store_prepare (self, "SELECT who, kind, state, text FROM note WHERE message = ?1", NULL);
  if (statement == NULL)
    return notes;

  client_store_bind_text (statement, 1, message);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      ClientNote *note = g_new0 (ClientNote, 1);

      note->who = client_store_dup_column (statement, 0);
      note->kind = (ClientNoteKind) sqlite3_column_int (statement, 1);
      note->state = sqlite3_column_int (statement, 2);
      note->text = client_store_dup_column (statement, 3);
      g_ptr_array_add (notes, note);
    }

  sqlite3_reset (statement);

  return notes;
}
