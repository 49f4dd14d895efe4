/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-factory"

#include "config.h"

#include "relay-media-factory.h"
#include "relay-media-pass.h"

#include <stdint.h>

/* What may wait for viewers in each track: packets are dropped, oldest first, and memory is not used up. */
#define WAITING_LIMIT_BYTES (4 * 1024 * 1024)

struct _RelayMediaFactory
{
  GstRTSPMediaFactory parent_instance;

  RelayMediaTrack *tracks[RELAY_MEDIA_MAX_TRACKS];
  unsigned n_tracks;
  gboolean is_record;
  RelayMediaTrackStarted started;
  gpointer user_data;
  GDestroyNotify destroy;
  int *n_pipelines;
};

G_DEFINE_FINAL_TYPE (RelayMediaFactory, relay_media_factory, GST_TYPE_RTSP_MEDIA_FACTORY)

/* The parent's key has the port and the query of the URL in it: two of them would be two pipelines. */
static char *
relay_media_factory_gen_key (GstRTSPMediaFactory *factory,
                             const GstRTSPUrl    *url)
{
  return g_strdup ("share");
}

/* One pipeline in the count, until it is down; its media may live a little longer. */
typedef struct
{
  int *n_pipelines;
  int is_down;   /* atomic */
} Count;

static void
count_down (Count *count)
{
  if (g_atomic_int_compare_and_exchange (&count->is_down, FALSE, TRUE))
    g_atomic_int_add (count->n_pipelines, -1);
}

static void
on_unprepared (GstRTSPMedia *media,
               Count        *count)
{
  count_down (count);
}

static void
on_media_gone (gpointer  data,
               GObject  *media)
{
  Count *count = data;

  count_down (count);
  g_free (count);
}

static void
count_up (RelayMediaFactory *self,
          GstRTSPMedia      *media)
{
  Count *count = g_new0 (Count, 1);

  count->n_pipelines = self->n_pipelines;
  g_atomic_int_inc (count->n_pipelines);
  g_signal_connect (media, "unprepared", G_CALLBACK (on_unprepared), count);
  g_object_weak_ref (G_OBJECT (media), on_media_gone, count);
}

static GstElement *
get_element (GstRTSPMedia *media,
             const char   *prefix,
             unsigned      index)
{
  g_autoptr (GstElement) bin = gst_rtsp_media_get_element (media);
  g_autofree char *name = g_strdup_printf ("%s%u", prefix, index);

  return gst_bin_get_by_name (GST_BIN (bin), name);
}

static void
on_track_started (gpointer user_data)
{
  RelayMediaFactory *self = user_data;

  self->started (self->user_data);
}

static void
configure_record (RelayMediaFactory *self,
                  GstRTSPMedia      *media)
{
  for (unsigned i = 0; i < self->n_tracks; i++)
    {
      g_autoptr (GstElement) sink = get_element (media, "depay", i);

      relay_media_track_feed (self->tracks[i], GST_APP_SINK (sink), on_track_started, g_object_ref (self),
                              g_object_unref);
    }
}

/* Packets are sent on when they come: a sink that waits for the clock adds the latency of the whole pipeline.
 * gst-rtsp-server switches it on again at each PLAY, hence the notification. */
static void
on_sink_sync (GstElement *sink,
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
  if (!GST_IS_APP_SINK (element))
    return;

  g_signal_connect (element, "notify::sync", G_CALLBACK (on_sink_sync), NULL);
  g_object_set (element, "sync", FALSE, NULL);
}

static void
configure_source (RelayMediaTrack *track,
                  GstAppSrc       *source,
                  GstElement      *pay)
{
  g_autoptr (GstCaps) caps = relay_media_track_get_caps (track);
  int pt = 96;

  if (caps != NULL)
    gst_structure_get_int (gst_caps_get_structure (caps, 0), "payload", &pt);

  g_object_set (pay, "pt", pt, NULL);
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "do-timestamp", FALSE,
                "max-bytes", (uint64_t) WAITING_LIMIT_BYTES, "leaky-type", GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);
}

static void
configure_play (RelayMediaFactory *self,
                GstRTSPMedia      *media)
{
  g_autoptr (GstElement) bin = gst_rtsp_media_get_element (media);
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (bin));

  g_signal_connect (pipeline, "deep-element-added", G_CALLBACK (on_deep_element_added), NULL);

  for (unsigned i = 0; i < self->n_tracks; i++)
    {
      g_autoptr (GstElement) source = get_element (media, "in", i);
      g_autoptr (GstElement) pay = get_element (media, "pay", i);

      configure_source (self->tracks[i], GST_APP_SRC (source), pay);
      relay_media_track_drain_to (self->tracks[i], GST_APP_SRC (source));
    }
}

