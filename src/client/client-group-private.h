/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-group.h"

#include <json-glib/json-glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/* Finds, or makes, the person with an address. (transfer none) (nullable) */
typedef ClientContact *(*ClientGroupFinder) (gpointer    user_data,
                                             const char *address);

ClientGroup *client_group_new              (const char  *address,
                                            const char  *account);

/* The body of a `group.state`, from the relay or from the store; an older one than the one we hold
 * changes nothing (%FALSE). */
gboolean     client_group_take             (ClientGroup       *self,
                                            JsonObject        *state,
                                            ClientGroupFinder  find,
                                            gpointer           find_data);

/* What the state says about the picture: `picture`, `sha256`, `bytes`, `mime`. (nullable) */
JsonObject  *client_group_get_picture      (ClientGroup *self);
void         client_group_set_picture_path (ClientGroup *self,
                                            const char  *path);

G_END_DECLS
