/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-showable.h"

G_BEGIN_DECLS

/* `content` of a command. Sets %CPM_ERROR_BAD_ENVELOPE with what is missing. (transfer full) */
ClientShowable *cli_content_parse (JsonObject  *command,
                                   GError     **error);

G_END_DECLS
