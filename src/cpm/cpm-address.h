/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A person's address, `user@domain`, as a plain string in its one normal form:
 * lower case; user of 1-64 characters of [a-z0-9._-] that begins and ends with a letter or digit;
 * domain of 1-253 characters of LDH labels. Text from outside goes through
 * cpm_address_normalize() once, at the edge; inside, addresses compare with g_str_equal(). */

/* Returns the normal form of @text (white space around it is forgiven), or %NULL
 * and %CPM_ERROR_BAD_ENVELOPE with a sentence that says what is wrong. (transfer full) */
char       *cpm_address_normalize       (const char  *text,
                                         GError     **error);

/* Whether @text is an address in normal form. %NULL is not one. */
gboolean    cpm_address_is_normal       (const char *text);

/* The part after the @, owned by @address, which must be normal. */
const char *cpm_address_get_domain      (const char *address);

/* The part before the @. (transfer full) */
char       *cpm_address_dup_user        (const char *address);

/* Whether @text is a name that could be that of a home. */
gboolean    cpm_address_is_domain       (const char *text);

/* Whether @text is the address of a group: its id (as of cpm_clock_new_id()) at the domain of the
 * home that keeps it. It is the id of the group's conversation, too. Nobody may have such a name.
 * %NULL is not one. */
gboolean    cpm_address_is_group        (const char *text);

/* The id of the conversation between two people: the same for both, whoever
 * begins. 34 characters: "c-" and 32 hex digits of SHA-256 over both addresses,
 * sorted, with a line feed between them. (transfer full) */
char       *cpm_address_conversation_id (const char *address,
                                         const char *other);

G_END_DECLS
