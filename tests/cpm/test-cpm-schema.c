/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-json.h"
#include "cpm-message.h"

#include <string.h>

#define SHARE "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define ID "017f22e2-79b0-7cc3-98c4-dc0c0c073990"

static CpmMessage *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  CpmMessage *message = cpm_message_parse (text, strlen (text), NULL, &error);

  g_assert_no_error (error);
  return message;
}

/* In the body, in an object, and in the objects of an array. */
static void
test_prune (void)
{
  g_autoptr (CpmMessage) message = parse (
    "{\"v\":1,\"t\":\"share.state\",\"body\":{\"share\":\"" SHARE
    "\",\"x\":[{}],\"rev\":1,\"state\":\"inviting\","
    "\"sharer\":\"alice@a.test\",\"reason\":\"none\",\"expires\":1,\"n\":1,\"content\":{\"kind\":\"camera\",\"audio\":true,\"path\":\"/home\"},"
    "\"media_up\":false,\"members\":[{\"who\":\"emily@b.test\",\"state\":\"invited\",\"reason\":\"none\",\"y\":null}]}}");
  const char *text;

  cpm_message_prune (message);
  text = cpm_message_get_text (message);
  g_assert_null (strstr (text, "\"x\""));
  g_assert_null (strstr (text, "path"));
  g_assert_null (strstr (text, "\"y\""));
  g_object_unref (parse (text));
}

/* Somebody may have signed it. */
static void
test_durable_stays (void)
{
  g_autoptr (CpmMessage) message =
    parse ("{\"v\":1,\"t\":\"message.text\",\"id\":\"" ID "\",\"to\":\"emily@b.test\",\"body\":{"
           "\"conversation\":\"c-00000000000000000000000000000000\",\"text\":\"hello\",\"x\":1}}");

  cpm_message_prune (message);
  g_assert_nonnull (strstr (cpm_message_get_text (message), "\"x\":1"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/prune", test_prune);
  g_test_add_func ("/schema/durable-stays", test_durable_stays);

  return g_test_run ();
}
