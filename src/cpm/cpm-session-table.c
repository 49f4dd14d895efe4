/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-session-table"

#include "config.h"

#include "cpm-session-table.h"

typedef struct
{
  int from;
  int to;
  unsigned verbs;
} Edge;

#define RINGING  (1u << CPM_VERB_RINGING)
#define ACCEPT   (1u << CPM_VERB_ACCEPT)
#define DECLINE  (1u << CPM_VERB_DECLINE)
#define CANCEL   (1u << CPM_VERB_CANCEL)
#define SWITCH   (1u << CPM_VERB_SWITCH)
#define HAND_OVER (1u << CPM_VERB_HAND_OVER)
#define STOP     (1u << CPM_VERB_STOP)
#define LEAVE    (1u << CPM_VERB_LEAVE)
#define JOIN     (1u << CPM_VERB_JOIN)
#define REFUSE   (1u << CPM_VERB_REFUSE)
#define MEDIA_UP (1u << CPM_VERB_MEDIA_UP)
#define MEDIA_DOWN (1u << CPM_VERB_MEDIA_DOWN)
#define LOST     (1u << CPM_VERB_LOST)
#define RESUMED  (1u << CPM_VERB_RESUMED)
#define TICK     (1u << CPM_VERB_TICK)
#define SHUTDOWN (1u << CPM_VERB_SHUTDOWN)

/* The share. It ends by `leave`, `decline`, `refuse` or `tick` when these take the last
 * viewer out of it. */
static const Edge session_edges[] = {
  { CPM_SESSION_INVITING, CPM_SESSION_ACTIVE, ACCEPT | JOIN },
  { CPM_SESSION_INVITING, CPM_SESSION_HELD, ACCEPT | JOIN }, /* the sharer is lost meanwhile */
  { CPM_SESSION_INVITING, CPM_SESSION_ENDED, CANCEL | STOP | DECLINE | REFUSE | TICK | SHUTDOWN },
  { CPM_SESSION_ACTIVE, CPM_SESSION_ACTIVE, SWITCH },
  { CPM_SESSION_ACTIVE, CPM_SESSION_HELD, LOST },
  { CPM_SESSION_ACTIVE, CPM_SESSION_ENDED,
    HAND_OVER | STOP | LEAVE | DECLINE | REFUSE | TICK | SHUTDOWN },
  { CPM_SESSION_HELD, CPM_SESSION_ACTIVE, RESUMED },
  { CPM_SESSION_HELD, CPM_SESSION_ENDED, STOP | LEAVE | DECLINE | REFUSE | TICK | SHUTDOWN },
};

/* A viewer in it. Who has not answered when the share ends has missed it. */
static const Edge member_edges[] = {
  { CPM_MEMBER_INVITED, CPM_MEMBER_RINGING, RINGING },
  { CPM_MEMBER_INVITED, CPM_MEMBER_ACCEPTED, ACCEPT },
  { CPM_MEMBER_INVITED, CPM_MEMBER_DECLINED, DECLINE },
  { CPM_MEMBER_INVITED, CPM_MEMBER_MISSED, REFUSE | TICK | CANCEL | HAND_OVER | STOP | SHUTDOWN },
  { CPM_MEMBER_INVITED, CPM_MEMBER_REFUSED, REFUSE },
  { CPM_MEMBER_RINGING, CPM_MEMBER_ACCEPTED, ACCEPT },
  { CPM_MEMBER_RINGING, CPM_MEMBER_DECLINED, DECLINE },
  { CPM_MEMBER_RINGING, CPM_MEMBER_MISSED, REFUSE | TICK | CANCEL | HAND_OVER | STOP | SHUTDOWN },
  { CPM_MEMBER_RINGING, CPM_MEMBER_REFUSED, REFUSE },
  { CPM_MEMBER_ACCEPTED, CPM_MEMBER_JOINED, MEDIA_UP },
  { CPM_MEMBER_ACCEPTED, CPM_MEMBER_LOST, LOST },
  { CPM_MEMBER_ACCEPTED, CPM_MEMBER_LEFT, LEAVE | STOP | TICK }, /* the media never came */
  { CPM_MEMBER_ACCEPTED, CPM_MEMBER_REFUSED, REFUSE },
  /* to what the viewer cannot take */
  { CPM_MEMBER_JOINED, CPM_MEMBER_ACCEPTED, SWITCH | MEDIA_DOWN },
  { CPM_MEMBER_JOINED, CPM_MEMBER_LOST, LOST },
  { CPM_MEMBER_JOINED, CPM_MEMBER_LEFT, LEAVE | STOP },
  { CPM_MEMBER_JOINED, CPM_MEMBER_REFUSED, REFUSE },
  { CPM_MEMBER_LOST, CPM_MEMBER_ACCEPTED, RESUMED | JOIN },
  { CPM_MEMBER_LOST, CPM_MEMBER_LEFT, LEAVE | STOP | TICK },
  { CPM_MEMBER_LOST, CPM_MEMBER_REFUSED, REFUSE },
  { CPM_MEMBER_LEFT, CPM_MEMBER_ACCEPTED, JOIN },
  { CPM_MEMBER_DECLINED, CPM_MEMBER_ACCEPTED, JOIN },
  { CPM_MEMBER_MISSED, CPM_MEMBER_ACCEPTED, JOIN },
};

