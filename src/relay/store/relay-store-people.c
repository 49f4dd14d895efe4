/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-people"

#include "config.h"

#include "relay-store-people.h"

#include "cpm-rights.h"

#define ACCOUNT_COLUMNS "user, password, disabled, denied, seq, viewers"
#define DEVICE_COLUMNS "user, device, name, token, capabilities, got, seen"

static gpointer
read_account (sqlite3_stmt *statement)
{
  RelayAccount *account = g_new0 (RelayAccount, 1);

  account->user = relay_statements_dup_text (statement, 0);
  account->password_hash = relay_statements_dup_text (statement, 1);
  account->disabled = sqlite3_column_int (statement, 2) != 0;
  account->rights = CPM_RIGHTS_ALL & ~(unsigned) sqlite3_column_int64 (statement, 3);
  account->seq = sqlite3_column_int64 (statement, 4);
  account->max_viewers = (unsigned) sqlite3_column_int (statement, 5);
  return account;
}

static gpointer
read_device (sqlite3_stmt *statement)
{
  RelayDevice *device = g_new0 (RelayDevice, 1);

  device->user = relay_statements_dup_text (statement, 0);
  device->device = relay_statements_dup_text (statement, 1);
  device->name = relay_statements_dup_text (statement, 2);
  device->token_hash = relay_statements_dup_text (statement, 3);
  device->capabilities = (unsigned) sqlite3_column_int64 (statement, 4);
  device->got = sqlite3_column_int64 (statement, 5);
  device->seen_us = sqlite3_column_int64 (statement, 6);
  return device;
}

RelayAccount *
relay_store_select_account (RelayStatements *statements,
                            const char      *user)
{
  return relay_statements_find (
    statements, read_account, "SELECT " ACCOUNT_COLUMNS " FROM account WHERE user = ?", "s", user);
}

GPtrArray *
relay_store_select_accounts (RelayStatements *statements)
{
  return relay_statements_list (statements, read_account, (GDestroyNotify) relay_account_free,
                                "SELECT " ACCOUNT_COLUMNS " FROM account ORDER BY user", "");
}

GPtrArray *
relay_store_select_devices (RelayStatements *statements,
                            const char      *user)
{
  return relay_statements_list (statements, read_device, (GDestroyNotify) relay_device_free,
                                "SELECT " DEVICE_COLUMNS " FROM device WHERE user = ?", "s", user);
}

GPtrArray *
relay_store_select_devices_of_id (RelayStatements *statements,
                                  const char      *device)
{
  return relay_statements_list (statements, read_device, (GDestroyNotify) relay_device_free,
                                "SELECT " DEVICE_COLUMNS " FROM device WHERE device = ?", "s",
                                device);
}

gboolean
relay_store_select_may_stay (RelayStatements *statements,
                             const char      *user,
                             const char      *device)
{
  return relay_statements_get_number (
           statements, 0,
           "SELECT 1 FROM device d JOIN account a ON a.user = d.user AND NOT a.disabled"
           " WHERE d.user = ? AND d.device = ?",
           "ss", user, device) > 0;
}

GStrv
relay_store_select_contacts (RelayStatements *statements,
                             const char      *user,
                             gboolean         mutual)
{
  if (!mutual)
    return relay_statements_list_texts (
      statements, "SELECT other FROM contact WHERE user = ? ORDER BY other", "s", user);

  return relay_statements_list_texts (statements,
                                      "SELECT c.other FROM contact c"
                                      " JOIN contact d ON d.user = c.other AND d.other = c.user"
                                      " WHERE c.user = ? ORDER BY c.other", "s", user);
}
