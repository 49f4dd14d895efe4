/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * CpmClock:
 *
 * Time and chance, handed in from outside: everything above `cpm` that waits or
 * picks a random number asks the clock that it was given, so that a test can
 * run a whole town of clients and relays on a clock that it moves itself.
 * `transport-system-clock` is the real one.
 *
 * Used from the main thread only.
 */
#define CPM_TYPE_CLOCK (cpm_clock_get_type ())
G_DECLARE_INTERFACE (CpmClock, cpm_clock, CPM, CLOCK, GObject)

struct _CpmClockInterface
{
  GTypeInterface parent_iface;

  int64_t  (*get_real_us)      (CpmClock       *self);
  int64_t  (*get_monotonic_us) (CpmClock       *self);
  unsigned (*add_timeout)      (CpmClock       *self,
                                int64_t         delay_us,
                                GSourceFunc     callback,
                                gpointer        user_data,
                                GDestroyNotify  destroy);
  void     (*remove_timeout)   (CpmClock       *self,
                                unsigned        timeout_id);
  void     (*fill_random)      (CpmClock       *self,
                                uint8_t        *buffer,
                                size_t          length);
};

/* Microseconds since 1970-01-01 UTC; may jump. For what people and other hosts see. */
int64_t  cpm_clock_get_real_us      (CpmClock *self);

/* Microseconds since some start; never jumps back. For waiting and measuring. */
int64_t  cpm_clock_get_monotonic_us (CpmClock *self);

/* Calls @callback after @delay_us, and again as long as it returns
 * %G_SOURCE_CONTINUE. Returns an id that is never 0. */
unsigned cpm_clock_add_timeout      (CpmClock       *self,
                                     int64_t         delay_us,
                                     GSourceFunc     callback,
                                     gpointer        user_data,
                                     GDestroyNotify  destroy);

/* Removes a timeout that has not ended; the caller's variable is set to 0. */
void     cpm_clock_clear_timeout    (CpmClock *self,
                                     unsigned *timeout_id);

/* Fills @buffer with bytes that nobody can foretell (of the system clock). */
void     cpm_clock_fill_random      (CpmClock *self,
                                     uint8_t  *buffer,
                                     size_t    length);

/* A new UUID of version 7 (RFC 9562), 36 characters, from the clock's time and
 * chance: the id of a message, share, picture or device. (transfer full) */
char    *cpm_clock_new_id           (CpmClock *self);

/* A new secret of 256 bits as 43 characters of base64url. (transfer full) */
char    *cpm_clock_new_secret       (CpmClock *self);

/* Whether @id has the form that cpm_clock_new_id() gives. %NULL is not one. */
gboolean cpm_id_is_valid            (const char *id);

G_END_DECLS
