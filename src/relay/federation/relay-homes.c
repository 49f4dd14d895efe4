/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-homes"

#include "config.h"

#include "relay-homes.h"

#include "relay-authority.h"
#include "relay-home-link.h"
#include "relay-rights.h"

#include "cpm-json.h"

/* With more homes than this we do not speak at a time. */
#define MAX_LINKS 1024

struct _RelayHomes
{
  GObject parent_instance;

  RelayContext *context; /* (unowned): its server lives longer, and stops us */
  RelayHomeDialer *dialer;
  RelayHomeKeys *keys;
  RelayHomeDirectory *directory;
  RelayReception *reception;
  GHashTable *links;     /* domain → RelayHomeLink */
  gboolean is_stopped;
};

enum
{
  SIGNAL_LINK_UP,
  SIGNAL_LINK_DOWN,
  SIGNAL_ROOM,
  SIGNAL_ANSWER,
  SIGNAL_VISITOR_CAME,
  SIGNAL_VISITOR_GONE,
  SIGNAL_KEEP,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RelayHomes, relay_homes, G_TYPE_OBJECT)

static void
on_link_up (RelayHomes    *self,
            gint64         got,
            RelayHomeLink *link)
{
  g_signal_emit (self, signals[SIGNAL_LINK_UP], 0, relay_home_link_get_domain (link), got);
}

static void
on_link_down (RelayHomes    *self,
              RelayHomeLink *link)
{
  g_signal_emit (self, signals[SIGNAL_LINK_DOWN], 0, relay_home_link_get_domain (link));
}

static void
on_link_room (RelayHomes    *self,
              RelayHomeLink *link)
{
  g_signal_emit (self, signals[SIGNAL_ROOM], 0, relay_home_link_get_domain (link));
}

static void
on_link_answer (RelayHomes    *self,
                CpmMessage    *message,
                RelayHomeLink *link)
{
  g_signal_emit (self, signals[SIGNAL_ANSWER], 0, relay_home_link_get_domain (link), message);
}

static gboolean
on_link_idle (RelayHomes    *self,
              RelayHomeLink *link)
{
  gboolean keep = FALSE;

  g_signal_emit (self, signals[SIGNAL_KEEP], 0, relay_home_link_get_domain (link), &keep);
  return keep;
}

static void
on_visitor_came (RelayHomes *self,
                 const char *domain)
{
  RelayHomeLink *link = g_hash_table_lookup (self->links, domain);

  /* It is there again: so what waits for it need not wait any longer. */
  if (link != NULL)
    relay_home_link_hurry (link);
  g_signal_emit (self, signals[SIGNAL_VISITOR_CAME], 0, domain);
}

static void
on_visitor_gone (RelayHomes *self,
                 const char *domain)
{
  g_signal_emit (self, signals[SIGNAL_VISITOR_GONE], 0, domain);
}

static gboolean
is_idle (gpointer key,
         gpointer value,
         gpointer user_data)
{
  return relay_home_link_get_state (value) == RELAY_HOME_LINK_IDLE;
}

/* (nullable): when there are too many. */
static RelayHomeLink *
ensure_link (RelayHomes *self,
             const char *domain)
{
  RelayHomeLink *link = g_hash_table_lookup (self->links, domain);

  if (link != NULL)
    return link;

  if (g_hash_table_size (self->links) >= MAX_LINKS)
    g_hash_table_foreach_remove (self->links, is_idle, NULL);
  if (g_hash_table_size (self->links) >= MAX_LINKS)
    return NULL;

  link = relay_home_link_new (self->context->config->domain, domain, self->directory, self->dialer,
                              self->keys, self->context->clock);
  g_signal_connect_swapped (link, "up", G_CALLBACK (on_link_up), self);
  g_signal_connect_swapped (link, "down", G_CALLBACK (on_link_down), self);
  g_signal_connect_swapped (link, "room", G_CALLBACK (on_link_room), self);
  g_signal_connect_swapped (link, "answer", G_CALLBACK (on_link_answer), self);
  g_signal_connect_swapped (link, "idle", G_CALLBACK (on_link_idle), self);
  g_hash_table_insert (self->links, g_strdup (domain), link);
  return link;
}

