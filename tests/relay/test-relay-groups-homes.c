/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "group-talk.h"
#include "relay-groups.h"
#include "two-homes.h"

#include "cpm-group.h"
#include "cpm-json.h"

#include <string.h>

#define SECOND_US ((int64_t) G_USEC_PER_SEC)
#define DAY_US (24 * 3600 * SECOND_US)

typedef struct
{
  Homes *homes;
  Person *alice;
  Person *dave;
  Person *emily;
  Person *carol;
  char *group;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *id = NULL;

  fixture->homes = homes_new ("a.test", "b.test", "c.test", NULL);
  fixture->alice = person_sign_up (homes_get (fixture->homes, "a.test"), "alice");
  fixture->dave = person_sign_up (homes_get (fixture->homes, "a.test"), "dave");
  fixture->emily = person_sign_up (homes_get (fixture->homes, "b.test"), "emily");
  fixture->carol = person_sign_up (homes_get (fixture->homes, "c.test"), "carol");
  id = cpm_clock_new_id (CPM_CLOCK (fixture->homes->clock));
  fixture->group = g_strconcat (id, "@a.test", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->alice, person_free);
  g_clear_pointer (&fixture->dave, person_free);
  g_clear_pointer (&fixture->emily, person_free);
  g_clear_pointer (&fixture->carol, person_free);
  homes_free (fixture->homes);
  g_free (fixture->group);
}

static RelayStore *
store_of (Fixture    *fixture,
          const char *domain)
{
  return homes_get (fixture->homes, domain)->store;
}

static RelayGroups *
groups_of (Fixture    *fixture,
           const char *domain)
{
  return relay_server_get_context (homes_get (fixture->homes, domain)->server)->groups;
}

static const char *
create (Fixture    *fixture,
        const char *members)
{
  const char *answer = person_ask (fixture->alice, CPM_MESSAGE_GROUP_CREATE, fixture->group,
                                   body_json ("{\"name\":\"Dresses\",\"members\":[%s]}", members));

  homes_settle (fixture->homes);
  return answer;
}

static const char *
change (Fixture    *fixture,
        Person     *who,
        const char *body)
{
  const char *answer = person_ask (who, CPM_MESSAGE_GROUP_CHANGE, fixture->group,
                                   body_json ("%s", body));

  homes_settle (fixture->homes);
  return answer;
}

static const char *
say (Fixture    *fixture,
     Person     *who,
     const char *words)
{
  const char *answer =
    person_ask (who, CPM_MESSAGE_TEXT, fixture->group,
                body_json ("{\"conversation\":\"%s\",\"text\":\"%s\"}", fixture->group, words));

  homes_settle (fixture->homes);
  return answer;
}

static void
do_write (Fixture    *fixture,
          const char *domain,
          RelayWrite *write)
{
  home_write (homes_get (fixture->homes, domain), write);
  homes_settle (fixture->homes);
}

static void
block (Fixture    *fixture,
       Person     *who,
       const char *domain,
       const char *other)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_SET_BLOCK, who->address, 0);

  write->other = g_strdup (other);
  write->number = 1;
  do_write (fixture, domain, write);
}

static void
assert_failed (Person     *teller,
               const char *who,
               const char *code)
{
  g_autoptr (CpmMessage) failed = NULL;

  g_assert_true (person_has (teller, CPM_MESSAGE_FAILED));
  failed = person_take (teller, CPM_MESSAGE_FAILED);
  g_assert_cmpstr (body_text (failed, "who"), ==, who);
  g_assert_cmpstr (body_text (failed, "code"), ==, code);
}

