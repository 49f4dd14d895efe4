/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * VitrineUri:
 * @address: (nullable): whom to talk to: `vitrine:emily@a.test`
 * @relay: (nullable): an invitation to a relay:
 * `vitrine:join?relay=wss%3A%2F%2Fhost%3A7443&pin=...&account=...`
 * @pin: (nullable)
 * @account: (nullable)
 *
 * What a `vitrine:` link says. Either an address or a relay.
 */
typedef struct
{
  char *address;
  char *relay;
  char *pin;
  char *account;
} VitrineUri;

/* Strangers' text. Sets %CPM_ERROR_BAD_ENVELOPE with a sentence. (transfer full) */
VitrineUri *vitrine_uri_parse (const char  *text,
                               GError     **error);
void        vitrine_uri_free  (VitrineUri  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VitrineUri, vitrine_uri_free)

/* Whether @text looks like a `vitrine:` link at all. */
gboolean    vitrine_uri_is_one (const char *text);

G_END_DECLS