static void
relay_homes_dispose (GObject *object)
{
  RelayHomes *self = RELAY_HOMES (object);

  relay_homes_stop (self);

  G_OBJECT_CLASS (relay_homes_parent_class)->dispose (object);
}

static void
relay_homes_finalize (GObject *object)
{
  RelayHomes *self = RELAY_HOMES (object);

  g_hash_table_unref (self->links);
  g_clear_object (&self->reception);
  g_clear_object (&self->directory);
  g_clear_object (&self->dialer);
  g_clear_object (&self->keys);

  G_OBJECT_CLASS (relay_homes_parent_class)->finalize (object);
}

static unsigned
add_signal (RelayHomesClass *klass,
            const char      *name,
            unsigned         n_params,
            GType            second)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_params, G_TYPE_STRING, second);
}

static void
relay_homes_class_init (RelayHomesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = relay_homes_dispose;
  object_class->finalize = relay_homes_finalize;

  signals[SIGNAL_LINK_UP] = add_signal (klass, "link-up", 2, G_TYPE_INT64);
  signals[SIGNAL_LINK_DOWN] = add_signal (klass, "link-down", 1, G_TYPE_NONE);
  signals[SIGNAL_ROOM] = add_signal (klass, "room", 1, G_TYPE_NONE);
  signals[SIGNAL_ANSWER] = add_signal (klass, "answer", 2, CPM_TYPE_MESSAGE);
  signals[SIGNAL_VISITOR_CAME] = add_signal (klass, "visitor-came", 1, G_TYPE_NONE);
  signals[SIGNAL_VISITOR_GONE] = add_signal (klass, "visitor-gone", 1, G_TYPE_NONE);
  signals[SIGNAL_KEEP] = g_signal_new ("keep", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       g_signal_accumulator_true_handled, NULL, NULL,
                                       G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
}

static void
relay_homes_init (RelayHomes *self)
{
  self->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

RelayHomes *
relay_homes_new (RelayContext    *context,
                 RelayHomeDialer *dialer,
                 RelayHomeKeys   *keys)
{
  RelayHomes *self = g_object_new (RELAY_TYPE_HOMES, NULL);

  self->context = context;
  self->dialer = g_object_ref (dialer);
  self->keys = g_object_ref (keys);
  self->directory = relay_home_directory_new (dialer, context->clock);
  self->reception = relay_reception_new (context, self->directory);
  g_signal_connect_swapped (self->reception, "came", G_CALLBACK (on_visitor_came), self);
  g_signal_connect_swapped (self->reception, "gone", G_CALLBACK (on_visitor_gone), self);

  return self;
}

gboolean
relay_homes_check_may_reach (RelayHomes  *self,
                             const char  *domain,
                             GError     **error)
{
  g_return_val_if_fail (RELAY_IS_HOMES (self), FALSE);

  return relay_rights_check_home (self->context, domain, error);
}

gboolean
relay_homes_is_up (RelayHomes *self,
                   const char *domain)
{
  RelayHomeLink *link;

  g_return_val_if_fail (RELAY_IS_HOMES (self), FALSE);

  link = g_hash_table_lookup (self->links, domain);
  return link != NULL && relay_home_link_get_state (link) == RELAY_HOME_LINK_UP;
}

void
relay_homes_wake (RelayHomes *self,
                  const char *domain)
{
  RelayHomeLink *link;

  g_return_if_fail (RELAY_IS_HOMES (self));

  if (self->is_stopped || !relay_homes_check_may_reach (self, domain, NULL))
    return;

  link = ensure_link (self, domain);
  if (link != NULL)
    relay_home_link_wake (link);
}

gboolean
relay_homes_send (RelayHomes *self,
                  const char *domain,
                  CpmMessage *message)
{
  g_return_val_if_fail (RELAY_IS_HOMES (self), FALSE);

  if (relay_homes_is_up (self, domain))
    return relay_home_link_send (g_hash_table_lookup (self->links, domain), message);

  relay_homes_wake (self, domain);
  return FALSE;
}

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (relay_home_link_request_finish (RELAY_HOME_LINK (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
relay_homes_request_async (RelayHomes          *self,
                           const char          *domain,
                           CpmMessage          *message,
                           int64_t              limit_us,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GError) error = NULL;
  RelayHomeLink *link;

  g_return_if_fail (RELAY_IS_HOMES (self));

  g_task_set_source_tag (task, relay_homes_request_async);
  if (!relay_homes_check_may_reach (self, domain, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  link = !self->is_stopped ? ensure_link (self, domain) : NULL;
  if (link != NULL)
    relay_home_link_request_async (link, message, limit_us, on_answered, g_steal_pointer (&task));
  else
    g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                             "%s cannot be reached now.", domain);
}

gboolean
relay_homes_request_finish (RelayHomes    *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

const RelayHome *
relay_homes_lookup (RelayHomes *self,
                    const char *domain)
{
  g_return_val_if_fail (RELAY_IS_HOMES (self), NULL);

  return relay_home_directory_peek (self->directory, domain);
}

typedef struct
{
  char *signature;
  GBytes *bytes;
} Claim;

static void
claim_free (Claim *claim)
{
  g_free (claim->signature);
  g_bytes_unref (claim->bytes);
  g_free (claim);
}

static void
settle_claim (RelayHomes      *self,
              GTask           *task,
              const RelayHome *home)
{
  const Claim *claim = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (relay_home_verify (home, claim->signature, claim->bytes,
                         cpm_clock_get_real_us (self->context->clock), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_signer_found (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelayHomes *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayHome) home = relay_home_directory_find_finish (RELAY_HOME_DIRECTORY (source),
                                                                 result, &error);

  if (home == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (self->is_stopped)
    g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                             "This home is closing.");
  else
    settle_claim (self, task, home);
}

void
relay_homes_verify_async (RelayHomes          *self,
                          const char          *domain,
                          const char          *signature,
                          GBytes              *bytes,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GError) error = NULL;
  Claim *claim;

  g_return_if_fail (RELAY_IS_HOMES (self));

  claim = g_new0 (Claim, 1);
  claim->signature = g_strdup (signature);
  claim->bytes = g_bytes_ref (bytes);
  g_task_set_source_tag (task, relay_homes_verify_async);
  g_task_set_task_data (task, claim, (GDestroyNotify) claim_free);

  if (g_str_equal (domain, self->context->config->domain))
    {
      g_autoptr (RelayHome) own = relay_homes_describe (self);

      settle_claim (self, task, own);
    }
  else if (relay_homes_check_may_reach (self, domain, &error))
    {
      relay_home_directory_find_async (self->directory, domain, signature, on_signer_found,
                                       g_steal_pointer (&task));
    }
  else
    {
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

gboolean
relay_homes_verify_finish (RelayHomes    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_learnt (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (RelayHomes) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayHome) home = relay_home_directory_find_finish (RELAY_HOME_DIRECTORY (source),
                                                                 result, &error);

  /* Whoever needs it will ask again. */
  if (home == NULL)
    g_debug ("%s", error->message);
}

void
relay_homes_learn (RelayHomes *self,
                   const char *domain)
{
  g_return_if_fail (RELAY_IS_HOMES (self));

  if (!self->is_stopped && relay_homes_check_may_reach (self, domain, NULL))
    relay_home_directory_find_async (self->directory, domain, NULL, on_learnt, g_object_ref (self));
}

char *
relay_homes_sign (RelayHomes *self,
                  GBytes     *bytes)
{
  g_return_val_if_fail (RELAY_IS_HOMES (self), NULL);

  return relay_home_keys_sign (self->keys, bytes);
}

RelayHome *
relay_homes_describe (RelayHomes *self)
{
  const RelayConfig *config;
  g_autofree char *authority = NULL;
  g_autofree char *endpoint = NULL;
  RelayHome *home;

  g_return_val_if_fail (RELAY_IS_HOMES (self), NULL);

  config = self->context->config;
  authority = relay_authority_get (config, self->context->port, NULL);
  endpoint = g_strdup_printf ("wss://%s/home", authority);
  home = relay_home_new (config->domain, config->endpoint != NULL ? config->endpoint : endpoint,
                         NULL, NULL);
  if (home != NULL)
    relay_home_keys_show (self->keys, home);

  return home;
}

void
relay_homes_set_arrival (RelayHomes       *self,
                         RelayArrivalFunc  func,
                         gpointer          user_data)
{
  g_return_if_fail (RELAY_IS_HOMES (self));

  relay_reception_set_arrival (self->reception, func, user_data);
}

void
relay_homes_look_after (RelayHomes *self)
{
  g_autolist (RelayHomeLink) links = NULL;

  g_return_if_fail (RELAY_IS_HOMES (self));

  if (self->is_stopped)
    return;

  links = g_hash_table_get_values (self->links);
  g_list_foreach (links, (GFunc) (void (*) (void)) g_object_ref, NULL);
  for (GList *item = links; item != NULL; item = item->next)
    {
      const char *domain = relay_home_link_get_domain (item->data);

      if (relay_homes_check_may_reach (self, domain, NULL))
        continue;

      g_hash_table_remove (self->links, domain);
      relay_home_link_stop (item->data, "revoked");
    }

  relay_reception_look_after (self->reception);
}

RelayVisitor *
relay_homes_accept (RelayHomes          *self,
                    TransportConnection *connection,
                    const char          *address)
{
  g_return_val_if_fail (RELAY_IS_HOMES (self), NULL);

  return relay_reception_accept (self->reception, connection, address);
}

RelayVisitor *
relay_homes_find_visitor (RelayHomes *self,
                          const char *domain)
{
  g_return_val_if_fail (RELAY_IS_HOMES (self), NULL);

  return relay_reception_find (self->reception, domain);
}

unsigned
relay_homes_get_n_connections (RelayHomes *self)
{
  GHashTableIter iter;
  gpointer link;
  unsigned n;

  g_return_val_if_fail (RELAY_IS_HOMES (self), 0);

  n = relay_reception_get_n (self->reception);
  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    n += relay_home_link_get_state (link) == RELAY_HOME_LINK_UP;

  return n;
}

static gboolean
has_home (JsonArray  *array,
          const char *domain)
{
  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      if (g_strcmp0 (cpm_json_get_string (json_array_get_object_element (array, i), "home", NULL),
                     domain) == 0)
        return TRUE;
    }

  return FALSE;
}

JsonArray *
relay_homes_to_json (RelayHomes *self)
{
  JsonArray *array;
  GHashTableIter iter;
  gpointer domain;
  gpointer link;

  g_return_val_if_fail (RELAY_IS_HOMES (self), NULL);

  array = relay_reception_to_json (self->reception);
  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      const char *home = cpm_json_get_string (object, "home", NULL);

      link = home != NULL ? g_hash_table_lookup (self->links, home) : NULL;
      if (link != NULL)
        json_object_set_object_member (object, "out", relay_home_link_to_json (link));
    }

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, &domain, &link))
    {
      JsonObject *object;

      if (has_home (array, domain))
        continue;

      object = json_object_new ();
      json_object_set_string_member (object, "home", domain);
      json_object_set_object_member (object, "out", relay_home_link_to_json (link));
      json_array_add_object_element (array, object);
    }

  return array;
}

void
relay_homes_stop (RelayHomes *self)
{
  GHashTableIter iter;
  gpointer link;

  g_return_if_fail (RELAY_IS_HOMES (self));

  if (self->is_stopped)
    return;

  self->is_stopped = TRUE;
  relay_reception_stop (self->reception);
  relay_home_directory_stop (self->directory);
  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    {
      g_signal_handlers_disconnect_by_data (link, self);
      relay_home_link_stop (link, "shutdown");
    }
}
