/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-request"

#include "config.h"

#include "relay-media-request.h"

#include <gst/rtsp/gstrtspurl.h>

#include <string.h>

#define SHARE_PREFIX "/share/"
#define SHARE_ID_LIMIT 64

static const GstRTSPHeaderField wanted_fields[] = {
  GST_RTSP_HDR_ACCEPT,
  GST_RTSP_HDR_AUTHORIZATION,
  GST_RTSP_HDR_CONTENT_BASE,
  GST_RTSP_HDR_CONTENT_TYPE,
  GST_RTSP_HDR_CSEQ,
  GST_RTSP_HDR_REQUIRE,
  GST_RTSP_HDR_SESSION,
  GST_RTSP_HDR_TRANSPORT,
};

static gboolean
is_wanted (GstRTSPHeaderField field)
{
  for (size_t i = 0; i < G_N_ELEMENTS (wanted_fields); i++)
    {
      if (wanted_fields[i] == field)
        return TRUE;
    }

  return FALSE;
}

/* Printable ASCII and line ends in whole CRLF pairs only: what is no text never reaches a
 * parser. */
static gboolean
is_clean_head (const uint8_t *data,
               size_t         head)
{
  unsigned n_lines = 0;

  for (size_t i = 0; i < head; i++)
    {
      if (data[i] == '\r')
        {
          if (i + 1 >= head || data[i + 1] != '\n' || ++n_lines > RELAY_MEDIA_HEAD_LIMIT_LINES)
            return FALSE;
          i++;
        }
      else if ((data[i] < 0x20 && data[i] != '\t') || data[i] > 0x7e)
        {
          return FALSE;
        }
    }

  return TRUE;
}

/* 0 when the head does not say; FALSE when it says nonsense or says it twice. */
static gboolean
read_content_length (const uint8_t *data,
                     size_t         head,
                     size_t         limit_bytes,
                     size_t        *out_length)
{
  g_autofree char *text = g_strndup ((const char *) data, head);
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  gboolean found = FALSE;

  *out_length = 0;
  for (unsigned i = 1; lines[i] != NULL; i++)
    {
      const char *value;
      uint64_t number;

      if (g_ascii_strncasecmp (lines[i], "Content-Length:", strlen ("Content-Length:")) != 0)
        continue;

      value = g_strstrip (lines[i] + strlen ("Content-Length:"));
      if (found || !g_ascii_string_to_unsigned (value, 10, 0, limit_bytes, &number, NULL))
        return FALSE;
      found = TRUE;
      *out_length = number;
    }

  return TRUE;
}

static RelayMediaUnit
scan_data (const uint8_t *data,
           size_t         length,
           size_t        *out_length)
{
  if (length < 4)
    return RELAY_MEDIA_UNIT_PARTIAL;

  *out_length = 4 + ((size_t) data[2] << 8 | data[3]);

  return length < *out_length ? RELAY_MEDIA_UNIT_PARTIAL : RELAY_MEDIA_UNIT_DATA;
}

RelayMediaUnit
relay_media_request_scan (const uint8_t *data,
                          size_t         length,
                          size_t         body_limit_bytes,
                          size_t        *out_head,
                          size_t        *out_length)
{
  const uint8_t *end;
  size_t body;

  *out_head = 0;
  *out_length = 0;
  if (length == 0)
    return RELAY_MEDIA_UNIT_PARTIAL;
  if (data[0] == '$')
    return scan_data (data, length, out_length);
  if (!g_ascii_isupper (data[0]))
    return RELAY_MEDIA_UNIT_BAD;

  end = memmem (data, MIN (length, RELAY_MEDIA_HEAD_LIMIT_BYTES), "\r\n\r\n", 4);
  if (end == NULL)
    return length < RELAY_MEDIA_HEAD_LIMIT_BYTES ? RELAY_MEDIA_UNIT_PARTIAL : RELAY_MEDIA_UNIT_BAD;

  *out_head = end - data + 4;
  if (!is_clean_head (data, *out_head) ||
      !read_content_length (data, *out_head, body_limit_bytes, &body))
    return RELAY_MEDIA_UNIT_BAD;

  *out_length = *out_head + body;

  return length < *out_length ? RELAY_MEDIA_UNIT_PARTIAL : RELAY_MEDIA_UNIT_REQUEST;
}

static gboolean
parse_request_line (GstRTSPMessage *message,
                    const char     *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 4);
  GstRTSPMethod method;

  if (g_strv_length (words) != 3 || !g_str_equal (words[2], "RTSP/1.0") || words[1][0] == '\0')
    return FALSE;

  method = gst_rtsp_find_method (words[0]);
  if (method == GST_RTSP_INVALID)
    return FALSE;

  return gst_rtsp_message_init_request (message, method, words[1]) == GST_RTSP_OK;
}

static gboolean
parse_header_line (GstRTSPMessage *message,
                   char           *line)
{
  GstRTSPHeaderField field;
  char *colon = strchr (line, ':');

  if (colon == NULL || colon == line)
    return FALSE;

  *colon = '\0';
  field = gst_rtsp_find_header_field (line);
  if (is_wanted (field))
    gst_rtsp_message_add_header (message, field, g_strstrip (colon + 1));

  return TRUE;
}