static void
relay_media_factory_configure (GstRTSPMediaFactory *factory,
                               GstRTSPMedia        *media)
{
  RelayMediaFactory *self = RELAY_MEDIA_FACTORY (factory);

  GST_RTSP_MEDIA_FACTORY_CLASS (relay_media_factory_parent_class)->configure (factory, media);

  count_up (self, media);

  if (self->is_record)
    configure_record (self, media);
  else
    configure_play (self, media);
}

static void
relay_media_factory_finalize (GObject *object)
{
  RelayMediaFactory *self = RELAY_MEDIA_FACTORY (object);

  for (unsigned i = 0; i < self->n_tracks; i++)
    relay_media_track_unref (self->tracks[i]);
  if (self->destroy != NULL)
    self->destroy (self->user_data);

  G_OBJECT_CLASS (relay_media_factory_parent_class)->finalize (object);
}

static void
relay_media_factory_class_init (RelayMediaFactoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_media_factory_finalize;
  GST_RTSP_MEDIA_FACTORY_CLASS (klass)->gen_key = relay_media_factory_gen_key;
  GST_RTSP_MEDIA_FACTORY_CLASS (klass)->configure = relay_media_factory_configure;

  relay_media_pass_register ();
}

static void
relay_media_factory_init (RelayMediaFactory *self)
{
}

static RelayMediaFactory *
factory_new (RelayMediaTrack       **tracks,
             unsigned                n_tracks,
             int                    *n_pipelines,
             GstRTSPTransportMode    mode)
{
  RelayMediaFactory *self = g_object_new (RELAY_TYPE_MEDIA_FACTORY, NULL);
  GstRTSPMediaFactory *factory = GST_RTSP_MEDIA_FACTORY (self);

  g_assert (n_tracks <= RELAY_MEDIA_MAX_TRACKS);

  self->n_pipelines = n_pipelines;
  self->n_tracks = n_tracks;
  for (unsigned i = 0; i < n_tracks; i++)
    self->tracks[i] = relay_media_track_ref (tracks[i]);

  gst_rtsp_media_factory_set_transport_mode (factory, mode);
  gst_rtsp_media_factory_set_protocols (factory, GST_RTSP_LOWER_TRANS_TCP);
  /* One profile: two give each stream two lines in the SDP, one of them dead. */
  gst_rtsp_media_factory_set_profiles (factory, GST_RTSP_PROFILE_AVP);
  gst_rtsp_media_factory_set_latency (factory, 0);

  return self;
}

GstRTSPMediaFactory *
relay_media_factory_new_record (RelayMediaTrack       **tracks,
                                unsigned                n_tracks,
                                RelayMediaTrackStarted  started,
                                gpointer                user_data,
                                GDestroyNotify          destroy,
                                int                    *n_pipelines)
{
  RelayMediaFactory *self = factory_new (tracks, n_tracks, n_pipelines, GST_RTSP_TRANSPORT_MODE_RECORD);
  g_autoptr (GString) launch = g_string_new ("( ");

  self->is_record = TRUE;
  self->started = started;
  self->user_data = user_data;
  self->destroy = destroy;
  for (unsigned i = 0; i < n_tracks; i++)
    g_string_append_printf (launch, "appsink name=depay%u ", i);
  g_string_append (launch, ")");
  gst_rtsp_media_factory_set_launch (GST_RTSP_MEDIA_FACTORY (self), launch->str);

  return GST_RTSP_MEDIA_FACTORY (self);
}

GstRTSPMediaFactory *
relay_media_factory_new_play (RelayMediaTrack **tracks,
                              unsigned          n_tracks,
                              int              *n_pipelines)
{
  RelayMediaFactory *self = factory_new (tracks, n_tracks, n_pipelines, GST_RTSP_TRANSPORT_MODE_PLAY);
  g_autoptr (GString) launch = g_string_new ("( ");

  for (unsigned i = 0; i < n_tracks; i++)
    g_string_append_printf (launch, "appsrc name=in%u ! vitrinertppass name=pay%u ", i, i);
  g_string_append (launch, ")");
  gst_rtsp_media_factory_set_launch (GST_RTSP_MEDIA_FACTORY (self), launch->str);
  gst_rtsp_media_factory_set_shared (GST_RTSP_MEDIA_FACTORY (self), TRUE);
  gst_rtsp_media_factory_set_suspend_mode (GST_RTSP_MEDIA_FACTORY (self), GST_RTSP_SUSPEND_MODE_NONE);

  return GST_RTSP_MEDIA_FACTORY (self);
}
