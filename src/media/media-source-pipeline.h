/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-canvas.h"

#include <gst/app/app.h>

G_BEGIN_DECLS

/* The pipeline of a source: its ends, its sinks, and how it is closed. Used by the sources
 * alone. */

/* For subclasses: the ends of a pipeline's description. (transfer full) */
char         *media_source_video_tail     (const MediaCanvas *canvas,
                                           gboolean           is_live);
char         *media_source_audio_tail     (gboolean is_live);

/* Builds from a description; a plugin that is missing becomes %MEDIA_ERROR_INTERNAL. (transfer
 * full) */
GstElement   *media_source_parse          (const char  *description,
                                           GError     **error);

/* The appsink "video" or "audio" of a source's pipeline. (transfer full) (nullable) */
GstAppSink   *media_source_get_sink       (GstElement *bin,
                                           const char *name);

/* When a sample is to be seen, on the pipeline's clock; %GST_CLOCK_TIME_NONE when it does not
 * say. */
GstClockTime  media_source_sample_time    (GstAppSink *sink,
                                           GstSample  *sample);

/* Worker. Stops @pipeline (nullable) and drops it with @watch, the source of its bus (nullable).
 * (transfer full) both. */
void          media_source_close_pipeline (GstElement *pipeline,
                                           GSource    *watch);

G_END_DECLS
