/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-admin"

#include "config.h"

#include "relay-admin.h"
#include "relay-admin-private.h"

#include "relay-control.h"
#include "relay-folder.h"
#include "relay-store-sqlite.h"

#include "cpm-address.h"

#include <stdio.h>

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

static const struct
{
  const char *words;
  unsigned n_args;
  const char *usage;
  RelayAdminFunc func;
} verbs[] = {
  { "block add", 1, "ADDRESS or DOMAIN", relay_admin_block_add },
  { "block list", 0, "", relay_admin_block_list },
  { "block remove", 1, "ADDRESS or DOMAIN", relay_admin_block_remove },
  { "keys rotate", 0, "", relay_admin_keys_rotate },
  { "peers", 0, "", relay_admin_peers },
  { "rights allow", 2, "USER RIGHT", relay_admin_rights_allow },
  { "rights allow", 3, "USER share.viewers N", relay_admin_rights_allow_number },
  { "rights deny", 2, "USER RIGHT", relay_admin_rights_deny },
  { "rights show", 1, "USER", relay_admin_rights_show },
  { "sessions", 0, "", relay_admin_sessions },
  { "user add", 1, "ADDRESS [--password-file FILE]", relay_admin_user_add },
  { "user devices", 1, "USER", relay_admin_user_devices },
  { "user disable", 1, "USER", relay_admin_user_disable },
  { "user enable", 1, "USER", relay_admin_user_enable },
  { "user list", 0, "", relay_admin_user_list },
  { "user revoke", 2, "USER DEVICE", relay_admin_user_revoke },
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
find_verb (char    **args,
           size_t   *out_verb,
           char   ***out_args,
           GError  **error)
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

  g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_USAGE,
                       "This is not an admin command; see “vitrine-relay admin --help”");
  return FALSE;
}

static gboolean
open_store (RelayAdmin      *admin,
            RelayAdminFunc   func,
            GError         **error)
{
  g_autofree char *database = relay_folder_dup_database (admin->data_dir);

  if (func != relay_admin_user_add && !g_file_test (database, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE, "There is no relay's data in %s",
                   admin->data_dir);
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
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, out_password_file,
      "Read the password from FILE", "FILE" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, out_rest, NULL, "VERB …" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *description = dup_description ();
  g_autoptr (GError) local_error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (context, description);
  if (g_option_context_parse (context, &argc, &argv, &local_error) && *out_data_dir != NULL &&
      *out_rest != NULL)
    return TRUE;

  g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_USAGE,
                       local_error != NULL ? local_error->message
                                           : "Say --data FOLDER and what to do; see --help");
  return FALSE;
}

void
relay_admin_print (JsonObject *object)
{
  g_autofree char *text = cpm_json_to_text (object);

  printf ("%s\n", text);
}

gboolean
relay_admin_write (RelayAdmin  *admin,
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

char *
relay_admin_find_user (RelayAdmin  *admin,
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

gboolean
relay_admin_write_and_tell (RelayAdmin  *admin,
                            RelayWrite  *write,
                            GError     **error)
{
  g_autoptr (JsonObject) answer = NULL;

  if (!relay_admin_write (admin, write, error))
    return FALSE;

  answer = relay_control_ask (admin->data_dir, NULL);
  return TRUE;
}

gboolean
relay_admin_run (int      argc,
                 char   **argv,
                 GError **error)
{
  g_autofree char *data_dir = NULL;
  g_autofree char *password_file = NULL;
  g_auto (GStrv) rest = NULL;
  g_autoptr (RelayStore) store = NULL;
  g_autoptr (JsonObject) running = NULL;
  RelayAdmin admin = { 0 };
  char **args;
  size_t verb;

  if (!parse (argc, argv, &data_dir, &password_file, &rest, error) ||
      !find_verb (rest, &verb, &args, error))
    return FALSE;

  admin.data_dir = data_dir;
  admin.password_file = password_file;
  if (!open_store (&admin, verbs[verb].func, error))
    return FALSE;
  store = admin.store;
  running = admin.running = relay_control_ask (data_dir, NULL);

  return verbs[verb].func (&admin, args, error);
}
