/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-admin"

#include "config.h"

#include "relay-admin.h"

#include "relay-accounts.h"
#include "relay-control.h"
#include "relay-folder.h"
#include "relay-home-keys.h"
#include "relay-store-sqlite.h"

#include "cpm-address.h"
#include "cpm-capabilities.h"
#include "cpm-json.h"
#include "cpm-rights.h"
#include "transport-system-clock.h"

#include <stdio.h>
#include <string.h>

#define MIN_PASSWORD 8
#define MAX_PASSWORD 1024

/* The one right that is a number. */
#define VIEWERS "share.viewers"

typedef struct
{
  const char *data_dir;
  const char *password_file; /* (nullable) */
  RelayStore *store;
  JsonObject *running;       /* (nullable): what the relay that runs says */
} Admin;

typedef gboolean (*AdminFunc) (Admin   *admin,
                               char   **args,
                               GError **error);

static void
print_object (JsonObject *object)
{
  g_autofree char *text = cpm_json_to_text (object);

  printf ("%s\n", text);
}

typedef struct
{
  RelayStore *store;
  GError *error;
  gboolean done;
} Wait;

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Wait *wait = user_data;

  relay_store_write_finish (wait->store, result, &wait->error);
  wait->done = TRUE;
}

static gboolean
write_and_wait (Admin       *admin,
                RelayWrite  *write,
                GError     **error)
{
  Wait wait = { admin->store, NULL, FALSE };

  relay_store_write_async (admin->store, write, on_written, &wait);
  while (!wait.done)
    g_main_context_iteration (NULL, TRUE);

  if (wait.error == NULL)
    return TRUE;

  g_propagate_error (error, wait.error);
  return FALSE;
}

/* An address, or the part before the @ when only one account has it. */
static char *
find_user (Admin       *admin,
           const char  *name,
           GError     **error)
{
  g_autoptr (GPtrArray) accounts = relay_store_list_accounts (admin->store);
  char *found = NULL;

  for (unsigned i = 0; i < accounts->len; i++)
    {
      const RelayAccount *account = accounts->pdata[i];
      g_autofree char *user = cpm_address_dup_user (account->user);

      if (g_ascii_strcasecmp (account->user, name) == 0 || g_ascii_strcasecmp (user, name) == 0)
        {
          g_free (found);
          found = g_strdup (account->user);
        }
    }

  if (found == NULL)
    g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE, "There is no account %s", name);
  return found;
}

static char *
read_password (Admin   *admin,
               GError **error)
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

  g_set_error (error, RELAY_ERROR, RELAY_ERROR_USAGE,
               "A password of %d to %d bytes is needed, in --password-file or as one line on standard input",
               MIN_PASSWORD, MAX_PASSWORD);
  return NULL;
}

/* Has the relay that runs look at once at what was changed. */
static gboolean
write_and_tell (Admin       *admin,
                RelayWrite  *write,
                GError     **error)
{
  g_autoptr (JsonObject) answer = NULL;

  if (!write_and_wait (admin, write, error))
    return FALSE;

  answer = relay_control_ask (admin->data_dir, NULL);
  return TRUE;
}

static gboolean
user_add (Admin   *admin,
          char   **args,
          GError **error)
{
  g_autofree char *user = cpm_address_normalize (args[0], error);
  g_autofree char *password = user != NULL ? read_password (admin, error) : NULL;
  g_autofree char *hash = password != NULL ? relay_accounts_hash_password (password, error) : NULL;
  RelayWrite *write;

  if (hash == NULL)
    return FALSE;

  write = relay_write_new (RELAY_WRITE_ADD_ACCOUNT, user, g_get_real_time ());
  write->text = g_strdup (hash);
  return write_and_wait (admin, write, error);
}

