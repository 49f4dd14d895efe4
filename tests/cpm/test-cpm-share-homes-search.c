/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Searches what can happen in a share between two homes: the sharer's, which owns it (CpmSession), and that of the viewer, who has
 * two devices (CpmShareReplica), with the links between them, one in each direction, which lose what is on its way when they break,
 * and of which neither knows what the other has delivered. Requests may be late, may be carried out though no answer comes back, or may be
 * asked again. Either home may be restarted.
 *
 * From every state that is reached everything is mended, and then both homes must agree; and from there people and time alone must
 * bring the share to its end. */

#include "cpm-json.h"
#include "cpm-session-private.h"
#include "cpm-share-replica.h"

#include <string.h>

#define SHARER "alice@a.test"
#define VIEWER "emily@b.test"
#define ID "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define QUICK_DEPTH 7
#define SLOW_DEPTH 11
#define MAX_ON_THE_WAY 2
#define FAR_US (1000 * G_USEC_PER_SEC)

static const char * const devices[] = { "017f22e2-79b0-7cc3-98c4-dc0c0c073990", "017f22e2-79b0-7cc3-98c4-dc0c0c073991" };

#define N_DEVICES G_N_ELEMENTS (devices)

/* What the viewer's home asks of the owner. */
typedef enum
{
  ASK_VERB,
  ASK_SYNC,
  ASK_REFUSE
} AskKind;

typedef struct
{
  AskKind kind;
  CpmSessionVerb verb;
  int device;          /* index, or -1 */
  gboolean is_done;    /* the owner has answered, and the answer is on its way */
  gboolean is_awaited; /* else the viewer's home has given up on it */
  int code;            /* of the answer: a CpmError + 1, or 0 */
} Ask;

typedef struct
{
  CpmSession *owner;      /* (nullable): NULL when it was restarted */
  CpmShareReplica *guest;
  GPtrArray *states;      /* of CpmSession: on their way to the viewer's home */
  GArray *asks;           /* of Ask */
  gboolean is_link_up;    /* from the owner */
  gboolean is_back_up;    /* from the viewer's home */
  gboolean is_here[N_DEVICES];
  gboolean rings[N_DEVICES];
  gboolean carries[N_DEVICES]; /* has got the media */
  gboolean may_receive;   /* what the viewer's home thinks of it */
  gboolean is_admitted;   /* at the owner */
  gboolean was_told;
} World;

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

