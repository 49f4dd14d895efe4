/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Searches everything that can happen in a share: from the invitation on, in every state that can
 * be reached (session-space.h), every event is tried on the real code, and what came of it is
 * judged by rules (session-rules.h). */

#include "session-rules.h"
#include "session-space.h"

#include "cpm-json.h"

#include <string.h>

#define QUICK_DEPTH 7

typedef struct
{
  unsigned from;
  unsigned to;
} Edge;

typedef struct
{
  Space space;
  unsigned max_depth;    /* how many events after the invitation are searched */
  GArray *natural_edges; /* of Edge: without the sharer's stop and the relay's end */
  uint64_t n_transitions;
  GError *forbidden;
  GError *absent;
} Search;

static GHashTable *
make_refusals (Search   *search,
               unsigned  refusing)
{
  GHashTable *refusals;

  if (refusing == 0)
    return NULL;

  refusals = g_hash_table_new (g_str_hash, g_str_equal);
  for (unsigned i = 0; i < search->space.n_viewers; i++)
    {
      if (refusing & (1u << i))
        g_hash_table_insert (refusals, (char *) viewers[i], search->forbidden);
    }

  return refusals;
}

static gboolean
apply (Search       *search,
       CpmSession   *session,
       const Event  *event,
       GPtrArray    *actions,
       GError      **error)
{
  g_autoptr (GHashTable) refusals = make_refusals (search, event->refusing);
  const CpmSessionEvent session_event = {
    .verb = event->verb,
    .who = rules_get_name (event->viewer),
    .device = event->device,
    .reason = event->verb == CPM_VERB_DECLINE ? CPM_REASON_LATER : CPM_REASON_NONE,
    .content = cpm_session_get_content (session),
    .error = event->error,
    .heir = event->verb == CPM_VERB_HAND_OVER ? viewers[event->heir] : NULL,
    .next = NEXT,
    .refusals = refusals,
  };

  return cpm_session_apply (session, &session_event, NOW_US, actions, error);
}

/* The state that is being explored: as JSON, as it is, and as it is played with. */
typedef struct
{
  unsigned number;
  State state;
  JsonObject *object;
  CpmSession *before;
  CpmSession *session;
} Place;

/* Tries @event on the place's session, which is loaded again when it has changed. */
static void
try_event (Search      *search,
           Place       *place,
           const Event *event)
{
  g_autoptr (GPtrArray) actions = NULL;
  g_autoptr (GError) error = NULL;
  CpmSession *session = place->session;
  Told told = place->state.told;
  gboolean ok;
  Edge edge = { place->number, 0 };

  actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  ok = apply (search, session, event, actions, &error);
  search->n_transitions++;

  g_assert_cmpint (ok, ==, error == NULL);
  rules_check_answer (place->before, session, event, error);

  if (cpm_session_get_rev (session) == cpm_session_get_rev (place->before))
    {
      g_assert_cmpuint (actions->len, ==, 0);
      return;
    }

  g_assert_true (ok);
  if (event->verb == CPM_VERB_ACCEPT || event->verb == CPM_VERB_JOIN)
    told.said_yes[event->viewer] = TRUE;

  rules_check_step (search->space.n_viewers, place->before, session, event, actions);
  rules_follow_actions (session, event->verb, actions, &told);
  rules_check_state (session, &told);

  edge.to = space_add (&search->space, session, 0, &told, place->state.depth + 1);
  if (event->viewer >= 0 || event->verb == CPM_VERB_TICK)
    g_array_append_val (search->natural_edges, edge);

  g_object_unref (session);
  place->session = space_load_session (place->object);
}

/* The clock goes on to the next deadline; nobody has looked at it yet. */
static void
let_time_pass (Search *search,
               Place  *place)
{
  int64_t deadline_us = cpm_session_get_deadline_us (place->before);
  Edge edge = { place->number, 0 };

  if (deadline_us <= NOW_US)
    return;

  edge.to = space_add (&search->space, place->before, deadline_us - NOW_US, &place->state.told,
                       place->state.depth + 1);
  g_array_append_val (search->natural_edges, edge);
  search->n_transitions++;
}

