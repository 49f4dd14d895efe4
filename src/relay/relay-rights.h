/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

#include "cpm-content.h"

G_BEGIN_DECLS

/* May people do this with each other? What the store knows of people of this home is put to the
 * questions of CpmPolicy; of people of other homes nothing is asked: their homes say it for
 * themselves. So each of these can be asked for people of any home, at the home of either side; the
 * answer holds for this moment only, and is asked for again at the next thing done. */

/* Whether @sharer may show @content to all of @viewers (%NULL-terminated) at once: asked at the
 * invitation and at each switch, before the viewers are. Sets %CPM_ERROR_FORBIDDEN. */
gboolean relay_rights_check_share    (RelayContext        *context,
                                      const char          *sharer,
                                      const char * const  *viewers,
                                      const CpmContent    *content,
                                      GError             **error);

/* Whether @viewer may be shown @content by @sharer: rights and blocks of both as far as they are
 * people of this home, and for a viewer of this home also whether it is here
 * (%CPM_ERROR_UNAVAILABLE) and one of its devices can show it (%CPM_ERROR_NO_CAPABILITY). Asked for
 * each viewer, at the invitation, at each switch, and when one enters; at the home of the sharer,
 * and at the viewer's. %CPM_ERROR_BLOCKED, _NOT_FOUND. */
gboolean relay_rights_check_receive  (RelayContext      *context,
                                      const char        *sharer,
                                      const char        *viewer,
                                      const CpmContent  *content,
                                      GError           **error);

/* Whether @from may write to the person @to, or add that person to a group. %CPM_ERROR_FORBIDDEN,
 * _BLOCKED, _NOT_FOUND, _REMOTE_UNREACHABLE (no way to that home), _BAD_ENVELOPE (oneself). */
gboolean relay_rights_check_write    (RelayContext  *context,
                                      const char    *from,
                                      const char    *to,
                                      GError       **error);

/* Whether @from may have @to as a contact: it tells @to nothing, so nobody's wishes but those of
 * @from matter. Errors as above. */
gboolean relay_rights_check_befriend (RelayContext  *context,
                                      const char    *from,
                                      const char    *to,
                                      GError       **error);

/* Whether this home speaks with that of @domain at all: its settings, and what the operator has
 * blocked since. %CPM_ERROR_FORBIDDEN. */
gboolean relay_rights_check_home     (RelayContext  *context,
                                      const char    *domain,
                                      GError       **error);

/* Whether @watcher may see if @who is there, as far as people of this home are concerned; that they
 * have each other as contacts is asked elsewhere. */
gboolean relay_rights_shows_presence (RelayStore *store,
                                      const char *who,
                                      const char *watcher);

G_END_DECLS
