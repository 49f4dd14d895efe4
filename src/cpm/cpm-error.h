/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * CpmError:
 *
 * What went wrong, in the terms of the protocol. The code travels as a stable
 * string (`cpm_error_to_code()`), and as the SIP status of RFC 3261 where one
 * exists (`cpm_error_to_status()`), so that a gateway to RCS stays possible.
 * The message of a #GError with this domain is a sentence for people.
 */
typedef enum
{
  CPM_ERROR_BAD_JSON,           /* not JSON, too deep, text after the end */
  /* JSON, but not a message: member missing, of wrong type or length */
  CPM_ERROR_BAD_ENVELOPE,
  CPM_ERROR_TOO_BIG,            /* 513: over a limit of size */
  CPM_ERROR_VERSION,            /* 505: no protocol version in common */
  CPM_ERROR_AUTH,               /* 401: wrong password, or unknown user (never told apart) */
  CPM_ERROR_TOKEN_EXPIRED,      /* 401: the device's token is not valid any more: sign in again */
  CPM_ERROR_FORBIDDEN,          /* 403: a right is missing */
  CPM_ERROR_BLOCKED,            /* 603: the recipient does not want to hear from the sender */
  CPM_ERROR_NOT_FOUND,          /* 404: no such user, share, picture */
  CPM_ERROR_UNSUPPORTED,        /* 501: the verb or version of it is not known */
  CPM_ERROR_NO_CAPABILITY,      /* 488: no device of the recipient can show it */
  CPM_ERROR_BUSY,               /* 486 */
  CPM_ERROR_EXPIRED,            /* 408: too late */
  CPM_ERROR_BAD_STATE,          /* 481: the share is not in a state that allows it */
  CPM_ERROR_CONFLICT,           /* 491: the same is already under way; account name taken */
  CPM_ERROR_RATE,               /* 429: too fast; retry later */
  CPM_ERROR_QUOTA,              /* 413: the user's storage is used up */
  CPM_ERROR_QUEUE_FULL,         /* 503: the recipient's queue is full */
  CPM_ERROR_UNAVAILABLE,        /* 480: the recipient is not online */
  CPM_ERROR_DECLINED,           /* 603 */
  CPM_ERROR_CANCELLED,          /* 487 */
  CPM_ERROR_STORAGE,            /* 500: the relay's disk is full or cannot be written */
  CPM_ERROR_REMOTE_UNREACHABLE, /* 504: the other home does not answer */
  CPM_ERROR_REMOTE_REFUSED,     /* 502: the other home refuses this home */
  CPM_ERROR_INTERNAL            /* 500: our bug */
} CpmError;

#define CPM_ERROR (cpm_error_quark ())
GQuark      cpm_error_quark     (void);

/* The stable string that travels, such as "no-capability". */
const char *cpm_error_to_code   (CpmError code);

/* Returns %FALSE for a code that this version does not know. */
gboolean    cpm_error_from_code (const char *code,
                                 CpmError   *out_code);

/* The SIP status of @code, for instance 488. */
int         cpm_error_to_status (CpmError code);

/* The code of @error, or %CPM_ERROR_INTERNAL when it is of another domain. */
CpmError    cpm_error_of        (const GError *error);

G_END_DECLS
