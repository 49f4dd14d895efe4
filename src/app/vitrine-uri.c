/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-uri"

#include "config.h"

#include "vitrine-uri.h"

#include "cpm-address.h"
#include "cpm-error.h"

#include <glib/gi18n.h>

#define MAX_BYTES 2048

static VitrineUri *
parse_join (const char  *query,
            GError     **error)
{
  g_autoptr (VitrineUri) self = g_new0 (VitrineUri, 1);
  g_autoptr (GHashTable) params = NULL;

  params = g_uri_parse_params (query != NULL ? query : "", -1, "&", G_URI_PARAMS_NONE, NULL);

  if (params != NULL)
    {
      self->relay = g_strdup (g_hash_table_lookup (params, "relay"));
      self->pin = g_strdup (g_hash_table_lookup (params, "pin"));
      self->account = g_strdup (g_hash_table_lookup (params, "account"));
    }

  if (self->relay != NULL && *self->relay != '\0')
    return g_steal_pointer (&self);

  g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "%s",
               _("This invitation does not say which relay to join. Ask for a new one."));

  return NULL;
}

VitrineUri *
vitrine_uri_parse (const char  *text,
                   GError     **error)
{
  g_autofree char *stripped = NULL;
  g_autofree char *path = NULL;
  g_autofree char *query = NULL;
  g_autoptr (VitrineUri) self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) <= MAX_BYTES)
    {
      stripped = g_strstrip (g_strdup (text));

      if (vitrine_uri_is_one (stripped) && g_uri_split (stripped, G_URI_FLAGS_NONE, NULL, NULL,
                                                        NULL, NULL, &path, &query, NULL, NULL))
        {
          if (g_strcmp0 (path, "join") == 0)
            return parse_join (query, error);

          self = g_new0 (VitrineUri, 1);
          self->address = cpm_address_normalize (path, error);

          return self->address != NULL ? g_steal_pointer (&self) : NULL;
        }
    }

  g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "%s",
               _("This is not an invitation. One begins with “vitrine:”."));

  return NULL;
}

void
vitrine_uri_free (VitrineUri *self)
{
  g_free (self->address);
  g_free (self->relay);
  g_free (self->pin);
  g_free (self->account);
  g_free (self);
}

gboolean
vitrine_uri_is_one (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return g_ascii_strncasecmp (text, "vitrine:", strlen ("vitrine:")) == 0;
}
