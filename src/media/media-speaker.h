/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaSpeaker:
 *
 * Gives decoded sound to the system's output, in a pipeline of its own: a system without a sound
 * device, or whose sound server dies or hangs, is silent, and nothing else is felt of it. It is
 * heard again when there is a device again.
 *
 * Life: new -> play -> stop. Main thread, but for push.
 */
#define MEDIA_TYPE_SPEAKER (media_speaker_get_type ())
G_DECLARE_FINAL_TYPE (MediaSpeaker, media_speaker, MEDIA, SPEAKER, GObject)

MediaSpeaker *media_speaker_new        (void);

/* Opens the device, in a worker. */
void          media_speaker_play       (MediaSpeaker *self);

/* Any thread. @due_ns: when the first of it is to be heard, by the local monotonic clock. Never
 * blocks. */
void          media_speaker_push       (MediaSpeaker *self,
                                        GstSample    *sample,
                                        int64_t       due_ns);
void          media_speaker_set_volume (MediaSpeaker *self,
                                        double        volume);

/* For good; closes the device in a worker. */
void          media_speaker_stop       (MediaSpeaker *self);

G_END_DECLS