static void
test_three_homes (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (CpmMessage) message = NULL;

  g_assert_cmpstr (create (fixture, "\"dave@a.test\",\"emily@b.test\",\"carol@c.test\""), ==,
                   "ack");
  assert_members (fixture->emily, "alice dave emily carol");
  assert_members (fixture->carol, "alice dave emily carol");
  g_assert_true (
    relay_groups_is_member (groups_of (fixture, "b.test"), fixture->group, "carol@c.test"));
  g_assert_true (
    relay_groups_is_member (groups_of (fixture, "b.test"), fixture->group, "emily@b.test"));

  g_assert_cmpstr (say (fixture, fixture->alice, "from-a"), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->carol, "from-c"), ==, "ack");
  assert_texts (fixture->alice, "from-c");
  assert_texts (fixture->dave, "from-a from-c");
  assert_texts (fixture->carol, "from-a");

  message = person_take (fixture->emily, CPM_MESSAGE_TEXT);
  g_assert_cmpstr (body_text (message, "text"), ==, "from-a");
  g_assert_cmpstr (cpm_message_get_to (message), ==, fixture->group);
  g_clear_object (&message);
  message = person_take (fixture->emily, CPM_MESSAGE_TEXT);
  g_assert_cmpstr (cpm_message_get_from (message), ==, "carol@c.test");
  g_assert_cmpstr (cpm_message_get_to (message), ==, fixture->group);
  g_assert_cmpint (cpm_message_get_seq (message), >, 0);
  g_assert_cmpint (cpm_message_get_n (message), ==, 0);
}

static void
test_one_order (Fixture       *fixture,
                gconstpointer  data)
{
  Person *tablet = person_on_device (fixture->emily, NULL);
  g_autofree char *of_dave = NULL;

  create (fixture, "\"dave@a.test\",\"emily@b.test\",\"carol@c.test\"");
  homes_set_held (fixture->homes, "b.test", "a.test", TRUE);
  for (int i = 0; i < 5; i++)
    {
      g_autofree char *a = g_strdup_printf ("a%d", i);
      g_autofree char *b = g_strdup_printf ("b%d", i);
      g_autofree char *c = g_strdup_printf ("c%d", i);

      say (fixture, fixture->emily, b);
      say (fixture, fixture->alice, a);
      say (fixture, fixture->carol, c);
    }
  homes_set_held (fixture->homes, "b.test", "a.test", FALSE);
  homes_settle (fixture->homes);

  of_dave = person_take_texts (fixture->dave);
  g_assert_cmpstr (of_dave, ==, "a0 c0 a1 c1 a2 c2 a3 c3 a4 c4 b0 b1 b2 b3 b4");

  /* What Emily said stands on her other device where the group's home has put it; the one that said
   * it gets it from nobody. */
  assert_texts (tablet, of_dave);
  assert_texts (fixture->emily, "a0 c0 a1 c1 a2 c2 a3 c3 a4 c4");
  person_free (tablet);
}

static void
test_partition (Fixture       *fixture,
                gconstpointer  data)
{
  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  homes_part (fixture->homes, "a.test", "b.test");
  g_assert_cmpstr (say (fixture, fixture->emily, "b0"), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->alice, "a0"), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->emily, "b1"), ==, "ack");
  assert_texts (fixture->carol, "a0");
  assert_texts (fixture->emily, "");

  homes_join (fixture->homes, "a.test", "b.test");
  homes_advance (fixture->homes, 400 * SECOND_US);
  assert_texts (fixture->carol, "b0 b1");
  assert_texts (fixture->alice, "b0 b1");
  assert_texts (fixture->emily, "a0");
}

static void
test_cut_often (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GString) expected = g_string_new ("");

  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *words = g_strdup_printf ("%d", i);
      g_autofree char *id = NULL;

      g_string_append_printf (expected, "%s%d", i > 0 ? " " : "", i);
      id =
        person_say (fixture->emily, CPM_MESSAGE_TEXT, fixture->group,
                    body_json ("{\"conversation\":\"%s\",\"text\":\"%s\"}", fixture->group, words));
      for (int turn = 0; turn < i; turn++)
        g_main_context_iteration (NULL, FALSE);
      homes_cut (fixture->homes, i % 2 == 0 ? "a.test" : "b.test", i % 4 < 2 ? "b.test" : "a.test");
      homes_cut (fixture->homes, "a.test", "c.test");
    }

  homes_advance (fixture->homes, 400 * SECOND_US);
  assert_texts (fixture->carol, expected->str);
  assert_texts (fixture->alice, expected->str);
}

