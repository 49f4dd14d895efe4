/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-publisher.h"

G_BEGIN_DECLS

/**
 * MediaRecorder:
 *
 * Writes what a publisher sends to a file, as it was encoded for the viewers: nothing is encoded
 * twice. Matroska or MP4. It begins with a key frame, which it asks for. Its pictures may change
 * their size, as those that are sent do. The file can be played at any time, also when the program
 * or the machine falls over or the disk is full; it is finished (with its length, and places to
 * jump to) by the stop.
 *
 * Life: new -> start -> stop. Main thread.
 *
 * Signals: "failed" (GError *error): it cannot go on; what was recorded until then is in the file.
 * Once, and then only the stop is left.
 */
#define MEDIA_TYPE_RECORDER (media_recorder_get_type ())
G_DECLARE_FINAL_TYPE (MediaRecorder, media_recorder, MEDIA, RECORDER, GObject)

/* @path: its end, .mkv or .mp4, says what it will be. */
MediaRecorder *media_recorder_new           (MediaPublisher *publisher,
                                             const char     *path);

/* Makes the file; one that exists is never written over. @publisher need not be publishing yet. */
gboolean       media_recorder_start         (MediaRecorder  *self,
                                             GError        **error);

/* Goes on with another publisher of the same stage, in place of one that was lost. */
void           media_recorder_set_publisher (MediaRecorder  *self,
                                             MediaPublisher *publisher);

/* Done when the file is whole. An error when nothing was recorded, then there is no file, or when
 * it had failed. */
void           media_recorder_stop_async    (MediaRecorder       *self,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
gboolean       media_recorder_stop_finish   (MediaRecorder  *self,
                                             GAsyncResult   *result,
                                             GError        **error);

const char    *media_recorder_get_path      (MediaRecorder *self);

/* How much is recorded by now, picture and sound. */
int64_t        media_recorder_get_duration_us (MediaRecorder *self);

G_END_DECLS
