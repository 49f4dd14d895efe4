/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-post"

#include "config.h"

#include "relay-post.h"

#include "relay-log.h"

#include "cpm-address.h"
#include "cpm-json.h"

struct _RelayPost
{
  GObject parent_instance;

  RelayStore *store;
  RelayPeople *people;
  CpmClock *clock;
  char *domain;
};

enum
{
  SIGNAL_QUEUED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RelayPost, relay_post, G_TYPE_OBJECT)

static void
relay_post_finalize (GObject *object)
{
  RelayPost *self = RELAY_POST (object);

  g_clear_object (&self->store);
  g_clear_object (&self->people);
  g_clear_object (&self->clock);
  g_free (self->domain);

  G_OBJECT_CLASS (relay_post_parent_class)->finalize (object);
}

static void
relay_post_class_init (RelayPostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_post_finalize;

  signals[SIGNAL_QUEUED] = g_signal_new ("queued", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
relay_post_init (RelayPost *self)
{
}

RelayPost *
relay_post_new (RelayStore  *store,
                RelayPeople *people,
                CpmClock    *clock,
                const char  *domain)
{
  RelayPost *self = g_object_new (RELAY_TYPE_POST, NULL);

  self->store = g_object_ref (store);
  self->people = g_object_ref (people);
  self->clock = g_object_ref (clock);
  self->domain = g_strdup (domain);

  return self;
}

/* Sends what @user's devices have not got, as far as they have room. */
static void
pump (RelayPost  *self,
      const char *user)
{
  g_autoptr (GPtrArray) peers = relay_people_list (self->people, user);

  for (unsigned i = 0; i < peers->len; i++)
    relay_peer_pump (peers->pdata[i], self->store);
}

static void
pump_or_queue (RelayPost  *self,
               const char *whom)
{
  if (cpm_address_is_normal (whom))
    pump (self, whom);
  else
    relay_post_tell_queued (self, whom);
}

void
relay_post_tell (RelayPost        *self,
                 const RelayWrite *write)
{
  g_return_if_fail (RELAY_IS_POST (self));

  for (unsigned i = 0; write->told != NULL && i < write->told->len; i++)
    pump_or_queue (self, write->told->pdata[i]);

  if (write->kind == RELAY_WRITE_BOUNCE && write->was_copied)
    pump (self, write->user);
  if (write->kind != RELAY_WRITE_DELIVER || write->was_there || write->refusal != NULL)
    return;

  if (write->home != NULL)
    relay_post_tell_queued (self, write->home);
  else
    pump (self, write->other);
  if (write->was_copied)
    pump (self, write->user);
  if (write->is_contact_new)
    relay_people_contacts_changed (self->people, write->user, write->other);
}

static void
on_delivered (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelayPost *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  const RelayWrite *write = relay_store_write_finish (self->store, result, &error);

  if (write == NULL)
    {
      /* Who runs the relay has to make room, or find out what ails the disk. */
      if (g_error_matches (error, CPM_ERROR, CPM_ERROR_STORAGE))
        relay_log_event ("store-refused", "why", error->message, NULL);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (write->refusal != NULL)
    g_task_set_task_data (task, g_error_copy (write->refusal), (GDestroyNotify) g_error_free);

  /* First the acknowledgement, so that the sender knows of its message before anybody answers
   * it. */
  g_task_return_boolean (task, TRUE);
  relay_post_tell (self, write);
}

static RelayWrite *
new_delivery (RelayPost  *self,
              CpmMessage *message,
              const char *recipient,
              const char *picture)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_DELIVER, cpm_message_get_from (message),
                                       cpm_clock_get_real_us (self->clock));

  write->other = g_strdup (recipient);
  write->id = g_strdup (cpm_message_get_id (message));
  write->text = g_strdup (cpm_message_get_text (message));
  write->picture = g_strdup (picture);
  write->conversation =
    g_strdup (cpm_json_get_string (cpm_message_get_body (message), "conversation", NULL));

  return write;
}

void
relay_post_deliver_async (RelayPost           *self,
                          CpmMessage          *message,
                          const char          *recipient,
                          const char          *device,
                          const char          *picture,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  RelayWrite *write;

  g_return_if_fail (RELAY_IS_POST (self));

  write = new_delivery (self, message, recipient, picture);
  write->device = g_strdup (device);
  if (!g_str_equal (cpm_address_get_domain (recipient), self->domain))
    write->home = g_strdup (cpm_address_get_domain (recipient));

  g_task_set_source_tag (task, relay_post_deliver_async);
  relay_store_write_async (self->store, write, on_delivered, task);
}

gboolean
relay_post_deliver_finish (RelayPost     *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

RelayWrite *
relay_post_new_delivery (RelayPost  *self,
                         CpmMessage *message,
                         const char *recipient,
                         const char *picture)
{
  g_autoptr (CpmMessage) bare = NULL;

  g_return_val_if_fail (RELAY_IS_POST (self), NULL);

  bare = cpm_message_copy (message);
  cpm_message_set_n (bare, 0);
  cpm_message_set_seq (bare, 0);
  cpm_message_set_old (bare, FALSE);
  cpm_message_set_signature (bare, NULL);

  return new_delivery (self, bare, recipient, picture);
}

void
relay_post_receive_async (RelayPost           *self,
                          RelayWrite          *write,
                          GError              *refusal,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_return_if_fail (RELAY_IS_POST (self));

  if (refusal != NULL)
    {
      write->kind = RELAY_WRITE_REFUSE;
      g_task_set_task_data (task, refusal, (GDestroyNotify) g_error_free);
    }

  g_task_set_source_tag (task, relay_post_receive_async);
  relay_store_write_async (self->store, write, on_delivered, task);
}

gboolean
relay_post_receive_finish (RelayPost     *self,
                           GAsyncResult  *result,
                           GError       **out_refusal,
                           GError       **error)
{
  const GError *refusal = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  *out_refusal = refusal != NULL ? g_error_copy (refusal) : NULL;
  return TRUE;
}

void
relay_post_tell_queued (RelayPost  *self,
                        const char *domain)
{
  g_return_if_fail (RELAY_IS_POST (self));

  g_signal_emit (self, signals[SIGNAL_QUEUED], 0, domain);
}

static void
on_befriended (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (RelayPost) self = user_data;
  g_autoptr (GError) error = NULL;
  const RelayWrite *write = relay_store_write_finish (self->store, result, &error);

  if (write == NULL)
    g_message ("A contact could not be kept: %s", error->message);
  else if (write->is_contact_new)
    relay_people_contacts_changed (self->people, write->user, write->other);
}

void
relay_post_befriend (RelayPost  *self,
                     const char *user,
                     const char *other)
{
  RelayWrite *write;

  g_return_if_fail (RELAY_IS_POST (self));

  write = relay_write_new (RELAY_WRITE_ADD_CONTACT, user, cpm_clock_get_real_us (self->clock));
  write->other = g_strdup (other);
  relay_store_write_async (self->store, write, on_befriended, g_object_ref (self));
}

static void
on_got_kept (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (RelayPost) self = user_data;
  g_autoptr (GError) error = NULL;

  /* No harm: the device says again at its next hello how far it is. */
  if (relay_store_write_finish (self->store, result, &error) == NULL)
    g_message ("What a device has got could not be kept: %s", error->message);
}

void
relay_post_keep_got (RelayPost *self,
                     RelayPeer *peer)
{
  RelayWrite *write;
  int64_t got;

  g_return_if_fail (RELAY_IS_POST (self));

  got = relay_peer_steal_got (peer);
  if (got == 0)
    return;

  write = relay_write_new (RELAY_WRITE_GOT, relay_peer_get_user (peer),
                           cpm_clock_get_real_us (self->clock));
  write->device = g_strdup (relay_peer_get_device (peer));
  write->number = got;
  relay_store_write_async (self->store, write, on_got_kept, g_object_ref (self));
}
