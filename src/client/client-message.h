/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-session.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ClientMessageKind:
 *
 * What a row of a conversation is.
 */
typedef enum
{
  CLIENT_MESSAGE_TEXT,
  CLIENT_MESSAGE_PICTURE,
  CLIENT_MESSAGE_PHOTO_REQUEST,
  CLIENT_MESSAGE_SHARE,        /* a share began and ended here: who showed what, for how long */
  CLIENT_MESSAGE_SHARE_MISSED
} ClientMessageKind;

/**
 * ClientMessageState:
 *
 * How far it has come, in order of life. Incoming messages are RECEIVED and then READ.
 */
typedef enum
{
  CLIENT_MESSAGE_SENDING,
  CLIENT_MESSAGE_SENT,      /* the relay has it on stable storage */
  CLIENT_MESSAGE_DELIVERED, /* a device of the recipient has it */
  CLIENT_MESSAGE_DISPLAYED, /* the recipient has seen it */
  CLIENT_MESSAGE_FAILED,    /* see "error-text" */
  CLIENT_MESSAGE_RECEIVED,
  CLIENT_MESSAGE_READ
} ClientMessageState;

/**
 * ClientRequestState:
 *
 * Of a request for a photograph; it outlives the share in which it was made.
 */
typedef enum
{
  CLIENT_REQUEST_NONE,
  CLIENT_REQUEST_OPEN,
  CLIENT_REQUEST_ACCEPTED,
  CLIENT_REQUEST_REFUSED,
  CLIENT_REQUEST_ANSWERED  /* the picture is there */
} ClientRequestState;

/**
 * ClientOutcome:
 * @who: address of a viewer
 * @state: how the viewer's part ended
 * @reason: why; of a decline %CPM_REASON_BUSY, _LATER or _DECLINED
 * @text: (nullable): what was said with a decline, or the sentence of a refusal
 *
 * What became of one viewer of a share that has ended.
 */
typedef struct
{
  char *who;
  CpmMemberState state;
  CpmReason reason;
  char *text;
} ClientOutcome;

#define CLIENT_TYPE_MESSAGE_KIND (client_message_kind_get_type ())
GType client_message_kind_get_type (void);

#define CLIENT_TYPE_MESSAGE_STATE (client_message_state_get_type ())
GType client_message_state_get_type (void);

#define CLIENT_TYPE_REQUEST_STATE (client_request_state_get_type ())
GType client_request_state_get_type (void);

/**
 * ClientMessage:
 *
 * One row of a conversation. All are properties with notify; read-only from outside: "id", "kind",
 * "outgoing", "from", "text", "timestamp-us", "state", "error-text", "conversation" (id), "share"
 * (id or %NULL), "request" (id of the request that a picture answers, or %NULL), "request-state",
 * "content" (CpmContent: what was shown; of SHARE and SHARE_MISSED), "duration-us" (of SHARE: from
 * the first accept to the end; 0 when nobody has accepted, -1 while it goes on), "reason" and "by"
 * (of SHARE: why it ended and who ended it; CPM_REASON_NONE while it goes on), "picture-path"
 * (%NULL until it is here), "picture-width", "picture-height", "picture-name", "progress" (0.0-1.0
 * of the transfer). "content" is the last one that was shown; the id of a SHARE row is the share's.
 *
 * In a group a row is DELIVERED and DISPLAYED when it is so for everybody else; "from" is who said
 * it: client_find_contact() has the name. A row that one of the group could not get keeps its state
 * and says so in "error-text".
 */
#define CLIENT_TYPE_MESSAGE (client_message_get_type ())
G_DECLARE_FINAL_TYPE (ClientMessage, client_message, CLIENT, MESSAGE, GObject)

const char         *client_message_get_id            (ClientMessage *self);
ClientMessageKind   client_message_get_kind          (ClientMessage *self);
gboolean            client_message_is_outgoing       (ClientMessage *self);
const char         *client_message_get_from          (ClientMessage *self);
const char         *client_message_get_text          (ClientMessage *self); /* (nullable) */
int64_t             client_message_get_timestamp_us  (ClientMessage *self);
ClientMessageState  client_message_get_state         (ClientMessage *self);
const char         *client_message_get_error_text    (ClientMessage *self); /* (nullable) */

/* Why it FAILED, as far as this run of the program knows; for a restored row only the text is
 * known. (nullable) */
const GError       *client_message_get_error         (ClientMessage *self);
const char         *client_message_get_conversation  (ClientMessage *self);
const char         *client_message_get_share         (ClientMessage *self); /* (nullable) */

/* Of a picture that was shown in that share: which one, as the frames say; 0: it was not shown. */
unsigned            client_message_get_shown_page    (ClientMessage *self);
const char         *client_message_get_request       (ClientMessage *self); /* (nullable) */
ClientRequestState  client_message_get_request_state (ClientMessage *self);
const char         *client_message_get_picture_path  (ClientMessage *self); /* (nullable) */
const char         *client_message_get_picture_name  (ClientMessage *self); /* (nullable) */
int                 client_message_get_picture_width (ClientMessage *self);
int                 client_message_get_picture_height (ClientMessage *self);
/* its place in the inbox; 0 when this run did not receive it */
int64_t             client_message_get_seq           (ClientMessage *self);
double              client_message_get_progress      (ClientMessage *self);
const char         *client_message_get_picture_sha256 (ClientMessage *self); /* (nullable) */
const CpmContent   *client_message_get_content       (ClientMessage *self); /* (nullable) */
int64_t             client_message_get_duration_us   (ClientMessage *self);
CpmReason           client_message_get_reason        (ClientMessage *self);
const char         *client_message_get_by            (ClientMessage *self); /* (nullable) */

/* Of a SHARE row, when it has ended: its viewers in their order. */
unsigned             client_message_get_n_outcomes   (ClientMessage *self);
const ClientOutcome *client_message_get_outcome      (ClientMessage *self,
                                                      unsigned       index);

G_END_DECLS