static World *
world_copy (const World *world)
{
  World *copy = g_new (World, 1);

  *copy = *world;
  copy->owner = world->owner != NULL ? cpm_session_copy (world->owner) : NULL;
  copy->guest = cpm_share_replica_copy (world->guest);
  copy->states = g_ptr_array_copy (world->states, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  g_ptr_array_set_free_func (copy->states, g_object_unref);
  copy->asks = g_array_copy (world->asks);

  return copy;
}

static void
world_free (World *world)
{
  g_clear_object (&world->owner);
  g_object_unref (world->guest);
  g_ptr_array_unref (world->states);
  g_array_unref (world->asks);
  g_free (world);
}

static void
place_free (Place *place)
{
  world_free (place->world);
  g_free (place);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/* Without what only counts up: how many revisions one is behind the newest is told by @newest. */
static void
append_session (GString    *key,
                CpmSession *session,
                int64_t     newest)
{
  const CpmMember *member;

  if (session == NULL)
    {
      g_string_append (key, "-;");
      return;
    }

  member = cpm_session_get_member (session, 0);
  g_string_append_printf (key, "%d,%d,%d,%d,%d,%d,%d,%d,%d,%s;", (int) MIN (newest - session->rev, 3), session->state,
                          session->reason, session->media_up, session->sharer_lost, session->grace_until_us != 0,
                          member->state, member->reason, member->grace_until_us != 0,
                          member->device != NULL ? member->device + 34 : "");
}

static char *
make_key (const World *world)
{
  GString *key = g_string_new (NULL);
  CpmSession *known = cpm_share_replica_get_session (world->guest);
  int64_t newest = world->owner != NULL ? world->owner->rev : known != NULL ? known->rev : 0;

  append_session (key, world->owner, newest);
  append_session (key, known, newest);
  g_string_append_printf (key, "%d,%s,%d|", cpm_share_replica_get_state (world->guest),
                          cpm_share_replica_get_claim (world->guest),
                          cpm_share_replica_get_deadline_us (world->guest) > CPM_REPLICA_CHECK_US);
  for (unsigned i = 0; i < world->states->len; i++)
    append_session (key, world->states->pdata[i], newest);
  for (unsigned i = 0; i < world->asks->len; i++)
    {
      const Ask *ask = &g_array_index (world->asks, Ask, i);

      g_string_append_printf (key, "|%d,%d,%d,%d,%d,%d", ask->kind, ask->verb, ask->device, ask->is_done, ask->is_awaited,
                              ask->code);
    }
  g_string_append_printf (key, "|%d%d%d%d%d", world->is_link_up, world->is_back_up, world->may_receive, world->is_admitted,
                          world->was_told);
  for (unsigned i = 0; i < N_DEVICES; i++)
    g_string_append_printf (key, "|%d%d%d", world->is_here[i], world->rings[i], world->carries[i]);

  return g_string_free (key, FALSE);
}

static gboolean
viewer_is_in (CpmSession *session)
{
  return session != NULL && session->state != CPM_SESSION_ENDED &&
         cpm_member_state_is_in (cpm_session_get_member (session, 0)->state);
}

/* What a device knows from the newest snapshot. */
static void
tell_device (World    *world,
             unsigned  i)
{
  CpmSession *session = cpm_share_replica_get_session (world->guest);
  const CpmMember *member = cpm_session_get_member (session, 0);
  gboolean is_carrier = cpm_share_replica_is_carried_by (world->guest, devices[i]);

  if (!world->is_here[i])
    return;

  world->was_told = TRUE;
  world->rings[i] = session->state != CPM_SESSION_ENDED && cpm_member_state_is_waiting (member->state);
  world->carries[i] = is_carrier && session->state != CPM_SESSION_ENDED;
}

static void
add_ask (World          *world,
         AskKind         kind,
         CpmSessionVerb  verb,
         int             device)
{
  Ask ask = { kind, verb, device, .is_awaited = TRUE };

  g_array_append_val (world->asks, ask);
}

static int
find_device (const char *device)
{
  for (unsigned i = 0; i < N_DEVICES; i++)
    {
      if (g_strcmp0 (devices[i], device) == 0)
        return (int) i;
    }

  return -1;
}

static void
follow_guest (World     *world,
              GPtrArray *actions)
{
  for (unsigned n = 0; n < actions->len; n++)
    {
      const CpmReplicaAction *action = actions->pdata[n];
      int device = find_device (action->device);

      switch (action->type)
        {
        case CPM_REPLICA_TELL:
          /* Who is refused hears of nothing. */
          g_assert_cmpint (cpm_share_replica_get_state (world->guest), >=, CPM_REPLICA_LIVE);
          for (unsigned i = 0; i < N_DEVICES; i++)
            tell_device (world, i);
          break;

        case CPM_REPLICA_TAKEN:
          g_assert_cmpint (device, >=, 0);
          for (unsigned i = 0; i < N_DEVICES; i++)
            world->rings[i] &= i == (unsigned) device;
          break;

        case CPM_REPLICA_REFUSE:
          g_assert_nonnull (action->error);
          g_assert_false (world->may_receive);
          add_ask (world, ASK_REFUSE, CPM_VERB_REFUSE, -1);
          break;

        case CPM_REPLICA_SAY_LOST:
          g_assert_false (world->is_here[device]);
          add_ask (world, ASK_VERB, CPM_VERB_LOST, device);
          break;

        case CPM_REPLICA_SAY_RESUMED:
          g_assert_true (world->is_here[device]);
          add_ask (world, ASK_VERB, CPM_VERB_RESUMED, device);
          break;

        case CPM_REPLICA_SYNC:
          add_ask (world, ASK_SYNC, CPM_VERB_TICK, -1);
          break;

        default:
          g_assert_not_reached ();
        }
    }
}

static GPtrArray *
new_guest_actions (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_replica_action_free);
}

/* The owner says what it knows; on a broken link it goes nowhere. */
static void
owner_tells (World *world)
{
  if (world->owner != NULL && world->is_link_up)
    g_ptr_array_add (world->states, cpm_session_copy (world->owner));
}

/* Returns a CpmError + 1, or 0. */
static int
owner_applies (World                 *world,
               const CpmSessionEvent *event,
               int64_t                now_us)
{
  g_autoptr (GPtrArray) actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  g_autoptr (GError) error = NULL;

  if (world->owner == NULL)
    return CPM_ERROR_NOT_FOUND + 1;

  if (!cpm_session_apply (world->owner, event, now_us, actions, &error))
    return (int) cpm_error_of (error) + 1;

  for (unsigned i = 0; i < actions->len; i++)
    {
      const CpmSessionAction *action = actions->pdata[i];

      if (action->type == CPM_ACTION_ADMIT)
        world->is_admitted = TRUE;
      else if (action->type == CPM_ACTION_EXPEL || action->type == CPM_ACTION_CLOSE_MEDIA)
        world->is_admitted = FALSE;
      else if (action->type == CPM_ACTION_TELL)
        owner_tells (world);
    }

  return 0;
}

static void
owner_sees (World          *world,
            CpmSessionVerb  verb,
            const char     *who,
            int64_t         now_us)
{
  owner_applies (world, &(CpmSessionEvent) { .verb = verb, .who = who }, now_us);
}

/* The oldest request that is on its way reaches the owner. */
static gboolean
deliver_ask (World *world)
{
  g_autoptr (GError) refusal = g_error_new_literal (CPM_ERROR, CPM_ERROR_FORBIDDEN, "Not for her.");

  if (!world->is_back_up)
    return FALSE;

  for (unsigned i = 0; i < world->asks->len; i++)
    {
      Ask *ask = &g_array_index (world->asks, Ask, i);
      CpmSessionEvent event = { .verb = ask->verb, .who = VIEWER, .error = refusal };

      if (ask->is_done)
        continue;

      ask->is_done = TRUE;
      event.device = ask->device >= 0 ? devices[ask->device] : NULL;
      if (ask->kind != ASK_SYNC)
        ask->code = owner_applies (world, &event, 0);
      else if (world->owner != NULL)
        owner_tells (world);
      else
        ask->code = CPM_ERROR_NOT_FOUND + 1;

      /* owner_applies() does not add requests. */
      if (ask->kind == ASK_VERB && ask->code == 0 &&
          (ask->verb == CPM_VERB_ACCEPT || ask->verb == CPM_VERB_JOIN))
        g_assert_cmpstr (cpm_session_get_member (world->owner, 0)->device, ==, devices[ask->device]);
      if (!ask->is_awaited)
        g_array_remove_index (world->asks, i);
      return TRUE;
    }

  return FALSE;
}

static void
settle_ask (World *world,
            Ask    ask,
            int    code)
{
  g_autoptr (GPtrArray) actions = new_guest_actions ();
  g_autoptr (GError) error = code != 0 ? g_error_new_literal (CPM_ERROR, code - 1, "No.") : NULL;

  if (ask.kind == ASK_SYNC)
    cpm_share_replica_synced (world->guest, error, 0, actions);
  else if (ask.kind == ASK_VERB && ask.device >= 0)
    cpm_share_replica_answered (world->guest, ask.verb, devices[ask.device], error, actions);
  follow_guest (world, actions);
}

/* The first answer comes back. */
static gboolean
deliver_answer (World *world)
{
  for (unsigned i = 0; i < world->asks->len; i++)
    {
      Ask ask = g_array_index (world->asks, Ask, i);

      if (!ask.is_done)
        continue;

      g_array_remove_index (world->asks, i);
      settle_ask (world, ask, ask.code);
      return TRUE;
    }

  return FALSE;
}

/* The limit of a request is over, wherever it is. It may still be carried out. */
static gboolean
give_up_ask (World    *world,
             unsigned  i)
{
  Ask *ask = &g_array_index (world->asks, Ask, i);
  Ask copy = *ask;

  if (!ask->is_awaited)
    return FALSE;

  if (ask->is_done)
    g_array_remove_index (world->asks, i);
  else
    ask->is_awaited = FALSE;
  settle_ask (world, copy, CPM_ERROR_REMOTE_UNREACHABLE + 1);
  return TRUE;
}

static gboolean
deliver_state (World *world)
{
  g_autoptr (GPtrArray) actions = new_guest_actions ();
  g_autoptr (GError) refusal = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmSession) snapshot = NULL;
  int device;

  if (world->states->len == 0)
    return FALSE;

  snapshot = g_ptr_array_steal_index (world->states, 0);
  device = find_device (cpm_session_get_member (snapshot, 0)->device);
  if (!world->may_receive)
    refusal = g_error_new_literal (CPM_ERROR, CPM_ERROR_FORBIDDEN, "Not for her.");
  cpm_share_replica_take_state (world->guest, snapshot, refusal, device >= 0 && world->is_here[device], 0, actions, &error);
  g_assert_no_error (error);
  follow_guest (world, actions);
  return TRUE;
}

