/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-stage.h"

G_BEGIN_DECLS

/* One frame that left the stage. */
typedef struct
{
  GstClockTime pts;
  GstClockTime left_at; /* by the stage's clock */
  int64_t wall_us;
  gboolean has_stamp;
  uint32_t counter;
  uint32_t made_us;
  uint8_t corner[3]; /* Y, U, V at the middle of the lower right quarter: which picture is it? */
  uint8_t centre;    /* Y in the middle */
  uint8_t below;     /* Y at the middle of the lower half */
  uint8_t right;     /* Y in the upper right corner, where a presenter is seen */
  uint8_t left;      /* and in the upper left one */
} OutputFrame;

/* One buffer of sound that left the stage. */
typedef struct
{
  GstClockTime pts;
  GstClockTime duration;
  int64_t wall_us;
} OutputSound;

/**
 * Fixture:
 *
 * A running stage of 320x180 at 30 frames a second, and all that leaves it.
 */
typedef struct
{
  MediaStage *stage;
  char *folder; /* of its own, removed at the end */
  /* atomic: only the times of what leaves are written down, which costs next to nothing */
  int looks_away;
  GAsyncResult *result;
  int n_lost;
  int n_ended;
  GError *lost_error;

  GMutex lock; /* guards what follows */
  GArray *frames;  /* OutputFrame */
  GArray *sounds;  /* OutputSound */
  GArray *samples; /* int16_t, left channel */
} Fixture;

void        fixture_init           (void); /* main() calls it first */
void        fixture_set_up         (Fixture       *self,
                                    gconstpointer  unused);
void        fixture_start          (Fixture *self,
                                    int      width,
                                    int      height);
void        fixture_tear_down      (Fixture       *self,
                                    gconstpointer  unused);

/* Runs the main loop until @condition; fails the test after 90 s. */
#define fixture_wait_until(condition) \
  G_STMT_START { \
    int64_t fixture_limit = g_get_monotonic_time () + 90 * G_USEC_PER_SEC; \
    while (!(condition)) \
      { \
        fixture_iterate (); \
        if (g_get_monotonic_time () > fixture_limit) \
          g_error ("%s:%d: waited 90 s for %s", __FILE__, __LINE__, #condition); \
      } \
  } G_STMT_END

/* One turn of the main loop, 10 ms at the longest. */
void        fixture_iterate        (void);

/* Shows @source (transfer full) and waits for the outcome. */
gboolean    fixture_show           (Fixture      *self,
                                    MediaSource  *source,
                                    GError      **error);
/* The same with who is seen beside it. @camera: (transfer none) (nullable) */
gboolean    fixture_set_presenter  (Fixture      *self,
                                    MediaSource  *camera,
                                    MediaCorner   corner,
                                    GError      **error);

/* The frame that stands on the canvas now. */
OutputFrame fixture_see            (Fixture *self);
/* Also checks that what was shown before stays. */
void        fixture_expect_error   (Fixture     *self,
                                    MediaSource *source,
                                    int          code,
                                    const char  *words);

unsigned    fixture_count_frames   (Fixture *self);
unsigned    fixture_count_sounds   (Fixture *self);
OutputFrame fixture_get_frame      (Fixture  *self,
                                    unsigned  index);
void        fixture_wait_frames    (Fixture  *self,
                                    unsigned  n_more);
void        fixture_stop           (Fixture *self);

/* The loudest sample of what left since the sound at @index. */
int         fixture_get_peak       (Fixture  *self,
                                    unsigned  index);

/* Every frame and every buffer of sound since the start follows the one before it, with no gap and
 * no jump back, and none left before its time: a stage that runs ahead is silent until its clock
 * has caught up. */
void        fixture_assert_continuous (Fixture *self);

/* A file in the fixture's folder, rendered by a pipeline that lacks only its filesink. (transfer
 * full) */
char       *fixture_render         (Fixture    *self,
                                    const char *name,
                                    const char *pipeline);
/* One of tests/media/pictures. (transfer full) */
char       *fixture_find_picture   (const char *name);
char       *fixture_path           (Fixture    *self,
                                    const char *name);
/* (transfer full) */
char       *fixture_write          (Fixture    *self,
                                    const char *name,
                                    const void *bytes,
                                    size_t      n_bytes);

G_END_DECLS
