/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town-log.h"

#include "relay-fanout.h"

G_BEGIN_DECLS

/**
 * TownMedia:
 *
 * A #RelayFanout that carries nothing: it remembers who may publish and who may watch, and who
 * does.
 */
#define TOWN_TYPE_MEDIA (town_media_get_type ())
G_DECLARE_FINAL_TYPE (TownMedia, town_media, TOWN, MEDIA, GObject)

TownMedia  *town_media_new         (TownTime *time,
                                    TownLog  *log);

/* Somebody at @place connects to RECORD, or to PLAY. %FALSE: the relay does not let them. */
gboolean    town_media_publish     (TownMedia  *self,
                                    const char *share,
                                    const char *who,
                                    const char *place,
                                    const char *token);
gboolean    town_media_watch       (TownMedia  *self,
                                    const char *share,
                                    const char *who,
                                    const char *place,
                                    const char *token);
void        town_media_hang_up     (TownMedia  *self,
                                    const char *share,
                                    const char *who,
                                    const char *place);

/* What is open now: ids of shares, and of each who may watch. (transfer container) */
GPtrArray  *town_media_list_shares (TownMedia *self);
gboolean    town_media_is_open     (TownMedia  *self,
                                    const char *share);
gboolean    town_media_is_admitted (TownMedia  *self,
                                    const char *share,
                                    const char *who);
GPtrArray  *town_media_list_admitted (TownMedia  *self,
                                      const char *share);

/* Whether somebody at @place publishes, or watches, anything. */
gboolean    town_media_is_used_by  (TownMedia  *self,
                                    const char *place);

unsigned    town_media_get_rendition (TownMedia  *self,
                                      const char *share,
                                      const char *who);

/* How often something was opened or closed. */
unsigned    town_media_get_n_changes (TownMedia *self);

G_END_DECLS
