/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Searches everything that can happen in a share: from the invitation on, in every state that can be reached, every event is tried
 * on the real code, and what came of it is judged by rules that do not know how the machine works (check_* below).
 *
 * A state is what cpm_session_to_json() says, without what only counts up (rev, n), with its times counted from now, and with its
 * viewers sorted: who is called how makes no difference. With it goes what the relay was told so far (Told). */

#include "cpm-json.h"
#include "cpm-session.h"

#include <string.h>

#define MAX_VIEWERS 3
#define QUICK_DEPTH 7
#define SHARER "alice@a.test"
#define STRANGER "mallory@a.test"
#define ID "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define DEVICE "017f22e2-79b0-7cc3-98c4-dc0c0c073990"
#define OTHER_DEVICE "017f22e2-79b0-7cc3-98c4-dc0c0c073991"
#define NEXT "017f22e2-79b0-7cc3-98c4-dc0c0c073992"
#define NOW_US (1000 * G_USEC_PER_SEC)

static const char * const viewers[MAX_VIEWERS + 1] = { "b@a.test", "c@a.test", "d@a.test", NULL };

/* What the actions have told the relay until now, and what the viewers have said. */
typedef struct
{
  gboolean said_yes[MAX_VIEWERS];
  gboolean admitted[MAX_VIEWERS];
  gboolean media_open;
} Told;

typedef struct
{
  char *text;
  unsigned depth;
  Told told;

  /* Of the viewer before: what can happen to the one can happen to the other. */
  gboolean is_twin[MAX_VIEWERS];
} State;

/* The sort of thing that can happen; `refusing` is a set of viewers, as bits. */
typedef struct
{
  CpmSessionVerb verb;
  int viewer;           /* index, or one of the following */
  const char *device;
  const GError *error;
  unsigned refusing;
  unsigned heir;        /* of a hand-over: index */
} Event;

#define BY_SHARER -1
#define BY_NOBODY -2
#define BY_STRANGER -3

typedef struct
{
  unsigned from;
  unsigned to;
} Edge;

typedef struct
{
  unsigned n_viewers;
  unsigned max_depth;     /* how many events after the invitation are searched */
  GHashTable *numbers;    /* key of a state → its number + 1 */
  GPtrArray *states;      /* of State */
  GArray *natural_edges;  /* of Edge: without the sharer's stop and the relay's end */
  GArray *ended;          /* of unsigned */
  uint64_t n_transitions;
  GError *forbidden;
  GError *absent;
} Search;

static void
free_state (State *state)
{
  g_free (state->text);
  g_free (state);
}

static const char *
get_name (int viewer)
{
  return viewer >= 0 ? viewers[viewer]
       : viewer == BY_SHARER ? SHARER
       : viewer == BY_STRANGER ? STRANGER : NULL;
}

/* The canonical form */

/* Times count from now, and have no meaning after the end. */
static int64_t
shift_time (int64_t at_us,
            int64_t shift_us)
{
  return MAX (at_us - shift_us, NOW_US);
}

static void
shift_times (JsonObject *object,
             int64_t     shift_us)
{
  static const char * const times[] = { "expires", "grace" };

  for (size_t i = 0; i < G_N_ELEMENTS (times); i++)
    {
      int64_t at_us = cpm_json_get_int (object, times[i], 0);

      if (at_us != 0)
        json_object_set_int_member (object, times[i], shift_time (at_us, shift_us));
    }
}

static void
append_int (GString *key,
            int64_t  value)
{
  if (value >= 0 && value <= 9)
    g_string_append_c (key, (char) ('0' + value));
  else
    g_string_append_printf (key, "%" G_GINT64_FORMAT, value);
}

/* Whether @name says what is the same in all states, only counts up, or has a place of its own. */
static gboolean
is_left_out (const char *name)
{
  static const char * const names[] = {
    "share", "rev", "sharer", "by", "n", "content", "members", "who", "next", NULL
  };

  return g_strv_contains (names, name);
}

