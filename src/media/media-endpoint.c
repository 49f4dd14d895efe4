/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-endpoint"

#include "config.h"

#include "media-endpoint.h"

struct _MediaEndpoint
{
  gatomicrefcount ref_count;

  char *url;
  char *user;
  char *token;
  MediaCodec codec;
  GTlsDatabase *database; /* (nullable) */
  MediaCertificateCheck check;
  gpointer check_data;
  GDestroyNotify destroy;
};

MediaEndpoint *
media_endpoint_new (const char            *url,
                    const char            *user,
                    const char            *token,
                    MediaCodec             codec,
                    GTlsDatabase          *database,
                    MediaCertificateCheck  check,
                    gpointer               check_data,
                    GDestroyNotify         destroy)
{
  MediaEndpoint *self;

  g_return_val_if_fail (url != NULL && user != NULL && token != NULL, NULL);

  self = g_new0 (MediaEndpoint, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->url = g_strdup (url);
  self->user = g_strdup (user);
  self->token = g_strdup (token);
  self->codec = codec;
  g_set_object (&self->database, database);
  self->check = check;
  self->check_data = check_data;
  self->destroy = destroy;

  return self;
}

MediaEndpoint *
media_endpoint_ref (MediaEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
media_endpoint_unref (MediaEndpoint *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->check_data);
  g_clear_object (&self->database);
  g_free (self->url);
  g_free (self->user);
  g_free (self->token);
  g_free (self);
}

const char *
media_endpoint_get_url (MediaEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->url;
}

const char *
media_endpoint_get_user (MediaEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->user;
}

const char *
media_endpoint_get_token (MediaEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->token;
}

MediaCodec
media_endpoint_get_codec (MediaEndpoint *self)
{
  g_return_val_if_fail (self != NULL, MEDIA_CODEC_VP8);

  return self->codec;
}

/* Without a check the system's opinion counts. */
gboolean
media_endpoint_check_certificate (MediaEndpoint        *self,
                                  GTlsCertificate      *certificate,
                                  GTlsCertificateFlags  flags)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->check == NULL)
    return flags == 0;

  return self->check (certificate, flags, self->check_data);
}

GTlsDatabase *
media_endpoint_get_tls_database (MediaEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->database;
}
