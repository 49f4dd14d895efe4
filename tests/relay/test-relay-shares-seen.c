/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "shares-homes.h"

#include "relay-share.h"

#include "cpm-json.h"

#include <string.h>

/* Alice shows; Carol, of the same home, and Emily and Bob of another one look on. */
static Person *
begin_with_all (Fixture *fixture)
{
  Person *carol = person_sign_up (homes_get (fixture->homes, "a.test"), "carol");
  Person *viewers[] = { carol, fixture->emily, fixture->bob };

  g_assert_cmpstr (
    invite_with (fixture, "\"carol@a.test\",\"emily@b.test\",\"bob@b.test\"", "file"), ==, "ack");
  homes_settle (fixture->homes);
  for (size_t i = 0; i < G_N_ELEMENTS (viewers); i++)
    g_assert_cmpstr (say (fixture, viewers[i], CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  media_up (fixture, fixture->alice);
  for (size_t i = 0; i < G_N_ELEMENTS (viewers); i++)
    media_up (fixture, viewers[i]);

  return carol;
}

static void
tell (Fixture        *fixture,
      Person         *person,
      CpmMessageType  type,
      const char     *more)
{
  g_free (person_say (person, type, NULL, share_body (fixture->share, more)));
  homes_settle (fixture->homes);
}

#define assert_heard(person, type, who, member, value) \
  G_STMT_START { \
    g_autoptr (CpmMessage) heard_ = person_take (person, type); \
    g_assert_cmpstr (cpm_message_get_from (heard_), ==, who); \
    g_assert_cmpstr (body_text (heard_, member), ==, value); \
  } G_STMT_END

static void
test_reaction (Fixture       *fixture,
               gconstpointer  data)
{
  Person *carol = begin_with_all (fixture);
  Person *phone = person_on_device (carol, NULL);

  tell (fixture, carol, CPM_MESSAGE_SHARE_REACTION, "\"reaction\":\"👏\"");
  assert_heard (fixture->alice, CPM_MESSAGE_SHARE_REACTION, "carol@a.test", "reaction", "👏");
  assert_heard (fixture->emily, CPM_MESSAGE_SHARE_REACTION, "carol@a.test", "reaction", "👏");
  assert_heard (fixture->bob, CPM_MESSAGE_SHARE_REACTION, "carol@a.test", "reaction", "👏");
  g_assert_false (person_has (carol, CPM_MESSAGE_SHARE_REACTION));
  g_assert_false (person_has (phone, CPM_MESSAGE_SHARE_REACTION));

  /* From another home to its own people, too, by way of the owner; and the sharer's own. */
  tell (fixture, fixture->emily, CPM_MESSAGE_SHARE_REACTION, "\"reaction\":\"❤\"");
  assert_heard (fixture->alice, CPM_MESSAGE_SHARE_REACTION, "emily@b.test", "reaction", "❤");
  assert_heard (fixture->bob, CPM_MESSAGE_SHARE_REACTION, "emily@b.test", "reaction", "❤");
  assert_heard (carol, CPM_MESSAGE_SHARE_REACTION, "emily@b.test", "reaction", "❤");
  tell (fixture, fixture->alice, CPM_MESSAGE_SHARE_REACTION, "\"reaction\":\"!\"");
  assert_heard (fixture->emily, CPM_MESSAGE_SHARE_REACTION, "alice@a.test", "reaction", "!");
  assert_heard (carol, CPM_MESSAGE_SHARE_REACTION, "alice@a.test", "reaction", "!");

  person_free (phone);
  person_free (carol);
}

/* With the members of its own table, and no others. */
static void
assert_pruned (Person         *person,
               CpmMessageType  type,
               const char     *expected)
{
  g_autoptr (CpmMessage) heard = person_take (person, type);
  g_autoptr (GList) names = json_object_get_members (cpm_message_get_body (heard));
  g_autoptr (GString) text = g_string_new (NULL);

  for (GList *name = names; name != NULL; name = name->next)
    g_string_append_printf (text, "%s%s", name != names ? " " : "", (char *) name->data);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_unnamed_members (Fixture       *fixture,
                      gconstpointer  data)
{
  static const char more[] =
    "\"x\":1,\"y\":2,\"title\":[1,2],\"reaction\":{},\"who\":\"bob@b.test\",\"secret\":{\"a\":1}";
  Person *carol = begin_with_all (fixture);

  tell (fixture, carol, CPM_MESSAGE_SHARE_POINTER, more);
  assert_pruned (fixture->alice, CPM_MESSAGE_SHARE_POINTER, "share x y");
  assert_pruned (fixture->emily, CPM_MESSAGE_SHARE_POINTER, "share x y who");
  tell (fixture, fixture->emily, CPM_MESSAGE_SHARE_POINTER, more);
  assert_pruned (fixture->alice, CPM_MESSAGE_SHARE_POINTER, "share x y");
  assert_pruned (carol, CPM_MESSAGE_SHARE_POINTER, "share x y");
  assert_pruned (fixture->bob, CPM_MESSAGE_SHARE_POINTER, "share x y who");

  tell (fixture, fixture->alice, CPM_MESSAGE_SHARE_PROGRESS,
        "\"n\":1,\"playing\":true,\"position_ms\":1,\"x\":\"far\",\"path\":\"/home/alice\"");
  assert_pruned (carol, CPM_MESSAGE_SHARE_PROGRESS, "share n playing position_ms");
  assert_pruned (fixture->emily, CPM_MESSAGE_SHARE_PROGRESS, "share n playing position_ms");
  person_free (carol);
}

static void
test_not_heard (Fixture       *fixture,
                gconstpointer  data)
{
  Person *phone;

  /* Before it begins, from one who was not asked, by a device that does not take part, and after
   * having left. */
  g_assert_cmpstr (invite (fixture), ==, "ack");
  tell (fixture, fixture->emily, CPM_MESSAGE_SHARE_REACTION, "\"reaction\":\"a\"");
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_REACTION));
  g_assert_cmpstr (say (fixture, fixture->alice, CPM_MESSAGE_SHARE_CANCEL), ==, "ack");
  fixture_renew (fixture);
  g_assert_cmpstr (invite_with (fixture, "\"bob@b.test\"", "camera"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  media_up (fixture, fixture->alice);
  phone = person_on_device (fixture->bob, NULL);

  tell (fixture, fixture->emily, CPM_MESSAGE_SHARE_REACTION, "\"reaction\":\"b\"");
  tell (fixture, phone, CPM_MESSAGE_SHARE_POINTER, "\"x\":1,\"y\":2");
  tell (fixture, fixture->bob, CPM_MESSAGE_SHARE_PROGRESS,
        "\"n\":1,\"playing\":true,\"position_ms\":1");
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_REACTION));
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_POINTER));
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_PROGRESS));

  tell (fixture, fixture->bob, CPM_MESSAGE_SHARE_POINTER, "\"x\":1,\"y\":2");
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_SHARE_POINTER));
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");
  tell (fixture, fixture->bob, CPM_MESSAGE_SHARE_POINTER, "\"x\":1,\"y\":2");
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_POINTER));
  person_free (phone);
}

