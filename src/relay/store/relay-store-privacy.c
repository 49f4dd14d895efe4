/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-privacy"

#include "config.h"

#include "relay-store-privacy.h"

#include "cpm-address.h"

/* They have to fit into one privacy.state; the relay's own need not, but nobody keeps more in order
 * by hand. */
#define MAX_BLOCKED 150
#define MAX_HOME_BLOCKED 10000

#define THE_RELAY ""

gboolean
relay_store_privacy_set (RelayStatements  *statements,
                         RelayWrite       *write,
                         GError          **error)
{
  return relay_statements_run (
    statements, NULL, error,
    "INSERT INTO privacy (user, contacts_only, remote, kinds) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT DO UPDATE SET contacts_only = ?2, remote = ?3, kinds = ?4",
    "siii", write->user, (int64_t) write->privacy.contacts_only, (int64_t) write->privacy.remote,
    (int64_t) write->privacy.kinds);
}

static gboolean
add_block (RelayStatements  *statements,
           RelayWrite       *write,
           const char       *user,
           GError          **error)
{
  int64_t room = write->user != NULL ? MAX_BLOCKED : MAX_HOME_BLOCKED;
  int changes = 0;

  if (!relay_statements_run (statements, &changes, error,
                             "INSERT OR IGNORE INTO block (user, other) SELECT ?1, ?2"
                             " WHERE (SELECT count (*) FROM block WHERE user = ?1) < ?3",
                             "ssi", user, write->other, room))
    return FALSE;

  if (changes > 0)
    return TRUE;

  write->was_there = relay_store_privacy_is_blocked (statements, write->user, write->other);
  if (write->was_there)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_QUOTA,
               "No more than %d people and domains can be blocked; block whole domains",
               (int) room);
  return FALSE;
}

gboolean
relay_store_privacy_set_block (RelayStatements  *statements,
                               RelayWrite       *write,
                               GError          **error)
{
  const char *user = write->user != NULL ? write->user : THE_RELAY;
  int changes = 0;

  if (write->number != 0)
    return add_block (statements, write, user, error);

  if (!relay_statements_run (statements, &changes, error,
                             "DELETE FROM block WHERE user = ? AND other = ?", "ss", user,
                             write->other))
    return FALSE;

  write->was_there = changes > 0;
  return TRUE;
}

gboolean
relay_store_privacy_set_viewers (RelayStatements  *statements,
                                 RelayWrite       *write,
                                 GError          **error)
{
  int changes = 0;

  if (!relay_statements_run (statements, &changes, error,
                             "UPDATE account SET viewers = ? WHERE user = ?", "is", write->number,
                             write->user))
    return FALSE;

  if (changes > 0)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no account %s", write->user);
  return FALSE;
}

/* Names, which have no spaces, from one column. */
static GStrv
read_names (sqlite3_stmt *statement,
            int           column)
{
  const char *names = (const char *) sqlite3_column_text (statement, column);

  return names != NULL ? g_strsplit (names, " ", -1) : NULL;
}

static CpmPolicy *
read_policy (sqlite3_stmt *statement,
             const char   *user,
             gboolean     *out_is_contact)
{
  CpmPolicy *policy = cpm_policy_new (user);

  policy->rights = CPM_RIGHTS_ALL & ~(unsigned) sqlite3_column_int64 (statement, 0);
  policy->max_viewers = (unsigned) sqlite3_column_int (statement, 1);
  policy->contacts_only = sqlite3_column_int (statement, 2) != 0;
  policy->remote = sqlite3_column_int (statement, 3) != 0;
  policy->kinds = (unsigned) sqlite3_column_int (statement, 4);
  policy->blocked = read_names (statement, 6);
  policy->home_blocked = read_names (statement, 7);
  *out_is_contact = sqlite3_column_int (statement, 5) != 0;

  return policy;
}

/* It is asked for both sides of each message: all in one statement, and of the blocks only those
 * that say something about @other. */
CpmPolicy *
relay_store_privacy_find_policy (RelayStatements *statements,
                                 const char      *user,
                                 const char      *other,
                                 gboolean        *out_is_contact)
{
  g_autoptr (GError) error = NULL;
  CpmPolicy *policy = NULL;
  sqlite3_stmt *statement = relay_statements_bind (
    statements, &error,
    "SELECT a.denied, a.viewers, ifnull (p.contacts_only, 0), ifnull (p.remote, 1), ifnull"
    " (p.kinds, ?4),"
    " EXISTS (SELECT 1 FROM contact WHERE user = ?1 AND other = ?2),"
    " (SELECT group_concat (other, ' ') FROM block WHERE user = ?1 AND other IN (?2, ?3)),"
    " (SELECT group_concat (other, ' ') FROM block WHERE user = ?5 AND other IN (?2, ?3))"
    " FROM account a LEFT JOIN privacy p ON p.user = a.user WHERE a.user = ?1 AND a.disabled = 0",
    "sssis", user, other, other != NULL ? cpm_address_get_domain (other) : NULL,
    (int64_t) CPM_ALL_KINDS, THE_RELAY);

  *out_is_contact = FALSE;
  if (statement == NULL)
    {
      g_warning ("The database cannot be read: %s", error->message);
      return NULL;
    }

  if (sqlite3_step (statement) == SQLITE_ROW)
    policy = read_policy (statement, user, out_is_contact);
  relay_statements_done (statement);

  return policy;
}

gboolean
relay_store_privacy_is_blocked (RelayStatements *statements,
                                const char      *user,
                                const char      *who)
{
  return relay_statements_get_number (statements, 0,
                                      "SELECT count (*) FROM block WHERE user = ? AND other = ?",
                                      "ss", user != NULL ? user : THE_RELAY, who) > 0;
}

GStrv
relay_store_privacy_list_blocked (RelayStatements *statements,
                                  const char      *user)
{
  return relay_statements_list_texts (statements,
                                      "SELECT other FROM block WHERE user = ? ORDER BY other", "s",
                                      user != NULL ? user : THE_RELAY);
}
