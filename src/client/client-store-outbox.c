/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-store"

#include "config.h"

#include "client-store-internal.h"

void
client_outbox_item_free (ClientOutboxItem *item)
{
  g_free (item->id);
  g_free (item->type);
  g_free (item->to);
  g_free (item->body);
  g_free (item->upload);
  g_free (item);
}

GPtrArray *
client_store_load_outbox (ClientStore *self,
                          int64_t      after)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) client_outbox_item_free);
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), items);

  statement = client_store_prepare (self,
                                    "SELECT id, type, recipient, body, upload, n FROM outbox"
                                    " WHERE n > ?1 ORDER BY n", NULL);
  if (statement != NULL)
    sqlite3_bind_int64 (statement, 1, after);

  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    {
      ClientOutboxItem *item = g_new0 (ClientOutboxItem, 1);

      item->id = client_store_dup_column (statement, 0);
      item->type = client_store_dup_column (statement, 1);
      item->to = client_store_dup_column (statement, 2);
      item->body = client_store_dup_column (statement, 3);
      item->upload = client_store_dup_column (statement, 4);
      item->n = sqlite3_column_int64 (statement, 5);
      g_ptr_array_add (items, item);
    }

  return items;
}

gboolean
client_store_add_outbox (ClientStore             *self,
                         const ClientOutboxItem  *item,
                         GError                 **error)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);
  g_return_val_if_fail (item != NULL, FALSE);

  statement =
    client_store_prepare (self,
                          "INSERT OR IGNORE INTO outbox (id, type, recipient, body, upload)"
                          " VALUES (?1, ?2, ?3, ?4, ?5)",
                          error);
  if (statement == NULL)
    return FALSE;

  client_store_bind_text (statement, 1, item->id);
  client_store_bind_text (statement, 2, item->type);
  client_store_bind_text (statement, 3, item->to);
  client_store_bind_text (statement, 4, item->body);
  client_store_bind_text (statement, 5, item->upload);

  return client_store_finish_write (self, statement, error);
}

gboolean
client_store_remove_outbox (ClientStore  *self,
                            const char   *id,
                            GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return client_store_write_texts (self, "DELETE FROM outbox WHERE id = ?1", id, NULL, error);
}

gboolean
client_store_set_uploaded (ClientStore  *self,
                           const char   *id,
                           GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return client_store_write_texts (self, "UPDATE outbox SET upload = NULL WHERE id = ?1", id, NULL,
                                   error);
}
