/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-writes"

#include "config.h"

#include "relay-store-writes.h"

#include "relay-store-privacy.h"

#include "cpm-address.h"
#include "cpm-error.h"

/* What nobody fetched is kept for so long, and so many of it; an old device holds back nothing for longer. */
#define KEEP_US (30 * 24 * 3600 * (int64_t) G_USEC_PER_SEC)
#define MAX_WAITING 10000
/* Beyond these somebody plays with us; and the list of contacts has to fit into one message. */
#define MAX_CONTACTS 500
#define MAX_DEVICES 32

static gboolean
add_account (RelayStatements  *statements,
             RelayWrite       *write,
             GError          **error)
{
  int changes = 0;

  if (cpm_address_is_group (write->user))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                   "The name %s looks like that of a group; choose another one", write->user);
      return FALSE;
    }

  if (!relay_statements_run (statements, &changes, error,
                             "INSERT OR IGNORE INTO account (user, password) VALUES (?, ?)",
                             "ss", write->user, write->text))
    return FALSE;

  if (changes > 0)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_CONFLICT, "The name %s is taken already", write->user);
  return FALSE;
}

static gboolean
check_account_changed (RelayWrite  *write,
                       int          changes,
                       GError     **error)
{
  if (changes > 0)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no account %s", write->user);
  return FALSE;
}

static gboolean
set_password (RelayStatements  *statements,
              RelayWrite       *write,
              GError          **error)
{
  int changes = 0;

  return relay_statements_run (statements, &changes, error, "UPDATE account SET password = ? WHERE user = ?",
                               "ss", write->text, write->user) &&
         check_account_changed (write, changes, error);
}

static gboolean
set_disabled (RelayStatements  *statements,
              RelayWrite       *write,
              GError          **error)
{
  int changes = 0;

  return relay_statements_run (statements, &changes, error, "UPDATE account SET disabled = ? WHERE user = ?",
                               "is", write->number, write->user) &&
         check_account_changed (write, changes, error);
}

static gboolean
allow (RelayStatements  *statements,
       RelayWrite       *write,
       GError          **error)
{
  int changes = 0;

  return relay_statements_run (statements, &changes, error,
                               "UPDATE account SET denied = denied & ~? WHERE user = ?",
                               "is", write->number, write->user) &&
         check_account_changed (write, changes, error);
}

static gboolean
deny (RelayStatements  *statements,
      RelayWrite       *write,
      GError          **error)
{
  int changes = 0;

  return relay_statements_run (statements, &changes, error,
                               "UPDATE account SET denied = denied | ? WHERE user = ?",
                               "is", write->number, write->user) &&
         check_account_changed (write, changes, error);
}

static gboolean
set_device (RelayStatements  *statements,
            RelayWrite       *write,
            GError          **error)
{
  return relay_statements_run (statements, NULL, error,
                               "INSERT INTO device (user, device, name, token, capabilities, seen)"
                               " VALUES (?1, ?2, ?3, ifnull (?4, ''), ?5, ?6)"
                               " ON CONFLICT DO UPDATE SET name = ifnull (?3, name), token = ifnull (?4, token),"
                               " capabilities = ?5, seen = ?6",
                               "ssssii", write->user, write->device, write->text, write->other,
                               write->number, write->now_us) &&
         relay_statements_run (statements, NULL, error,
                               "DELETE FROM device WHERE user = ?1 AND device NOT IN"
                               " (SELECT device FROM device WHERE user = ?1 ORDER BY seen DESC LIMIT ?2)",
                               "si", write->user, (int64_t) MAX_DEVICES);
}

static gboolean
add_contact (RelayStatements  *statements,
             RelayWrite       *write,
             GError          **error)
{
  int changes = 0;

  if (!relay_statements_run (statements, &changes, error,
                             "INSERT OR IGNORE INTO contact (user, other) SELECT ?1, ?2"
                             " WHERE (SELECT count (*) FROM contact WHERE user = ?1) < ?3",
                             "ssi", write->user, write->other, (int64_t) MAX_CONTACTS))
    return FALSE;

  write->is_contact_new = changes > 0;
  return TRUE;
}

static gboolean
remove_contact (RelayStatements  *statements,
                RelayWrite       *write,
                GError          **error)
{
  int changes = 0;

  if (!relay_statements_run (statements, &changes, error, "DELETE FROM contact WHERE user = ? AND other = ?",
                             "ss", write->user, write->other))
    return FALSE;

  write->was_there = changes > 0;
  return TRUE;
}

static gboolean
put_into_inbox (RelayStatements  *statements,
                RelayWrite       *write,
                const char       *user,
                const char       *origin,
                GError          **error)
{
  return relay_statements_run (statements, NULL, error, "UPDATE account SET seq = seq + 1 WHERE user = ?",
                               "s", user) &&
         relay_statements_run (statements, NULL, error,
                               "INSERT INTO inbox (user, seq, ts, origin, text)"
                               " SELECT user, seq, ?2, ?3, ?4 FROM account WHERE user = ?1",
                               "siss", user, write->now_us, origin, write->text);
}

