/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-decoding.h"
#include "media-source-private.h"

G_BEGIN_DECLS

/**
 * MediaSourceDecoded:
 *
 * What film, music and network camera have in common: something that others have made, that has to
 * be decoded, and is: in a process of its own (MediaDecoder).
 */
#define MEDIA_TYPE_SOURCE_DECODED (media_source_decoded_get_type ())
G_DECLARE_DERIVABLE_TYPE (MediaSourceDecoded, media_source_decoded,
                          MEDIA, SOURCE_DECODED, MediaSource)

struct _MediaSourceDecodedClass
{
  MediaSourceClass parent_class;

  MediaDecodingKind kind;
  /* Worker. Can it be opened at all? */
  gboolean (*check) (MediaSourceDecoded  *self,
                     GError             **error);
};

/* Once, in the constructor. @name: what it is called in sentences. */
void        media_source_decoded_set_location (MediaSourceDecoded *self,
                                               const char         *location,
                                               const char         *name);
const char *media_source_decoded_get_location (MediaSourceDecoded *self);
const char *media_source_decoded_get_name     (MediaSourceDecoded *self);

G_END_DECLS
