/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app-town.h"

G_BEGIN_DECLS

/* Where `screenshots` draws: one size and style of the app. */
typedef struct
{
  AppTown town;
  const char *folder;
  const char *picture; /* (nullable): one of build-aux/content, the others lie beside it */
  int width;
  int height;
  gboolean dark;
} Studio;

/* Pictures are read in threads and pages fold in the next frame: this is for people's eyes, so a
 * moment's wait will do. */
void studio_settle      (void);

/* Draws @widget into "NAME-WIDTH.png" or "NAME-WIDTH-dark.png". */
void studio_shoot       (Studio     *self,
                         GtkWidget  *widget,
                         const char *name);

/* The stage with each kind of content, as sharer and as viewer, and all that goes with it. The
 * conversation is open. */
void studio_shoot_stage (Studio     *self);

G_END_DECLS
