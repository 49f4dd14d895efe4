/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaBlend:
 *
 * Makes new frames of the stage out of others: two that fade into each other, one with a smaller
 * one in it. All are I420 of one size. Any thread, but one at a time.
 */
typedef struct _MediaBlend MediaBlend;

#define MEDIA_BLEND_ALL 256

MediaBlend *media_blend_new   (int width,
                               int height);
void        media_blend_free  (MediaBlend *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaBlend, media_blend_free)

/* @part of %MEDIA_BLEND_ALL of @to, the rest of @from. (transfer full) */
GstBuffer  *media_blend_mix   (MediaBlend *self,
                               GstBuffer  *from,
                               GstBuffer  *to,
                               unsigned    part);

/* @picture with @inset, of @width x @height, within a thin border at @x, @y: even numbers, and all
 * of it on the canvas. (transfer full) */
GstBuffer  *media_blend_inset (MediaBlend *self,
                               GstBuffer  *picture,
                               GstBuffer  *inset,
                               int         width,
                               int         height,
                               int         x,
                               int         y);

G_END_DECLS
