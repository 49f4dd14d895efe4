/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-capabilities.h"

#include <glib.h>

G_BEGIN_DECLS

/**
 * RelayPresence:
 *
 * What other homes say of their people: whether @who is online, as @watcher of our home may see it.
 * Each pair is for itself, since people may hide from somebody.
 */
typedef struct _RelayPresence RelayPresence;

RelayPresence *relay_presence_new              (void);
void           relay_presence_free             (RelayPresence *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayPresence, relay_presence_free)

/* Returns whether that is news. */
gboolean       relay_presence_set              (RelayPresence *self,
                                                const char    *who,
                                                const char    *watcher,
                                                gboolean       online,
                                                CpmCapability  capabilities);

/* Whether @who is online for @watcher, or, when that is %NULL, for anybody; and what the devices
 * can do together. */
gboolean       relay_presence_get              (RelayPresence *self,
                                                const char    *who,
                                                const char    *watcher,
                                                CpmCapability *out_capabilities);

/* The home @domain begins to tell anew: what it does not say again soon is not believed any
 * more. */
void           relay_presence_doubt            (RelayPresence *self,
                                                const char    *domain);

typedef void (*RelayPresenceFunc) (const char *who,
                                   const char *watcher,
                                   gpointer    user_data);

/* Forgets what @domain said, or only what is doubted; @func is called for each pair after it was
 * forgotten. */
void           relay_presence_forget           (RelayPresence     *self,
                                                const char        *domain,
                                                gboolean           only_doubted,
                                                RelayPresenceFunc  func,
                                                gpointer           user_data);

G_END_DECLS
