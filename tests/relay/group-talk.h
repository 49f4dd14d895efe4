/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-home.h"

G_BEGIN_DECLS

/* What the tests of groups have in common. */

/* A body, from JSON. (transfer full) */
JsonObject *body_json           (const char *format,
                                 ...) G_GNUC_PRINTF (1, 2);

/* The members in the newest `group.state` that came, without their domains; %NULL when none did.
 * (transfer full) */
char       *person_take_members (Person     *self);

/* The texts that came, in their order. (transfer full) */
char       *person_take_texts   (Person     *self);

#define assert_members(who, expected) \
  G_STMT_START { \
    g_autofree char *found = person_take_members (who); \
    g_assert_cmpstr (found, ==, expected); \
  } G_STMT_END

#define assert_texts(who, expected) \
  G_STMT_START { \
    g_autofree char *found = person_take_texts (who); \
    g_assert_cmpstr (found, ==, expected); \
  } G_STMT_END

G_END_DECLS