static void
try_viewer (Search *search,
            Place  *place,
            int     viewer)
{
  const Event events[] = {
    { CPM_VERB_RINGING, viewer },
    { CPM_VERB_ACCEPT, viewer, DEVICE },
    { CPM_VERB_DECLINE, viewer },
    { CPM_VERB_STOP, viewer },
    { CPM_VERB_LEAVE, viewer },
    { CPM_VERB_JOIN, viewer, DEVICE },
    { CPM_VERB_REFUSE, viewer, NULL, search->forbidden },
    { CPM_VERB_REFUSE, viewer, NULL, search->absent },
    { CPM_VERB_MEDIA_UP, viewer },
    { CPM_VERB_MEDIA_DOWN, viewer },
    { CPM_VERB_LOST, viewer },
    { CPM_VERB_LOST, viewer, OTHER_DEVICE },
    { CPM_VERB_RESUMED, viewer },
    { CPM_VERB_RESUMED, viewer, OTHER_DEVICE },
    { CPM_VERB_HAND_OVER, viewer },
    { CPM_VERB_CANCEL, viewer },
    { CPM_VERB_SWITCH, viewer },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (events); i++)
    try_event (search, place, &events[i]);

  if (search->space.n_viewers == 1 || g_test_slow ())
    try_event (search, place, &(Event) { CPM_VERB_JOIN, viewer, OTHER_DEVICE });

  /* A second device never gets in beside the first one. */
  if (cpm_member_state_is_in (cpm_session_get_member (place->before, (unsigned) viewer)->state))
    try_event (search, place, &(Event) { CPM_VERB_ACCEPT, viewer, OTHER_DEVICE });
}

/* Whether @refusing is the mirror image of a set that is tried, too. */
static gboolean
is_told_of_twin (const State *state,
                 unsigned     refusing)
{
  for (unsigned i = 1; i < MAX_VIEWERS; i++)
    {
      if (state->is_twin[i] && (refusing & (1u << i)) && !(refusing & (1u << (i - 1))))
        return TRUE;
    }

  return FALSE;
}

static void
explore (Search   *search,
         unsigned  number)
{
  const State *state = space_get (&search->space, number);
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (JsonObject) object_after = NULL;
  g_autofree char *text_after = NULL;
  const Event others[] = {
    { CPM_VERB_CANCEL, BY_SHARER },
    { CPM_VERB_STOP, BY_SHARER },
    { CPM_VERB_MEDIA_UP, BY_SHARER },
    { CPM_VERB_MEDIA_DOWN, BY_SHARER },
    { CPM_VERB_LOST, BY_SHARER },
    { CPM_VERB_RESUMED, BY_SHARER },
    { CPM_VERB_ACCEPT, BY_SHARER },
    { CPM_VERB_TICK, BY_NOBODY },
    { CPM_VERB_SHUTDOWN, BY_NOBODY },
    { CPM_VERB_STOP, BY_STRANGER },
    { CPM_VERB_JOIN, BY_STRANGER },
    { CPM_VERB_MEDIA_UP, BY_NOBODY },
  };
  Place place = { number, *state };

  object = cpm_json_parse (state->text, strlen (state->text), CPM_JSON_MAX_BYTES, NULL);
  place.object = object;
  place.before = space_load_session (object);
  place.session = space_load_session (object);

  let_time_pass (search, &place);
  for (unsigned i = 0; i < search->space.n_viewers; i++)
    {
      if (!state->is_twin[i])
        try_viewer (search, &place, (int) i);
    }

  for (size_t i = 0; i < G_N_ELEMENTS (others); i++)
    try_event (search, &place, &others[i]);

  for (unsigned heir = 0; heir < search->space.n_viewers; heir++)
    try_event (search, &place, &(Event) { CPM_VERB_HAND_OVER, BY_SHARER, .heir = heir });

  for (unsigned refusing = 0; refusing < 1u << search->space.n_viewers; refusing++)
    {
      if (!is_told_of_twin (state, refusing))
        try_event (search, &place, &(Event) { CPM_VERB_SWITCH, BY_SHARER, .refusing = refusing });
    }

  /* All that was refused or no news has left no trace. */
  object_after = cpm_session_to_json (place.session);
  text_after = cpm_json_to_text (object_after);
  g_assert_cmpstr (text_after, ==, state->text);

  g_object_unref (place.before);
  g_object_unref (place.session);
}

