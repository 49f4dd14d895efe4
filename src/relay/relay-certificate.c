/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-certificate"

#include "config.h"

#include "relay-certificate.h"

#include <glib/gstdio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#define CERTIFICATE_NAME "relay.crt"
#define KEY_NAME "relay.key"
#define VALID_SECONDS (10 * 365 * 24 * 3600L)
/* A clock that is a little behind must not refuse a certificate made just now. */
#define BACKDATE_SECONDS (24 * 3600L)
#define SERIAL_BYTES 16

struct _RelayCertificate
{
  GObject parent_instance;

  gnutls_certificate_credentials_t credentials;
  gnutls_priority_t priority;
  GTlsCertificate *tls;
  char *pin;
};

G_DEFINE_FINAL_TYPE (RelayCertificate, relay_certificate, G_TYPE_OBJECT)

typedef struct
{
  gnutls_x509_crt_t crt;
  gnutls_x509_privkey_t key;
} Draft;

static void
draft_clear (Draft *draft)
{
  if (draft->crt != NULL)
    gnutls_x509_crt_deinit (draft->crt);
  if (draft->key != NULL)
    gnutls_x509_privkey_deinit (draft->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

static int
add_name (gnutls_x509_crt_t               crt,
          gnutls_x509_subject_alt_name_t  type,
          const void                     *data,
          size_t                          length)
{
  return gnutls_x509_crt_set_subject_alt_name (crt, type, data, (unsigned) length,
                                               GNUTLS_FSAN_APPEND);
}

/* The addresses of this host, so that those who verify by name may use them too. */
static int
add_addresses (gnutls_x509_crt_t crt)
{
  struct ifaddrs *all = NULL;
  int result = 0;

  if (getifaddrs (&all) != 0)
    return 0;

  for (struct ifaddrs *i = all; i != NULL && result >= 0; i = i->ifa_next)
    {
      if (i->ifa_addr == NULL || !(i->ifa_flags & IFF_UP))
        continue;

      if (i->ifa_addr->sa_family == AF_INET)
        {
          struct sockaddr_in address;

          memcpy (&address, i->ifa_addr, sizeof address);
          result = add_name (crt, GNUTLS_SAN_IPADDRESS, &address.sin_addr, sizeof address.sin_addr);
        }
      else if (i->ifa_addr->sa_family == AF_INET6)
        {
          struct sockaddr_in6 address;

          memcpy (&address, i->ifa_addr, sizeof address);
          result = add_name (crt, GNUTLS_SAN_IPADDRESS, &address.sin6_addr,
                             sizeof address.sin6_addr);
        }
    }

  freeifaddrs (all);
  return result;
}

static int
draft_fill (Draft      *draft,
            const char *domain)
{
  uint8_t serial[SERIAL_BYTES];
  time_t now = time (NULL);
  int result;

  if (getrandom (serial, sizeof serial, 0) != sizeof serial)
    return GNUTLS_E_RANDOM_FAILED;
  serial[0] &= 0x7f;

  if ((result = gnutls_x509_privkey_init (&draft->key)) < 0 ||
      (result = gnutls_x509_privkey_generate (
         draft->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0)) < 0 ||
      (result = gnutls_x509_crt_init (&draft->crt)) < 0 ||
      (result = gnutls_x509_crt_set_version (draft->crt, 3)) < 0 ||
      (result = gnutls_x509_crt_set_key (draft->crt, draft->key)) < 0 ||
      (result = gnutls_x509_crt_set_serial (draft->crt, serial, sizeof serial)) < 0 ||
      (result = gnutls_x509_crt_set_activation_time (draft->crt, now - BACKDATE_SECONDS)) < 0 ||
      (result = gnutls_x509_crt_set_expiration_time (draft->crt, now + VALID_SECONDS)) < 0 ||
      (result = gnutls_x509_crt_set_basic_constraints (draft->crt, 0, -1)) < 0 ||
      (result = gnutls_x509_crt_set_key_usage (draft->crt, GNUTLS_KEY_DIGITAL_SIGNATURE)) < 0 ||
      (result = gnutls_x509_crt_set_key_purpose_oid (draft->crt, GNUTLS_KP_TLS_WWW_SERVER, 0)) <
        0 ||
      (result = gnutls_x509_crt_set_dn_by_oid (draft->crt, GNUTLS_OID_X520_COMMON_NAME, 0,
                                               "Vitrine relay", strlen ("Vitrine relay"))) < 0 ||
      (result = add_name (draft->crt, GNUTLS_SAN_DNSNAME, domain, strlen (domain))) < 0 ||
      (result = add_name (draft->crt, GNUTLS_SAN_DNSNAME, "localhost", strlen ("localhost"))) < 0 ||
      (result = add_addresses (draft->crt)) < 0)
    return result;

  return gnutls_x509_crt_sign2 (draft->crt, draft->crt, draft->key, GNUTLS_DIG_SHA256, 0);
}

static gboolean
save_pem (const char            *path,
          const gnutls_datum_t  *pem,
          int                    mode,
          GError               **error)
{
  g_autoptr (GError) local_error = NULL;

  if (g_file_set_contents_full (path, (const char *) pem->data, pem->size,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                mode, &local_error))
    return TRUE;

  g_set_error (error, RELAY_ERROR, RELAY_ERROR_CERTIFICATE, "The certificate cannot be kept: %s",
               local_error->message);
  return FALSE;
}

static gboolean
make_certificate (const char  *certificate_path,
                  const char  *key_path,
                  const char  *domain,
                  GError     **error)
{
  g_auto (Draft) draft = { NULL, NULL };
  gnutls_datum_t crt_pem = { NULL, 0 };
  gnutls_datum_t key_pem = { NULL, 0 };
  gboolean saved = FALSE;
  int result;

  result = draft_fill (&draft, domain);
  if (result >= 0)
    result = gnutls_x509_crt_export2 (draft.crt, GNUTLS_X509_FMT_PEM, &crt_pem);
  if (result >= 0)
    result = gnutls_x509_privkey_export2_pkcs8 (draft.key, GNUTLS_X509_FMT_PEM, NULL,
                                                GNUTLS_PKCS_PLAIN, &key_pem);

  if (result < 0)
    g_set_error (error, RELAY_ERROR, RELAY_ERROR_CERTIFICATE, "A certificate cannot be made: %s",
                 gnutls_strerror (result));
  else
    saved = save_pem (key_path, &key_pem, 0600, error) &&
            save_pem (certificate_path, &crt_pem, 0644, error);

  if (key_pem.data != NULL)
    gnutls_memset (key_pem.data, 0, key_pem.size);
  gnutls_free (key_pem.data);
  gnutls_free (crt_pem.data);

  return saved;
}

static void
relay_certificate_finalize (GObject *object)
{
  RelayCertificate *self = RELAY_CERTIFICATE (object);

  g_clear_pointer (&self->credentials, gnutls_certificate_free_credentials);
  g_clear_pointer (&self->priority, gnutls_priority_deinit);
  g_clear_object (&self->tls);
  g_clear_pointer (&self->pin, g_free);

  G_OBJECT_CLASS (relay_certificate_parent_class)->finalize (object);
}

static void
relay_certificate_class_init (RelayCertificateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_certificate_finalize;
}

static void
relay_certificate_init (RelayCertificate *self)
{
}

RelayCertificate *
relay_certificate_load (const char  *certificate_path,
                        const char  *key_path,
                        GError     **error)
{
  g_autoptr (RelayCertificate) self = g_object_new (RELAY_TYPE_CERTIFICATE, NULL);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GByteArray) der = NULL;
  int result;

  self->tls = g_tls_certificate_new_from_files (certificate_path, key_path, &local_error);
  if (self->tls == NULL)
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_CERTIFICATE,
                   "The certificate %s with the key %s cannot be used: %s", certificate_path,
                   key_path, local_error->message);
      return NULL;
    }

  result = gnutls_certificate_allocate_credentials (&self->credentials);
  if (result >= 0)
    result = gnutls_certificate_set_x509_key_file (self->credentials, certificate_path, key_path,
                                                   GNUTLS_X509_FMT_PEM);
  if (result >= 0)
    result = gnutls_priority_init (&self->priority, "NORMAL:-VERS-ALL:+VERS-TLS1.3", NULL);
  if (result < 0)
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_CERTIFICATE,
                   "The certificate %s with the key %s cannot be used: %s", certificate_path,
                   key_path, gnutls_strerror (result));
      return NULL;
    }

  g_object_get (self->tls, "certificate", &der, NULL);
  self->pin = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);

  return g_steal_pointer (&self);
}

