/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-outbox"

#include "config.h"

#include "relay-outbox.h"

#include "relay-bounce.h"
#include "relay-groups.h"
#include "relay-homes.h"
#include "relay-log.h"

#include "cpm-json.h"

#include <string.h>

#define WINDOW_MESSAGES 256
#define WINDOW_BYTES (512 * 1024)
#define ROWS_PER_READ 32
/* JSON numbers are whole up to here. */
#define MAX_N ((int64_t) 1 << 53)

struct _RelayOutbox
{
  GObject parent_instance;

  RelayContext *context; /* (unowned) */
  char *domain;

  gboolean is_up;        /* our link to it is */
  gboolean is_ready;     /* and the store knows what the home has */
  gboolean is_clearing;  /* a write is under way that takes away what it has */
  int64_t got_n;         /* as it says, and as the store knows */
  int64_t cleared_n;
  int64_t sent_n;        /* on this link */
  GQueue on_way;         /* of Sent */
  size_t on_way_bytes;
  GQueue refused;        /* of Refusal */
};

typedef struct
{
  int64_t n;
  size_t bytes;
  char *id;
} Sent;

/* What goes back to its sender, until the store has done that: no row behind it may take it
 * away. */
typedef struct
{
  int64_t n;
  GError *why;
  gboolean is_writing;
} Refusal;

G_DEFINE_FINAL_TYPE (RelayOutbox, relay_outbox, G_TYPE_OBJECT)

static void
sent_free (Sent *sent)
{
  g_free (sent->id);
  g_free (sent);
}

static void
refusal_free (Refusal *refusal)
{
  g_clear_error (&refusal->why);
  g_free (refusal);
}

static void
forget_on_way (RelayOutbox *self,
               GList       *link)
{
  Sent *sent = link->data;

  self->on_way_bytes -= sent->bytes;
  sent_free (sent);
  g_queue_delete_link (&self->on_way, link);
}

static gboolean
has_room (RelayOutbox *self)
{
  return self->is_ready && self->on_way.length < WINDOW_MESSAGES &&
         self->on_way_bytes < WINDOW_BYTES;
}

static Refusal *
find_refusal (RelayOutbox *self,
              int64_t      n)
{
  for (GList *i = self->refused.head; i != NULL; i = i->next)
    {
      Refusal *refusal = i->data;

      if (refusal->n == n)
        return refusal;
    }

  return NULL;
}

static void
on_bounced (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (RelayOutbox) self = user_data;
  RelayContext *context = self->context;
  g_autoptr (GError) error = NULL;
  const RelayWrite *write = relay_store_write_finish (context->store, result, &error);

  if (write == NULL)
    {
      for (GList *i = self->refused.head; i != NULL; i = i->next)
        ((Refusal *) i->data)->is_writing = FALSE;
      g_message ("What %s refused cannot be told to its sender now: %s", self->domain,
                 error->message);
      return;
    }

  {
    Refusal *refusal = find_refusal (self, write->n);

    if (refusal != NULL)
      {
        g_queue_remove (&self->refused, refusal);
        refusal_free (refusal);
      }
  }
  if (write->kind == RELAY_WRITE_GROUP_DROP)
    relay_groups_follow (context->groups, write);
  else
    relay_post_tell (context->post, write);
  relay_outbox_pump (self);
}

static void
bounce (RelayOutbox *self,
        Refusal     *refusal)
{
  g_autoptr (GPtrArray) rows = relay_store_read_outbox (self->context->store, self->domain,
                                                        refusal->n - 1, 1);
  const RelayOutboxRow *row = rows->len > 0 ? rows->pdata[0] : NULL;

  if (row == NULL || row->n != refusal->n)
    {
      g_queue_remove (&self->refused, refusal);
      refusal_free (refusal);
      return;
    }

  refusal->is_writing = TRUE;
  relay_log_event ("mail-refused", "home", self->domain, "code",
                   cpm_error_to_code (cpm_error_of (refusal->why)), NULL);
  relay_store_write_async (self->context->store,
                           relay_bounce_new (self->context, row, refusal->why), on_bounced,
                           g_object_ref (self));
}

