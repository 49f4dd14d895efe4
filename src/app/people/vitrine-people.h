/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The people of a conversation, of two or of many, by their names. */

/* How @address is called; an address of which nothing is known is its own name. (transfer none) */
const char    *vitrine_people_get_name  (ClientConversation *conversation,
                                         const char         *address);

/* The other side, for sentences: "Emily", or a group's name in quotation marks. (transfer full) */
char          *vitrine_people_dup_title (ClientConversation *conversation);

/* All but @me: "Bob, Carol and Emily". Of a conversation of two: the one. (transfer full) */
char          *vitrine_people_dup_names (ClientConversation *conversation,
                                         const char         *me);

/* Keeps @avatar as the conversation's: initials of its title, or the group's picture. As long as
 * @avatar lives. */
void           vitrine_people_show      (ClientConversation *conversation,
                                         AdwAvatar          *avatar);

/* Calls @callback (swapped) for @object, as long as it lives, whenever somebody may be called
 * otherwise: what is known of a group can come later than what is said in it. */
void           vitrine_people_watch     (ClientConversation *conversation,
                                         gpointer            object,
                                         GCallback           callback);
void           vitrine_people_unwatch   (ClientConversation *conversation,
                                         gpointer            object);

G_END_DECLS
