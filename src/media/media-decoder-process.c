/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-decoder-process"

#include "config.h"

#include "media-decoder-process.h"

#include "media-decoder-message.h"

#include <gio/gio.h>

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* So long after one was taken the next is started: it shall not take the processor from the first
 * frame. */
#define REST_US (G_USEC_PER_SEC / 2)

/* So long one that has decoded a picture waits for the next. */
#define IDLE_US (3 * G_USEC_PER_SEC)

typedef struct
{
  GPid pid; /* 0: none */
  int socket_fd;
} Process;

typedef struct
{
  gboolean with_network;
  gboolean is_done;
  Process process;
  GError *error;
} Request;

/* A decoder is killed when the thread that started it ends (PR_SET_PDEATHSIG means threads), so one
 * thread starts them all, and lives as long as our process: there is one of each in it. */
static struct
{
  GMutex lock; /* guards what follows */
  GCond changed;
  GThread *thread;
  GQueue requests; /* of Request, which their callers own */
  unsigned n_holders;
  gboolean has_failed; /* to keep one ready: not tried again until it is held anew */
  int64_t rest_until_us;
  Process ready;
  Process used; /* by pictures */
  int64_t used_until_us;
} keeper;

/* Installed, or in the build folder: named by the environment, or beside src/app and src/cli.
 * (transfer full) */
static char *
find_program (void)
{
  const char *named = g_getenv ("VITRINE_DECODER");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self != NULL ? self : "");
  g_autofree char *beside = g_build_filename (folder, "..", "media", "vitrine-decoder", NULL);

  if (named != NULL)
    return g_strdup (named);
  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);

  return g_build_filename (LIBEXECDIR, "vitrine-decoder", NULL);
}

static Process
spawn (gboolean   with_network,
       GError   **error)
{
  g_autofree char *program = find_program ();
  const char *arguments[] = { program, with_network ? MEDIA_DECODER_NETWORK : NULL, NULL };
  const int target = MEDIA_DECODER_FD;
  g_autoptr (GError) local_error = NULL;
  Process process = { 0, -1 };
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                   "Nothing more can be opened at the moment: %s", g_strerror (errno));
      return process;
    }

  if (!g_spawn_async_with_pipes_and_fds (
        NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
        -1, -1, -1, &ends[1], &target, 1, &process.pid, NULL, NULL, NULL, &local_error))
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                   "A part of Vitrine is missing, “%s”: %s", program, local_error->message);
      close (ends[0]);
      process.pid = 0;
    }
  else
    {
      process.socket_fd = ends[0];
    }
  close (ends[1]);

  return process;
}

static gboolean
is_alive (GPid pid)
{
  return waitpid (pid, NULL, WNOHANG) == 0;
}

/* --- the keeper's thread, with the lock ----------------------------------- */

static void
serve (Request *request)
{
  g_mutex_unlock (&keeper.lock);
  request->process = spawn (request->with_network, &request->error);
  g_mutex_lock (&keeper.lock);

  request->is_done = TRUE;
  g_cond_broadcast (&keeper.changed);
}

static void
make_ready (void)
{
  g_autoptr (GError) error = NULL;
  Process process;

  g_mutex_unlock (&keeper.lock);
  process = spawn (FALSE, &error);
  g_mutex_lock (&keeper.lock);

  keeper.ready = process;
  keeper.has_failed = process.pid == 0;
  if (error != NULL)
    g_debug ("No decoder is ready: %s", error->message);
}

static void
drop (Process *kept)
{
  Process process = *kept;

  *kept = (Process) { 0, -1 };
  g_mutex_unlock (&keeper.lock);
  media_decoder_process_end (process.pid);
  close (process.socket_fd);
  g_mutex_lock (&keeper.lock);
}

