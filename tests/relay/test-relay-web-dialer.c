/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How another home is found and dialed on a network whose names the test gives, with the real
 * program at the other end. */

#include "config.h"

#include "relay-program.h"
#include "relay-web-dialer.h"
#include "test-clock.h"

#include "cpm-message.h"

#include <string.h>

/* Knows these names only. */
#define NAMES_TYPE_RESOLVER (names_resolver_get_type ())
G_DECLARE_FINAL_TYPE (NamesResolver, names_resolver, NAMES, RESOLVER, GResolver)

struct _NamesResolver
{
  GResolver parent_instance;

  const char *addresses; /* with blanks between */
  unsigned n_asked;
};

G_DEFINE_FINAL_TYPE (NamesResolver, names_resolver, G_TYPE_RESOLVER)

static void
lookup_by_name_async (GResolver           *resolver,
                      const char          *name,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  NamesResolver *self = NAMES_RESOLVER (resolver);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_auto (GStrv) words = g_strsplit (self->addresses, " ", -1);
  GList *addresses = NULL;

  self->n_asked++;
  for (unsigned i = 0; words[i] != NULL; i++)
    addresses = g_list_append (addresses, g_inet_address_new_from_string (words[i]));
  g_task_return_pointer (task, addresses, (GDestroyNotify) g_resolver_free_addresses);
}

static GList *
lookup_by_name_finish (GResolver     *resolver,
                       GAsyncResult  *result,
                       GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
names_resolver_class_init (NamesResolverClass *klass)
{
  G_RESOLVER_CLASS (klass)->lookup_by_name_async = lookup_by_name_async;
  G_RESOLVER_CLASS (klass)->lookup_by_name_finish = lookup_by_name_finish;
}

static void
names_resolver_init (NamesResolver *self)
{
}

typedef struct
{
  RelayProgram *program;
  NamesResolver *resolver;
  RelayConfig *config;
  TestClock *clock; /* stands still: a slow machine is never too late */
  RelayHomeDialer *dialer;
  RelayHome *home;
  TransportConnection *connection;
  CpmMessage *message;
  GError *error;
  gboolean done;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  static const char * const options[] = { "--federation", "open", NULL };
  g_autoptr (GError) error = NULL;

  fixture->program = relay_program_new ();
  relay_program_start (fixture->program, options);
  fixture->resolver = g_object_new (NAMES_TYPE_RESOLVER, NULL);
  fixture->resolver->addresses = "127.0.0.1";
  g_resolver_set_default (G_RESOLVER (fixture->resolver));

  fixture->config = relay_config_new ();
  fixture->config->homes->mode = RELAY_HOME_POLICY_OPEN;
  fixture->config->homes->allows_private = TRUE;
  fixture->config->homes_ca = g_build_filename (fixture->program->folder, "data", "relay.crt",
                                                NULL);
  fixture->clock = test_clock_new ();
  fixture->dialer = relay_web_dialer_new (fixture->config, fixture->program->port,
                                          CPM_CLOCK (fixture->clock), &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->message);
  g_clear_object (&fixture->connection);
  g_clear_pointer (&fixture->home, relay_home_unref);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->dialer);
  g_object_unref (fixture->clock);
  relay_config_free (fixture->config);
  g_object_unref (fixture->resolver);
  relay_program_free (fixture->program);
}

static void
wait_until_done (Fixture *fixture)
{
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
  fixture->done = FALSE;
}

static void
on_looked_up (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_clear_error (&fixture->error);
  g_clear_pointer (&fixture->home, relay_home_unref);
  fixture->home = relay_home_dialer_lookup_finish (RELAY_HOME_DIALER (source), result,
                                                   &fixture->error);
  fixture->done = TRUE;
}

static void
look_up (Fixture    *fixture,
         const char *domain)
{
  relay_home_dialer_lookup_async (fixture->dialer, domain, NULL, on_looked_up, fixture);
  wait_until_done (fixture);
}

static void
on_dialed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_clear_error (&fixture->error);
  fixture->connection = relay_home_dialer_dial_finish (RELAY_HOME_DIALER (source), result,
                                                       &fixture->error);
  fixture->done = TRUE;
}

