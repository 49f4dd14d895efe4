/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-read-budget"

#include "config.h"

#include "relay-read-budget.h"

#include <string.h>

/* Bytes of an HTTP head, or of a body that nobody asked for. */
#define HEAD_BYTES (16 * 1024)
#define BUCKET_BYTES (2 * 1024 * 1024)
#define BUCKET_BYTES_PER_S (512 * 1024)
#define FRAME_COST 1024
/* So that at the time that was said the bucket does hold something. */
#define ROUNDING_US 1000

static void
remember_last_bytes (RelayReadBudget *self,
                     const uint8_t   *bytes,
                     size_t           length)
{
  for (size_t i = length > 4 ? length - 4 : 0; i < length; i++)
    {
      memmove (self->last_bytes, self->last_bytes + 1, 3);
      self->last_bytes[3] = (char) bytes[i];
    }
}

void
relay_read_budget_init (RelayReadBudget *self,
                        int64_t          now_us)
{
  memset (self, 0, sizeof *self);
  self->head_limit = HEAD_BYTES;
  self->tokens = BUCKET_BYTES;
  self->tokens_us = now_us;
}

void
relay_read_budget_begin_body (RelayReadBudget *self,
                              size_t           body_bytes)
{
  self->head_bytes = 0;
  self->head_limit = HEAD_BYTES + body_bytes;
}

gboolean
relay_read_budget_begin_frames (RelayReadBudget *self,
                                size_t           max_payload)
{
  self->is_websocket = TRUE;
  self->gate.max_payload = max_payload;

  return memcmp (self->last_bytes, "\r\n\r\n", 4) == 0;
}

gboolean
relay_read_budget_may_read (RelayReadBudget *self,
                            int64_t          now_us)
{
  if (self->tokens <= 0)
    relay_read_budget_refill (self, now_us);

  return self->tokens > 0 && self->turn_bytes < RELAY_READ_BUDGET_TURN_BYTES;
}

int64_t
relay_read_budget_get_time_us (const RelayReadBudget *self)
{
  if (self->tokens > 0)
    return 0;

  return self->tokens_us + ROUNDING_US +
         (int64_t) ((1 - self->tokens) * G_USEC_PER_SEC / BUCKET_BYTES_PER_S);
}

void
relay_read_budget_end_turn (RelayReadBudget *self)
{
  self->turn_bytes = 0;
}

void
relay_read_budget_refill (RelayReadBudget *self,
                          int64_t          now_us)
{
  double earned = (double) (now_us - self->tokens_us) * BUCKET_BYTES_PER_S / G_USEC_PER_SEC;

  self->tokens = MIN (BUCKET_BYTES, self->tokens + earned);
  self->tokens_us = now_us;
}

gboolean
relay_read_budget_take (RelayReadBudget *self,
                        const uint8_t   *bytes,
                        size_t           length,
                        unsigned        *out_code)
{
  uint64_t n_frames = self->gate.n_frames;

  *out_code = 0;
  self->turn_bytes += length;
  if (!self->is_websocket)
    {
      self->head_bytes += length;
      remember_last_bytes (self, bytes, length);
      return self->head_bytes <= self->head_limit;
    }

  *out_code = relay_frame_gate_check (&self->gate, bytes, length);
  self->tokens -= (double) length + (double) (self->gate.n_frames - n_frames) * FRAME_COST;
  return *out_code == 0;
}