/* Up to where rows may be taken away. */
static int64_t
get_clear_limit (RelayOutbox *self)
{
  int64_t limit = self->got_n;

  for (GList *i = self->refused.head; i != NULL; i = i->next)
    limit = MIN (limit, ((Refusal *) i->data)->n - 1);

  return limit;
}

static void clear (RelayOutbox *self);

static void
on_cleared (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (RelayOutbox) self = user_data;
  g_autoptr (GError) error = NULL;
  const RelayWrite *write = relay_store_write_finish (self->context->store, result, &error);

  self->is_clearing = FALSE;
  if (write == NULL)
    {
      /* No harm: it is tried again, and what is said twice is kept once. */
      g_message ("What %s has got cannot be taken out of its outbox now: %s", self->domain,
                 error->message);
      return;
    }

  self->cleared_n = MAX (self->cleared_n, write->number);
  self->is_ready = self->is_up;
  clear (self);
  relay_outbox_pump (self);
}

/* One write at a time; what is got meanwhile goes with the next. */
static void
clear (RelayOutbox *self)
{
  int64_t limit = get_clear_limit (self);
  RelayWrite *write;

  if (self->is_clearing || !self->is_up || (self->is_ready && limit <= self->cleared_n))
    return;

  self->is_clearing = TRUE;
  write = relay_write_new (RELAY_WRITE_OUTBOX_GOT, NULL,
                           cpm_clock_get_real_us (self->context->clock));
  write->home = g_strdup (self->domain);
  write->number = limit;
  relay_store_write_async (self->context->store, write, on_cleared, g_object_ref (self));
}

static void
refuse (RelayOutbox *self,
        int64_t      n,
        GError      *why)
{
  Refusal *refusal;

  if (find_refusal (self, n) != NULL)
    {
      g_error_free (why);
      return;
    }

  refusal = g_new0 (Refusal, 1);
  refusal->n = n;
  refusal->why = why;
  g_queue_push_tail (&self->refused, refusal);
  bounce (self, refusal);
}

/* Returns %FALSE when the link takes no more. */
static gboolean
send_row (RelayOutbox          *self,
          const RelayOutboxRow *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmMessage) message = cpm_message_parse (row->text, strlen (row->text), NULL, &error);
  Sent *sent;

  if (message == NULL)
    {
      g_warning ("Row %" G_GINT64_FORMAT " for %s cannot be read: %s", row->n, self->domain,
                 error->message);
      self->sent_n = row->n;
      refuse (self, row->n, g_steal_pointer (&error));
      return TRUE;
    }

  cpm_message_set_n (message, row->n);
  if (!relay_homes_send (self->context->homes, self->domain, message))
    return FALSE;

  sent = g_new0 (Sent, 1);
  sent->n = row->n;
  sent->bytes = strlen (row->text);
  sent->id = g_strdup (row->id);
  g_queue_push_tail (&self->on_way, sent);
  self->on_way_bytes += sent->bytes;
  self->sent_n = row->n;
  return TRUE;
}

void
relay_outbox_pump (RelayOutbox *self)
{
  unsigned n_rows = ROWS_PER_READ;
  gboolean goes_on = TRUE;

  g_return_if_fail (RELAY_IS_OUTBOX (self));

  while (goes_on && n_rows == ROWS_PER_READ && has_room (self))
    {
      g_autoptr (GPtrArray) rows = relay_store_read_outbox (self->context->store, self->domain,
                                                            self->sent_n, ROWS_PER_READ);

      n_rows = rows->len;
      for (unsigned i = 0; goes_on && i < rows->len && has_room (self); i++)
        goes_on = send_row (self, rows->pdata[i]);
    }
}

void
relay_outbox_start (RelayOutbox *self,
                    int64_t      got)
{
  g_return_if_fail (RELAY_IS_OUTBOX (self));

  relay_outbox_stop (self);
  self->is_up = TRUE;
  self->got_n = self->sent_n = CLAMP (got, 0, MAX_N);
  self->cleared_n = 0;
  clear (self);
}

