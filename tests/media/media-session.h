/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-device.h"
#include "media-fixture.h"

G_BEGIN_DECLS

/**
 * Session:
 *
 * A fixture with a real PipeWire (with-pipewire.sh), whose cameras, microphones and players are
 * programs.
 */
typedef struct
{
  Fixture fixture;
  MediaDevices *devices;
  GPtrArray *programs; /* GSubprocess */
} Session;

void         session_set_up     (Session       *self,
                                 gconstpointer  unused);
void         session_tear_down  (Session       *self,
                                 gconstpointer  unused);

/* Runs until it is ended, or the test. (transfer none) */
GSubprocess *session_launch     (Session    *self,
                                 const char *line);
void         session_end        (GSubprocess *program);

/* Runs to its end, which has to be a good one. */
void         session_run        (const char *line);
/* Whether it was one. */
gboolean     session_try        (const char *line);

/* A camera that sees a pattern of videotestsrc. */
GSubprocess *session_plug_in    (Session    *self,
                                 const char *name,
                                 const char *pattern);

/* Until it is listed. (transfer full) */
MediaDevice *session_wait_for   (Session    *self,
                                 const char *name);

/* By which PipeWire knows it. */
uint32_t     session_get_node   (MediaDevice *device);

G_END_DECLS
