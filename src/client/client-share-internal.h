/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-presenter.h"
#include "client-share-private.h"
#include "client-watcher.h"

G_BEGIN_DECLS

/* For the files of ClientShare only: client-share.c (the session), client-share-media.c (the media, which follow the plan), client-share-row.c
 * (what stays in the conversation) and client-share-verbs.c (what this person asks for). */

struct _ClientShare
{
  GObject parent_instance;

  ClientWorld *world;
  ClientConversation *conversation;
  CpmSession *session;
  gboolean outgoing;
  gboolean provisional;       /* the session is our own idea of it */
  gboolean given_up;          /* this person has ended their part, whatever the relay knows */
  gboolean over;
  gboolean answered_elsewhere;
  char *answered_by;          /* the name of that device (nullable) */
  CpmMessageType unsaid;

  ClientMessage *row;         /* in the conversation */
  int64_t active_since_us;    /* real time of the first accept, or 0 */

  MediaEndpoint *endpoint;
  char *endpoint_key;         /* what it was made of */
  GstElement *video_sink;
  double volume;

  /* the sharer */
  ClientShowable *showable;   /* what is shown, or will be */
  ClientPresenter *presenter;
  gboolean is_opening;        /* what is shown first */
  GQueue switches;            /* of GTask; the first is under way */
  GQueue photos;              /* of GTask: photographs that wait for the camera to be open */

  /* the viewer */
  ClientWatcher *watcher;
  int64_t accepted_us;        /* monotonic */
  int64_t switched_us;        /* when the present content was announced */
  ClientShowable *wish;       /* what this person shows when the turn is given (nullable) */
  unsigned shown_n;           /* whose first frame was seen last */
  gboolean sees_slate;        /* what is seen now is no content */
};

int64_t     client_share_get_now_us     (ClientShare *self);

/* The row is there from the invitation on, knows when somebody has accepted, and is filled at the end. */
void        client_share_add_row        (ClientShare *self);
void        client_share_begin_row      (ClientShare *self);
void        client_share_close_row      (ClientShare *self);

/* Where the media go; @media is (nullable). */
void        client_share_take_media     (ClientShare *self,
                                         JsonObject  *media);

/* Makes and drops media as the plan says. */
void        client_share_follow_plan    (ClientShare *self);

/* Frames carry the number of the present content, unless a switch is under way. */
void        client_share_number_content (ClientShare *self);

/* What waited for a camera that was being opened. */
void        client_share_take_waiting_photos (ClientShare *self);

/* A body that names the share. (transfer full) */
JsonObject *client_share_new_body       (ClientShare *self);

G_END_DECLS
