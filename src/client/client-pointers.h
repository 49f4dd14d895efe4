/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * ClientPointers:
 *
 * Where the others point, each on the frame on which they did (docs/protocol.md, "The moment of a
 * pointer"): what is pointed out on a frame that has not been shown here waits for it; what was
 * pointed out on content that has gone here is never shown; and with the content all pointers go.
 *
 * Moments are of frames, in ns of the share's clock; -1: not known, and then nothing is waited for.
 * Main thread; the time is a parameter.
 */
typedef struct _ClientPointers ClientPointers;

/* @x < 0: @who does not point any more. */
typedef void (*ClientPointerFunc) (const char *who,
                                   double      x,
                                   double      y,
                                   int64_t     moment,
                                   gpointer    user_data);

ClientPointers *client_pointers_new        (ClientPointerFunc show,
                                            gpointer          user_data);
void            client_pointers_free       (ClientPointers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientPointers, client_pointers_free)

/* @who points at @x and @y of the frame of @moment; shown by the next client_pointers_follow() at
 * the earliest. */
void            client_pointers_take       (ClientPointers *self,
                                            const char     *who,
                                            double          x,
                                            double          y,
                                            int64_t         moment,
                                            int64_t         now_us);

/* The frame of @shown_moment is what is seen here now: shows what was pointed at until then.
 * Returns whether something goes on waiting. */
gboolean        client_pointers_follow     (ClientPointers *self,
                                            int64_t         shown_moment,
                                            int64_t         now_us);

/* From the frame of @moment on, something else is seen here: all pointers go. */
void            client_pointers_begin      (ClientPointers *self,
                                            int64_t         moment);

G_END_DECLS
