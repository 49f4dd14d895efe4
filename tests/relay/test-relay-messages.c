/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-home.h"

#include "cpm-address.h"
#include "cpm-json.h"

typedef struct
{
  Home *home;
  Person *alice;
  Person *emily;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->home = home_new ();
  fixture->alice = person_sign_up (fixture->home, "alice");
  fixture->emily = person_sign_up (fixture->home, "emily");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->alice, person_free);
  g_clear_pointer (&fixture->emily, person_free);
  home_free (fixture->home);
}

static const char *
write_text (Person     *from,
            Person     *to,
            const char *text)
{
  return person_ask (from, CPM_MESSAGE_TEXT, to->address, text_to (from, to, text));
}

static void
got (Person  *person,
     int64_t  seq)
{
  JsonObject *body = json_object_new ();

  json_object_set_int_member (body, "seq", seq);
  g_free (person_say (person, CPM_MESSAGE_GOT, NULL, body));
  home_settle (person->home);
}

static void
test_delivered_in_order (Fixture       *fixture,
                         gconstpointer  data)
{
  for (int i = 1; i <= 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %d", i);

      g_assert_cmpstr (write_text (fixture->alice, fixture->emily, text), ==, "ack");
    }

  for (int i = 1; i <= 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %d", i);
      g_autoptr (CpmMessage) message = person_take (fixture->emily, CPM_MESSAGE_TEXT);

      g_assert_cmpint (cpm_message_get_seq (message), ==, i);
      g_assert_cmpstr (cpm_message_get_from (message), ==, fixture->alice->address);
      g_assert_cmpstr (body_text (message, "text"), ==, text);
      g_assert_cmpint (cpm_message_get_ts_us (message), >, 0);
    }
}

static void
test_said_twice (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_autoptr (CpmMessage) message =
    cpm_message_new (CPM_MESSAGE_TEXT, id, fixture->emily->address,
                     text_to (fixture->alice, fixture->emily, "once"));

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (CpmMessage) ack = NULL;

      transport_connection_send (fixture->alice->connection, message);
      ack = person_take (fixture->alice, CPM_MESSAGE_ACK);
      g_assert_cmpstr (body_text (ack, "re"), ==, id);
    }

  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_TEXT));
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_TEXT));
}

static void
test_offline_delivery (Fixture       *fixture,
                       gconstpointer  data)
{
  Person *again;

  write_text (fixture->alice, fixture->emily, "you see this");
  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_TEXT));

  transport_connection_close (fixture->emily->connection);
  home_settle (fixture->home);
  g_assert_cmpstr (write_text (fixture->alice, fixture->emily, "and this later"), ==, "ack");

  again = person_again (fixture->emily, 1);
  g_assert_cmpint (again->welcome_seq, ==, 2);
  {
    g_autoptr (CpmMessage) message = person_take (again, CPM_MESSAGE_TEXT);

    g_assert_cmpstr (body_text (message, "text"), ==, "and this later");
    g_assert_cmpint (cpm_message_get_seq (message), ==, 2);
  }
  g_assert_false (person_has (again, CPM_MESSAGE_TEXT));
  person_free (again);
}

static void
test_unconfirmed_comes_again (Fixture       *fixture,
                              gconstpointer  data)
{
  Person *again;

  write_text (fixture->alice, fixture->emily, "lost on the way");
  transport_pair_cut (TRANSPORT_PAIR (fixture->emily->connection));
  home_settle (fixture->home);

  again = person_again (fixture->emily, 0);
  g_object_unref (person_take (again, CPM_MESSAGE_TEXT));
  person_free (again);
}

static void
test_window (Fixture       *fixture,
             gconstpointer  data)
{
  unsigned n_received = 0;

  for (int i = 0; i < 300; i++)
    g_assert_cmpstr (write_text (fixture->alice, fixture->emily, "many"), ==, "ack");

  while (person_has (fixture->emily, CPM_MESSAGE_TEXT))
    {
      g_object_unref (person_take (fixture->emily, CPM_MESSAGE_TEXT));
      n_received++;
    }
  g_assert_cmpuint (n_received, ==, 256);

  got (fixture->emily, 256);
  while (person_has (fixture->emily, CPM_MESSAGE_TEXT))
    {
      g_object_unref (person_take (fixture->emily, CPM_MESSAGE_TEXT));
      n_received++;
    }
  g_assert_cmpuint (n_received, ==, 300);
}

static void
test_window_of_bytes (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *text = g_strnfill (16000, 'x');
  unsigned n_received = 0;

  for (int i = 0; i < 100; i++)
    g_assert_cmpstr (write_text (fixture->alice, fixture->emily, text), ==, "ack");

  while (person_has (fixture->emily, CPM_MESSAGE_TEXT))
    {
      g_object_unref (person_take (fixture->emily, CPM_MESSAGE_TEXT));
      n_received++;
    }
  g_assert_cmpuint (n_received, >, 20);
  g_assert_cmpuint (n_received, <, 40);
}

