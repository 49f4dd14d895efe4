/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-clock.h"
#include "client-pace.h"
#include "client-pointers.h"
#include "client-presenter.h"
#include "client-share-private.h"
#include "client-watcher.h"

G_BEGIN_DECLS

/* For the files of ClientShare only: client-share.c (the session), client-share-media.c (the media,
 * which follow the plan), client-share-row.c (what stays in the conversation), client-share-verbs.c
 * (what this person asks for), client-share-state.c (what the relay says), client-share-switch.c
 * (what is shown, and the camera in its corner), client-share-control.c (what the sharer does with
 * that), client-share-seen.c (what goes with it while it is seen), client-share-pointers.c (who
 * points where) and client-share-pace.c (when that is). */

/**
 * ClientShareSeen:
 *
 * What goes with a share while it is seen. Of the sharer, the place is what was told last.
 */
typedef struct
{
  gboolean paused;
  int64_t position_us;        /* at told_us; -1: what is shown has no place */
  int64_t duration_us;        /* -1: not known */
  int64_t told_us;            /* monotonic */
  unsigned progress_id;       /* the sharer tells again */
  char *title;                /* what the film or music calls itself (nullable) */
  char *artist;               /* (nullable) */

  int64_t pointed_us;         /* monotonic: when a pointer was sent last */
  unsigned pointer_id;        /* the newest waits */
  double pointer_x;
  double pointer_y;
  ClientPointers *pointers;   /* (nullable): of the others */
  unsigned follow_id;         /* some wait for their frame */

  gboolean is_mute;           /* the sharer's microphone is off */
  unsigned crossfade_ms;
  gboolean is_preview_delayed;

  unsigned n_viewers;
  double spread_ms;
  const char *hindrance;      /* a literal */
  char **slow;
  char **slow_hindrances;     /* of each of them */
} ClientShareSeen;

/**
 * ClientSharePace:
 *
 * The same moment for all, while media are to flow.
 */
typedef struct
{
  ClientClock *clock;         /* (nullable) */
  ClientPace *pace;           /* (nullable) */
  char *host;                 /* (nullable): of the clock, by UDP */
  unsigned port;
} ClientSharePace;

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
  /* of that which was to be shown at the invitation, as far as it is known */
  MediaCanvas first_size;
  ClientPresenter *presenter;
  gboolean holds_decoder;     /* one is kept ready for what is shown next */
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

  ClientShareSeen seen;
  ClientSharePace pace;

  /* set of pages (as pointers) whose pictures the viewers have, or get */
  GHashTable *sent_pages;
  unsigned shown_page;        /* the viewer: of the frame that is shown */
  char *still;                /* (nullable) */
};

int64_t     client_share_get_now_us     (ClientShare *self);

/* The row is there from the invitation on, knows when somebody has accepted, and is filled at the
 * end. */
void        client_share_add_row        (ClientShare *self);
void        client_share_begin_row      (ClientShare *self);
void        client_share_close_row      (ClientShare *self);

/* Where the media go; @media is (nullable). */
void        client_share_take_media     (ClientShare *self,
                                         JsonObject  *media);

/* From the invitation to the end of a share a decoder is ready, so that what is shown is seen at
 * once. Idempotent. */
void        client_share_hold_decoder    (ClientShare *self);
void        client_share_release_decoder (ClientShare *self);

/* Makes and drops media as the plan says. */
void        client_share_follow_plan    (ClientShare *self);

/* Frames carry the number of the present content, unless a switch is under way. */
void        client_share_number_content (ClientShare *self);

/* What waited for a camera that was being opened. */
void        client_share_take_waiting_photos (ClientShare *self);

/* For what is asked of the relay: the task ends with the answer; it is taken. */
GTask      *client_share_new_task       (ClientShare         *self,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data,
                                         gpointer             tag);
void        client_share_on_said        (GObject      *source,
                                         GAsyncResult *result,
                                         gpointer      user_data);

/* The sharer: a picture is on the stage. */
void        client_share_on_picture_shown (ClientPresenter *presenter,
                                           const char      *path,
                                           unsigned         page,
                                           ClientShare     *self);

/* The viewer: frames of another page are shown. */
void        client_share_on_page_shown  (ClientWatcher *watcher,
                                         unsigned       n,
                                         unsigned       page,
                                         ClientShare   *self);

/* The sharer: tells the relay that the camera in the corner has gone by itself, when it does not
 * know it. */
void        client_share_settle_corner  (ClientShare *self);

/* The sharer: something new is on the stage. */
void        client_share_note_shown     (ClientShare *self);

/* What goes with it while it is seen. */
void        client_share_init_seen      (ClientShare *self);
void        client_share_clear_seen     (ClientShare *self);

/* Whether something may be said to the others now. */
gboolean    client_share_can_say        (ClientShare *self);

/* Somebody points. */
void        client_share_take_pointer   (ClientShare *self,
                                         const char  *who,
                                         JsonObject  *body);
/* What is seen here is something else now: nobody points at it yet. */
void        client_share_move_pointers_on (ClientShare *self);
void        client_share_clear_pointers (ClientShare *self);

/* Something else is going to be shown. */
void        client_share_forget_progress (ClientShare *self);

/* The sharer: says where the film or music is, now and every few seconds, as long as there is
 * one. */
void        client_share_tell_progress  (ClientShare *self);
void        client_share_tell_moved     (ClientShare *self,
                                         int64_t      target_us);

/* What keeps this person from seeing well: "none", "network", "computer" or "clock". */
void        client_share_set_hindrance  (ClientShare *self,
                                         const char  *hindrance);

/* Clock and reports begin when there is somewhere to publish or to watch, before that is told to
 * presenter or watcher, and end with it. */
void        client_share_follow_pace    (ClientShare *self,
                                         gboolean     flows);
void        client_share_note_clock_port (ClientShare *self,
                                          JsonObject  *media);
void        client_share_take_pace      (ClientShare *self,
                                         JsonObject  *body);
int         client_share_get_delay_ms   (ClientShare *self); /* -1: not known */
void        client_share_clear_pace     (ClientShare *self);

/* A body that names the share. (transfer full) */
JsonObject *client_share_new_body       (ClientShare *self);

G_END_DECLS
