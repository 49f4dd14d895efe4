/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-home-record.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define RELAY_WELL_KNOWN_PATH "/.well-known/vitrine.json"
#define RELAY_WELL_KNOWN_MAX_BYTES (16 * 1024)

/* The document by which a home says where it is and what its keys are (docs/protocol.md, "Who is
 * there"). */

/* Reads the document of @domain. Sets %CPM_ERROR_BAD_JSON or %CPM_ERROR_BAD_ENVELOPE. (transfer
 * full) */
RelayHome *relay_well_known_parse (const char       *domain,
                                   const char       *text,
                                   size_t            length,
                                   GError          **error);

/* (transfer full) */
char      *relay_well_known_print (const RelayHome  *home);

/* Whether what follows @head, that of an HTTP answer with its empty line, is a document. Sets
 * %CPM_ERROR_REMOTE_UNREACHABLE: also for what would lead us elsewhere. */
gboolean   relay_well_known_check_head (const char  *head,
                                        GError     **error);

G_END_DECLS
