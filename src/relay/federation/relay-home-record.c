/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-record"

#include "config.h"

#include "relay-home-record.h"

#include "cpm-error.h"

#include <sodium.h>

#include <stdarg.h>
#include <string.h>

#define DEFAULT_PORT 443
#define MAX_URL_CHARS 512

static void
home_clear (gpointer data)
{
  RelayHome *self = data;

  g_free (self->domain);
  g_free (self->endpoint);
  g_free (self->host);
  g_free (self->pictures);
  g_free (self->pin);
}

static GUri *
parse_endpoint (const char *endpoint)
{
  g_autoptr (GUri) uri = strlen (endpoint) <= MAX_URL_CHARS
                           ? g_uri_parse (endpoint, G_URI_FLAGS_NONE, NULL)
                           : NULL;

  if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), "wss") || g_uri_get_host (uri) == NULL ||
      *g_uri_get_host (uri) == '\0' || strpbrk (g_uri_get_host (uri), " %<>\"{}|\\^`") != NULL ||
      g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL || !g_str_equal (g_uri_get_path (uri), "/home") ||
      g_uri_get_port (uri) == 0)
    return NULL;

  return g_steal_pointer (&uri);
}

RelayHome *
relay_home_new (const char  *domain,
                const char  *endpoint,
                const char  *pin,
                GError     **error)
{
  g_autoptr (GUri) uri = parse_endpoint (endpoint);
  RelayHome *self;

  if (uri == NULL)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                   "The endpoint of %s is not of the form wss://HOST:PORT/home.", domain);
      return NULL;
    }

  self = g_atomic_rc_box_new0 (RelayHome);
  self->domain = g_strdup (domain);
  self->host = g_strdup (g_uri_get_host (uri));
  self->port = g_uri_get_port (uri) > 0 ? (unsigned) g_uri_get_port (uri) : DEFAULT_PORT;
  self->endpoint = g_uri_join (G_URI_FLAGS_NONE, "wss", NULL, self->host, (int) self->port, "/home",
                               NULL, NULL);
  self->pictures = g_uri_join (G_URI_FLAGS_NONE, "https", NULL, self->host, (int) self->port,
                               "/pictures", NULL, NULL);
  self->pin = g_strdup (pin);

  return self;
}

RelayHome *
relay_home_ref (const RelayHome *self)
{
  return g_atomic_rc_box_acquire ((RelayHome *) self);
}

void
relay_home_unref (RelayHome *self)
{
  g_atomic_rc_box_release_full (self, home_clear);
}

static const RelayHomeKey *
find_key (const RelayHome *self,
          const char      *id,
          size_t           length,
          int64_t          now_us)
{
  for (unsigned i = 0; i < self->n_keys; i++)
    {
      const RelayHomeKey *key = &self->keys[i];

      if (strlen (key->id) == length && memcmp (key->id, id, length) == 0
          && (key->until_us == 0 || now_us < key->until_us))
        return key;
    }

  return NULL;
}

gboolean
relay_home_add_key (RelayHome     *self,
                    const char    *id,
                    const uint8_t *bytes,
                    int64_t        until_us)
{
  RelayHomeKey *key;

  if (self->n_keys == RELAY_HOME_MAX_KEYS || *id == '\0' || strlen (id) >= sizeof key->id ||
      strchr (id, ':') != NULL || find_key (self, id, strlen (id), 0) != NULL)
    return FALSE;

  key = &self->keys[self->n_keys++];
  g_strlcpy (key->id, id, sizeof key->id);
  memcpy (key->bytes, bytes, RELAY_HOME_KEY_BYTES);
  key->until_us = until_us;
  return TRUE;
}

gboolean
relay_home_has_key_of (const RelayHome *self,
                       const char      *signature,
                       int64_t          now_us)
{
  return find_key (self, signature, strcspn (signature, ":"), now_us) != NULL;
}

static gboolean
decode (const char *text,
        uint8_t    *bytes,
        size_t      n_bytes)
{
  const char *end = NULL;
  size_t length = 0;

  return sodium_base642bin (bytes, n_bytes, text, strlen (text), NULL, &length, &end,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0
         && length == n_bytes && *end == '\0';
}

gboolean
relay_home_verify (const RelayHome  *self,
                   const char       *signature,
                   GBytes           *statement,
                   int64_t           now_us,
                   GError          **error)
{
  size_t id_length = strcspn (signature, ":");
  const RelayHomeKey *key = find_key (self, signature, id_length, now_us);
  uint8_t bytes[crypto_sign_BYTES];
  size_t length;
  const uint8_t *text = g_bytes_get_data (statement, &length);

  if (key == NULL)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_AUTH, "%s has no key of that name.", self->domain);
      return FALSE;
    }

  if (signature[id_length] == ':' && decode (signature + id_length + 1, bytes, sizeof bytes)
      && crypto_sign_verify_detached (bytes, text, length, key->bytes) == 0)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_AUTH, "The signature is not that of %s.", self->domain);
  return FALSE;
}

GBytes *
relay_home_statement (const char *purpose,
                      ...)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const char *part = purpose;
  va_list parts;

  va_start (parts, purpose);
  while (part != NULL)
    {
      const char *next = va_arg (parts, const char *);

      /* The NUL that ends a C string is the one that divides. */
      g_byte_array_append (bytes, (const uint8_t *) part,
                           (unsigned) strlen (part) + (next != NULL ? 1 : 0));
      part = next;
    }
  va_end (parts);

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
