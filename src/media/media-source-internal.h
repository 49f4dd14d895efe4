/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-source-private.h"

G_BEGIN_DECLS

/* What media-source.c, -transport.c, -photo.c and -microphone.c share of one class; nobody else's
 * business. */

typedef enum
{
  JOB_START,
  JOB_PLAY,
  JOB_PAUSE,
  JOB_SEEK,
  JOB_BEGIN_LOOP,
  JOB_LOOP,
  JOB_REST, /* a still has given its frame */
  JOB_MICROPHONE,
  JOB_SOUND_AGAIN,
  JOB_PHOTOGRAPH,
  JOB_STOP
} JobKind;

typedef struct
{
  /* Main thread. */
  GThreadPool *worker; /* one thread: the jobs of a source come one after the other */
  GMainContext *context;
  MediaSourceFailedFunc failed;
  gpointer failed_data;
  gboolean is_on_stage;
  gboolean has_ended;
  gboolean is_stopped;
  gboolean is_transport_pending;
  int64_t pending_seek_us; /* -1: none */
  unsigned transport_timer;
  unsigned microphone_timer; /* runs while the sound of one that is turned off fades */
  unsigned retry_timer; /* runs while there is no sound that should be there */
  gboolean has_lost_sound; /* and that was said */
  unsigned watch;
  int64_t watched_us; /* monotonic */
  unsigned n_idle_ticks;
  uint64_t n_frames_seen;

  /* Set before the worker starts, then only read. */
  gboolean is_loop;
  MediaCanvas canvas;
  GstClock *clock;
  MediaFeed *feed;

  /* Atomic: main thread, worker, streaming threads. */
  int wants_playing;
  int wants_microphone;
  int has_first_frame;
  int has_failed;
  int has_audio;
  int is_photographing;

  /* Worker only. */
  GSource *bus_watch;
  GstElement *sound;
  GSource *sound_watch;

  GMutex lock;
  GstElement *pipeline; /* guarded by the lock, like the words */
  char *title;
  char *artist;
} MediaSourcePrivate;

MediaSourcePrivate *media_source_get_private (MediaSource *self);

/* @task: (transfer full) (nullable) */
void     media_source_push_job        (MediaSource *self,
                                       JobKind      kind,
                                       int64_t      position_us,
                                       GTask       *task);

/* The sound has faded, or will not: pauses, seeks or goes on as was asked. */
void     media_source_apply_transport (MediaSource *self);

/* The sound has faded: closes the microphone if that was asked. */
void     media_source_apply_microphone (MediaSource *self);

/* Calls @func in the source's context, with a #GWeakRef to it. (transfer full) */
GSource *media_source_watch_bus       (MediaSource *self,
                                       GstElement  *pipeline,
                                       GstBusFunc   func);

/* Worker. Idempotent; the first does nothing while the microphone is off. */
void     media_source_start_sound     (MediaSource *self);
void     media_source_close_sound     (MediaSource *self);
void     media_source_run_microphone  (MediaSource *self);

/* Worker. */
void     media_source_photograph      (MediaSource *self,
                                       GTask       *task);

G_END_DECLS
