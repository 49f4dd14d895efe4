/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-guard-stream.h"

G_BEGIN_DECLS

/* The two halves of a guard, as GIO wants them; each only passes on. */

#define RELAY_TYPE_GUARD_INPUT (relay_guard_input_get_type ())
G_DECLARE_FINAL_TYPE (RelayGuardInput, relay_guard_input, RELAY, GUARD_INPUT, GInputStream)

#define RELAY_TYPE_GUARD_OUTPUT (relay_guard_output_get_type ())
G_DECLARE_FINAL_TYPE (RelayGuardOutput, relay_guard_output, RELAY, GUARD_OUTPUT, GOutputStream)

GInputStream  *relay_guard_input_new     (RelayGuardStream *guard);
GOutputStream *relay_guard_output_new    (RelayGuardStream *guard);

/* The guard is gone: end of file from now on. */
void           relay_guard_input_detach  (GInputStream  *input);
void           relay_guard_output_detach (GOutputStream *output);

gssize         relay_guard_stream_read          (RelayGuardStream  *self,
                                                 void              *buffer,
                                                 size_t             size,
                                                 GError           **error);
gssize         relay_guard_stream_write         (RelayGuardStream  *self,
                                                 const void        *buffer,
                                                 size_t             size,
                                                 GError           **error);
gboolean       relay_guard_stream_is_readable   (RelayGuardStream  *self);
gboolean       relay_guard_stream_is_writable   (RelayGuardStream  *self);

/* The source whose readiness the guard turns on and off. */
void           relay_guard_stream_take_reader   (RelayGuardStream  *self,
                                                 GSource           *source);
void           relay_guard_stream_take_writer   (RelayGuardStream  *self,
                                                 GSource           *source);

G_END_DECLS