static void
wait_for_change (gboolean wants_one)
{
  int64_t limit_us = wants_one ? keeper.rest_until_us : INT64_MAX;

  if (keeper.used.pid != 0)
    limit_us = MIN (limit_us, keeper.used_until_us);

  if (limit_us == INT64_MAX)
    g_cond_wait (&keeper.changed, &keeper.lock);
  else
    g_cond_wait_until (&keeper.changed, &keeper.lock, limit_us);
}

static gpointer
keep (gpointer unused)
{
  g_mutex_lock (&keeper.lock);

  for (;;)
    {
      gboolean wants_one = keeper.n_holders > 0 && keeper.ready.pid == 0 && !keeper.has_failed;
      int64_t now_us = g_get_monotonic_time ();

      if (!g_queue_is_empty (&keeper.requests))
        serve (g_queue_pop_head (&keeper.requests));
      else if (keeper.n_holders == 0 && keeper.ready.pid != 0)
        drop (&keeper.ready);
      else if (keeper.used.pid != 0 && now_us >= keeper.used_until_us)
        drop (&keeper.used);
      else if (wants_one && now_us >= keeper.rest_until_us)
        make_ready ();
      else
        wait_for_change (wants_one);
    }

  return NULL;
}

/* --- any thread ----------------------------------------------------------- */

static void
wake_keeper (void)
{
  if (keeper.thread == NULL)
    keeper.thread = g_thread_new ("decoders", keep, NULL);
  g_cond_broadcast (&keeper.changed);
}

/* With the lock. %FALSE when there is none. One that has ended meanwhile is none. */
static gboolean
take (Process *kept,
      Process *out)
{
  Process process = *kept;

  if (process.pid == 0)
    return FALSE;

  *kept = (Process) { 0, -1 };
  if (!is_alive (process.pid))
    {
      close (process.socket_fd);
      return FALSE;
    }

  *out = process;

  return TRUE;
}

GPid
media_decoder_process_start (gboolean   with_network,
                             int       *out_socket_fd,
                             GError   **error)
{
  Request request = { .with_network = with_network };

  g_mutex_lock (&keeper.lock);
  if (!with_network && take (&keeper.ready, &request.process))
    {
      keeper.rest_until_us = g_get_monotonic_time () + REST_US;
      wake_keeper ();
    }
  else
    {
      g_queue_push_tail (&keeper.requests, &request);
      wake_keeper ();
      while (!request.is_done)
        g_cond_wait (&keeper.changed, &keeper.lock);
    }
  g_mutex_unlock (&keeper.lock);

  if (request.error != NULL)
    g_propagate_error (error, request.error);
  *out_socket_fd = request.process.socket_fd;

  return request.process.pid;
}

void
media_decoder_process_end (GPid pid)
{
  kill (pid, SIGKILL);
  while (waitpid (pid, NULL, 0) < 0 && errno == EINTR)
    continue;
}

GPid
media_decoder_process_reuse (int *out_socket_fd)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&keeper.lock);
  Process process = { 0, -1 };

  take (&keeper.used, &process);
  *out_socket_fd = process.socket_fd;

  return process.pid;
}

void
media_decoder_process_pass_on (GPid pid,
                               int  socket_fd)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&keeper.lock);
  Process process = { pid, socket_fd };

  if (keeper.used.pid == 0)
    {
      keeper.used = process;
      process.pid = 0;
    }
  keeper.used_until_us = g_get_monotonic_time () + IDLE_US;
  wake_keeper ();
  g_clear_pointer (&locker, g_mutex_locker_free);

  if (process.pid == 0)
    return;

  media_decoder_process_end (process.pid);
  close (process.socket_fd);
}

void
media_decoder_process_hold (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&keeper.lock);

  keeper.n_holders++;
  keeper.has_failed = FALSE;
  wake_keeper ();
}

void
media_decoder_process_release (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&keeper.lock);

  g_assert (keeper.n_holders > 0);

  keeper.n_holders--;
  wake_keeper ();
}

GPid
media_decoder_process_get_ready (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&keeper.lock);

  return keeper.ready.pid;
}
