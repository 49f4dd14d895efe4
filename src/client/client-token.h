/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-store.h"

G_BEGIN_DECLS

/* Where a device's token is kept: a file of mode 0600 in the home folder, or the desktop's keyring.
 * A keyring that does not answer is no reason to fail: then it is the file, with a message in the
 * log. */

void      client_token_save_async  (ClientStore          *store,
                                    gboolean              use_keyring,
                                    const char           *account,
                                    const char           *device,
                                    const char           *token,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gboolean  client_token_save_finish (GAsyncResult         *result,
                                    GError              **error);

void      client_token_load_async  (ClientStore          *store,
                                    gboolean              use_keyring,
                                    const char           *account,
                                    const char           *device,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);

/* (transfer full); sets %CPM_ERROR_TOKEN_EXPIRED when there is none. */
char     *client_token_load_finish (GAsyncResult         *result,
                                    GError              **error);

G_END_DECLS
