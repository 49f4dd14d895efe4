/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bench-table.h"
#include "pair-connector.h"
#include "test-disk.h"

#include "client.h"
#include "cpm-address.h"
#include "cpm-json.h"
#include "transport-system-clock.h"

#include <glib/gstdio.h>

/* How long the main loop stands still, and with it the picture that is shown, while messages come
 * in and the disk is slow. */

#define ALICE "alice@a.test"
#define EMILY "emily@a.test"
#define N_MESSAGES 200
#define EVERY_MS 5
#define DISK_US 30000
#define LIMIT_S 120

typedef struct
{
  GMainLoop *loop;
  PairConnector *connector;
  TransportConnection *relay_end;
  Client *client;
  char *conversation;
  int64_t said_us[N_MESSAGES + 1];
  unsigned n_said;
  int64_t got;          /* up to here all has been acknowledged */
  GArray *waits_ms;     /* from said to acknowledged */
  int64_t last_turn_us;
  int64_t longest_us;
} Bench;

static void
say (Bench      *self,
     const char *text)
{
  transport_pair_send_text (TRANSPORT_PAIR (self->relay_end), text);
}

static void
welcome (Bench      *self,
         CpmMessage *hello)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"welcome\",\"body\":{\"account\":\"" ALICE "\",\"device\":\"%s\","
    "\"token\":\"the-token\",\"seq\":0,\"time\":%" G_GINT64_FORMAT
    ",\"pictures\":\"https://x.test/p\","
    "\"limits\":{\"message_bytes\":65536,\"picture_bytes\":1,\"quota_bytes\":1,\"used_bytes\":0}}}",
    cpm_json_get_string (cpm_message_get_body (hello), "device", ""), g_get_real_time ());

  say (self, text);
}

static void
take_got (Bench   *self,
          int64_t  seq)
{
  while (self->got < seq)
    {
      double wait_ms = (double) (g_get_monotonic_time () - self->said_us[++self->got]) / 1000;

      g_array_append_val (self->waits_ms, wait_ms);
    }

  if (self->got == N_MESSAGES)
    g_main_loop_quit (self->loop);
}

static void
acknowledge (Bench      *self,
             CpmMessage *receipt)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"ack\",\"body\":{\"re\":\"%s\",\"ts\":1}}", cpm_message_get_id (receipt));

  say (self, text);
}

static void
on_said (TransportConnection *connection,
         CpmMessage          *message,
         Bench               *self)
{
  CpmMessageType type = cpm_message_get_message_type (message);

  if (type == CPM_MESSAGE_HELLO)
    welcome (self, message);
  else if (type == CPM_MESSAGE_GOT)
    take_got (self, cpm_json_get_int (cpm_message_get_body (message), "seq", 0));
  else if (type == CPM_MESSAGE_RECEIPT)
    acknowledge (self, message);
}

static void
on_accept (TransportConnection *relay_end,
           gpointer             user_data)
{
  Bench *self = user_data;

  self->relay_end = relay_end;
  g_signal_connect (relay_end, "message", G_CALLBACK (on_said), self);
}

static gboolean
on_message_due (gpointer data)
{
  Bench *self = data;
  unsigned n = ++self->n_said;
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"message.text\",\"id\":\"01930000-0000-7000-8000-%012u\",\"to\":\"" ALICE "\","
    "\"from\":\"" EMILY
    "\",\"ts\":5,\"seq\":%u,\"body\":{\"conversation\":\"%s\",\"text\":\"text %u\"}}",
    n, n, self->conversation, n);

  self->said_us[n] = g_get_monotonic_time ();
  say (self, text);

  return n < N_MESSAGES ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
on_turn (gpointer data)
{
  Bench *self = data;
  int64_t now_us = g_get_monotonic_time ();

  self->longest_us = MAX (self->longest_us, now_us - self->last_turn_us);
  self->last_turn_us = now_us;

  return G_SOURCE_CONTINUE;
}

static void
on_signed_in (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Bench *self = user_data;
  g_autoptr (GError) error = NULL;

  client_sign_in_finish (CLIENT_CLIENT (source), result, &error);
  g_assert_no_error (error);
  g_main_loop_quit (self->loop);
}

static gboolean
on_limit (gpointer data)
{
  g_error ("The messages were not acknowledged within %d s", LIMIT_S);

  return G_SOURCE_REMOVE;
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }

  g_remove (path);
}

static void
measure (const char *row,
         CpmClock   *clock)
{
  Bench self = { .loop = g_main_loop_new (NULL, FALSE),
                 .waits_ms = g_array_new (FALSE, FALSE, sizeof (double)) };
  ClientAccountInfo info = { .relay = "relay.test",
                             .account = ALICE,
                             .password = "dresses and shoes" };
  g_autofree char *home = g_dir_make_tmp ("vitrine-bench-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  unsigned turns, limit, n_waits, n_before;

  self.conversation = cpm_address_conversation_id (ALICE, EMILY);
  self.connector = pair_connector_new (on_accept, &self);
  limit = g_timeout_add_seconds (LIMIT_S, on_limit, NULL);
  test_disk_begin (NULL);
  self.client = client_new (home, clock, "bench", &error);
  g_assert_no_error (error);
  client_set_connector (self.client, TRANSPORT_CONNECTOR (self.connector));
  client_set_capabilities (self.client, CPM_CAPABILITY_EVERYTHING);
  client_sign_in_async (self.client, &info, NULL, on_signed_in, &self);
  g_main_loop_run (self.loop);

  test_disk_get_n_syncs (&n_before);
  test_disk_set_delay (DISK_US);
  self.last_turn_us = g_get_monotonic_time ();
  turns = g_timeout_add (1, on_turn, &self);
  g_timeout_add (EVERY_MS, on_message_due, &self);
  g_main_loop_run (self.loop);

  test_disk_get_n_syncs (&n_waits);
  bench_row ("store", row, "n", (double) self.waits_ms->len, "waits", (double) (n_waits - n_before),
             "pause", (double) self.longest_us / 1000, "p50", bench_quantile (self.waits_ms, 0.5),
             "p95", bench_quantile (self.waits_ms, 0.95), NULL);

  test_disk_set_delay (0);
  g_source_remove (turns);
  g_source_remove (limit);
  client_disconnect (self.client);
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  g_object_unref (self.client);
  g_clear_object (&self.relay_end);
  g_object_unref (self.connector);
  g_array_unref (self.waits_ms);
  g_main_loop_unref (self.loop);
  g_free (self.conversation);
  remove_all (home);
}

int
main (void)
{
  g_autoptr (CpmClock) clock = transport_system_clock_new ();

  /* With a clock of one's own there is no thread for the disk. */
  measure ("the main loop waits for the disk", clock);
  measure ("a thread waits, as in the programs", NULL);

  return 0;
}
