/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-send-queue"

#include "config.h"

#include "relay-send-queue.h"

/* So much that has gone is kept, rather than moving the rest each time. */
#define GONE_BYTES (256 * 1024)

size_t
relay_send_queue_get_length (const RelaySendQueue *self)
{
  return self->bytes != NULL ? self->bytes->len - self->start : 0;
}

void
relay_send_queue_append (RelaySendQueue *self,
                         const void     *bytes,
                         size_t          length)
{
  if (self->bytes == NULL)
    self->bytes = g_byte_array_new ();

  g_byte_array_append (self->bytes, bytes, (unsigned) length);
}

const uint8_t *
relay_send_queue_peek (const RelaySendQueue *self)
{
  return self->bytes != NULL ? self->bytes->data + self->start : NULL;
}

void
relay_send_queue_drop (RelaySendQueue *self,
                       size_t          length)
{
  g_return_if_fail (length <= relay_send_queue_get_length (self));

  self->start += length;
  if (relay_send_queue_get_length (self) == 0)
    {
      relay_send_queue_clear (self);
    }
  else if (self->start > GONE_BYTES)
    {
      g_byte_array_remove_range (self->bytes, 0, (unsigned) self->start);
      self->start = 0;
    }
}

void
relay_send_queue_clear (RelaySendQueue *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  self->start = 0;
}