GstRTSPMessage *
relay_media_request_parse (const uint8_t *data,
                           size_t         head,
                           size_t         length)
{
  g_autofree char *text = g_strndup ((const char *) data, head - 4);
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  GstRTSPMessage *message = NULL;
  gboolean good;

  gst_rtsp_message_new (&message);
  good = lines[0] != NULL && parse_request_line (message, lines[0]);
  for (unsigned i = 1; good && lines[i] != NULL; i++)
    good = parse_header_line (message, lines[i]);

  if (!good)
    {
      gst_rtsp_message_free (message);
      return NULL;
    }

  /* With a zero behind it, as GstRTSPConnection would hand it on: GstRTSPClient counts on that. */
  if (length > head)
    {
      uint8_t *body = g_malloc0 (length - head + 1);

      memcpy (body, data + head, length - head);
      gst_rtsp_message_take_body (message, body, length - head + 1);
    }

  return message;
}

/* What stands behind "/share/" in the URL, and where it says it is. */
static GstRTSPUrl *
parse_url (GstRTSPMessage  *request,
           const char     **out_path)
{
  GstRTSPUrl *url = NULL;
  const char *uri = NULL;

  if (gst_rtsp_message_parse_request (request, NULL, &uri, NULL) != GST_RTSP_OK
      || gst_rtsp_url_parse (uri, &url) != GST_RTSP_OK)
    return NULL;

  if (url->abspath == NULL || !g_str_has_prefix (url->abspath, SHARE_PREFIX))
    {
      gst_rtsp_url_free (url);
      return NULL;
    }
  *out_path = url->abspath + strlen (SHARE_PREFIX);

  return url;
}

char *
relay_media_request_dup_share (GstRTSPMessage *request)
{
  const char *path;
  GstRTSPUrl *url = parse_url (request, &path);
  char *share = NULL;
  size_t length;

  if (url == NULL)
    return NULL;

  length = strcspn (path, "/");
  if (length > 0 && length <= SHARE_ID_LIMIT)
    share = g_strndup (path, length);
  gst_rtsp_url_free (url);

  return share;
}

char *
relay_media_request_dup_stream (GstRTSPMessage *request)
{
  const char *path;
  GstRTSPUrl *url = parse_url (request, &path);
  const char *slash = url != NULL ? strchr (path, '/') : NULL;
  char *stream = g_strdup (slash != NULL ? slash + 1 : "");

  if (url != NULL)
    gst_rtsp_url_free (url);

  return stream;
}

char *
relay_media_request_dup_base (GstRTSPMessage *request)
{
  g_autofree char *share = relay_media_request_dup_share (request);
  const char *path;
  GstRTSPUrl *url = parse_url (request, &path);
  gboolean is_ipv6;
  char *base;

  if (url == NULL || share == NULL)
    {
      g_clear_pointer (&url, gst_rtsp_url_free);
      return NULL;
    }

  is_ipv6 = url->family == GST_RTSP_FAM_INET6;
  base = g_strdup_printf ("rtsps://%s%s%s:%u" SHARE_PREFIX "%s/", is_ipv6 ? "[" : "", url->host,
                          is_ipv6 ? "]" : "", url->port, share);
  gst_rtsp_url_free (url);

  return base;
}

gboolean
relay_media_request_get_credentials (GstRTSPMessage  *request,
                                     char           **out_user,
                                     char           **out_token)
{
  g_autofree uint8_t *bytes = NULL;
  g_autofree char *pair = NULL;
  const char *colon;
  char *value = NULL;
  size_t length = 0;

  if (gst_rtsp_message_get_header (request, GST_RTSP_HDR_AUTHORIZATION, &value, 0) != GST_RTSP_OK
      || g_ascii_strncasecmp (value, "Basic ", 6) != 0 || value[6] == '\0')
    return FALSE;

  bytes = g_base64_decode (value + 6, &length);
  pair = g_strndup ((const char *) bytes, length);
  colon = strchr (pair, ':');
  if (colon == NULL)
    return FALSE;

  *out_user = g_strndup (pair, colon - pair);
  *out_token = g_strdup (colon + 1);

  return TRUE;
}

GstRTSPMessage *
relay_media_request_refuse (GstRTSPMessage    *request,
                            GstRTSPStatusCode  status)
{
  GstRTSPMessage *response = NULL;

  gst_rtsp_message_new_response (&response, status, gst_rtsp_status_as_text (status), request);
  /* Whoever gave credentials and gets the challenge again tries the same for ever (rtspsrc
   * 1.22). */
  if (status == GST_RTSP_STS_UNAUTHORIZED
      && gst_rtsp_message_get_header (request, GST_RTSP_HDR_AUTHORIZATION, NULL, 0) != GST_RTSP_OK)
    gst_rtsp_message_add_header (response, GST_RTSP_HDR_WWW_AUTHENTICATE,
                                 "Basic realm=\"vitrine\"");

  return response;
}

void
relay_media_message_append (GstRTSPMessage *message,
                            GByteArray     *bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GstRTSPStatusCode status;
  const char *reason;
  GstRTSPVersion version;
  uint8_t *body = NULL;
  unsigned length = 0;

  gst_rtsp_message_parse_response (message, &status, &reason, &version);
  g_string_append_printf (text, "RTSP/1.0 %d %s\r\n", status, reason);

  gst_rtsp_message_get_body (message, &body, &length);
  gst_rtsp_message_remove_header (message, GST_RTSP_HDR_CONTENT_LENGTH, -1);
  gst_rtsp_message_append_headers (message, text);
  if (length > 0)
    g_string_append_printf (text, "Content-Length: %u\r\n", length);
  g_string_append (text, "\r\n");

  g_byte_array_append (bytes, (const uint8_t *) text->str, text->len);
  if (length > 0)
    g_byte_array_append (bytes, body, length);
}