static void
test_confirming_what_was_not_sent (Fixture       *fixture,
                                   gconstpointer  data)
{
  JsonObject *body = json_object_new ();

  json_object_set_int_member (body, "seq", 5);
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_GOT, NULL, body), ==, "bad-state");
}

/* What its device has got is written down, so that the queue counts as empty; the message stays for
 * later devices. */
static void
test_confirmed_is_kept (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) devices = NULL;

  write_text (fixture->alice, fixture->emily, "one");
  write_text (fixture->alice, fixture->emily, "two");
  got (fixture->emily, 1);
  home_advance (fixture->home, 5 * G_USEC_PER_SEC);

  rows = relay_store_read_inbox (fixture->home->store, fixture->emily->address, 0, 10);
  g_assert_cmpuint (rows->len, ==, 2);
  devices = relay_store_list_devices (fixture->home->store, fixture->emily->address);
  g_assert_cmpint (((RelayDevice *) devices->pdata[0])->got, ==, 1);
}

/* Who only writes has nothing to confirm, and no queue that fills. */
static void
test_own_messages_need_no_confirmation (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autoptr (GPtrArray) devices = NULL;

  for (int i = 0; i < 5; i++)
    write_text (fixture->alice, fixture->emily, "monologue");
  home_advance (fixture->home, 5 * G_USEC_PER_SEC);

  devices = relay_store_list_devices (fixture->home->store, fixture->alice->address);
  g_assert_cmpint (((RelayDevice *) devices->pdata[0])->got, ==, 5);
}

static void
test_later_device_has_the_newest (Fixture       *fixture,
                                  gconstpointer  data)
{
  Person *tablet;
  unsigned n_received = 0;

  for (int i = 0; i < 210; i++)
    g_assert_cmpstr (write_text (fixture->alice, fixture->emily, "many"), ==, "ack");

  tablet = person_on_device (fixture->alice, NULL);
  while (person_has (tablet, CPM_MESSAGE_TEXT))
    {
      g_autoptr (CpmMessage) message = person_take (tablet, CPM_MESSAGE_TEXT);

      g_assert_cmpint (cpm_message_get_seq (message), ==, 11 + n_received);
      n_received++;
    }
  g_assert_cmpuint (n_received, ==, 200);
  person_free (tablet);
}

static void
test_other_devices_of_the_sender (Fixture       *fixture,
                                  gconstpointer  data)
{
  Person *tablet = person_on_device (fixture->alice, NULL);
  g_autoptr (CpmMessage) copy = NULL;

  write_text (fixture->alice, fixture->emily, "from the laptop");
  copy = person_take (tablet, CPM_MESSAGE_TEXT);
  g_assert_cmpstr (cpm_message_get_from (copy), ==, fixture->alice->address);
  g_assert_cmpstr (cpm_message_get_to (copy), ==, fixture->emily->address);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_TEXT));
  person_free (tablet);
}

static void
test_both_devices_of_the_recipient (Fixture       *fixture,
                                    gconstpointer  data)
{
  Person *phone = person_on_device (fixture->emily, NULL);

  write_text (fixture->alice, fixture->emily, "to both");
  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_TEXT));
  g_object_unref (person_take (phone, CPM_MESSAGE_TEXT));
  person_free (phone);
}

static void
test_refusals (Fixture       *fixture,
               gconstpointer  data)
{
  JsonObject *body = text_to (fixture->alice, fixture->emily, "x");

  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_TEXT, "nobody@a.test", json_object_ref (body)), ==,
    "not-found");
  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_TEXT, "emily@b.test", json_object_ref (body)), ==,
    "remote-unreachable");
  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_TEXT, fixture->alice->address, json_object_ref (body)),
    ==, "bad-envelope");
  json_object_set_string_member (body, "conversation", "c-00000000000000000000000000000000");
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_TEXT, fixture->emily->address, body), ==,
                   "bad-envelope");
}

static void
test_blocked (Fixture       *fixture,
              gconstpointer  data)
{
  home_set (fixture->home, RELAY_WRITE_SET_BLOCK, fixture->emily->address, fixture->alice->address,
            TRUE);

  g_assert_cmpstr (write_text (fixture->alice, fixture->emily, "please"), ==, "blocked");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_TEXT));
}

static void
test_identity_is_the_connection (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_autoptr (CpmMessage) message =
    cpm_message_new (CPM_MESSAGE_TEXT, id, fixture->alice->address,
                     text_to (fixture->alice, fixture->emily, "I am Emily"));
  g_autoptr (CpmMessage) err = NULL;

  cpm_message_stamp (message, fixture->emily->address, 1);
  transport_connection_send (fixture->alice->connection, message);
  err = person_take (fixture->alice, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "code"), ==, "bad-envelope");
}

