/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * CpmContentKind:
 *
 * What can be shown. The nick of the enum value travels ("picture", "camera" ...).
 */
typedef enum
{
  CPM_CONTENT_PICTURE,  /* photographs, from files or taken on the spot */
  CPM_CONTENT_CAMERA,   /* the live camera */
  CPM_CONTENT_FILE,     /* a film */
  CPM_CONTENT_MUSIC,
  CPM_CONTENT_SCREEN
} CpmContentKind;

#define CPM_N_CONTENT_KINDS (CPM_CONTENT_SCREEN + 1)

/**
 * CpmContent:
 * @kind: what it is
 * @has_audio: whether sound belongs to it
 * @title: (nullable): what people read, at most 200 characters; never a path
 *
 * What a share shows, as the others are told about it. Where it comes from (a
 * path, a device) is known to the sharer's own client only.
 */
typedef struct
{
  CpmContentKind kind;
  gboolean has_audio;
  char *title;
} CpmContent;

#define CPM_TYPE_CONTENT (cpm_content_get_type ())
GType       cpm_content_get_type       (void);

CpmContent *cpm_content_new            (CpmContentKind  kind,
                                        gboolean        has_audio,
                                        const char     *title);
CpmContent *cpm_content_copy           (const CpmContent *self);
void        cpm_content_free           (CpmContent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CpmContent, cpm_content_free)

/* {"kind":"camera","audio":true,"title":"..."} (transfer full) */
JsonObject *cpm_content_to_json        (const CpmContent *self);
CpmContent *cpm_content_from_json      (JsonObject  *object,
                                        GError     **error);

const char *cpm_content_kind_to_string (CpmContentKind  kind);
gboolean    cpm_content_kind_from_string (const char     *text,
                                          CpmContentKind *out_kind);

/* Camera and screen are live; pictures, films and music are not. */
gboolean    cpm_content_kind_is_live   (CpmContentKind kind);

G_END_DECLS
