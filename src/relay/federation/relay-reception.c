/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-reception"

#include "config.h"

#include "relay-reception.h"

#include "relay-home-proof.h"
#include "relay-home-router.h"
#include "relay-home-tally.h"
#include "relay-homes.h"
#include "relay-log.h"
#include "relay-rights.h"
#include "relay-throttle.h"

#include "cpm-address.h"
#include "cpm-group.h"
#include "cpm-json.h"

#define SECOND_US ((int64_t) G_USEC_PER_SEC)
#define MAX_SKEW_US (300 * SECOND_US)
#define LOG_US (10 * SECOND_US)

#define MAX_STRANGERS 64
#define MAX_STRANGERS_PER_ADDRESS 16
#define MAX_TALLIES 4096

/* Proofs that were no good, for each address. */
#define FAILURES_AT_ONCE 20
#define FAILURE_US (6 * SECOND_US)

struct _RelayReception
{
  GObject parent_instance;

  RelayContext *context; /* (unowned): its server lives longer, and stops us */
  RelayHomeDirectory *directory;
  RelayArrivalFunc arrival;
  gpointer arrival_data;

  GPtrArray *strangers;  /* of RelayVisitor */
  GHashTable *visitors;  /* domain → RelayVisitor */
  GHashTable *tallies;   /* domain → owned RelayHomeTally */
  RelayHomeTally nobodies;
  RelayThrottle *failures;
  unsigned log_timeout;
  gboolean is_stopped;
};

enum
{
  SIGNAL_CAME,
  SIGNAL_GONE,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RelayReception, relay_reception, G_TYPE_OBJECT)

/* Something about @visitor that has to be found out first. */
typedef struct
{
  RelayReception *reception;
  RelayVisitor *visitor;
  CpmMessage *message;
} Inquiry;

static Inquiry *
inquiry_new (RelayReception *reception,
             RelayVisitor   *visitor,
             CpmMessage     *message)
{
  Inquiry *inquiry = g_new0 (Inquiry, 1);

  inquiry->reception = g_object_ref (reception);
  inquiry->visitor = g_object_ref (visitor);
  inquiry->message = g_object_ref (message);

  return inquiry;
}

static void
inquiry_free (Inquiry *inquiry)
{
  g_object_unref (inquiry->reception);
  g_object_unref (inquiry->visitor);
  g_object_unref (inquiry->message);
  g_free (inquiry);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Inquiry, inquiry_free)

static gboolean
has_no_visitor (gpointer key,
                gpointer value,
                gpointer user_data)
{
  RelayReception *self = user_data;

  return !g_hash_table_contains (self->visitors, key);
}

static RelayHomeTally *
get_tally (RelayReception *self,
           RelayVisitor   *visitor)
{
  const char *domain = relay_visitor_get_domain (visitor);
  RelayHomeTally *tally = domain != NULL ? g_hash_table_lookup (self->tallies, domain)
                                         : &self->nobodies;

  if (tally != NULL)
    return tally;

  if (g_hash_table_size (self->tallies) >= MAX_TALLIES)
    g_hash_table_foreach_remove (self->tallies, has_no_visitor, self);

  tally = g_new0 (RelayHomeTally, 1);
  g_hash_table_insert (self->tallies, g_strdup (domain), tally);
  return tally;
}

static void
on_refused (RelayReception *self,
            int             code,
            RelayVisitor   *visitor)
{
  relay_home_tally_add (get_tally (self, visitor), (CpmError) code);
}

static void
turn_away (RelayReception *self,
           RelayVisitor   *visitor,
           CpmMessage     *hello,
           const GError   *error)
{
  relay_throttle_spend (self->failures, relay_visitor_get_address (visitor));
  relay_visitor_refuse (visitor, hello, error);
  relay_visitor_dismiss (visitor, NULL);
}

