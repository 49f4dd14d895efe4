/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-error.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* How a request for a picture is answered: a status of HTTP, and when it failed the error as JSON
 * with the members of the protocol's `err`. Main thread. */

/* @error (nullable): when it went well. The connection is closed after an error: the body may not
 * have been read. */
void relay_picture_answer (SoupServerMessage *message,
                           unsigned           status,
                           const GError      *error);

void relay_picture_refuse (SoupServerMessage *message,
                           unsigned           status,
                           CpmError           code,
                           const char        *text);

G_END_DECLS