RelayCertificate *
relay_certificate_ensure (const char  *data_dir,
                          const char  *domain,
                          GError     **error)
{
  g_autofree char *certificate_path = g_build_filename (data_dir, CERTIFICATE_NAME, NULL);
  g_autofree char *key_path = g_build_filename (data_dir, KEY_NAME, NULL);

  /* With only one of the two a stop in the middle is told apart from a lost key by the order: the
   * key is written first. */
  if (!g_file_test (certificate_path, G_FILE_TEST_EXISTS) &&
      !make_certificate (certificate_path, key_path, domain, error))
    return NULL;

  return relay_certificate_load (certificate_path, key_path, error);
}

const char *
relay_certificate_get_pin (RelayCertificate *self)
{
  g_return_val_if_fail (RELAY_IS_CERTIFICATE (self), NULL);

  return self->pin;
}

GTlsCertificate *
relay_certificate_get_tls (RelayCertificate *self)
{
  g_return_val_if_fail (RELAY_IS_CERTIFICATE (self), NULL);

  return self->tls;
}

gpointer
relay_certificate_new_session (RelayCertificate *self,
                               int               fd)
{
  static const gnutls_datum_t protocol = { (unsigned char *) "http/1.1", 8 };
  gnutls_session_t session = NULL;

  g_return_val_if_fail (RELAY_IS_CERTIFICATE (self), NULL);

  if (gnutls_init (&session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
    return NULL;

  gnutls_priority_set (session, self->priority);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, self->credentials);
  gnutls_alpn_set_protocols (session, &protocol, 1, 0);
  gnutls_transport_set_int (session, fd);

  return session;
}
