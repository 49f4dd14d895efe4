/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-tally"

#include "config.h"

#include "relay-home-tally.h"

#include "relay-log.h"

void
relay_home_tally_add (RelayHomeTally *self,
                      CpmError        code)
{
  self->counts[code]++;
}

void
relay_home_tally_log (RelayHomeTally *self,
                      const char     *home)
{
  for (size_t code = 0; code < G_N_ELEMENTS (self->counts); code++)
    {
      g_autofree char *count = NULL;

      if (self->counts[code] == self->logged[code])
        continue;

      count = g_strdup_printf ("%" G_GUINT64_FORMAT, self->counts[code] - self->logged[code]);
      self->logged[code] = self->counts[code];
      relay_log_event ("home-refused", "home", home, "code", cpm_error_to_code ((CpmError) code),
                       "count", count, NULL);
    }
}

JsonObject *
relay_home_tally_to_json (const RelayHomeTally *self)
{
  JsonObject *object = json_object_new ();

  for (size_t code = 0; code < G_N_ELEMENTS (self->counts); code++)
    {
      if (self->counts[code] > 0)
        json_object_set_int_member (object, cpm_error_to_code ((CpmError) code),
                                    (int64_t) self->counts[code]);
    }

  return object;
}