static void
test_not_for_clients (Fixture       *fixture,
                      gconstpointer  data)
{
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_CONTACT_LIST, NULL,
                               share_body ("x", "\"contacts\":[]")), ==, "unsupported");
}

static void
test_garbage (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const texts[] = {
    "",
    "[",
    "{",
    "null",
    "{}{}",
    "{\"v\":1}",
    "{\"v\":9,\"t\":\"ping\"}",
    "{\"v\":1,\"t\":\"zork\"}",
    "{\"v\":1,\"t\":\"message.text\",\"body\":7}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      transport_pair_send_text (TRANSPORT_PAIR (fixture->alice->connection), texts[i]);
      g_object_unref (person_take (fixture->alice, CPM_MESSAGE_ERR));
    }

  /* The connection bears it. */
  g_assert_cmpstr (write_text (fixture->alice, fixture->emily, "still here"), ==, "ack");
}

static void
test_contacts_and_presence (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr (CpmMessage) presence = NULL;
  g_autoptr (CpmMessage) offline = NULL;

  person_forget (fixture->alice);
  write_text (fixture->alice, fixture->emily, "hello");
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_CONTACT_LIST));

  /* Emily has not written: Alice is a stranger to her. */
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_PRESENCE));

  write_text (fixture->emily, fixture->alice, "hello yourself");
  presence = person_take (fixture->alice, CPM_MESSAGE_PRESENCE);
  g_assert_cmpstr (body_text (presence, "who"), ==, fixture->emily->address);
  g_assert_cmpstr (body_text (presence, "state"), ==, "online");
  g_assert_cmpuint (
    json_array_get_length (cpm_json_get_array (cpm_message_get_body (presence), "capabilities")), >,
    0);

  g_clear_pointer (&fixture->emily, person_free);
  offline = person_take (fixture->alice, CPM_MESSAGE_PRESENCE);
  g_assert_cmpstr (body_text (offline, "state"), ==, "offline");
}

static void
test_add_and_remove_contact (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr (CpmMessage) list = NULL;

  person_forget (fixture->alice);
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_CONTACT_ADD, "nobody@a.test", NULL), ==,
                   "not-found");
  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_CONTACT_ADD, fixture->emily->address, NULL), ==, "ack");
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_CONTACT_LIST));
  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_CONTACT_REMOVE, fixture->emily->address, NULL), ==,
    "ack");
  list = person_take (fixture->alice, CPM_MESSAGE_CONTACT_LIST);
  g_assert_cmpuint (
    json_array_get_length (cpm_json_get_array (cpm_message_get_body (list), "contacts")), ==, 0);
}

static void
test_picture_that_was_not_uploaded (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autofree char *conversation = cpm_address_conversation_id (fixture->alice->address,
                                                               fixture->emily->address);
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", conversation);
  json_object_set_string_member (body, "picture", id);
  json_object_set_string_member (
    body, "sha256", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
  json_object_set_int_member (body, "bytes", 5);
  json_object_set_string_member (body, "mime", "image/png");
  json_object_set_int_member (body, "width", 1);
  json_object_set_int_member (body, "height", 1);
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_PICTURE, fixture->emily->address, body),
                   ==, "not-found");
}

#define ADD(path, func) g_test_add ("/messages/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("delivered-in-order", test_delivered_in_order);
  ADD ("said-twice-delivered-once", test_said_twice);
  ADD ("wait-for-who-is-away", test_offline_delivery);
  ADD ("unconfirmed-come-again", test_unconfirmed_comes_again);
  ADD ("at-most-a-window-on-the-way", test_window);
  ADD ("long-ones-fill-the-window-sooner", test_window_of_bytes);
  ADD ("confirming-the-future-is-refused", test_confirming_what_was_not_sent);
  ADD ("confirmed-are-kept-as-history", test_confirmed_is_kept);
  ADD ("own-ones-need-no-confirmation", test_own_messages_need_no_confirmation);
  ADD ("later-device-begins-with-the-newest", test_later_device_has_the_newest);
  ADD ("copied-to-the-senders-other-devices", test_other_devices_of_the_sender);
  ADD ("to-all-devices-of-the-recipient", test_both_devices_of_the_recipient);
  ADD ("refused-to-nobody-and-abroad", test_refusals);
  ADD ("refused-by-who-blocks", test_blocked);
  ADD ("nobody-speaks-for-another", test_identity_is_the_connection);
  ADD ("clients-do-not-speak-for-the-relay", test_not_for_clients);
  ADD ("garbage-is-answered", test_garbage);
  ADD ("who-writes-has-a-contact", test_contacts_and_presence);
  ADD ("contact-added-and-removed", test_add_and_remove_contact);
  ADD ("picture-must-be-there", test_picture_that_was_not_uploaded);

  return g_test_run ();
}