static void
test_restart (Fixture       *fixture,
              gconstpointer  data)
{
  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  homes_part (fixture->homes, "a.test", "b.test");
  say (fixture, fixture->emily, "b0");
  homes_restart (fixture->homes, "b.test");
  homes_restart (fixture->homes, "a.test");
  homes_join (fixture->homes, "a.test", "b.test");
  homes_advance (fixture->homes, 400 * SECOND_US);

  /* Carol was away for too long to be told. */
  {
    g_autoptr (GPtrArray) rows = relay_store_read_history (
      store_of (fixture, "c.test"), "carol@c.test", G_MAXINT64, 1, fixture->group);

    g_assert_cmpuint (rows->len, ==, 1);
    g_assert_nonnull (strstr (((RelayInboxRow *) rows->pdata[0])->text, "b0"));
  }
  g_assert_true (
    relay_groups_is_member (groups_of (fixture, "a.test"), fixture->group, "carol@c.test"));
  g_assert_true (
    relay_groups_is_member (groups_of (fixture, "b.test"), fixture->group, "emily@b.test"));
}

static void
test_removed (Fixture       *fixture,
              gconstpointer  data)
{
  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  homes_set_held (fixture->homes, "a.test", "b.test", TRUE);
  g_assert_cmpstr (change (fixture, fixture->alice, "{\"remove\":[\"emily@b.test\"]}"), ==, "ack");

  /* Her home does not know yet. */
  g_assert_cmpstr (say (fixture, fixture->emily, "am I late?"), ==, "ack");
  assert_texts (fixture->alice, "");
  assert_texts (fixture->carol, "");
  assert_failed (fixture->emily, fixture->group, "not-found");

  homes_set_held (fixture->homes, "a.test", "b.test", FALSE);
  homes_settle (fixture->homes);
  assert_members (fixture->emily, "alice carol");
  g_assert_cmpstr (say (fixture, fixture->emily, "hello?"), ==, "not-found");
  g_assert_null (relay_store_find_group (store_of (fixture, "b.test"), fixture->group));
  say (fixture, fixture->carol, "among us");
  assert_texts (fixture->emily, "");
}

static void
test_rights_of_members (Fixture       *fixture,
                        gconstpointer  data)
{
  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  g_assert_cmpstr (change (fixture, fixture->emily, "{\"remove\":[\"carol@c.test\"]}"), ==, "ack");
  assert_failed (fixture->emily, fixture->group, "forbidden");
  g_assert_cmpstr (
    change (fixture, fixture->emily, "{\"name\":\"Shoes\",\"add\":[\"dave@a.test\"]}"), ==, "ack");
  assert_members (fixture->carol, "alice emily carol dave");
  assert_members (fixture->dave, "alice emily carol dave");

  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_GROUP_LEAVE, fixture->group, NULL), ==,
                   "ack");
  g_assert_cmpstr (person_ask (fixture->carol, CPM_MESSAGE_GROUP_LEAVE, fixture->group, NULL), ==,
                   "ack");
  homes_settle (fixture->homes);
  assert_members (fixture->emily, "emily dave");
  assert_members (fixture->carol, "emily dave");
  g_assert_cmpstr (change (fixture, fixture->emily, "{\"remove\":[\"dave@a.test\"]}"), ==, "ack");
  assert_members (fixture->dave, "emily");
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_GROUP_LEAVE, fixture->group, NULL), ==,
                   "ack");
  homes_settle (fixture->homes);
  g_assert_null (relay_store_find_group (store_of (fixture, "a.test"), fixture->group));
  g_assert_null (relay_store_find_group (store_of (fixture, "b.test"), fixture->group));
  g_assert_null (relay_store_find_group (store_of (fixture, "c.test"), fixture->group));
}

