/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-frame-gate.h"

G_BEGIN_DECLS

/* What one connection may read before the others get their turn. */
#define RELAY_READ_BUDGET_TURN_BYTES (16 * 1024)

/**
 * RelayReadBudget:
 *
 * How much of what a stranger sends is read, and whether it may pass to libsoup. Of HTTP: a head,
 * and a body as long as was agreed. Of a WebSocket: frames that pass the #RelayFrameGate, at the
 * rate of a token bucket to which each frame costs something beside its bytes, so that many small
 * ones are not free.
 *
 * A value of its #RelayGuardStream, to be initialized; it reads no clock: @now_us is monotonic.
 */
typedef struct
{
  size_t turn_bytes;
  size_t head_bytes;
  size_t head_limit;
  char last_bytes[4]; /* of the HTTP phase */
  double tokens;
  int64_t tokens_us;  /* when they were counted */
  gboolean is_websocket;
  RelayFrameGate gate;
} RelayReadBudget;

void     relay_read_budget_init         (RelayReadBudget *self,
                                         int64_t          now_us);

/* The count of the bytes of HTTP begins anew, with room for a body of @body_bytes. */
void     relay_read_budget_begin_body   (RelayReadBudget *self,
                                         size_t           body_bytes);

/* From here on the bytes are frames. %FALSE when some came along with the request already: the gate
 * would lose step. */
gboolean relay_read_budget_begin_frames (RelayReadBudget *self,
                                         size_t           max_payload);

/* Whether something may be read now. */
gboolean relay_read_budget_may_read     (RelayReadBudget *self,
                                         int64_t          now_us);

/* When it may: 0 for at once. */
int64_t  relay_read_budget_get_time_us  (const RelayReadBudget *self);

/* Others have had their turn, or nothing is left to be read. */
void     relay_read_budget_end_turn     (RelayReadBudget *self);
void     relay_read_budget_refill       (RelayReadBudget *self,
                                         int64_t          now_us);

/* Whether @bytes, just read, may pass. @out_code is else the close code of RFC 6455, 7.4.1, or 0
 * before there are frames. */
gboolean relay_read_budget_take         (RelayReadBudget *self,
                                         const uint8_t   *bytes,
                                         size_t           length,
                                         unsigned        *out_code);

G_END_DECLS
