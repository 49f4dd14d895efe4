/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-admin"

#include "config.h"

#include "relay-admin-private.h"

#include "relay-home-keys.h"

#include "cpm-address.h"
#include "transport-system-clock.h"

static gboolean
set_block (RelayAdmin  *admin,
           const char  *name,
           gboolean     blocked,
           GError     **error)
{
  g_autofree char *who = g_ascii_strdown (name, -1);
  RelayWrite *write;

  if (!cpm_address_is_normal (who) && !cpm_address_is_domain (who))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_USAGE,
                   "“%s” is neither a person (emily@example.org) nor a domain (example.org)", name);
      return FALSE;
    }

  write = relay_write_new (RELAY_WRITE_SET_BLOCK, NULL, g_get_real_time ());
  write->other = g_strdup (who);
  write->number = blocked;
  return relay_admin_write_and_tell (admin, write, error);
}

static gboolean
print_peer (RelayAdmin *admin,
            JsonObject *peer)
{
  const char *home = cpm_json_get_string (peer, "home", NULL);

  if (home != NULL)
    json_object_set_int_member (peer, "waiting", relay_store_count_outbox (admin->store, home));
  relay_admin_print (peer);
  return home != NULL;
}

gboolean
relay_admin_block_add (RelayAdmin  *admin,
                       char       **args,
                       GError     **error)
{
  return set_block (admin, args[0], TRUE, error);
}

gboolean
relay_admin_block_remove (RelayAdmin  *admin,
                          char       **args,
                          GError     **error)
{
  return set_block (admin, args[0], FALSE, error);
}

gboolean
relay_admin_block_list (RelayAdmin  *admin,
                        char       **args,
                        GError     **error)
{
  g_auto (GStrv) blocked = relay_store_list_blocked (admin->store, NULL);

  for (unsigned i = 0; blocked[i] != NULL; i++)
    {
      g_autoptr (JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "blocked", blocked[i]);
      relay_admin_print (object);
    }

  return TRUE;
}

gboolean
relay_admin_sessions (RelayAdmin  *admin,
                      char       **args,
                      GError     **error)
{
  JsonArray *list = admin->running != NULL ? cpm_json_get_array (admin->running, "sessions") : NULL;
  JsonArray *viewers = admin->running != NULL ? cpm_json_get_array (admin->running, "viewers")
                                              : NULL;
  g_autoptr (JsonObject) counts = json_object_new ();
  unsigned n_sessions = list != NULL ? json_array_get_length (list) : 0;

  json_object_set_boolean_member (counts, "running", admin->running != NULL);
  json_object_set_int_member (counts, "sessions", n_sessions);
  if (admin->running != NULL)
    {
      json_object_set_int_member (counts, "media_connections",
                                  cpm_json_get_int (admin->running, "media_connections", 0));
      json_object_set_int_member (counts, "pipelines",
                                  cpm_json_get_int (admin->running, "pipelines", 0));
    }
  else
    {
      json_object_set_int_member (counts, "media_connections", 0);
      json_object_set_int_member (counts, "pipelines", 0);
    }

  relay_admin_print (counts);
  for (unsigned i = 0; i < n_sessions; i++)
    relay_admin_print (json_array_get_object_element (list, i));
  for (unsigned i = 0; viewers != NULL && i < json_array_get_length (viewers); i++)
    relay_admin_print (json_array_get_object_element (viewers, i));
  return TRUE;
}

/* Other homes, as the relay that runs knows them, and what waits for them. */

gboolean
relay_admin_peers (RelayAdmin  *admin,
                   char       **args,
                   GError     **error)
{
  JsonArray *list = admin->running != NULL ? cpm_json_get_array (admin->running, "peers") : NULL;
  g_auto (GStrv) outboxes = relay_store_list_outboxes (admin->store);
  g_autoptr (GHashTable) printed = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonObject *peer = json_array_get_object_element (list, i);

      if (print_peer (admin, peer))
        g_hash_table_add (printed, (gpointer) cpm_json_get_string (peer, "home", NULL));
    }

  for (unsigned i = 0; outboxes[i] != NULL; i++)
    {
      g_autoptr (JsonObject) peer = json_object_new ();

      json_object_set_string_member (peer, "home", outboxes[i]);
      if (!g_hash_table_contains (printed, outboxes[i]))
        print_peer (admin, peer);
    }

  return TRUE;
}

gboolean
relay_admin_keys_rotate (RelayAdmin  *admin,
                         char       **args,
                         GError     **error)
{
  g_autoptr (CpmClock) clock = transport_system_clock_new ();
  g_autoptr (RelayHomeKeys) keys = relay_home_keys_new (admin->data_dir, clock, error);

  return keys != NULL && relay_home_keys_rotate (keys, error);
}
