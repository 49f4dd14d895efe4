/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-keeper"

#include "config.h"

#include "client-keeper.h"

#include "cpm-error.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 5000

/* From this length on the log is taken over when nothing has been committed for a moment; */
#define LONG_PAGES 1000
#define QUIET_US (G_USEC_PER_SEC / 2)
/* from this one on whoever commits meanwhile has to wait. */
#define MAX_PAGES 8000
/* Of the log begun anew, so that a long one does not stay for ever. */
#define LOG_BYTES "4194304"

struct _ClientKeeper
{
  ClientKeeperFunc report;
  gpointer user_data;
  GMainContext *context;
  char *folder;
  GThread *thread;       /* %NULL: works from the main loop */

  sqlite3 *db;           /* of the thread */
  int log_fd;

  GMutex mutex;          /* guards what follows */
  GCond noted;
  uint64_t n_commits;
  uint64_t n_kept;
  unsigned n_pages;
  gboolean ends;
  GError *error;
  /* a report, or without a thread the work, that the main loop will come to */
  GSource *source;
};

typedef enum
{
  WORK_END,
  WORK_KEEP,
  WORK_TAKE_OVER,
  WORK_TAKE_OVER_NOW
} Work;

static GError *
new_error (ClientKeeper *self,
           int           code)
{
  if (code == ENOSPC || code == EDQUOT)
    return g_error_new (
      CPM_ERROR, CPM_ERROR_STORAGE,
      "The disk that holds %s is full: what came last was not kept. Make room and start Vitrine"
      " again.",
      self->folder);

  return g_error_new (
    CPM_ERROR, CPM_ERROR_STORAGE,
    "The disk that holds %s fails (%s): what came last was not kept. Start Vitrine again; if it"
    " says so "
    "once more, the disk should be replaced.",
    self->folder, g_strerror (code));
}

static gboolean
keep_log (ClientKeeper  *self,
          GError       **error)
{
  int result;

  do
    result = fdatasync (self->log_fd);
  while (result != 0 && errno == EINTR);

  if (result != 0 && error != NULL)
    *error = new_error (self, errno);

  return result == 0;
}

/* The first commit after all of the log has been taken over begins it anew, and has to wait for the
 * disk in between: an empty one does. */
static int
begin_log (ClientKeeper *self)
{
  g_autofree char *script = NULL;
  sqlite3_stmt *statement = NULL;
  int version;
  int code = sqlite3_prepare_v2 (self->db, "PRAGMA user_version", -1, &statement, NULL);

  if (code != SQLITE_OK)
    return code;

  code = sqlite3_step (statement);
  version = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  if (code != SQLITE_ROW)
    return code;

  script = g_strdup_printf ("PRAGMA user_version = %d", version);

  return sqlite3_exec (self->db, script, NULL, NULL, NULL);
}

/* %FALSE only when the disk fails: what finds no room or no moment now is done later, and the log
 * has it until then. */
static gboolean
take_over_log (ClientKeeper  *self,
               gboolean       now,
               GError       **error)
{
  int n_pages = 0;
  int n_done = 0;
  int code = sqlite3_wal_checkpoint_v2 (
    self->db, NULL, now ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, &n_pages, &n_done);

  if (code == SQLITE_OK && n_done == n_pages)
    code = begin_log (self);

  switch (code & 0xff)
    {
    case SQLITE_OK:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
      return TRUE;

    default:
      g_propagate_error (error, new_error (self, sqlite3_system_errno (self->db) != 0
                                                   ? sqlite3_system_errno (self->db)
                                                   : EIO));
      return FALSE;
    }
}

static gboolean
do_work (ClientKeeper  *self,
         Work           work,
         GError       **error)
{
  return work == WORK_KEEP ? keep_log (self, error)
                           : take_over_log (self, work == WORK_TAKE_OVER_NOW, error);
}

/* What is to be done next. Called with the mutex. */
static Work
find_work (ClientKeeper *self,
           gboolean      is_quiet)
{
  if (self->error != NULL)
    return WORK_END;

  if (self->n_kept < self->n_commits)
    return WORK_KEEP;

  if (self->ends)
    return WORK_END;

  if (self->n_pages >= MAX_PAGES)
    return WORK_TAKE_OVER_NOW;

  return self->n_pages >= LONG_PAGES && is_quiet ? WORK_TAKE_OVER : WORK_END;
}

/* Called with the mutex, @n_commits and @n_pages as they were before. (transfer full): @error */
static void
note_done (ClientKeeper *self,
           Work          work,
           uint64_t      n_commits,
           GError       *error)
{
  if (error != NULL)
    self->error = error;
  else if (work == WORK_KEEP)
    self->n_kept = n_commits;
  else if (self->n_commits == n_commits)
    self->n_pages = 0;
}

/* The thread */

