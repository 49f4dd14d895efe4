/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-source-pipeline.h"

#include <gst/gst.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaDecoding:
 *
 * How a film, a piece of music or a network camera becomes frames of the canvas and sound: its
 * pipeline, and what comes out of that. It knows no source and no process.
 *
 * Life: new -> build -> the pipeline is run by whoever built it -> closed with
 * media_source_close_pipeline().
 */
#define MEDIA_TYPE_DECODING (media_decoding_get_type ())
G_DECLARE_FINAL_TYPE (MediaDecoding, media_decoding, MEDIA, DECODING, GObject)

typedef enum
{
  MEDIA_DECODING_FILM,
  MEDIA_DECODING_MUSIC,
  MEDIA_DECODING_RTSP,   /* live */
  MEDIA_DECODING_PICTURE /* by decoder/media-still.h, and not here: it has one frame */
} MediaDecodingKind;

/* Streaming threads. @due is by the clock (%GST_CLOCK_TIME_NONE: now), @position_us within what is
 * played (-1 unknown). */
typedef struct
{
  void (*video)     (GstBuffer    *buffer,
                     GstClockTime  due,
                     int64_t       position_us,
                     gpointer      user_data);
  void (*audio)     (GstBuffer    *buffer,
                     GstClockTime  due,
                     int64_t       position_us,
                     gpointer      user_data);
  void (*has_audio) (gpointer      user_data);
  /* What it is called; any may be %NULL. */
  void (*words)     (const char   *title,
                     const char   *artist,
                     const char   *album,
                     gpointer      user_data);
  /* It cannot go on: of the domain of #MediaError with a sentence, or as GStreamer says it. */
  void (*failed)    (const GError *error,
                     gpointer      user_data);
} MediaDecodingFuncs;

typedef struct
{
  const char *name; /* what it is called in sentences */
  const char *url;  /* of a camera */
  int file;         /* of anything else: open as long as the pipeline lives */
  int cover;        /* of music: the picture that lies beside it; -1 none */
} MediaDecodingInput;

MediaDecoding *media_decoding_new      (MediaDecodingKind         kind,
                                        const MediaDecodingInput *input,
                                        const MediaCanvas        *canvas,
                                        const MediaDecodingFuncs *funcs,
                                        gpointer                  user_data);

/* (transfer full) */
GstElement    *media_decoding_build    (MediaDecoding  *self,
                                        GError        **error);

/* What GStreamer says on the bus, in a sentence that names what cannot be decoded where that is the
 * reason; a copy otherwise. (transfer full) */
GError        *media_decoding_explain  (MediaDecoding *self,
                                        const GError  *gst_error);

/* The last frame as the film has it, before it was fitted to the canvas. (transfer full)
 * (nullable) */
GstSample     *media_decoding_ref_last (MediaDecoding *self);

G_END_DECLS