static gboolean
check_room (RelayStatements  *statements,
            RelayWrite       *write,
            GError          **error)
{
  int64_t waiting = relay_statements_get_number (statements, 0,
                                                 "SELECT seq - ifnull ((SELECT max (got) FROM device WHERE user = ?1), 0)"
                                                 " FROM account WHERE user = ?1",
                                                 "s", write->other);

  if (waiting < MAX_WAITING)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_QUEUE_FULL,
               "%s has not fetched messages for long; no more can be kept", write->other);
  return FALSE;
}

static gboolean
copy_to_sender (RelayStatements  *statements,
                RelayWrite       *write,
                GError          **error)
{
  int64_t n_others;

  if (write->device == NULL)
    return TRUE;

  n_others = relay_statements_get_number (statements, 0,
                                          "SELECT count (*) FROM device WHERE user = ? AND device <> ? AND seen > ?",
                                          "ssi", write->user, write->device, write->now_us - KEEP_US);
  write->was_copied = n_others > 0;
  return n_others == 0 || put_into_inbox (statements, write, write->user, write->device, error);
}

static gboolean
deliver (RelayStatements  *statements,
         RelayWrite       *write,
         GError          **error)
{
  int changes = 0;

  if (!relay_statements_run (statements, &changes, error,
                             "INSERT OR IGNORE INTO said (sender, id, recipient, ts) VALUES (?, ?, ?, ?)",
                             "sssi", write->user, write->id, write->other, write->now_us))
    return FALSE;

  write->was_there = changes == 0;
  if (write->was_there)
    return TRUE;

  if (!check_room (statements, write, error) ||
      !put_into_inbox (statements, write, write->other, NULL, error) ||
      !copy_to_sender (statements, write, error) ||
      !add_contact (statements, write, error))
    return FALSE;

  return write->picture == NULL ||
         relay_statements_run (statements, NULL, error, "INSERT OR IGNORE INTO sight (picture, user) VALUES (?, ?)",
                               "ss", write->picture, write->other);
}

static gboolean
got (RelayStatements  *statements,
     RelayWrite       *write,
     GError          **error)
{
  return relay_statements_run (statements, NULL, error,
                               "UPDATE device SET got = max (got, ?), seen = ? WHERE user = ? AND device = ?",
                               "iiss", write->number, write->now_us, write->user, write->device) &&
         relay_statements_run (statements, NULL, error,
                               "DELETE FROM inbox WHERE user = ?1 AND seq <="
                               " (SELECT min (got) FROM device WHERE user = ?1 AND seen > ?2)",
                               "si", write->user, write->now_us - KEEP_US);
}

static gboolean
add_picture (RelayStatements  *statements,
             RelayWrite       *write,
             GError          **error)
{
  int changes = 0;

  if (!relay_statements_run (statements, &changes, error,
                             "INSERT OR IGNORE INTO picture (id, owner, sha256, mime, bytes, ts) VALUES (?, ?, ?, ?, ?, ?)",
                             "ssssii", write->id, write->user, write->text, write->other,
                             write->number, write->now_us))
    return FALSE;

  if (changes > 0)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_CONFLICT, "This id is that of another picture");
  return FALSE;
}

static gboolean
expire (RelayStatements  *statements,
        RelayWrite       *write,
        GError          **error)
{
  int64_t before_us = write->now_us - KEEP_US;

  return relay_statements_run (statements, NULL, error, "DELETE FROM inbox WHERE ts < ?", "i", before_us) &&
         relay_statements_run (statements, NULL, error, "DELETE FROM said WHERE ts < ?", "i", before_us) &&
         relay_statements_run (statements, NULL, error,
                               "DELETE FROM inbox WHERE seq <= (SELECT min (a.seq - ?, ifnull (max (d.got), 0))"
                               " FROM account a LEFT JOIN device d ON d.user = a.user WHERE a.user = inbox.user)",
                               "i", (int64_t) MAX_WAITING);
}

typedef gboolean (*ApplyFunc) (RelayStatements  *statements,
                               RelayWrite       *write,
                               GError          **error);

static const ApplyFunc apply_funcs[RELAY_N_WRITE_KINDS] = {
  [RELAY_WRITE_ADD_ACCOUNT] = add_account,
  [RELAY_WRITE_SET_PASSWORD] = set_password,
  [RELAY_WRITE_SET_DISABLED] = set_disabled,
  [RELAY_WRITE_ALLOW] = allow,
  [RELAY_WRITE_DENY] = deny,
  [RELAY_WRITE_SET_DEVICE] = set_device,
  [RELAY_WRITE_ADD_CONTACT] = add_contact,
  [RELAY_WRITE_REMOVE_CONTACT] = remove_contact,
  [RELAY_WRITE_SET_BLOCK] = relay_store_privacy_set_block,
  [RELAY_WRITE_DELIVER] = deliver,
  [RELAY_WRITE_GOT] = got,
  [RELAY_WRITE_ADD_PICTURE] = add_picture,
  [RELAY_WRITE_EXPIRE] = expire,
  [RELAY_WRITE_SET_PRIVACY] = relay_store_privacy_set,
  [RELAY_WRITE_SET_VIEWERS] = relay_store_privacy_set_viewers,
};

gboolean
relay_store_apply (RelayStatements  *statements,
                   RelayWrite       *write,
                   GError          **error)
{
  write->was_there = write->was_copied = write->is_contact_new = FALSE;

  return apply_funcs[write->kind] (statements, write, error);
}