static gboolean
break_link (World *world)
{
  if (!world->is_link_up)
    return FALSE;

  world->is_link_up = FALSE;
  g_ptr_array_set_size (world->states, 0);
  return TRUE;
}

/* "When a link comes up, the owner says share.state of every live share to it" */
static gboolean
mend_link (World *world)
{
  if (world->is_link_up)
    return FALSE;

  world->is_link_up = TRUE;
  if (world->owner != NULL && world->owner->state != CPM_SESSION_ENDED)
    owner_tells (world);
  return TRUE;
}

/* What was not answered is asked again when the link is there, as long as somebody waits for it. */
static gboolean
break_back (World *world)
{
  if (!world->is_back_up)
    return FALSE;

  world->is_back_up = FALSE;
  for (unsigned i = world->asks->len; i-- > 0; )
    {
      Ask *ask = &g_array_index (world->asks, Ask, i);

      if (!ask->is_awaited)
        g_array_remove_index (world->asks, i);
      else
        ask->is_done = ask->code = 0;
    }
  return TRUE;
}

static gboolean
guest_checks (World   *world,
              int64_t  now_us)
{
  g_autoptr (GPtrArray) actions = new_guest_actions ();

  if (cpm_share_replica_get_state (world->guest) == CPM_REPLICA_ENDED)
    return FALSE;

  cpm_share_replica_check (world->guest, now_us, actions);
  follow_guest (world, actions);
  return TRUE;
}

