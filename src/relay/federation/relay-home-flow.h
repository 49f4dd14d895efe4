/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelayHomeFlow:
 *
 * How much of what was said to another home is still on its way there, found out by asking: pings
 * are answered in order, so when one is, all that was sent before it is there. It bounds what a
 * home that does not read may make us keep.
 *
 * A value of its #RelayHomeLink, all zeros at first; the counts go on from one connection to the
 * next.
 */
typedef struct
{
  uint64_t sent_bytes;
  uint64_t there_bytes; /* of them, what is there */
  uint64_t asked_bytes; /* of them, what was sent before the last ping */
  gboolean was_full;    /* and somebody wanted to send */
} RelayHomeFlow;

/* A new connection: what was on its way in the old one is lost. */
void     relay_home_flow_begin          (RelayHomeFlow       *self);

/* A message of @text_bytes is sent. */
void     relay_home_flow_send           (RelayHomeFlow       *self,
                                         size_t               text_bytes);

/* A ping has been sent; that ping was answered. */
void     relay_home_flow_ask            (RelayHomeFlow       *self);
void     relay_home_flow_arrive         (RelayHomeFlow       *self);

/* Whether so much was sent since the last ping that it is time for one. */
gboolean relay_home_flow_wants_ask      (const RelayHomeFlow *self);

/* Whether there is room for one more message. Who hears %FALSE is told by
 * relay_home_flow_take_room(), which is %TRUE once when there is room again. */
gboolean relay_home_flow_has_room       (RelayHomeFlow       *self);
gboolean relay_home_flow_take_room      (RelayHomeFlow       *self);

uint64_t relay_home_flow_get_on_its_way (const RelayHomeFlow *self);

G_END_DECLS
