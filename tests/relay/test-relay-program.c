/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "raw-peer.h"
#include "relay-program.h"

#include "cpm-address.h"
#include "cpm-json.h"

#include <glib/gstdio.h>

#include <string.h>

#define ALICE "alice@a.test"
#define EMILY "emily@a.test"

typedef struct
{
  RelayProgram *relay;
  char *data;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->relay = relay_program_new ();
  fixture->data = g_build_filename (fixture->relay->folder, "data", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  relay_program_free (fixture->relay);
  g_free (fixture->data);
}

/* Runs with the given arguments, and sees it fail with this status and one line that has @part in
 * it. */
static void
assert_fails (int         status,
              const char *part,
              ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autofree char *complaint = NULL;
  const char *argument;
  va_list args;

  va_start (args, part);
  while ((argument = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (arguments, (gpointer) argument);
  va_end (args);
  g_ptr_array_add (arguments, NULL);

  g_assert_cmpint (relay_program_run ((const char *const *) arguments->pdata, NULL, &complaint), ==,
                   status);
  g_test_message ("%s", complaint);
  g_assert_nonnull (strstr (complaint, part));
  g_assert_true (g_str_has_prefix (complaint, "vitrine-relay: "));
  g_assert_cmpint (strcspn (complaint, "\n"), ==, strlen (complaint) - 1);
}

static void
test_usage (Fixture       *fixture,
            gconstpointer  data)
{
  assert_fails (2, "--beauty", "--beauty", NULL);
  assert_fails (2, "must be a number", "--port", "x", NULL);
  assert_fails (2, "“serve” is not understood", "serve", NULL);
  assert_fails (2, "not an admin command", "admin", "--data", "/x", "dance", NULL);
  assert_fails (2, "--data", "admin", "user", "list", NULL);
}

static void
test_bad_settings (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->relay->folder, "relay.conf", NULL);
  g_autofree char *noise = g_build_filename (fixture->relay->folder, "noise.pem", NULL);

  g_assert_true (g_file_set_contents (path, "domain = a.test\nport = many\n", -1, NULL));
  g_assert_true (g_file_set_contents (noise, "noise", -1, NULL));

  assert_fails (1, "The domain is missing", "--data", fixture->data, NULL);
  assert_fails (1, "line 2", "--config", path, NULL);
  assert_fails (1, "cannot be read", "--config", "/nowhere", NULL);
  assert_fails (1, "The data folder /proc/x cannot be used", "--domain", "a.test", "--data",
                "/proc/x", NULL);
  assert_fails (1, "needs its key", "--domain", "a.test", "--data", fixture->data, "--cert", noise,
                NULL);
  assert_fails (1, "The certificate", "--domain", "a.test", "--data", fixture->data, "--port", "0",
                "--cert", noise, "--key", noise, NULL);
  assert_fails (1, "not an IP address", "--domain", "a.test", "--data", fixture->data, "--port",
                "0", "--listen", "here", NULL);
}

static void
test_busy (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *other = g_build_filename (fixture->relay->folder, "other", NULL);
  g_autofree char *port = NULL;
  g_autofree char *rtsp_port = NULL;

  relay_program_start (fixture->relay, NULL);
  port = g_strdup_printf ("%u", fixture->relay->port);
  rtsp_port = g_strdup_printf ("%u", fixture->relay->rtsp_port);
  assert_fails (1, "another relay is using it", "--domain", "a.test", "--data", fixture->data,
                "--port", "0", "--rtsp-port", "0", NULL);
  assert_fails (1, port, "--domain", "a.test", "--data", other, "--listen", "127.0.0.1", "--port",
                port, NULL);
  assert_fails (1, rtsp_port, "--domain", "a.test", "--data", other, "--port", "0", "--rtsp-port",
                rtsp_port, NULL);
}

static void
test_certificate_stays (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autofree char *key = g_build_filename (fixture->data, "relay.key", NULL);
  g_autofree char *pin = NULL;
  GStatBuf status;

  relay_program_start (fixture->relay, NULL);
  pin = g_strdup (fixture->relay->pin);
  g_assert_cmpuint (strlen (pin), ==, 64);
  g_assert_cmpint (g_stat (key, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);

  g_assert_cmpint (relay_program_stop (fixture->relay), ==, 0);
  relay_program_start (fixture->relay, NULL);
  g_assert_cmpstr (fixture->relay->pin, ==, pin);
}

static void
test_ends_politely (Fixture       *fixture,
                    gconstpointer  data)
{
  int64_t since_us;
  g_autofree char *bye = NULL;
  RawPeer *alice;
  RawPeer *deaf;
  unsigned code;

  relay_program_start (fixture->relay, NULL);
  alice = raw_peer_new_tls (fixture->relay->port);
  deaf = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (alice, "alice");
  raw_peer_sign_up (deaf, "emily");

  /* Nobody answers its close frames: it ends all the same. */
  since_us = g_get_monotonic_time ();
  g_assert_cmpint (relay_program_stop (fixture->relay), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - since_us, <, 20 * G_USEC_PER_SEC);

  bye = raw_peer_read_until (alice, "\"bye\"");
  g_assert_nonnull (strstr (bye, "shutdown"));
  g_assert_null (raw_peer_read_text (alice, &code));
  g_assert_cmpuint (code, ==, 1000);
  raw_peer_free (alice);
  raw_peer_free (deaf);
}

static void
say_number (RawPeer  *peer,
            unsigned  number)
{
  g_autofree char *conversation = cpm_address_conversation_id (ALICE, EMILY);
  g_autofree char *rest =
    g_strdup_printf ("\"to\":\"" EMILY "\",\"body\":{\"conversation\":\"%s\",\"text\":\"<%u>\"}",
                     conversation, number);

  raw_peer_say (peer, "message.text", rest);
}

/* Reads acknowledgements until the connection ends; returns how many came. */
static unsigned
count_acks (RawPeer *peer)
{
  unsigned n_acks = 0;

  for (;;)
    {
      g_autofree char *text = raw_peer_read_text (peer, NULL);

      if (text == NULL)
        return n_acks;
      if (strstr (text, "\"t\":\"ack\"") != NULL)
        n_acks++;
    }
}

static void
sign_in_again (RawPeer    *peer,
               const char *name)
{
  g_autofree char *head = raw_peer_upgrade (peer, "");
  g_autofree char *rest =
    g_strdup_printf ("\"body\":{\"account\":\"%s@a.test\",\"password\":\"correct horse\","
                     "\"device\":\"01890000-0000-7000-8000-000000000001\"}", name);

  g_assert_nonnull (head);
  raw_peer_say (peer, "hello", rest);
}

static void
test_killed (Fixture       *fixture,
             gconstpointer  data)
{
  RawPeer *alice;
  RawPeer *emily;
  unsigned n_acks;

  relay_program_start (fixture->relay, NULL);
  emily = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (emily, "emily");
  raw_peer_free (emily);

  alice = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (alice, "alice");
  for (unsigned i = 1; i <= 200; i++)
    say_number (alice, i);
  g_free (raw_peer_read_until (alice, "\"t\":\"ack\""));
  relay_program_kill (fixture->relay);
  n_acks = 1 + count_acks (alice);
  raw_peer_free (alice);
  g_test_message ("%u acknowledged", n_acks);

  relay_program_start (fixture->relay, NULL);
  emily = raw_peer_new_tls (fixture->relay->port);
  sign_in_again (emily, "emily");
  for (unsigned i = 1; i <= n_acks; i++)
    {
      g_autofree char *number = g_strdup_printf ("<%u>", i);
      g_autofree char *text = raw_peer_read_until (emily, "\"t\":\"message.text\"");

      g_assert_nonnull (strstr (text, number));
    }
  raw_peer_free (emily);
}

static JsonObject *
ask_admin (Fixture            *fixture,
           const char * const *verb)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *output = NULL;
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;

  g_strv_builder_add_many (builder, "admin", "--data", fixture->data, NULL);
  g_strv_builder_addv (builder, (const char **) verb);
  arguments = g_strv_builder_end (builder);
  g_assert_cmpint (relay_program_run ((const char * const *) arguments, &output, NULL), ==, 0);
  if (*output == '\0')
    return NULL;

  output[strcspn (output, "\n")] = '\0';
  object = cpm_json_parse (output, strlen (output), CPM_JSON_MAX_BYTES, &error);
  g_assert_no_error (error);
  return object;
}

#define ASK(...) ask_admin (fixture, (const char * const []) { __VA_ARGS__, NULL })

static void
test_admin (Fixture       *fixture,
            gconstpointer  data)
{
  RawPeer *alice;
  g_autoptr (JsonObject) user = NULL;
  g_autoptr (JsonObject) sessions = NULL;
  g_autoptr (JsonObject) rights = NULL;
  g_autofree char *bye = NULL;

  relay_program_start (fixture->relay, NULL);
  alice = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (alice, "alice");

  user = ASK ("user", "list");
  g_assert_cmpstr (cpm_json_get_string (user, "user", NULL), ==, ALICE);
  g_assert_true (cpm_json_get_boolean (user, "online", FALSE));
  g_assert_cmpuint (json_array_get_length (cpm_json_get_array (user, "devices")), ==, 1);

  sessions = ASK ("sessions");
  g_assert_true (cpm_json_get_boolean (sessions, "running", FALSE));
  g_assert_cmpint (cpm_json_get_int (sessions, "sessions", -1), ==, 0);
  g_assert_cmpint (cpm_json_get_int (sessions, "media_connections", -1), ==, 0);
  g_assert_cmpint (cpm_json_get_int (sessions, "pipelines", -1), ==, 0);

  g_assert_null (ASK ("rights", "deny", "alice", "share.live"));
  rights = ASK ("rights", "show", ALICE);
  g_assert_false (cpm_json_get_boolean (rights, "share.live", TRUE));
  g_assert_true (cpm_json_get_boolean (rights, "share.picture", FALSE));
  raw_peer_say (alice, "share.invite",
                "\"body\":{\"share\":\"01890000-0000-7000-8000-000000000002\",\"viewers\":[\"" EMILY
                "\"],"
                "\"content\":{\"kind\":\"camera\"}}");
  g_free (raw_peer_read_until (alice, "\"code\":\"forbidden\""));

  g_assert_null (ASK ("user", "disable", "alice"));
  bye = raw_peer_read_until (alice, "\"bye\"");
  g_assert_nonnull (strstr (bye, "revoked"));
  raw_peer_free (alice);

  assert_fails (1, "There is no account bob", "admin", "--data", fixture->data, "rights", "show",
                "bob", NULL);
  assert_fails (2, "There is no right", "admin", "--data", fixture->data, "rights", "deny", "alice",
                "fly", NULL);
  assert_fails (1, "There is no relay's data", "admin", "--data", "/nowhere", "user", "list", NULL);
}

/* Of the relay that runs, and without a restart. */
static void
test_admin_blocks (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (JsonObject) rights = NULL;
  g_autoptr (JsonObject) blocked = NULL;
  RawPeer *alice;
  RawPeer *emily;

  relay_program_start (fixture->relay, NULL);
  alice = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (alice, "alice");
  emily = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (emily, "emily");

  g_assert_null (ASK ("block", "list"));
  g_assert_null (ASK ("block", "add", "Alice@A.test"));
  blocked = ASK ("block", "list");
  g_assert_cmpstr (cpm_json_get_string (blocked, "blocked", NULL), ==, ALICE);
  raw_peer_say (alice, "share.invite",
                "\"body\":{\"share\":\"01890000-0000-7000-8000-000000000002\",\"viewers\":[\"" EMILY
                "\"],"
                "\"content\":{\"kind\":\"camera\"}}");
  g_free (raw_peer_read_until (alice, "\"code\":\"blocked\""));

  g_assert_null (ASK ("block", "remove", ALICE));
  g_assert_null (ASK ("block", "list"));
  raw_peer_say (alice, "share.invite",
                "\"body\":{\"share\":\"01890000-0000-7000-8000-000000000003\",\"viewers\":[\"" EMILY
                "\"],"
                "\"content\":{\"kind\":\"camera\"}}");
  g_free (raw_peer_read_until (emily, "\"inviting\""));

  g_assert_null (ASK ("rights", "allow", "alice", "share.viewers", "20"));
  rights = ASK ("rights", "show", "alice");
  g_assert_cmpint (cpm_json_get_int (rights, "share.viewers", 0), ==, 20);

  raw_peer_free (alice);
  raw_peer_free (emily);
  assert_fails (2, "Say “rights allow USER share.viewers N”, with N from 1 to 50", "admin",
                "--data", fixture->data, "rights", "allow", "alice", "share.viewers", "51", NULL);
  assert_fails (2, "share.viewers is a number", "admin", "--data", fixture->data, "rights", "deny",
                "alice", "share.viewers", NULL);
  assert_fails (2, "is neither a person", "admin", "--data", fixture->data, "block", "add", "a b",
                NULL);
}

static void
test_admin_revokes (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (JsonObject) device = NULL;
  g_autofree char *bye = NULL;
  RawPeer *alice;

  relay_program_start (fixture->relay, NULL);
  alice = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (alice, "alice");

  device = ASK ("user", "devices", "alice");
  g_assert_true (cpm_json_get_boolean (device, "online", FALSE));
  assert_fails (1, "no such device", "admin", "--data", fixture->data, "user", "revoke", "alice",
                "01890000-0000-7000-8000-00000000dead", NULL);
  g_assert_null (ASK ("user", "revoke", "alice", cpm_json_get_string (device, "device", "")));
  bye = raw_peer_read_until (alice, "\"bye\"");
  g_assert_nonnull (strstr (bye, "revoked"));
  g_assert_null (ASK ("user", "devices", "alice"));
  raw_peer_free (alice);
}

static void
test_admin_adds (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *password = g_build_filename (fixture->relay->folder, "password", NULL);
  RawPeer *alice;

  relay_program_start (fixture->relay, NULL);
  g_assert_true (g_file_set_contents (password, "correct horse\n", -1, NULL));
  g_assert_null (ASK ("user", "add", "Alice@a.test", "--password-file", password));
  alice = raw_peer_new_tls (fixture->relay->port);
  sign_in_again (alice, "alice");
  g_free (raw_peer_read_until (alice, "\"welcome\""));
  raw_peer_free (alice);

  assert_fails (1, "taken", "admin", "--data", fixture->data, "user", "add", ALICE,
                "--password-file", password, NULL);
}

/* The disk fills up: what cannot be stored is not acknowledged, and the relay lives. */
static void
test_full_disk (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *conversation = cpm_address_conversation_id (ALICE, EMILY);
  g_autofree char *text = g_strnfill (16000, 'x');
  g_autofree char *rest = g_strdup_printf (
    "\"to\":\"" EMILY "\",\"body\":{\"conversation\":\"%s\",\"text\":\"%s\"}", conversation, text);
  gboolean is_full = FALSE;
  RawPeer *alice;
  RawPeer *emily;

  relay_program_start_cramped (fixture->relay, 1024 * 1024);
  emily = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (emily, "emily");
  alice = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (alice, "alice");

  for (unsigned i = 0; i < 500 && !is_full; i++)
    {
      g_autofree char *answer = NULL;

      raw_peer_say (alice, "message.text", rest);
      answer = raw_peer_read_until (alice, "\"re\":");
      is_full = strstr (answer, "\"code\":\"storage\"") != NULL;
    }

  g_assert_true (is_full);
  raw_peer_say (alice, "ping", "");
  g_free (raw_peer_read_until (alice, "\"pong\""));
  raw_peer_free (alice);
  raw_peer_free (emily);
  g_assert_cmpint (relay_program_stop (fixture->relay), ==, 0);

  /* With room again all goes on. */
  relay_program_start (fixture->relay, NULL);
  emily = raw_peer_new_tls (fixture->relay->port);
  sign_in_again (emily, "emily");
  g_free (raw_peer_read_until (emily, "\"message.text\""));
  raw_peer_free (emily);
}

#define ADD(path, func) g_test_add ("/program/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("usage", test_usage);
  ADD ("bad-settings", test_bad_settings);
  ADD ("busy-port-or-folder", test_busy);
  ADD ("certificate-stays", test_certificate_stays);
  ADD ("ends-politely", test_ends_politely);
  ADD ("killed-loses-nothing-acknowledged", test_killed);
  ADD ("admin-beside-it", test_admin);
  ADD ("admin-adds-a-user", test_admin_adds);
  ADD ("admin-blocks", test_admin_blocks);
  ADD ("admin-revokes-a-device", test_admin_revokes);
  ADD ("admin-revokes", test_admin_revokes);

  ADD ("full-disk", test_full_disk);

  return g_test_run ();
}
