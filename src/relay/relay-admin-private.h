/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-error.h"
#include "relay-store.h"

#include "cpm-json.h"

G_BEGIN_DECLS

/* For relay-admin.c, which finds the verb, and the files of the verbs: relay-admin-user.c,
 * relay-admin-rights.c and relay-admin-home.c. */

/**
 * RelayAdmin:
 * @password_file: (nullable): where a password is read from; else from standard input
 * @running: (nullable): what the relay that runs says
 *
 * What a verb works with; it lasts for the one.
 */
typedef struct
{
  const char *data_dir;
  const char *password_file;
  RelayStore *store;
  JsonObject *running;
} RelayAdmin;

/* A verb: @args are as many as its row in the table says. */
typedef gboolean (*RelayAdminFunc) (RelayAdmin  *admin,
                                    char       **args,
                                    GError     **error);

void     relay_admin_print               (JsonObject  *object);

/* The account of an address, or of the part before the @ when only one account has it. (transfer
 * full) */
char    *relay_admin_find_user           (RelayAdmin  *admin,
                                          const char  *name,
                                          GError     **error);

/* Writes and waits. (transfer full): @write. The second has the relay that runs look at once at
 * what was changed. */
gboolean relay_admin_write               (RelayAdmin  *admin,
                                          RelayWrite  *write,
                                          GError     **error);
gboolean relay_admin_write_and_tell      (RelayAdmin  *admin,
                                          RelayWrite  *write,
                                          GError     **error);

/* Accounts and their devices. */
gboolean relay_admin_user_add            (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_user_disable        (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_user_enable         (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_user_devices        (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_user_revoke         (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_user_list           (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);

/* What people may. */
gboolean relay_admin_rights_show         (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_rights_allow        (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_rights_deny         (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_rights_allow_number (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);

/* The home itself: whom it blocks, what goes on in it, whom it knows, its keys. */
gboolean relay_admin_block_add           (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_block_remove        (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_block_list          (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_sessions            (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_peers               (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);
gboolean relay_admin_keys_rotate         (RelayAdmin  *admin,
                                          char       **args,
                                          GError     **error);

G_END_DECLS
