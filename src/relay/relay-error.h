/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * RelayError:
 *
 * Why the daemon, or a part of it, cannot work. What goes wrong for a client is a #CpmError.
 */
typedef enum
{
  RELAY_ERROR_CONFIG,      /* a setting is missing or wrong: mend it */
  RELAY_ERROR_CERTIFICATE, /* the certificate or its key cannot be used */
  RELAY_ERROR_BUSY,        /* another relay uses the folder or the port */
  RELAY_ERROR_STORE,       /* the folder or the database cannot be read or written */
  RELAY_ERROR_USAGE        /* the command line makes no sense */
} RelayError;

#define RELAY_ERROR (relay_error_quark ())
GQuark relay_error_quark (void);

G_END_DECLS