/* It stands for the text, which takes far longer to make. */
static void
append_key (GString    *key,
            JsonObject *object,
            int64_t     shift_us)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      if (is_left_out (name))
        continue;

      g_string_append_c (key, ' ');
      g_string_append (key, name);
      g_string_append_c (key, ':');
      if (JSON_NODE_HOLDS_OBJECT (node))
        append_key (key, json_node_get_object (node), shift_us);
      else if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_string_append (key, json_node_get_string (node));
      else if (g_str_equal (name, "expires") || g_str_equal (name, "grace"))
        append_int (key, shift_time (json_node_get_int (node), shift_us) - NOW_US);
      else
        append_int (key, json_node_get_int (node));
    }
}

typedef struct
{
  unsigned index;
  char *key;
} SortedMember;

static int
compare_members (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (((const SortedMember *) a)->key, ((const SortedMember *) b)->key);
}

/* The key of the state; @sorted is set to its members in their canonical order. */
static char *
make_key (Search       *search,
          JsonObject   *object,
          int64_t       shift_us,
          const Told   *told,
          SortedMember *sorted)
{
  const char *by = cpm_json_get_string (object, "by", NULL);
  JsonArray *members = cpm_json_get_array (object, "members");
  GString *key = g_string_new (NULL);

  for (unsigned i = 0; i < search->n_viewers; i++)
    {
      JsonObject *member = json_array_get_object_element (members, i);
      GString *member_key = g_string_new (NULL);

      append_key (member_key, member, shift_us);
      append_int (member_key, told->said_yes[i]);
      append_int (member_key, told->admitted[i]);
      append_int (member_key, g_strcmp0 (by, viewers[i]) == 0);
      sorted[i].index = i;
      sorted[i].key = g_string_free (member_key, FALSE);
    }

  qsort (sorted, search->n_viewers, sizeof sorted[0], compare_members);

  append_key (key, object, shift_us);
  append_int (key, told->media_open);
  append_int (key, g_strcmp0 (by, SHARER) == 0);
  for (unsigned i = 0; i < search->n_viewers; i++)
    {
      g_string_append_c (key, '|');
      g_string_append (key, sorted[i].key);
    }

  return g_string_free (key, FALSE);
}

/* Puts the members into their canonical order, and gives them the names that belong to it. */
static State *
make_state (Search             *search,
            JsonObject         *object,
            int64_t             shift_us,
            const Told         *told,
            const SortedMember *sorted)
{
  State *state = g_new0 (State, 1);
  g_autofree char *by = g_strdup (cpm_json_get_string (object, "by", NULL));
  JsonArray *members = cpm_json_get_array (object, "members");
  JsonArray *sorted_members = json_array_new ();

  state->told.media_open = told->media_open;
  for (unsigned i = 0; i < search->n_viewers; i++)
    {
      unsigned index = sorted[i].index;
      JsonObject *member = json_array_get_object_element (members, index);

      if (g_strcmp0 (by, viewers[index]) == 0)
        json_object_set_string_member (object, "by", viewers[i]);

      json_object_set_string_member (member, "who", viewers[i]);
      shift_times (member, shift_us);
      json_array_add_object_element (sorted_members, json_object_ref (member));
      state->told.said_yes[i] = told->said_yes[index];
      state->told.admitted[i] = told->admitted[index];
      state->is_twin[i] = i > 0 && g_str_equal (sorted[i].key, sorted[i - 1].key);
    }

  shift_times (object, shift_us);
  json_object_set_int_member (object, "rev", 1);
  json_object_set_int_member (object, "n", 1);
  json_object_set_array_member (object, "members", sorted_members);
  state->text = cpm_json_to_text (object);

  return state;
}

/* Returns the number of the state. */
static unsigned
add_state (Search     *search,
           CpmSession *session,
           int64_t     time_passed_us,
           const Told *told,
           unsigned    depth)
{
  State *state;
  gboolean ended = cpm_session_get_state (session) == CPM_SESSION_ENDED;
  g_autoptr (JsonObject) object = cpm_session_to_json (session);
  SortedMember sorted[MAX_VIEWERS];
  int64_t shift_us = ended ? G_MAXINT64 : time_passed_us;
  g_autofree char *key = make_key (search, object, shift_us, told, sorted);
  unsigned number = GPOINTER_TO_UINT (g_hash_table_lookup (search->numbers, key));

  if (number == 0)
    {
      state = make_state (search, object, shift_us, told, sorted);
      state->depth = depth;
      g_ptr_array_add (search->states, state);
      number = search->states->len;
      g_hash_table_insert (search->numbers, g_steal_pointer (&key), GUINT_TO_POINTER (number));
      if (ended)
        {
          unsigned index = number - 1;

          g_array_append_val (search->ended, index);
        }
    }

  for (unsigned i = 0; i < search->n_viewers; i++)
    g_free (sorted[i].key);

  return number - 1;
}

