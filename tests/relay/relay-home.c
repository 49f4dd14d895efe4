/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-home.h"

#include "relay-store-sqlite.h"

#include "cpm-address.h"
#include "cpm-json.h"

#include <string.h>

#define MAX_WRITES_IN_A_ROW 3

#define PASSWORD "correct horse"
#define LIMIT_US (60 * G_USEC_PER_SEC)

Home *
home_new_at (const char *domain,
             TestClock  *clock)
{
  Home *self = g_new0 (Home, 1);
  g_autoptr (GError) error = NULL;

  self->clock = g_object_ref (clock);
  self->config = relay_config_new ();
  self->config->domain = g_strdup (domain);
  self->config->data = g_strdup ("/nowhere");
  self->config->open_registration = TRUE;
  self->store = relay_store_sqlite_new (NULL, &error);
  g_assert_no_error (error);
  self->server = relay_server_new (self->config, 7443, 7322, self->store, NULL,
                                   CPM_CLOCK (self->clock));

  return self;
}

Home *
home_new (void)
{
  g_autoptr (TestClock) clock = test_clock_new ();

  return home_new_at ("a.test", clock);
}

void
home_free (Home *self)
{
  /* Who is gone may have left writes that bring others about. */
  for (unsigned i = 0; i < MAX_WRITES_IN_A_ROW; i++)
    {
      home_settle (self);
      relay_store_flush (self->store);
    }

  home_settle (self);
  g_assert_finalize_object (self->server);
  g_assert_finalize_object (self->store);
  g_object_unref (self->clock);
  relay_config_free (self->config);
  g_free (self);
}

void
home_settle (Home *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GAsyncResult **out_result = user_data;

  *out_result = g_object_ref (result);
}

void
home_write (Home       *self,
            RelayWrite *write)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  relay_store_write_async (self->store, write, on_written, &result);
  home_settle (self);
  g_assert_nonnull (result);
  relay_store_write_finish (self->store, result, &error);
  g_assert_no_error (error);
}

void
home_set (Home           *self,
          RelayWriteKind  kind,
          const char     *user,
          const char     *other,
          int64_t         number)
{
  RelayWrite *write = relay_write_new (kind, user, 0);

  write->other = g_strdup (other);
  write->number = number;
  home_write (self, write);
}

void
home_advance (Home    *self,
              int64_t  by_us)
{
  /* In steps, so that what is sent on the way arrives on the way. */
  for (int64_t step_us = G_USEC_PER_SEC; by_us > 0; by_us -= step_us)
    {
      test_clock_advance (self->clock, MIN (by_us, step_us));
      home_settle (self);
    }
}

static void
on_message (Person     *self,
            CpmMessage *message)
{
  g_queue_push_tail (&self->inbox, g_object_ref (message));
}

static void
on_closed (Person *self)
{
  self->is_closed = TRUE;
}

static void
person_connect (Person *self)
{
  transport_pair_new (&self->connection, &self->relay_end);
  g_signal_connect_swapped (self->connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (self->connection, "closed", G_CALLBACK (on_closed), self);
  relay_server_accept (self->home->server, self->relay_end, "192.0.2.1", "relay.test:7443");
}

Person *
person_new (Home       *home,
            const char *name)
{
  Person *self = g_new0 (Person, 1);

  self->home = home;
  self->address = g_strconcat (name, "@", home->config->domain, NULL);
  self->device = cpm_clock_new_id (CPM_CLOCK (home->clock));
  g_queue_init (&self->inbox);
  person_connect (self);

  return self;
}

void
person_free (Person *self)
{
  g_signal_handlers_disconnect_by_data (self->connection, self);
  transport_connection_close (self->connection);
  home_settle (self->home);
  g_object_unref (self->connection);
  g_object_unref (self->relay_end);
  g_queue_clear_full (&self->inbox, g_object_unref);
  g_free (self->address);
  g_free (self->device);
  g_free (self->token);
  g_free (self);
}

JsonObject *
person_new_hello (Person *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "account", self->address);
  json_object_set_string_member (body, "device", self->device);
  json_object_set_array_member (body, "capabilities",
                                cpm_capabilities_to_json (CPM_CAPABILITY_EVERYTHING));

  return body;
}

static void
take_welcome (Person *self)
{
  g_autoptr (CpmMessage) welcome = person_take (self, CPM_MESSAGE_WELCOME);
  JsonObject *body = cpm_message_get_body (welcome);

  self->welcome_seq = cpm_json_get_int (body, "seq", -1);
  if (cpm_json_get_string (body, "token", NULL) != NULL)
    {
      g_free (self->token);
      self->token = g_strdup (cpm_json_get_string (body, "token", NULL));
    }
}

Person *
person_sign_up (Home       *home,
                const char *name)
{
  Person *self = person_new (home, name);
  JsonObject *body = person_new_hello (self);

  json_object_set_string_member (body, "password", PASSWORD);
  json_object_set_boolean_member (body, "create", TRUE);
  g_free (person_say (self, CPM_MESSAGE_HELLO, NULL, body));
  take_welcome (self);

  return self;
}

