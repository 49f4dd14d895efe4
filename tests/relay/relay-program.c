/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-program.h"

#include "cpm-json.h"

#include <glib/gstdio.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static char *
get_path (void)
{
  return g_build_filename (g_getenv ("VITRINE_BUILD"), "src", "relay", "vitrine-relay", NULL);
}

RelayProgram *
relay_program_new (void)
{
  RelayProgram *self = g_new0 (RelayProgram, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("vitrine-relay-XXXXXX", &error);
  g_assert_no_error (error);

  return self;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }

  g_remove (path);
}

void
relay_program_free (RelayProgram *self)
{
  relay_program_kill (self);
  remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->pin);
  g_free (self);
}

static void
read_ready_line (RelayProgram *self)
{
  g_autoptr (GDataInputStream) output =
    g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_autoptr (JsonObject) ready = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "ready "));
  ready = cpm_json_parse (line + 6, strlen (line + 6), CPM_JSON_MAX_BYTES, &error);
  g_assert_no_error (error);

  self->port = (unsigned) cpm_json_get_int (ready, "port", 0);
  self->rtsp_port = (unsigned) cpm_json_get_int (ready, "rtsp_port", 0);
  g_free (self->pin);
  self->pin = g_strdup (cpm_json_get_string (ready, "pin", NULL));
  g_assert_cmpuint (self->port, >, 0);
}

static void
limit_files (gpointer user_data)
{
  rlim_t max_files = GPOINTER_TO_UINT (user_data);
  struct rlimit limit = { max_files, max_files };

  setrlimit (RLIMIT_NOFILE, &limit);
}

static void
limit_file_size (gpointer user_data)
{
  rlim_t max_bytes = GPOINTER_TO_UINT (user_data);
  struct rlimit limit = { max_bytes, max_bytes };

  /* Writing fails then, instead of killing. */
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
}

static void
start (RelayProgram         *self,
       const char * const   *options,
       GSpawnChildSetupFunc  set_limit,
       unsigned              limit)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *program = get_path ();
  g_autofree char *log = g_build_filename (self->folder, "log", NULL);
  g_autofree char *data = g_build_filename (self->folder, "data", NULL);
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GError) error = NULL;

  g_strv_builder_add_many (builder, program, "--domain", "a.test", "--data", data, "--listen",
                           "127.0.0.1", "--port", "0", "--rtsp-port", "0", "--open-registration",
                           NULL);
  for (unsigned i = 0; options != NULL && options[i] != NULL; i++)
    g_strv_builder_add (builder, options[i]);
  arguments = g_strv_builder_end (builder);

  g_subprocess_launcher_set_stderr_file_path (launcher, log);
  if (set_limit != NULL)
    g_subprocess_launcher_set_child_setup (launcher, set_limit, GUINT_TO_POINTER (limit), NULL);
  self->process = g_subprocess_launcher_spawnv (launcher, (const char * const *) arguments, &error);
  g_assert_no_error (error);
  read_ready_line (self);
}

void
relay_program_start (RelayProgram       *self,
                     const char * const *options)
{
  start (self, options, NULL, 0);
}

void
relay_program_start_limited (RelayProgram *self,
                             unsigned      max_files)
{
  start (self, NULL, limit_files, max_files);
}

void
relay_program_start_cramped (RelayProgram *self,
                             unsigned      max_file_bytes)
{
  start (self, NULL, limit_file_size, max_file_bytes);
}

int
relay_program_run (const char * const  *arguments,
                   char               **out_output,
                   char               **out_complaint)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *program = get_path ();
  g_auto (GStrv) all = NULL;
  g_autoptr (GError) error = NULL;

  g_strv_builder_add (builder, program);
  g_strv_builder_addv (builder, (const char **) arguments);
  all = g_strv_builder_end (builder);
  process = g_subprocess_newv ((const char *const *) all,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, out_output, out_complaint, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));

  return g_subprocess_get_exit_status (process);
}

int
relay_program_stop (RelayProgram *self)
{
  int status = -1;

  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  if (g_subprocess_get_if_exited (self->process))
    status = g_subprocess_get_exit_status (self->process);
  g_clear_object (&self->process);

  return status;
}

void
relay_program_kill (RelayProgram *self)
{
  if (self->process == NULL)
    return;

  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

gboolean
relay_program_is_running (RelayProgram *self)
{
  return kill (atoi (g_subprocess_get_identifier (self->process)), 0) == 0;
}

unsigned
relay_program_get_memory_kib (RelayProgram *self)
{
#ifdef __SANITIZE_ADDRESS__
  return 0;
#else
  g_autofree char *path = g_strdup_printf ("/proc/%s/status",
                                           g_subprocess_get_identifier (self->process));
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  line = strstr (text, "VmRSS:");
  g_assert_nonnull (line);
  return (unsigned) strtoul (line + strlen ("VmRSS:"), NULL, 10);
#endif
}
