/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * MediaError:
 *
 * What went wrong with media, by what can be done about it. The message is a sentence for people.
 */
typedef enum
{
  MEDIA_ERROR_NOT_FOUND,    /* no such file or device */
  MEDIA_ERROR_NOT_ALLOWED,  /* the file or device may not be opened */
  MEDIA_ERROR_BUSY,         /* the device is in use by another program */
  MEDIA_ERROR_UNSUPPORTED,  /* a format or codec this system cannot handle */
  MEDIA_ERROR_BROKEN,       /* damaged or cut content */
  MEDIA_ERROR_LOST,         /* it was there and went away: unplugged, connection lost */
  MEDIA_ERROR_TIMEOUT,      /* nothing came in time */
  MEDIA_ERROR_REFUSED,      /* the relay refused: credentials, certificate */
  MEDIA_ERROR_SUPERSEDED,   /* a newer request took this one's place */
  MEDIA_ERROR_INTERNAL      /* a plugin is missing, or our bug */
} MediaError;

#define MEDIA_ERROR (media_error_quark ())
GQuark media_error_quark (void);

G_END_DECLS
