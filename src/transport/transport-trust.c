/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-trust"

#include "config.h"

#include "transport-trust.h"

#include <string.h>

#define PIN_CHARS 64

struct _TransportTrust
{
  gatomicrefcount n_refs;
  char *pin;
  char *ca_file;
  GTlsDatabase *ca; /* the file's or the system's; %NULL with a pin */
};

/* 64 lower-case hex digits, or %NULL. (transfer full) */
static char *
normalize_pin (const char *text)
{
  GString *pin = g_string_new (NULL);

  for (const char *at = text; *at != '\0' && pin->len <= PIN_CHARS; at++)
    {
      if (*at == ':' || g_ascii_isspace (*at))
        continue;

      if (!g_ascii_isxdigit (*at))
        break;

      g_string_append_c (pin, g_ascii_tolower (*at));
    }

  if (pin->len != PIN_CHARS || strspn (text, "0123456789abcdefABCDEF: \t\n") != strlen (text))
    {
      g_string_free (pin, TRUE);
      return NULL;
    }

  return g_string_free (pin, FALSE);
}

static gboolean
set_ca_file (TransportTrust  *self,
             const char      *ca_file,
             GError         **error)
{
  g_autofree char *path = g_canonicalize_filename (ca_file, NULL);
  g_autoptr (GError) local_error = NULL;

  self->ca = g_tls_file_database_new (path, &local_error);
  if (self->ca == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "The file with the certificate authority, %s, cannot be used: %s",
                   path, local_error->message);
      return FALSE;
    }

  self->ca_file = g_steal_pointer (&path);

  return TRUE;
}

TransportTrust *
transport_trust_new (const char  *pin,
                     const char  *ca_file,
                     GError     **error)
{
  g_autoptr (TransportTrust) self = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (pin != NULL && ca_file != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "Give either a pin or a file with a certificate authority, not both.");
      return NULL;
    }

  self = g_new0 (TransportTrust, 1);
  g_atomic_ref_count_init (&self->n_refs);

  if (pin != NULL)
    {
      self->pin = normalize_pin (pin);
      if (self->pin == NULL)
        {
          g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
                               "The pin is not whole: it has 64 digits and letters a to f, "
                               "as the relay prints it.");
          return NULL;
        }
    }
  else if (ca_file != NULL && !set_ca_file (self, ca_file, error))
    {
      return NULL;
    }
  else if (ca_file == NULL)
    {
      self->ca = g_tls_backend_get_default_database (g_tls_backend_get_default ());
    }

  return g_steal_pointer (&self);
}

TransportTrust *
transport_trust_ref (TransportTrust *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
transport_trust_unref (TransportTrust *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_clear_object (&self->ca);
  g_free (self->pin);
  g_free (self->ca_file);
  g_free (self);
}

static gboolean
is_verified_by (GTlsDatabase    *ca,
                const char      *host,
                GTlsCertificate *certificate)
{
  g_autoptr (GSocketConnectable) identity = host != NULL ? g_network_address_new (host, 0) : NULL;

  return g_tls_database_verify_chain (ca, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER,
                                      identity, NULL, G_TLS_DATABASE_VERIFY_NONE,
                                      NULL, NULL) == 0;
}

static char *
dup_pin (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

gboolean
transport_trust_accepts (TransportTrust  *self,
                         const char      *host,
                         GTlsCertificate *certificate)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), FALSE);

  /* A pin says everything: neither name nor age of a self-signed certificate matter then. */
  if (self->pin != NULL)
    {
      g_autofree char *pin = dup_pin (certificate);

      return g_str_equal (pin, self->pin);
    }

  return self->ca != NULL && is_verified_by (self->ca, host, certificate);
}

const char *
transport_trust_get_pin (TransportTrust *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->pin;
}

const char *
transport_trust_get_ca_file (TransportTrust *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->ca_file;
}
