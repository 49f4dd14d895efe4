/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-decoder-frames"

#include "config.h"

#include "media-decoder-frames.h"

#include "media-decoder-message.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* So few are left that the decoder may soon have to wait: what comes is copied instead. */
#define SCARCE 3

struct _MediaDecoderFrames
{
  gatomicrefcount ref_count;
  uint8_t *memory;
  size_t frame_bytes;

  GMutex lock;   /* guards what follows */
  int socket_fd; /* -1: the decoder is gone */
  unsigned used; /* a bit for each slot that we have not given back */
};

typedef struct
{
  MediaDecoderFrames *frames;
  unsigned slot;
} Slot;

MediaDecoderFrames *
media_decoder_frames_new (int  width,
                          int  height,
                          int  socket_fd,
                          int *out_fd)
{
  size_t frame_bytes = media_decoder_frame_bytes (width, height);
  size_t all = frame_bytes * MEDIA_DECODER_SLOTS;
  MediaDecoderFrames *self;
  void *memory = MAP_FAILED;
  int fd = memfd_create ("frames", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  /* If the decoder could make it smaller, reading it would kill us. */
  if (fd >= 0 && ftruncate (fd, (off_t) all) == 0 &&
      fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
    memory = mmap (NULL, all, PROT_READ, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED)
    {
      if (fd >= 0)
        close (fd);
      return NULL;
    }

  self = g_new0 (MediaDecoderFrames, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->memory = memory;
  self->frame_bytes = frame_bytes;
  self->socket_fd = socket_fd;
  *out_fd = fd;

  return self;
}

void
media_decoder_frames_unref (MediaDecoderFrames *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  munmap (self->memory, self->frame_bytes * MEDIA_DECODER_SLOTS);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
media_decoder_frames_close (MediaDecoderFrames *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->socket_fd = -1;
}

static void
give_back (MediaDecoderFrames *self,
           unsigned            slot)
{
  MediaDecoderMessage message = { .kind = MEDIA_DECODER_FREE, .number = slot };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->used &= ~(1u << slot);
  if (self->socket_fd >= 0)
    media_decoder_message_send (self->socket_fd, &message, -1, FALSE);
}

/* Whatever thread was the last to need the frame. */
static void
on_frame_unused (gpointer data)
{
  Slot *slot = data;

  give_back (slot->frames, slot->slot);
  media_decoder_frames_unref (slot->frames);
  g_free (slot);
}

/* %FALSE for a slot that is none, or that the decoder has given us already. */
static gboolean
take (MediaDecoderFrames *self,
      unsigned            slot,
      gboolean           *out_is_scarce)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  unsigned n_used = 0;

  if (slot >= MEDIA_DECODER_SLOTS || (self->used & 1u << slot) != 0)
    return FALSE;

  self->used |= 1u << slot;
  for (unsigned i = 0; i < MEDIA_DECODER_SLOTS; i++)
    n_used += self->used >> i & 1;
  *out_is_scarce = n_used > MEDIA_DECODER_SLOTS - SCARCE;

  return TRUE;
}

GstBuffer *
media_decoder_frames_take (MediaDecoderFrames *self,
                           unsigned            slot)
{
  uint8_t *bytes = self->memory + (size_t) slot * self->frame_bytes;
  gboolean is_scarce;
  GstBuffer *buffer;
  Slot *owner;

  if (!take (self, slot, &is_scarce))
    return NULL;

  if (is_scarce)
    {
      buffer = gst_buffer_new_allocate (NULL, self->frame_bytes, NULL);
      gst_buffer_fill (buffer, 0, bytes, self->frame_bytes);
      give_back (self, slot);

      return buffer;
    }

  owner = g_new0 (Slot, 1);
  owner->frames = self;
  owner->slot = slot;
  g_atomic_ref_count_inc (&self->ref_count);

  return gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY, bytes, self->frame_bytes, 0,
                                      self->frame_bytes, owner, on_frame_unused);
}
