/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-decoder"

#include "config.h"

#include "media-decoder-message.h"
#include "media-jail.h"
#include "media-worker.h"

#include <gst/gst.h>

#include <stdlib.h>
#include <unistd.h>

/* Decodes one film, piece of music or stream for Vitrine, which starts it with a socket (media-decoder-message.h) as descriptor 3. A process
 * of its own, since what it decodes may crash it. */
int
main (int    argc,
      char **argv)
{
  MediaDecoderMessage *order = g_new0 (MediaDecoderMessage, 1);
  MediaWorker *worker;
  int frames;

  media_jail_enter ();
  /* Vitrine has looked at the plugins just now. */
  g_setenv ("GST_REGISTRY_UPDATE", "no", FALSE);

  if (!media_decoder_message_receive (MEDIA_DECODER_FD, order, &frames) || order->kind != MEDIA_DECODER_OPEN || frames < 0)
    {
      g_printerr ("vitrine-decoder is a part of Vitrine, and is started by it.\n");
      return EXIT_FAILURE;
    }

  gst_init (NULL, NULL);
  media_jail_close (media_worker_needs_network (order));
  worker = media_worker_new (MEDIA_DECODER_FD, order, frames);
  if (worker != NULL)
    media_worker_run (worker);

  /* Not exit(): what a decoder leaves behind for that has hung before, and the kernel clears up. */
  _exit (EXIT_SUCCESS);
}