static CpmSession *
load_session (JsonObject *object)
{
  g_autoptr (GError) error = NULL;
  CpmSession *session = cpm_session_new_from_json (object, &error);

  g_assert_no_error (error);
  return session;
}

/* The rules */

static unsigned
count_actions (GPtrArray            *actions,
               CpmSessionActionType  type,
               const char           *who)
{
  unsigned count = 0;

  for (unsigned i = 0; i < actions->len; i++)
    {
      const CpmSessionAction *action = g_ptr_array_index (actions, i);

      if (action->type == type && (who == NULL || g_strcmp0 (action->who, who) == 0))
        count++;
    }

  return count;
}

/* What must hold of every state, however it was reached. */
static void
check_state (CpmSession *session,
             const Told *told)
{
  CpmSessionState state = cpm_session_get_state (session);
  int64_t deadline_us = cpm_session_get_deadline_us (session);
  gboolean alive = state != CPM_SESSION_ENDED;
  gboolean somebody = FALSE;

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);
      gboolean in = cpm_member_state_is_in (member->state);
      gboolean waiting = member->state <= CPM_MEMBER_RINGING;
      gboolean awaits_media;

      somebody |= in || waiting;
      g_assert_cmpint (in, ==, told->said_yes[i]);
      g_assert_cmpint (!in && !waiting, ==, member->reason != CPM_REASON_NONE);
      g_assert_false (member->error != 0 && member->content_error != 0);
      g_assert_cmpint (member->error_text != NULL, ==,
                       member->error != 0 || member->content_error != 0);
      if (member->state == CPM_MEMBER_REFUSED)
        g_assert_cmpint (member->error, !=, 0);
      if (!alive)
        {
          g_assert_false (waiting);
          continue;
        }

      /* Rights are never exceeded: who may not or cannot take the content does not receive it. */
      if (told->admitted[i])
        g_assert_true (in && member->content_error == 0 && told->media_open);
      if (member->state == CPM_MEMBER_JOINED)
        g_assert_true (told->admitted[i]);
      awaits_media = member->state == CPM_MEMBER_ACCEPTED && member->content_error == 0
                     && cpm_session_get_media_up (session);
      if (awaits_media)
        g_assert_true (told->admitted[i]);

      /* What waits has an end. */
      if (waiting || awaits_media || member->state == CPM_MEMBER_LOST)
        g_assert_cmpint (deadline_us, !=, 0);
      if (waiting)
        g_assert_cmpint (deadline_us, <=, cpm_session_get_expires_us (session));
      if (awaits_media || member->state == CPM_MEMBER_LOST)
        g_assert_cmpint (deadline_us, <=, member->grace_until_us);
      g_assert_cmpint (member->grace_until_us != 0, ==, awaits_media || member->state == CPM_MEMBER_LOST);
      if (in)
        g_assert_cmpint (state, !=, CPM_SESSION_INVITING);
    }

  g_assert_cmpint (alive, ==, cpm_session_get_reason (session) == CPM_REASON_NONE);
  g_assert_cmpint (told->media_open, ==, alive && state != CPM_SESSION_INVITING);
  if (alive)
    g_assert_true (somebody);
  else
    g_assert_cmpint (deadline_us, ==, 0);
  if (state == CPM_SESSION_HELD || (state == CPM_SESSION_ACTIVE && !cpm_session_get_media_up (session)))
    g_assert_cmpint (deadline_us, !=, 0);
  g_assert_cmpint (cpm_session_get_reason (session) == CPM_REASON_HANDED_OVER, ==, cpm_session_get_next (session) != NULL);
  if (cpm_session_get_media_up (session))
    g_assert_true (told->media_open);
  if (cpm_session_get_by (session) != NULL)
    g_assert_true (!alive && cpm_session_involves (session, cpm_session_get_by (session)));
}

