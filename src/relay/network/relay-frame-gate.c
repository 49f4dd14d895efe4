/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-frame-gate"

#include "config.h"

#include "relay-frame-gate.h"

#define CLOSE_PROTOCOL_ERROR 1002
#define CLOSE_UNSUPPORTED_DATA 1003
#define CLOSE_TOO_BIG 1009

#define OPCODE_TEXT 1
#define OPCODE_BINARY 2
#define OPCODE_CLOSE 8
#define OPCODE_PONG 10
#define MASK_BYTES 4
#define MAX_CONTROL_PAYLOAD 125

static unsigned
check_begin (const uint8_t header[2],
             gboolean      is_of_server)
{
  unsigned opcode = header[0] & 0x0f;
  unsigned length = header[1] & 0x7f;
  gboolean is_masked = (header[1] & 0x80) != 0;
  gboolean is_control = opcode >= OPCODE_CLOSE && opcode <= OPCODE_PONG;

  /* FIN and no RSV; masked when it comes from a client. */
  if ((header[0] & 0xf0) != 0x80 || is_masked == is_of_server)
    return CLOSE_PROTOCOL_ERROR;

  if (opcode == OPCODE_BINARY)
    return CLOSE_UNSUPPORTED_DATA;

  if (opcode != OPCODE_TEXT && !is_control)
    return CLOSE_PROTOCOL_ERROR;

  if (length == 127)
    return CLOSE_TOO_BIG;

  return is_control && length > MAX_CONTROL_PAYLOAD ? CLOSE_PROTOCOL_ERROR : 0;
}

static unsigned
check_header (RelayFrameGate *self)
{
  unsigned length = self->header[1] & 0x7f;
  unsigned header_bytes = 2 + (self->is_of_server ? 0 : MASK_BYTES) + (length == 126 ? 2 : 0);
  unsigned code;

  if (self->header_bytes == 2)
    {
      self->n_frames++;
      code = check_begin (self->header, self->is_of_server);
      if (code != 0)
        return code;
    }

  if (self->header_bytes < header_bytes)
    return 0;

  self->payload_left = length == 126 ? (uint64_t) self->header[2] << 8 | self->header[3] : length;
  self->header_bytes = 0;

  return self->payload_left > self->max_payload ? CLOSE_TOO_BIG : 0;
}

unsigned
relay_frame_gate_check (RelayFrameGate *self,
                        const uint8_t  *bytes,
                        size_t          length)
{
  unsigned code = 0;

  while (length > 0 && code == 0)
    {
      if (self->payload_left > 0)
        {
          size_t step = (size_t) MIN (self->payload_left, length);

          self->payload_left -= step;
          bytes += step;
          length -= step;
          continue;
        }

      self->header[self->header_bytes++] = *bytes++;
      length--;
      code = check_header (self);
    }

  return code;
}
