/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-packets"

#include "config.h"

#include "media-packets.h"

typedef struct
{
  MediaPacketFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
} Watch;

static gboolean
on_packet (GstBuffer **packet,
           unsigned    index,
           gpointer    user_data)
{
  Watch *watch = user_data;

  watch->func (packet, watch->user_data);

  return TRUE;
}

static GstPadProbeReturn
on_data (GstPad          *pad,
         GstPadProbeInfo *info,
         gpointer         user_data)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    {
      GstBufferList *list = gst_buffer_list_make_writable (GST_PAD_PROBE_INFO_BUFFER_LIST (info));

      gst_buffer_list_foreach (list, on_packet, user_data);
      GST_PAD_PROBE_INFO_DATA (info) = list;
    }
  else
    {
      GstBuffer *packet = GST_PAD_PROBE_INFO_BUFFER (info);

      on_packet (&packet, 0, user_data);
      GST_PAD_PROBE_INFO_DATA (info) = packet;
    }

  return GST_PAD_PROBE_OK;
}

static void
free_watch (gpointer data)
{
  Watch *watch = data;

  if (watch->destroy != NULL)
    watch->destroy (watch->user_data);
  g_free (watch);
}

void
media_packets_watch (GstPad          *pad,
                     MediaPacketFunc  func,
                     gpointer         user_data,
                     GDestroyNotify   destroy)
{
  Watch *watch = g_new (Watch, 1);

  *watch = (Watch) { .func = func, .user_data = user_data, .destroy = destroy };
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_data,
                     watch, free_watch);
}

/* An encoder may have moved its times far up (x264enc does), and the segment with them. */
GstClockTime
media_packets_get_running_time (GstPad       *pad,
                                GstClockTime  pts)
{
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;

  if (event == NULL || !GST_CLOCK_TIME_IS_VALID (pts))
    return GST_CLOCK_TIME_NONE;

  gst_event_parse_segment (event, &segment);

  return gst_segment_to_running_time (segment, GST_FORMAT_TIME, pts);
}
