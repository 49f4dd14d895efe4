/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-book.h"
#include "media-device.h"
#include "transport-trust.h"

G_BEGIN_DECLS

/**
 * ClientWorld:
 *
 * What all shares of one account need: who we are, the line, the history, the cameras. Made by
 * #Client, which also keeps it up to date; reference counted, because a share may outlive the
 * client.
 */
typedef struct
{
  CpmClock *clock;
  ClientStore *store;
  ClientBook *book;
  ClientLink *link;        /* (nullable) until signed in */
  TransportTrust *trust;   /* (nullable) until signed in, and with a connector of a test */
  MediaDevices *devices;   /* (nullable) until somebody asks */
  char *account;           /* (nullable) until signed in */
  char *device;
  gboolean play_audio;
  /* how large pictures are shown, where what is shown does not say: as of #ClientShowable */
  int lines;
  int fps;

  unsigned n_open_cameras;
  /* "SHARE PAGE WHO" -> path: pictures that were shown, as far as somebody asked for them */
  GHashTable *stills;
  void (*cameras_changed) (gpointer user_data); /* (nullable) */
  gpointer cameras_changed_data;
} ClientWorld;

ClientWorld  *client_world_new         (CpmClock    *clock,
                                        ClientStore *store,
                                        ClientBook  *book);
ClientWorld  *client_world_ref         (ClientWorld *self);
void          client_world_unref       (ClientWorld *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientWorld, client_world_unref)

/* The cameras of this machine; looked for from the first call on. */
MediaDevices *client_world_get_devices (ClientWorld *self);

/* A camera was opened, or is free again. */
void          client_world_note_camera (ClientWorld *self,
                                        gboolean     open);

/* The camera that was chosen last (as `device` of #ClientShowable), also before this program was
 * started: it is meant when none is named. (transfer full) (nullable) */
char         *client_world_dup_camera  (ClientWorld *self);
/* %NULL: whichever is meant. That forgets only one that is no real camera. */
void          client_world_set_camera  (ClientWorld *self,
                                        const char  *device);

/* Whether the microphone was on when it was last said; on at first. */
gboolean      client_world_get_microphone (ClientWorld *self);
void          client_world_set_microphone (ClientWorld *self,
                                           gboolean     on);

/* The file of a picture that @who shows in @share: its frames carry @page. */
void          client_world_note_still  (ClientWorld *self,
                                        const char  *share,
                                        unsigned     page,
                                        const char  *who,
                                        const char  *path);
const char   *client_world_find_still  (ClientWorld *self,
                                        const char  *share,
                                        unsigned     page,
                                        const char  *who); /* (nullable) */

/* A new id of the world's clock. (transfer full) */
char         *client_world_new_id      (ClientWorld *self);

G_END_DECLS
