/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: captive jailed|free PID SECRET FOLDER SOCKET
 *
 * What a file that has taken its decoder over would try, as vitrine-decoder could
 * (decoder/media-jail.h) or as any program can. Says how each went: “NAME ERRNO”, one a line, 0 for
 * what has succeeded. */

#include "config.h"

#include "media-jail.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static void
say (const char *name,
     long        result)
{
  printf ("%s %d\n", name, result < 0 ? errno : 0);
}

static void
try_open (const char *name,
          const char *path,
          int         flags)
{
  int fd = open (path, flags | O_CLOEXEC, 0600);

  say (name, fd);
  if (fd >= 0)
    close (fd);
}

static void
try_process (const char *name,
             int         pid,
             const char *file,
             int         flags)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, file);

  try_open (name, path, flags);
}

/* Into its memory, and to what it has open. */
static void
try_calls (int pid)
{
  char byte;
  struct iovec part = { &byte, 1 };
  int process = (int) syscall (SYS_pidfd_open, pid, 0);

  /* Nothing of it is at address 0, where whoever may look is told EFAULT. */
  say ("process-vm-readv",
       syscall (SYS_process_vm_readv, pid, &part, 1, &(struct iovec){ NULL, 1 }, 1, 0));
  say ("pidfd-getfd", syscall (SYS_pidfd_getfd, process, 0, 0));
  say ("signal", kill (pid, 0));
}

static void
try_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  say ("connect", fd < 0 ? -1 : connect (fd, (struct sockaddr *) &address, sizeof address));
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *created = NULL;
  int pid;

  if (argc != 6)
    return EXIT_FAILURE;

  if (g_str_equal (argv[1], "jailed"))
    {
      media_jail_enter ();
      media_jail_close (FALSE);
    }

  pid = atoi (argv[2]);
  try_open ("read", argv[3], O_RDONLY);
  try_open ("write", argv[3], O_WRONLY);
  say ("truncate", truncate (argv[3], 3));
  created = g_build_filename (argv[4], argv[1], NULL);
  try_open ("create", created, O_WRONLY | O_CREAT | O_EXCL);
  say ("remove", unlink (argv[3]));
  try_process ("memory-read", pid, "mem", O_RDONLY);
  try_process ("memory-write", pid, "mem", O_RDWR);
  try_process ("environment", pid, "environ", O_RDONLY);
  try_process ("descriptor", pid, "fd/0", O_RDONLY);
  try_calls (pid);
  try_socket (argv[5]);
  /* What decoders need. */
  try_open ("allowed-plugins", "/usr", O_RDONLY | O_DIRECTORY);
  try_process ("allowed-self", getpid (), "status", O_RDONLY);
  try_open ("allowed-null", "/dev/null", O_RDWR);

  /* Not exit(): where leaks are looked for then, that needs ptrace(). */
  fflush (stdout);
  _exit (EXIT_SUCCESS);
}
