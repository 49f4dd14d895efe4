/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-schema"

#include "config.h"

#include "relay-store-schema.h"

#define BUSY_TIMEOUT_MS 5000

/* Each leads from its index to the next version; never change one that was released. */
static const char *const migrations[] = {
  "CREATE TABLE account (user TEXT PRIMARY KEY, password TEXT NOT NULL, disabled INTEGER NOT NULL"
  " DEFAULT 0,"
  " denied INTEGER NOT NULL DEFAULT 0, seq INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
  "CREATE TABLE device (user TEXT NOT NULL, device TEXT NOT NULL, name TEXT, token TEXT NOT NULL,"
  " capabilities INTEGER NOT NULL, got INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL,"
  " PRIMARY KEY (user, device)) WITHOUT ROWID;"
  "CREATE INDEX device_by_id ON device (device);"
  "CREATE TABLE contact (user TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (user, other))"
  " WITHOUT ROWID;"
  "CREATE TABLE block (user TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (user, other)) WITHOUT"
  " ROWID;"
  "CREATE TABLE inbox (user TEXT NOT NULL, seq INTEGER NOT NULL, ts INTEGER NOT NULL, origin TEXT,"
  " text TEXT NOT NULL, PRIMARY KEY (user, seq)) WITHOUT ROWID;"
  "CREATE INDEX inbox_by_age ON inbox (ts);"
  "CREATE TABLE said (sender TEXT NOT NULL, id TEXT NOT NULL, recipient TEXT NOT NULL, ts INTEGER"
  " NOT NULL,"
  " PRIMARY KEY (sender, id, recipient)) WITHOUT ROWID;"
  "CREATE INDEX said_by_age ON said (ts);"
  "CREATE TABLE picture (id TEXT PRIMARY KEY, owner TEXT NOT NULL, sha256 TEXT NOT NULL, mime TEXT"
  " NOT NULL,"
  " bytes INTEGER NOT NULL, ts INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE INDEX picture_by_owner ON picture (owner);"
  "CREATE TABLE sight (picture TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY (picture, user))"
  " WITHOUT ROWID;",
  "ALTER TABLE account ADD COLUMN viewers INTEGER NOT NULL DEFAULT 50;"
  "CREATE TABLE privacy (user TEXT PRIMARY KEY, contacts_only INTEGER NOT NULL, remote INTEGER NOT"
  " NULL,"
  " kinds INTEGER NOT NULL) WITHOUT ROWID;",

  /* Other homes: how much we have said to each, and how far we have what it said; what waits for
   * it; and what we refused but the home may not know yet. */
  "CREATE TABLE home (domain TEXT PRIMARY KEY, n INTEGER NOT NULL DEFAULT 0, arrived INTEGER NOT"
  " NULL DEFAULT 0) WITHOUT ROWID;"
  "CREATE TABLE outbox (domain TEXT NOT NULL, n INTEGER NOT NULL, ts INTEGER NOT NULL, sender TEXT"
  " NOT NULL, id TEXT NOT NULL,"
  " recipient TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (domain, n)) WITHOUT ROWID;"
  "CREATE INDEX outbox_by_age ON outbox (ts);"
  "CREATE TABLE refused (domain TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (domain, n))"
  " WITHOUT ROWID;"
  "ALTER TABLE inbox ADD COLUMN conversation TEXT;"
  "UPDATE inbox SET conversation = json_extract (text, '$.body.conversation');"
  "CREATE INDEX inbox_by_conversation ON inbox (user, conversation, seq);",

  /* Groups: what each is, in JSON; who of our people is in it; and which device said what is on its
   * way to a group's home. */
  "CREATE TABLE chat_group (address TEXT PRIMARY KEY, rev INTEGER NOT NULL, text TEXT NOT NULL)"
  " WITHOUT ROWID;"
  "CREATE TABLE group_member (user TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (user,"
  " address)) WITHOUT ROWID;"
  "CREATE INDEX group_member_by_address ON group_member (address);"
  "CREATE TABLE group_echo (user TEXT NOT NULL, id TEXT NOT NULL, device TEXT NOT NULL, ts INTEGER"
  " NOT NULL,"
  " PRIMARY KEY (user, id)) WITHOUT ROWID;",

  /* Who was shown a picture by whom ('': by a group, whosever it is); and what is to be fetched
   * from other homes (next 0: given up). */
  "CREATE TABLE shown (picture TEXT NOT NULL, user TEXT NOT NULL, owner TEXT NOT NULL,"
  " PRIMARY KEY (picture, user, owner)) WITHOUT ROWID;"
  "INSERT OR IGNORE INTO shown SELECT s.picture, s.user, p.owner FROM sight s JOIN picture p ON"
  " p.id = s.picture;"
  "DROP TABLE sight;"
  "ALTER TABLE shown RENAME TO sight;"
  "CREATE TABLE fetch (id TEXT PRIMARY KEY, owner TEXT NOT NULL, sha256 TEXT NOT NULL, mime TEXT"
  " NOT NULL, bytes INTEGER NOT NULL,"
  " ts INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE INDEX fetch_by_time ON fetch (next);",
};

static gboolean
fail (sqlite3     *db,
      const char  *path,
      GError     **error)
{
  g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE, "The database %s cannot be used: %s",
               path != NULL ? path : "in memory", sqlite3_errmsg (db));
  return FALSE;
}

static int
get_version (sqlite3 *db)
{
  sqlite3_stmt *statement = NULL;
  int version = -1;

  if (sqlite3_prepare_v2 (db, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    version = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);

  return version;
}

static gboolean
migrate (sqlite3     *db,
         const char  *path,
         GError     **error)
{
  int version;

  if (sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
    return fail (db, path, error);

  version = get_version (db);
  if (version > (int) G_N_ELEMENTS (migrations))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE,
                   "The database %s was made by a newer version of Vitrine: install that version",
                   path);
      return FALSE;
    }

  for (int i = MAX (version, 0); i < (int) G_N_ELEMENTS (migrations); i++)
    {
      g_autofree char *set_version = g_strdup_printf ("PRAGMA user_version = %d", i + 1);

      if (sqlite3_exec (db, migrations[i], NULL, NULL, NULL) != SQLITE_OK ||
          sqlite3_exec (db, set_version, NULL, NULL, NULL) != SQLITE_OK)
        return fail (db, path, error);
    }

  return sqlite3_exec (db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK || fail (db, path, error);
}

sqlite3 *
relay_store_schema_open (const char  *path,
                         GError     **error)
{
  sqlite3 *db = NULL;
  gboolean good;

  if (sqlite3_open_v2 (path != NULL ? path : ":memory:", &db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                       NULL) != SQLITE_OK)
    {
      fail (db, path, error);
      sqlite3_close (db);
      return NULL;
    }

  sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
  good =
    sqlite3_exec (db,
                  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;"
                  " PRAGMA trusted_schema = OFF;",
                  NULL, NULL, NULL) == SQLITE_OK ||
    fail (db, path, error);

  if (good && migrate (db, path, error))
    return db;

  sqlite3_close (db);
  return NULL;
}
