/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-options"

#include "config.h"

#include "relay-options.h"

typedef struct
{
  RelayConfig *config;
  GHashTable *given; /* names of the settings */
} Parse;

static gboolean
on_option (const char  *option,
           const char  *value,
           gpointer     user_data,
           GError     **error)
{
  Parse *parse = user_data;
  g_autoptr (GError) local_error = NULL;
  const char *name = option;

  while (*name == '-')
    name++;

  if (!relay_config_set (parse->config, name, value != NULL ? value : "true", &local_error))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, local_error->message);
      return FALSE;
    }

  g_hash_table_add (parse->given, g_strdup (name));
  return TRUE;
}

static GArray *
list_entries (char     **config_path,
              gboolean  *version)
{
  const GOptionEntry first[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, config_path, "Read the settings from FILE", "FILE" },
    { "version", 0, 0, G_OPTION_ARG_NONE, version, "Print the version", NULL },
  };
  GArray *entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  const char *name;
  const char *placeholder;

  g_array_append_vals (entries, first, G_N_ELEMENTS (first));
  for (unsigned i = 0; relay_config_describe (i, &name, &placeholder); i++)
    {
      GOptionEntry entry = {
        name, 0, placeholder == NULL ? G_OPTION_FLAG_NO_ARG : 0, G_OPTION_ARG_CALLBACK, on_option,
        "As in the file (see relay.conf)", placeholder
      };

      g_array_append_val (entries, entry);
    }

  return entries;
}

static gboolean
parse_arguments (Parse    *parse,
                 int      *argc,
                 char   ***argv,
                 GArray   *entries,
                 GError  **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("— a home for Vitrine's users");
  GOptionGroup *group = g_option_group_new ("relay", "", "", parse, NULL);
  g_autoptr (GError) local_error = NULL;

  g_option_group_add_entries (group, (GOptionEntry *) (gpointer) entries->data);
  g_option_context_set_main_group (context, group);
  g_option_context_set_description (
    context, "“vitrine-relay admin --data FOLDER …” manages the users of a relay; "
             "“vitrine-relay admin --help” says how.");

  if (g_option_context_parse (context, argc, argv, &local_error) && *argc == 1)
    return TRUE;

  if (local_error != NULL)
    g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_USAGE, local_error->message);
  else
    g_set_error (error, RELAY_ERROR, RELAY_ERROR_USAGE, "“%s” is not understood; see --help",
                 (*argv)[1]);
  return FALSE;
}

RelayConfig *
relay_options_parse (int      *argc,
                     char   ***argv,
                     GError  **error)
{
  g_autoptr (RelayConfig) config = relay_config_new ();
  g_autoptr (GHashTable) given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *config_path = NULL;
  gboolean version = FALSE;
  g_autoptr (GArray) entries = list_entries (&config_path, &version);
  Parse parse = { config, given };

  if (!parse_arguments (&parse, argc, argv, entries, error))
    return NULL;

  if (version)
    {
      g_print ("vitrine-relay %s\n", PACKAGE_VERSION);
      return NULL;
    }

  if ((config_path != NULL && !relay_config_load (config, config_path, given, error)) ||
      !relay_config_check (config, error))
    return NULL;

  return g_steal_pointer (&config);
}
