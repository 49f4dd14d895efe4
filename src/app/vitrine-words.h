/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"
#include "cpm-session.h"

G_BEGIN_DECLS

/* What people read: states, reasons and times as whole sentences in their language. Nothing here
 * decides anything. All (transfer full) unless it is const. */

/* "Photographs", "Live camera" ... */
const char *vitrine_words_kind             (CpmContentKind kind);

/* The name of a symbolic icon. */
const char *vitrine_words_kind_icon        (CpmContentKind kind);

/* "Alice wants to show you what the camera sees, live" */
char       *vitrine_words_invitation       (const char       *name,
                                            const CpmContent *content);

/* The heading of the stage: "Live camera", or the content's title. */
char       *vitrine_words_content          (const CpmContent *content);

/* "Online", "Offline", or that nobody can know it. */
const char *vitrine_words_presence         (ClientContact *contact);

/* How it stands with one viewer: "Ringing…", "Watching", "Declined: “not now”". */
/* What is the matter with somebody who does not see it well, in a few words; @hindrance as of
 * #ClientShare. (nullable) */
const char *vitrine_words_hindrance (const char *hindrance);

char       *vitrine_words_member           (const CpmMember *member);

/* The same when the share has ended, for its note: "Emily: watched", "Bob: declined: “not now”". */
char       *vitrine_words_outcome          (const ClientOutcome *outcome,
                                            const char          *name);

/* Why a share ended and by whom, as a sentence. @name is the other person's, @me the own address,
 * @text (nullable) what was said with a decline. %NULL when there is nothing to say. */
char       *vitrine_words_ended            (CpmReason   reason,
                                            const char *by,
                                            const char *me,
                                            const char *name,
                                            gboolean    outgoing,
                                            const char *text);

/* The same from a session of two that has ended. */
char       *vitrine_words_session_ended    (CpmSession *session,
                                            const char *me,
                                            const char *name);

/* The same of a share with a group. @name: of whoever ended it. */
char       *vitrine_words_group_ended      (CpmReason   reason,
                                            const char *by,
                                            const char *me,
                                            const char *name,
                                            gboolean    outgoing);

/* The first line of a share's row: "You showed Emily photographs". @name: the other side's, when it
 * is one's own, else the sharer's. */
char       *vitrine_words_share_row        (ClientMessage *message,
                                            const char    *name);

/* One line for the list of conversations. @name as above; @in_group: say who said it. */
char       *vitrine_words_last_message     (ClientMessage *message,
                                            const char    *name,
                                            gboolean       in_group);

/* How far an outgoing message has come: a word, and the icon for it. */
const char *vitrine_words_receipt          (ClientMessageState state);
const char *vitrine_words_receipt_icon     (ClientMessageState state); /* (nullable) */

/* "14:05"; "Yesterday", "Monday" or a date; and both in words for headings. @now_us: real time. */
char       *vitrine_words_time             (int64_t time_us);
char       *vitrine_words_day              (int64_t time_us,
                                            int64_t now_us);
char       *vitrine_words_when             (int64_t time_us,
                                            int64_t now_us);

/* "0:42", "12:03", "1:02:03" */
char       *vitrine_words_elapsed          (int64_t duration_us);

/* "42 seconds", "12 minutes" */
char       *vitrine_words_duration         (int64_t duration_us);

G_END_DECLS
