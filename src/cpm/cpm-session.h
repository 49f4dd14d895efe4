/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-capabilities.h"

#include <stdint.h>

G_BEGIN_DECLS

/**
 * CpmSessionState:
 *
 * The life of a share, in order. Why it ended is a #CpmReason, never a state.
 */
typedef enum
{
  CPM_SESSION_INVITING, /* nobody has accepted yet; no camera is open, no media flows */
  CPM_SESSION_ACTIVE,   /* at least one viewer has accepted */
  CPM_SESSION_HELD,     /* the sharer's connection is lost; 30 s of grace */
  CPM_SESSION_ENDED     /* final */
} CpmSessionState;

/**
 * CpmMemberState:
 *
 * A viewer's part in a share, in order of life.
 */
typedef enum
{
  CPM_MEMBER_INVITED,   /* the invitation is on its way */
  CPM_MEMBER_RINGING,   /* a device of the viewer has shown it */
  CPM_MEMBER_ACCEPTED,  /* said yes; media not yet seen */
  CPM_MEMBER_JOINED,    /* receives media */
  CPM_MEMBER_LOST,      /* the viewer's connection is lost; 30 s of grace, then left */
  CPM_MEMBER_LEFT,
  CPM_MEMBER_DECLINED,
  CPM_MEMBER_MISSED,    /* nobody answered before it expired or ended, or offline */
  CPM_MEMBER_REFUSED    /* a home or the lack of a capability said no: see error */
} CpmMemberState;

/**
 * CpmReason:
 *
 * Why a session ended or a member is out of it.
 */
typedef enum
{
  CPM_REASON_NONE,
  CPM_REASON_STOPPED,     /* somebody pressed stop; `by` says who */
  CPM_REASON_CANCELLED,   /* the sharer withdrew the invitation */
  CPM_REASON_DECLINED,    /* "no" */
  CPM_REASON_BUSY,        /* declined as busy */
  CPM_REASON_LATER,       /* declined for now */
  CPM_REASON_MISSED,      /* no answer before the invitation expired */
  CPM_REASON_UNAVAILABLE, /* not online */
  CPM_REASON_REFUSED,     /* rights, capability or block */
  CPM_REASON_LEFT,        /* the last viewer left */
  CPM_REASON_LOST,        /* a connection stayed lost for longer than the grace */
  CPM_REASON_MEDIA,       /* media could not be set up */
  CPM_REASON_SHUTDOWN,    /* the relay was stopped */
  CPM_REASON_HANDED_OVER  /* another share of the same people continues it */
} CpmReason;

/**
 * CpmSessionVerb:
 *
 * What can happen to a session. Every verb is idempotent: said again it changes nothing
 * and is no error.
 */
typedef enum
{
  CPM_VERB_RINGING,   /* viewer: a device shows the invitation */
  CPM_VERB_ACCEPT,    /* viewer */
  CPM_VERB_DECLINE,   /* viewer; reason busy, later or declined; text */
  CPM_VERB_CANCEL,    /* sharer, while inviting */
  CPM_VERB_SWITCH,    /* sharer, while active; content, verdicts */
  /* sharer, while active; heir, next: another share of the same people continues it */
  CPM_VERB_HAND_OVER,
  /* anyone: the sharer ends it for all, a viewer ends a share of two, else leaves */
  CPM_VERB_STOP,
  CPM_VERB_LEAVE,     /* viewer */
  CPM_VERB_JOIN,      /* viewer: accepts again after having left, or late */
  CPM_VERB_REFUSE,    /* home of the viewer: rights, capability, block, offline; error */
  CPM_VERB_MEDIA_UP,  /* home: the member's (or the sharer's) media connection carries media */
  CPM_VERB_MEDIA_DOWN, /* home: that connection is gone, while the person is here */
  CPM_VERB_LOST,      /* home: the last connection of this person is gone */
  CPM_VERB_RESUMED,   /* home: this person is connected again */
  CPM_VERB_TICK,      /* time has passed: expiry and graces are looked at */
  CPM_VERB_SHUTDOWN   /* home: the relay stops */
} CpmSessionVerb;

#define CPM_N_SESSION_VERBS (CPM_VERB_SHUTDOWN + 1)

/**
 * CpmAllow:
 *
 * What the sharer allows viewers: a set. At first snapshots only.
 */
typedef enum
{
  CPM_ALLOW_NONE = 0,
  CPM_ALLOW_WATCH = 1 << 0,   /* with any RTSP player */
  CPM_ALLOW_SNAPSHOT = 1 << 1 /* to keep a frame */
} CpmAllow;

#define CPM_ALLOW_DEFAULT CPM_ALLOW_SNAPSHOT