static unsigned
count (Person         *person,
       CpmMessageType  type)
{
  unsigned n = 0;

  for (; person_has (person, type); n++)
    g_object_unref (person_take (person, type));

  return n;
}

static void
test_limits (Fixture       *fixture,
             gconstpointer  data)
{
  Person *carol = begin_with_all (fixture);

  for (int i = 0; i < 60; i++)
    {
      g_free (person_say (carol, CPM_MESSAGE_SHARE_REACTION, NULL,
                          share_body (fixture->share, "\"reaction\":\"x\"")));
      g_free (person_say (fixture->emily, CPM_MESSAGE_SHARE_POINTER, NULL,
                          share_body (fixture->share, "\"x\":7,\"y\":9")));
    }

  homes_settle (fixture->homes);
  g_assert_cmpuint (count (fixture->bob, CPM_MESSAGE_SHARE_REACTION), ==, 5);
  g_assert_cmpuint (count (fixture->alice, CPM_MESSAGE_SHARE_REACTION), ==, 5);
  g_assert_cmpuint (count (fixture->alice, CPM_MESSAGE_SHARE_POINTER), ==, 30);
  g_assert_cmpuint (count (fixture->bob, CPM_MESSAGE_SHARE_POINTER), ==, 30);

  homes_advance (fixture->homes, G_USEC_PER_SEC);
  tell (fixture, carol, CPM_MESSAGE_SHARE_REACTION, "\"reaction\":\"x\"");
  g_assert_cmpuint (count (fixture->bob, CPM_MESSAGE_SHARE_REACTION), ==, 1);
  person_free (carol);
}

