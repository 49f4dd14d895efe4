/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"
#include "relay-store-statements.h"

G_BEGIN_DECLS

/* Pictures, who may see which, and what is to be fetched from other homes. Writes are within an
 * open transaction: each returns %FALSE and sets %CPM_ERROR_STORAGE. */

/* @recipient may fetch the picture of @write, if it has one, and its sender shows what is the
 * sender's own. One that is not here, for somebody of this home, is to be fetched from the
 * sender's. */
gboolean relay_store_show_picture   (RelayStatements  *statements,
                                     RelayWrite       *write,
                                     const char       *recipient,
                                     GError          **error);

/* @user may see @picture, whosever it is: that of a group. */
gboolean relay_store_show_to_member (RelayStatements  *statements,
                                     const char       *picture,
                                     const char       *user,
                                     GError          **error);

/* @picture, unless it is here, is to be fetched from the home of @owner. */
gboolean relay_store_want_picture   (RelayStatements  *statements,
                                     const char       *picture,
                                     const char       *owner,
                                     const char       *sha256,
                                     const char       *mime,
                                     int64_t           bytes,
                                     int64_t           now_us,
                                     GError          **error);

/* The kinds of write (relay-store.h). */
gboolean relay_store_add_picture    (RelayStatements  *statements,
                                     RelayWrite       *write,
                                     GError          **error);
gboolean relay_store_remove_picture (RelayStatements  *statements,
                                     RelayWrite       *write,
                                     GError          **error);
gboolean relay_store_end_fetch      (RelayStatements  *statements,
                                     RelayWrite       *write,
                                     GError          **error);
gboolean relay_store_delay_fetch    (RelayStatements  *statements,
                                     RelayWrite       *write,
                                     GError          **error);

/* The reads, as relay-store.h says. */
RelayPicture *relay_store_select_picture    (RelayStatements *statements,
                                             const char      *id);
gboolean   relay_store_select_sight         (RelayStatements *statements,
                                             const char      *picture,
                                             const char      *user);
int64_t    relay_store_select_used_bytes    (RelayStatements *statements,
                                             const char      *user);
GPtrArray *relay_store_select_fetches       (RelayStatements *statements,
                                             const char      *id,
                                             int64_t          due_us,
                                             unsigned         limit);
GStrv      relay_store_select_viewers       (RelayStatements *statements,
                                             const char      *picture,
                                             const char      *owner);
GStrv      relay_store_select_old_pictures  (RelayStatements *statements,
                                             const char      *domain,
                                             int64_t          before_us,
                                             unsigned         limit);
int64_t    relay_store_select_home_bytes    (RelayStatements *statements,
                                             const char      *domain);

G_END_DECLS
