/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-preview"

#include "config.h"

#include "media-preview.h"

#include <stdint.h>

struct _MediaPreview
{
  GstElement *tee;
  GstElement *pipeline;
  GstElement *bin;
  GstElement *sink; /* not owned: in the bin */
};

static void
wait_for_no_frame (const GValue *value,
                   gpointer      user_data)
{
  GstElement *element = g_value_get_object (value);

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "async") != NULL)
    g_object_set (element, "async", FALSE, NULL);
}

/* A sink that waits for its first frame must not pull the stage into another state, nor be left
 * behind by it: the stage changes its state often, and each time GstBin forgets that a child is still
 * on its way (the preview stood still on its first frame). So the sink does not wait. */
static GstElement *
make_bin (GstElement *sink)
{
  GstElement *bin = gst_bin_new ("preview");
  GstElement *queue = gst_element_factory_make ("queue", NULL);
  g_autoptr (GstPad) pad = NULL;
  GstIterator *elements;

  g_object_set (queue, "leaky", 2 /* downstream */, "max-size-buffers", 2, "max-size-bytes", 0, "max-size-time",
                (uint64_t) 0, NULL);
  gst_bin_add_many (GST_BIN (bin), queue, sink, NULL);
  gst_element_link (queue, sink);
  elements = gst_bin_iterate_recurse (GST_BIN (bin));
  while (gst_iterator_foreach (elements, wait_for_no_frame, NULL) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (elements);
  gst_iterator_free (elements);
  pad = gst_element_get_static_pad (queue, "sink");
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", pad));

  return bin;
}

MediaPreview *
media_preview_new (GstElement *tee,
                   GstElement *sink)
{
  MediaPreview *self = g_new0 (MediaPreview, 1);

  self->tee = gst_object_ref (tee);
  self->pipeline = GST_ELEMENT (gst_object_get_parent (GST_OBJECT (tee)));
  self->sink = sink;
  self->bin = make_bin (sink);
  gst_bin_add (GST_BIN (self->pipeline), self->bin);
  gst_element_sync_state_with_parent (self->bin);
  gst_element_link (tee, self->bin);

  return self;
}

void
media_preview_free (MediaPreview *self)
{
  g_autoptr (GstPad) sink_pad = gst_element_get_static_pad (self->bin, "sink");
  g_autoptr (GstPad) tee_pad = gst_pad_get_peer (sink_pad);

  gst_pad_unlink (tee_pad, sink_pad);
  gst_element_release_request_pad (self->tee, tee_pad);
  gst_element_set_state (self->bin, GST_STATE_NULL);
  /* The bin lives on in messages that nobody has read yet; its owner may want the sink elsewhere right now. */
  gst_bin_remove (GST_BIN (self->bin), self->sink);
  gst_bin_remove (GST_BIN (self->pipeline), self->bin);
  gst_object_unref (self->pipeline);
  gst_object_unref (self->tee);
  g_free (self);
}
