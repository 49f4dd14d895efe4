/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-writes"

#include "config.h"

#include "relay-store-writes.h"

#include "relay-store-groups.h"
#include "relay-store-inbox.h"
#include "relay-store-outbox.h"
#include "relay-store-pictures.h"
#include "relay-store-privacy.h"

#include "cpm-address.h"
#include "cpm-error.h"

/* Beyond this somebody plays with us. */
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

  return relay_statements_run (statements, &changes, error,
                               "UPDATE account SET password = ? WHERE user = ?", "ss", write->text,
                               write->user) &&
         check_account_changed (write, changes, error);
}

static gboolean
set_disabled (RelayStatements  *statements,
              RelayWrite       *write,
              GError          **error)
{
  int changes = 0;

  return relay_statements_run (statements, &changes, error,
                               "UPDATE account SET disabled = ? WHERE user = ?", "is",
                               write->number, write->user) &&
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
  return relay_statements_run (
           statements, NULL, error,
           "INSERT INTO device (user, device, name, token, capabilities, seen)"
           " VALUES (?1, ?2, ?3, ifnull (?4, ''), ?5, ?6)"
           " ON CONFLICT DO UPDATE SET name = ifnull (?3, name), token = ifnull (?4, token),"
           " capabilities = ?5, seen = ?6",
           "ssssii", write->user, write->device, write->text, write->other, write->number,
           write->now_us) &&
         relay_statements_run (
           statements, NULL, error,
           "DELETE FROM device WHERE user = ?1 AND device NOT IN"
           " (SELECT device FROM device WHERE user = ?1 ORDER BY seen DESC LIMIT ?2)",
           "si", write->user, (int64_t) MAX_DEVICES);
}

static gboolean
remove_device (RelayStatements  *statements,
               RelayWrite       *write,
               GError          **error)
{
  int changes = 0;

  if (!relay_statements_run (statements, &changes, error,
                             "DELETE FROM device WHERE user = ? AND device = ?", "ss", write->user,
                             write->device))
    return FALSE;

  if (changes > 0)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND,
                       "There is no such device; it may have been signed out before");
  return FALSE;
}

static gboolean
remove_contact (RelayStatements  *statements,
                RelayWrite       *write,
                GError          **error)
{
  int changes = 0;

  if (!relay_statements_run (statements, &changes, error,
                             "DELETE FROM contact WHERE user = ? AND other = ?", "ss", write->user,
                             write->other))
    return FALSE;

  write->was_there = changes > 0;
  return TRUE;
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
  [RELAY_WRITE_ADD_CONTACT] = relay_store_add_contact,
  [RELAY_WRITE_REMOVE_CONTACT] = remove_contact,
  [RELAY_WRITE_SET_BLOCK] = relay_store_privacy_set_block,
  [RELAY_WRITE_SET_PRIVACY] = relay_store_privacy_set,
  [RELAY_WRITE_SET_VIEWERS] = relay_store_privacy_set_viewers,
  [RELAY_WRITE_DELIVER] = relay_store_deliver,
  [RELAY_WRITE_GOT] = relay_store_keep_got,
  [RELAY_WRITE_ADD_PICTURE] = relay_store_add_picture,
  [RELAY_WRITE_REMOVE_PICTURE] = relay_store_remove_picture,
  [RELAY_WRITE_END_FETCH] = relay_store_end_fetch,
  [RELAY_WRITE_DELAY_FETCH] = relay_store_delay_fetch,
  [RELAY_WRITE_EXPIRE] = relay_store_expire,
  [RELAY_WRITE_REMOVE_DEVICE] = remove_device,
  [RELAY_WRITE_REFUSE] = relay_store_refuse,
  [RELAY_WRITE_OUTBOX_GOT] = relay_store_clear_outbox,
  [RELAY_WRITE_BOUNCE] = relay_store_bounce,
  [RELAY_WRITE_GROUP_CREATE] = relay_store_group_create,
  [RELAY_WRITE_GROUP_CHANGE] = relay_store_group_change,
  [RELAY_WRITE_GROUP_DROP] = relay_store_group_drop,
  [RELAY_WRITE_GROUP_SAY] = relay_store_group_say,
  [RELAY_WRITE_GROUP_SEND] = relay_store_group_send,
  [RELAY_WRITE_GROUP_HEAR] = relay_store_group_hear,
  [RELAY_WRITE_GROUP_TAKE] = relay_store_group_take,
};

gboolean
relay_store_apply (RelayStatements  *statements,
                   RelayWrite       *write,
                   GError          **error)
{
  write->was_there = write->was_copied = write->is_contact_new = FALSE;
  g_clear_error (&write->refusal);

  return apply_funcs[write->kind] (statements, write, error);
}
