/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-decoder-message"

#include "config.h"

#include "media-decoder-message.h"

#include <gio/gio.h>
#include <gst/video/video.h>

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_BYTES offsetof (MediaDecoderMessage, bytes)
#define LIMIT_WORD_BYTES 4096

/* Room for one descriptor, aligned as the kernel wants it. */
typedef union
{
  struct cmsghdr head;
  char bytes[CMSG_SPACE (sizeof (int))];
} Ancillary;

gboolean
media_decoder_message_send (int                        socket_fd,
                            const MediaDecoderMessage *message,
                            int                        fd,
                            gboolean                   may_block)
{
  struct iovec part = { (void *) message, HEAD_BYTES + message->n_bytes };
  struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };
  Ancillary ancillary = { 0 };
  ssize_t n;

  if (fd >= 0)
    {
      packet.msg_control = &ancillary;
      packet.msg_controllen = sizeof ancillary.bytes;
      ancillary.head.cmsg_level = SOL_SOCKET;
      ancillary.head.cmsg_type = SCM_RIGHTS;
      ancillary.head.cmsg_len = CMSG_LEN (sizeof (int));
      memcpy (CMSG_DATA (&ancillary.head), &fd, sizeof fd);
    }

  do
    n = sendmsg (socket_fd, &packet, MSG_NOSIGNAL | (may_block ? 0 : MSG_DONTWAIT));
  while (n < 0 && errno == EINTR);

  return n == (ssize_t) part.iov_len;
}

gboolean
media_decoder_message_receive (int                  socket_fd,
                               MediaDecoderMessage *message,
                               int                 *out_fd)
{
  struct iovec part = { message, sizeof *message };
  Ancillary ancillary = { 0 };
  struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &ancillary,
                           /* in CMSG_SPACE() a second one would have room */
                           .msg_controllen = CMSG_LEN (sizeof (int)) };
  const struct cmsghdr *head;
  ssize_t n;

  *out_fd = -1;
  do
    n = recvmsg (socket_fd, &packet, MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);

  head = n > 0 ? CMSG_FIRSTHDR (&packet) : NULL;
  if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
      head->cmsg_len == CMSG_LEN (sizeof (int)))
    memcpy (out_fd, CMSG_DATA (head), sizeof *out_fd);

  if (n >= (ssize_t) HEAD_BYTES && message->n_bytes == (size_t) n - HEAD_BYTES)
    return TRUE;

  if (*out_fd >= 0)
    close (*out_fd);
  *out_fd = -1;

  return FALSE;
}

gboolean
media_decoder_message_receive_order (int                  socket_fd,
                                     MediaDecoderMessage *order,
                                     int                  files[MEDIA_DECODER_N_FILES],
                                     int                 *out_fd)
{
  while (media_decoder_message_receive (socket_fd, order, out_fd))
    {
      int old = *out_fd;

      if (order->kind != MEDIA_DECODER_FILE)
        return TRUE;

      if (order->number < MEDIA_DECODER_N_FILES)
        {
          old = files[order->number];
          files[order->number] = *out_fd;
        }
      if (old >= 0)
        close (old);
    }

  return FALSE;
}

void
media_decoder_message_add_word (MediaDecoderMessage *message,
                                const char          *word)
{
  size_t room = sizeof message->bytes - message->n_bytes;
  size_t length = MIN (word != NULL ? strlen (word) : 0, LIMIT_WORD_BYTES);

  if (length + 1 > room)
    return;

  if (length > 0)
    memcpy (message->bytes + message->n_bytes, word, length);
  message->bytes[message->n_bytes + length] = '\0';
  message->n_bytes += (uint32_t) length + 1;
}

const char *
media_decoder_message_get_word (const MediaDecoderMessage *message,
                                unsigned                   index)
{
  size_t offset = 0;

  while (offset < message->n_bytes)
    {
      const uint8_t *end = memchr (message->bytes + offset, '\0', message->n_bytes - offset);

      if (end == NULL)
        break;
      if (index-- == 0)
        return (const char *) message->bytes + offset;
      offset = (size_t) (end - message->bytes) + 1;
    }

  return "";
}

static GQuark
get_domain (unsigned index)
{
  switch (index)
    {
    case 0:
      return MEDIA_ERROR;
    case 1:
      return GST_STREAM_ERROR;
    case 2:
      return GST_RESOURCE_ERROR;
    case 3:
      return GST_CORE_ERROR;
    case 4:
      return G_IO_ERROR;
    default:
      return GST_LIBRARY_ERROR;
    }
}

void
media_decoder_message_set_error (MediaDecoderMessage *message,
                                 const GError        *error)
{
  message->number = 0;
  while (message->number < 5 && get_domain (message->number) != error->domain)
    message->number++;
  message->place[0] = error->code;
  media_decoder_message_add_word (message, error->message);
}

GError *
media_decoder_message_get_error (const MediaDecoderMessage *message)
{
  g_autofree char *words = g_utf8_make_valid (media_decoder_message_get_word (message, 0), -1);

  return g_error_new_literal (get_domain (message->number), message->place[0], words);
}

void
media_decoder_message_send_error (int           socket_fd,
                                  uint32_t      job,
                                  const GError *error)
{
  MediaDecoderMessage message = { .kind = MEDIA_DECODER_FAILED, .job = job };

  media_decoder_message_set_error (&message, error);
  media_decoder_message_send (socket_fd, &message, -1, TRUE);
}

size_t
media_decoder_frame_bytes (int width,
                           int height)
{
  GstVideoInfo info;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (unsigned) width, (unsigned) height);

  return info.size;
}

gboolean
media_decoder_frame_copy (GstBuffer *buffer,
                          int        width,
                          int        height,
                          uint8_t   *place)
{
  size_t n_bytes = media_decoder_frame_bytes (width, height);
  GstBuffer *wrapped = gst_buffer_new_wrapped_full (0, place, n_bytes, 0, n_bytes, NULL, NULL);
  GstVideoFrame from, to;
  GstVideoInfo info;
  gboolean is_copied = FALSE;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (unsigned) width, (unsigned) height);
  if (gst_video_frame_map (&from, &info, buffer, GST_MAP_READ))
    {
      if (gst_video_frame_map (&to, &info, wrapped, GST_MAP_WRITE))
        {
          is_copied = gst_video_frame_copy (&to, &from);
          gst_video_frame_unmap (&to);
        }
      gst_video_frame_unmap (&from);
    }
  gst_buffer_unref (wrapped);

  return is_copied;
}
