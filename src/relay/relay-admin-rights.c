/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-admin"

#include "config.h"

#include "relay-admin-private.h"

#include "cpm-rights.h"

/* The one right that is a number. */
#define VIEWERS "share.viewers"

static gboolean
change_right (RelayAdmin      *admin,
              RelayWriteKind   kind,
              char           **args,
              GError         **error)
{
  g_autofree char *user = relay_admin_find_user (admin, args[0], error);
  CpmRights right;
  RelayWrite *write;

  if (user == NULL)
    return FALSE;

  if (g_str_equal (args[1], VIEWERS))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_USAGE,
                   "%s is a number: “rights allow USER %s N”", VIEWERS, VIEWERS);
      return FALSE;
    }

  if (!cpm_right_from_string (args[1], &right))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_USAGE,
                   "There is no right “%s”; “rights show” lists them", args[1]);
      return FALSE;
    }

  write = relay_write_new (kind, user, g_get_real_time ());
  write->number = right;
  return relay_admin_write (admin, write, error);
}

gboolean
relay_admin_rights_show (RelayAdmin  *admin,
                         char       **args,
                         GError     **error)
{
  g_autofree char *user = relay_admin_find_user (admin, args[0], error);
  g_autoptr (RelayAccount) account = user != NULL ? relay_store_find_account (admin->store, user)
                                                  : NULL;
  g_autoptr (JsonObject) object = NULL;

  if (account == NULL)
    return FALSE;

  object = json_object_new ();
  for (unsigned right = 1; right & CPM_RIGHTS_ALL; right <<= 1)
    json_object_set_boolean_member (object, cpm_right_to_string ((CpmRights) right),
                                    (account->rights & right) != 0);
  json_object_set_int_member (object, VIEWERS, account->max_viewers);
  relay_admin_print (object);
  return TRUE;
}

gboolean
relay_admin_rights_allow (RelayAdmin  *admin,
                          char       **args,
                          GError     **error)
{
  return change_right (admin, RELAY_WRITE_ALLOW, args, error);
}

gboolean
relay_admin_rights_deny (RelayAdmin  *admin,
                         char       **args,
                         GError     **error)
{
  return change_right (admin, RELAY_WRITE_DENY, args, error);
}

/* USER share.viewers N */

gboolean
relay_admin_rights_allow_number (RelayAdmin  *admin,
                                 char       **args,
                                 GError     **error)
{
  g_autofree char *user = relay_admin_find_user (admin, args[0], error);
  RelayWrite *write;
  uint64_t number;

  if (user == NULL)
    return FALSE;

  if (!g_str_equal (args[1], VIEWERS) ||
      !g_ascii_string_to_unsigned (args[2], 10, 1, CPM_MAX_VIEWERS, &number, NULL))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_USAGE,
                   "Say “rights allow USER %s N”, with N from 1 to %d", VIEWERS, CPM_MAX_VIEWERS);
      return FALSE;
    }

  write = relay_write_new (RELAY_WRITE_SET_VIEWERS, user, g_get_real_time ());
  write->number = (int64_t) number;
  return relay_admin_write (admin, write, error);
}