static void
test_progress (Fixture       *fixture,
               gconstpointer  data)
{
  Person *carol = begin_with_all (fixture);
  Person *viewers[] = { carol, fixture->emily, fixture->bob };

  tell (fixture, fixture->alice, CPM_MESSAGE_SHARE_PROGRESS,
        "\"n\":1,\"playing\":false,\"position_ms\":4200,\"duration_ms\":9000");
  for (size_t i = 0; i < G_N_ELEMENTS (viewers); i++)
    {
      g_autoptr (CpmMessage) heard = person_take (viewers[i], CPM_MESSAGE_SHARE_PROGRESS);
      JsonObject *body = cpm_message_get_body (heard);

      g_assert_cmpint (cpm_json_get_int (body, "position_ms", 0), ==, 4200);
      g_assert_cmpint (cpm_json_get_int (body, "duration_ms", 0), ==, 9000);
      g_assert_false (cpm_json_get_boolean (body, "playing", TRUE));
    }

  person_free (carol);
}

/* What @person's newest snapshot says is allowed, as text; "" when it says nothing. */
static char *
take_allow (Person *person)
{
  g_autoptr (JsonObject) state = person_take_share (person);
  g_autoptr (CpmSession) session = cpm_session_new_from_json (state, NULL);
  JsonArray *array = cpm_json_get_array (state, "allow");
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_nonnull (session);
  for (unsigned i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_string_append_printf (text, "%s.", json_array_get_string_element (array, i));
  if (array != NULL && text->len == 0)
    g_string_append (text, "none");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

#define assert_allowed(person, text) \
  G_STMT_START { \
    g_autofree char *allowed_ = take_allow (person); \
    g_assert_cmpstr (allowed_, ==, text); \
  } G_STMT_END

static const char *
allow (Fixture    *fixture,
       Person     *person,
       const char *what)
{
  g_autofree char *more = g_strdup_printf ("\"allow\":[%s]", what);
  const char *answer = person_ask (person, CPM_MESSAGE_SHARE_ALLOW, NULL,
                                   share_body (fixture->share, more));

  homes_settle (fixture->homes);
  return answer;
}

static void
test_allow (Fixture       *fixture,
            gconstpointer  data)
{
  Person *carol = begin_with_all (fixture);

  assert_allowed (carol, "");
  assert_allowed (fixture->emily, "");
  g_assert_cmpstr (allow (fixture, fixture->alice, "\"watch\""), ==, "ack");
  assert_allowed (carol, "watch.");
  assert_allowed (fixture->emily, "watch.");

  /* Said again it is no news; nobody else may say it. */
  g_assert_cmpstr (allow (fixture, fixture->alice, "\"watch\""), ==, "ack");
  g_assert_false (person_has (carol, CPM_MESSAGE_SHARE_STATE));
  g_assert_cmpstr (allow (fixture, carol, ""), ==, "forbidden");
  g_assert_cmpstr (allow (fixture, fixture->alice, ""), ==, "ack");
  assert_allowed (fixture->bob, "none");
  g_assert_cmpstr (allow (fixture, fixture->alice, "\"snapshot\""), ==, "ack");
  assert_allowed (fixture->bob, "");

  g_assert_cmpstr (say (fixture, fixture->alice, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  g_assert_cmpstr (allow (fixture, fixture->alice, "\"watch\""), ==, "bad-state");
  person_free (carol);
}

static void
assert_watching (Fixture    *fixture,
                 Person     *person,
                 const char *user)
{
  g_autofree char *id = person_say (person, CPM_MESSAGE_SHARE_WATCH, NULL,
                                    share_body (fixture->share, ""));
  g_autoptr (CpmMessage) watching = NULL;
  g_autofree char *path = g_strconcat ("/share/", fixture->share, NULL);

  homes_settle (fixture->homes);
  watching = person_take (person, CPM_MESSAGE_SHARE_WATCHING);
  g_assert_cmpstr (body_text (watching, "re"), ==, id);
  g_assert_cmpstr (body_text (watching, "user"), ==, user);
  g_assert_nonnull (body_text (watching, "token"));
  g_assert_true (g_str_has_prefix (body_text (watching, "url"), "rtsps://"));
  g_assert_true (g_str_has_suffix (body_text (watching, "url"), path));
  g_assert_null (strstr (body_text (watching, "url"), RELAY_SHARE_ANY_HOST));
}

static void
test_watch (Fixture       *fixture,
            gconstpointer  data)
{
  Person *carol = begin_with_all (fixture);

  g_assert_cmpstr (say (fixture, carol, CPM_MESSAGE_SHARE_WATCH), ==, "forbidden");
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_WATCH), ==, "forbidden");
  g_assert_cmpstr (say (fixture, fixture->alice, CPM_MESSAGE_SHARE_WATCH), ==, "not-found");

  g_assert_cmpstr (allow (fixture, fixture->alice, "\"watch\",\"snapshot\""), ==, "ack");
  assert_watching (fixture, carol, "watch-1");
  assert_watching (fixture, fixture->emily, "watch-2");

  g_assert_cmpstr (allow (fixture, fixture->alice, "\"snapshot\""), ==, "ack");
  g_assert_cmpstr (say (fixture, carol, CPM_MESSAGE_SHARE_WATCH), ==, "forbidden");
  person_free (carol);
}

/* Another home does not speak for people who take no part. */
static void
test_false_author (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (JsonObject) body = NULL;
  g_autoptr (CpmMessage) message = NULL;

  begin (fixture);
  body = share_body (fixture->share, "\"reaction\":\"x\",\"who\":\"mallory@c.test\"");
  message = cpm_message_new (CPM_MESSAGE_SHARE_REACTION, NULL, "emily@b.test",
                             json_object_ref (body));
  cpm_message_stamp (message, "alice@a.test", 1);
  g_assert_true (relay_homes_send (homes_get_links (fixture->homes, "a.test"), "b.test", message));
  homes_settle (fixture->homes);
  assert_heard (fixture->emily, CPM_MESSAGE_SHARE_REACTION, "alice@a.test", "reaction", "x");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/relay/shares-seen/" name, Fixture, NULL, fixture_set_up, function,                 \
              fixture_tear_down)
  ADD ("a-reaction-reaches-all-others", test_reaction);
  ADD ("unnamed-members-go-no-further", test_unnamed_members);
  ADD ("who-takes-no-part-is-not-heard", test_not_heard);
  ADD ("what-is-too-much-is-dropped", test_limits);
  ADD ("all-learn-how-far-a-film-is", test_progress);
  ADD ("the-sharer-allows", test_allow);
  ADD ("another-player-watches-when-allowed", test_watch);
  ADD ("a-home-does-not-speak-for-strangers", test_false_author);
#undef ADD

  return g_test_run ();
}