/* ["watch","snapshot"]; what is not known is left out. */
JsonArray *cpm_allow_to_json   (CpmAllow   self); /* (transfer full) */
CpmAllow   cpm_allow_from_json (JsonArray *array);

/**
 * CpmSessionActionType:
 *
 * What the owner of the session has to do after an event. The machine does nothing itself.
 */
typedef enum
{
  CPM_ACTION_RING,         /* send the invitation to `who` */
  /* the session has a new rev: send it to every participant that still takes part, and to those
   * whom this event took out of it; the end to all who were asked. Always the last action */
  CPM_ACTION_TELL,
  CPM_ACTION_OPEN_MEDIA,   /* make room for the sharer's media (first accept) */
  CPM_ACTION_ADMIT,        /* let `who` receive media */
  CPM_ACTION_EXPEL,        /* `who` receives no media any more */
  CPM_ACTION_CLOSE_MEDIA,  /* the session ended: nothing moves any more */
  CPM_ACTION_MISSED        /* leave `who` the note "missed share" */
} CpmSessionActionType;

typedef struct
{
  CpmSessionActionType type;
  char *who; /* (nullable) */
} CpmSessionAction;

void cpm_session_action_free (CpmSessionAction *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CpmSessionAction, cpm_session_action_free)

/**
 * CpmSessionEvent:
 * @verb: what happens
 * @who: to or by whom; %NULL for %CPM_VERB_TICK and %CPM_VERB_SHUTDOWN
 * @device: (nullable): the device that speaks, or whose connection is lost or resumed
 * @reason: of a decline; of the sharer's stop %CPM_REASON_MEDIA when media could not be set up
 * @text: (nullable): of a decline, at most 500 characters
 * @content: (nullable): of a switch
 * @error: (nullable): of a refusal
 * @heir: (nullable): of a hand-over: the viewer who goes on
 * @next: (nullable): of a hand-over: the id of the share that continues this one
 * @refusals: (nullable) (element-type utf8 GError): of a switch: the viewers whose homes
 *   or devices cannot take the new content, with why
 *
 * The caller keeps what the pointers point to.
 */
typedef struct
{
  CpmSessionVerb verb;
  const char *who;
  const char *device;
  CpmReason reason;
  const char *text;
  const CpmContent *content;
  const GError *error;
  const char *heir;
  const char *next;
  GHashTable *refusals;
} CpmSessionEvent;

/**
 * CpmMember:
 *
 * One viewer of a session, as read from outside; owned by the session.
 */
typedef struct
{
  char *who;
  CpmMemberState state;
  CpmReason reason;       /* why the member is out */
  char *text;             /* (nullable): what was said with a decline */
  char *device;           /* (nullable): the device that accepted */
  int error;              /* a CpmError + 1 for a refusal, else 0 */
  /* a CpmError + 1 when the member cannot take the present content, else 0 */
  int content_error;
  char *error_text;       /* (nullable): the sentence for either */
  /* of a lost member; of one who accepted, until when its media have to come; else 0 */
  int64_t grace_until_us;
  /* how often the viewer has said to go, or not to come: what they asked for before counts no more.
   * It does not travel */
  unsigned n_goings;
} CpmMember;

/**
 * CpmSession:
 *
 * One share: who shows what to whom, and how it stands. A table of allowed edges
 * (cpm-session-table.c), without I/O and without a clock. The owner (the relay of the sharer's
 * home) advances it by cpm_session_apply(); a client holds the copy that the owner
 * sent, and asks cpm_session_check() what may be done.
 */
#define CPM_TYPE_SESSION (cpm_session_get_type ())
G_DECLARE_FINAL_TYPE (CpmSession, cpm_session, CPM, SESSION, GObject)

#define CPM_SESSION_RING_US   (45 * G_USEC_PER_SEC)
#define CPM_SESSION_GRACE_US  (30 * G_USEC_PER_SEC)
/* for media to come: the sharer's, or to a viewer */
#define CPM_SESSION_MEDIA_US  (15 * G_USEC_PER_SEC)
#define CPM_SESSION_MAX_MEMBERS 50

/* A new session in state inviting, and the actions that begin it (RING for each
 * viewer). @viewers is a %NULL-terminated array of distinct normal addresses that
 * does not hold @sharer. @expires_us is real time. */
CpmSession      *cpm_session_new             (const char         *id,
                                              const char         *sharer,
                                              const char * const *viewers,
                                              const CpmContent   *content,
                                              int64_t             expires_us,
                                              GPtrArray          *actions);

/* Of a new session: the @conversation (nullable) to whose people it is shown, and the share
 * (nullable) that was handed over and that it @continues. */
