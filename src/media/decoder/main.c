/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-decoder"

#include "config.h"

#include "media-decoder-message.h"
#include "media-decoding.h"
#include "media-jail.h"
#include "media-still.h"
#include "media-worker.h"

#include <gst/gst.h>

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* What nearly everything that is shown needs: whoever waits for the first frame later need not wait
 * for these. */
static const char *const USUAL[] = {
  "typefind",          "decodebin",     "queue",     "appsrc",       "appsink",
  "videoconvertscale", "videoflip",     "videorate", "audioconvert", "audioresample",
  "audiobuffersplit",  "matroskademux", "qtdemux",   "oggdemux",     "h264parse",
  "aacparse",          "opusdec",       "vp8dec",    "jpegdec",      "avdec_h264"
};

/* Somebody waits already. */
static gboolean
has_order (void)
{
  struct pollfd waited = { .fd = MEDIA_DECODER_FD, .events = POLLIN };

  return poll (&waited, 1, 0) != 0;
}

static void
load_usual (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (USUAL) && !has_order (); i++)
    {
      GstElement *element = gst_element_factory_make (USUAL[i], NULL);

      gst_clear_object (&element);
    }

  if (!has_order ())
    media_still_warm_up ();
}

static void
serve (MediaDecoderMessage *order,
       int                  files[MEDIA_DECODER_N_FILES],
       int                  frames)
{
  MediaWorker *worker;

  if (order->kind == MEDIA_DECODER_PICTURE)
    {
      media_still_serve (MEDIA_DECODER_FD, order, files);
    }
  else if (order->kind == MEDIA_DECODER_OPEN && frames >= 0 &&
           order->number == MEDIA_DECODING_PICTURE)
    {
      media_still_show (MEDIA_DECODER_FD, order, files[MEDIA_DECODER_CONTENT], frames);
    }
  else if (order->kind == MEDIA_DECODER_OPEN && frames >= 0)
    {
      worker = media_worker_new (MEDIA_DECODER_FD, order, files, frames);
      if (worker != NULL)
        media_worker_run (worker);
    }
}

/* Decodes one film, picture, piece of music or stream for Vitrine, which starts it with a socket
 * (media-decoder-message.h) as descriptor 3. A process of its own, since what it decodes may crash
 * it. It is ready, and restrained, before it is told what that is. */
int
main (int    argc,
      char **argv)
{
  MediaDecoderMessage *order = g_new0 (MediaDecoderMessage, 1);
  gboolean with_network = argc > 1 && g_str_equal (argv[1], MEDIA_DECODER_NETWORK);
  int files[MEDIA_DECODER_N_FILES] = { -1, -1 };
  int frames;

  if (fcntl (MEDIA_DECODER_FD, F_GETFD) < 0)
    {
      g_printerr ("vitrine-decoder is a part of Vitrine, and is started by it.\n");
      return EXIT_FAILURE;
    }

  media_jail_enter ();
  /* Vitrine has looked at the plugins just now. */
  g_setenv ("GST_REGISTRY_UPDATE", "no", FALSE);
  gst_init (NULL, NULL);
  load_usual ();
  media_jail_close (with_network);

  if (media_decoder_message_receive_order (MEDIA_DECODER_FD, order, files, &frames))
    serve (order, files, frames);

  /* Not exit(): what a decoder leaves behind for that has hung before, and the kernel clears up. */
  _exit (EXIT_SUCCESS);
}
