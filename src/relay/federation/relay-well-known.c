/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-well-known"

#include "config.h"

#include "relay-well-known.h"

#include "cpm-error.h"
#include "cpm-json.h"

#include <sodium.h>

#include <string.h>

#define US_PER_MS 1000

static gboolean
set_wrong (const char  *domain,
           const char  *what,
           GError     **error)
{
  g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
               "What %s says of itself cannot be used: %s.", domain, what);
  return FALSE;
}

static gboolean
add_key (RelayHome  *home,
         JsonObject *object)
{
  const char *id = cpm_json_get_string (object, "id", "");
  const char *text = cpm_json_get_string (object, "ed25519", "");
  int64_t until_ms = cpm_json_get_int (object, "until", 0);
  uint8_t bytes[RELAY_HOME_KEY_BYTES];
  const char *end = NULL;
  size_t length = 0;

  /* base64url; padding is forgiven. */
  return until_ms >= 0 && until_ms <= G_MAXINT64 / US_PER_MS
         && sodium_base642bin (bytes, sizeof bytes, text, strlen (text), "=", &length, &end,
                               sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0
         && length == sizeof bytes && *end == '\0'
         && relay_home_add_key (home, id, bytes, until_ms * US_PER_MS);
}

static gboolean
add_keys (RelayHome  *home,
          JsonArray  *keys,
          GError    **error)
{
  if (keys == NULL || json_array_get_length (keys) == 0 ||
      json_array_get_length (keys) > RELAY_HOME_MAX_KEYS)
    return set_wrong (home->domain, "it has no keys, or too many", error);

  for (unsigned i = 0; i < json_array_get_length (keys); i++)
    {
      JsonNode *node = json_array_get_element (keys, i);

      if (!JSON_NODE_HOLDS_OBJECT (node) || !add_key (home, json_node_get_object (node)))
        return set_wrong (home->domain, "one of its keys is none", error);
    }

  return TRUE;
}

static gboolean
is_picture_url (const char *url)
{
  g_autoptr (GUri) uri = url != NULL && strlen (url) <= 512
                           ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL)
                           : NULL;

  return uri != NULL && g_str_equal (g_uri_get_scheme (uri), "https") &&
         g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' &&
         g_uri_get_userinfo (uri) == NULL && g_uri_get_query (uri) == NULL &&
         g_uri_get_fragment (uri) == NULL;
}

RelayHome *
relay_well_known_parse (const char  *domain,
                        const char  *text,
                        size_t       length,
                        GError     **error)
{
  g_autoptr (JsonObject) object = cpm_json_parse (text, length, RELAY_WELL_KNOWN_MAX_BYTES, error);
  g_autoptr (RelayHome) home = NULL;
  const char *pictures;

  if (object == NULL)
    return NULL;

  if (g_strcmp0 (cpm_json_get_string (object, "name", NULL), domain) != 0)
    {
      set_wrong (domain, "it has another name", error);
      return NULL;
    }

  home = relay_home_new (domain, cpm_json_get_string (object, "endpoint", ""), NULL, error);
  if (home == NULL || !add_keys (home, cpm_json_get_array (object, "keys"), error))
    return NULL;

  pictures = cpm_json_get_string (object, "pictures", NULL);
  if (!is_picture_url (pictures))
    {
      set_wrong (domain, "it does not say where its pictures are", error);
      return NULL;
    }

  g_free (home->pictures);
  home->pictures = g_strdup (pictures);
  return g_steal_pointer (&home);
}

char *
relay_well_known_print (const RelayHome *home)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *keys = json_array_new ();

  for (unsigned i = 0; i < home->n_keys; i++)
    {
      const RelayHomeKey *key = &home->keys[i];
      JsonObject *one = json_object_new ();
      char text[64];

      sodium_bin2base64 (text, sizeof text, key->bytes, sizeof key->bytes,
                         sodium_base64_VARIANT_URLSAFE_NO_PADDING);
      json_object_set_string_member (one, "id", key->id);
      json_object_set_string_member (one, "ed25519", text);
      if (key->until_us != 0)
        json_object_set_int_member (one, "until", key->until_us / US_PER_MS);
      json_array_add_object_element (keys, one);
    }

  json_object_set_string_member (object, "name", home->domain);
  json_object_set_string_member (object, "endpoint", home->endpoint);
  json_object_set_string_member (object, "pictures", home->pictures);
  json_object_set_array_member (object, "keys", keys);
  return cpm_json_to_text (object);
}

gboolean
relay_well_known_check_head (const char  *head,
                             GError     **error)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  SoupHTTPVersion version;
  unsigned status;

  /* Without the empty line. */
  if (!soup_headers_parse_response (head, (int) strlen (head) - 2, headers, &version, &status,
                                    NULL))
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                         "What answers there is not a web server.");
  else if (status != SOUP_STATUS_OK)
    g_set_error (error, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                 "The web server there does not know of a home (it answers with status %u).",
                 status);
  else if (soup_message_headers_get_one (headers, "Transfer-Encoding") != NULL
           || soup_message_headers_get_one (headers, "Content-Encoding") != NULL)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                         "The web server there answers in a code.");
  else
    return TRUE;

  return FALSE;
}