/* Keeps the books of the relay, and says no to what it must not be told. */
static void
follow_actions (CpmSession     *session,
                CpmSessionVerb  verb,
                GPtrArray      *actions,
                Told           *told)
{
  gboolean was_open = told->media_open;
  gboolean ended = cpm_session_get_state (session) == CPM_SESSION_ENDED;

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    told->said_yes[i] &= cpm_member_state_is_in (cpm_session_get_member (session, i)->state);

  for (unsigned n = 0; n < actions->len; n++)
    {
      const CpmSessionAction *action = g_ptr_array_index (actions, n);
      unsigned i = 0;

      while (action->who != NULL && g_strcmp0 (viewers[i], action->who) != 0)
        g_assert_nonnull (viewers[++i]);

      switch (action->type)
        {
        case CPM_ACTION_OPEN_MEDIA:
          g_assert_false (told->media_open || ended);
          told->media_open = TRUE;
          break;

        case CPM_ACTION_ADMIT:
          g_assert_nonnull (action->who);
          g_assert_true (told->said_yes[i] && told->media_open && !ended);

          /* Twice only to who comes back. */
          g_assert_true (!told->admitted[i] || verb == CPM_VERB_RESUMED || verb == CPM_VERB_JOIN
                         || verb == CPM_VERB_MEDIA_UP || verb == CPM_VERB_MEDIA_DOWN);
          told->admitted[i] = TRUE;
          break;

        case CPM_ACTION_EXPEL:
          g_assert_nonnull (action->who);
          told->admitted[i] = FALSE;
          break;

        case CPM_ACTION_CLOSE_MEDIA:
          g_assert_true (told->media_open && ended);
          told->media_open = FALSE;
          memset (told->admitted, 0, sizeof told->admitted);
          break;

        case CPM_ACTION_TELL:
          g_assert_cmpuint (n, ==, actions->len - 1);
          break;

        case CPM_ACTION_MISSED:
          g_assert_nonnull (action->who);
          break;

        case CPM_ACTION_RING:
        default:
          g_assert_not_reached ();
        }
    }

  g_assert_cmpuint (count_actions (actions, CPM_ACTION_TELL, NULL), ==, 1);
  g_assert_cmpuint (count_actions (actions, CPM_ACTION_CLOSE_MEDIA, NULL), ==, ended && was_open);
}

/* What one event made of one member. */
static void
check_member_step (const CpmMember *before,
                   const CpmMember *after,
                   const Event     *event,
                   gboolean         is_theirs,
                   unsigned         refuses,
                   GPtrArray       *actions)
{
  gboolean was_in = cpm_member_state_is_in (before->state);
  gboolean is_in = cpm_member_state_is_in (after->state);

  /* Nobody is in without having said so, and nobody who was refused comes in. */
  if (is_in && !was_in)
    g_assert_true (is_theirs
                   && event->verb == (before->state <= CPM_MEMBER_RINGING ? CPM_VERB_ACCEPT
                                                                          : CPM_VERB_JOIN));
  if (before->state == CPM_MEMBER_REFUSED)
    g_assert_cmpint (after->state, ==, CPM_MEMBER_REFUSED);
  if (after->state == CPM_MEMBER_REFUSED && before->state != CPM_MEMBER_REFUSED)
    g_assert_true (is_theirs && event->verb == CPM_VERB_REFUSE
                   && (was_in || event->error->code != CPM_ERROR_UNAVAILABLE));

  /* One device carries; another one takes over only from one that is lost, and what that one had ends. */
  if (was_in && is_in && g_strcmp0 (before->device, after->device) != 0)
    {
      g_assert_cmpint (before->state, ==, CPM_MEMBER_LOST);
      g_assert_true (before->content_error != 0 || count_actions (actions, CPM_ACTION_EXPEL, after->who) == 1);
    }

  /* Who did not speak stays where they are, unless the share ends, time has passed, or the
   * content is not for them. */
  if (!is_theirs && before->state != after->state)
    g_assert_true (after->state == CPM_MEMBER_MISSED
                   || event->verb == CPM_VERB_TICK
                   || (event->verb == CPM_VERB_SWITCH && refuses));

  g_assert_cmpuint (count_actions (actions, CPM_ACTION_MISSED, after->who), ==,
                    after->state == CPM_MEMBER_MISSED && before->state != CPM_MEMBER_MISSED
                    && event->verb != CPM_VERB_HAND_OVER);

  if (event->verb == CPM_VERB_SWITCH && before->state != CPM_MEMBER_REFUSED)
    g_assert_cmpint (after->content_error != 0, ==, refuses != 0);
  else if (is_in && !was_in && event->verb == CPM_VERB_JOIN) /* which was asked anew */
    g_assert_cmpint (after->content_error, ==, 0);
  else if (after->state != CPM_MEMBER_REFUSED && after->state != CPM_MEMBER_MISSED)
    g_assert_cmpint (after->content_error, ==, before->content_error);
}

