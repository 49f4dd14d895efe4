/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-content-number.h"
#include "media-moment-writer.h"
#include "media-publisher.h"
#include "media-tap.h"

G_BEGIN_DECLS

/* Between media-publisher.c, which is the object and its life, media-publisher-pipeline.c, which is
 * what the worker builds, and media-publisher-rate.c: how many bits and renditions, and of what
 * size. */

typedef enum
{
  MEDIA_PUBLISHER_NEW,
  MEDIA_PUBLISHER_RUNNING,
  MEDIA_PUBLISHER_STOPPING    /* for good */
} MediaPublisherState;

struct _MediaPublisher
{
  GObject parent_instance;

  MediaStage *stage;
  MediaEndpoint *endpoint;
  unsigned bits_per_s;
  unsigned n_renditions;              /* atomic */
  gboolean is_small;                  /* the pictures of the main rendition */
  uint32_t timestamp_offset;          /* of both renditions */
  MediaContentNumber *content_number; /* any thread */
  MediaMomentWriter *moment_writer;   /* any thread */

  MediaPublisherState state;
  gboolean is_building;     /* the worker has what follows */
  gboolean is_flowing;      /* the relay takes our media */
  gboolean is_over;         /* "lost" was said */
  /* of its own: errors and slowness on the way to the relay never reach the stage's */
  GstElement *pipeline;
  GstElement *sink;
  GstElement *encoder;
  GstElement *low_encoder;
  int low_has_begun;        /* atomic */
  MediaTap *video_tap;
  MediaTap *low_tap;
  MediaTap *audio_tap;
  GSource *bus_source;
};

/* Main thread: whether there are encoders, and nobody else is at them. */
gboolean media_publisher_is_encoding    (MediaPublisher *self);

/* Half as wide and high, in even numbers. */
void     media_publisher_set_half_size  (MediaPublisher *self,
                                         GstElement     *encoder);
unsigned media_publisher_get_low_bits   (MediaPublisher *self);

/* Main thread, with the encoders there: what was said about bits holds. */
void     media_publisher_apply_bitrate  (MediaPublisher *self);

/* Makes the way to the relay. */
gboolean media_publisher_make_sink      (MediaPublisher  *self,
                                         GError         **error);

/* In a worker: builds the pipeline around it, and starts it. */
gboolean media_publisher_build          (MediaPublisher  *self,
                                         GError         **error);

/* In a worker: what is under way goes out to the end. */
void     media_publisher_run_dry        (MediaPublisher *self);

G_END_DECLS
