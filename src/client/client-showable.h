/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-content.h"
#include "media-screen.h"

G_BEGIN_DECLS

/**
 * ClientShowable:
 * @kind: what it is
 * @path: (nullable): of a picture or film. A picture without one means: photographs taken on the
 * spot
 * @paths: (nullable): pictures that follow one another; then @path is %NULL
 * @seconds: how long each of @paths stands; 0: until somebody goes on
 * @device: (nullable): of a camera (or for photographs): a device id or name, "test", "file:PATH",
 * %NULL for the first
 * @url: (nullable): of a network camera, RTSP; it may have a password in it, and is told to nobody
 * @screen: (nullable): of the screen, what of it; %NULL for the whole one of X11
 * @with_sound: of the screen: with the sound of the computer
 * @mute: of a camera: the microphone is off
 * @lines: 360, 480, 720 or 1080: how large the pictures of a share that begins with it are to be,
 * as far as this machine can; 0: as suits it
 * @fps: 30 or 60, likewise
 *
 * What the sharer wants to show, with where it comes from: `content` of CLI.md. Boxed.
 */
typedef struct
{
  CpmContentKind kind;
  char *path;
  char **paths;
  unsigned seconds;
  char *device;
  char *url;
  MediaScreen *screen;
  gboolean with_sound;
  gboolean mute;
  int lines;
  int fps;
} ClientShowable;

#define CLIENT_TYPE_SHOWABLE (client_showable_get_type ())
GType           client_showable_get_type     (void);
ClientShowable *client_showable_new          (CpmContentKind        kind,
                                              const char           *path,
                                              const char           *device);

#define CLIENT_SHOWABLE_BY_HAND G_MAXUINT

/* Pictures one after the other, again and again, each for @seconds (1-3600; 5 for 0), or
 * %CLIENT_SHOWABLE_BY_HAND. */
ClientShowable *client_showable_new_pictures (const char * const   *paths,
                                              unsigned              seconds);
ClientShowable *client_showable_new_url      (const char           *url);

/* Takes a reference. */
ClientShowable *client_showable_new_screen   (MediaScreen          *screen,
                                              gboolean              with_sound);
ClientShowable *client_showable_copy         (const ClientShowable *self);
void            client_showable_free         (ClientShowable       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientShowable, client_showable_free)

/* Whether a `device` is no camera of the machine: "test", or "file:" and a film. */
gboolean        client_showable_is_made_up   (const char           *device);

/* Whether a camera of this machine is needed for it. */
gboolean        client_showable_needs_camera (const ClientShowable *self);

/* What the others are told about it: never a path. (transfer full) */
CpmContent     *client_showable_to_content   (const ClientShowable *self);

G_END_DECLS