static void
on_message (Fixture    *fixture,
            CpmMessage *message)
{
  g_set_object (&fixture->message, message);
  fixture->done = TRUE;
}

static void
test_found_and_dialed (Fixture       *fixture,
                       gconstpointer  data)
{
  look_up (fixture, "a.test");
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->home->domain, ==, "a.test");
  g_assert_cmpuint (fixture->home->port, ==, fixture->program->port);
  g_assert_cmpuint (fixture->home->n_keys, ==, 1);

  relay_home_dialer_dial_async (fixture->dialer, fixture->home, NULL, on_dialed, fixture);
  wait_until_done (fixture);
  g_assert_no_error (fixture->error);
  g_signal_connect_swapped (fixture->connection, "message", G_CALLBACK (on_message), fixture);
  wait_until_done (fixture);
  g_assert_cmpint (cpm_message_get_message_type (fixture->message), ==, CPM_MESSAGE_HOME_CHALLENGE);

  g_signal_handlers_disconnect_by_data (fixture->connection, fixture);
  transport_connection_close (fixture->connection);
}

static void
test_other_name (Fixture       *fixture,
                 gconstpointer  data)
{
  /* The certificate is that of a.test. */
  look_up (fixture, "b.test");
  g_assert_error (fixture->error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
}

static void
test_private_addresses (Fixture       *fixture,
                        gconstpointer  data)
{
  static const char *const addresses[] = {
    "127.0.0.1",         "::1",
    "10.0.0.1",          "192.168.1.1",
    "169.254.169.254",   "fe80::1",
    "fd00::1",           "::ffff:127.0.0.1",
    "224.0.0.1",         "8.8.8.8 127.0.0.1",
    "127.0.0.1 8.8.8.8", "2606:4700::1111 ::1",
  };

  fixture->config->homes->allows_private = FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_test_message ("%s", addresses[i]);
      fixture->resolver->addresses = addresses[i];
      fixture->resolver->n_asked = 0;
      look_up (fixture, "a.test");
      g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);

      /* Once: nobody gets to answer otherwise when it is asked again. */
      g_assert_cmpuint (fixture->resolver->n_asked, ==, 1);
    }
}

/* A document on the public internet leads to an endpoint that is not. */
static void
test_private_endpoint (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *endpoint = g_strdup_printf ("wss://127.0.0.1:%u/home", fixture->program->port);
  g_autoptr (RelayHome) home = relay_home_new ("a.test", endpoint, NULL, NULL);

  fixture->config->homes->allows_private = FALSE;
  relay_home_dialer_dial_async (fixture->dialer, home, NULL, on_dialed, fixture);
  wait_until_done (fixture);
  g_assert_null (fixture->connection);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

/* What the operator has named may be anywhere, and is known by its pin. */
static void
test_configured (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *text = g_strdup_printf ("a.test=wss://127.0.0.1:%u#%s", fixture->program->port,
                                           fixture->program->pin);
  g_autofree char *wrong = g_strdup_printf ("a.test=wss://127.0.0.1:%u#%064d",
                                            fixture->program->port, 0);

  fixture->config->homes->allows_private = FALSE;
  g_assert_true (relay_home_policy_configure (fixture->config->homes, text, NULL));
  look_up (fixture, "a.test");
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->home->is_configured);
  g_assert_cmpstr (fixture->home->host, ==, "127.0.0.1");
  g_assert_cmpuint (fixture->resolver->n_asked, ==, 0);

  g_assert_true (relay_home_policy_configure (fixture->config->homes, wrong, NULL));
  look_up (fixture, "a.test");
  g_assert_error (fixture->error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) \
  g_test_add ("/relay/web-dialer/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("found-and-dialed", test_found_and_dialed);
  ADD ("other-name", test_other_name);
  ADD ("private-addresses", test_private_addresses);
  ADD ("private-endpoint", test_private_endpoint);
  ADD ("configured", test_configured);

  return g_test_run ();
}
