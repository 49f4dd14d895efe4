/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-publisher.h"
#include "media-stage.h"
#include "media-viewer.h"
#include "relay-media.h"

G_BEGIN_DECLS

/**
 * Town:
 *
 * A relay's RTSP face, a stage with the test camera on it, and what each of them said: the media
 * path from end to end, over TLS on the loopback.
 */
typedef struct
{
  GTlsCertificate *certificate;
  RelayMedia *relay;
  MediaStage *stage;
  GPtrArray *events;      /* of the relay: "publishing s1", "joined s1 emily" ... */
} Town;

/* One publisher or viewer and what it said. */
typedef struct
{
  MediaPublisher *publisher;
  MediaViewer *viewer;
  unsigned n_publishing;
  unsigned n_first_frames;
  unsigned n_keyframes_needed;
  unsigned n_stalled;
  unsigned n_resumed;
  GError *error;          /* of "lost" */
} Person;

/* main() calls it first. */
void             town_init             (int    *argc,
                                        char ***argv);

/* main() ends with it. */
int              town_run              (void);

/* For g_test_add(). */
void             town_set_up           (Town          *self,
                                        gconstpointer  unused);
void             town_tear_down        (Town          *self,
                                        gconstpointer  unused);

/* A self-signed certificate for the loopback. (transfer full) */
GTlsCertificate *town_make_certificate (void);

void             town_start_stage      (Town *self,
                                        int   width,
                                        int   height);
void             town_start_stage_of   (Town              *self,
                                        const MediaCanvas *canvas);
void             town_stop_stage       (Town *self);
void             town_show             (Town        *self,
                                        MediaSource *source);

/* At the town's relay, trusting its certificate and no other. (transfer full) */
MediaEndpoint   *town_endpoint         (Town       *self,
                                        const char *share,
                                        const char *user,
                                        const char *token,
                                        MediaCodec  codec);

Person          *person_new_publisher  (Town       *town,
                                        const char *share,
                                        const char *user,
                                        const char *token,
                                        MediaCodec  codec);
Person          *person_new_viewer     (Town       *town,
                                        const char *share,
                                        const char *user,
                                        const char *token,
                                        MediaCodec  codec,
                                        GstElement *sink,
                                        int         latency_ms);

/* Stops it and waits until it is gone, with all its threads. */
void             person_free           (Person *self);

/* Opens share @share of alice and emily, lets alice publish and waits until she does. */
Person          *town_publish          (Town       *self,
                                        const char *share,
                                        MediaCodec  codec);

gboolean         town_has_event        (Town       *self,
                                        const char *event);
void             town_forget_events    (Town *self);

/* Nothing of any share is left in the relay. */
gboolean         town_is_empty         (Town *self);

/* @sharer (nullable) (transfer full) goes, @share is closed, and it is seen that nothing is
 * left. */
void             town_end_share        (Town       *self,
                                        const char *share,
                                        Person     *sharer);

/* Runs the main loop until @condition; fails the test after 90 s. */
#define town_wait_until(condition) \
  G_STMT_START { \
    int64_t town_limit = g_get_monotonic_time () + 90 * G_USEC_PER_SEC; \
    while (!(condition)) \
      { \
        town_iterate (); \
        if (g_get_monotonic_time () > town_limit) \
          g_error ("%s:%d: waited 90 s for %s", __FILE__, __LINE__, #condition); \
      } \
  } G_STMT_END

void             town_iterate          (void);
void             town_run_ms           (unsigned ms);
uint64_t         person_count_frames   (Person *self);

G_END_DECLS
