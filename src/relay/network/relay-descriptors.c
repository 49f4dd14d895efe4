/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-descriptors"

#include "config.h"

#include "relay-descriptors.h"

#include <sys/resource.h>

#define RESERVE 24

gboolean
relay_descriptors_are_scarce (GSocket *socket)
{
  struct rlimit limit;

  g_return_val_if_fail (G_IS_SOCKET (socket), FALSE);

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return FALSE;

  /* The system gives the lowest that is free. */
  return (rlim_t) g_socket_get_fd (socket) + RESERVE >= limit.rlim_cur;
}