static gboolean
check_hello (RelayReception  *self,
             RelayVisitor    *visitor,
             JsonObject      *body,
             GError         **error)
{
  const RelayConfig *config = self->context->config;
  const char *from = cpm_json_get_string (body, "from", "");
  int64_t skew_us = cpm_json_get_int (body, "ts", 0) - cpm_clock_get_real_us (self->context->clock);
  const char *wrong = NULL;
  CpmError code = CPM_ERROR_AUTH;

  if (!relay_throttle_check (self->failures, relay_visitor_get_address (visitor)))
    {
      wrong = "Too many proofs from this address were no good; try later.";
      code = CPM_ERROR_RATE;
    }
  else if (!cpm_address_is_domain (from) || g_str_equal (from, config->domain))
    wrong = "That is not the name of another home.";
  else if (g_strcmp0 (cpm_json_get_string (body, "to", NULL), config->domain) != 0)
    wrong = "The proof is for another home.";
  else if (g_strcmp0 (cpm_json_get_string (body, "nonce", NULL),
                      relay_visitor_get_nonce (visitor)) != 0)
    wrong = "The proof answers another challenge.";
  else if (skew_us > MAX_SKEW_US || skew_us < -MAX_SKEW_US)
    wrong = "The clocks of our homes are more than five minutes apart.";

  if (wrong == NULL)
    return relay_rights_check_home (self->context, from, error);

  g_set_error_literal (error, CPM_ERROR, (int) code, wrong);
  return FALSE;
}

static void
let_in (RelayReception *self,
        RelayVisitor   *visitor,
        CpmMessage     *hello,
        const char     *domain)
{
  RelayVisitor *found = g_hash_table_lookup (self->visitors, domain);
  g_autoptr (RelayVisitor) old = found != NULL ? g_object_ref (found) : NULL;
  int64_t got = self->arrival != NULL ? self->arrival (domain, self->arrival_data) : 0;

  relay_visitor_welcome (visitor, domain, hello, got);
  g_hash_table_insert (self->visitors, g_strdup (domain), g_object_ref (visitor));
  g_ptr_array_remove (self->strangers, visitor);
  relay_log_event ("home-came", "home", domain, "address", relay_visitor_get_address (visitor),
                   NULL);

  if (old != NULL)
    relay_visitor_dismiss (old, "replaced");
  g_signal_emit (self, signals[SIGNAL_CAME], 0, domain);
}

static void
on_home_found (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (Inquiry) inquiry = user_data;
  RelayReception *self = inquiry->reception;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayHome) home = relay_home_directory_find_finish (RELAY_HOME_DIRECTORY (source),
                                                                 result, &error);

  if (self->is_stopped || relay_visitor_get_state (inquiry->visitor) != RELAY_VISITOR_KNOCKING)
    return;

  if (home != NULL &&
      relay_home_proof_check (inquiry->message, home, self->context->config->domain,
                              relay_visitor_get_nonce (inquiry->visitor),
                              cpm_clock_get_real_us (self->context->clock), &error))
    let_in (self, inquiry->visitor, inquiry->message, home->domain);
  else
    turn_away (self, inquiry->visitor, inquiry->message, error);
}

static void
on_hello (RelayReception *self,
          CpmMessage     *hello,
          RelayVisitor   *visitor)
{
  JsonObject *body = cpm_message_get_body (hello);
  g_autoptr (GError) error = NULL;

  if (check_hello (self, visitor, body, &error))
    relay_home_directory_find_async (self->directory, cpm_json_get_string (body, "from", NULL),
                                     cpm_json_get_string (body, "key", NULL), on_home_found,
                                     inquiry_new (self, visitor, hello));
  else
    turn_away (self, visitor, hello, error);
}

/* Whether @author's home has signed what is said in its name. */
static gboolean
check_signature (RelayReception   *self,
                 const RelayHome  *author,
                 CpmMessage       *message,
                 GError          **error)
{
  const char *group = cpm_json_get_string (cpm_message_get_body (message), "conversation", NULL);
  g_autoptr (GBytes) statement = cpm_group_get_signed_bytes (message, group);

  return relay_home_verify (author, cpm_message_get_signature (message), statement,
                            cpm_clock_get_real_us (self->context->clock), error);
}

/* What one of ours has said, and its place among what the others say: nobody need be asked who we
 * are. */
static void
take_own (RelayReception *self,
          RelayVisitor   *visitor,
          CpmMessage     *message)
{
  g_autoptr (RelayHome) own = relay_homes_describe (self->context->homes);
  g_autoptr (GError) error = NULL;

  if (check_signature (self, own, message, &error))
    relay_home_router_route (self->context, visitor, message);
  else
    relay_visitor_refuse (visitor, message, error);
}

static void
on_author_found (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (Inquiry) inquiry = user_data;
  RelayReception *self = inquiry->reception;
  CpmMessage *message = inquiry->message;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayHome) author = relay_home_directory_find_finish (RELAY_HOME_DIRECTORY (source),
                                                                   result, &error);

  if (self->is_stopped || relay_visitor_get_state (inquiry->visitor) != RELAY_VISITOR_WELCOME)
    return;

  if (author != NULL && check_signature (self, author, message, &error))
    relay_home_router_route (self->context, inquiry->visitor, message);
  if (error != NULL)
    relay_visitor_refuse (inquiry->visitor, message, error);
  relay_visitor_release (inquiry->visitor);
}

