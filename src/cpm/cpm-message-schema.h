/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-message.h"
#include "cpm-schema.h"

G_BEGIN_DECLS

/**
 * CpmMessageSchema:
 * @name: the `t` that travels
 * @senders: who may send it
 * @durable: kept in the recipient's inbox until acknowledged
 * @has_id: whether it must have an `id`: every request and durable message
 * @has_to: whether it must have a `to`
 * @either: (nullable): two members of the body of which exactly one must be there
 * @body: the members of the body
 *
 * What the protocol says about one type of message. The table is the one truth:
 * cpm_message_parse() obeys it, data/protocol/ is printed from it.
 */
typedef struct
{
  const char *name;
  CpmMessageSender senders;
  gboolean durable;
  gboolean has_id;
  gboolean has_to;
  const char *either[2];
  const CpmSchema *body;
} CpmMessageSchema;

const CpmMessageSchema *cpm_message_schema_get        (CpmMessageType type);

/* The type whose `t` is @name. */
gboolean                cpm_message_schema_find       (const char     *name,
                                                       CpmMessageType *out_type);

/* Sets %CPM_ERROR_BAD_ENVELOPE. */
gboolean                cpm_message_schema_check_body (CpmMessageType   type,
                                                       JsonObject      *body,
                                                       GError         **error);

G_END_DECLS
