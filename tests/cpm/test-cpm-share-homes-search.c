/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Searches what can happen in a share between two homes: see World.
 *
 * From every state that is reached everything is mended, and then both homes must agree; and from
 * there people and time alone must bring the share to its end. */

#include "share-homes-world.h"

#define QUICK_DEPTH 7
#define SLOW_DEPTH 11
#define QUICK_LATE_DEPTH 5
#define SLOW_LATE_DEPTH 8
#define MAX_ON_THE_WAY 2

typedef struct
{
  World *world;
  unsigned depth;
} Place;

typedef struct
{
  GHashTable *seen;
  GPtrArray *places;
  uint64_t n_transitions;
} Search;

static void
place_free (Place *place)
{
  world_free (place->world);
  g_free (place);
}

/* What has to hold always. */
static void
check_world (const World *world)
{
  CpmSession *known = cpm_share_replica_get_session (world->guest);

  /* Nobody out has media, and nobody without the sharer's home knowing who. */
  if (world->is_admitted)
    g_assert_true (world_viewer_is_in (world->owner));

  /* One device carries. */
  g_assert_false (world->carries[0] && world->carries[1]);
  for (unsigned i = 0; i < N_DEVICES; i++)
    g_assert_false (world->rings[i] && world->carries[i]);

  /* The copy is never ahead of what it is a copy of. */
  if (known != NULL && world->owner != NULL &&
      cpm_share_replica_get_state (world->guest) != CPM_REPLICA_ENDED)
    g_assert_cmpint (known->rev, <=, world->owner->rev);

  /* What is alive looks at the clock again. */
  if (cpm_share_replica_get_state (world->guest) != CPM_REPLICA_ENDED &&
      cpm_share_replica_get_deadline_us (world->guest) == 0)
    {
      gboolean is_asking = FALSE;

      for (unsigned i = 0; i < world->asks->len; i++)
        is_asking |= g_array_index (world->asks, Ask, i).kind == ASK_SYNC;
      g_assert_true (is_asking);
    }
}

/* Everything is delivered; new things come of it, but not for ever. */
static void
let_all_arrive (World *world)
{
  for (unsigned n = 0; world_deliver_state (world) || world_deliver_ask (world) ||
                       world_answer_entrance (world, FALSE) || world_deliver_answer (world);
       n++)
    {
      g_assert_cmpuint (n, <, 100);
      check_world (world);
    }
}

static void
check_agreement (const World *world)
{
  CpmSession *known = cpm_share_replica_get_session (world->guest);
  CpmReplicaState state = cpm_share_replica_get_state (world->guest);
  gboolean is_asked = world->owner != NULL &&
                      cpm_member_state_is_waiting (cpm_session_get_member (world->owner, 0)->state);

  g_assert_null (cpm_share_replica_get_claim (world->guest));

  /* Forgotten by the owner: ended here. */
  if (world->owner == NULL)
    {
      g_assert_true (state == CPM_REPLICA_ENDED || known == NULL);
      return;
    }

  /* What this home has taken for lost the owner may still know: its viewer is out of it in time, as
   * nobody answers. */
  if (state == CPM_REPLICA_ENDED && known != NULL && world->owner->state != CPM_SESSION_ENDED)
    g_assert_cmpint (known->reason, ==, CPM_REASON_LOST);
  else if (known != NULL)
    g_assert_cmpint (known->state, ==, world->owner->state);

  if (state == CPM_REPLICA_LIVE)
    {
      const CpmMember *mine = cpm_session_get_member (known, 0);
      const CpmMember *theirs = cpm_session_get_member (world->owner, 0);

      g_assert_cmpint (known->rev, ==, world->owner->rev);
      g_assert_cmpint (mine->state, ==, theirs->state);
      g_assert_cmpstr (mine->device, ==, theirs->device);

      /* The owner knows who is here. */
      if (cpm_member_state_is_in (theirs->state) && theirs->device != NULL &&
          world->owner->state != CPM_SESSION_ENDED)
        g_assert_cmpint (theirs->state == CPM_MEMBER_LOST, !=,
                         world->is_here[world_find_device (theirs->device)]);
    }

  for (unsigned i = 0; i < N_DEVICES; i++)
    {
      if (state == CPM_REPLICA_LIVE && world->is_here[i])
        g_assert_cmpint (world->rings[i], ==, is_asked);
      else
        g_assert_false (world->rings[i]);
    }

  if (!world->was_told)
    g_assert_false (world_viewer_is_in (world->owner));

  /* What was said before does not bring back who has gone. */
  if (world->has_gone)
    g_assert_false (world_viewer_is_in (world->owner));
}

