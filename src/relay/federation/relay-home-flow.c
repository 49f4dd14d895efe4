/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-flow"

#include "config.h"

#include "relay-home-flow.h"

#define MAX_ON_ITS_WAY (1024 * 1024)
#define ASK_EVERY_BYTES (128 * 1024)

/* What a frame costs the other home besides its text. */
#define FRAME_BYTES 64

static gboolean
is_full (const RelayHomeFlow *self)
{
  return relay_home_flow_get_on_its_way (self) > MAX_ON_ITS_WAY;
}

void
relay_home_flow_begin (RelayHomeFlow *self)
{
  self->there_bytes = self->sent_bytes;
  self->asked_bytes = self->sent_bytes;
  self->was_full = FALSE;
}

void
relay_home_flow_send (RelayHomeFlow *self,
                      size_t         text_bytes)
{
  self->sent_bytes += text_bytes + FRAME_BYTES;
}

void
relay_home_flow_ask (RelayHomeFlow *self)
{
  self->asked_bytes = self->sent_bytes;
}

void
relay_home_flow_arrive (RelayHomeFlow *self)
{
  self->there_bytes = self->asked_bytes;
}

gboolean
relay_home_flow_wants_ask (const RelayHomeFlow *self)
{
  return self->sent_bytes - self->asked_bytes >= ASK_EVERY_BYTES;
}

gboolean
relay_home_flow_has_room (RelayHomeFlow *self)
{
  if (is_full (self))
    self->was_full = TRUE;

  return !is_full (self);
}

gboolean
relay_home_flow_take_room (RelayHomeFlow *self)
{
  if (!self->was_full || is_full (self))
    return FALSE;

  self->was_full = FALSE;
  return TRUE;
}

uint64_t
relay_home_flow_get_on_its_way (const RelayHomeFlow *self)
{
  return self->sent_bytes - self->there_bytes;
}
