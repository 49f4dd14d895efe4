/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-message-private.h"

G_BEGIN_DECLS

/* For the files of ClientMessage only: client-message.c (the object, and how it changes),
 * client-message-fields.c (what it holds) and client-message-outcomes.c (the viewers of a
 * share). */

struct _ClientMessage
{
  GObject parent_instance;

  char *id;
  ClientMessageKind kind;
  gboolean outgoing;
  char *from;
  char *text;
  int64_t timestamp_us;
  int64_t seq;
  ClientMessageState state;
  char *error_text;
  GError *error;
  char *conversation;
  char *share;
  char *request;
  ClientRequestState request_state;

  char *picture;
  char *picture_path;
  char *picture_name;
  char *picture_sha256;
  char *picture_mime;
  int64_t picture_bytes;
  int picture_width;
  int picture_height;
  double progress;
  /* the frames of the share that show the picture, or 0: known to this run only */
  unsigned shown_n;
  unsigned shown_page;

  CpmContent *content;
  int64_t duration_us;
  CpmReason reason;
  char *by;
  GPtrArray *outcomes;  /* of ClientOutcome (nullable) */
};

G_END_DECLS
