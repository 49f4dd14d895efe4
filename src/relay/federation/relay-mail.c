/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-mail"

#include "config.h"

#include "relay-mail.h"

#include "relay-bounce.h"
#include "relay-homes.h"
#include "relay-log.h"
#include "relay-outbox.h"

#define TICK_US (60 * (int64_t) G_USEC_PER_SEC)
#define GIVE_UP_US (7 * 24 * 3600 * (int64_t) G_USEC_PER_SEC)
#define STALE_PER_TICK 500

struct _RelayMail
{
  GObject parent_instance;

  RelayContext *context; /* (unowned) */
  GHashTable *outboxes;  /* domain → RelayOutbox */
  unsigned tick;
};

/* What a visitor has said and been told, kept with it. */
typedef struct
{
  int64_t last_n;
  int64_t got_n;       /* to be said */
  unsigned got_source;
} Progress;

G_DEFINE_FINAL_TYPE (RelayMail, relay_mail, G_TYPE_OBJECT)

static G_DEFINE_QUARK (relay-mail-progress, progress)

static RelayOutbox *
get_outbox (RelayMail  *self,
            const char *domain)
{
  RelayOutbox *outbox = g_hash_table_lookup (self->outboxes, domain);

  if (outbox == NULL)
    {
      outbox = relay_outbox_new (self->context, domain);
      g_hash_table_insert (self->outboxes, g_strdup (domain), outbox);
    }

  return outbox;
}

static void
on_queued (RelayMail  *self,
           const char *domain)
{
  if (relay_homes_is_up (self->context->homes, domain))
    relay_outbox_pump (get_outbox (self, domain));
  else
    relay_homes_wake (self->context->homes, domain);
}

static void
on_link_up (RelayMail  *self,
            const char *domain,
            int64_t     got)
{
  relay_outbox_start (get_outbox (self, domain), got);
}

static void
on_link_down (RelayMail  *self,
              const char *domain)
{
  relay_outbox_stop (get_outbox (self, domain));
  if (relay_outbox_is_busy (get_outbox (self, domain)))
    relay_homes_wake (self->context->homes, domain);
}

static void
on_room (RelayMail  *self,
         const char *domain)
{
  relay_outbox_pump (get_outbox (self, domain));
}

static void
on_answer (RelayMail  *self,
           const char *domain,
           CpmMessage *answer)
{
  relay_outbox_answer (get_outbox (self, domain), answer);
}

static gboolean
on_keep (RelayMail  *self,
         const char *domain)
{
  return relay_outbox_is_busy (get_outbox (self, domain));
}

static void
on_given_up (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (RelayMail) self = user_data;
  g_autoptr (GError) error = NULL;
  const RelayWrite *write = relay_store_write_finish (self->context->store, result, &error);

  if (write == NULL)
    g_message ("Old mail cannot be given up now: %s", error->message);
  else
    relay_post_tell (self->context->post, write);
}

static void
give_up (RelayMail            *self,
         const RelayOutboxRow *row)
{
  g_autoptr (GError) why = g_error_new (CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                                        "%s did not take this for seven days", row->home);

  relay_store_write_async (self->context->store, relay_bounce_new (self->context, row, why),
                           on_given_up, g_object_ref (self));
}

static void
give_up_stale (RelayMail *self)
{
  int64_t before_us = cpm_clock_get_real_us (self->context->clock) - GIVE_UP_US;
  g_autoptr (GPtrArray) rows = relay_store_read_stale (self->context->store, before_us,
                                                       STALE_PER_TICK);

  if (rows->len > 0)
    relay_log_event ("mail-given-up", "home", ((RelayOutboxRow *) rows->pdata[0])->home, NULL);
  for (unsigned i = 0; i < rows->len; i++)
    give_up (self, rows->pdata[i]);
}

/* After a start, and in case somebody forgot: what waits is brought on its way. */
static void
wake_all (RelayMail *self)
{
  g_auto (GStrv) homes = relay_store_list_outboxes (self->context->store);

  for (unsigned i = 0; homes[i] != NULL; i++)
    on_queued (self, homes[i]);
}

static gboolean
on_tick (gpointer user_data)
{
  RelayMail *self = user_data;
  GHashTableIter iter;
  gpointer outbox;

  g_hash_table_iter_init (&iter, self->outboxes);
  while (g_hash_table_iter_next (&iter, NULL, &outbox))
    relay_outbox_look_after (outbox);

  give_up_stale (self);
  wake_all (self);

  return G_SOURCE_CONTINUE;
}

static int64_t
get_arrived (const char *domain,
             gpointer    user_data)
{
  RelayMail *self = user_data;

  return relay_store_get_arrived (self->context->store, domain);
}

