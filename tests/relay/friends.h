/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-home.h"

G_BEGIN_DECLS

/**
 * Friends:
 *
 * A fixture: three people of one home, and the id of a share that one of them may begin.
 */
typedef struct
{
  Home *home;
  Person *alice;
  Person *emily;
  Person *bob;
  char *share;
} Friends;

void        friends_set_up    (Friends        *self,
                               gconstpointer   data);
void        friends_tear_down (Friends        *self,
                               gconstpointer   data);

/* @sharer shows something of @kind, with sound, to @viewers, addresses in JSON. Returns as
 * person_ask(), as does the next. */
const char *friends_invite    (Friends        *self,
                               Person         *sharer,
                               const char     *viewers,
                               const char     *kind);

/* @person says no more than which share. */
const char *friends_say       (Friends        *self,
                               Person         *person,
                               CpmMessageType  type);

G_END_DECLS
