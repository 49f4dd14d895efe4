/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-picture-fetcher"

#include "config.h"

#include "relay-picture-fetcher.h"

#include "relay-folder.h"
#include "relay-homes.h"
#include "relay-log.h"
#include "relay-picture-upload.h"

#include "cpm-address.h"

#include <glib/gstdio.h>

#define SECOND_US ((int64_t) G_USEC_PER_SEC)
#define DAY_US (24 * 3600 * SECOND_US)
#define TICK_US (SECOND_US / 4)
#define SWEEP_US (3600 * SECOND_US)
#define AT_ONCE 4
#define PIECE_BYTES (64 * 1024)
/* For all of one picture: 50 MiB at 1 Mbit/s. */
#define LIMIT_US (420 * SECOND_US)
#define FIRST_WAIT_US (2 * SECOND_US)
#define LAST_WAIT_US (600 * SECOND_US)
/* A home that is there and says no has so many attempts; one that is not there has as long as
 * messages have. */
#define MAX_REFUSALS 6
#define GIVE_UP_US (7 * DAY_US)
#define MIB (1024 * 1024)
#define OLD_PER_SWEEP 200

struct _RelayPictureFetcher
{
  GObject parent_instance;

  RelayContext *context; /* (unowned) */
  RelayHomeDialer *dialer;
  char *dir;
  GHashTable *jobs;      /* id → Job (unowned): under way */
  unsigned tick;
  int64_t swept_us;
};

/* One picture on its way. */
typedef struct
{
  RelayPictureFetcher *fetcher;
  RelayFetch *fetch;
  GCancellable *cancellable;
  unsigned timeout;
  GIOStream *wire;
  RelayPictureUpload *upload;
  int64_t taken;
} Job;

G_DEFINE_FINAL_TYPE (RelayPictureFetcher, relay_picture_fetcher, G_TYPE_OBJECT)

static void
job_free (Job *job)
{
  g_hash_table_remove (job->fetcher->jobs, job->fetch->id);
  cpm_clock_clear_timeout (job->fetcher->context->clock, &job->timeout);
  if (job->upload != NULL)
    g_signal_handlers_disconnect_by_data (job->upload, job);
  if (job->wire != NULL)
    g_io_stream_close_async (job->wire, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_clear_object (&job->wire);
  g_clear_object (&job->upload);
  g_clear_object (&job->cancellable);
  relay_fetch_free (job->fetch);
  g_object_unref (job->fetcher);
  g_free (job);
}

static void
on_kept (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Job *job = user_data;
  g_autoptr (GError) error = NULL;

  /* It is tried again, as its time has come already. */
  if (relay_store_write_finish (job->fetcher->context->store, result, &error) == NULL)
    g_message ("What became of a picture of %s cannot be kept: %s",
               cpm_address_get_domain (job->fetch->owner), error->message);
  job_free (job);
}

static void
put_off (Job     *job,
         int64_t  next_us)
{
  RelayContext *context = job->fetcher->context;
  RelayWrite *write = relay_write_new (RELAY_WRITE_DELAY_FETCH, NULL,
                                       cpm_clock_get_real_us (context->clock));

  write->id = g_strdup (job->fetch->id);
  write->number = next_us;
  relay_store_write_async (context->store, write, on_kept, job);
}

static void
give_up (Job        *job,
         const char *why)
{
  relay_log_event ("picture-gone", "home", cpm_address_get_domain (job->fetch->owner), "picture",
                   job->fetch->id, "why", why, NULL);
  put_off (job, 0);
}

static void
try_later (Job        *job,
           gboolean    was_refused,
           const char *why)
{
  int64_t now_us = cpm_clock_get_real_us (job->fetcher->context->clock);
  int64_t wait_us = MIN (FIRST_WAIT_US << MIN (job->fetch->tries, 16), LAST_WAIT_US);

  g_debug ("%s cannot be fetched now: %s", job->fetch->id, why);
  if ((was_refused && job->fetch->tries + 1 >= MAX_REFUSALS) ||
      now_us - job->fetch->ts_us > GIVE_UP_US)
    give_up (job, why);
  else
    put_off (job, now_us + wait_us);
}

static void
on_ended (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Job *job = user_data;
  RelayContext *context = job->fetcher->context;
  const RelayFetch *fetch = job->fetch;
  g_autoptr (GError) error = NULL;
  RelayWrite *write;

  if (!relay_picture_upload_end_finish (job->upload, result, &error))
    {
      if (g_error_matches (error, CPM_ERROR, CPM_ERROR_STORAGE))
        try_later (job, FALSE, error->message);
      else
        give_up (job, error->message);
      return;
    }

  write = relay_write_new (RELAY_WRITE_END_FETCH, fetch->owner,
                           cpm_clock_get_real_us (context->clock));
  write->id = g_strdup (fetch->id);
  write->text = g_ascii_strdown (fetch->sha256, -1);
  write->other = g_strdup (fetch->mime);
  write->number = fetch->bytes;
  relay_store_write_async (context->store, write, on_kept, job);
}

static void read_piece (Job *job);

static void
on_piece (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Job *job = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) piece = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
                                                               &error);

  if (piece == NULL || (g_bytes_get_size (piece) == 0 && job->taken < job->fetch->bytes))
    {
      try_later (job, FALSE, error != NULL ? error->message : "It ended too soon");
      return;
    }

  job->taken += (int64_t) g_bytes_get_size (piece);
  if (job->taken < job->fetch->bytes)
    {
      /* The next when this one is on the disk. */
      relay_picture_upload_push (job->upload, piece);
      return;
    }

  g_signal_handlers_disconnect_by_data (job->upload, job);
  relay_picture_upload_push (job->upload, piece);
  relay_picture_upload_end_async (job->upload, on_ended, job);
}

