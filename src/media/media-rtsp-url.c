/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-rtsp-url"

#include "config.h"

#include "media-rtsp-url.h"

#include <gio/gio.h>

#include <string.h>

#define FLAGS \
  (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY | \
   G_URI_FLAGS_NON_DNS)
#define LIMIT_BYTES 2048

MediaRtspUrl *
media_rtsp_url_parse (const char  *url,
                      GError     **error)
{
  g_autoptr (GUri) uri = strlen (url) <= LIMIT_BYTES ? g_uri_parse (url, FLAGS, NULL) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  MediaRtspUrl *self;

  if ((!g_str_equal (scheme, "rtsp") && !g_str_equal (scheme, "rtsps")) || host == NULL ||
      *host == '\0')
    {
      g_set_error (
        error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
        "That is not the address of a network camera: it begins with rtsp:// or rtsps:// and names"
        " a machine.");
      return NULL;
    }

  self = g_new0 (MediaRtspUrl, 1);
  self->location = g_uri_join (FLAGS, scheme, NULL, host, g_uri_get_port (uri),
                               g_uri_get_path (uri), g_uri_get_query (uri), NULL);
  self->host = g_strdup (host);
  self->user = g_strdup (g_uri_get_user (uri));
  self->password = g_strdup (g_uri_get_password (uri));

  return self;
}

/* RFC 4193 */
static gboolean
is_unique_local (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
         (g_inet_address_to_bytes (address)[0] & 0xfe) == 0xfc;
}

gboolean
media_rtsp_url_is_near (const MediaRtspUrl *self)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (self->host);
  g_autofree char *host = g_ascii_strdown (self->host, -1);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address)
           || g_inet_address_get_is_site_local (address) || is_unique_local (address);

  /* A number without dots is an address for the resolver. */
  return (strchr (host, '.') == NULL && !g_ascii_isdigit (*host)) ||
         g_str_has_suffix (host, ".local");
}

void
media_rtsp_url_free (MediaRtspUrl *self)
{
  g_free (self->location);
  g_free (self->host);
  g_free (self->user);
  g_free (self->password);
  g_free (self);
}
