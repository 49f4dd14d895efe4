/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "two-homes.h"

#include "cpm-address.h"
#include "cpm-json.h"

#include <string.h>

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

  relay_homes_request_async (homes_get_links (homes, domain), cpm_address_get_domain (to), message,
                             LIMIT_US, on_answered, answer);
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

  home_set (home, RELAY_WRITE_SET_BLOCK, NULL, who, blocked);
  homes_settle (homes);
  relay_server_look_after (home->server);
  homes_settle (homes);
}

/* The operator of one home blocks the other while they speak: all links end, and none is made again
 * until it is over. */
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

static void
test_policy (void)
{
  Homes *homes = homes_new ("a.test", "b.test", NULL);
  Answer answer = { FALSE };
  Answer refused = { FALSE };

  g_hash_table_add (homes_get (homes, "a.test")->config->homes->blocked, g_strdup ("b.test"));
  ask (homes, "a.test", "alice@a.test", "emily@b.test", &answer);
  homes_settle (homes);
  g_assert_error (answer.error, CPM_ERROR, CPM_ERROR_FORBIDDEN);
  g_assert_cmpuint (homes_get_n_tries (homes, "a.test", "b.test"), ==, 0);

  /* The other way round: it knocks, and is not let in. */
  ask (homes, "b.test", "emily@b.test", "alice@a.test", &refused);
  homes_settle (homes);
  g_assert_error (refused.error, CPM_ERROR, CPM_ERROR_REMOTE_REFUSED);
  g_assert_cmpint (count_refused (homes, "a.test", NULL, "forbidden"), ==, 1);
  g_assert_false (relay_homes_is_up (homes_get_links (homes, "b.test"), "a.test"));

  g_clear_error (&answer.error);
  g_clear_error (&refused.error);
  homes_free (homes);
}

static void
on_count (unsigned *count)
{
  (*count)++;
}

static void
test_visitor_comes_back (void)
{
  Homes *homes = homes_new ("a.test", "b.test", NULL);
  RelayHomes *links = homes_get_links (homes, "b.test");
  unsigned n_came = 0;
  unsigned n_gone = 0;

  g_signal_connect_swapped (links, "visitor-came", G_CALLBACK (on_count), &n_came);
  g_signal_connect_swapped (links, "visitor-gone", G_CALLBACK (on_count), &n_gone);
  relay_homes_wake (homes_get_links (homes, "a.test"), "b.test");
  homes_settle (homes);
  g_assert_cmpuint (n_came, ==, 1);

  /* A network that is stuck for a while is nothing. */
  homes_set_held (homes, "a.test", "b.test", TRUE);
  homes_advance (homes, 15 * SECOND_US);
  homes_set_held (homes, "a.test", "b.test", FALSE);
  homes_advance (homes, 20 * SECOND_US);
  g_assert_cmpuint (n_came, ==, 1);
  g_assert_cmpuint (n_gone, ==, 0);

  homes_cut (homes, "a.test", "b.test");
  homes_settle (homes);
  g_assert_cmpuint (n_gone, ==, 1);
  relay_homes_wake (homes_get_links (homes, "a.test"), "b.test");
  homes_advance (homes, 3 * SECOND_US);
  g_assert_cmpuint (n_came, ==, 2);
  g_assert_nonnull (relay_homes_find_visitor (links, "a.test"));

  g_signal_handlers_disconnect_by_data (links, &n_came);
  g_signal_handlers_disconnect_by_data (links, &n_gone);
  homes_free (homes);
}

static const char *
get_state (Homes      *homes,
           const char *domain,
           const char *other)
{
  g_autoptr (JsonArray) array = relay_homes_to_json (homes_get_links (homes, domain));
  JsonObject *object = find_described (array, other);
  JsonObject *out = object != NULL ? cpm_json_get_object (object, "out") : NULL;

  return out != NULL ? g_intern_string (cpm_json_get_string (out, "state", "")) : "";
}

