/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-config.h"

#include <glib/gstdio.h>

#include <string.h>

typedef struct
{
  const char *text;
  const char *complaint; /* part of the sentence; NULL when it is fine */
} Case;

static const Case cases[] = {
  { "domain = a.test\ndata = /x\n", NULL },
  { "# comment\n\n  domain=A.Test  \ndata=/x\nport = 0\nrtsp-port = 0\nopen-registration = true",
    NULL },
  { "domain a.test\n", "line 1: It is not of the form" },
  { "domain = a.test\nbeauty = much\n", "line 2: There is no setting “beauty”" },
  { "port = 70000\n", "line 1: “port” must be a number from 0 to 65535" },
  { "port = -1\n", "“port” must be a number" },
  { "port = 12x\n", "“port” must be a number" },
  { "port =\n", "“port” must be a number" },
  { "quota-mib = 0\n", "“quota-mib” must be a number from 1" },
  { "max-connections = 99999999999999999999\n", "must be a number" },
  { "open-registration = yes\n", "must be true or false" },
  { "domain = not a domain\n", "is not a domain name" },
  { "domain = -a.test\n", "is not a domain name" },
  { "data =\n", "“data” needs a value" },
  { "data = /x\n", "The domain is missing" },
  { "domain = a.test\n", "The data folder is missing" },
  { "domain = a.test\ndata = /x\ncert = /c\n", "A certificate needs its key" },
  { "domain = a.test\ndata = /x\nport = 5\nrtsp-port = 5\n", "must not be the same" },
};

static void
test_cases (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("vitrine-conf-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelayConfig) config = relay_config_new ();
      gboolean good;

      g_test_message ("%s", cases[i].text);
      g_assert_true (g_file_set_contents (path, cases[i].text, -1, NULL));
      good = relay_config_load (config, path, NULL, &error) && relay_config_check (config, &error);
      g_assert_cmpint (good, ==, cases[i].complaint == NULL);
      if (!good)
        {
          g_assert_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG);
          g_assert_nonnull (strstr (error->message, cases[i].complaint));
        }
      g_clear_error (&error);
    }

  g_unlink (path);
}

static void
test_values (void)
{
  g_autoptr (RelayConfig) config = relay_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (relay_config_set (config, "domain", "A.Test", &error));
  g_assert_true (relay_config_set (config, "rtsp-port", "65535", &error));
  g_assert_true (relay_config_set (config, "open-registration", "true", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (config->domain, ==, "a.test");
  g_assert_cmpuint (config->rtsp_port, ==, 65535);
  g_assert_true (config->open_registration);
}

static void
test_options_win (void)
{
  g_autoptr (RelayConfig) config = relay_config_new ();
  g_autoptr (GHashTable) given = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("vitrine-conf-XXXXXX", &path, &error);

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, "domain = file.test\nport = 1\n", -1, NULL));
  g_assert_true (relay_config_set (config, "port", "2", &error));
  g_hash_table_add (given, (gpointer) "port");
  g_assert_true (relay_config_load (config, path, given, &error));
  g_assert_cmpstr (config->domain, ==, "file.test");
  g_assert_cmpuint (config->port, ==, 2);
  g_unlink (path);
}

static void
test_no_file (void)
{
  g_autoptr (RelayConfig) config = relay_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (relay_config_load (config, "/nowhere/relay.conf", NULL, &error));
  g_assert_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/config/bad-input", test_cases);
  g_test_add_func ("/config/values", test_values);
  g_test_add_func ("/config/options-win", test_options_win);
  g_test_add_func ("/config/no-file", test_no_file);

  return g_test_run ();
}
