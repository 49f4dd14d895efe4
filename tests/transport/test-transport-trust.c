/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "transport-trust.h"
#include "transport-websocket-connector.h"

#define PIN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void
test_pins (void)
{
  static const char *const bad[] = {
    "", "00", PIN "0", "zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
  };
  g_autoptr (TransportTrust) trust = NULL;
  g_autoptr (GError) error = NULL;

  trust = transport_trust_new ("00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                               "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transport_trust_get_pin (trust), ==, PIN);

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (transport_trust_new (bad[i], NULL, &error));
      g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
      g_clear_error (&error);
    }
}

static void
test_files (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (transport_trust_new (NULL, "/nonexistent/ca.pem", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  g_assert_null (transport_trust_new (PIN, "/nonexistent/ca.pem", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_addresses (void)
{
  static const char * const good[][2] = {
    { "relay.example.org", "wss://relay.example.org:7443" },
    { " relay.example.org:9000 ", "wss://relay.example.org:9000" },
    { "wss://127.0.0.1:7443", "wss://127.0.0.1:7443" },
    { "wss://relay.example.org/", "wss://relay.example.org:7443" },
    { "[::1]:7443", "wss://[::1]:7443" },
  };
  static const char * const bad[] = {
    "", "https://relay.example.org", "wss://me:secret@relay.example.org", "wss://relay/path",
    "relay example", "wss://", "relay:99999999",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *url = transport_relay_url_normalize (good[i][0], NULL);

      g_assert_cmpstr (url, ==, good[i][1]);
    }

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (transport_relay_url_normalize (bad[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trust/pins-of-64-hex-digits-with-or-without-colons", test_pins);
  g_test_add_func ("/trust/a-file-that-is-none-is-refused-with-words", test_files);
  g_test_add_func ("/trust/relay-addresses-have-one-form", test_addresses);

  return g_test_run ();
}
