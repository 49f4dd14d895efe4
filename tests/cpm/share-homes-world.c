/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "share-homes-world.h"

#include "cpm-json.h"

#include <string.h>

#define COMPANY "bob@a.test"
#define ID "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"

static const char * const devices[N_DEVICES] = {
  "017f22e2-79b0-7cc3-98c4-dc0c0c073990", "017f22e2-79b0-7cc3-98c4-dc0c0c073991"
};

World *
world_copy (const World *world)
{
  World *copy = g_new (World, 1);

  *copy = *world;
  copy->owner = world->owner != NULL ? cpm_session_copy (world->owner) : NULL;
  copy->guest = cpm_share_replica_copy (world->guest);
  copy->states = g_ptr_array_copy (world->states, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  g_ptr_array_set_free_func (copy->states, g_object_unref);
  copy->asks = g_array_copy (world->asks);
  copy->entrances = g_array_copy (world->entrances);

  return copy;
}

void
world_free (World *world)
{
  g_clear_object (&world->owner);
  g_object_unref (world->guest);
  g_ptr_array_unref (world->states);
  g_array_unref (world->asks);
  g_array_unref (world->entrances);
  g_free (world);
}

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
  g_string_append_printf (key, "%d,%d,%d,%d,%d,%d,%d,%d,%d,%s;",
                          (int) MIN (newest - session->rev, 3), session->state, session->reason,
                          session->media_up, session->sharer_lost, session->grace_until_us != 0,
                          member->state, member->reason, member->grace_until_us != 0,
                          member->device != NULL ? member->device + 34 : "");
}

/* Its place, or -1. */
static int
find_entrance (const World *world,
               unsigned     number)
{
  for (unsigned i = 0; i < world->entrances->len; i++)
    {
      if (g_array_index (world->entrances, Entrance, i).number == number)
        return (int) i;
    }

  return -1;
}

static gboolean
is_wanted (const World    *world,
           const Entrance *entrance)
{
  return world->owner != NULL &&
         cpm_session_get_member (world->owner, 0)->n_goings == entrance->n_goings;
}

char *
world_make_key (const World *world)
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

      g_string_append_printf (key, "|%d,%d,%d,%d,%d,%d,%d", ask->kind, ask->verb, ask->device,
                              ask->is_done, ask->is_awaited, ask->code,
                              find_entrance (world, ask->entrance));
    }
  for (unsigned i = 0; i < world->entrances->len; i++)
    {
      const Entrance *entrance = &g_array_index (world->entrances, Entrance, i);

      g_string_append_printf (key, "|%d,%d", entrance->device, is_wanted (world, entrance));
    }
  g_string_append_printf (key, "|%d%d%d%d%d%d", world->is_link_up, world->is_back_up,
                          world->may_receive, world->is_admitted, world->was_told, world->has_gone);
  for (unsigned i = 0; i < N_DEVICES; i++)
    g_string_append_printf (key, "|%d%d%d", world->is_here[i], world->rings[i], world->carries[i]);

  return g_string_free (key, FALSE);
}

gboolean
world_viewer_is_in (CpmSession *session)
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
  world->rings[i] = session->state != CPM_SESSION_ENDED &&
                    cpm_member_state_is_waiting (member->state);
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

int
world_find_device (const char *device)
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
      int device = world_find_device (action->device);

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

        case CPM_REPLICA_SAY_LEAVE:
          add_ask (world, ASK_VERB, CPM_VERB_LEAVE, device);
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
  g_autoptr (GPtrArray) actions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  g_autoptr (GError) error = NULL;

  if (world->owner == NULL)
    return CPM_ERROR_NOT_FOUND + 1;

  if (!cpm_session_apply (world->owner, event, now_us, actions, &error))
    return (int) cpm_error_of (error) + 1;

  for (unsigned i = 0; i < actions->len; i++)
    {
      const CpmSessionAction *action = actions->pdata[i];

      gboolean is_hers = g_strcmp0 (action->who, VIEWER) == 0;

      if (action->type == CPM_ACTION_ADMIT && is_hers)
        world->is_admitted = TRUE;
      else if ((action->type == CPM_ACTION_EXPEL && is_hers) ||
               action->type == CPM_ACTION_CLOSE_MEDIA)
        world->is_admitted = FALSE;
      else if (action->type == CPM_ACTION_TELL)
        owner_tells (world);
    }

  return 0;
}