static gboolean
user_set_disabled (Admin       *admin,
                   const char  *name,
                   gboolean     disabled,
                   GError     **error)
{
  g_autofree char *user = find_user (admin, name, error);
  RelayWrite *write;

  if (user == NULL)
    return FALSE;

  write = relay_write_new (RELAY_WRITE_SET_DISABLED, user, g_get_real_time ());
  write->number = disabled;
  return write_and_tell (admin, write, error);
}

static gboolean
user_disable (Admin   *admin,
              char   **args,
              GError **error)
{
  return user_set_disabled (admin, args[0], TRUE, error);
}

static gboolean
user_enable (Admin   *admin,
             char   **args,
             GError **error)
{
  return user_set_disabled (admin, args[0], FALSE, error);
}

static gboolean
is_online (Admin      *admin,
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
describe_devices (Admin      *admin,
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
      json_object_set_array_member (object, "capabilities",
                                    cpm_capabilities_to_json ((CpmCapability) device->capabilities));
      json_object_set_int_member (object, "seen", device->seen_us);
      json_object_set_boolean_member (object, "online", is_online (admin, user, device->device));
      json_array_add_object_element (array, object);
    }

  return array;
}

static gboolean
user_devices (Admin   *admin,
              char   **args,
              GError **error)
{
  g_autofree char *user = find_user (admin, args[0], error);
  g_autoptr (JsonArray) devices = user != NULL ? describe_devices (admin, user) : NULL;

  for (unsigned i = 0; devices != NULL && i < json_array_get_length (devices); i++)
    print_object (json_array_get_object_element (devices, i));

  return user != NULL;
}

static gboolean
user_revoke (Admin   *admin,
             char   **args,
             GError **error)
{
  g_autofree char *user = find_user (admin, args[0], error);
  RelayWrite *write;

  if (user == NULL)
    return FALSE;

  write = relay_write_new (RELAY_WRITE_REMOVE_DEVICE, user, g_get_real_time ());
  write->device = g_strdup (args[1]);
  return write_and_tell (admin, write, error);
}

static gboolean
user_list (Admin   *admin,
           char   **args,
           GError **error)
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
      print_object (object);
    }

  return TRUE;
}

static gboolean
rights_show (Admin   *admin,
             char   **args,
             GError **error)
{
  g_autofree char *user = find_user (admin, args[0], error);
  g_autoptr (RelayAccount) account = user != NULL ? relay_store_find_account (admin->store, user) : NULL;
  g_autoptr (JsonObject) object = NULL;

  if (account == NULL)
    return FALSE;

  object = json_object_new ();
  for (unsigned right = 1; right & CPM_RIGHTS_ALL; right <<= 1)
    json_object_set_boolean_member (object, cpm_right_to_string ((CpmRights) right), (account->rights & right) != 0);
  json_object_set_int_member (object, VIEWERS, account->max_viewers);
  print_object (object);
  return TRUE;
}

static gboolean
change_right (Admin           *admin,
              RelayWriteKind   kind,
              char           **args,
              GError         **error)
{
  g_autofree char *user = find_user (admin, args[0], error);
  CpmRights right;
  RelayWrite *write;

  if (user == NULL)
    return FALSE;

  if (g_str_equal (args[1], VIEWERS))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_USAGE, "%s is a number: “rights allow USER %s N”", VIEWERS, VIEWERS);
      return FALSE;
    }

  if (!cpm_right_from_string (args[1], &right))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_USAGE, "There is no right “%s”; “rights show” lists them", args[1]);
      return FALSE;
    }

  write = relay_write_new (kind, user, g_get_real_time ());
  write->number = right;
  return write_and_wait (admin, write, error);
}

static gboolean
rights_allow (Admin   *admin,
              char   **args,
              GError **error)
{
  return change_right (admin, RELAY_WRITE_ALLOW, args, error);
}

static gboolean
rights_deny (Admin   *admin,
             char   **args,
             GError **error)
{
  return change_right (admin, RELAY_WRITE_DENY, args, error);
}

