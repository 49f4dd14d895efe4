/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-error.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Decides whether the relay's certificate is the right one. Called from a streaming thread: it must
 * only read. */
typedef gboolean (*MediaCertificateCheck) (GTlsCertificate      *certificate,
                                           GTlsCertificateFlags  flags,
                                           gpointer              user_data);

/**
 * MediaCodec:
 */
typedef enum
{
  MEDIA_CODEC_H264,
  MEDIA_CODEC_VP8
} MediaCodec;

/**
 * MediaEndpoint:
 *
 * Where media are sent to or taken from, and as whom: the `media` member of the relay's
 * share.state. Reference counted, immutable.
 */
typedef struct _MediaEndpoint MediaEndpoint;

/* @url is rtsps:// (or rtsp:// in tests); @user and @token are RTSP Basic credentials. @destroy is
 * called on the last unref. @database (nullable) is where GIO looks before it asks @check: one that
 * knows no authority makes it ask about every certificate. */
MediaEndpoint *media_endpoint_new   (const char            *url,
                                     const char            *user,
                                     const char            *token,
                                     MediaCodec             codec,
                                     GTlsDatabase          *database,
                                     MediaCertificateCheck  check,
                                     gpointer               check_data,
                                     GDestroyNotify         destroy);
MediaEndpoint *media_endpoint_ref   (MediaEndpoint *self);
void           media_endpoint_unref (MediaEndpoint *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaEndpoint, media_endpoint_unref)

const char    *media_endpoint_get_url   (MediaEndpoint *self);
const char    *media_endpoint_get_user  (MediaEndpoint *self);
const char    *media_endpoint_get_token (MediaEndpoint *self);
MediaCodec     media_endpoint_get_codec (MediaEndpoint *self);
/* (transfer none) (nullable) */
GTlsDatabase  *media_endpoint_get_tls_database (MediaEndpoint *self);
gboolean       media_endpoint_check_certificate (MediaEndpoint        *self,
                                                 GTlsCertificate      *certificate,
                                                 GTlsCertificateFlags  flags);

G_END_DECLS