void
relay_outbox_stop (RelayOutbox *self)
{
  g_return_if_fail (RELAY_IS_OUTBOX (self));

  self->is_up = self->is_ready = FALSE;
  g_queue_clear_full (&self->on_way, (GDestroyNotify) sent_free);
  self->on_way_bytes = 0;
}

static void
take_got (RelayOutbox *self,
          int64_t      n)
{
  GList *link;

  while ((link = self->on_way.head) != NULL && ((Sent *) link->data)->n <= n)
    forget_on_way (self, link);

  self->got_n = MAX (self->got_n, MIN (n, self->sent_n));
  clear (self);
  relay_outbox_pump (self);
}

/* Which of those on their way it is about: the first with its `n`, or, when it says none, with its
 * id. */
static GList *
find_on_way (RelayOutbox *self,
             int64_t      n,
             const char  *id)
{
  for (GList *i = self->on_way.head; i != NULL; i = i->next)
    {
      const Sent *sent = i->data;

      if (n != 0 ? sent->n == n : g_strcmp0 (sent->id, id) == 0)
        return i;
    }

  return NULL;
}

static void
take_err (RelayOutbox *self,
          CpmMessage  *err)
{
  GList *link = find_on_way (self, cpm_message_get_n (err),
                             cpm_json_get_string (cpm_message_get_body (err), "re", NULL));
  int64_t n;

  if (link == NULL)
    return;

  n = ((Sent *) link->data)->n;
  forget_on_way (self, link);
  refuse (self, n, cpm_message_to_error (err));
  relay_outbox_pump (self);
}

void
relay_outbox_answer (RelayOutbox *self,
                     CpmMessage  *answer)
{
  g_return_if_fail (RELAY_IS_OUTBOX (self));

  if (!self->is_up)
    return;

  if (cpm_message_get_message_type (answer) == CPM_MESSAGE_GOT)
    take_got (self, cpm_json_get_int (cpm_message_get_body (answer), "seq", 0));
  else if (cpm_message_get_message_type (answer) == CPM_MESSAGE_ERR)
    take_err (self, answer);
}

void
relay_outbox_look_after (RelayOutbox *self)
{
  g_autoptr (GList) refused = NULL;

  g_return_if_fail (RELAY_IS_OUTBOX (self));

  refused = g_list_copy (self->refused.head);
  for (GList *i = refused; i != NULL; i = i->next)
    {
      if (!((Refusal *) i->data)->is_writing)
        bounce (self, i->data);
    }

  clear (self);
  relay_outbox_pump (self);
}

gboolean
relay_outbox_is_busy (RelayOutbox *self)
{
  g_autoptr (GPtrArray) rows = NULL;

  g_return_val_if_fail (RELAY_IS_OUTBOX (self), FALSE);

  if (self->on_way.length > 0 || self->refused.length > 0)
    return TRUE;

  rows = relay_store_read_outbox (self->context->store, self->domain, 0, 1);
  return rows->len > 0;
}

static void
relay_outbox_finalize (GObject *object)
{
  RelayOutbox *self = RELAY_OUTBOX (object);

  g_queue_clear_full (&self->on_way, (GDestroyNotify) sent_free);
  g_queue_clear_full (&self->refused, (GDestroyNotify) refusal_free);
  g_free (self->domain);

  G_OBJECT_CLASS (relay_outbox_parent_class)->finalize (object);
}

static void
relay_outbox_class_init (RelayOutboxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_outbox_finalize;
}

static void
relay_outbox_init (RelayOutbox *self)
{
  g_queue_init (&self->on_way);
  g_queue_init (&self->refused);
}

RelayOutbox *
relay_outbox_new (RelayContext *context,
                  const char   *domain)
{
  RelayOutbox *self = g_object_new (RELAY_TYPE_OUTBOX, NULL);

  self->context = context;
  self->domain = g_strdup (domain);

  return self;
}