static void
check_deserted (Search      *search,
                CpmSession  *before,
                CpmSession  *after,
                const Event *event)
{
  for (unsigned i = 0; i < search->n_viewers; i++)
    {
      gboolean was_waiting = cpm_session_get_member (before, i)->state <= CPM_MEMBER_RINGING;

      g_assert_false (cpm_member_state_is_in (cpm_session_get_member (after, i)->state));
      g_assert_true (!was_waiting || event->viewer == (int) i || event->verb == CPM_VERB_TICK);
    }
}

static void
check_step (Search      *search,
            CpmSession  *before,
            CpmSession  *after,
            const Event *event,
            GPtrArray   *actions)
{
  CpmSessionState from = cpm_session_get_state (before);
  CpmSessionState to = cpm_session_get_state (after);
  gboolean somebody_in = FALSE;
  gboolean somebody_takes = FALSE;

  /* Nothing moves after the end, and nothing goes back to the invitation. */
  g_assert_cmpint (from, !=, CPM_SESSION_ENDED);
  g_assert_true (from == to || to != CPM_SESSION_INVITING);
  g_assert_cmpint (cpm_session_get_rev (after), ==, cpm_session_get_rev (before) + 1);
  g_assert_cmpuint (cpm_session_get_content_n (after), ==,
                    cpm_session_get_content_n (before) + (event->verb == CPM_VERB_SWITCH));

  for (unsigned i = 0; i < search->n_viewers; i++)
    {
      const CpmMember *member = cpm_session_get_member (before, i);
      unsigned refuses = event->refusing & (1u << i);
      gboolean is_in = cpm_member_state_is_in (member->state);

      somebody_in |= is_in;
      somebody_takes |= is_in && !refuses;
      check_member_step (member, cpm_session_get_member (after, i), event,
                         event->viewer == (int) i, refuses, actions);
    }

  switch (event->verb)
    {
    case CPM_VERB_ACCEPT:
      g_assert_cmpint (cpm_session_get_expires_us (before), >, NOW_US);
      break;

    case CPM_VERB_SWITCH:
      g_assert_cmpint (from, ==, CPM_SESSION_ACTIVE);
      g_assert_true (somebody_takes || !somebody_in);
      break;

    case CPM_VERB_CANCEL:
      g_assert_true (from == CPM_SESSION_INVITING && to == CPM_SESSION_ENDED);
      break;

    case CPM_VERB_STOP:
    case CPM_VERB_LEAVE:
      if (event->viewer == BY_SHARER || search->n_viewers == 1)
        {
          g_assert_cmpint (to, ==, CPM_SESSION_ENDED);
          g_assert_cmpint (cpm_session_get_reason (after), ==, CPM_REASON_STOPPED);
          g_assert_cmpstr (cpm_session_get_by (after), ==, get_name (event->viewer));
        }
      else if (to == CPM_SESSION_ENDED)
        {
          g_assert_cmpint (cpm_session_get_reason (after), ==, CPM_REASON_LEFT);
        }
      break;

    case CPM_VERB_TICK:
      g_assert_cmpint (cpm_session_get_deadline_us (before), <=, NOW_US);
      break;

    case CPM_VERB_HAND_OVER:
      g_assert_true (from == CPM_SESSION_ACTIVE && to == CPM_SESSION_ENDED);
      g_assert_cmpint (cpm_session_get_member (before, event->heir)->state, <=, CPM_MEMBER_JOINED);
      break;

    case CPM_VERB_MEDIA_DOWN:
      g_assert_true (event->viewer != BY_SHARER || !cpm_session_get_media_up (after));
      break;

    case CPM_VERB_RINGING:
    case CPM_VERB_DECLINE:
    case CPM_VERB_JOIN:
    case CPM_VERB_REFUSE:
    case CPM_VERB_MEDIA_UP:
    case CPM_VERB_LOST:
    case CPM_VERB_RESUMED:
    case CPM_VERB_SHUTDOWN:
    default:
      break;
    }

  /* Viewers and time end it only when it is deserted. */
  if (to == CPM_SESSION_ENDED
      && (event->viewer >= 0
          || (event->verb == CPM_VERB_TICK && cpm_session_get_grace_us (before) == 0)))
    check_deserted (search, before, after, event);

  /* In a share of two it ends as the one viewer went out of it. */
  if (search->n_viewers == 1 && to == CPM_SESSION_ENDED && event->viewer >= 0)
    {
      g_assert_cmpint (cpm_session_get_reason (after), ==,
                       cpm_session_get_member (after, 0)->reason);
      g_assert_cmpstr (cpm_session_get_by (after), ==, viewers[0]);
    }
}