static void
on_message (RelayReception *self,
            CpmMessage     *message,
            RelayVisitor   *visitor)
{
  const RelayConfig *config = self->context->config;
  g_autoptr (GError) error = NULL;
  const char *author;

  if (!cpm_message_check_home (message, relay_visitor_get_domain (visitor), config->domain, &author,
                               &error) ||
      (author != NULL && !g_str_equal (author, config->domain) &&
       !relay_rights_check_home (self->context, author, &error)))
    {
      relay_visitor_refuse (visitor, message, error);
    }
  else if (author != NULL && g_str_equal (author, config->domain))
    {
      take_own (self, visitor, message);
    }
  else if (author != NULL)
    {
      relay_visitor_hold (visitor);
      relay_home_directory_find_async (self->directory, author, cpm_message_get_signature (message),
                                       on_author_found, inquiry_new (self, visitor, message));
    }
  else
    {
      relay_home_router_route (self->context, visitor, message);
    }
}

static void
on_gone (RelayReception *self,
         RelayVisitor   *visitor)
{
  g_autoptr (RelayVisitor) alive = g_object_ref (visitor);
  const char *domain = relay_visitor_get_domain (visitor);

  g_signal_handlers_disconnect_by_data (visitor, self);
  g_ptr_array_remove (self->strangers, visitor);
  if (domain == NULL || g_hash_table_lookup (self->visitors, domain) != visitor)
    return;

  g_hash_table_remove (self->visitors, domain);
  relay_log_event ("home-gone", "home", domain, NULL);
  if (!self->is_stopped)
    g_signal_emit (self, signals[SIGNAL_GONE], 0, domain);
}

static gboolean
on_log (gpointer user_data)
{
  RelayReception *self = user_data;
  GHashTableIter iter;
  gpointer domain;
  gpointer tally;

  relay_home_tally_log (&self->nobodies, NULL);
  g_hash_table_iter_init (&iter, self->tallies);
  while (g_hash_table_iter_next (&iter, &domain, &tally))
    relay_home_tally_log (tally, domain);

  return G_SOURCE_CONTINUE;
}

static void
relay_reception_dispose (GObject *object)
{
  RelayReception *self = RELAY_RECEPTION (object);

  relay_reception_stop (self);

  G_OBJECT_CLASS (relay_reception_parent_class)->dispose (object);
}

static void
relay_reception_finalize (GObject *object)
{
  RelayReception *self = RELAY_RECEPTION (object);

  g_clear_object (&self->directory);
  g_ptr_array_unref (self->strangers);
  g_hash_table_unref (self->visitors);
  g_hash_table_unref (self->tallies);
  g_clear_pointer (&self->failures, relay_throttle_free);

  G_OBJECT_CLASS (relay_reception_parent_class)->finalize (object);
}

