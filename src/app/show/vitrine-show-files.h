/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-showable.h"

G_BEGIN_DECLS

/* What the files at @paths (%NULL-terminated, at least one) are shown as, by what is in them: a
 * film, music, a picture, or pictures that follow one another. Looks into them in a thread. Fails
 * with a sentence for everything else. */
void            vitrine_show_files_async  (const char * const   *paths,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
ClientShowable *vitrine_show_files_finish (GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
