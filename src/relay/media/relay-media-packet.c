/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-packet"

#include "config.h"

#include "relay-media-packet.h"

#include <string.h>

#define FIRST_SIZE 64

RelayMediaPacket *
relay_media_packet_new (const uint8_t *data,
                        size_t         length,
                        int64_t        now_us)
{
  RelayMediaPacket *self = g_malloc (sizeof *self + length);

  *self = (RelayMediaPacket) { .ref_count = 1, .came_us = now_us, .length = length };
  memcpy (self->bytes, data, length);

  return self;
}

RelayMediaPacket *
relay_media_packet_ref (RelayMediaPacket *self)
{
  self->ref_count++;
  return self;
}

void
relay_media_packet_unref (RelayMediaPacket *self)
{
  if (--self->ref_count == 0)
    g_free (self);
}

static RelayMediaPacket **
place (RelayMediaQueue *self,
       unsigned         nth)
{
  return &self->ring[(self->first + nth) & (self->size - 1)];
}

static void
grow (RelayMediaQueue *self)
{
  unsigned size = self->size == 0 ? FIRST_SIZE : self->size * 2;
  RelayMediaPacket **ring = g_new (RelayMediaPacket *, size);

  for (unsigned i = 0; i < self->length; i++)
    ring[i] = *place (self, i);
  g_free (self->ring);
  self->ring = ring;
  self->size = size;
  self->first = 0;
}

void
relay_media_queue_push (RelayMediaQueue  *self,
                        RelayMediaPacket *packet)
{
  if (self->length == self->size)
    grow (self);

  *place (self, self->length++) = relay_media_packet_ref (packet);
  self->n_bytes += packet->length;
}

RelayMediaPacket *
relay_media_queue_peek (RelayMediaQueue *self,
                        unsigned         nth)
{
  return nth < self->length ? *place (self, nth) : NULL;
}

RelayMediaPacket *
relay_media_queue_pop (RelayMediaQueue *self)
{
  RelayMediaPacket *packet = relay_media_queue_peek (self, 0);

  if (packet == NULL)
    return NULL;

  self->first = (self->first + 1) & (self->size - 1);
  self->length--;
  self->n_bytes -= packet->length;

  return packet;
}

void
relay_media_queue_drop (RelayMediaQueue *self,
                        unsigned         from,
                        unsigned         to)
{
  to = MIN (to, self->length);
  if (from >= to)
    return;

  for (unsigned i = from; i < to; i++)
    {
      self->n_bytes -= (*place (self, i))->length;
      relay_media_packet_unref (*place (self, i));
    }
  for (unsigned i = to; i < self->length; i++)
    *place (self, from + i - to) = *place (self, i);
  self->length -= to - from;
}

void
relay_media_queue_clear (RelayMediaQueue *self)
{
  relay_media_queue_drop (self, 0, self->length);
  g_clear_pointer (&self->ring, g_free);
  self->size = self->first = 0;
}
