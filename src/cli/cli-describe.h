/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is told about things in the same words by an event and by an answer: sets the members in
 * @object. */
void cli_describe_device  (ClientDevice       *device,
                           JsonObject         *object);
void cli_describe_privacy (ClientPrivacy      *privacy,
                           JsonObject         *object);
void cli_describe_group   (ClientConversation *conversation,
                           JsonObject         *object);
void cli_describe_message (ClientMessage      *message,
                           JsonObject         *object);

G_END_DECLS
