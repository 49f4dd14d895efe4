/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelaySendQueue:
 *
 * Bytes that wait for a socket to take them. A value of its owner, all zeros at first; one that is
 * empty holds no memory, so that thousands of idle connections cost little. How long it may get is
 * the owner's affair.
 */
typedef struct
{
  GByteArray *bytes; /* (nullable) */
  size_t start;      /* what went before it is gone */
} RelaySendQueue;

size_t         relay_send_queue_get_length (const RelaySendQueue *self);

void           relay_send_queue_append     (RelaySendQueue       *self,
                                            const void           *bytes,
                                            size_t                length);

/* What is to go next, relay_send_queue_get_length() bytes of it; good until the next call.
 * (nullable) */
const uint8_t *relay_send_queue_peek       (const RelaySendQueue *self);

/* The first @length bytes have gone. */
void           relay_send_queue_drop       (RelaySendQueue       *self,
                                            size_t                length);

void           relay_send_queue_clear      (RelaySendQueue       *self);

G_END_DECLS