void             cpm_session_set_origin      (CpmSession *self,
                                              const char *conversation,
                                              const char *continues);

/* Applies @event. On success rev has advanced if anything changed, and what is to do is appended to
 * @actions (of #CpmSessionAction). Refused edges set %CPM_ERROR_BAD_STATE (or _FORBIDDEN when
 * somebody says a verb that is not theirs, _EXPIRED, _NOT_FOUND for a stranger, and the viewer's
 * own error for a switch that no viewer can take) and change nothing. */
gboolean         cpm_session_apply           (CpmSession             *self,
                                              const CpmSessionEvent  *event,
                                              int64_t                 now_us,
                                              GPtrArray              *actions,
                                              GError                **error);

/* @who allows viewers @allow. As cpm_session_apply(): it is the sharer's to say, while the share
 * lives. */
gboolean         cpm_session_allow           (CpmSession  *self,
                                              const char  *who,
                                              CpmAllow     allow,
                                              GPtrArray   *actions,
                                              GError     **error);

/* Of a copy whose owner is gone: it has ended, "lost". */
void             cpm_session_give_up         (CpmSession *self);

/* Whether @who may say @verb now, and it would change something, without doing it. For buttons.
 * Looks at no clock: an invitation that has expired is one when the owner says so. */
gboolean         cpm_session_check           (CpmSession      *self,
                                              CpmSessionVerb   verb,
                                              const char      *who,
                                              GError         **error);

/* The next moment at which a TICK can change something, or 0. */
int64_t          cpm_session_get_deadline_us (CpmSession *self);

/* The body of `share.state`, and back. Strangers' bytes: sets %CPM_ERROR_BAD_ENVELOPE. */
JsonObject      *cpm_session_to_json         (CpmSession  *self);
CpmSession      *cpm_session_new_from_json   (JsonObject  *object,
                                              GError     **error);

const char      *cpm_session_get_id          (CpmSession *self);
const char      *cpm_session_get_sharer      (CpmSession *self);
CpmSessionState  cpm_session_get_state       (CpmSession *self);
int64_t          cpm_session_get_rev         (CpmSession *self); /* 1 at first */
CpmReason        cpm_session_get_reason      (CpmSession *self);
const char      *cpm_session_get_by          (CpmSession *self); /* (nullable): who ended it */
int64_t          cpm_session_get_expires_us  (CpmSession *self);
const CpmContent *cpm_session_get_content    (CpmSession *self);
unsigned         cpm_session_get_content_n   (CpmSession *self); /* 1 at first, +1 per switch */
gboolean         cpm_session_get_media_up    (CpmSession *self); /* the sharer's media flow */
/* of a held share: until when the sharer is waited for; of an active one: until when the sharer's
 * media are; else 0 */
int64_t          cpm_session_get_grace_us    (CpmSession *self);
const char      *cpm_session_get_conversation (CpmSession *self); /* (nullable) */
/* (nullable): the share that it continues */
const char      *cpm_session_get_continues   (CpmSession *self);
/* (nullable): the share that continues it ... */
const char      *cpm_session_get_next        (CpmSession *self);
/* (nullable): ... and who shares there */
const char      *cpm_session_get_heir        (CpmSession *self);
CpmAllow         cpm_session_get_allow       (CpmSession *self);
unsigned         cpm_session_get_n_members   (CpmSession *self);
const CpmMember *cpm_session_get_member      (CpmSession *self,
                                              unsigned    index);
const CpmMember *cpm_session_find_member     (CpmSession *self,
                                              const char *who); /* (nullable) */
gboolean         cpm_session_involves        (CpmSession *self,
                                              const char *who);

/* Whether @state is one in which a member has said yes: accepted, joined or lost. */
gboolean         cpm_member_state_is_in      (CpmMemberState state);

/* Whether it is one in which a member was asked and has not answered yet: invited or ringing. */
gboolean         cpm_member_state_is_waiting (CpmMemberState state);

const char      *cpm_session_state_to_string (CpmSessionState state);
const char      *cpm_member_state_to_string  (CpmMemberState state);
const char      *cpm_reason_to_string        (CpmReason reason);
const char      *cpm_session_verb_to_string  (CpmSessionVerb verb);
gboolean         cpm_session_state_from_string (const char *text, CpmSessionState *out_state);
gboolean         cpm_member_state_from_string  (const char *text, CpmMemberState *out_state);
gboolean         cpm_reason_from_string        (const char *text, CpmReason *out_reason);

/* The two tables as a Mermaid state diagram, for docs/protocol.md. (transfer full) */
char            *cpm_session_table_to_diagram (void);

G_END_DECLS