static void
test_added_in_vain (Fixture       *fixture,
                    gconstpointer  data)
{
  block (fixture, fixture->emily, "b.test", "alice@a.test");
  create (fixture, "\"emily@b.test\",\"nobody@b.test\",\"carol@c.test\"");
  assert_members (fixture->carol, "alice carol");
  assert_members (fixture->alice, "alice carol");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_GROUP_STATE));
  assert_failed (fixture->alice, "emily@b.test", "blocked");
  assert_failed (fixture->alice, "nobody@b.test", "not-found");

  /* Who hears of it is who did it, wherever that one lives. */
  block (fixture, fixture->emily, "b.test", "carol@c.test");
  change (fixture, fixture->carol, "{\"add\":[\"emily@b.test\"]}");
  assert_failed (fixture->carol, "emily@b.test", "blocked");
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_FAILED));
  assert_members (fixture->carol, "alice carol");
}

static void
test_contacts_only (Fixture       *fixture,
                    gconstpointer  data)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_SET_PRIVACY, "emily@b.test", 0);
  RelayWrite *contact = relay_write_new (RELAY_WRITE_ADD_CONTACT, "emily@b.test", 0);

  write->privacy.contacts_only = TRUE;
  write->privacy.remote = TRUE;
  write->privacy.kinds = CPM_ALL_KINDS;
  do_write (fixture, "b.test", write);
  contact->other = g_strdup ("carol@c.test");
  do_write (fixture, "b.test", contact);

  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  assert_failed (fixture->alice, "emily@b.test", "forbidden");

  /* That it was Carol, a contact, says only the group's home. */
  change (fixture, fixture->carol, "{\"add\":[\"emily@b.test\"]}");
  assert_failed (fixture->carol, "emily@b.test", "forbidden");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_GROUP_STATE));
}

static void
test_blocked_domain_is_not_heard (Fixture       *fixture,
                                  gconstpointer  data)
{
  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  block (fixture, fixture->emily, "b.test", "c.test");
  say (fixture, fixture->carol, "hi");
  say (fixture, fixture->alice, "ho");
  assert_texts (fixture->emily, "ho");
  assert_texts (fixture->alice, "hi");
  g_assert_false (person_has (fixture->carol, CPM_MESSAGE_FAILED));
}

static CpmMessage *
new_text (Fixture    *fixture,
          const char *author,
          const char *to,
          const char *id)
{
  g_autofree char *new_id = cpm_clock_new_id (CPM_CLOCK (fixture->homes->clock));
  CpmMessage *message =
    cpm_message_new (CPM_MESSAGE_TEXT, id != NULL ? id : new_id, to,
                     body_json ("{\"conversation\":\"%s\",\"text\":\"forged\"}", fixture->group));

  cpm_message_stamp (message, author, 1);
  return message;
}

/* The home @domain says @message, whatever it is, to the home @to. */
static void
slip_in (Fixture    *fixture,
         const char *domain,
         const char *to,
         CpmMessage *message)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_DELIVER, cpm_message_get_from (message), 1);

  write->other = g_strdup (cpm_message_get_to (message));
  write->home = g_strdup (to);
  write->id = g_strdup (cpm_message_get_id (message));
  write->text = g_strdup (cpm_message_get_text (message));
  do_write (fixture, domain, write);
  relay_post_tell_queued (
    relay_server_get_context (homes_get (fixture->homes, domain)->server)->post, to);
  homes_settle (fixture->homes);
}

/* The group's home puts words into somebody's mouth. */
static void
forge (Fixture    *fixture,
       const char *author,
       const char *signature)
{
  g_autoptr (CpmMessage) message = new_text (fixture, author, "emily@b.test", NULL);

  cpm_message_set_signature (message, signature);
  slip_in (fixture, "a.test", "b.test", message);
}

static void
test_forged (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autofree char *of_a = relay_homes_sign (homes_get_links (fixture->homes, "a.test"), nothing);
  g_autofree char *of_c = relay_homes_sign (homes_get_links (fixture->homes, "c.test"), nothing);

  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  forge (fixture, "carol@c.test", of_a);
  forge (fixture, "carol@c.test", of_c);
  forge (fixture, "carol@c.test", NULL);
  forge (fixture, "emily@b.test", of_a);
  forge (fixture, "emily@b.test", NULL);
  assert_texts (fixture->emily, "");

  /* What follows arrives. */
  say (fixture, fixture->carol, "myself");
  assert_texts (fixture->emily, "myself");
}

