/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelayFrameGate:
 * @max_payload: the longest message that may pass, in bytes
 * @is_of_server: the frames come from a server, and must not be masked; those of clients must be
 * @n_frames: how many frames have begun
 *
 * Looks at the bytes of a WebSocket (RFC 6455, 5.2) before libsoup does, and stops what this
 * protocol never sends and libsoup 3.2 does not bear: fragments, RSV bits, wrongly masked frames,
 * unknown opcodes, binary frames, 64-bit lengths, long messages.
 */
typedef struct
{
  size_t max_payload;
  gboolean is_of_server;
  uint64_t n_frames;

  uint8_t header[8];
  unsigned header_bytes;
  uint64_t payload_left;
} RelayFrameGate;

/* Returns 0 when @bytes may pass, or else the close code of RFC 6455, 7.4.1. */
unsigned relay_frame_gate_check (RelayFrameGate *self,
                                 const uint8_t  *bytes,
                                 size_t          length);

G_END_DECLS