/* The waits grow to ten minutes, and no further; and a visit from there ends them. */
static void
test_back_off (void)
{
  Homes *homes = homes_new ("a.test", "b.test", NULL);
  RelayHomes *links = homes_get_links (homes, "a.test");
  unsigned n_before;

  homes_part (homes, "a.test", "b.test");
  relay_homes_wake (links, "b.test");
  homes_advance (homes, 10 * SECOND_US);
  for (unsigned i = 0; i < 100; i++)
    relay_homes_wake (links, "b.test");
  g_assert_cmpstr (get_state (homes, "a.test", "b.test"), ==, "waiting");

  /* It is looked up, but does not answer: so that tries are counted. */
  homes_join (homes, "a.test", "b.test");
  homes_set_held (homes, "a.test", "b.test", TRUE);
  homes_advance (homes, 3600 * SECOND_US);
  n_before = homes_get_n_tries (homes, "a.test", "b.test");
  g_assert_cmpuint (n_before, >=, 5);
  g_assert_cmpuint (n_before, <=, 20);
  homes_advance (homes, 7200 * SECOND_US);
  g_assert_cmpuint (homes_get_n_tries (homes, "a.test", "b.test") - n_before, >=, 8);
  g_assert_cmpuint (homes_get_n_tries (homes, "a.test", "b.test") - n_before, <=, 16);

  homes_set_held (homes, "a.test", "b.test", FALSE);
  homes_advance (homes, SECOND_US);
  if (g_str_equal (get_state (homes, "a.test", "b.test"), "waiting"))
    {
      relay_homes_wake (homes_get_links (homes, "b.test"), "a.test");
      homes_settle (homes);
      g_assert_cmpstr (get_state (homes, "a.test", "b.test"), ==, "up");
    }

  homes_free (homes);
}

static gboolean
on_keep (gboolean *keep)
{
  return *keep;
}

static void
test_idle_link_rests (void)
{
  Homes *homes = homes_new ("a.test", "b.test", NULL);
  RelayHomes *links = homes_get_links (homes, "a.test");
  gboolean keep = TRUE;

  g_signal_connect_swapped (links, "keep", G_CALLBACK (on_keep), &keep);
  relay_homes_wake (links, "b.test");
  homes_advance (homes, 2000 * SECOND_US);
  g_assert_cmpstr (get_state (homes, "a.test", "b.test"), ==, "up");
  g_assert_nonnull (relay_homes_find_visitor (homes_get_links (homes, "b.test"), "a.test"));

  keep = FALSE;
  homes_advance (homes, 1000 * SECOND_US);
  g_assert_cmpstr (get_state (homes, "a.test", "b.test"), ==, "idle");
  g_assert_null (relay_homes_find_visitor (homes_get_links (homes, "b.test"), "a.test"));
  g_assert_cmpuint (homes_get_n_tries (homes, "a.test", "b.test"), ==, 1);

  g_signal_handlers_disconnect_by_data (links, &keep);
  homes_free (homes);
}

static void
test_dead_link_is_noticed (void)
{
  Homes *homes = homes_new ("a.test", "b.test", "c.test", NULL);
  Person *carol = person_sign_up (homes_get (homes, "c.test"), "carol");
  Answer late = { FALSE };
  Answer good = { FALSE };

  relay_homes_wake (homes_get_links (homes, "a.test"), "b.test");
  relay_homes_wake (homes_get_links (homes, "a.test"), "c.test");
  homes_settle (homes);
  homes_set_held (homes, "a.test", "b.test", TRUE);
  ask (homes, "a.test", "alice@a.test", "emily@b.test", &late);
  ask (homes, "a.test", "alice@a.test", "carol@c.test", &good);
  homes_advance (homes, LIMIT_US + SECOND_US);

  /* That one of them is silent is nothing to the other. */
  g_assert_no_error (good.error);
  g_assert_true (good.good);
  g_assert_error (late.error, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE);
  g_assert_cmpstr (get_state (homes, "a.test", "b.test"), ==, "up");
  homes_advance (homes, 50 * SECOND_US);
  g_assert_cmpstr (get_state (homes, "a.test", "b.test"), !=, "up");

  g_clear_error (&late.error);
  person_free (carol);
  homes_free (homes);
}