static void
test_words_of_our_own (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (CpmMessage) changed = NULL;
  g_autoptr (CpmMessage) never_said = new_text (fixture, "emily@b.test", "emily@b.test", NULL);
  g_autoptr (GBytes) bytes = cpm_group_get_signed_bytes (never_said, fixture->group);
  g_autofree char *signature = relay_homes_sign (homes_get_links (fixture->homes, "b.test"), bytes);
  g_autofree char *id = NULL;

  create (fixture, "\"emily@b.test\",\"carol@c.test\"");

  /* What she has said, and is not back yet, is not changed on its way. */
  homes_set_held (fixture->homes, "b.test", "a.test", TRUE);
  id = person_say (fixture->emily, CPM_MESSAGE_TEXT, fixture->group,
                   body_json ("{\"conversation\":\"%s\",\"text\":\"said\"}", fixture->group));
  homes_settle (fixture->homes);
  changed = new_text (fixture, "emily@b.test", "emily@b.test", id);
  cpm_message_set_signature (changed, signature);
  slip_in (fixture, "a.test", "b.test", changed);

  /* Nor does she say what she has not, though our key seems to say so. */
  cpm_message_set_signature (never_said, signature);
  slip_in (fixture, "a.test", "b.test", never_said);
  homes_set_held (fixture->homes, "b.test", "a.test", FALSE);
  homes_settle (fixture->homes);

  {
    g_autoptr (GPtrArray) rows = relay_store_read_history (
      store_of (fixture, "b.test"), "emily@b.test", G_MAXINT64, 9, fixture->group);

    unsigned n_said = 0;

    for (unsigned i = 0; i < rows->len; i++)
      {
        const char *row = ((RelayInboxRow *) rows->pdata[i])->text;

        g_assert_null (strstr (row, "\"forged\""));
        n_said += strstr (row, "\"said\"") != NULL;
      }
    g_assert_cmpuint (n_said, ==, 1);
  }
}

static void
test_who_is_not_in_it (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (CpmMessage) past_the_group = NULL;
  g_autoptr (CpmMessage) unsigned_text = NULL;

  /* Emily is not. */
  create (fixture, "\"carol@c.test\"");
  forge (fixture, "alice@a.test", NULL);
  assert_texts (fixture->emily, "");

  /* Dave is not. */
  change (fixture, fixture->alice, "{\"add\":[\"emily@b.test\"]}");
  forge (fixture, "dave@a.test", NULL);
  assert_texts (fixture->emily, "");
  forge (fixture, "alice@a.test", NULL);
  assert_texts (fixture->emily, "forged");

  /* Carol is; but only by the group's home, and with a signature. */
  past_the_group = new_text (fixture, "carol@c.test", "emily@b.test", NULL);
  slip_in (fixture, "c.test", "b.test", past_the_group);
  assert_texts (fixture->emily, "");
  unsigned_text = new_text (fixture, "carol@c.test", fixture->group, NULL);
  slip_in (fixture, "c.test", "a.test", unsigned_text);
  assert_texts (fixture->alice, "");
}

static void
test_home_that_does_not_keep_it (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (fixture->homes->clock));
  g_autoptr (CpmMessage) state = NULL;

  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  person_forget (fixture->emily);
  state = cpm_message_new (
    CPM_MESSAGE_GROUP_STATE, id, "emily@b.test",
    body_json ("{\"conversation\":\"%s\",\"rev\":9,\"name\":\"Mine\",\"owner\":\"carol@c.test\","
               "\"members\":[\"carol@c.test\",\"emily@b.test\"]}",
               fixture->group));
  cpm_message_stamp (state, "carol@c.test", 1);
  slip_in (fixture, "c.test", "b.test", state);

  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_GROUP_STATE));
  g_assert_true (
    relay_groups_is_member (groups_of (fixture, "b.test"), fixture->group, "alice@a.test"));
}

/* Emily's home cannot find out whether it was Carol. */
static void
test_author_is_told (Fixture       *fixture,
                     gconstpointer  data)
{
  homes_set_reachable (fixture->homes, "b.test", "c.test", FALSE);
  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  g_assert_cmpstr (say (fixture, fixture->carol, "who am I?"), ==, "ack");
  assert_texts (fixture->alice, "who am I?");
  assert_texts (fixture->emily, "");
  assert_failed (fixture->carol, "emily@b.test", "remote-unreachable");
}