/* Whatever has happened: when it is mended both know the same, and in the end it ends. */
static void
check_mended (const World *world)
{
  g_autoptr (World) mended = world_copy (world);

  /* The links have broken once more; and are there. */
  world_break_link (mended);
  world_break_back (mended);
  world_mend_link (mended);
  world_mend_back (mended);
  let_all_arrive (mended);
  check_agreement (mended);

  for (unsigned i = 0; i < N_DEVICES; i++)
    world_device_goes (mended, i);
  world_owner_sees (mended, CPM_VERB_LOST, SHARER, 0);
  let_all_arrive (mended);
  for (unsigned n = 0; mended->owner != NULL && mended->owner->state != CPM_SESSION_ENDED; n++)
    {
      g_assert_cmpuint (n, <, 10);
      g_assert_cmpint (cpm_session_get_deadline_us (mended->owner), !=, 0);
      world_owner_sees (mended, CPM_VERB_TICK, NULL, cpm_session_get_deadline_us (mended->owner));
      let_all_arrive (mended);
    }
  g_assert_false (mended->is_admitted);
  if (cpm_share_replica_get_session (mended->guest) != NULL)
    g_assert_cmpint (cpm_share_replica_get_session (mended->guest)->state, ==, CPM_SESSION_ENDED);
}

/* An owner that never comes back: the viewer's home does not wait for ever. */
static void
check_alone (const World *world)
{
  g_autoptr (World) alone = world_copy (world);

  world_break_link (alone);
  world_break_back (alone);
  for (unsigned n = 0; n < 3; n++)
    {
      world_guest_checks (alone, n < 2 ? 0 : FAR_US);
      for (unsigned i = alone->asks->len; i-- > 0; )
        world_give_up_ask (alone, i);
      g_array_set_size (alone->asks, 0);
    }
  g_assert_cmpint (cpm_share_replica_get_state (alone->guest), ==, CPM_REPLICA_ENDED);
  for (unsigned i = 0; i < N_DEVICES; i++)
    g_assert_false (alone->rings[i] || alone->carries[i]);
}

/* The search */

static void
add_place (Search   *search,
           World    *world,
           unsigned  depth)
{
  Place *place;
  char *key = world_make_key (world);

  if (!g_hash_table_add (search->seen, key))
    {
      world_free (world);
      return;
    }

  check_world (world);
  check_mended (world);
  check_alone (world);
  place = g_new0 (Place, 1);
  place->world = world;
  place->depth = depth;
  g_ptr_array_add (search->places, place);
}

/* What can happen; the last ones for each device. */
typedef enum
{
  EVENT_STATE_ARRIVES,
  EVENT_ASK_ARRIVES,
  EVENT_ANSWER_ARRIVES,
  EVENT_ENTRANCE_ANSWERED,
  EVENT_ENTRANCE_LATE,
  EVENT_FIRST_ASK_LATE,
  EVENT_SECOND_ASK_LATE,
  EVENT_LINK_BREAKS,
  EVENT_LINK_MENDED,
  EVENT_BACK_BREAKS,
  EVENT_BACK_MENDED,
  EVENT_OWNER_RESTARTS,
  EVENT_GUEST_RESTARTS,
  EVENT_HOME_LOST,
  EVENT_SHARER_STOPS,
  EVENT_SHARERS_MEDIA_UP,
  EVENT_SHARERS_MEDIA_DOWN,
  EVENT_SHARER_LOST,
  EVENT_SHARER_RESUMED,
  EVENT_VIEWERS_MEDIA_UP,
  EVENT_VIEWERS_MEDIA_DOWN,
  EVENT_OWNER_TICK,
  EVENT_GUEST_CHECKS,
  EVENT_GUEST_GIVES_UP,
  EVENT_RIGHT_CHANGES,
  EVENT_DEVICE
} EventKind;

static gboolean
happens_to_owner (World          *world,
                  CpmSessionVerb  verb,
                  const char     *who)
{
  int64_t rev = world->owner != NULL ? world->owner->rev : 0;
  int64_t now_us = verb == CPM_VERB_TICK && world->owner != NULL
                     ? cpm_session_get_deadline_us (world->owner)
                     : 0;

  world_owner_sees (world, verb, who, now_us);
  return world->owner != NULL && world->owner->rev != rev;
}

static gboolean
happens_to_device (World    *world,
                   unsigned  what)
{
  static const CpmSessionVerb verbs[] = { CPM_VERB_RINGING, CPM_VERB_ACCEPT, CPM_VERB_DECLINE,
                                          CPM_VERB_STOP, CPM_VERB_JOIN };
  unsigned device = what % N_DEVICES;

  what /= N_DEVICES;
  if (what < G_N_ELEMENTS (verbs))
    return world_device_says (world, verbs[what], device);

  return what == G_N_ELEMENTS (verbs) ? world_device_goes (world, device)
                                      : world_device_comes (world, device);
}

#define N_EVENTS (EVENT_DEVICE + 7 * N_DEVICES)

