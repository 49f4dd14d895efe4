/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-error.h"

#include <json-glib/json-glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * CpmMessage:
 *
 * One message of the protocol (`docs/protocol.md`): the envelope with its body.
 * All bytes from the network become a #CpmMessage or an error; a message that
 * exists is valid, its body included. Immutable but for the setters that the
 * relay uses on its own copy before it hands a message on.
 *
 * On the wire: {"v":1,"t":"message.text","id":"...","to":"emily@a.test",
 * "from":"...","ts":1732...,"seq":7,"body":{...}} in one WebSocket text frame.
 */
#define CPM_TYPE_MESSAGE (cpm_message_get_type ())
G_DECLARE_FINAL_TYPE (CpmMessage, cpm_message, CPM, MESSAGE, GObject)

#define CPM_PROTOCOL_VERSION 1

/* The longest text of a chat message, in bytes of UTF-8. */
#define CPM_MESSAGE_MAX_TEXT_BYTES 16384

/* A body that takes more than this as text is refused, so that a message that was
 * taken in is never too big to hand on, with what the relay adds to its envelope. */
#define CPM_MESSAGE_MAX_BODY_BYTES (62 * 1024)

/* The people of a group, its owner among them. */
#define CPM_GROUP_MAX_MEMBERS 50

/**
 * CpmMessageType:
 *
 * One value per `t` of the protocol, in the order of docs/protocol.md. The table in
 * cpm-message-schema.c says for each: its name, who may send it, whether it is
 * durable (kept in the recipient's inbox until acknowledged), and its body's members.
 */
typedef enum
{
  /* the connection */
  CPM_MESSAGE_HELLO,
  CPM_MESSAGE_WELCOME,
  CPM_MESSAGE_PING,
  CPM_MESSAGE_PONG,
  CPM_MESSAGE_BYE,
  CPM_MESSAGE_ACK,
  CPM_MESSAGE_ERR,
  CPM_MESSAGE_GOT,
  /* people */
  CPM_MESSAGE_CONTACT_ADD,
  CPM_MESSAGE_CONTACT_REMOVE,
  CPM_MESSAGE_CONTACT_LIST,
  CPM_MESSAGE_PRESENCE,
  /* a person's devices, privacy and history */
  CPM_MESSAGE_DEVICE_LIST,
  CPM_MESSAGE_DEVICE_REVOKE,
  CPM_MESSAGE_PRIVACY_SET,
  CPM_MESSAGE_PRIVACY_BLOCK,
  CPM_MESSAGE_PRIVACY_STATE,
  CPM_MESSAGE_HISTORY_ASK,
  CPM_MESSAGE_HISTORY_PAGE,
  /* conversation (durable) */
  CPM_MESSAGE_TEXT,
  CPM_MESSAGE_PICTURE,
  CPM_MESSAGE_RECEIPT,
  CPM_MESSAGE_PHOTO_REQUEST,
  CPM_MESSAGE_PHOTO_ANSWER,
  CPM_MESSAGE_SHARE_MISSED,
  CPM_MESSAGE_FAILED,
  /* groups (durable but for the first) */
  CPM_MESSAGE_GROUP_CREATE,
  CPM_MESSAGE_GROUP_CHANGE,
  CPM_MESSAGE_GROUP_LEAVE,
  CPM_MESSAGE_GROUP_STATE,
  /* the share session */
  CPM_MESSAGE_SHARE_INVITE,
  CPM_MESSAGE_SHARE_RINGING,
  CPM_MESSAGE_SHARE_ACCEPT,
  CPM_MESSAGE_SHARE_DECLINE,
  CPM_MESSAGE_SHARE_CANCEL,
  CPM_MESSAGE_SHARE_SWITCH,
  CPM_MESSAGE_SHARE_STOP,
  CPM_MESSAGE_SHARE_LEAVE,
  CPM_MESSAGE_SHARE_JOIN,
  CPM_MESSAGE_SHARE_SYNC,
  CPM_MESSAGE_SHARE_STATE,
  CPM_MESSAGE_SHARE_TAKEN,
  CPM_MESSAGE_SHARE_KEYFRAME,
  CPM_MESSAGE_SHARE_REQUEST,
  CPM_MESSAGE_SHARE_HAND_OVER,
  CPM_MESSAGE_SHARE_ASK,
  CPM_MESSAGE_SHARE_REFUSE,
  CPM_MESSAGE_SHARE_LOST,
  CPM_MESSAGE_SHARE_RESUMED,
  /* what goes with a share while it is seen */
  CPM_MESSAGE_SHARE_CLOCK,
  CPM_MESSAGE_SHARE_TIME,
  CPM_MESSAGE_SHARE_REPORT,
  CPM_MESSAGE_SHARE_PACE,
  CPM_MESSAGE_SHARE_REACTION,
  CPM_MESSAGE_SHARE_POINTER,
  CPM_MESSAGE_SHARE_PROGRESS,
  CPM_MESSAGE_SHARE_ALLOW,
  CPM_MESSAGE_SHARE_WATCH,
  CPM_MESSAGE_SHARE_WATCHING,
  /* a link between two homes */
  CPM_MESSAGE_HOME_CHALLENGE,
  CPM_MESSAGE_HOME_HELLO,
  CPM_MESSAGE_HOME_WELCOME
} CpmMessageType;