/* Every state leads to the end without the sharer's or the relay's doing: by what
 * viewers do, and by time. */
static void
check_everything_ends (Search *search)
{
  g_autofree gboolean *ends = g_new0 (gboolean, search->space.states->len);
  gboolean more = TRUE;
  unsigned n_ending = 0;

  for (unsigned i = 0; i < search->space.ended->len; i++)
    ends[g_array_index (search->space.ended, unsigned, i)] = TRUE;

  /* From the last edge to the first: an edge leads mostly to a higher number. */
  while (more)
    {
      more = FALSE;
      for (unsigned i = search->natural_edges->len; i-- > 0; )
        {
          const Edge *edge = &g_array_index (search->natural_edges, Edge, i);

          if (ends[edge->to] && !ends[edge->from])
            more = ends[edge->from] = TRUE;
        }
    }

  for (unsigned i = 0; i < search->space.states->len; i++)
    n_ending += ends[i];

  g_assert_cmpuint (search->space.ended->len, >, 0);
  g_assert_cmpuint (n_ending, ==, search->space.states->len);
}

static void
begin (Search *search)
{
  const char *names[MAX_VIEWERS + 1] = { NULL };
  g_autoptr (CpmContent) content = cpm_content_new (CPM_CONTENT_CAMERA, TRUE, NULL);
  g_autoptr (CpmSession) session = NULL;
  g_autoptr (GPtrArray) actions = NULL;
  Told told = { 0 };

  memcpy (names, viewers, search->space.n_viewers * sizeof names[0]);
  actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  session = cpm_session_new (ID, SHARER, names, content, NOW_US + CPM_SESSION_RING_US, actions);
  g_assert_cmpuint (actions->len, ==, search->space.n_viewers);
  for (unsigned i = 0; i < search->space.n_viewers; i++)
    g_assert_cmpuint (rules_count_actions (actions, CPM_ACTION_RING, viewers[i]), ==, 1);

  rules_check_state (session, &told);
  space_add (&search->space, session, 0, &told, 0);
}

static void
test_search (gconstpointer data)
{
  Search search = { .max_depth = G_MAXUINT };
  unsigned number;

  space_init (&search.space, GPOINTER_TO_UINT (data));

  /* All of it takes minutes: "-m slow". */
  if (search.space.n_viewers == MAX_VIEWERS && !g_test_slow ())
    search.max_depth = QUICK_DEPTH;

  search.natural_edges = g_array_new (FALSE, FALSE, sizeof (Edge));
  search.forbidden = g_error_new_literal (CPM_ERROR, CPM_ERROR_FORBIDDEN, "Not for you.");
  search.absent = g_error_new_literal (CPM_ERROR, CPM_ERROR_UNAVAILABLE, "Not here.");

  begin (&search);
  for (number = 0; number < search.space.states->len; number++)
    {
      if (space_get (&search.space, number)->depth >= search.max_depth)
        break;
      explore (&search, number);
    }

  if (number == search.space.states->len)
    check_everything_ends (&search);
  g_test_message ("%u viewers, %s: %u states, %u of them ended, %" G_GUINT64_FORMAT " transitions",
                  search.space.n_viewers,
                  number == search.space.states->len ? "all" : "the first of",
                  search.space.states->len, search.space.ended->len, search.n_transitions);

  space_clear (&search.space);
  g_array_unref (search.natural_edges);
  g_clear_error (&search.forbidden);
  g_clear_error (&search.absent);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/session-search/one-viewer", GUINT_TO_POINTER (1), test_search);
  g_test_add_data_func ("/session-search/two-viewers", GUINT_TO_POINTER (2), test_search);
  g_test_add_data_func ("/session-search/three-viewers", GUINT_TO_POINTER (3), test_search);

  return g_test_run ();
}