/* Returns %FALSE when nothing came of it. */
static gboolean
happen (World    *world,
        unsigned  event)
{
  switch ((EventKind) MIN (event, EVENT_DEVICE))
    {
    case EVENT_STATE_ARRIVES:
      return world_deliver_state (world);
    case EVENT_ASK_ARRIVES:
      return world_deliver_ask (world);
    case EVENT_ANSWER_ARRIVES:
      return world_deliver_answer (world);
    case EVENT_ENTRANCE_ANSWERED:
      return world_answer_entrance (world, FALSE);
    case EVENT_ENTRANCE_LATE:
      return world_answer_entrance (world, TRUE);
    case EVENT_FIRST_ASK_LATE:
    case EVENT_SECOND_ASK_LATE:
      return event - EVENT_FIRST_ASK_LATE < world->asks->len &&
             world_give_up_ask (world, event - EVENT_FIRST_ASK_LATE);
    case EVENT_LINK_BREAKS:
      return world_break_link (world);
    case EVENT_LINK_MENDED:
      return world_mend_link (world);
    case EVENT_BACK_BREAKS:
      return world_break_back (world);
    case EVENT_BACK_MENDED:
      return world_mend_back (world);
    case EVENT_OWNER_RESTARTS:
      return world_restart_owner (world);
    case EVENT_GUEST_RESTARTS:
      return world_restart_guest (world);
    case EVENT_HOME_LOST:
      return !world->is_link_up && happens_to_owner (world, CPM_VERB_LOST, VIEWER);
    case EVENT_SHARER_STOPS:
      return happens_to_owner (world, CPM_VERB_STOP, SHARER);
    case EVENT_SHARERS_MEDIA_UP:
      return happens_to_owner (world, CPM_VERB_MEDIA_UP, SHARER);
    case EVENT_SHARERS_MEDIA_DOWN:
      return happens_to_owner (world, CPM_VERB_MEDIA_DOWN, SHARER);
    case EVENT_SHARER_LOST:
      return happens_to_owner (world, CPM_VERB_LOST, SHARER);
    case EVENT_SHARER_RESUMED:
      return happens_to_owner (world, CPM_VERB_RESUMED, SHARER);
    case EVENT_VIEWERS_MEDIA_UP:
      return happens_to_owner (world, CPM_VERB_MEDIA_UP, VIEWER);
    case EVENT_VIEWERS_MEDIA_DOWN:
      return happens_to_owner (world, CPM_VERB_MEDIA_DOWN, VIEWER);
    case EVENT_OWNER_TICK:
      return happens_to_owner (world, CPM_VERB_TICK, NULL);
    case EVENT_GUEST_CHECKS:
      return world_guest_checks (world, 0);
    case EVENT_GUEST_GIVES_UP:
      return cpm_share_replica_get_deadline_us (world->guest) > CPM_REPLICA_CHECK_US &&
             world_guest_checks (world, FAR_US);
    case EVENT_RIGHT_CHANGES:
      world->may_receive = !world->may_receive;
      return cpm_share_replica_get_session (world->guest) == NULL;
    case EVENT_DEVICE:
    default:
      return happens_to_device (world, event - EVENT_DEVICE);
    }
}

static void
explore (Search   *search,
         unsigned  number)
{
  const Place *place = search->places->pdata[number];
  unsigned depth = place->depth;

  for (unsigned event = 0; event < N_EVENTS; event++)
    {
      const World *before = ((Place *) search->places->pdata[number])->world;
      g_autoptr (World) world = world_copy (before);

      search->n_transitions++;
      if (happen (world, event) && world->states->len <= MAX_ON_THE_WAY &&
          world->asks->len <= MAX_ON_THE_WAY && world->entrances->len <= MAX_ON_THE_WAY)
        add_place (search, g_steal_pointer (&world), depth + 1);
    }
}

/* @world is (transfer full). */
static void
search_from (World      *world,
             const char *what,
             unsigned    max_depth)
{
  Search search = { 0 };
  unsigned number;

  search.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  search.places = g_ptr_array_new_with_free_func ((GDestroyNotify) place_free);
  add_place (&search, world, 0);
  for (number = 0; number < search.places->len; number++)
    {
      if (((Place *) search.places->pdata[number])->depth >= max_depth)
        break;
      explore (&search, number);
    }

  g_test_message ("two homes, two devices, %s, %u events deep%s: %u states, %" G_GUINT64_FORMAT
                  " transitions",
                  what, max_depth, number == search.places->len ? " (all)" : "", search.places->len,
                  search.n_transitions);
  g_hash_table_unref (search.seen);
  g_ptr_array_unref (search.places);
}

static void
test_search (void)
{
  search_from (world_new (FALSE), "from the invitation on",
               g_test_slow () ? SLOW_DEPTH : QUICK_DEPTH);
}

/* Who is out can come in as long as there are others. */
static void
test_search_late (void)
{
  search_from (world_new_left (), "declined, with others in it",
               g_test_slow () ? SLOW_LATE_DEPTH : QUICK_LATE_DEPTH);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/share-homes-search/two-homes", test_search);
  g_test_add_func ("/share-homes-search/late", test_search_late);

  return g_test_run ();
}