/* A home that reads nothing costs a bounded room, whatever is said to it. */
static void
test_bounded (void)
{
  Homes *homes = homes_new ("a.test", "b.test", NULL);
  RelayHomes *links = homes_get_links (homes, "a.test");
  g_autoptr (GPtrArray) answers = g_ptr_array_new ();
  Answer *asked = g_new0 (Answer, 3000);
  unsigned n_sent = 0;
  unsigned n_room = 0;
  unsigned n_refused = 0;
  size_t bytes = 0;

  g_signal_connect_swapped (links, "room", G_CALLBACK (on_count), &n_room);
  relay_homes_wake (links, "b.test");
  homes_settle (homes);
  homes_set_held (homes, "a.test", "b.test", TRUE);

  for (unsigned i = 0; i < 20000; i++)
    {
      g_autoptr (CpmMessage) message = new_contact_add (homes, "alice@a.test", "nobody@b.test");

      if (relay_homes_send (links, "b.test", message))
        {
          n_sent++;
          bytes += strlen (cpm_message_get_text (message));
        }
    }
  g_assert_cmpuint (n_sent, >, 1000);
  g_assert_cmpuint (n_sent, <, 20000);
  g_assert_cmpuint (bytes, <=, 1024 * 1024);

  for (unsigned i = 0; i < 3000; i++)
    ask (homes, "a.test", "alice@a.test", "nobody@b.test", &asked[i]);
  homes_settle (homes);
  for (unsigned i = 0; i < 3000; i++)
    n_refused += asked[i].done;
  g_assert_cmpuint (n_refused, >=, 3000 - 1024);
  g_assert_cmpuint (n_refused, <, 3000);

  homes_set_held (homes, "a.test", "b.test", FALSE);
  homes_settle (homes);
  g_assert_cmpuint (n_room, ==, 1);
  g_assert_true (relay_homes_is_up (links, "b.test"));

  for (unsigned i = 0; i < 3000; i++)
    {
      g_assert_true (asked[i].done);
      g_clear_error (&asked[i].error);
    }

  g_signal_handlers_disconnect_by_data (links, &n_room);
  homes_free (homes);
  g_free (asked);
}

static void
on_verified (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Answer *answer = user_data;

  g_clear_error (&answer->error);
  answer->good = relay_homes_verify_finish (RELAY_HOMES (source), result, &answer->error);
  answer->done = TRUE;
}

static gboolean
is_verified (Homes      *homes,
             const char *by,
             const char *of,
             const char *signature,
             GBytes     *bytes)
{
  Answer answer = { FALSE };

  relay_homes_verify_async (homes_get_links (homes, by), of, signature, bytes, on_verified,
                            &answer);
  homes_settle (homes);
  g_assert_true (answer.done);
  g_clear_error (&answer.error);
  return answer.good;
}

static void
test_signatures (void)
{
  Homes *homes = homes_new ("a.test", "b.test", NULL);
  g_autoptr (GBytes) bytes = relay_home_statement ("vitrine-test", "one", NULL);
  g_autoptr (GBytes) others = relay_home_statement ("vitrine-test", "two", NULL);
  g_autofree char *signature = relay_homes_sign (homes_get_links (homes, "a.test"), bytes);

  g_assert_true (is_verified (homes, "b.test", "a.test", signature, bytes));
  g_assert_true (is_verified (homes, "a.test", "a.test", signature, bytes));
  g_assert_false (is_verified (homes, "b.test", "a.test", signature, others));
  g_assert_false (is_verified (homes, "a.test", "b.test", signature, bytes));
  g_assert_false (is_verified (homes, "b.test", "nowhere.test", signature, bytes));
  g_assert_false (is_verified (homes, "b.test", "a.test", "k1:nonsense", bytes));

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
  g_test_add_func ("/relay/homes/policy", test_policy);
  g_test_add_func ("/relay/homes/visitor-comes-back", test_visitor_comes_back);
  g_test_add_func ("/relay/homes/back-off", test_back_off);
  g_test_add_func ("/relay/homes/idle-link-rests", test_idle_link_rests);
  g_test_add_func ("/relay/homes/dead-link-is-noticed", test_dead_link_is_noticed);
  g_test_add_func ("/relay/homes/bounded", test_bounded);
  g_test_add_func ("/relay/homes/signatures", test_signatures);

  return g_test_run ();
}
