/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

G_BEGIN_DECLS

/* The group of exactly these people and oneself: one that is there, else a new one with their
 * names. @addresses are addresses as people type them, at least two, %NULL-terminated. Errors are
 * those of client_create_group_async(). */
void                cli_gathering_find_async  (Client               *client,
                                               const char * const   *addresses,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);

/* (transfer none) */
ClientConversation *cli_gathering_find_finish (Client               *client,
                                               GAsyncResult         *result,
                                               GError              **error);

G_END_DECLS
