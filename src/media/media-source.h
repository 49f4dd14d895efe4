/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-canvas.h"
#include "media-device.h"
#include "media-error.h"
#include "media-screen.h"

#include <gio/gio.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaSource:
 *
 * Something to show: a picture, a film, music, a camera, the screen. It owns a GstPipeline of its
 * own that ends in appsinks; the #MediaStage takes its samples from there. It fits whatever it
 * brings onto the canvas of the stage (letterbox, turned as EXIF says, square pixels).
 *
 * Life: made (nothing opened) -> started by the stage in a worker thread -> running -> stopped, for
 * good. Made and owned in the main thread.
 *
 * Signals, in the main thread: "lost" (GError *error): it ran and cannot go on (unplugged, broken
 * in the middle); "ended": a film has come to its end (the last frame stays); "closed": it was
 * stopped, or could not be started, and whatever it used (the device, the file) is free again:
 * once, and last.
 */
#define MEDIA_TYPE_SOURCE (media_source_get_type ())
G_DECLARE_DERIVABLE_TYPE (MediaSource, media_source, MEDIA, SOURCE, GObject)

/* A photograph: JPEG, PNG, WebP, or HEIC and AVIF where the system can. It is decoded in a process
 * of its own. */
MediaSource *media_source_picture_new (const char *path);

/* Decodes a picture ahead, in a thread of its own, for a canvas of that size: shown later, it costs
 * next to nothing. Of other sources, and of a picture that is shown already, nothing happens; one
 * that cannot be decoded says so when it is shown. */
void         media_source_prepare     (MediaSource *self,
                                       int          width,
                                       int          height);

/* A film with sound, anything that the system's GStreamer plays. With @as_camera it is played in a
 * loop, as if it were a camera. */
MediaSource *media_source_file_new    (const char *path,
                                       gboolean    as_camera);

/* A piece of music, in stereo as it was mastered. What is seen is a card: the cover (in the file,
 * or "cover"/"folder" as JPEG or PNG beside it), title, artist, album, and how far it is. */
MediaSource *media_source_music_new   (const char *path);

/* A network camera, OBS or ffmpeg as a server: rtsp:// or rtsps://. A user and password in the URL
 * are used, and told to nobody. What it sends is live: no pause, no seek. */
MediaSource *media_source_rtsp_new    (const char *url);

/* The test camera: a moving pattern with a burnt-in frame counter (media-frame-stamp.h) and a
 * tone. */
MediaSource *media_source_test_new    (void);

/* A real camera, and the microphone where there is one. */
MediaSource *media_source_camera_new  (MediaDevice *device);

/* The screen or a window, with the pointer; @with_sound: with what the computer plays (Vitrine's
 * own sound is in that too). A window that changes its size is fitted anew; one that is minimised
 * says so; when it is closed, the source is lost. */
MediaSource *media_source_screen_new  (MediaScreen *what,
                                       gboolean     with_sound);

/* A still colour field with a few words, for "one moment please". */
MediaSource *media_source_slate_new   (const char *text);

/* Of what size its own pictures are, and how many there are in a second, as far as that is known or
 * likely before it is opened; 0 where it is not. */
void         media_source_measure     (MediaSource *self,
                                       MediaCanvas *out);

gboolean     media_source_has_audio   (MediaSource *self);

/* Turns the microphone on (as it is at first) or off, also while running: the sound fades, then the
 * device is closed, and opened again. Cameras and the test camera only; nothing happens to
 * others. */
void         media_source_set_microphone (MediaSource *self,
                                          gboolean     on);
gboolean     media_source_get_microphone (MediaSource *self);
/* Whether it is a source that can have one. */
gboolean     media_source_has_microphone (MediaSource *self);

/* Pause, go on, and go to a place: films only, %FALSE for others. */
gboolean     media_source_set_playing (MediaSource *self,
                                       gboolean     playing);
gboolean     media_source_seek        (MediaSource *self,
                                       int64_t      position_us);
int64_t      media_source_get_position_us (MediaSource *self); /* -1 when unknown */
int64_t      media_source_get_duration_us (MediaSource *self); /* -1 when unknown or endless */

/* What a film or a piece of music calls itself; known when it is on the stage, %NULL when it does
 * not say. (transfer full) (nullable) */
char        *media_source_get_title        (MediaSource *self);
char        *media_source_get_artist       (MediaSource *self);

/* Takes a photograph at the full resolution of what stands before the source: of a camera its
 * largest still (the video goes on, and holds its last frame meanwhile), of a film its own frame
 * size, of the test camera 2560x1920 with the frame counter that is on the video at that moment.
 * Written to @path as JPEG of quality 92 (a whole file or none). */
void         media_source_take_photo_async  (MediaSource          *self,
                                             const char           *path,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean     media_source_take_photo_finish (MediaSource   *self,
                                             GAsyncResult  *result,
                                             int           *out_width,
                                             int           *out_height,
                                             GError       **error);

/* Of a photograph that was taken: whether it is more than a frame of the running video. %FALSE when
 * the camera has nothing larger, or would not give it. */
gboolean     media_source_photo_is_still    (MediaSource   *self,
                                             GAsyncResult  *result);

G_END_DECLS
