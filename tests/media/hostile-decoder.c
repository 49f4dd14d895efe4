/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* In place of vitrine-decoder: answers each order for a picture twice, by one pixel, which says the
 * how manieth answer it is. */

#include "config.h"

#include "media-decoder-message.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static void
answer (uint32_t job,
        uint8_t  number)
{
  const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  const uint8_t pixel[4] = { number, number, number, 255 };
  MediaDecoderMessage message = { .kind = MEDIA_DECODER_PHOTO, .job = job, .place = { 1, 1 } };
  int fd = memfd_create ("picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (write (fd, pixel, sizeof pixel) != sizeof pixel || fcntl (fd, F_ADD_SEALS, seals) != 0
      || !media_decoder_message_send (MEDIA_DECODER_FD, &message, fd, TRUE))
    _exit (1);
  close (fd);
}

int
main (void)
{
  g_autofree MediaDecoderMessage *order = g_new0 (MediaDecoderMessage, 1);
  uint8_t n_answers = 0;
  int fd;

  while (media_decoder_message_receive (MEDIA_DECODER_FD, order, &fd))
    {
      if (fd >= 0)
        close (fd);
      if (order->kind != MEDIA_DECODER_PICTURE)
        continue;

      answer (order->job, n_answers++);
      answer (order->job, n_answers++);
    }

  return 0;
}
