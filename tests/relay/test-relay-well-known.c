/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-home-address.h"
#include "relay-home-keys.h"
#include "relay-home-policy.h"
#include "relay-well-known.h"
#include "test-clock.h"

#include "cpm-error.h"

#include <glib/gstdio.h>

#include <string.h>

#define KEY "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define GOOD_REST ",\"pictures\":\"https://b.test:7443/pictures\",\"keys\":[{\"id\":\"k1\",\"ed25519\":\"" KEY "\"}]}"
#define GOOD_START "{\"name\":\"b.test\",\"endpoint\":\"wss://b.test:7443/home\""
#define WITH_KEYS(keys) GOOD_START ",\"pictures\":\"https://b.test/pictures\",\"keys\":" keys "}"

static const char *const good_documents[] = {
  GOOD_START GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"wss://b.test/home\"" GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"wss://[2001:db8::1]:7443/home\",\"more\":[{\"x\":1}]" GOOD_REST,
  WITH_KEYS ("[{\"id\":\"k1\",\"ed25519\":\"" KEY
             "=\",\"until\":1795370000000},{\"id\":\"k2\",\"ed25519\":\"" KEY "\"}]"),
};

static const char *const bad_documents[] = {
  "",
  "null",
  "[]",
  "{}",
  "{\"name\":\"c.test\",\"endpoint\":\"wss://b.test:7443/home\"" GOOD_REST,
  "{\"name\":7,\"endpoint\":\"wss://b.test:7443/home\"" GOOD_REST,
  "{\"name\":\"b.test\"" GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"ws://b.test:7443/home\"" GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"wss://b.test:7443/other\"" GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"wss://user@b.test:7443/home\"" GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"wss://b.test:7443/home?x=1\"" GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"wss://b.test:7443/home#x\"" GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"wss://b.test:0/home\"" GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"wss://b.test:99999/home\"" GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"wss:///home\"" GOOD_REST,
  "{\"name\":\"b.test\",\"endpoint\":\"wss://b\\r\\nX: y/home\"" GOOD_REST,
  GOOD_START ",\"pictures\":\"http://b.test/pictures\",\"keys\":[{\"id\":\"k1\",\"ed25519\":\"" KEY
             "\"}]}",
  GOOD_START ",\"keys\":[{\"id\":\"k1\",\"ed25519\":\"" KEY "\"}]}",
  WITH_KEYS ("[]"),
  WITH_KEYS ("{}"),
  WITH_KEYS ("[7]"),
  WITH_KEYS ("[{\"id\":\"k1\",\"ed25519\":\"AAAA\"}]"),
  WITH_KEYS ("[{\"id\":\"k1\",\"ed25519\":\"" KEY KEY "\"}]"),
  WITH_KEYS ("[{\"id\":\"\",\"ed25519\":\"" KEY "\"}]"),
  WITH_KEYS ("[{\"id\":\"k:1\",\"ed25519\":\"" KEY "\"}]"),
  WITH_KEYS ("[{\"id\":\"k1\",\"ed25519\":\"" KEY "\",\"until\":-1}]"),
  WITH_KEYS ("[{\"id\":\"k1\",\"ed25519\":\"" KEY "\"},{\"id\":\"k1\",\"ed25519\":\"" KEY "\"}]"),
};

static void
test_documents (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (good_documents); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RelayHome) home = relay_well_known_parse ("b.test", good_documents[i],
                                                           strlen (good_documents[i]), &error);

      g_assert_no_error (error);
      g_assert_cmpstr (home->domain, ==, "b.test");
      g_assert_cmpuint (home->n_keys, >, 0);
      g_assert_null (home->pin);
    }

  for (size_t i = 0; i < G_N_ELEMENTS (bad_documents); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad_documents[i]);
      g_assert_null (
        relay_well_known_parse ("b.test", bad_documents[i], strlen (bad_documents[i]), &error));
      g_assert_nonnull (error);
    }
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestClock) clock = test_clock_new ();
  g_autoptr (RelayHomeKeys) keys = relay_home_keys_new (NULL, CPM_CLOCK (clock), &error);
  g_autoptr (RelayHome) home = relay_home_new ("b.test", "wss://relay.b.test:7443/home", NULL,
                                               &error);
  g_autoptr (RelayHome) read = NULL;
  g_autofree char *text = NULL;

  g_assert_true (relay_home_keys_rotate (keys, &error));
  relay_home_keys_show (keys, home);
  text = relay_well_known_print (home);
  read = relay_well_known_parse ("b.test", text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->endpoint, ==, home->endpoint);
  g_assert_cmpstr (read->pictures, ==, "https://relay.b.test:7443/pictures");
  g_assert_cmpuint (read->n_keys, ==, 2);
  g_assert_cmpmem (read->keys[1].bytes, RELAY_HOME_KEY_BYTES, home->keys[1].bytes,
                   RELAY_HOME_KEY_BYTES);
  g_assert_cmpint (read->keys[0].until_us, >, 0);
  g_assert_cmpint (read->keys[1].until_us, ==, 0);
}

