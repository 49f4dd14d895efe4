/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-proof"

#include "config.h"

#include "relay-home-proof.h"

#include "cpm-json.h"

#include <string.h>

static GBytes *
new_statement (const char *from,
               const char *to,
               const char *nonce,
               int64_t     ts_us)
{
  g_autofree char *ts = g_strdup_printf ("%" G_GINT64_FORMAT, ts_us);

  return relay_home_statement ("vitrine-home-1", from, to, nonce, ts, NULL);
}

CpmMessage *
relay_home_proof_new (RelayHomeKeys *keys,
                      CpmClock      *clock,
                      const char    *own,
                      CpmMessage    *challenge)
{
  JsonObject *asked = cpm_message_get_body (challenge);
  const char *other = cpm_json_get_string (asked, "name", "");
  const char *nonce = cpm_json_get_string (asked, "nonce", "");
  int64_t now_us = cpm_clock_get_real_us (clock);
  g_autofree char *id = cpm_clock_new_id (clock);
  g_autoptr (GBytes) statement = new_statement (own, other, nonce, now_us);
  g_autofree char *signature = relay_home_keys_sign (keys, statement);
  char *colon = strchr (signature, ':');
  JsonObject *body = json_object_new ();

  *colon = '\0';
  json_object_set_string_member (body, "from", own);
  json_object_set_string_member (body, "to", other);
  json_object_set_string_member (body, "key", signature);
  json_object_set_int_member (body, "ts", now_us);
  json_object_set_string_member (body, "nonce", nonce);
  json_object_set_string_member (body, "signature", colon + 1);
  json_object_set_string_member (body, "agent", "vitrine-relay " PACKAGE_VERSION);
  return cpm_message_new (CPM_MESSAGE_HOME_HELLO, id, NULL, body);
}

gboolean
relay_home_proof_check (CpmMessage       *hello,
                        const RelayHome  *home,
                        const char       *own,
                        const char       *nonce,
                        int64_t           now_us,
                        GError          **error)
{
  JsonObject *body = cpm_message_get_body (hello);
  g_autofree char *signature = g_strconcat (cpm_json_get_string (body, "key", ""), ":",
                                            cpm_json_get_string (body, "signature", ""), NULL);
  g_autoptr (GBytes) statement = new_statement (home->domain, own, nonce,
                                                cpm_json_get_int (body, "ts", 0));

  return relay_home_verify (home, signature, statement, now_us, error);
}
