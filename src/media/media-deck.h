/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaDeck:
 *
 * One entrance of the mixer: appsrc -> a pad of its own. One is always there; while two sounds fade
 * into each other, or somebody speaks beside what is shown, there are more. Atomically reference
 * counted; open until it is closed, by whoever.
 */
typedef struct _MediaDeck MediaDeck;

/* Main thread. @mixer is in the pipeline in which the deck will be, running or not. */
MediaDeck    *media_deck_new     (GstElement *mixer);
MediaDeck    *media_deck_ref     (MediaDeck *self);
void          media_deck_unref   (MediaDeck *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaDeck, media_deck_unref)

/* Main thread: takes it out of the pipeline. What is pushed from now on is lost. */
void          media_deck_close   (MediaDeck *self);

/* Any thread. S16LE, 48 kHz, stereo; its time is @time of the pipeline. (transfer full) @sound */
void          media_deck_push    (MediaDeck    *self,
                                  GstBuffer    *sound,
                                  GstClockTime  time);

/* Where what was pushed last ends. Not while another thread pushes. */
GstClockTime  media_deck_get_end (MediaDeck *self);

/* The mixer's pad. (transfer none) */
GstPad       *media_deck_get_pad (MediaDeck *self);

/* How long @sound lasts. */
GstClockTime  media_deck_get_duration (GstBuffer *sound);

G_END_DECLS
