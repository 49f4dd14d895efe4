/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-rtsp"

#include "config.h"

#include "media-rtsp.h"

#include <gst/rtsp/gstrtsptransport.h>

#include <stdint.h>
#include <string.h>

#define CONNECT_LIMIT_US (10 * G_USEC_PER_SEC)
#define DISTRUST_KEY "vitrine-distrusted"

static gboolean
on_accept_certificate (GstElement           *element,
                       GTlsConnection       *connection,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  flags,
                       gpointer              user_data)
{
  MediaEndpoint *endpoint = user_data;

  if (media_endpoint_check_certificate (endpoint, certificate, flags))
    return TRUE;

  g_object_set_data (G_OBJECT (element), DISTRUST_KEY, GINT_TO_POINTER (TRUE));

  return FALSE;
}

static void
release_endpoint (gpointer  data,
                  GClosure *closure)
{
  media_endpoint_unref (data);
}

void
media_rtsp_configure (GstElement    *element,
                      MediaEndpoint *endpoint)
{
  g_object_set (element,
                "location", media_endpoint_get_url (endpoint),
                "user-id", media_endpoint_get_user (endpoint),
                "user-pw", media_endpoint_get_token (endpoint),
                "protocols", GST_RTSP_LOWER_TRANS_TCP,
                "tcp-timeout", (uint64_t) CONNECT_LIMIT_US,
                "user-agent", "Vitrine/" PACKAGE_VERSION,
                /* Whoever lost the connection makes a new publisher or viewer. Within the element,
                 * a thread that sends would be using the connection while another renews it. */
                "udp-reconnect", FALSE,
                "tls-database", media_endpoint_get_tls_database (endpoint),
                NULL);
  g_signal_connect_data (element, "accept-certificate", G_CALLBACK (on_accept_certificate),
                         media_endpoint_ref (endpoint), release_endpoint, 0);
}

static void
on_sync (GstElement *sink,
         GParamSpec *pspec,
         gpointer    user_data)
{
  gboolean sync = FALSE;

  g_object_get (sink, "sync", &sync, NULL);
  if (sync)
    g_object_set (sink, "sync", FALSE, NULL);
}

static void
on_deep_element_added (GstBin     *bin,
                       GstBin     *sub_bin,
                       GstElement *element,
                       gpointer    user_data)
{
  if (!GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SINK)
      || g_object_class_find_property (G_OBJECT_GET_CLASS (element), "sync") == NULL)
    return;

  /* gst-rtsp-server's streams, of which rtspclientsink is made, switch it on again. */
  g_signal_connect (element, "notify::sync", G_CALLBACK (on_sync), NULL);
  g_object_set (element, "sync", FALSE, NULL);
}

void
media_rtsp_send_early (GstElement *element)
{
  g_signal_connect (element, "deep-element-added", G_CALLBACK (on_deep_element_added), NULL);
}

static GstPadProbeReturn
drop_report (GstPad          *pad,
             GstPadProbeInfo *info,
             gpointer         user_data)
{
  return GST_PAD_PROBE_DROP;
}

static void
end_reports_of_pad (const GValue *item,
                    gpointer      user_data)
{
  GstPad *pad = g_value_get_object (item);
  g_autoptr (GstPad) peer = NULL;

  if (!g_str_has_prefix (GST_PAD_NAME (pad), "send_rtcp_src"))
    return;

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, drop_report,
                     NULL, NULL);
  peer = gst_pad_get_peer (pad);
  if (peer == NULL)
    return;

  /* One that was let through before holds this lock. */
  GST_PAD_STREAM_LOCK (peer);
  GST_PAD_STREAM_UNLOCK (peer);
}

static void
end_reports_of_session (const GValue *item,
                        gpointer      user_data)
{
  GstIterator *pads = gst_element_iterate_src_pads (g_value_get_object (item));

  while (gst_iterator_foreach (pads, end_reports_of_pad, NULL) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (pads);
  gst_iterator_free (pads);
}

void
media_rtsp_end_reports (GstElement *element)
{
  GstIterator *sessions;

  g_return_if_fail (GST_IS_BIN (element));

  sessions = gst_bin_iterate_all_by_element_factory_name (GST_BIN (element), "rtpbin");
  while (gst_iterator_foreach (sessions, end_reports_of_session, NULL) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (sessions);
  gst_iterator_free (sessions);
}

gboolean
media_rtsp_is_over (GstElement *element,
                    GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_WARNING ||
      GST_MESSAGE_SRC (message) != GST_OBJECT (element))
    return GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR;

  gst_message_parse_warning (message, &error, NULL);

  return error->domain == GST_RESOURCE_ERROR;
}

GError *
media_rtsp_error (GstElement *element,
                  GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *debug = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
    gst_message_parse_warning (message, &error, &debug);
  else
    gst_message_parse_error (message, &error, &debug);
  g_debug ("%s: %s (%s)", GST_OBJECT_NAME (GST_MESSAGE_SRC (message)), error->message, debug);

  if (g_object_get_data (G_OBJECT (element), DISTRUST_KEY) != NULL)
    return g_error_new_literal (
      MEDIA_ERROR, MEDIA_ERROR_REFUSED,
      "The relay's certificate for media is not the one that was expected");
  /* The second is how rtspclientsink puts it; only in the words that are not translated. */
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED)
      || (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ)
          && debug != NULL && strstr (debug, "authentication protocol") != NULL))
    return g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_REFUSED,
                                "The relay does not accept these credentials for media");
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND))
    return g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                                "The relay has no media for this share");
  if (error->domain == GST_RESOURCE_ERROR)
    return g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_LOST,
                                "The connection for media to the relay is lost");

  return g_error_new (MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "Media cannot be processed: %s",
                      error->message);
}
