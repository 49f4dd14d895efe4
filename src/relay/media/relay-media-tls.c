/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-tls"

#include "config.h"

#include "relay-media-tls.h"

#include <gnutls/gnutls.h>

#define TLS_PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3"

struct _RelayMediaTlsServer
{
  gatomicrefcount ref_count;
  gnutls_certificate_credentials_t credentials;
  gnutls_priority_t priority;
};

struct _RelayMediaTls
{
  RelayMediaTlsServer *server;
  gnutls_session_t session;
  size_t held;               /* bytes of a record that the socket did not take; GnuTLS has them */
};

/* The certificate with those that signed it, as one PEM text. */
static char *
chain_to_pem (GTlsCertificate *certificate)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (GTlsCertificate *link = certificate; link != NULL;
       link = g_tls_certificate_get_issuer (link))
    {
      g_autofree char *pem = NULL;

      g_object_get (link, "certificate-pem", &pem, NULL);
      g_string_append (text, pem != NULL ? pem : "");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

RelayMediaTlsServer *
relay_media_tls_server_new (GTlsCertificate  *certificate,
                            GError          **error)
{
  g_autoptr (RelayMediaTlsServer) self = NULL;
  g_autofree char *chain = NULL;
  g_autofree char *key = NULL;
  gnutls_datum_t chain_datum, key_datum;
  int code;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  self = g_new0 (RelayMediaTlsServer, 1);
  g_atomic_ref_count_init (&self->ref_count);

  chain = chain_to_pem (certificate);
  g_object_get (certificate, "private-key-pem", &key, NULL);
  if (key == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "The certificate for the media port has no readable private key");
      return NULL;
    }

  chain_datum.data = (unsigned char *) chain;
  chain_datum.size = strlen (chain);
  key_datum.data = (unsigned char *) key;
  key_datum.size = strlen (key);

  gnutls_certificate_allocate_credentials (&self->credentials);
  code = gnutls_certificate_set_x509_key_mem (self->credentials, &chain_datum, &key_datum,
                                              GNUTLS_X509_FMT_PEM);
  if (code >= 0)
    code = gnutls_priority_init (&self->priority, TLS_PRIORITY, NULL);
  if (code < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "The certificate for the media port cannot be used: %s", gnutls_strerror (code));
      return NULL;
    }

  return g_steal_pointer (&self);
}

RelayMediaTlsServer *
relay_media_tls_server_ref (RelayMediaTlsServer *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
relay_media_tls_server_unref (RelayMediaTlsServer *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->priority != NULL)
    gnutls_priority_deinit (self->priority);
  if (self->credentials != NULL)
    gnutls_certificate_free_credentials (self->credentials);
  g_free (self);
}

RelayMediaTls *
relay_media_tls_new (RelayMediaTlsServer *server,
                     int                  fd)
{
  RelayMediaTls *self = g_new0 (RelayMediaTls, 1);

  self->server = relay_media_tls_server_ref (server);
  gnutls_init (&self->session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  gnutls_priority_set (self->session, server->priority);
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, server->credentials);
  gnutls_certificate_server_set_request (self->session, GNUTLS_CERT_IGNORE);
  /* the deadline is the gate's */
  gnutls_handshake_set_timeout (self->session, GNUTLS_INDEFINITE_TIMEOUT);
  gnutls_transport_set_int (self->session, fd);

  return self;
}

void
relay_media_tls_free (RelayMediaTls *self)
{
  gnutls_deinit (self->session);
  relay_media_tls_server_unref (self->server);
  g_free (self);
}

RelayMediaTlsResult
relay_media_tls_handshake (RelayMediaTls *self)
{
  int code;

  do
    code = gnutls_handshake (self->session);
  while (code == GNUTLS_E_INTERRUPTED || code == GNUTLS_E_WARNING_ALERT_RECEIVED);

  if (code == GNUTLS_E_SUCCESS)
    return RELAY_MEDIA_TLS_DONE;

  return code == GNUTLS_E_AGAIN ? RELAY_MEDIA_TLS_AGAIN : RELAY_MEDIA_TLS_FAILED;
}

gboolean
relay_media_tls_wants_write (RelayMediaTls *self)
{
  return gnutls_record_get_direction (self->session) == 1;
}

ssize_t
relay_media_tls_read (RelayMediaTls *self,
                      uint8_t       *buffer,
                      size_t         size)
{
  ssize_t n;

  do
    n = gnutls_record_recv (self->session, buffer, size);
  while (n == GNUTLS_E_INTERRUPTED);

  if (n > 0)
    return n;

  return n == GNUTLS_E_AGAIN ? 0 : -1;
}

ssize_t
relay_media_tls_write (RelayMediaTls *self,
                       const uint8_t *data,
                       size_t         length)
{
  size_t limit = gnutls_record_get_max_size (self->session);
  ssize_t n;

  length = MIN (length, limit); /* a record: GnuTLS is told how much of it to come back for */
  do
    n = self->held > 0 ? gnutls_record_send (self->session, NULL, 0)
                       : gnutls_record_send (self->session, data, length);
  while (n == GNUTLS_E_INTERRUPTED);

  if (n == GNUTLS_E_AGAIN)
    {
      self->held = self->held > 0 ? self->held : length;
      return 0;
    }
  self->held = 0;

  return n > 0 ? n : -1;
}

size_t
relay_media_tls_get_held (RelayMediaTls *self)
{
  return self->held;
}

gboolean
relay_media_tls_has_pending (RelayMediaTls *self)
{
  return gnutls_record_check_pending (self->session) > 0;
}

void
relay_media_tls_bye (RelayMediaTls *self)
{
  if (self->held == 0)
    gnutls_bye (self->session, GNUTLS_SHUT_WR);
}