/* USER share.viewers N */
static gboolean
rights_allow_number (Admin   *admin,
                     char   **args,
                     GError **error)
{
  g_autofree char *user = find_user (admin, args[0], error);
  RelayWrite *write;
  uint64_t number;

  if (user == NULL)
    return FALSE;

  if (!g_str_equal (args[1], VIEWERS) ||
      !g_ascii_string_to_unsigned (args[2], 10, 1, CPM_MAX_VIEWERS, &number, NULL))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_USAGE, "Say “rights allow USER %s N”, with N from 1 to %d",
                   VIEWERS, CPM_MAX_VIEWERS);
      return FALSE;
    }

  write = relay_write_new (RELAY_WRITE_SET_VIEWERS, user, g_get_real_time ());
  write->number = (int64_t) number;
  return write_and_wait (admin, write, error);
}

static gboolean
set_block (Admin       *admin,
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
  return write_and_tell (admin, write, error);
}

static gboolean
block_add (Admin   *admin,
           char   **args,
           GError **error)
{
  return set_block (admin, args[0], TRUE, error);
}

static gboolean
block_remove (Admin   *admin,
              char   **args,
              GError **error)
{
  return set_block (admin, args[0], FALSE, error);
}

static gboolean
block_list (Admin   *admin,
            char   **args,
            GError **error)
{
  g_auto (GStrv) blocked = relay_store_list_blocked (admin->store, NULL);

  for (unsigned i = 0; blocked[i] != NULL; i++)
    {
      g_autoptr (JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "blocked", blocked[i]);
      print_object (object);
    }

  return TRUE;
}

static gboolean
sessions (Admin   *admin,
          char   **args,
          GError **error)
{
  JsonArray *list = admin->running != NULL ? cpm_json_get_array (admin->running, "sessions") : NULL;
  JsonArray *viewers = admin->running != NULL ? cpm_json_get_array (admin->running, "viewers") : NULL;
  g_autoptr (JsonObject) counts = json_object_new ();
  unsigned n_sessions = list != NULL ? json_array_get_length (list) : 0;

  json_object_set_boolean_member (counts, "running", admin->running != NULL);
  json_object_set_int_member (counts, "sessions", n_sessions);
  if (admin->running != NULL)
    {
      json_object_set_int_member (counts, "media_connections",
                                  cpm_json_get_int (admin->running, "media_connections", 0));
      json_object_set_int_member (counts, "pipelines", cpm_json_get_int (admin->running, "pipelines", 0));
    }
  else
    {
      json_object_set_int_member (counts, "media_connections", 0);
      json_object_set_int_member (counts, "pipelines", 0);
    }

  print_object (counts);
  for (unsigned i = 0; i < n_sessions; i++)
    print_object (json_array_get_object_element (list, i));
  for (unsigned i = 0; viewers != NULL && i < json_array_get_length (viewers); i++)
    print_object (json_array_get_object_element (viewers, i));
  return TRUE;
}

static gboolean
print_peer (Admin      *admin,
            JsonObject *peer)
{
  const char *home = cpm_json_get_string (peer, "home", NULL);

  if (home != NULL)
    json_object_set_int_member (peer, "waiting", relay_store_count_outbox (admin->store, home));
  print_object (peer);
  return home != NULL;
}

/* Other homes, as the relay that runs knows them, and what waits for them. */
static gboolean
peers (Admin   *admin,
       char   **args,
       GError **error)
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

static gboolean
keys_rotate (Admin   *admin,
             char   **args,
             GError **error)
{
  g_autoptr (CpmClock) clock = transport_system_clock_new ();
  g_autoptr (RelayHomeKeys) keys = relay_home_keys_new (admin->data_dir, clock, error);

  return keys != NULL && relay_home_keys_rotate (keys, error);
}

