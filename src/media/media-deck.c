/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-deck"

#include "config.h"

#include "media-deck.h"

#include <gst/app/app.h>

#include <stdint.h>

#define SAMPLE_RATE 48000
#define AUDIO_CAPS "audio/x-raw,format=S16LE,rate=48000,channels=2,layout=interleaved"

struct _MediaDeck
{
  gatomicrefcount ref_count;
  GstElement *mixer;
  GstElement *bin;
  GstElement *source;
  GstPad *pad;
  gboolean is_closed; /* main thread */
  GstClockTime end;
};

MediaDeck *
media_deck_new (GstElement *mixer)
{
  MediaDeck *self = g_new0 (MediaDeck, 1);
  g_autoptr (GstCaps) caps = gst_caps_from_string (AUDIO_CAPS);
  g_autoptr (GstPad) out = NULL;

  g_atomic_ref_count_init (&self->ref_count);
  self->mixer = gst_object_ref (mixer);
  self->bin = GST_ELEMENT (gst_object_get_parent (GST_OBJECT (mixer)));
  self->source = gst_object_ref (gst_element_factory_make ("appsrc", NULL));
  g_object_set (self->source, "is-live", TRUE, "format", GST_FORMAT_TIME, "max-buffers",
                (uint64_t) 50, "max-bytes", (uint64_t) 0, "leaky-type",
                GST_APP_LEAKY_TYPE_DOWNSTREAM, "caps", caps, NULL);

  self->pad = gst_element_request_pad_simple (mixer, "sink_%u");
  gst_bin_add (GST_BIN (self->bin), self->source);
  out = gst_element_get_static_pad (self->source, "src");
  gst_pad_link (out, self->pad);
  gst_element_sync_state_with_parent (self->source);

  return self;
}

MediaDeck *
media_deck_ref (MediaDeck *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
media_deck_unref (MediaDeck *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  gst_object_unref (self->pad);
  gst_object_unref (self->source);
  gst_object_unref (self->bin);
  gst_object_unref (self->mixer);
  g_free (self);
}

void
media_deck_close (MediaDeck *self)
{
  if (self->is_closed)
    return;

  /* The pad first: the source may be waiting in it, and would not stop. */
  self->is_closed = TRUE;
  gst_element_release_request_pad (self->mixer, self->pad);
  gst_element_set_state (self->source, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self->bin), self->source);
}

GstClockTime
media_deck_get_duration (GstBuffer *sound)
{
  return gst_util_uint64_scale_int (gst_buffer_get_size (sound), GST_SECOND,
                                    2 * sizeof (int16_t) * SAMPLE_RATE);
}

void
media_deck_push (MediaDeck    *self,
                 GstBuffer    *sound,
                 GstClockTime  time)
{
  GST_BUFFER_PTS (sound) = time;
  GST_BUFFER_DTS (sound) = GST_CLOCK_TIME_NONE;
  self->end = time + media_deck_get_duration (sound);
  gst_app_src_push_buffer (GST_APP_SRC (self->source), sound);
}

GstClockTime
media_deck_get_end (MediaDeck *self)
{
  return self->end;
}

GstPad *
media_deck_get_pad (MediaDeck *self)
{
  return self->pad;
}
