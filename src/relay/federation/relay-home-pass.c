/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-pass"

#include "config.h"

#include "relay-home-pass.h"

#include "relay-homes.h"
#include "relay-picture-fetcher.h"

#include "cpm-address.h"

#include <string.h>

#define SCHEME "Home "
#define MAX_AGE_US (300 * (int64_t) G_USEC_PER_SEC)
#define MAX_BYTES 1024

struct _RelayHomePass
{
  char *domain;
  char *signature; /* "KEY:BASE64URL" */
  int64_t ts_us;
};

/* Cuts off what follows the last dot. (nullable) */
static char *
cut_last (char *text)
{
  char *dot = strrchr (text, '.');

  if (dot == NULL)
    return NULL;

  *dot = '\0';
  return dot + 1;
}

RelayHomePass *
relay_home_pass_parse (const char *authorization)
{
  g_autofree char *text = NULL;
  RelayHomePass *self;
  const char *signature;
  const char *ts;
  const char *key;
  int64_t ts_us;

  if (g_ascii_strncasecmp (authorization, SCHEME, strlen (SCHEME)) != 0 ||
      strlen (authorization) > MAX_BYTES)
    return NULL;

  /* From its end, as a domain has dots of its own. */
  text = g_strdup (authorization + strlen (SCHEME));
  signature = cut_last (text);
  ts = signature != NULL ? cut_last (text) : NULL;
  key = ts != NULL ? cut_last (text) : NULL;
  if (key == NULL || !cpm_address_is_domain (text) ||
      !g_ascii_string_to_signed (ts, 10, 0, G_MAXINT64, &ts_us, NULL))
    return NULL;

  self = g_new0 (RelayHomePass, 1);
  self->domain = g_strdup (text);
  self->signature = g_strconcat (key, ":", signature, NULL);
  self->ts_us = ts_us;

  return self;
}

void
relay_home_pass_free (RelayHomePass *self)
{
  g_free (self->domain);
  g_free (self->signature);
  g_free (self);
}

const char *
relay_home_pass_get_domain (RelayHomePass *self)
{
  return self->domain;
}

static void
on_verified (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (relay_homes_verify_finish (RELAY_HOMES (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
relay_home_pass_check_async (RelayHomePass       *self,
                             RelayContext        *context,
                             const char          *picture,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  int64_t age_us = cpm_clock_get_real_us (context->clock) - self->ts_us;
  g_autoptr (GBytes) statement = relay_picture_fetcher_new_statement (
    self->domain, context->config->domain, picture, self->ts_us);

  g_task_set_source_tag (task, relay_home_pass_check_async);
  if (age_us > MAX_AGE_US || age_us < -MAX_AGE_US)
    g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_AUTH,
                             "This was signed too long ago; is the clock of %s right?",
                             self->domain);
  else
    relay_homes_verify_async (context->homes, self->domain, self->signature, statement, on_verified,
                              g_steal_pointer (&task));
}

gboolean
relay_home_pass_check_finish (GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
