/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "shares-homes.h"

#include "cpm-json.h"

void
fixture_renew (Fixture *fixture)
{
  g_free (fixture->share);
  fixture->share = cpm_clock_new_id (CPM_CLOCK (fixture->homes->clock));
}

void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  const char *theirs = data != NULL ? data : "b.test";

  fixture->homes = homes_new ("a.test", "b.test", NULL);
  fixture->alice = person_sign_up (homes_get (fixture->homes, "a.test"), "alice");
  fixture->emily = person_sign_up (homes_get (fixture->homes, theirs), "emily");
  fixture->bob = person_sign_up (homes_get (fixture->homes, theirs), "bob");
  relay_server_get_context (homes_get (fixture->homes, "a.test")->server)->media_pin =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  fixture_renew (fixture);
}

void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_pointer (&fixture->alice, person_free);
  g_clear_pointer (&fixture->emily, person_free);
  g_clear_pointer (&fixture->bob, person_free);
  homes_free (fixture->homes);
  g_free (fixture->share);
}

RelayShares *
get_shares (Fixture    *fixture,
            const char *domain)
{
  return relay_server_get_context (homes_get (fixture->homes, domain)->server)->shares;
}

void
pass (Fixture *fixture,
      int64_t  seconds)
{
  Person *people[] = { fixture->alice, fixture->emily, fixture->bob };

  for (; seconds > 0; seconds -= 5)
    {
      for (unsigned i = 0; i < G_N_ELEMENTS (people); i++)
        {
          if (people[i] != NULL && !people[i]->is_closed)
            g_free (person_say (people[i], CPM_MESSAGE_PING, NULL, NULL));
        }
      homes_advance (fixture->homes, MIN (seconds, 5) * G_USEC_PER_SEC);
    }
}

const char *
say (Fixture        *fixture,
     Person         *person,
     CpmMessageType  type)
{
  return person_ask (person, type, NULL, share_body (fixture->share, ""));
}

const char *
invite_with (Fixture    *fixture,
             const char *viewers,
             const char *kind)
{
  g_autofree char *more = g_strdup_printf (
    "\"viewers\":[%s],\"content\":{\"kind\":\"%s\",\"audio\":true}", viewers, kind);

  return person_ask (fixture->alice, CPM_MESSAGE_SHARE_INVITE, NULL,
                     share_body (fixture->share, more));
}

const char *
invite (Fixture *fixture)
{
  g_autofree char *viewers = g_strdup_printf ("\"%s\"", fixture->emily->address);

  return invite_with (fixture, viewers, "camera");
}

void
media_up (Fixture *fixture,
          Person  *person)
{
  relay_shares_media_up (get_shares (fixture, "a.test"), fixture->share, person->address);
  homes_settle (fixture->homes);
}

void
change_right (Fixture        *fixture,
              RelayWriteKind  kind,
              Person         *person,
              CpmRights       right)
{
  home_set (person->home, kind, person->address, NULL, right);
  homes_settle (fixture->homes);
}

void
begin (Fixture *fixture)
{
  g_assert_cmpstr (invite (fixture), ==, "ack");
  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  media_up (fixture, fixture->alice);
  media_up (fixture, fixture->emily);
  assert_member (fixture->alice, 0, "joined", NULL);
  assert_member (fixture->emily, 0, "joined", NULL);
}

unsigned
count_sessions (Fixture    *fixture,
                const char *domain)
{
  g_autoptr (JsonArray) array = relay_shares_to_json (get_shares (fixture, domain));

  return json_array_get_length (array);
}

const char *
switch_to (Fixture    *fixture,
           const char *kind)
{
  g_autofree char *content = g_strdup_printf ("{\"kind\":\"%s\"}", kind);

  return switch_to_content (fixture, content);
}

const char *
switch_to_content (Fixture    *fixture,
                   const char *content)
{
  g_autofree char *more = g_strdup_printf ("\"content\":%s", content);

  return person_ask (fixture->alice, CPM_MESSAGE_SHARE_SWITCH, NULL,
                     share_body (fixture->share, more));
}

void
come_again (Fixture  *fixture,
            Person  **person)
{
  Person *again = person_again (*person, 0);

  person_free (*person);
  *person = again;
  homes_settle (fixture->homes);
}

void
sign_in_with (Fixture       *fixture,
              CpmCapability  capabilities)
{
  Person *poor = person_new (fixture->emily->home, "emily");
  JsonObject *body = person_new_hello (poor);

  json_object_set_string_member (body, "password", "correct horse");
  json_object_set_array_member (body, "capabilities", cpm_capabilities_to_json (capabilities));
  g_free (person_say (poor, CPM_MESSAGE_HELLO, NULL, body));
  g_object_unref (person_take (poor, CPM_MESSAGE_WELCOME));
  person_free (fixture->emily);
  fixture->emily = poor;
  homes_settle (fixture->homes);
}
