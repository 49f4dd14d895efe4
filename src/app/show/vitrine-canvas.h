/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineCanvas:
 *
 * The picture of the stage: the video; over it, exactly where it stands, a photograph in its full
 * sharpness; and the named dots of those who point at something. Whoever presses and holds, or
 * moves the arrow keys while it has the focus, points for everybody.
 *
 * Places are shares of the picture, from 0,0 (left, top) to 1,1, whatever size it is drawn in.
 *
 * Signal: "pointed" (double x, double y): the person points there; at most 25 times a second. x <
 * 0: not any more.
 */
#define VITRINE_TYPE_CANVAS (vitrine_canvas_get_type ())
G_DECLARE_FINAL_TYPE (VitrineCanvas, vitrine_canvas, VITRINE, CANVAS, GtkWidget)

/* @video (nullable) */
void     vitrine_canvas_set_video   (VitrineCanvas   *self,
                                     GdkPaintable    *video);

/* The photograph in the file @path stands over the video as soon as it has been read (in a thread),
 * until it is taken away by %NULL. One that cannot be read is left out: the video shows it, too. */
void     vitrine_canvas_set_still   (VitrineCanvas   *self,
                                     const char      *path);
gboolean vitrine_canvas_has_still   (VitrineCanvas   *self);

/* The dot of @who, with @name beside it; x < 0: taken away. It goes by itself when nothing more is
 * heard of it. */
void     vitrine_canvas_point       (VitrineCanvas   *self,
                                     const char      *who,
                                     const char      *name,
                                     double           x,
                                     double           y);

/* What was pointed at has gone. */
void     vitrine_canvas_clear_dots  (VitrineCanvas   *self);

/* Whether this person can point (somebody is there to see it). */
void     vitrine_canvas_set_can_point (VitrineCanvas *self,
                                       gboolean       can_point);

/* Where the picture stands within the widget. */
void     vitrine_canvas_get_area    (VitrineCanvas   *self,
                                     graphene_rect_t *out_area);

G_END_DECLS