static void
read_piece (Job *job)
{
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (job->wire), PIECE_BYTES,
                                   G_PRIORITY_DEFAULT, job->cancellable, on_piece, job);
}

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Job *job = user_data;
  const RelayFetch *fetch = job->fetch;
  g_autoptr (GError) error = NULL;
  unsigned status;
  int64_t bytes;

  job->wire = relay_home_dialer_get_finish (RELAY_HOME_DIALER (source), result, &status, &bytes,
                                            &error);
  if (job->wire == NULL)
    {
      try_later (job, FALSE, error->message);
      return;
    }

  if (status != 200)
    {
      try_later (job, status < 500, "It does not give it");
      return;
    }

  if (bytes != fetch->bytes)
    {
      give_up (job, "Its length is not what was announced");
      return;
    }

  job->upload = relay_picture_upload_new (job->fetcher->dir, fetch->id, fetch->sha256, fetch->mime,
                                          fetch->bytes, &error);
  if (job->upload == NULL)
    {
      try_later (job, FALSE, error->message);
      return;
    }

  g_signal_connect_swapped (job->upload, "drained", G_CALLBACK (read_piece), job);
  read_piece (job);
}

/* `Home DOMAIN.KEY.TS.SIGNATURE` */
static char *
new_authorization (RelayPictureFetcher *self,
                   const char          *to,
                   const char          *picture)
{
  RelayContext *context = self->context;
  int64_t ts_us = cpm_clock_get_real_us (context->clock);
  g_autoptr (GBytes) statement = relay_picture_fetcher_new_statement (context->config->domain, to,
                                                                      picture, ts_us);
  g_autofree char *signature = relay_homes_sign (context->homes, statement);
  g_auto (GStrv) parts = g_strsplit (signature, ":", 2);

  return g_strdup_printf ("Home %s.%s.%" G_GINT64_FORMAT ".%s", context->config->domain, parts[0],
                          ts_us, parts[1]);
}

static gboolean
on_limit (gpointer user_data)
{
  Job *job = user_data;

  job->timeout = 0;
  g_cancellable_cancel (job->cancellable);

  return G_SOURCE_REMOVE;
}

static void
begin (Job *job)
{
  RelayPictureFetcher *self = job->fetcher;
  RelayContext *context = self->context;
  const char *domain = cpm_address_get_domain (job->fetch->owner);
  const RelayHome *home = relay_homes_lookup (context->homes, domain);
  int64_t room = (int64_t) context->config->home_quota_mib * MIB;
  g_autoptr (GError) error = NULL;
  g_autofree char *authorization = NULL;

  if (!relay_homes_check_may_reach (context->homes, domain, &error) ||
      g_str_equal (domain, context->config->domain))
    {
      give_up (job, error != NULL ? error->message : "It should be here");
      return;
    }

  if (relay_store_get_home_bytes (context->store, domain) + job->fetch->bytes > room)
    {
      give_up (job, "The pictures of that home take too much room");
      return;
    }

  /* It becomes known by a link. */
  if (home == NULL)
    {
      relay_homes_wake (context->homes, domain);
      try_later (job, FALSE, "That home is not known yet");
      return;
    }

  job->timeout = cpm_clock_add_timeout (context->clock, LIMIT_US, on_limit, job, NULL);
  authorization = new_authorization (self, domain, job->fetch->id);
  relay_home_dialer_get_async (self->dialer, home, job->fetch->id, authorization, job->cancellable,
                               on_answered, job);
}

