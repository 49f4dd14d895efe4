/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-http-request"

#include "config.h"

#include "relay-http-request.h"

#include <string.h>

#define IDLE_US (30 * G_USEC_PER_SEC)
#define GUARD_KEY "relay-guard"

/* A browser's page of another site must not speak to us with the user's network position. */
static gboolean
is_foreign_origin (SoupMessageHeaders *headers)
{
  const char *origin = soup_message_headers_get_one (headers, "Origin");
  const char *host = soup_message_headers_get_one (headers, "Host");
  g_autofree char *own = host != NULL ? g_strconcat ("https://", host, NULL) : NULL;

  return origin != NULL && g_strcmp0 (origin, own) != 0;
}

/* Two lengths, or a length and chunks: the trick by which requests are smuggled past a proxy. */
static gboolean
is_ambiguous (SoupMessageHeaders *headers)
{
  const char *length = soup_message_headers_get_list (headers, "Content-Length");
  const char *host = soup_message_headers_get_list (headers, "Host");

  return (length != NULL &&
          (strchr (length, ',') != NULL ||
           soup_message_headers_get_list (headers, "Transfer-Encoding") != NULL)) ||
         host == NULL || strchr (host, ',') != NULL;
}

static void
append_header (const char *name,
               const char *value,
               gpointer    user_data)
{
  if (g_ascii_strcasecmp (name, "Content-Length") != 0)
    g_string_append_printf (user_data, "%s: %s\r\n", name, value);
}

void
relay_http_request_set_guard (GSocketAddress   *address,
                              RelayGuardStream *guard)
{
  g_object_set_data (G_OBJECT (address), GUARD_KEY, guard);
}

RelayGuardStream *
relay_http_request_get_guard (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  return address != NULL ? g_object_get_data (G_OBJECT (address), GUARD_KEY) : NULL;
}

gboolean
relay_http_request_has_body (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  return soup_message_headers_get_content_length (headers) > 0 ||
         soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED;
}

gboolean
relay_http_request_check_head (SoupServerMessage *message)
{
  if (!is_ambiguous (soup_server_message_get_request_headers (message)))
    return TRUE;

  relay_http_request_refuse (message, SOUP_STATUS_BAD_REQUEST);
  return FALSE;
}

gboolean
relay_http_request_check_plain (SoupServerMessage *message)
{
  if (!relay_http_request_check_head (message))
    return FALSE;

  if (relay_http_request_has_body (message))
    relay_http_request_refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE);
  else if (is_foreign_origin (soup_server_message_get_request_headers (message)))
    relay_http_request_refuse (message, SOUP_STATUS_FORBIDDEN);
  else
    return TRUE;

  return FALSE;
}

void
relay_http_request_refuse (SoupServerMessage *message,
                           unsigned           status)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, status, NULL);
  soup_message_headers_replace (headers, "Connection", "close");
  relay_http_request_refuse_body (message);
}

void
relay_http_request_refuse_body (SoupServerMessage *message)
{
  RelayGuardStream *guard = relay_http_request_get_guard (message);
  unsigned status = soup_server_message_get_status (message);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GString) text = NULL;

  if (guard == NULL || !relay_http_request_has_body (message))
    return;

  body = soup_message_body_flatten (soup_server_message_get_response_body (message));
  text = g_string_new (NULL);
  g_string_append_printf (text, "HTTP/1.1 %u %s\r\n", status, soup_status_get_phrase (status));
  soup_message_headers_foreach (soup_server_message_get_response_headers (message), append_header,
                                text);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                          g_bytes_get_size (body));
  if (g_bytes_get_size (body) > 0)
    g_string_append_len (text, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body));
  relay_guard_stream_close_with (guard, text->str, text->len);
}

void
relay_http_request_admit_body (SoupServerMessage *message,
                               size_t             body_bytes)
{
  RelayGuardStream *guard = relay_http_request_get_guard (message);

  if (guard == NULL)
    return;

  relay_guard_stream_begin_body (guard, body_bytes);
  relay_guard_stream_set_deadline (guard, 0);
  relay_guard_stream_set_idle_limit (guard, IDLE_US);
}

void
relay_http_request_pause_body (SoupServerMessage *message,
                               gboolean           paused)
{
  RelayGuardStream *guard = relay_http_request_get_guard (message);

  if (guard != NULL)
    relay_guard_stream_set_paused (guard, paused);
}

void
relay_http_request_end (SoupServerMessage *message)
{
  RelayGuardStream *guard = relay_http_request_get_guard (message);

  if (guard != NULL)
    relay_guard_stream_begin_body (guard, 0);
}