static const struct
{
  const char *words;
  unsigned n_args;
  const char *usage;
  AdminFunc func;
} verbs[] = {
  { "block add", 1, "ADDRESS or DOMAIN", block_add },
  { "block list", 0, "", block_list },
  { "block remove", 1, "ADDRESS or DOMAIN", block_remove },
  { "keys rotate", 0, "", keys_rotate },
  { "peers", 0, "", peers },
  { "rights allow", 2, "USER RIGHT", rights_allow },
  { "rights allow", 3, "USER share.viewers N", rights_allow_number },
  { "rights deny", 2, "USER RIGHT", rights_deny },
  { "rights show", 1, "USER", rights_show },
  { "sessions", 0, "", sessions },
  { "user add", 1, "ADDRESS [--password-file FILE]", user_add },
  { "user devices", 1, "USER", user_devices },
  { "user disable", 1, "USER", user_disable },
  { "user enable", 1, "USER", user_enable },
  { "user list", 0, "", user_list },
  { "user revoke", 2, "USER DEVICE", user_revoke },
};

static char *
dup_description (void)
{
  GString *text = g_string_new ("Verbs:\n");

  for (size_t i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_string_append_printf (text, "  %s %s\n", verbs[i].words, verbs[i].usage);

  return g_string_free (text, FALSE);
}

/* Finds the verb at the start of @args, and where its own arguments begin. */
static gboolean
find_verb (char   **args,
           size_t  *out_verb,
           char  ***out_args,
           GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_auto (GStrv) words = g_strsplit (verbs[i].words, " ", -1);
      unsigned n_words = g_strv_length (words);
      unsigned n_same = 0;

      while (n_same < n_words && args[n_same] != NULL && g_str_equal (args[n_same], words[n_same]))
        n_same++;

      if (n_same == n_words && g_strv_length (args) == n_words + verbs[i].n_args)
        {
          *out_verb = i;
          *out_args = args + n_words;
          return TRUE;
        }
    }

  g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_USAGE, "This is not an admin command; see “vitrine-relay admin --help”");
  return FALSE;
}

static gboolean
open_store (Admin     *admin,
            AdminFunc  func,
            GError   **error)
{
  g_autofree char *database = relay_folder_dup_database (admin->data_dir);

  if (func != user_add && !g_file_test (database, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE, "There is no relay's data in %s", admin->data_dir);
      return FALSE;
    }

  admin->store = relay_store_sqlite_new (database, error);
  return admin->store != NULL;
}

static gboolean
parse (int       argc,
       char    **argv,
       char    **out_data_dir,
       char    **out_password_file,
       char   ***out_rest,
       GError  **error)
{
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, out_data_dir, "The data folder of the relay", "FOLDER" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, out_password_file, "Read the password from FILE", "FILE" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, out_rest, NULL, "VERB …" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *description = dup_description ();
  g_autoptr (GError) local_error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (context, description);
  if (g_option_context_parse (context, &argc, &argv, &local_error) && *out_data_dir != NULL && *out_rest != NULL)
    return TRUE;

  g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_USAGE,
                       local_error != NULL ? local_error->message : "Say --data FOLDER and what to do; see --help");
  return FALSE;
}

gboolean
relay_admin_run (int       argc,
                 char    **argv,
                 GError  **error)
{
  g_autofree char *data_dir = NULL;
  g_autofree char *password_file = NULL;
  g_auto (GStrv) rest = NULL;
  g_autoptr (RelayStore) store = NULL;
  g_autoptr (JsonObject) running = NULL;
  Admin admin = { 0 };
  char **args;
  size_t verb;

  if (!parse (argc, argv, &data_dir, &password_file, &rest, error) || !find_verb (rest, &verb, &args, error))
    return FALSE;

  admin.data_dir = data_dir;
  admin.password_file = password_file;
  if (!open_store (&admin, verbs[verb].func, error))
    return FALSE;
  store = admin.store;
  running = admin.running = relay_control_ask (data_dir, NULL);

  return verbs[verb].func (&admin, args, error);
}