#define IN(state) (1u << CPM_MEMBER_ ## state)
#define OUT (IN (LEFT) | IN (DECLINED) | IN (MISSED) | IN (REFUSED))
#define S CPM_SPEAKER_SHARER
#define V CPM_SPEAKER_VIEWER
#define N CPM_SPEAKER_NOBODY

/* The verbs: name; whose; in which states of the member they are no news; whether they are fine
 * when the share has ended already. */
static const struct
{
  const char *name;
  unsigned speakers;
  unsigned repetitions;
  gboolean fine_when_late;
} verbs[CPM_N_SESSION_VERBS] = {
  [CPM_VERB_RINGING]  = { "ringing", V, ~IN (INVITED), TRUE },
  [CPM_VERB_ACCEPT]   = { "accept", V, IN (ACCEPTED) | IN (JOINED) | IN (LOST), FALSE },
  [CPM_VERB_DECLINE]  = { "decline", V, OUT, TRUE },
  [CPM_VERB_CANCEL]   = { "cancel", S, 0, TRUE },
  [CPM_VERB_SWITCH]   = { "switch", S, 0, FALSE },
  [CPM_VERB_HAND_OVER] = { "hand-over", S, 0, FALSE },
  [CPM_VERB_STOP]     = { "stop", S | V, OUT, TRUE },
  [CPM_VERB_LEAVE]    = { "leave", V, OUT, TRUE },
  [CPM_VERB_JOIN]     = { "join", V, IN (ACCEPTED) | IN (JOINED), FALSE },
  [CPM_VERB_REFUSE]   = { "refuse", V, OUT, TRUE },
  [CPM_VERB_MEDIA_UP] = { "media-up", S | V, IN (JOINED) | IN (LOST), TRUE },
  [CPM_VERB_MEDIA_DOWN] = { "media-down", S | V, ~IN (JOINED), TRUE },
  [CPM_VERB_LOST]     = { "lost", S | V, ~(IN (ACCEPTED) | IN (JOINED)), TRUE },
  [CPM_VERB_RESUMED]  = { "resumed", S | V, ~IN (LOST), TRUE },
  [CPM_VERB_TICK]     = { "tick", N, 0, TRUE },
  [CPM_VERB_SHUTDOWN] = { "shutdown", N, 0, TRUE },
};

static const char * const session_states[CPM_N_SESSION_STATES] = {
  [CPM_SESSION_INVITING] = "inviting",
  [CPM_SESSION_ACTIVE] = "active",
  [CPM_SESSION_HELD] = "held",
  [CPM_SESSION_ENDED] = "ended",
};

static const char * const member_states[CPM_N_MEMBER_STATES] = {
  [CPM_MEMBER_INVITED] = "invited",
  [CPM_MEMBER_RINGING] = "ringing",
  [CPM_MEMBER_ACCEPTED] = "accepted",
  [CPM_MEMBER_JOINED] = "joined",
  [CPM_MEMBER_LOST] = "lost",
  [CPM_MEMBER_LEFT] = "left",
  [CPM_MEMBER_DECLINED] = "declined",
  [CPM_MEMBER_MISSED] = "missed",
  [CPM_MEMBER_REFUSED] = "refused",
};

static const char * const reasons[CPM_N_REASONS] = {
  [CPM_REASON_NONE] = "none",
  [CPM_REASON_STOPPED] = "stopped",
  [CPM_REASON_CANCELLED] = "cancelled",
  [CPM_REASON_DECLINED] = "declined",
  [CPM_REASON_BUSY] = "busy",
  [CPM_REASON_LATER] = "later",
  [CPM_REASON_MISSED] = "missed",
  [CPM_REASON_UNAVAILABLE] = "unavailable",
  [CPM_REASON_REFUSED] = "refused",
  [CPM_REASON_LEFT] = "left",
  [CPM_REASON_LOST] = "lost",
  [CPM_REASON_MEDIA] = "media",
  [CPM_REASON_SHUTDOWN] = "shutdown",
  [CPM_REASON_HANDED_OVER] = "handed-over",
};

