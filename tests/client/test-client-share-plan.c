/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "client-share-plan.h"

#define ALICE "alice@a.test"
#define EMILY "emily@a.test"
#define DEVICE "01930000-0000-7000-8000-000000000001"
#define OTHER_DEVICE "01930000-0000-7000-8000-000000000002"
#define SHARE "01930000-0000-7000-8000-000000000003"

typedef struct
{
  CpmSession *session;
  GPtrArray *actions;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  static const char * const viewers[] = { EMILY, NULL };
  g_autoptr (CpmContent) content = cpm_content_new (CPM_CONTENT_CAMERA, TRUE, NULL);

  self->actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  self->session = cpm_session_new (SHARE, ALICE, viewers, content, 45 * G_USEC_PER_SEC,
                                   self->actions);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_clear_object (&self->session);
  g_clear_pointer (&self->actions, g_ptr_array_unref);
}

static void
apply (Fixture         *self,
       CpmSessionEvent  event)
{
  g_autoptr (GError) error = NULL;

  cpm_session_apply (self->session, &event, G_USEC_PER_SEC, self->actions, &error);
  g_assert_no_error (error);
}

static ClientSharePlan
plan (Fixture    *self,
      const char *account,
      const char *device)
{
  return client_share_plan_make (self->session, account, device, FALSE, TRUE);
}

static void
test_before_accept (Fixture       *self,
                    gconstpointer  data)
{
  ClientSharePlan alice = plan (self, ALICE, DEVICE);
  ClientSharePlan emily = plan (self, EMILY, DEVICE);

  g_assert_false (alice.present || alice.publish || alice.watch || alice.over);
  g_assert_false (emily.present || emily.publish || emily.watch || emily.over);
}

static void
test_after_accept (Fixture       *self,
                   gconstpointer  data)
{
  apply (self, (CpmSessionEvent) { .verb = CPM_VERB_ACCEPT, .who = EMILY, .device = DEVICE });

  g_assert_true (plan (self, ALICE, DEVICE).present);
  g_assert_true (plan (self, ALICE, DEVICE).publish);
  g_assert_false (client_share_plan_make (self->session, ALICE, DEVICE, FALSE, FALSE).publish);
  g_assert_true (plan (self, EMILY, DEVICE).watch);
  g_assert_false (client_share_plan_make (self->session, EMILY, DEVICE, FALSE, FALSE).watch);
  g_assert_false (plan (self, EMILY, DEVICE).present);
  g_assert_false (plan (self, EMILY, OTHER_DEVICE).watch);
  g_assert_false (plan (self, "stranger@a.test", DEVICE).watch);
}

static void
test_given_up (Fixture       *self,
               gconstpointer  data)
{
  ClientSharePlan alice;

  apply (self, (CpmSessionEvent) { .verb = CPM_VERB_ACCEPT, .who = EMILY, .device = DEVICE });
  alice = client_share_plan_make (self->session, ALICE, DEVICE, TRUE, TRUE);
  g_assert_false (alice.present || alice.publish);
}

static void
test_ended (Fixture       *self,
            gconstpointer  data)
{
  apply (self, (CpmSessionEvent) { .verb = CPM_VERB_ACCEPT, .who = EMILY, .device = DEVICE });
  apply (self, (CpmSessionEvent) { .verb = CPM_VERB_STOP, .who = EMILY });

  g_assert_true (plan (self, ALICE, DEVICE).over);
  g_assert_false (plan (self, ALICE, DEVICE).present);
  g_assert_false (plan (self, EMILY, DEVICE).watch);
}

static void
test_held (Fixture       *self,
           gconstpointer  data)
{
  apply (self, (CpmSessionEvent) { .verb = CPM_VERB_ACCEPT, .who = EMILY, .device = DEVICE });
  apply (self, (CpmSessionEvent) { .verb = CPM_VERB_LOST, .who = ALICE });

  g_assert_cmpint (cpm_session_get_state (self->session), ==, CPM_SESSION_HELD);
  g_assert_true (plan (self, ALICE, DEVICE).present);
  g_assert_true (plan (self, EMILY, DEVICE).watch);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/share-plan/nothing-is-open-before-the-accept", test_before_accept);
  ADD ("/share-plan/sharer-publishes-and-the-accepting-device-watches", test_after_accept);
  ADD ("/share-plan/stop-holds-at-once-whatever-the-relay-knows", test_given_up);
  ADD ("/share-plan/nothing-is-open-after-the-end", test_ended);
  ADD ("/share-plan/media-stay-while-the-share-is-held", test_held);

  return g_test_run ();
}