static void
fetch_due (RelayPictureFetcher *self)
{
  g_autoptr (GPtrArray) due = NULL;

  if (g_hash_table_size (self->jobs) >= AT_ONCE)
    return;

  due = relay_store_read_fetches (self->context->store, NULL,
                                  cpm_clock_get_real_us (self->context->clock), AT_ONCE * 2);
  while (due->len > 0 && g_hash_table_size (self->jobs) < AT_ONCE)
    {
      g_autoptr (RelayFetch) fetch = g_ptr_array_steal_index (due, 0);
      Job *job;

      if (g_hash_table_contains (self->jobs, fetch->id))
        continue;

      job = g_new0 (Job, 1);
      job->fetcher = g_object_ref (self);
      job->fetch = g_steal_pointer (&fetch);
      job->cancellable = g_cancellable_new ();
      g_hash_table_insert (self->jobs, job->fetch->id, job);
      begin (job);
    }
}

static void
on_removed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (RelayPictureFetcher) self = user_data;
  g_autofree char *path = NULL;
  const RelayWrite *write = relay_store_write_finish (self->context->store, result, NULL);

  if (write == NULL)
    return;

  path = g_build_filename (self->dir, write->id, NULL);
  g_unlink (path);
}

/* As the messages that showed them are forgotten. */
static void
sweep (RelayPictureFetcher *self)
{
  RelayContext *context = self->context;
  int64_t now_us = cpm_clock_get_real_us (context->clock);
  g_auto (GStrv) old =
    relay_store_list_old_pictures (context->store, context->config->domain,
                                   now_us - context->config->history_days * DAY_US, OLD_PER_SWEEP);

  for (unsigned i = 0; old[i] != NULL; i++)
    {
      RelayWrite *write = relay_write_new (RELAY_WRITE_REMOVE_PICTURE, NULL, now_us);

      write->id = g_strdup (old[i]);
      relay_store_write_async (context->store, write, on_removed, g_object_ref (self));
    }
}

static gboolean
on_tick (gpointer user_data)
{
  RelayPictureFetcher *self = user_data;
  int64_t now_us = cpm_clock_get_monotonic_us (self->context->clock);

  fetch_due (self);
  if (now_us - self->swept_us >= SWEEP_US)
    {
      self->swept_us = now_us;
      sweep (self);
    }

  return G_SOURCE_CONTINUE;
}

static void
relay_picture_fetcher_finalize (GObject *object)
{
  RelayPictureFetcher *self = RELAY_PICTURE_FETCHER (object);

  relay_picture_fetcher_stop (self);
  g_clear_pointer (&self->jobs, g_hash_table_unref);
  g_clear_object (&self->dialer);
  g_free (self->dir);

  G_OBJECT_CLASS (relay_picture_fetcher_parent_class)->finalize (object);
}

static void
relay_picture_fetcher_class_init (RelayPictureFetcherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_picture_fetcher_finalize;
}

static void
relay_picture_fetcher_init (RelayPictureFetcher *self)
{
  self->jobs = g_hash_table_new (g_str_hash, g_str_equal);
}

RelayPictureFetcher *
relay_picture_fetcher_new (RelayContext    *context,
                           RelayHomeDialer *dialer)
{
  RelayPictureFetcher *self = g_object_new (RELAY_TYPE_PICTURE_FETCHER, NULL);

  self->context = context;
  self->dialer = g_object_ref (dialer);
  self->dir = relay_folder_dup_pictures (context->config->data);
  self->swept_us = cpm_clock_get_monotonic_us (context->clock) - SWEEP_US;
  self->tick = cpm_clock_add_timeout (context->clock, TICK_US, on_tick, self, NULL);

  return self;
}

void
relay_picture_fetcher_stop (RelayPictureFetcher *self)
{
  GHashTableIter iter;
  gpointer job;

  g_return_if_fail (RELAY_IS_PICTURE_FETCHER (self));

  cpm_clock_clear_timeout (self->context->clock, &self->tick);
  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, NULL, &job))
    g_cancellable_cancel (((Job *) job)->cancellable);
}

GBytes *
relay_picture_fetcher_new_statement (const char *from,
                                     const char *to,
                                     const char *picture,
                                     int64_t     ts_us)
{
  g_autofree char *ts = g_strdup_printf ("%" G_GINT64_FORMAT, ts_us);

  return relay_home_statement ("vitrine-picture-1", from, to, picture, ts, NULL);
}