#define CPM_N_MESSAGE_TYPES (CPM_MESSAGE_HOME_WELCOME + 1)

/**
 * CpmMessageSender:
 *
 * Who may send a type of message, as flags.
 */
typedef enum
{
  CPM_MESSAGE_SENDER_CLIENT = 1 << 0,
  CPM_MESSAGE_SENDER_RELAY  = 1 << 1, /* a home to a client of its own */
  CPM_MESSAGE_SENDER_HOME   = 1 << 2  /* a home to another home */
} CpmMessageSender;

const char    *cpm_message_type_to_string  (CpmMessageType type);
gboolean       cpm_message_type_is_durable (CpmMessageType type);

/* Takes bytes from the network. Sets %CPM_ERROR_BAD_JSON, _TOO_BIG, _VERSION,
 * _UNSUPPORTED (an unknown `t`) or _BAD_ENVELOPE; when the envelope could be read
 * far enough to know its id, *@out_id is set, so that the error can name it.
 * (transfer full) */
CpmMessage    *cpm_message_parse           (const char  *text,
                                            size_t       length,
                                            char       **out_id,
                                            GError     **error);

/* Whether @sender may send it: the relay asks this about everything that a client
 * sent, and a client about what the relay sent. Sets %CPM_ERROR_UNSUPPORTED for a type that is not
 * the sender's to send; for a client also %CPM_ERROR_BAD_ENVELOPE when it says `from`, `ts`
 * or `seq`, which are not its to say. */
gboolean       cpm_message_check_sender    (CpmMessage        *self,
                                            CpmMessageSender   sender,
                                            GError           **error);

/* Builds a message; @id and @to may be %NULL. @body is (transfer full); it must fit
 * the type's table, which is the caller's duty and asserted, and may not be
 * changed any more. (transfer full) */
CpmMessage    *cpm_message_new             (CpmMessageType  type,
                                            const char     *id,
                                            const char     *to,
                                            JsonObject     *body);

CpmMessage    *cpm_message_new_ack         (const char *re,
                                            int64_t     ts_us);
CpmMessage    *cpm_message_new_err         (const char   *re,
                                            const GError *error);
CpmMessage    *cpm_message_copy            (CpmMessage *self);

/* Takes out of the body whatever the protocol does not name, as a relay does that hands on parts of
 * what it was told. Not of a durable message, which may be signed and goes on as it was said. */
void           cpm_message_prune           (CpmMessage *self);

/* The message as it travels; kept, so that fan-out costs one serialisation. */
const char    *cpm_message_get_text        (CpmMessage *self);

CpmMessageType cpm_message_get_message_type (CpmMessage *self);
const char    *cpm_message_get_id          (CpmMessage *self); /* (nullable) */
const char    *cpm_message_get_to          (CpmMessage *self); /* (nullable) */
/* (nullable); set by the sender's home */
const char    *cpm_message_get_from        (CpmMessage *self);
/* 0 when unset; the home's real time */
int64_t        cpm_message_get_ts_us       (CpmMessage *self);
int64_t        cpm_message_get_seq         (CpmMessage *self); /* 0 when not durable */
/* place in a home's outbox for another home, or 0 */
int64_t        cpm_message_get_n           (CpmMessage *self);
/* a row of history that was asked for */
gboolean       cpm_message_is_old          (CpmMessage *self);
/* (nullable): "KEY:BASE64" of the author's home */
const char    *cpm_message_get_signature   (CpmMessage *self);
JsonObject    *cpm_message_get_body        (CpmMessage *self); /* (transfer none), never %NULL */

void           cpm_message_stamp           (CpmMessage *self,
                                            const char *from,
                                            int64_t     ts_us);
void           cpm_message_set_seq         (CpmMessage *self,
                                            int64_t     seq);

void           cpm_message_set_n           (CpmMessage *self,
                                            int64_t     n);
void           cpm_message_set_old         (CpmMessage *self,
                                            gboolean    is_old);
void           cpm_message_set_signature   (CpmMessage *self,
                                            const char *signature);

/* Another recipient for a copy: a group's home writes to each member. */
void           cpm_message_set_to          (CpmMessage *self,
                                            const char *to);

/* Whether the home @peer may say it to the home @own (both domains): a type that homes send, `from`
 * of @peer's people and `to` of @own's. A message that says where it stands in a group of @peer's
 * may be from anybody, when it carries a signature of the author's home, which the caller has to
 * verify: *@out_author (nullable, owned by the message) is that home then, else %NULL. Sets
 * %CPM_ERROR_UNSUPPORTED, _BAD_ENVELOPE or _FORBIDDEN. */
gboolean       cpm_message_check_home      (CpmMessage  *self,
                                            const char  *peer,
                                            const char  *own,
                                            const char **out_author,
                                            GError     **error);

/* The error that an err message carries. (transfer full) */
GError        *cpm_message_to_error        (CpmMessage *self);

G_END_DECLS
