/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-clock.h"
#include "media-endpoint.h"
#include "media-stage.h"

G_BEGIN_DECLS

/**
 * MediaPublisher:
 *
 * Encodes what is on a stage and sends it to the relay: x264 (or VP8) and Opus by RTSP RECORD over
 * one TLS connection that stays for the life of the share; a switch on the stage does not touch it.
 * GOP 1 s, no B frames, key frames on request. A smaller rendition of the video goes beside it when
 * somebody needs it.
 *
 * Life: new -> start -> "publishing" -> stop. Main thread. It adds its branch to the stage's
 * pipeline and removes it at the end.
 *
 * Signals: "publishing": the relay takes our media; "lost" (GError *error): the connection or the
 * encoder failed: make a new one.
 */
#define MEDIA_TYPE_PUBLISHER (media_publisher_get_type ())
G_DECLARE_FINAL_TYPE (MediaPublisher, media_publisher, MEDIA, PUBLISHER, GObject)

MediaPublisher *media_publisher_new              (MediaStage    *stage,
                                                  MediaEndpoint *endpoint);
gboolean        media_publisher_start            (MediaPublisher  *self,
                                                  GError         **error);
void            media_publisher_stop             (MediaPublisher *self);
void            media_publisher_request_keyframe (MediaPublisher *self);

/* The number that the video packets carry from the first frame on that shows what is on the stage
 * now, so that viewers know what they see (docs/protocol.md, "The number of the content"). Before
 * or after the start; 0, as at first, for none. */
void            media_publisher_set_content_number (MediaPublisher *self,
                                                    unsigned        number);

/* The share's clock, by which each packet says its moment (docs/protocol.md, "The moment of a
 * frame"); before the start. Without one, or as long as it is not synchronized, viewers show what
 * they get when they get it. */
void            media_publisher_set_clock        (MediaPublisher *self,
                                                  MediaClock     *clock);
/* How long after its making a frame is to be seen, from the next one on; sound alike. 0 at first,
 * 65 s at most. */
void            media_publisher_set_delay_ms     (MediaPublisher *self,
                                                  unsigned        delay_ms);
/* Which picture of a series the frames show, likewise; 0, as at first, for none. */
void            media_publisher_set_page         (MediaPublisher *self,
                                                  unsigned        page);

/* Video bit rate in bit/s from the next frame on. With few bits for so large a canvas the pictures
 * become half as wide and high. */
void            media_publisher_set_bitrate      (MediaPublisher *self,
                                                  unsigned        bits_per_s);

/* For MediaRecorder: where the encoded media leave their encoder; %NULL while it is not there.
 * (transfer full) */
GstPad         *media_publisher_ref_output       (MediaPublisher *self,
                                                  gboolean        is_video);
MediaCodec      media_publisher_get_codec        (MediaPublisher *self);
const MediaCanvas *media_publisher_get_canvas    (MediaPublisher *self);

/* How many renditions of the video are sent: 1, as at first, or 2. The low one, half as wide and
 * high with about a fifth of the bits, is the third stream of the same RECORD (video, sound, low
 * video), in the same RTP time as the first; but for its first frame it is silent while there is
 * 1. */
void            media_publisher_set_renditions   (MediaPublisher *self,
                                                  unsigned        n);

G_END_DECLS