/* "... and the other home says share.sync for each that it knows" */
static gboolean
mend_back (World *world)
{
  if (world->is_back_up)
    return FALSE;

  world->is_back_up = TRUE;
  if (cpm_share_replica_get_session (world->guest) != NULL)
    guest_checks (world, 0);
  return TRUE;
}

static gboolean
device_says (World          *world,
             CpmSessionVerb  verb,
             unsigned        device)
{
  g_autoptr (GPtrArray) actions = new_guest_actions ();
  g_autoptr (GError) error = NULL;
  const char *claim = cpm_share_replica_get_claim (world->guest);
  gboolean is_other = claim != NULL && !g_str_equal (claim, devices[device]);
  gboolean asks;

  if (!world->is_here[device] || !world->was_told)
    return FALSE;

  if (cpm_share_replica_say (world->guest, verb, devices[device], &asks, actions, &error))
    {
      /* The first one wins. */
      g_assert_true (!asks || !is_other || (verb != CPM_VERB_ACCEPT && verb != CPM_VERB_JOIN && verb != CPM_VERB_DECLINE));
      follow_guest (world, actions);
      if (asks)
        add_ask (world, ASK_VERB, verb, (int) device);
      return asks;
    }

  g_assert_cmpuint (actions->len, ==, 0);
  return FALSE;
}

static gboolean
device_goes (World    *world,
             unsigned  device)
{
  g_autoptr (GPtrArray) actions = new_guest_actions ();

  if (!world->is_here[device])
    return FALSE;

  world->is_here[device] = world->rings[device] = world->carries[device] = FALSE;
  cpm_share_replica_device_lost (world->guest, devices[device], actions);
  follow_guest (world, actions);
  return TRUE;
}

