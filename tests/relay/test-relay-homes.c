/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "two-homes.h"

#include "cpm-address.h"
#include "cpm-json.h"

#define SECOND_US ((int64_t) G_USEC_PER_SEC)
#define LIMIT_US (10 * SECOND_US)

typedef struct
{
  gboolean done;
  gboolean good;
  GError *error;
} Answer;

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Answer *answer = user_data;

  answer->good = relay_homes_request_finish (RELAY_HOMES (source), result, &answer->error);
  answer->done = TRUE;
}

static CpmMessage *
new_contact_add (Homes      *homes,
                 const char *from,
                 const char *to)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (homes->clock));
  CpmMessage *message = cpm_message_new (CPM_MESSAGE_CONTACT_ADD, id, to, json_object_new ());

  cpm_message_stamp (message, from, cpm_clock_get_real_us (CPM_CLOCK (homes->clock)));
  return message;
}

static void
ask (Homes      *homes,
     const char *domain,
     const char *from,
     const char *to,
     Answer     *answer)
{
  g_autoptr (CpmMessage) message = new_contact_add (homes, from, to);

  relay_homes_request_async (homes_get_links (homes, domain), cpm_address_get_domain (to), message, LIMIT_US,
                             on_answered, answer);
}

static JsonObject *
find_described (JsonArray  *array,
                const char *home)
{
  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);

      if (g_strcmp0 (cpm_json_get_string (object, "home", NULL), home) == 0)
        return object;
    }

  return NULL;
}

/* What @domain has refused of @other (%NULL: of nobody known) with @code. */
static int64_t
count_refused (Homes      *homes,
               const char *domain,
               const char *other,
               const char *code)
{
  g_autoptr (JsonArray) array = relay_homes_to_json (homes_get_links (homes, domain));
  JsonObject *object = find_described (array, other);
  JsonObject *refused = object != NULL ? cpm_json_get_object (object, "refused") : NULL;

  return refused != NULL ? cpm_json_get_int (refused, code, 0) : 0;
}

static void
test_request_crosses (void)
{
  Homes *homes = homes_new ("a.test", "b.test", NULL);
  Person *emily = person_sign_up (homes_get (homes, "b.test"), "emily");
  Answer known = { FALSE };
  Answer unknown = { FALSE };

  ask (homes, "a.test", "alice@a.test", "emily@b.test", &known);
  ask (homes, "a.test", "alice@a.test", "nobody@b.test", &unknown);
  homes_settle (homes);

  g_assert_no_error (known.error);
  g_assert_true (known.done && known.good);
  g_assert_true (unknown.done);
  g_assert_error (unknown.error, CPM_ERROR, CPM_ERROR_NOT_FOUND);
  g_assert_true (relay_homes_is_up (homes_get_links (homes, "a.test"), "b.test"));
  g_assert_false (relay_homes_is_up (homes_get_links (homes, "b.test"), "a.test"));

  g_clear_error (&unknown.error);
  person_free (emily);
  homes_free (homes);
}

static void
on_link_answer (GPtrArray  *answers,
                const char *domain,
                CpmMessage *message)
{
  g_ptr_array_add (answers, g_object_ref (message));
}

static void
test_live_message_crosses (void)
{
  Homes *homes = homes_new ("a.test", "b.test", NULL);
  RelayHomes *links = homes_get_links (homes, "a.test");
  g_autoptr (CpmMessage) message = new_contact_add (homes, "alice@a.test", "nobody@b.test");
  g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect_swapped (links, "answer", G_CALLBACK (on_link_answer), answers);

  /* The first finds no link, and makes it. */
  g_assert_false (relay_homes_send (links, "b.test", message));
  homes_settle (homes);
  g_assert_true (relay_homes_is_up (links, "b.test"));
  g_assert_true (relay_homes_send (links, "b.test", message));
  homes_settle (homes);

  g_assert_cmpuint (answers->len, ==, 1);
  g_assert_cmpstr (body_text (answers->pdata[0], "re"), ==, cpm_message_get_id (message));
  g_assert_cmpstr (body_text (answers->pdata[0], "code"), ==, "not-found");
  g_assert_cmpint (count_refused (homes, "b.test", "a.test", "not-found"), ==, 1);

  g_signal_handlers_disconnect_by_data (links, answers);
  homes_free (homes);
}