static void
relay_mail_dispose (GObject *object)
{
  RelayMail *self = RELAY_MAIL (object);

  cpm_clock_clear_timeout (self->context->clock, &self->tick);
  g_clear_pointer (&self->outboxes, g_hash_table_unref);

  G_OBJECT_CLASS (relay_mail_parent_class)->dispose (object);
}

static void
relay_mail_class_init (RelayMailClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = relay_mail_dispose;
}

static void
relay_mail_init (RelayMail *self)
{
  self->outboxes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

RelayMail *
relay_mail_new (RelayContext *context)
{
  RelayMail *self = g_object_new (RELAY_TYPE_MAIL, NULL);
  RelayHomes *homes = context->homes;

  self->context = context;
  g_signal_connect_object (context->post, "queued", G_CALLBACK (on_queued), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "link-up", G_CALLBACK (on_link_up), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "link-down", G_CALLBACK (on_link_down), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "room", G_CALLBACK (on_room), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "answer", G_CALLBACK (on_answer), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "keep", G_CALLBACK (on_keep), self, G_CONNECT_SWAPPED);
  relay_homes_set_arrival (homes, get_arrived, self);
  self->tick = cpm_clock_add_timeout (context->clock, TICK_US, on_tick, self, NULL);
  wake_all (self);

  return self;
}

static Progress *
get_progress (RelayVisitor *visitor)
{
  Progress *progress = g_object_get_qdata (G_OBJECT (visitor), progress_quark ());

  if (progress == NULL)
    {
      progress = g_new0 (Progress, 1);
      g_object_set_qdata_full (G_OBJECT (visitor), progress_quark (), progress, g_free);
    }

  return progress;
}

static gboolean
say_got (gpointer user_data)
{
  RelayVisitor *visitor = user_data;
  Progress *progress = get_progress (visitor);

  progress->got_source = 0;
  relay_visitor_got (visitor, progress->got_n);

  return G_SOURCE_REMOVE;
}

/* What was committed together is confirmed together. */
static void
say_got_soon (RelayVisitor *visitor,
              int64_t       n)
{
  Progress *progress = get_progress (visitor);

  progress->got_n = MAX (progress->got_n, n);
  if (progress->got_source == 0)
    progress->got_source = g_idle_add_full (G_PRIORITY_DEFAULT, say_got, g_object_ref (visitor),
                                            g_object_unref);
}

void
relay_mail_stamp (RelayMail    *self,
                  RelayVisitor *visitor,
                  CpmMessage   *message,
                  RelayWrite   *write)
{
  Progress *progress = get_progress (visitor);

  g_return_if_fail (RELAY_IS_MAIL (self));

  g_free (write->origin);
  write->origin = g_strdup (relay_visitor_get_domain (visitor));
  write->n = cpm_message_get_n (message);
  write->n_before = progress->last_n;
  progress->last_n = write->n;
}

void
relay_mail_answer (RelayMail    *self,
                   RelayVisitor *visitor,
                   CpmMessage   *message,
                   const GError *refusal,
                   const GError *error)
{
  g_return_if_fail (RELAY_IS_MAIL (self));

  if (error != NULL)
    {
      /* Nothing is said of it: it comes again by the next link. */
      relay_log_event ("store-refused", "why", error->message, NULL);
      relay_visitor_dismiss (visitor, NULL);
    }
  else if (refusal != NULL)
    {
      relay_visitor_refuse (visitor, message, refusal);
    }
  else
    {
      say_got_soon (visitor, cpm_message_get_n (message));
    }
}

typedef struct
{
  RelayMail *mail;
  RelayVisitor *visitor;
  CpmMessage *message;
} Arrival;

static void
arrival_free (Arrival *arrival)
{
  g_object_unref (arrival->mail);
  g_object_unref (arrival->visitor);
  g_object_unref (arrival->message);
  g_free (arrival);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Arrival, arrival_free)

static void
on_received (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Arrival) arrival = user_data;
  g_autoptr (GError) refusal = NULL;
  g_autoptr (GError) error = NULL;

  relay_post_receive_finish (RELAY_POST (source), result, &refusal, &error);
  relay_mail_answer (arrival->mail, arrival->visitor, arrival->message, refusal, error);
}

void
relay_mail_take (RelayMail    *self,
                 RelayVisitor *visitor,
                 CpmMessage   *message,
                 const char   *picture,
                 GError       *refusal)
{
  RelayWrite *write;
  Arrival *arrival;

  g_return_if_fail (RELAY_IS_MAIL (self));

  write = relay_post_new_delivery (self->context->post, message, cpm_message_get_to (message),
                                   picture);
  relay_mail_stamp (self, visitor, message, write);

  arrival = g_new0 (Arrival, 1);
  arrival->mail = g_object_ref (self);
  arrival->visitor = g_object_ref (visitor);
  arrival->message = g_object_ref (message);
  relay_post_receive_async (self->context->post, write, refusal, on_received, arrival);
}
