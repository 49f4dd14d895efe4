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
 * @has_camera: whether the sharer's camera is seen in the corner of it
 * @title: (nullable): what people read, at most 200 characters; never a path
 *
 * What a share shows, as the others are told about it. Where it comes from (a
 * path, a device) is known to the sharer's own client only.
 */
typedef struct
{
  CpmContentKind kind;
  gboolean has_audio;
  gboolean has_camera;
  char *title;
} CpmContent;

#define CPM_TYPE_CONTENT (cpm_content_get_type ())
GType       cpm_content_get_type       (void);

/* Without a camera in the corner. */
CpmContent *cpm_content_new            (CpmContentKind  kind,
                                        gboolean        has_audio,
                                        const char     *title);
CpmContent *cpm_content_copy           (const CpmContent *self);
void        cpm_content_free           (CpmContent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CpmContent, cpm_content_free)

/* What something calls itself, as it may be said to others: one line of at most 200 characters, or
 * %NULL for nothing to read. @title is (nullable). (transfer full) */
char       *cpm_content_clean_title    (const char *title);

/* {"kind":"file","audio":true,"camera":true,"title":"..."} (transfer full) */
JsonObject *cpm_content_to_json        (const CpmContent *self);
CpmContent *cpm_content_from_json      (JsonObject  *object,
                                        GError     **error);

const char *cpm_content_kind_to_string (CpmContentKind  kind);
gboolean    cpm_content_kind_from_string (const char     *text,
                                          CpmContentKind *out_kind);

/* What it takes to show the content, and to be shown it: what each of these kinds (1 <<
 * #CpmContentKind) takes by itself. Who decides about rights, wishes or capabilities asks for this,
 * not for the kind. */
unsigned    cpm_content_get_needs      (const CpmContent *self);

G_END_DECLS