void
world_owner_sees (World          *world,
                  CpmSessionVerb  verb,
                  const char     *who,
                  int64_t         now_us)
{
  owner_applies (world, &(CpmSessionEvent) { .verb = verb, .who = who }, now_us);
}

/* Who is out is asked about before they come in. */
static gboolean
has_to_ask (const World *world,
            const Ask   *ask)
{
  const CpmMember *member = world->owner != NULL ? cpm_session_get_member (world->owner, 0) : NULL;

  return member != NULL && ask->kind == ASK_VERB && ask->verb == CPM_VERB_JOIN &&
         world->owner->state != CPM_SESSION_ENDED && !cpm_member_state_is_in (member->state) &&
         !cpm_member_state_is_waiting (member->state);
}

static void
add_entrance (World *world,
              Ask   *ask)
{
  Entrance entrance = { ++world->n_entrances, ask->device,
                        cpm_session_get_member (world->owner, 0)->n_goings };

  ask->entrance = entrance.number;
  g_array_append_val (world->entrances, entrance);
}

/* The answer goes to who still waits for it. */
static void
close_entrance (World          *world,
                const Entrance *entrance,
                int             code)
{
  for (unsigned i = 0; i < world->asks->len; i++)
    {
      Ask *ask = &g_array_index (world->asks, Ask, i);

      if (ask->entrance != entrance->number)
        continue;

      ask->entrance = 0;
      ask->is_done = TRUE;
      ask->code = code;
      if (!ask->is_awaited)
        g_array_remove_index (world->asks, i);
      return;
    }
}

gboolean
world_answer_entrance (World    *world,
                       gboolean  is_late)
{
  CpmSessionEvent event = { .verb = CPM_VERB_JOIN, .who = VIEWER };
  Entrance entrance;
  int code = 0;

  if (world->entrances->len == 0 || (!is_late && !world->is_link_up))
    return FALSE;

  entrance = g_array_index (world->entrances, Entrance, 0);
  event.device = devices[entrance.device];
  if (is_late)
    code = CPM_ERROR_REMOTE_UNREACHABLE + 1;
  else if (!world->may_receive)
    code = CPM_ERROR_FORBIDDEN + 1;
  else if (!is_wanted (world, &entrance))
    code = CPM_ERROR_CANCELLED + 1;
  g_array_remove_index (world->entrances, 0);
  close_entrance (world, &entrance, code != 0 ? code : owner_applies (world, &event, 0));
  return TRUE;
}

/* The oldest request that is on its way reaches the owner. */
gboolean
world_deliver_ask (World *world)
{
  g_autoptr (GError) refusal = g_error_new_literal (CPM_ERROR, CPM_ERROR_FORBIDDEN, "Not for her.");

  if (!world->is_back_up)
    return FALSE;

  for (unsigned i = 0; i < world->asks->len; i++)
    {
      Ask *ask = &g_array_index (world->asks, Ask, i);
      CpmSessionEvent event = { .verb = ask->verb, .who = VIEWER, .error = refusal };

      if (ask->is_done || ask->entrance != 0)
        continue;

      if (has_to_ask (world, ask))
        {
          add_entrance (world, ask);
          return TRUE;
        }

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
        g_assert_cmpstr (cpm_session_get_member (world->owner, 0)->device, ==,
                         devices[ask->device]);
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

  if (code != 0 && (ask.verb == CPM_VERB_STOP || ask.verb == CPM_VERB_DECLINE))
    world->has_gone = FALSE;

  if (ask.kind == ASK_SYNC)
    cpm_share_replica_synced (world->guest, error, 0, actions);
  else if (ask.kind == ASK_VERB && ask.device >= 0)
    cpm_share_replica_answered (world->guest, ask.verb, devices[ask.device], error, actions);
  follow_guest (world, actions);
}

/* The first answer comes back. */
gboolean
world_deliver_answer (World *world)
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
gboolean
world_give_up_ask (World    *world,
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

gboolean
world_deliver_state (World *world)
{
  g_autoptr (GPtrArray) actions = new_guest_actions ();
  g_autoptr (GError) refusal = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmSession) snapshot = NULL;
  int device;

  if (world->states->len == 0)
    return FALSE;

  snapshot = g_ptr_array_steal_index (world->states, 0);
  device = world_find_device (cpm_session_get_member (snapshot, 0)->device);
  if (!world->may_receive)
    refusal = g_error_new_literal (CPM_ERROR, CPM_ERROR_FORBIDDEN, "Not for her.");
  cpm_share_replica_take_state (world->guest, snapshot, refusal,
                                device >= 0 && world->is_here[device], 0, actions, &error);
  g_assert_no_error (error);
  follow_guest (world, actions);
  return TRUE;
}

gboolean
world_break_link (World *world)
{
  if (!world->is_link_up)
    return FALSE;

  world->is_link_up = FALSE;
  g_ptr_array_set_size (world->states, 0);
  return TRUE;
}

/* "When a link comes up, the owner says share.state of every live share to it" */
gboolean
world_mend_link (World *world)
{
  if (world->is_link_up)
    return FALSE;

  world->is_link_up = TRUE;
  if (world->owner != NULL && world->owner->state != CPM_SESSION_ENDED)
    owner_tells (world);
  return TRUE;
}

/* What was not answered is asked again when the link is there, as long as somebody waits for it. */
gboolean
world_break_back (World *world)
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
        ask->is_done = ask->code = ask->entrance = 0;
    }
  return TRUE;
}