static void
test_keys_are_known_before (Fixture       *fixture,
                            gconstpointer  data)
{
  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  homes_set_reachable (fixture->homes, "b.test", "c.test", FALSE);
  g_assert_cmpstr (say (fixture, fixture->carol, "it is me"), ==, "ack");
  assert_texts (fixture->emily, "it is me");
}

static void
test_receipts (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (CpmMessage) message = NULL;
  g_autoptr (CpmMessage) receipt = NULL;

  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  say (fixture, fixture->carol, "hello");
  message = person_take (fixture->emily, CPM_MESSAGE_TEXT);
  g_assert_cmpstr (
    person_ask (fixture->emily, CPM_MESSAGE_RECEIPT, "carol@c.test",
                body_json ("{\"conversation\":\"%s\",\"message\":\"%s\",\"state\":\"displayed\"}",
                           fixture->group, cpm_message_get_id (message))),
    ==, "ack");
  homes_settle (fixture->homes);
  g_assert_true (person_has (fixture->carol, CPM_MESSAGE_RECEIPT));
  receipt = person_take (fixture->carol, CPM_MESSAGE_RECEIPT);
  g_assert_cmpstr (cpm_message_get_from (receipt), ==, "emily@b.test");
}

static void
test_home_gone_for_seven_days (Fixture       *fixture,
                               gconstpointer  data)
{
  create (fixture, "\"emily@b.test\",\"carol@c.test\"");
  homes_part (fixture->homes, "a.test", "b.test");
  person_forget (fixture->emily);
  say (fixture, fixture->emily, "anybody there?");

  /* Whoever is asleep for so long is not told by a connection. */
  g_clear_pointer (&fixture->alice, person_free);
  g_clear_pointer (&fixture->dave, person_free);
  g_clear_pointer (&fixture->carol, person_free);
  for (int hour = 0; hour < 8 * 24; hour++)
    {
      test_clock_advance (fixture->homes->clock, 3600 * SECOND_US);
      homes_settle (fixture->homes);
    }

  {
    g_autoptr (GPtrArray) rows = relay_store_read_history (store_of (fixture, "b.test"),
                                                           "emily@b.test", G_MAXINT64, 1, NULL);

    g_assert_cmpuint (rows->len, ==, 1);
    g_assert_nonnull (strstr (((RelayInboxRow *) rows->pdata[0])->text, "message.failed"));
    g_assert_nonnull (strstr (((RelayInboxRow *) rows->pdata[0])->text, fixture->group));
  }
}

#define ADD(path, func) g_test_add ("/groups/homes/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("three-homes", test_three_homes);
  ADD ("one-order-for-all-and-all-devices", test_one_order);
  ADD ("apart-and-together", test_partition);
  ADD ("cut-often", test_cut_often);
  ADD ("restarts", test_restart);
  ADD ("removed-is-refused", test_removed);
  ADD ("members-of-other-homes-change-it", test_rights_of_members);
  ADD ("who-cannot-be-added-is-told-to-who-added", test_added_in_vain);
  ADD ("contacts-only-believes-no-other-home", test_contacts_only);
  ADD ("blocked-domain-is-not-heard", test_blocked_domain_is_not_heard);
  ADD ("forged-authors-are-refused", test_forged);
  ADD ("our-own-words-are-those-we-said", test_words_of_our_own);
  ADD ("who-is-not-in-it-neither-speaks-nor-hears", test_who_is_not_in_it);
  ADD ("only-its-home-says-what-it-is", test_home_that_does_not_keep_it);
  ADD ("author-is-told-who-missed-it", test_author_is_told);
  ADD ("keys-are-known-before-they-are-needed", test_keys_are_known_before);
  ADD ("receipts-go-to-the-author", test_receipts);
  ADD ("home-gone-for-seven-days", test_home_gone_for_seven_days);

  return g_test_run ();
}
