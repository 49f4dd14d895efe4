/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/* What keeps somebody from seeing as the others do, as in `share.report` and `share.pace`. */
typedef enum
{
  CPM_HINDRANCE_NONE,
  CPM_HINDRANCE_NETWORK,
  CPM_HINDRANCE_COMPUTER,
  CPM_HINDRANCE_CLOCK
} CpmHindrance;

const char *cpm_hindrance_to_string   (CpmHindrance  hindrance);
gboolean    cpm_hindrance_from_string (const char   *name,
                                       CpmHindrance *out_hindrance);

/**
 * CpmPaceReport:
 *
 * What a viewer says each second: the body of a `share.report`.
 */
typedef struct
{
  unsigned frames;        /* shown */
  int delay_ms;           /* the presentation delay in the last of them */
  int slack_ms;           /* the least time that one of them waited for its moment */
  int64_t offset_us;      /* shown minus due, the median */
  int64_t clock_error_us;
  unsigned lost;          /* packets */
  unsigned kbits;         /* received */
  CpmHindrance hindrance; /* as the viewer's own side sees it */
} CpmPaceReport;

/* @body has the form of a `share.report`. */
CpmPaceReport cpm_pace_report_from_json (JsonObject *body);

/* The presentation delay stays within these. */
#define CPM_PACE_MIN_DELAY_MS 80
#define CPM_PACE_MAX_DELAY_MS 600

/* What the sharer gives before anything was reported. */
#define CPM_PACE_START_DELAY_MS 120

/* The bit rate of the video stays within these. */
#define CPM_PACE_MIN_KBITS 300
#define CPM_PACE_MAX_KBITS 2500

/**
 * CpmPace:
 *
 * How fast and how late a share is shown, so that all see the same moment: what the owner makes of
 * the viewers' reports. The delay follows the slowest healthy viewer, quickly when frames come too
 * late and slowly back; one who would need more than the limit is left behind. The bit rate follows
 * what most can take, and who can take less than the others gets the low rendition. Whoever has not
 * been heard for a while does not count.
 *
 * Values in, values out: the time is a parameter (monotonic), cpm_pace_step() is to be called about
 * once a second.
 */
typedef struct _CpmPace CpmPace;

CpmPace     *cpm_pace_new            (void);
void         cpm_pace_free           (CpmPace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CpmPace, cpm_pace_free)

/* @who sees it, and says this. */
void         cpm_pace_report         (CpmPace             *self,
                                      const char          *who,
                                      const CpmPaceReport *report,
                                      int64_t              now_us);

/* @who does not see it any more. */
void         cpm_pace_forget         (CpmPace    *self,
                                      const char *who);

/* A second has passed. */
void         cpm_pace_step           (CpmPace *self,
                                      int64_t  now_us);

/* Who see it and have said so lately. */
unsigned     cpm_pace_get_n_viewers  (CpmPace *self);

/* How far the healthy ones are apart at most; -1 when there are not two whose clocks are known. */
int64_t      cpm_pace_get_spread_us  (CpmPace *self);

/* What the sharer is to give. */
unsigned     cpm_pace_get_delay_ms   (CpmPace *self);
unsigned     cpm_pace_get_kbits      (CpmPace *self);
unsigned     cpm_pace_get_renditions (CpmPace *self);

/* 1 when @who is to get the low rendition, else 0. */
unsigned     cpm_pace_get_rendition  (CpmPace    *self,
                                      const char *who);

/* Why @who does not see as the others do. */
CpmHindrance cpm_pace_get_hindrance  (CpmPace    *self,
                                      const char *who);

/* All viewers who have reported, for as long as nothing is said or stepped. (transfer container):
 * of const char *. */
GPtrArray   *cpm_pace_list_viewers   (CpmPace *self);

/* The body of a `share.pace`. (transfer full) */
JsonObject  *cpm_pace_to_json        (CpmPace    *self,
                                      const char *share);

G_END_DECLS