static gboolean
on_report (gpointer data)
{
  ClientKeeper *self = data;
  g_autoptr (GError) error = NULL;
  uint64_t n_kept;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->source, g_source_unref);
  n_kept = self->n_kept;
  error = self->error != NULL ? g_error_copy (self->error) : NULL;
  g_mutex_unlock (&self->mutex);

  self->report (n_kept, error, self->user_data);

  return G_SOURCE_REMOVE;
}

/* Called with the mutex. */
static void
add_source (ClientKeeper *self,
            GSourceFunc   callback)
{
  if (self->source != NULL)
    return;

  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, callback, self, NULL);
  g_source_attach (self->source, self->context);
}

/* Called with the mutex, which is given away while there is nothing to do. */
static Work
wait_for_work (ClientKeeper *self)
{
  gboolean is_quiet = FALSE;

  for (;;)
    {
      Work work = find_work (self, is_quiet);

      if (work != WORK_END || self->ends)
        return work;

      if (self->error == NULL && self->n_pages >= LONG_PAGES)
        is_quiet = !g_cond_wait_until (&self->noted, &self->mutex,
                                       g_get_monotonic_time () + QUIET_US);
      else
        g_cond_wait (&self->noted, &self->mutex);
    }
}

static gpointer
keep_thread (gpointer data)
{
  ClientKeeper *self = data;
  Work work;

  g_mutex_lock (&self->mutex);
  while ((work = wait_for_work (self)) != WORK_END)
    {
      uint64_t n_commits = self->n_commits;
      GError *error = NULL;

      g_mutex_unlock (&self->mutex);
      do_work (self, work, &error);
      g_mutex_lock (&self->mutex);

      note_done (self, work, n_commits, error);
      if (work == WORK_KEEP || error != NULL)
        add_source (self, on_report);
    }

  g_mutex_unlock (&self->mutex);

  return NULL;
}

/* Without the thread */

static gboolean
on_turn (gpointer data)
{
  ClientKeeper *self = data;
  Work work;

  g_mutex_lock (&self->mutex);
  while ((work = find_work (self, TRUE)) != WORK_END)
    {
      GError *error = NULL;

      do_work (self, work, &error);
      note_done (self, work, self->n_commits, error);
    }

  g_mutex_unlock (&self->mutex);

  return on_report (self);
}

static gboolean
open_files (ClientKeeper  *self,
            const char    *path,
            GError       **error)
{
  g_autofree char *log_path = g_strconcat (path, "-wal", NULL);

  if (sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, NULL) !=
        SQLITE_OK ||
      sqlite3_busy_timeout (self->db, BUSY_TIMEOUT_MS) != SQLITE_OK ||
      sqlite3_exec (self->db,
                    "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;"
                    "PRAGMA journal_size_limit = " LOG_BYTES "; PRAGMA user_version",
                    NULL, NULL, NULL) != SQLITE_OK)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE, "The history in %s cannot be opened: %s.",
                   self->folder, self->db != NULL ? sqlite3_errmsg (self->db) : "out of memory");
      return FALSE;
    }

  self->log_fd = g_open (log_path, O_RDWR | O_CLOEXEC, 0);
  if (self->log_fd < 0)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE, "The file %s cannot be opened: %s.",
                   log_path, g_strerror (errno));
      return FALSE;
    }

  return keep_log (self, error);
}

ClientKeeper *
client_keeper_new (const char        *path,
                   gboolean           apart,
                   ClientKeeperFunc   report,
                   gpointer           user_data,
                   GError           **error)
{
  g_autoptr (ClientKeeper) self = g_new0 (ClientKeeper, 1);

  self->report = report;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  self->folder = g_path_get_dirname (path);
  self->log_fd = -1;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->noted);

  if (!open_files (self, path, error))
    return NULL;

  if (apart)
    self->thread = g_thread_new ("client-keeper", keep_thread, self);

  return g_steal_pointer (&self);
}

void
client_keeper_free (ClientKeeper *self)
{
  g_mutex_lock (&self->mutex);
  self->ends = TRUE;
  g_cond_signal (&self->noted);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->thread, g_thread_join);

  if (self->source != NULL)
    g_source_destroy (self->source);

  /* The last one to close takes the log over, and waits for the disk. */
  sqlite3_close (self->db);
  if (self->log_fd >= 0)
    close (self->log_fd);

  g_clear_pointer (&self->source, g_source_unref);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->noted);
  g_main_context_unref (self->context);
  g_free (self->folder);
  g_free (self);
}

void
client_keeper_note (ClientKeeper *self,
                    uint64_t      n_commits,
                    unsigned      n_pages)
{
  g_mutex_lock (&self->mutex);
  self->n_commits = n_commits;
  self->n_pages = n_pages;
  if (self->thread != NULL)
    g_cond_signal (&self->noted);
  else
    add_source (self, on_turn);

  g_mutex_unlock (&self->mutex);
}