static void
test_heads (void)
{
  static const struct { const char *head; gboolean is_good; } cases[] = {
    { "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n", TRUE },
    { "HTTP/1.1 200 OK\r\n\r\n", TRUE },
    { "HTTP/1.1 301 Moved\r\nLocation: https://127.0.0.1/\r\n\r\n", FALSE },
    { "HTTP/1.1 302 Found\r\nLocation: https://c.test/.well-known/vitrine.json\r\n\r\n", FALSE },
    { "HTTP/1.1 404 Not Found\r\n\r\n", FALSE },
    { "HTTP/1.1 100 Continue\r\n\r\n", FALSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", FALSE },
    { "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", FALSE },
    { "SSH-2.0-OpenSSH_9.2\r\n\r\n", FALSE },
    { "\r\n\r\n", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].head);
      g_assert_cmpint (relay_well_known_check_head (cases[i].head, &error), ==, cases[i].is_good);
      g_assert_cmpint (error == NULL, ==, cases[i].is_good);
    }
}

static void
test_addresses (void)
{
  static const struct { const char *text; gboolean is_public;
  } cases[] = {
    { "0.0.0.0", FALSE },
    { "0.1.2.3", FALSE },
    { "10.0.0.1", FALSE },
    { "9.255.255.255", TRUE },
    { "11.0.0.0", TRUE },
    { "100.64.0.1", FALSE },
    { "100.127.255.255", FALSE },
    { "100.128.0.0", TRUE },
    { "100.63.255.255", TRUE },
    { "127.0.0.1", FALSE },
    { "127.255.255.255", FALSE },
    { "128.0.0.1", TRUE },
    { "169.254.169.254", FALSE },
    { "172.16.0.1", FALSE },
    { "172.31.255.255", FALSE },
    { "172.32.0.0", TRUE },
    { "192.0.0.8", FALSE },
    { "192.0.2.1", FALSE },
    { "192.168.1.1", FALSE },
    { "192.169.0.0", TRUE },
    { "198.18.0.1", FALSE },
    { "198.19.255.255", FALSE },
    { "198.20.0.0", TRUE },
    { "198.51.100.7", FALSE },
    { "203.0.113.7", FALSE },
    { "224.0.0.1", FALSE },
    { "239.255.255.255", FALSE },
    { "240.0.0.1", FALSE },
    { "255.255.255.255", FALSE },
    { "8.8.8.8", TRUE },
    { "223.255.255.255", TRUE },
    { "::", FALSE },
    { "::1", FALSE },
    { "::127.0.0.1", FALSE },
    { "::ffff:127.0.0.1", FALSE },
    { "::ffff:8.8.8.8", FALSE },
    { "64:ff9b::7f00:1", FALSE },
    { "64:ff9b::808:808", TRUE },
    { "64:ff9b:1::1", FALSE },
    { "100::1", FALSE },
    { "2001::1", FALSE },
    { "2001:db8::1", FALSE },
    { "2002:7f00:1::", FALSE },
    { "2002:808:808::", FALSE },
    { "3fff::1", FALSE },
    { "fc00::1", FALSE },
    { "fd12:3456::1", FALSE },
    { "fe80::1", FALSE },
    { "fec0::1", FALSE },
    { "ff02::1", FALSE },
    { "2606:4700::1111", TRUE },
    { "2a00:1450::1", TRUE },
    { "4000::1", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (cases[i].text);

      g_test_message ("%s", cases[i].text);
      g_assert_nonnull (address);
      g_assert_cmpint (relay_home_address_is_public (address), ==, cases[i].is_public);
    }
}

static gboolean
is_signed_by (RelayHomeKeys *keys,
              RelayHome     *home,
              TestClock     *clock)
{
  g_autoptr (GBytes) statement = relay_home_statement ("purpose", "one", "two", NULL);
  g_autoptr (GBytes) other = relay_home_statement ("purpose", "onet", "wo", NULL);
  g_autofree char *signature = relay_home_keys_sign (keys, statement);
  int64_t now_us = cpm_clock_get_real_us (CPM_CLOCK (clock));

  g_assert_false (relay_home_verify (home, signature, other, now_us, NULL));
  return relay_home_verify (home, signature, statement, now_us, NULL);
}

static RelayHome *
show (RelayHomeKeys *keys)
{
  RelayHome *home = relay_home_new ("a.test", "wss://a.test/home", NULL, NULL);

  relay_home_keys_show (keys, home);
  return home;
}

/* Whoever looked at any moment of the change can tell what is signed up to the next time it may
 * look: ten minutes later. */
static void
test_rotation (void)
{
  g_autoptr (TestClock) clock = test_clock_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("vitrine-keys-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "home-keys.json", NULL);
  g_autoptr (RelayHomeKeys) keys = relay_home_keys_new (folder, CPM_CLOCK (clock), &error);
  g_autoptr (RelayHomeKeys) admin = NULL;
  g_autoptr (RelayHome) before = show (keys);
  g_autoptr (RelayHome) after = NULL;
  g_autoptr (RelayHome) late = NULL;
  GStatBuf info;

  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (is_signed_by (keys, before, clock));

  admin = relay_home_keys_new (folder, CPM_CLOCK (clock), &error);
  g_assert_true (relay_home_keys_rotate (admin, &error));
  after = show (keys);
  g_assert_cmpuint (after->n_keys, ==, 2);

  test_clock_advance (clock, 10 * 60 * (int64_t) G_USEC_PER_SEC);
  g_assert_true (is_signed_by (keys, before, clock));
  test_clock_advance (clock, 10 * 60 * (int64_t) G_USEC_PER_SEC);
  g_assert_false (is_signed_by (keys, before, clock));
  g_assert_true (is_signed_by (keys, after, clock));

  test_clock_advance (clock, 9 * 24 * 3600 * (int64_t) G_USEC_PER_SEC);
  late = show (keys);
  g_assert_cmpuint (late->n_keys, ==, 1);
  g_assert_true (is_signed_by (keys, late, clock));

  g_unlink (path);
  g_rmdir (folder);
}

static void
test_broken_key_file (void)
{
  g_autoptr (TestClock) clock = test_clock_new ();
  g_autofree char *folder = g_dir_make_tmp ("vitrine-keys-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "home-keys.json", NULL);
  static const char *const texts[] = { "", "{}", "{\"keys\":[]}",
                                       "{\"keys\":[{\"id\":\"k\",\"seed\":\"x\"}]}",
                                       "{\"keys\":7}" };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      g_assert_null (relay_home_keys_new (folder, CPM_CLOCK (clock), &error));
      g_assert_error (error, RELAY_ERROR, RELAY_ERROR_STORE);
    }

  g_unlink (path);
  g_rmdir (folder);
}

static void
test_policy (void)
{
  g_autoptr (RelayHomePolicy) policy = relay_home_policy_new ();
  g_autoptr (GError) error = NULL;
  const char *pin = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  g_autofree char *text = g_strconcat ("B.test=wss://192.168.1.2:7443#", pin, NULL);
  const RelayHome *home;

  g_assert_true (relay_home_policy_is_off (policy));
  g_assert_false (relay_home_policy_check (policy, "b.test", NULL));
  g_assert_true (relay_home_policy_configure (policy, text, &error));
  g_assert_no_error (error);
  g_assert_false (relay_home_policy_is_off (policy));
  g_assert_true (relay_home_policy_check (policy, "b.test", NULL));
  g_assert_false (relay_home_policy_check (policy, "c.test", NULL));

  home = g_hash_table_lookup (policy->configured, "b.test");
  g_assert_true (home->is_configured);
  g_assert_cmpstr (home->pin, ==, pin);
  g_assert_cmpstr (home->endpoint, ==, "wss://192.168.1.2:7443/home");

  g_assert_true (relay_home_policy_configure (policy, "d.test=wss://d.test:1", &error));
  policy->mode = RELAY_HOME_POLICY_OPEN;
  g_assert_true (relay_home_policy_check (policy, "c.test", NULL));
  g_hash_table_add (policy->blocked, g_strdup ("b.test"));
  g_assert_false (relay_home_policy_check (policy, "b.test", NULL));
  policy->mode = RELAY_HOME_POLICY_OFF;
  g_assert_false (relay_home_policy_check (policy, "d.test", NULL));

  {
    static const char *const wrong[] = {
      "",
      "b.test",
      "=wss://x:1",
      "b.test=",
      "b.test=https://x:1",
      "b.test=wss://x:1#12",
      "b test=wss://x:1",
      "b.test=wss://x:1/cpm",
    };

    for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
      {
        g_autoptr (GError) complaint = NULL;

        g_test_message ("%s", wrong[i]);
        g_assert_false (relay_home_policy_configure (policy, wrong[i], &complaint));
        g_assert_nonnull (complaint);
      }
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/well-known/documents", test_documents);
  g_test_add_func ("/relay/well-known/round-trip", test_round_trip);
  g_test_add_func ("/relay/well-known/heads", test_heads);
  g_test_add_func ("/relay/well-known/addresses", test_addresses);
  g_test_add_func ("/relay/home-keys/rotation", test_rotation);
  g_test_add_func ("/relay/home-keys/broken-file", test_broken_key_file);
  g_test_add_func ("/relay/home-policy/says-with-whom", test_policy);

  return g_test_run ();
}
