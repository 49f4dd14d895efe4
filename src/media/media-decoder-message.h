/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-error.h"

#include <gst/gst.h>

#include <stdint.h>

G_BEGIN_DECLS

/* What the app and its decoder (decoder/main.c), both of one machine and one build, say to each
 * other over a socket (SOCK_SEQPACKET), one message a packet. The frames lie in memory that both
 * have: the app makes it, and no one can make it smaller. The app believes nothing: numbers are
 * looked at, words are cut, and what a frame shows cannot hurt. */

#define MEDIA_DECODER_FD 3
/* The argument of one that may make connections. */
#define MEDIA_DECODER_NETWORK "--network"
#define MEDIA_DECODER_SLOTS 8
#define MEDIA_DECODER_LIMIT_BYTES 8192
/* The decoder says this often that it lives. */
#define MEDIA_DECODER_BEAT_MS 500

typedef enum
{
  /* To the decoder. */
  /* before the order that is about it, since the decoder may open none: number: MediaDecoderFile;
   * fd */
  MEDIA_DECODER_FILE,
  /* number: MediaDecodingKind; place: width, height, fps; words: name, URL (of a camera); fd: the
   * frames */
  MEDIA_DECODER_OPEN,
  /* number: MediaDecoderFormat; place[0]: the longer side at most, 0 as it is; words: name. Any
   * number of them, * one after the other, and no other order. */
  MEDIA_DECODER_PICTURE,
  MEDIA_DECODER_PLAY,
  MEDIA_DECODER_PAUSE,
  MEDIA_DECODER_SEEK,       /* number: GstSeekFlags; position_us */
  MEDIA_DECODER_FREE,       /* number: slot */
  MEDIA_DECODER_PHOTOGRAPH,

  /* From it. */
  MEDIA_DECODER_FRAME,      /* number: slot; due; position_us */
  MEDIA_DECODER_SOUND,      /* due; position_us; bytes: S16LE, 48 kHz, stereo */
  MEDIA_DECODER_HAS_AUDIO,
  MEDIA_DECODER_TITLE,      /* words: title, artist, album */
  MEDIA_DECODER_BEAT,       /* position_us: the duration, -1 unknown */
  MEDIA_DECODER_END,
  MEDIA_DECODER_LOOP,       /* the end of a segment */
  MEDIA_DECODER_FAILED,     /* number: domain; place[0]: code; words: message */
  /* place: width, height; fd: the JPEG, or the pixels, which nobody can change; or words: why there
   * is none */
  MEDIA_DECODER_PHOTO
} MediaDecoderMessageKind;

typedef enum
{
  MEDIA_DECODER_CONTENT,
  MEDIA_DECODER_COVER, /* the picture that lies beside a piece of music */
  MEDIA_DECODER_N_FILES
} MediaDecoderFile;

/* What a picture is wanted as. */
typedef enum
{
  MEDIA_DECODER_PIXELS, /* RGBA, one row after the other */
  /* of what not everybody can open, for those who shall see it: in full size */
  MEDIA_DECODER_JPEG
} MediaDecoderFormat;

typedef struct
{
  uint32_t kind;
  uint32_t number;
  int32_t place[3];
  uint32_t n_bytes;
  /* of what is asked for once (a picture, a photograph), and of its answer: another order's answer
   * is none */
  uint32_t job;
  uint64_t due;
  int64_t position_us;
  uint8_t bytes[MEDIA_DECODER_LIMIT_BYTES];
} MediaDecoderMessage;

/* Any thread. With one descriptor if @fd is not -1. %FALSE when there is nobody any more, or,
 * unless @may_block, no room. */
gboolean media_decoder_message_send     (int                        socket_fd,
                                         const MediaDecoderMessage *message,
                                         int                        fd,
                                         gboolean                   may_block);

/* Blocks. @out_fd (transfer full): -1 when none came. %FALSE at the end, or when what came is no
 * message. */
gboolean media_decoder_message_receive  (int                  socket_fd,
                                         MediaDecoderMessage *message,
                                         int                 *out_fd);

/* The next that is no %MEDIA_DECODER_FILE; @files (transfer full): what came before it, or was in
 * there already. */
gboolean media_decoder_message_receive_order (int                  socket_fd,
                                              MediaDecoderMessage *order,
                                              int                  files[MEDIA_DECODER_N_FILES],
                                              int                 *out_fd);

/* Words one after the other, as many as fit; %NULL is an empty one. */
void     media_decoder_message_add_word (MediaDecoderMessage *message,
                                         const char          *word);
/* "" when there are not so many. It stands in the message. */
const char *media_decoder_message_get_word (const MediaDecoderMessage *message,
                                            unsigned                   index);

/* An error on its way from one process to the other. */
void     media_decoder_message_set_error (MediaDecoderMessage *message,
                                          const GError        *error);
GError  *media_decoder_message_get_error (const MediaDecoderMessage *message);
/* %MEDIA_DECODER_FAILED, of @job. */
void     media_decoder_message_send_error (int                        socket_fd,
                                           uint32_t                   job,
                                           const GError              *error);

/* The size of a frame. */
size_t   media_decoder_frame_bytes       (int width,
                                          int height);
/* Into its place in the memory, without the margins that a decoder may have left around it. */
gboolean media_decoder_frame_copy        (GstBuffer *buffer,
                                          int        width,
                                          int        height,
                                          uint8_t   *place);

G_END_DECLS