static gboolean
may_move (const Edge     *edges,
          size_t          n_edges,
          int             from,
          int             to,
          CpmSessionVerb  verb)
{
  for (size_t i = 0; i < n_edges; i++)
    {
      if (edges[i].from == from && edges[i].to == to)
        return (edges[i].verbs & (1u << verb)) != 0;
    }

  return FALSE;
}

static int
find_name (const char * const *names,
           int                 n_names,
           const char         *text)
{
  for (int i = 0; i < n_names; i++)
    {
      if (g_strcmp0 (names[i], text) == 0)
        return i;
    }

  return -1;
}

static void
print_edges (GString            *diagram,
             const Edge         *edges,
             size_t              n_edges,
             const char * const *names)
{
  g_string_append_printf (diagram, "    [*] --> %s\n", names[0]);

  for (size_t i = 0; i < n_edges; i++)
    {
      const char *separator = ": ";

      g_string_append_printf (diagram, "    %s --> %s", names[edges[i].from], names[edges[i].to]);
      for (int verb = 0; verb < CPM_N_SESSION_VERBS; verb++)
        {
          if (edges[i].verbs & (1u << verb))
            {
              g_string_append_printf (diagram, "%s%s", separator, verbs[verb].name);
              separator = ", ";
            }
        }
      g_string_append_c (diagram, '\n');
    }
}

gboolean
cpm_session_table_session_may_move (CpmSessionState from,
                                    CpmSessionState to,
                                    CpmSessionVerb  verb)
{
  return may_move (session_edges, G_N_ELEMENTS (session_edges), from, to, verb);
}

gboolean
cpm_session_table_member_may_move (CpmMemberState from,
                                   CpmMemberState to,
                                   CpmSessionVerb verb)
{
  return may_move (member_edges, G_N_ELEMENTS (member_edges), from, to, verb);
}

gboolean
cpm_session_table_is_repetition (CpmSessionVerb verb,
                                 CpmMemberState state)
{
  return (verbs[verb].repetitions & (1u << state)) != 0;
}

gboolean
cpm_session_table_is_late_but_fine (CpmSessionVerb verb)
{
  return verbs[verb].fine_when_late;
}

gboolean
cpm_session_table_may_speak (CpmSessionVerb verb,
                             CpmSpeaker     speaker)
{
  return (verbs[verb].speakers & speaker) != 0;
}

const char *
cpm_session_state_to_string (CpmSessionState state)
{
  g_return_val_if_fail (state < CPM_N_SESSION_STATES, NULL);

  return session_states[state];
}

const char *
cpm_member_state_to_string (CpmMemberState state)
{
  g_return_val_if_fail (state < CPM_N_MEMBER_STATES, NULL);

  return member_states[state];
}

const char *
cpm_reason_to_string (CpmReason reason)
{
  g_return_val_if_fail (reason < CPM_N_REASONS, NULL);

  return reasons[reason];
}

const char *
cpm_session_verb_to_string (CpmSessionVerb verb)
{
  g_return_val_if_fail (verb < CPM_N_SESSION_VERBS, NULL);

  return verbs[verb].name;
}

gboolean
cpm_session_state_from_string (const char      *text,
                               CpmSessionState *out_state)
{
  int i = find_name (session_states, CPM_N_SESSION_STATES, text);

  g_return_val_if_fail (out_state != NULL, FALSE);

  if (i < 0)
    return FALSE;

  *out_state = (CpmSessionState) i;
  return TRUE;
}

gboolean
cpm_member_state_from_string (const char     *text,
                              CpmMemberState *out_state)
{
  int i = find_name (member_states, CPM_N_MEMBER_STATES, text);

  g_return_val_if_fail (out_state != NULL, FALSE);

  if (i < 0)
    return FALSE;

  *out_state = (CpmMemberState) i;
  return TRUE;
}

gboolean
cpm_reason_from_string (const char *text,
                        CpmReason  *out_reason)
{
  int i = find_name (reasons, CPM_N_REASONS, text);

  g_return_val_if_fail (out_reason != NULL, FALSE);

  if (i < 0)
    return FALSE;

  *out_reason = (CpmReason) i;
  return TRUE;
}

char *
cpm_session_table_to_diagram (void)
{
  GString *diagram = g_string_new ("stateDiagram-v2\n  state share {\n");

  print_edges (diagram, session_edges, G_N_ELEMENTS (session_edges), session_states);
  g_string_append (diagram, "    ended --> [*]\n  }\n  state viewer {\n");
  print_edges (diagram, member_edges, G_N_ELEMENTS (member_edges), member_states);
  g_string_append (diagram, "  }\n");

  return g_string_free (diagram, FALSE);
}
