/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town-groups.h"

G_BEGIN_DECLS

/**
 * TownHistory:
 *
 * Who said what, what was acknowledged, and what each device has shown: it blames whoever breaks
 * the promise of delivery (acknowledged = shown once on each device of who it is for, in the order
 * in which it was said).
 */
typedef struct _TownHistory TownHistory;

TownHistory *town_history_new        (TownLog *log);
void         town_history_free       (TownHistory *self);

/* @only_rows: of anything else it does not tell. */
void         town_history_add_device (TownHistory *self,
                                      const char  *user,
                                      const char  *device,
                                      gboolean     only_rows);

/* What is said to a group of these is for all who are in it then. (transfer none) */
TownGroups  *town_history_get_groups (TownHistory *self);

/* An aside in a group, which is of no interest any more when one of the two has left: it may be
 * lost. */
void         town_history_may_be_lost (TownHistory *self,
                                       const char  *id);

/* @device of @from has put it into its outbox. @is_row: people see it, at its place in the
 * conversation (a receipt has none). */
void         town_history_said       (TownHistory *self,
                                      const char  *id,
                                      const char  *from,
                                      const char  *device,
                                      const char  *to,
                                      gboolean     is_row);
void         town_history_acked      (TownHistory *self,
                                      const char  *id);

/* For good: it will not be said again. */
void         town_history_refused    (TownHistory *self,
                                      const char  *id,
                                      const char  *code);

/* Its sender was told that it could not be delivered to @who, though it had been acknowledged. */
void         town_history_failed     (TownHistory *self,
                                      const char  *id,
                                      const char  *who);

/* @device has stored and shown it. @seq 0: not known. */
void         town_history_shown      (TownHistory *self,
                                      const char  *device,
                                      const char  *id,
                                      int64_t      seq);
gboolean     town_history_was_shown  (TownHistory *self,
                                      const char  *device,
                                      const char  *id);

unsigned     town_history_get_n_shown (TownHistory *self,
                                       const char  *device);

/* It was revoked: nothing is asked of it any more. */
void         town_history_device_gone (TownHistory *self,
                                       const char  *device);

/* @who did not want to hear from @other, a person or a domain, for a while: what is no row between
 * them may be lost without a word. */
void         town_history_blocked    (TownHistory *self,
                                      const char  *who,
                                      const char  *other);

/* @who did not want to hear from everybody for a while: the same, of whoever says it. */
void         town_history_closed     (TownHistory *self,
                                      const char  *who);

/* When all has come to rest: whether everything has arrived. */
void         town_history_check      (TownHistory *self);

unsigned     town_history_get_n_said (TownHistory *self);

G_END_DECLS