static void
relay_reception_class_init (RelayReceptionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = relay_reception_dispose;
  object_class->finalize = relay_reception_finalize;

  signals[SIGNAL_CAME] = g_signal_new ("came", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_GONE] = g_signal_new ("gone", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
relay_reception_init (RelayReception *self)
{
  self->strangers = g_ptr_array_new_with_free_func (g_object_unref);
  self->visitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->tallies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

RelayReception *
relay_reception_new (RelayContext       *context,
                     RelayHomeDirectory *directory)
{
  RelayReception *self = g_object_new (RELAY_TYPE_RECEPTION, NULL);

  self->context = context;
  self->directory = g_object_ref (directory);
  self->failures = relay_throttle_new (context->clock, FAILURES_AT_ONCE, FAILURE_US);
  self->log_timeout = cpm_clock_add_timeout (context->clock, LOG_US, on_log, self, NULL);

  return self;
}

void
relay_reception_set_arrival (RelayReception   *self,
                             RelayArrivalFunc  func,
                             gpointer          user_data)
{
  g_return_if_fail (RELAY_IS_RECEPTION (self));

  self->arrival = func;
  self->arrival_data = user_data;
}

static gboolean
has_room_for (RelayReception *self,
              const char     *address)
{
  unsigned n_same = 0;

  for (unsigned i = 0; i < self->strangers->len; i++)
    n_same += g_strcmp0 (relay_visitor_get_address (self->strangers->pdata[i]), address) == 0;

  return self->strangers->len < MAX_STRANGERS && n_same < MAX_STRANGERS_PER_ADDRESS;
}

RelayVisitor *
relay_reception_accept (RelayReception      *self,
                        TransportConnection *connection,
                        const char          *address)
{
  g_autoptr (RelayVisitor) visitor = NULL;

  g_return_val_if_fail (RELAY_IS_RECEPTION (self), NULL);

  if (self->is_stopped || !has_room_for (self, address))
    {
      relay_home_tally_add (&self->nobodies, CPM_ERROR_BUSY);
      transport_connection_close (connection);
      return NULL;
    }

  visitor = relay_visitor_new (connection, self->context->clock, self->context->config->domain,
                               address);
  g_ptr_array_add (self->strangers, g_object_ref (visitor));
  g_signal_connect_swapped (visitor, "hello", G_CALLBACK (on_hello), self);
  g_signal_connect_swapped (visitor, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (visitor, "refused", G_CALLBACK (on_refused), self);
  g_signal_connect_swapped (visitor, "gone", G_CALLBACK (on_gone), self);

  return visitor;
}

RelayVisitor *
relay_reception_find (RelayReception *self,
                      const char     *domain)
{
  g_return_val_if_fail (RELAY_IS_RECEPTION (self), NULL);

  return g_hash_table_lookup (self->visitors, domain);
}

void
relay_reception_look_after (RelayReception *self)
{
  g_autoptr (GPtrArray) unwanted = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer domain;
  gpointer visitor;

  g_return_if_fail (RELAY_IS_RECEPTION (self));

  g_hash_table_iter_init (&iter, self->visitors);
  while (g_hash_table_iter_next (&iter, &domain, &visitor))
    {
      if (!relay_rights_check_home (self->context, domain, NULL))
        g_ptr_array_add (unwanted, g_object_ref (visitor));
    }

  for (unsigned i = 0; i < unwanted->len; i++)
    relay_visitor_dismiss (unwanted->pdata[i], "revoked");
}

unsigned
relay_reception_get_n (RelayReception *self)
{
  g_return_val_if_fail (RELAY_IS_RECEPTION (self), 0);

  return self->strangers->len + g_hash_table_size (self->visitors);
}

static JsonObject *
describe (RelayReception *self,
          const char     *domain,
          RelayHomeTally *tally)
{
  RelayVisitor *visitor = domain != NULL ? g_hash_table_lookup (self->visitors, domain) : NULL;
  JsonObject *object = json_object_new ();

  if (domain != NULL)
    json_object_set_string_member (object, "home", domain);

  if (visitor != NULL)
    {
      JsonObject *in = json_object_new ();

      json_object_set_int_member (in, "since", relay_visitor_get_since_us (visitor));
      json_object_set_string_member (in, "address", relay_visitor_get_address (visitor));
      json_object_set_object_member (object, "in", in);
    }

  if (tally != NULL)
    json_object_set_object_member (object, "refused", relay_home_tally_to_json (tally));
  return object;
}

JsonArray *
relay_reception_to_json (RelayReception *self)
{
  JsonArray *array = json_array_new ();
  GHashTableIter iter;
  gpointer domain;
  gpointer tally;

  g_return_val_if_fail (RELAY_IS_RECEPTION (self), array);

  g_hash_table_iter_init (&iter, self->visitors);
  while (g_hash_table_iter_next (&iter, &domain, NULL))
    json_array_add_object_element (
      array, describe (self, domain, g_hash_table_lookup (self->tallies, domain)));

  g_hash_table_iter_init (&iter, self->tallies);
  while (g_hash_table_iter_next (&iter, &domain, &tally))
    {
      if (!g_hash_table_contains (self->visitors, domain))
        json_array_add_object_element (array, describe (self, domain, tally));
    }

  json_array_add_object_element (array, describe (self, NULL, &self->nobodies));
  return array;
}

void
relay_reception_stop (RelayReception *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer visitor;

  g_return_if_fail (RELAY_IS_RECEPTION (self));

  if (self->is_stopped)
    return;

  self->is_stopped = TRUE;
  cpm_clock_clear_timeout (self->context->clock, &self->log_timeout);
  on_log (self);
  for (unsigned i = 0; i < self->strangers->len; i++)
    g_ptr_array_add (all, g_object_ref (self->strangers->pdata[i]));
  g_hash_table_iter_init (&iter, self->visitors);
  while (g_hash_table_iter_next (&iter, NULL, &visitor))
    g_ptr_array_add (all, g_object_ref (visitor));

  for (unsigned i = 0; i < all->len; i++)
    relay_visitor_dismiss (all->pdata[i], "shutdown");
}