gboolean
world_guest_checks (World   *world,
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
gboolean
world_mend_back (World *world)
{
  if (world->is_back_up)
    return FALSE;

  world->is_back_up = TRUE;
  if (cpm_share_replica_get_session (world->guest) != NULL)
    world_guest_checks (world, 0);
  return TRUE;
}

gboolean
world_device_says (World          *world,
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
      g_assert_true (
        !asks || !is_other ||
        (verb != CPM_VERB_ACCEPT && verb != CPM_VERB_JOIN && verb != CPM_VERB_DECLINE));
      follow_guest (world, actions);
      if (asks)
        add_ask (world, ASK_VERB, verb, (int) device);
      if (asks && verb != CPM_VERB_RINGING)
        world->has_gone = verb == CPM_VERB_STOP || verb == CPM_VERB_DECLINE;
      return asks;
    }

  g_assert_cmpuint (actions->len, ==, 0);
  return FALSE;
}

gboolean
world_device_goes (World    *world,
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

gboolean
world_device_comes (World    *world,
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

gboolean
world_restart_owner (World *world)
{
  if (world->owner == NULL)
    return FALSE;

  world_break_link (world);
  world_break_back (world);
  g_clear_object (&world->owner);
  g_array_set_size (world->entrances, 0);
  world->is_admitted = FALSE;
  return TRUE;
}

gboolean
world_restart_guest (World *world)
{
  if (cpm_share_replica_get_session (world->guest) == NULL)
    return FALSE;

  world_break_link (world);
  world_break_back (world);
  g_array_set_size (world->asks, 0);
  g_array_set_size (world->entrances, 0); /* it does not know who that is */
  world->has_gone = FALSE;
  g_object_unref (world->guest);
  world->guest = cpm_share_replica_new (VIEWER, 0);
  for (unsigned i = 0; i < N_DEVICES; i++)
    world->rings[i] = world->carries[i] = FALSE;
  return TRUE;
}

World *
world_new (gboolean has_company)
{
  static const char * const viewers[] = { VIEWER, COMPANY, NULL };
  static const char * const alone[] = { VIEWER, NULL };
  g_autoptr (CpmContent) content = cpm_content_new (CPM_CONTENT_CAMERA, TRUE, NULL);
  g_autoptr (GPtrArray) actions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  World *world = g_new0 (World, 1);

  world->owner = cpm_session_new (ID, SHARER, has_company ? viewers : alone, content,
                                  CPM_SESSION_RING_US, actions);
  world->guest = cpm_share_replica_new (VIEWER, 0);
  world->states = g_ptr_array_new_with_free_func (g_object_unref);
  world->asks = g_array_new (FALSE, TRUE, sizeof (Ask));
  world->entrances = g_array_new (FALSE, TRUE, sizeof (Entrance));
  world->is_link_up = world->is_back_up = TRUE;
  world->is_here[0] = world->is_here[1] = TRUE;
  world->may_receive = TRUE;
  owner_tells (world);

  return world;
}

World *
world_new_left (void)
{
  World *world = world_new (TRUE);

  world_owner_sees (world, CPM_VERB_ACCEPT, COMPANY, 0);
  while (world_deliver_state (world))
    ;
  world_device_says (world, CPM_VERB_DECLINE, 0);
  while (world_deliver_state (world) || world_deliver_ask (world) || world_deliver_answer (world))
    ;

  return world;
}