/* The search */

static GHashTable *
make_refusals (Search   *search,
               unsigned  refusing)
{
  GHashTable *refusals;

  if (refusing == 0)
    return NULL;

  refusals = g_hash_table_new (g_str_hash, g_str_equal);
  for (unsigned i = 0; i < search->n_viewers; i++)
    {
      if (refusing & (1u << i))
        g_hash_table_insert (refusals, (char *) viewers[i], search->forbidden);
    }

  return refusals;
}

static gboolean
apply (Search      *search,
       CpmSession  *session,
       const Event *event,
       GPtrArray   *actions,
       GError     **error)
{
  g_autoptr (GHashTable) refusals = make_refusals (search, event->refusing);
  const CpmSessionEvent session_event = {
    .verb = event->verb,
    .who = get_name (event->viewer),
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

/* What everybody must be told, whatever the viewers' states: the code of an error, or -1 for
 * "it depends". */
static int
find_certain_error (CpmSession  *before,
                    const Event *event)
{
  gboolean begins = event->verb == CPM_VERB_ACCEPT || event->verb == CPM_VERB_JOIN
                    || event->verb == CPM_VERB_SWITCH;

  if (event->viewer == BY_STRANGER
      || (event->viewer == BY_NOBODY && event->verb == CPM_VERB_MEDIA_UP))
    return CPM_ERROR_NOT_FOUND;

  if (event->viewer >= 0 && (event->verb == CPM_VERB_CANCEL || event->verb == CPM_VERB_SWITCH
                             || event->verb == CPM_VERB_HAND_OVER))
    return CPM_ERROR_FORBIDDEN;

  if (event->viewer == BY_SHARER && event->verb == CPM_VERB_ACCEPT)
    return CPM_ERROR_FORBIDDEN;

  if (begins && cpm_session_get_state (before) == CPM_SESSION_ENDED)
    return CPM_ERROR_BAD_STATE;

  if (event->verb == CPM_VERB_ACCEPT && event->device != NULL && event->viewer >= 0
      && cpm_member_state_is_in (cpm_session_get_member (before, (unsigned) event->viewer)->state)
      && g_strcmp0 (event->device, cpm_session_get_member (before, (unsigned) event->viewer)->device) != 0)
    return CPM_ERROR_CONFLICT;

  return -1;
}

static void
check_answer (CpmSession   *before,
              CpmSession   *after,
              const Event  *event,
              const GError *error)
{
  int64_t deadline_us = cpm_session_get_deadline_us (before);
  int certain = find_certain_error (before, event);

  if (error != NULL)
    g_assert_cmpint (error->domain, ==, CPM_ERROR);

  if (certain >= 0)
    g_assert_error (error, CPM_ERROR, certain);

  /* What is due happens. */
  if (event->verb == CPM_VERB_TICK)
    g_assert_cmpint (cpm_session_get_rev (after) != cpm_session_get_rev (before), ==,
                     deadline_us != 0 && deadline_us <= NOW_US);
}

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
  check_answer (place->before, session, event, error);

  if (cpm_session_get_rev (session) == cpm_session_get_rev (place->before))
    {
      g_assert_cmpuint (actions->len, ==, 0);
      return;
    }

  g_assert_true (ok);
  if (event->verb == CPM_VERB_ACCEPT || event->verb == CPM_VERB_JOIN)
    told.said_yes[event->viewer] = TRUE;

  check_step (search, place->before, session, event, actions);
  follow_actions (session, event->verb, actions, &told);
  check_state (session, &told);

  edge.to = add_state (search, session, 0, &told, place->state.depth + 1);
  if (event->viewer >= 0 || event->verb == CPM_VERB_TICK)
    g_array_append_val (search->natural_edges, edge);

  g_object_unref (session);
  place->session = load_session (place->object);
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

  edge.to = add_state (search, place->before, deadline_us - NOW_US, &place->state.told,
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

  if (search->n_viewers == 1 || g_test_slow ())
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
  const State *state = g_ptr_array_index (search->states, number);
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
  place.before = load_session (object);
  place.session = load_session (object);

  let_time_pass (search, &place);
  for (unsigned i = 0; i < search->n_viewers; i++)
    {
      if (!state->is_twin[i])
        try_viewer (search, &place, (int) i);
    }

  for (size_t i = 0; i < G_N_ELEMENTS (others); i++)
    try_event (search, &place, &others[i]);

  for (unsigned heir = 0; heir < search->n_viewers; heir++)
    try_event (search, &place, &(Event) { CPM_VERB_HAND_OVER, BY_SHARER, .heir = heir });

  for (unsigned refusing = 0; refusing < 1u << search->n_viewers; refusing++)
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
  g_autofree gboolean *ends = g_new0 (gboolean, search->states->len);
  gboolean more = TRUE;
  unsigned n_ending = 0;

  for (unsigned i = 0; i < search->ended->len; i++)
    ends[g_array_index (search->ended, unsigned, i)] = TRUE;

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

  for (unsigned i = 0; i < search->states->len; i++)
    n_ending += ends[i];

  g_assert_cmpuint (search->ended->len, >, 0);
  g_assert_cmpuint (n_ending, ==, search->states->len);
}

static void
begin (Search *search)
{
  const char *names[MAX_VIEWERS + 1] = { NULL };
  g_autoptr (CpmContent) content = cpm_content_new (CPM_CONTENT_CAMERA, TRUE, NULL);
  g_autoptr (CpmSession) session = NULL;
  g_autoptr (GPtrArray) actions = NULL;
  Told told = { 0 };

  memcpy (names, viewers, search->n_viewers * sizeof names[0]);
  actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  session = cpm_session_new (ID, SHARER, names, content, NOW_US + CPM_SESSION_RING_US, actions);
  g_assert_cmpuint (actions->len, ==, search->n_viewers);
  for (unsigned i = 0; i < search->n_viewers; i++)
    g_assert_cmpuint (count_actions (actions, CPM_ACTION_RING, viewers[i]), ==, 1);

  check_state (session, &told);
  add_state (search, session, 0, &told, 0);
}

static void
test_search (gconstpointer data)
{
  Search search = { .n_viewers = GPOINTER_TO_UINT (data), .max_depth = G_MAXUINT };
  unsigned number;

  /* All of it takes minutes: "-m slow". */
  if (search.n_viewers == MAX_VIEWERS && !g_test_slow ())
    search.max_depth = QUICK_DEPTH;

  search.numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  search.states = g_ptr_array_new_with_free_func ((GDestroyNotify) free_state);
  search.natural_edges = g_array_new (FALSE, FALSE, sizeof (Edge));
  search.ended = g_array_new (FALSE, FALSE, sizeof (unsigned));
  search.forbidden = g_error_new_literal (CPM_ERROR, CPM_ERROR_FORBIDDEN, "Not for you.");
  search.absent = g_error_new_literal (CPM_ERROR, CPM_ERROR_UNAVAILABLE, "Not here.");

  begin (&search);
  for (number = 0; number < search.states->len; number++)
    {
      if (((State *) g_ptr_array_index (search.states, number))->depth >= search.max_depth)
        break;
      explore (&search, number);
    }

  if (number == search.states->len)
    check_everything_ends (&search);
  g_test_message ("%u viewers, %s: %u states, %u of them ended, %" G_GUINT64_FORMAT " transitions",
                  search.n_viewers, number == search.states->len ? "all" : "the first of",
                  search.states->len, search.ended->len, search.n_transitions);

  g_hash_table_unref (search.numbers);
  g_ptr_array_unref (search.states);
  g_array_unref (search.natural_edges);
  g_array_unref (search.ended);
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
