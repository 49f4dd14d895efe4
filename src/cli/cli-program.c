/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-program"

#include "config.h"

#include "cli-program.h"

#include "cli-run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGENT "vitrine-cli/" PACKAGE_VERSION
#define STATUS_USAGE 2
#define MAX_PASSWORD_FILE_BYTES 4096

typedef struct
{
  char *home;
  char *relay;
  char *ca_file;
  char *pin;
  char *account;
  char *password_file;
  char *capabilities;
  char **rest;
  gboolean version;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->home);
  g_free (options->relay);
  g_free (options->ca_file);
  g_free (options->pin);
  g_free (options->account);
  g_free (options->password_file);
  g_free (options->capabilities);
  g_strfreev (options->rest);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* One line, whatever the sentence holds. */
static int
complain (const char *text,
          int         status)
{
  g_autofree char *line = g_strdelimit (g_strdup (text), "\r\n", ' ');

  fprintf (stderr, "vitrine-cli: %s\n", line);

  return status;
}

static gboolean
parse_options (int       *argc,
               char    ***argv,
               Options   *options,
               GError   **error)
{
  const GOptionEntry entries[] = {
    { "home", 0, 0, G_OPTION_ARG_FILENAME, &options->home,
      "The folder that holds everything of one client", "DIR" },
    { "relay", 0, 0, G_OPTION_ARG_STRING, &options->relay, "The home relay (sign-up, sign-in)",
      "wss://HOST:PORT" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &options->ca_file,
      "The certificate authority of the relay", "FILE" },
    { "pin", 0, 0, G_OPTION_ARG_STRING, &options->pin, "The pin of the relay's certificate",
      "SHA256" },
    { "account", 0, 0, G_OPTION_ARG_STRING, &options->account, "The account (sign-up, sign-in)",
      "alice@a.test" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options->password_file,
      "Its password, in a file", "FILE" },
    { "capabilities", 0, 0, G_OPTION_ARG_STRING, &options->capabilities,
      "Say that this device can show only this (run)", "picture,audio,…" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Show the version", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->rest, NULL,
      "sign-up|sign-in|run" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (
    context, "Vitrine without a window: JSON commands on stdin, JSON events on stdout.");

  return g_option_context_parse (context, argc, argv, error);
}

/* The file's first line. (transfer full) */
static char *
read_password (const char  *path,
               GError     **error)
{
  g_autofree char *text = NULL;
  size_t length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;

  if (length > MAX_PASSWORD_FILE_BYTES || strlen (text) != length)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The file %s holds no password.",
                   path);
      return NULL;
    }

  text[strcspn (text, "\r\n")] = '\0';

  return g_steal_pointer (&text);
}

typedef struct
{
  GMainLoop *loop;
  GError *error;
} SignIn;

static void
on_signed_in (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  SignIn *sign_in = user_data;

  client_sign_in_finish (CLIENT_CLIENT (source), result, &sign_in->error);
  g_main_loop_quit (sign_in->loop);
}

static int
sign_in (Client        *client,
         const Options *options,
         gboolean       create)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autofree char *password = NULL;
  SignIn state = { .loop = loop };
  ClientAccountInfo info = {
    .relay = options->relay,
    .pin = options->pin,
    .ca_file = options->ca_file,
    .account = options->account,
    .create = create,
  };

  if (options->relay == NULL || options->account == NULL || options->password_file == NULL)
    return complain ("Give --relay, --account and --password-file.", STATUS_USAGE);

  password = read_password (options->password_file, &error);
  if (password == NULL)
    return complain (error->message, EXIT_FAILURE);

  info.password = password;
  client_sign_in_async (client, &info, NULL, on_signed_in, &state);
  g_main_loop_run (loop);
  explicit_bzero (password, strlen (password));
  client_disconnect (client);

  if (state.error == NULL)
    return EXIT_SUCCESS;

  error = state.error;

  return complain (error->message, EXIT_FAILURE);
}

/* "picture,audio": the names of cpm-capabilities.h. */
static gboolean
parse_capabilities (const char     *text,
                    CpmCapability  *out_capabilities,
                    GError        **error)
{
  g_auto (GStrv) names = g_strsplit (text, ",", -1);
  g_autoptr (JsonArray) array = json_array_new ();

  for (size_t i = 0; names[i] != NULL; i++)
    json_array_add_string_element (array, g_strstrip (names[i]));

  *out_capabilities = cpm_capabilities_from_json (array);
  if (*out_capabilities != CPM_CAPABILITY_NONE)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_UNSUPPORTED,
               "“%s” names nothing that a device can show, such as picture, video or audio.", text);
  return FALSE;
}

static int
run (Client        *client,
     const Options *options)
{
  g_autoptr (GError) error = NULL;
  CpmCapability capabilities;

  if (options->capabilities != NULL)
    {
      if (!parse_capabilities (options->capabilities, &capabilities, &error))
        return complain (error->message, STATUS_USAGE);
      client_set_capabilities (client, capabilities);
    }

  return cli_run (client, &error) ? EXIT_SUCCESS : complain (error->message, EXIT_FAILURE);
}

int
cli_program_run (int    argc,
                 char **argv)
{
  g_auto (Options) options = { NULL };
  g_autoptr (Client) client = NULL;
  g_autoptr (GError) error = NULL;
  const char *command;

  /* stdout is for JSON only. */
  g_log_writer_default_set_use_stderr (TRUE);

  if (!parse_options (&argc, &argv, &options, &error))
    return complain (error->message, STATUS_USAGE);

  if (options.version)
    {
      puts (PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }

  command = options.rest != NULL ? options.rest[0] : NULL;
  if (options.home == NULL || command == NULL || options.rest[1] != NULL)
    return complain ("Usage: vitrine-cli --home DIR sign-up|sign-in|run (--help tells more).",
                     STATUS_USAGE);

  if (!g_str_equal (command, "sign-up") && !g_str_equal (command, "sign-in") &&
      !g_str_equal (command, "run"))
    return complain ("The command is one of sign-up, sign-in, run.", STATUS_USAGE);

  client = client_new (options.home, NULL, AGENT, &error);
  if (client == NULL)
    return complain (error->message, EXIT_FAILURE);

  client_set_play_audio (client, FALSE);
  if (g_str_equal (command, "run"))
    return run (client, &options);

  return sign_in (client, &options, g_str_equal (command, "sign-up"));
}
