/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-admin"

#include "config.h"

#include "relay-admin-private.h"

#include "relay-accounts.h"

#include "cpm-address.h"
#include "cpm-capabilities.h"

#include <stdio.h>
#include <string.h>

#define MIN_PASSWORD 8
#define MAX_PASSWORD 1024

static char *
read_password (RelayAdmin  *admin,
               GError     **error)
{
  g_autofree char *text = NULL;
  size_t length;

  if (admin->password_file != NULL)
    {
      if (!g_file_get_contents (admin->password_file, &text, NULL, error))
        return NULL;
    }
  else
    {
      text = g_malloc0 (MAX_PASSWORD + 2);
      if (fgets (text, MAX_PASSWORD + 2, stdin) == NULL)
        *text = '\0';
    }

  text[strcspn (text, "\r\n")] = '\0';
  length = strlen (text);
  if (length >= MIN_PASSWORD && length <= MAX_PASSWORD)
    return g_steal_pointer (&text);

  g_set_error (
    error, RELAY_ERROR, RELAY_ERROR_USAGE,
    "A password of %d to %d bytes is needed, in --password-file or as one line on standard input",
    MIN_PASSWORD, MAX_PASSWORD);
  return NULL;
}

static gboolean
user_set_disabled (RelayAdmin  *admin,
                   const char  *name,
                   gboolean     disabled,
                   GError     **error)
{
  g_autofree char *user = relay_admin_find_user (admin, name, error);
  RelayWrite *write;

  if (user == NULL)
    return FALSE;

  write = relay_write_new (RELAY_WRITE_SET_DISABLED, user, g_get_real_time ());
  write->number = disabled;
  return relay_admin_write_and_tell (admin, write, error);
}

static gboolean
is_online (RelayAdmin *admin,
           const char *user,
           const char *device)
{
  JsonArray *people = admin->running != NULL ? cpm_json_get_array (admin->running, "people") : NULL;

  for (unsigned i = 0; people != NULL && i < json_array_get_length (people); i++)
    {
      JsonObject *one = json_array_get_object_element (people, i);

      if (g_strcmp0 (cpm_json_get_string (one, "user", NULL), user) == 0 &&
          (device == NULL || g_strcmp0 (cpm_json_get_string (one, "device", NULL), device) == 0))
        return TRUE;
    }

  return FALSE;
}

static JsonArray *
describe_devices (RelayAdmin *admin,
                  const char *user)
{
  g_autoptr (GPtrArray) devices = relay_store_list_devices (admin->store, user);
  JsonArray *array = json_array_new ();

  for (unsigned i = 0; i < devices->len; i++)
    {
      const RelayDevice *device = devices->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "device", device->device);
      if (device->name != NULL)
        json_object_set_string_member (object, "name", device->name);
      json_object_set_array_member (
        object, "capabilities", cpm_capabilities_to_json ((CpmCapability) device->capabilities));
      json_object_set_int_member (object, "seen", device->seen_us);
      json_object_set_boolean_member (object, "online", is_online (admin, user, device->device));
      json_array_add_object_element (array, object);
    }

  return array;
}

gboolean
relay_admin_user_add (RelayAdmin  *admin,
                      char       **args,
                      GError     **error)
{
  g_autofree char *user = cpm_address_normalize (args[0], error);
  g_autofree char *password = user != NULL ? read_password (admin, error) : NULL;
  g_autofree char *hash = password != NULL ? relay_accounts_hash_password (password, error) : NULL;
  RelayWrite *write;

  if (hash == NULL)
    return FALSE;

  write = relay_write_new (RELAY_WRITE_ADD_ACCOUNT, user, g_get_real_time ());
  write->text = g_strdup (hash);
  return relay_admin_write (admin, write, error);
}

gboolean
relay_admin_user_disable (RelayAdmin  *admin,
                          char       **args,
                          GError     **error)
{
  return user_set_disabled (admin, args[0], TRUE, error);
}

gboolean
relay_admin_user_enable (RelayAdmin  *admin,
                         char       **args,
                         GError     **error)
{
  return user_set_disabled (admin, args[0], FALSE, error);
}

gboolean
relay_admin_user_devices (RelayAdmin  *admin,
                          char       **args,
                          GError     **error)
{
  g_autofree char *user = relay_admin_find_user (admin, args[0], error);
  g_autoptr (JsonArray) devices = user != NULL ? describe_devices (admin, user) : NULL;

  for (unsigned i = 0; devices != NULL && i < json_array_get_length (devices); i++)
    relay_admin_print (json_array_get_object_element (devices, i));

  return user != NULL;
}

gboolean
relay_admin_user_revoke (RelayAdmin  *admin,
                         char       **args,
                         GError     **error)
{
  g_autofree char *user = relay_admin_find_user (admin, args[0], error);
  RelayWrite *write;

  if (user == NULL)
    return FALSE;

  write = relay_write_new (RELAY_WRITE_REMOVE_DEVICE, user, g_get_real_time ());
  write->device = g_strdup (args[1]);
  return relay_admin_write_and_tell (admin, write, error);
}

gboolean
relay_admin_user_list (RelayAdmin  *admin,
                       char       **args,
                       GError     **error)
{
  g_autoptr (GPtrArray) accounts = relay_store_list_accounts (admin->store);

  for (unsigned i = 0; i < accounts->len; i++)
    {
      const RelayAccount *account = accounts->pdata[i];
      g_autoptr (JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "user", account->user);
      json_object_set_boolean_member (object, "disabled", account->disabled);
      json_object_set_boolean_member (object, "online", is_online (admin, account->user, NULL));
      json_object_set_array_member (object, "devices", describe_devices (admin, account->user));
      relay_admin_print (object);
    }

  return TRUE;
}