static gboolean
device_comes (World    *world,
              unsigned  device)
{
  g_autoptr (GPtrArray) actions = new_guest_actions ();

  if (world->is_here[device])
    return FALSE;

  world->is_here[device] = TRUE;
  if (cpm_share_replica_get_state (world->guest) == CPM_REPLICA_LIVE)
    tell_device (world, device);
  cpm_share_replica_device_resumed (world->guest, devices[device], actions);
  follow_guest (world, actions);
  return TRUE;
}

static gboolean
restart_owner (World *world)
{
  if (world->owner == NULL)
    return FALSE;

  break_link (world);
  break_back (world);
  g_clear_object (&world->owner);
  world->is_admitted = FALSE;
  return TRUE;
}

static gboolean
restart_guest (World *world)
{
  if (cpm_share_replica_get_session (world->guest) == NULL)
    return FALSE;

  break_link (world);
  break_back (world);
  g_array_set_size (world->asks, 0);
  g_object_unref (world->guest);
  world->guest = cpm_share_replica_new (VIEWER, 0);
  for (unsigned i = 0; i < N_DEVICES; i++)
    world->rings[i] = world->carries[i] = FALSE;
  return TRUE;
}

/* What has to hold always. */
static void
check_world (const World *world)
{
  CpmSession *known = cpm_share_replica_get_session (world->guest);

  /* Nobody out has media, and nobody without the sharer's home knowing who. */
  if (world->is_admitted)
    g_assert_true (viewer_is_in (world->owner));

  /* One device carries. */
  g_assert_false (world->carries[0] && world->carries[1]);
  for (unsigned i = 0; i < N_DEVICES; i++)
    g_assert_false (world->rings[i] && world->carries[i]);

  /* The copy is never ahead of what it is a copy of. */
  if (known != NULL && world->owner != NULL && cpm_share_replica_get_state (world->guest) != CPM_REPLICA_ENDED)
    g_assert_cmpint (known->rev, <=, world->owner->rev);

  /* What is alive looks at the clock again. */
  if (cpm_share_replica_get_state (world->guest) != CPM_REPLICA_ENDED && cpm_share_replica_get_deadline_us (world->guest) == 0)
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
  for (unsigned n = 0; deliver_state (world) || deliver_ask (world) || deliver_answer (world); n++)
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
  gboolean is_asked = world->owner != NULL && cpm_member_state_is_waiting (cpm_session_get_member (world->owner, 0)->state);

  g_assert_null (cpm_share_replica_get_claim (world->guest));

  /* Forgotten by the owner: ended here. */
  if (world->owner == NULL)
    {
      g_assert_true (state == CPM_REPLICA_ENDED || known == NULL);
      return;
    }

  /* What this home has taken for lost the owner may still know: its viewer is out of it in time, as nobody answers. */
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
      if (cpm_member_state_is_in (theirs->state) && theirs->device != NULL && world->owner->state != CPM_SESSION_ENDED)
        g_assert_cmpint (theirs->state == CPM_MEMBER_LOST, !=, world->is_here[find_device (theirs->device)]);
    }

  for (unsigned i = 0; i < N_DEVICES; i++)
    {
      if (state == CPM_REPLICA_LIVE && world->is_here[i])
        g_assert_cmpint (world->rings[i], ==, is_asked);
      else
        g_assert_false (world->rings[i]);
    }

  if (!world->was_told)
    g_assert_false (viewer_is_in (world->owner));
}

