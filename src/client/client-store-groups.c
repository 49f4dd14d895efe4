/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-store"

#include "config.h"

#include "client-store-internal.h"

#include "cpm-json.h"

#include <string.h>

JsonObject *
client_store_load_group (ClientStore  *self,
                         const char   *group,
                         char        **out_path)
{
  sqlite3_stmt *statement;
  JsonObject *state = NULL;

  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  *out_path = NULL;
  statement = client_store_prepare (self, "SELECT state, file FROM group_state WHERE id = ?1",
                                    NULL);
  if (statement == NULL)
    return NULL;

  client_store_bind_text (statement, 1, group);
  if (sqlite3_step (statement) == SQLITE_ROW)
    {
      g_autofree char *text = client_store_dup_column (statement, 0);
      g_autofree char *file = client_store_dup_column (statement, 1);

      state = text != NULL ? cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, NULL) : NULL;
      *out_path = file != NULL ? client_store_dup_picture_path (self, file) : NULL;
    }

  sqlite3_reset (statement);

  return state;
}

static const char *
get_picture (JsonObject *state)
{
  return cpm_json_get_string (cpm_json_get_object (state, "picture"), "picture", NULL);
}

gboolean
client_store_set_group (ClientStore  *self,
                        JsonObject   *state,
                        gboolean     *out_new,
                        GError      **error)
{
  const char *group = cpm_json_get_string (state, "conversation", "");
  g_autofree char *path = NULL;
  g_autofree char *file = NULL;
  g_autofree char *text = cpm_json_to_text (state);
  g_autoptr (JsonObject) known = NULL;
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  known = client_store_load_group (self, group, &path);
  *out_new = known == NULL ||
             cpm_json_get_int (state, "rev", 0) > cpm_json_get_int (known, "rev", 0);
  if (!*out_new)
    return TRUE;

  if (path != NULL && g_strcmp0 (get_picture (known), get_picture (state)) == 0)
    file = g_path_get_basename (path);

  statement = client_store_prepare (
    self, "INSERT OR REPLACE INTO group_state (id, state, file) VALUES (?1, ?2, ?3)", error);
  if (statement == NULL)
    return FALSE;

  client_store_bind_text (statement, 1, group);
  client_store_bind_text (statement, 2, text);
  client_store_bind_text (statement, 3, file);

  return client_store_finish_write (self, statement, error);
}

gboolean
client_store_set_group_file (ClientStore  *self,
                             const char   *group,
                             const char   *file,
                             GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return client_store_write_texts (self, "UPDATE group_state SET file = ?2 WHERE id = ?1", group,
                                   file, error);
}

int64_t
client_store_get_older_than (ClientStore *self,
                             const char  *conversation)
{
  sqlite3_stmt *statement;
  int64_t seq = 0;

  g_return_val_if_fail (CLIENT_IS_STORE (self), 0);

  statement = client_store_prepare (self, "SELECT older_than FROM conversation WHERE id = ?1",
                                    NULL);
  if (statement == NULL)
    return 0;

  client_store_bind_text (statement, 1, conversation);
  if (sqlite3_step (statement) == SQLITE_ROW)
    seq = sqlite3_column_int64 (statement, 0);

  sqlite3_reset (statement);

  return seq;
}

gboolean
client_store_set_older_than (ClientStore  *self,
                             const char   *conversation,
                             int64_t       seq,
                             GError      **error)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  statement = client_store_prepare (self, "UPDATE conversation SET older_than = ?2 WHERE id = ?1",
                                    error);
  if (statement == NULL)
    return FALSE;

  client_store_bind_text (statement, 1, conversation);
  sqlite3_bind_int64 (statement, 2, seq);

  return client_store_finish_write (self, statement, error);
}
