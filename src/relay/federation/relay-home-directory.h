/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-home-dialer.h"

#include "cpm-clock.h"

G_BEGIN_DECLS

/**
 * RelayHomeDirectory:
 *
 * What is known of other homes: looked up by the #RelayHomeDialer, kept for at most 24 hours, and
 * looked up again for a key that is not known, at most every 10 minutes. One look-up for all who
 * ask at the same time; not more than 16 at once.
 */
#define RELAY_TYPE_HOME_DIRECTORY (relay_home_directory_get_type ())
G_DECLARE_FINAL_TYPE (RelayHomeDirectory, relay_home_directory, RELAY, HOME_DIRECTORY, GObject)

RelayHomeDirectory *relay_home_directory_new         (RelayHomeDialer      *dialer,
                                                      CpmClock             *clock);

/* @signature (nullable) is one whose key is wanted. Sets %CPM_ERROR_REMOTE_UNREACHABLE, or
 * %CPM_ERROR_RATE when too many are being looked up. What is known is given also when it lacks the
 * key. (transfer full) */
void                relay_home_directory_find_async  (RelayHomeDirectory   *self,
                                                      const char           *domain,
                                                      const char           *signature,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
RelayHome          *relay_home_directory_find_finish (RelayHomeDirectory   *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

/* What is known now, however old. (nullable) */
const RelayHome    *relay_home_directory_peek        (RelayHomeDirectory   *self,
                                                      const char           *domain);

/* It does not answer where we thought it would: look it up anew next time. */
void                relay_home_directory_doubt       (RelayHomeDirectory   *self,
                                                      const char           *domain);

/* Ends what is under way. */
void                relay_home_directory_stop        (RelayHomeDirectory   *self);

G_END_DECLS