static Person *
person_copy (Person *self)
{
  g_autofree char *name = cpm_address_dup_user (self->address);

  return person_new (self->home, name);
}

Person *
person_again (Person  *self,
              int64_t  since)
{
  Person *again = person_copy (self);
  JsonObject *body;

  g_free (again->device);
  again->device = g_strdup (self->device);
  again->token = g_strdup (self->token);
  body = person_new_hello (again);
  json_object_set_string_member (body, "token", again->token);
  json_object_set_int_member (body, "since", since);
  g_free (person_say (again, CPM_MESSAGE_HELLO, NULL, body));
  take_welcome (again);

  return again;
}

Person *
person_on_device (Person     *self,
                  const char *password)
{
  Person *other = person_copy (self);
  JsonObject *body = person_new_hello (other);

  json_object_set_string_member (body, "password", password != NULL ? password : PASSWORD);
  g_free (person_say (other, CPM_MESSAGE_HELLO, NULL, body));
  take_welcome (other);

  return other;
}

char *
person_say (Person         *self,
            CpmMessageType  type,
            const char     *to,
            JsonObject     *body)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (self->home->clock));
  g_autoptr (CpmMessage) message = cpm_message_new (type, id, to,
                                                    body != NULL ? body : json_object_new ());

  transport_connection_send (self->connection, message);
  return g_steal_pointer (&id);
}

static gboolean
answers (CpmMessage *message,
         const char *id)
{
  CpmMessageType type = cpm_message_get_message_type (message);

  return (type == CPM_MESSAGE_ACK || type == CPM_MESSAGE_ERR) &&
         g_strcmp0 (body_text (message, "re"), id) == 0;
}

static GList *
find_answer (Person     *self,
             const char *id)
{
  for (GList *i = self->inbox.head; i != NULL; i = i->next)
    {
      if (answers (i->data, id))
        return i;
    }

  return NULL;
}

static void
wait_a_little (int64_t since_us)
{
  if (!g_main_context_iteration (NULL, FALSE))
    g_usleep (500);
  g_assert_cmpint (g_get_monotonic_time () - since_us, <, LIMIT_US);
}

const char *
person_ask (Person         *self,
            CpmMessageType  type,
            const char     *to,
            JsonObject     *body)
{
  g_autofree char *id = person_say (self, type, to, body);
  int64_t since_us = g_get_monotonic_time ();
  g_autoptr (CpmMessage) answer = NULL;
  GList *link;

  while ((link = find_answer (self, id)) == NULL)
    wait_a_little (since_us);

  answer = link->data;
  g_queue_delete_link (&self->inbox, link);
  home_settle (self->home);

  return cpm_message_get_message_type (answer) == CPM_MESSAGE_ACK
           ? "ack"
           : g_intern_string (body_text (answer, "code"));
}

static GList *
find_type (Person         *self,
           CpmMessageType  type)
{
  for (GList *i = self->inbox.head; i != NULL; i = i->next)
    {
      if (cpm_message_get_message_type (i->data) == type)
        return i;
    }

  return NULL;
}

CpmMessage *
person_take (Person         *self,
             CpmMessageType  type)
{
  int64_t since_us = g_get_monotonic_time ();
  CpmMessage *message;
  GList *link;

  while ((link = find_type (self, type)) == NULL)
    wait_a_little (since_us);

  message = link->data;
  g_queue_delete_link (&self->inbox, link);
  return message;
}

gboolean
person_has (Person         *self,
            CpmMessageType  type)
{
  home_settle (self->home);

  return find_type (self, type) != NULL;
}

void
person_forget (Person *self)
{
  home_settle (self->home);
  g_queue_clear_full (&self->inbox, g_object_unref);
}

JsonObject *
person_take_share (Person *self)
{
  JsonObject *body = NULL;

  do
    {
      g_autoptr (CpmMessage) state = person_take (self, CPM_MESSAGE_SHARE_STATE);

      g_clear_pointer (&body, json_object_unref);
      body = json_object_ref (cpm_message_get_body (state));
    }
  while (person_has (self, CPM_MESSAGE_SHARE_STATE));

  return body;
}

const char *
person_block (Person     *self,
              const char *who,
              gboolean    blocked)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "who", who);
  json_object_set_boolean_member (body, "blocked", blocked);
  return person_ask (self, CPM_MESSAGE_PRIVACY_BLOCK, NULL, body);
}

JsonObject *
text_to (Person     *self,
         Person     *other,
         const char *text)
{
  g_autofree char *conversation = cpm_address_conversation_id (self->address, other->address);
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", conversation);
  json_object_set_string_member (body, "text", text);

  return body;
}

JsonObject *
share_body (const char *share,
            const char *more)
{
  g_autofree char *text = g_strdup_printf ("{\"share\":\"%s\"%s%s}", share,
                                           *more != '\0' ? "," : "", more);
  g_autoptr (GError) error = NULL;
  JsonObject *body = cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);
  return body;
}

const char *
body_text (CpmMessage *message,
           const char *member)
{
  return cpm_json_get_string (cpm_message_get_body (message), member, NULL);
}
