/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-output"

#include "config.h"

#include "cli-output.h"

#include "cpm-json.h"
#include "media-error.h"

#include <stdio.h>

/* MediaError, with the HTTP or SIP status that comes nearest. */
static const struct
{
  const char *code;
  int status;
} media_errors[] = {
  [MEDIA_ERROR_NOT_FOUND] = { "not-found", 404 },
  [MEDIA_ERROR_NOT_ALLOWED] = { "not-allowed", 403 },
  [MEDIA_ERROR_BUSY] = { "busy", 486 },
  [MEDIA_ERROR_UNSUPPORTED] = { "unsupported-media", 415 },
  [MEDIA_ERROR_BROKEN] = { "broken", 422 },
  [MEDIA_ERROR_LOST] = { "lost", 410 },
  [MEDIA_ERROR_TIMEOUT] = { "timeout", 408 },
  [MEDIA_ERROR_REFUSED] = { "refused", 403 },
  [MEDIA_ERROR_SUPERSEDED] = { "superseded", 487 },
  [MEDIA_ERROR_INTERNAL] = { "internal", 500 },
};

void
cli_output_write (JsonObject *object)
{
  g_autofree char *text = cpm_json_to_text (object);

  json_object_unref (object);
  fputs (text, stdout);
  fputc ('\n', stdout);
  fflush (stdout);
}

JsonObject *
cli_output_new_event (const char *event)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "event", event);

  return object;
}

void
cli_output_set (JsonObject *object,
                const char *member,
                const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

void
cli_output_set_error (JsonObject   *object,
                      const GError *error)
{
  CpmError code = cpm_error_of (error);

  if (error->domain == MEDIA_ERROR && (size_t) error->code < G_N_ELEMENTS (media_errors))
    {
      json_object_set_string_member (object, "code", media_errors[error->code].code);
      json_object_set_int_member (object, "status", media_errors[error->code].status);
    }
  else
    {
      json_object_set_string_member (object, "code", cpm_error_to_code (code));
      json_object_set_int_member (object, "status", cpm_error_to_status (code));
    }

  json_object_set_string_member (object, "text", error->message);
}
