/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-message.h"

G_BEGIN_DECLS

/* How the layer itself makes and changes rows; the store keeps what they hold. */

ClientMessage *client_message_new               (const char        *id,
                                                 ClientMessageKind  kind,
                                                 const char        *conversation,
                                                 const char        *from,
                                                 gboolean           outgoing,
                                                 int64_t            timestamp_us);

void           client_message_set_text          (ClientMessage *self,
                                                 const char    *text);
void           client_message_set_seq           (ClientMessage *self,
                                                 int64_t        seq);
void           client_message_set_state         (ClientMessage      *self,
                                                 ClientMessageState  state);
void           client_message_set_error_text    (ClientMessage *self,
                                                 const char    *text);
/* What it was refused with: sets "error-text"; @error (nullable). */
void           client_message_set_error         (ClientMessage *self,
                                                 const GError  *error);
void           client_message_set_share         (ClientMessage *self,
                                                 const char    *share);
void           client_message_set_request       (ClientMessage *self,
                                                 const char    *request);
void           client_message_set_request_state (ClientMessage      *self,
                                                 ClientRequestState  state);
void           client_message_set_picture_path  (ClientMessage *self,
                                                 const char    *path);
void           client_message_set_progress      (ClientMessage *self,
                                                 double         progress);

/* What a `message.picture` says about its picture; @name is (nullable). */
void           client_message_set_picture       (ClientMessage *self,
                                                 const char    *picture,
                                                 const char    *sha256,
                                                 const char    *mime,
                                                 int64_t        bytes,
                                                 int            width,
                                                 int            height,
                                                 const char    *name);
const char    *client_message_get_picture       (ClientMessage *self); /* (nullable) */
const char    *client_message_get_picture_mime  (ClientMessage *self); /* (nullable) */
int64_t        client_message_get_picture_bytes (ClientMessage *self);

/* Which frames of its share show the picture. */
void           client_message_set_shown         (ClientMessage *self,
                                                 unsigned       n,
                                                 unsigned       page);
unsigned       client_message_get_shown_n       (ClientMessage *self);

void           client_message_set_kind          (ClientMessage     *self,
                                                 ClientMessageKind  kind);
void           client_message_set_content       (ClientMessage    *self,
                                                 const CpmContent *content);
void           client_message_set_ended         (ClientMessage *self,
                                                 int64_t        duration_us,
                                                 CpmReason      reason,
                                                 const char    *by);

/* (element-type ClientOutcome); takes it. */
void           client_message_set_outcomes      (ClientMessage *self,
                                                 GPtrArray     *outcomes);
ClientOutcome *client_outcome_new               (const char     *who,
                                                 CpmMemberState  state,
                                                 CpmReason       reason,
                                                 const char     *text);
void           client_outcome_free              (ClientOutcome  *self);

/* As the store keeps them. (transfer full) (nullable) */
char          *client_message_outcomes_to_text  (ClientMessage *self);
void           client_message_set_outcomes_text (ClientMessage *self,
                                                 const char    *text);

G_END_DECLS
