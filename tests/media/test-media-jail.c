/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include <errno.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *secret;
  char *socket_path;
  GSocket *socket;
} Place;

static void
set_up (Place         *self,
        gconstpointer  unused)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("vitrine-jail-XXXXXX", NULL);
  self->secret = g_build_filename (self->folder, "diary.txt", NULL);
  self->socket_path = g_build_filename (self->folder, "bus", NULL);
  self->socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
                               G_SOCKET_PROTOCOL_DEFAULT, &error);
  address = g_unix_socket_address_new (self->socket_path);
  g_assert_true (g_socket_bind (self->socket, address, FALSE, &error));
  g_assert_true (g_socket_listen (self->socket, &error));
}

static void
tear_down (Place         *self,
           gconstpointer  unused)
{
  static const char *const NAMES[] = { "diary.txt", "bus", "free", "jailed" };

  for (size_t i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, NAMES[i], NULL);

      g_unlink (path);
    }
  g_assert_no_errno (g_rmdir (self->folder));
  g_clear_object (&self->socket);
  g_free (self->folder);
  g_free (self->secret);
  g_free (self->socket_path);
}

/* What our child, of the same user, may do to us and our files. (transfer full) */
static char *
run_captive (Place      *self,
             const char *how)
{
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  const char *const arguments[] = { CAPTIVE,           how, pid, self->secret, self->folder,
                                    self->socket_path, NULL };
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;
  char *said = NULL;

  g_assert_true (g_file_set_contents (self->secret, "what I think of them", -1, &error));
  child = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (child, NULL, NULL, &said, NULL, &error));
  g_test_message ("%s: %s", how, said);
  g_assert_true (g_subprocess_get_successful (child));

  return said;
}

/* As errno has it. */
static int
get_outcome (const char *said,
             const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("(?m)^%s (\\d+)$", name);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *number = NULL;

  g_assert_true (g_regex_match (regex, said, 0, &match));
  number = g_match_info_fetch (match, 1);

  return atoi (number);
}

static long
landlock_version (void)
{
  return syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static gboolean
skip_without_landlock (void)
{
  if (landlock_version () >= 1)
    return FALSE;

  g_test_skip ("this kernel has no Landlock, or it is switched off");

  return TRUE;
}

/* Everything of ours that is there to be opened, opens; and nothing does for the one in the
 * jail. */
static void
test_files (Place         *self,
            gconstpointer  unused)
{
  static const char *const ATTEMPTS[] = { "read", "write", "create", "remove" };
  static const char *const ALLOWED[] = { "allowed-plugins", "allowed-self", "allowed-null" };
  g_autofree char *free_one = NULL;
  g_autofree char *jailed = NULL;
  g_autofree char *secret = NULL;

  if (skip_without_landlock ())
    return;

  free_one = run_captive (self, "free");
  jailed = run_captive (self, "jailed");
  for (size_t i = 0; i < G_N_ELEMENTS (ATTEMPTS); i++)
    {
      g_assert_cmpint (get_outcome (free_one, ATTEMPTS[i]), ==, 0);
      g_assert_cmpint (get_outcome (jailed, ATTEMPTS[i]), ==, EACCES);
    }
  for (size_t i = 0; i < G_N_ELEMENTS (ALLOWED); i++)
    g_assert_cmpint (get_outcome (jailed, ALLOWED[i]), ==, 0);
  if (landlock_version () >= 3)
    g_assert_cmpint (get_outcome (jailed, "truncate"), ==, EACCES);

  g_assert_true (g_file_get_contents (self->secret, &secret, NULL, NULL));
  if (landlock_version () >= 3)
    g_assert_cmpstr (secret, ==, "what I think of them");
}

/* Where yama's ptrace_scope is 0 our child could write into our memory, or wherever we are root:
 * both are said by the free one. */
static void
test_process (Place         *self,
              gconstpointer  unused)
{
  static const char *const ATTEMPTS[] = { "memory-read", "memory-write", "environment",
                                          "descriptor" };
  g_autofree char *free_one = NULL;
  g_autofree char *jailed = NULL;

  if (skip_without_landlock ())
    return;

  free_one = run_captive (self, "free");
  jailed = run_captive (self, "jailed");
  for (size_t i = 0; i < G_N_ELEMENTS (ATTEMPTS); i++)
    {
      /* Since Linux 6.14 whoever may measure everything (CAP_PERFMON) may look, and no more, at
       * anybody. */
      if (g_str_equal (ATTEMPTS[i], "environment") && geteuid () == 0)
        continue;
      g_test_message ("%s, free: %s", ATTEMPTS[i],
                      g_strerror (get_outcome (free_one, ATTEMPTS[i])));
      g_assert_cmpint (get_outcome (jailed, ATTEMPTS[i]), ==, EACCES);
    }
  if (landlock_version () >= 6)
    g_assert_cmpint (get_outcome (jailed, "signal"), ==, EPERM);
  g_assert_cmpint (get_outcome (free_one, "signal"), ==, 0);
}

/* By seccomp, so on every kernel. */
static void
test_calls (Place         *self,
            gconstpointer  unused)
{
#if defined (__x86_64__) || defined (__aarch64__) || (defined (__riscv) && __riscv_xlen == 64)
  g_autofree char *free_one = run_captive (self, "free");
  g_autofree char *jailed = run_captive (self, "jailed");

  g_assert_cmpint (get_outcome (free_one, "connect"), ==, 0);
  g_assert_cmpint (get_outcome (jailed, "connect"), ==, EACCES);
  g_assert_cmpint (get_outcome (jailed, "process-vm-readv"), ==, EACCES);
  g_assert_cmpint (get_outcome (jailed, "pidfd-getfd"), ==, EACCES);
#else
  g_test_skip ("no filter for this kind of processor");
#endif
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/jail/files", Place, NULL, set_up, test_files, tear_down);
  g_test_add ("/jail/process", Place, NULL, set_up, test_process, tear_down);
  g_test_add ("/jail/calls", Place, NULL, set_up, test_calls, tear_down);

  return g_test_run ();
}
