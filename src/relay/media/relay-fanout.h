/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * RelayFanout:
 *
 * What the shares need of whoever carries their media: room for a share, and who may have it.
 * Implementations: #RelayMedia, and in the simulated town one that carries nothing and remembers.
 *
 * Main thread. Signals: "publishing" (const char *share): the sharer's media flow and viewers may
 * PLAY; "publisher-lost" (share): its connection is gone; "joined" (share, who): a viewer PLAYs;
 * "left" (share, who): its last PLAY connection is gone; "keyframe-needed" (share): a new viewer
 * waits.
 */
#define RELAY_TYPE_FANOUT (relay_fanout_get_type ())
G_DECLARE_INTERFACE (RelayFanout, relay_fanout, RELAY, FANOUT, GObject)

struct _RelayFanoutInterface
{
  GTypeInterface parent_iface;

  void (*open)  (RelayFanout *self,
                 const char  *share,
                 const char  *publisher,
                 const char  *token);
  void (*admit) (RelayFanout *self,
                 const char  *share,
                 const char  *who,
                 const char  *token);
  void (*expel) (RelayFanout *self,
                 const char  *share,
                 const char  *who);
  void (*close) (RelayFanout *self,
                 const char  *share);
  void (*set_rendition) (RelayFanout *self,
                         const char  *share,
                         const char  *who,
                         unsigned     rendition);
};

/* Makes room for a share: @publisher/@token may RECORD. */
void relay_fanout_open  (RelayFanout *self,
                         const char  *share,
                         const char  *publisher,
                         const char  *token);

/* @who/@token may PLAY. Again with another token: the old one ends. */
void relay_fanout_admit (RelayFanout *self,
                         const char  *share,
                         const char  *who,
                         const char  *token);

/* @who's connections to the share are closed and its credentials end. */
void relay_fanout_expel (RelayFanout *self,
                         const char  *share,
                         const char  *who);

/* Everything of the share is closed: when this returns no media byte is sent any more. */
void relay_fanout_close (RelayFanout *self,
                         const char  *share);

/* @who sees the video in this rendition from its next key frame on, by all connections: 0 the full
 * one, 1 the low one, if the sharer sends that. Until @who is admitted anew. */
void relay_fanout_set_rendition (RelayFanout *self,
                                 const char  *share,
                                 const char  *who,
                                 unsigned     rendition);

G_END_DECLS
