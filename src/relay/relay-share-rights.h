/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

#include "cpm-content.h"

G_BEGIN_DECLS

/* Whether the sharer's home lets @sharer show @kind to @viewers (%NULL-terminated). Asked at the invitation and at each switch. */
gboolean relay_share_rights_check_sharer (RelayContext       *context,
                                          const char         *sharer,
                                          const char * const *viewers,
                                          CpmContentKind      kind,
                                          GError            **error);

/* Whether the viewer's home lets @viewer see @kind of @sharer, the viewer is here and one of its devices can show it. */
gboolean relay_share_rights_check_viewer (RelayContext    *context,
                                          const char      *sharer,
                                          const char      *viewer,
                                          CpmContentKind   kind,
                                          GError         **error);

G_END_DECLS
