/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-error"

#include "config.h"

#include "cpm-error.h"

static const struct
{
  CpmError code;
  const char *name;
  int status;
} errors[] = {
  { CPM_ERROR_BAD_JSON, "bad-json", 400 },
  { CPM_ERROR_BAD_ENVELOPE, "bad-envelope", 400 },
  { CPM_ERROR_TOO_BIG, "too-big", 513 },
  { CPM_ERROR_VERSION, "version", 505 },
  { CPM_ERROR_AUTH, "auth", 401 },
  { CPM_ERROR_TOKEN_EXPIRED, "token-expired", 401 },
  { CPM_ERROR_FORBIDDEN, "forbidden", 403 },
  { CPM_ERROR_BLOCKED, "blocked", 603 },
  { CPM_ERROR_NOT_FOUND, "not-found", 404 },
  { CPM_ERROR_UNSUPPORTED, "unsupported", 501 },
  { CPM_ERROR_NO_CAPABILITY, "no-capability", 488 },
  { CPM_ERROR_BUSY, "busy", 486 },
  { CPM_ERROR_EXPIRED, "expired", 408 },
  { CPM_ERROR_BAD_STATE, "bad-state", 481 },
  { CPM_ERROR_CONFLICT, "conflict", 491 },
  { CPM_ERROR_RATE, "rate", 429 },
  { CPM_ERROR_QUOTA, "quota", 413 },
  { CPM_ERROR_QUEUE_FULL, "queue-full", 503 },
  { CPM_ERROR_UNAVAILABLE, "unavailable", 480 },
  { CPM_ERROR_DECLINED, "declined", 603 },
  { CPM_ERROR_CANCELLED, "cancelled", 487 },
  { CPM_ERROR_STORAGE, "storage", 500 },
  { CPM_ERROR_REMOTE_UNREACHABLE, "remote-unreachable", 504 },
  { CPM_ERROR_REMOTE_REFUSED, "remote-refused", 502 },
  { CPM_ERROR_INTERNAL, "internal", 500 },
};

G_DEFINE_QUARK (cpm-error-quark, cpm_error)

const char *
cpm_error_to_code (CpmError code)
{
  g_return_val_if_fail (code < G_N_ELEMENTS (errors), "internal");

  return errors[code].name;
}

gboolean
cpm_error_from_code (const char *code,
                     CpmError   *out_code)
{
  g_return_val_if_fail (out_code != NULL, FALSE);

  for (size_t i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      if (g_strcmp0 (errors[i].name, code) == 0)
        {
          *out_code = errors[i].code;
          return TRUE;
        }
    }

  return FALSE;
}

int
cpm_error_to_status (CpmError code)
{
  g_return_val_if_fail (code < G_N_ELEMENTS (errors), 500);

  return errors[code].status;
}

CpmError
cpm_error_of (const GError *error)
{
  g_return_val_if_fail (error != NULL, CPM_ERROR_INTERNAL);

  return error->domain == CPM_ERROR ? (CpmError) error->code : CPM_ERROR_INTERNAL;
}