static void
test_request_waits_for_link (void)
{
  Homes *homes = homes_new ("a.test", "b.test", NULL);
  Person *emily = person_sign_up (homes_get (homes, "b.test"), "emily");
  Answer answer = { FALSE };
  Answer late = { FALSE };

  homes_part (homes, "a.test", "b.test");
  ask (homes, "a.test", "alice@a.test", "emily@b.test", &answer);
  homes_advance (homes, 2 * SECOND_US);
  g_assert_false (answer.done);
  homes_join (homes, "a.test", "b.test");
  homes_advance (homes, 40 * SECOND_US);
  g_assert_true (answer.done);

  homes_part (homes, "a.test", "b.test");
  ask (homes, "a.test", "alice@a.test", "emily@b.test", &late);
  homes_advance (homes, LIMIT_US - SECOND_US);
  g_assert_false (late.done);
  homes_advance (homes, 2 * SECOND_US);
  g_assert_true (late.done);
  g_assert_error (late.error, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE);

  g_clear_error (&late.error);
  g_clear_error (&answer.error);
  person_free (emily);
  homes_free (homes);
}

static void
set_blocked (Homes      *homes,
             const char *domain,
             const char *who,
             gboolean    blocked)
{
  Home *home = homes_get (homes, domain);
  RelayWrite *write = relay_write_new (RELAY_WRITE_SET_BLOCK, NULL, 0);

  write->other = g_strdup (who);
  write->number = blocked;
  relay_store_write_async (home->store, write, NULL, NULL);
  homes_settle (homes);
  relay_server_look_after (home->server);
  homes_settle (homes);
}

/* The operator of one home blocks the other while they speak: all links end, and none is made again until it is over. */
static void
test_operator_blocks (gconstpointer data)
{
  const char *blocker = data;
  gboolean is_caller = g_str_equal (blocker, "a.test");
  const char *blocked = is_caller ? "b.test" : "a.test";
  int expected = is_caller ? CPM_ERROR_FORBIDDEN : CPM_ERROR_REMOTE_REFUSED;
  Homes *homes = homes_new ("a.test", "b.test", NULL);
  Person *emily = person_sign_up (homes_get (homes, "b.test"), "emily");
  RelayHomes *links = homes_get_links (homes, "a.test");
  Answer before = { FALSE };
  Answer meanwhile = { FALSE };
  Answer after = { FALSE };

  ask (homes, "a.test", "alice@a.test", "emily@b.test", &before);
  homes_settle (homes);
  g_assert_true (relay_homes_is_up (links, "b.test"));

  set_blocked (homes, blocker, blocked, TRUE);
  g_assert_false (relay_homes_is_up (links, "b.test"));
  g_assert_null (relay_homes_find_visitor (homes_get_links (homes, "b.test"), "a.test"));
  ask (homes, "a.test", "alice@a.test", "emily@b.test", &meanwhile);
  homes_advance (homes, LIMIT_US + SECOND_US);
  g_assert_true (meanwhile.done);
  g_assert_error (meanwhile.error, CPM_ERROR, expected);

  set_blocked (homes, blocker, blocked, FALSE);
  homes_advance (homes, 3600 * SECOND_US);
  ask (homes, "a.test", "alice@a.test", "emily@b.test", &after);
  homes_advance (homes, LIMIT_US + SECOND_US);
  g_assert_no_error (after.error);
  g_assert_true (after.good);

  g_clear_error (&meanwhile.error);
  person_free (emily);
  homes_free (homes);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/homes/request-crosses", test_request_crosses);
  g_test_add_func ("/relay/homes/live-message-crosses", test_live_message_crosses);
  g_test_add_func ("/relay/homes/request-waits-for-link", test_request_waits_for_link);
  g_test_add_data_func ("/relay/homes/caller-blocks", "a.test", test_operator_blocks);
  g_test_add_data_func ("/relay/homes/callee-blocks", "b.test", test_operator_blocks);

  return g_test_run ();
}