/* Whatever has happened: when it is mended both know the same, and in the end it ends. */
static void
check_mended (const World *world)
{
  g_autoptr (World) mended = world_copy (world);

  /* The links have broken once more; and are there. */
  break_link (mended);
  break_back (mended);
  mend_link (mended);
  mend_back (mended);
  let_all_arrive (mended);
  check_agreement (mended);

  for (unsigned i = 0; i < N_DEVICES; i++)
    device_goes (mended, i);
  owner_sees (mended, CPM_VERB_LOST, SHARER, 0);
  let_all_arrive (mended);
  for (unsigned n = 0; mended->owner != NULL && mended->owner->state != CPM_SESSION_ENDED; n++)
    {
      g_assert_cmpuint (n, <, 10);
      g_assert_cmpint (cpm_session_get_deadline_us (mended->owner), !=, 0);
      owner_sees (mended, CPM_VERB_TICK, NULL, cpm_session_get_deadline_us (mended->owner));
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

  break_link (alone);
  break_back (alone);
  for (unsigned n = 0; n < 3; n++)
    {
      guest_checks (alone, n < 2 ? 0 : FAR_US);
      for (unsigned i = alone->asks->len; i-- > 0; )
        give_up_ask (alone, i);
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
  char *key = make_key (world);

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
  int64_t now_us = verb == CPM_VERB_TICK && world->owner != NULL ? cpm_session_get_deadline_us (world->owner) : 0;

  owner_sees (world, verb, who, now_us);
  return world->owner != NULL && world->owner->rev != rev;
}

static gboolean
happens_to_device (World    *world,
                   unsigned  what)
{
  static const CpmSessionVerb verbs[] = { CPM_VERB_RINGING, CPM_VERB_ACCEPT, CPM_VERB_DECLINE, CPM_VERB_STOP, CPM_VERB_JOIN };
  unsigned device = what % N_DEVICES;

  what /= N_DEVICES;
  if (what < G_N_ELEMENTS (verbs))
    return device_says (world, verbs[what], device);

  return what == G_N_ELEMENTS (verbs) ? device_goes (world, device) : device_comes (world, device);
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
      return deliver_state (world);
    case EVENT_ASK_ARRIVES:
      return deliver_ask (world);
    case EVENT_ANSWER_ARRIVES:
      return deliver_answer (world);
    case EVENT_FIRST_ASK_LATE:
    case EVENT_SECOND_ASK_LATE:
      return event - EVENT_FIRST_ASK_LATE < world->asks->len && give_up_ask (world, event - EVENT_FIRST_ASK_LATE);
    case EVENT_LINK_BREAKS:
      return break_link (world);
    case EVENT_LINK_MENDED:
      return mend_link (world);
    case EVENT_BACK_BREAKS:
      return break_back (world);
    case EVENT_BACK_MENDED:
      return mend_back (world);
    case EVENT_OWNER_RESTARTS:
      return restart_owner (world);
    case EVENT_GUEST_RESTARTS:
      return restart_guest (world);
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
      return guest_checks (world, 0);
    case EVENT_GUEST_GIVES_UP:
      return cpm_share_replica_get_deadline_us (world->guest) > CPM_REPLICA_CHECK_US && guest_checks (world, FAR_US);
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
      if (happen (world, event) && world->states->len <= MAX_ON_THE_WAY && world->asks->len <= MAX_ON_THE_WAY)
        add_place (search, g_steal_pointer (&world), depth + 1);
    }
}

static World *
begin (void)
{
  static const char * const viewers[] = { VIEWER, NULL };
  g_autoptr (CpmContent) content = cpm_content_new (CPM_CONTENT_CAMERA, TRUE, NULL);
  g_autoptr (GPtrArray) actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  World *world = g_new0 (World, 1);

  world->owner = cpm_session_new (ID, SHARER, viewers, content, CPM_SESSION_RING_US, actions);
  world->guest = cpm_share_replica_new (VIEWER, 0);
  world->states = g_ptr_array_new_with_free_func (g_object_unref);
  world->asks = g_array_new (FALSE, TRUE, sizeof (Ask));
  world->is_link_up = world->is_back_up = TRUE;
  world->is_here[0] = world->is_here[1] = TRUE;
  world->may_receive = TRUE;
  owner_tells (world);

  return world;
}

static void
test_search (void)
{
  Search search = { 0 };
  unsigned max_depth = g_test_slow () ? SLOW_DEPTH : QUICK_DEPTH;
  unsigned number;

  search.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  search.places = g_ptr_array_new_with_free_func ((GDestroyNotify) place_free);
  add_place (&search, begin (), 0);
  for (number = 0; number < search.places->len; number++)
    {
      if (((Place *) search.places->pdata[number])->depth >= max_depth)
        break;
      explore (&search, number);
    }

  g_test_message ("two homes, two devices, %u events deep%s: %u states, %" G_GUINT64_FORMAT " transitions", max_depth,
                  number == search.places->len ? " (all)" : "", search.places->len, search.n_transitions);
  g_hash_table_unref (search.seen);
  g_ptr_array_unref (search.places);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/share-homes-search/two-homes", test_search);

  return g_test_run ();
}
