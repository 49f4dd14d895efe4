/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-content-number"

#include "config.h"

#include "media-content-number.h"

#include <gst/rtp/rtp.h>

#include <stdint.h>
#include <string.h>

#define EXTENSION_ID 5
#define EXTENSION_BYTES 4

struct _MediaContentNumber
{
  GMutex lock;
  unsigned number;       /* what is written, or was read last */
  GstClockTime since;    /* PTS of the first packet with it */
  gboolean is_told;      /* whether a frame with it was seen */
};

static void
clear (gpointer data)
{
  MediaContentNumber *self = data;

  g_mutex_clear (&self->lock);
}

MediaContentNumber *
media_content_number_new (void)
{
  MediaContentNumber *self = g_atomic_rc_box_new0 (MediaContentNumber);

  g_mutex_init (&self->lock);
  self->since = GST_CLOCK_TIME_NONE;

  return self;
}

void
media_content_number_unref (MediaContentNumber *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

void
media_content_number_set (MediaContentNumber *self,
                          unsigned            number)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->number = number;
}

static gboolean
write_one (GstBuffer **buffer,
           unsigned    index,
           gpointer    user_data)
{
  unsigned number = GPOINTER_TO_UINT (user_data);
  uint32_t bytes = GUINT32_TO_BE (number);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  *buffer = gst_buffer_make_writable (*buffer);
  if (!gst_rtp_buffer_map (*buffer, GST_MAP_READWRITE, &rtp))
    return TRUE;

  gst_rtp_buffer_add_extension_onebyte_header (&rtp, EXTENSION_ID, &bytes, EXTENSION_BYTES);
  gst_rtp_buffer_unmap (&rtp);

  return TRUE;
}

static GstPadProbeReturn
on_outgoing (GstPad          *pad,
             GstPadProbeInfo *info,
             gpointer         user_data)
{
  MediaContentNumber *self = user_data;
  unsigned number;

  g_mutex_lock (&self->lock);
  number = self->number;
  g_mutex_unlock (&self->lock);

  if (number == 0)
    return GST_PAD_PROBE_OK;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    {
      GstBufferList *list = gst_buffer_list_make_writable (GST_PAD_PROBE_INFO_BUFFER_LIST (info));

      gst_buffer_list_foreach (list, write_one, GUINT_TO_POINTER (number));
      GST_PAD_PROBE_INFO_DATA (info) = list;
    }
  else
    {
      GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

      write_one (&buffer, 0, GUINT_TO_POINTER (number));
      GST_PAD_PROBE_INFO_DATA (info) = buffer;
    }

  return GST_PAD_PROBE_OK;
}

static void
unref (gpointer data)
{
  media_content_number_unref (data);
}

void
media_content_number_write_to (MediaContentNumber *self,
                               GstPad             *pad)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_outgoing,
                     g_atomic_rc_box_acquire (self), unref);
}

/* The bytes are those of a stranger: what is not as it should be is no number. */
static unsigned
read_number (GstBuffer *buffer)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  uint32_t number = 0;
  gpointer data;
  unsigned size;

  if (!gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    return 0;

  if (gst_rtp_buffer_get_extension_onebyte_header (&rtp, EXTENSION_ID, 0, &data, &size)
      && size == EXTENSION_BYTES)
    memcpy (&number, data, sizeof number); /* it stands where it happens to stand */

  gst_rtp_buffer_unmap (&rtp);

  return GUINT32_FROM_BE (number);
}

static gboolean
read_one (GstBuffer **buffer,
          unsigned    index,
          gpointer    user_data)
{
  MediaContentNumber *self = user_data;
  unsigned number = read_number (*buffer);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (number != self->number || !GST_CLOCK_TIME_IS_VALID (self->since))
    {
      self->number = number;
      self->since = GST_BUFFER_PTS_IS_VALID (*buffer) ? GST_BUFFER_PTS (*buffer) : 0;
      self->is_told = FALSE;
    }

  return TRUE;
}

static GstPadProbeReturn
on_incoming (GstPad          *pad,
             GstPadProbeInfo *info,
             gpointer         user_data)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    {
      GstBufferList *list = GST_PAD_PROBE_INFO_BUFFER_LIST (info);

      for (unsigned i = 0; i < gst_buffer_list_length (list); i++)
        {
          GstBuffer *buffer = gst_buffer_list_get (list, i);

          read_one (&buffer, i, user_data);
        }
    }
  else
    {
      GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

      read_one (&buffer, 0, user_data);
    }

  return GST_PAD_PROBE_OK;
}

void
media_content_number_read_from (MediaContentNumber *self,
                                GstPad             *pad)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_incoming,
                     g_atomic_rc_box_acquire (self), unref);
}

gboolean
media_content_number_take_frame (MediaContentNumber *self,
                                 GstBuffer          *frame,
                                 unsigned           *out_number)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->is_told || !GST_CLOCK_TIME_IS_VALID (self->since)
      || (GST_BUFFER_PTS_IS_VALID (frame) && GST_BUFFER_PTS (frame) < self->since))
    return FALSE;

  self->is_told = TRUE;
  *out_number = self->number;

  return TRUE;
}
