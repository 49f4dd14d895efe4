/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-relay"

#include "config.h"

#include "relay-admin.h"
#include "relay-daemon.h"
#include "relay-log.h"
#include "relay-options.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define EXIT_FAILED 1
#define EXIT_USAGE 2

/* What must be so before the libraries look. */
static void
set_up_process (void)
{
  struct rlimit limit;

  setlocale (LC_ALL, "");
  umask (0077);
  signal (SIGPIPE, SIG_IGN);
  g_unsetenv ("SOUP_SERVER_HTTP2");
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-ALL:+VERS-TLS1.3", TRUE);
  if (getrlimit (RLIMIT_NOFILE, &limit) == 0)
    {
      limit.rlim_cur = limit.rlim_max;
      setrlimit (RLIMIT_NOFILE, &limit);
    }
}

static int
fail (const GError *error)
{
  fprintf (stderr, "vitrine-relay: %s\n", error->message);
  return g_error_matches (error, RELAY_ERROR, RELAY_ERROR_USAGE) ? EXIT_USAGE : EXIT_FAILED;
}

static int
run_daemon (int    argc,
            char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayConfig) config = relay_options_parse (&argc, &argv, &error);
  g_autoptr (RelayDaemon) daemon = NULL;
  g_autofree char *description = NULL;

  if (config == NULL)
    return error != NULL ? fail (error) : 0;

  g_log_set_writer_func (relay_log_writer, NULL, NULL);
  daemon = relay_daemon_new (config, &error);
  if (daemon == NULL)
    return fail (error);

  description = relay_daemon_describe (daemon);
  printf ("ready %s\n", description);
  fflush (stdout);
  relay_daemon_run (daemon);

  return 0;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;

  set_up_process ();
  if (argc < 2 || !g_str_equal (argv[1], "admin"))
    return run_daemon (argc, argv);

  return relay_admin_run (argc - 1, argv + 1, &error) ? 0 : fail (error);
}
