/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-publisher"

#include "config.h"

#include "media-publisher-private.h"

#include "media-encoder.h"

#define LEAST_LOW_BITS_PER_S 150000
#define LOW_PART 5         /* of the bits */

/* In per cent of what makes a good picture of the canvas. */
#define SMALL_PART 28      /* below, half as wide and high looks better; */
#define LARGE_PART 36      /* and not any more above */

unsigned
media_publisher_get_low_bits (MediaPublisher *self)
{
  return MAX (self->bits_per_s / LOW_PART, LEAST_LOW_BITS_PER_S);
}

void
media_publisher_set_half_size (MediaPublisher *self,
                               GstElement     *encoder)
{
  const MediaCanvas *canvas = media_stage_get_canvas (self->stage);

  media_encoder_set_size (encoder, canvas->width / 4 * 2, canvas->height / 4 * 2);
}

/* The size follows the bits. */
void
media_publisher_apply_bitrate (MediaPublisher *self)
{
  const MediaCanvas *canvas = media_stage_get_canvas (self->stage);
  unsigned limit = media_canvas_get_most_bits (canvas) / 100 *
                   (self->is_small ? LARGE_PART : SMALL_PART);
  gboolean is_small = self->bits_per_s < limit;

  media_encoder_set_bitrate (self->encoder, self->bits_per_s);
  media_encoder_set_bitrate (self->low_encoder, media_publisher_get_low_bits (self));
  if (is_small == self->is_small)
    return;

  self->is_small = is_small;
  if (is_small)
    media_publisher_set_half_size (self, self->encoder);
  else
    media_encoder_set_size (self->encoder, canvas->width, canvas->height);
}

void
media_publisher_set_bitrate (MediaPublisher *self,
                             unsigned        bits_per_s)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));
  g_return_if_fail (bits_per_s > 0);

  self->bits_per_s = bits_per_s;
  if (media_publisher_is_encoding (self))
    media_publisher_apply_bitrate (self);
}

void
media_publisher_set_renditions (MediaPublisher *self,
                                unsigned        n)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));
  g_return_if_fail (n == 1 || n == 2);

  if ((unsigned) g_atomic_int_get (&self->n_renditions) == n)
    return;

  g_atomic_int_set (&self->n_renditions, n);
  if (n > 1 && media_publisher_is_encoding (self))
    media_encoder_request_keyframe (self->low_encoder);
}
