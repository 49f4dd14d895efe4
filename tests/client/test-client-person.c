/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-relay.h"

#include "cpm-json.h"

#define CAROL "carol@b.test"
#define OTHER_DEVICE "01930000-0000-7000-8000-0000000000ff"
#define GROUP "01930000-0000-7000-8000-0000000000aa@a.test"

/* What a client knows of its person beyond one device and two people: devices, privacy, groups,
 * history. */

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GError **error = user_data;

  /* The answer to be told apart from none: an error that is no error. */
  if (client_request_finish (CLIENT_CLIENT (source), result, error))
    *error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_EXISTS, "done");
}

static void
say_devices (ScriptedRelay *self,
             gboolean       other_online)
{
  g_autofree char *text = g_strdup_printf ("{\"v\":1,\"t\":\"device.list\",\"body\":{\"devices\":["
                                           "{\"device\":\"" OTHER_DEVICE
                                           "\",\"name\":\"Laptop\",\"seen\":7,\"online\":%s},"
                                           "{\"device\":\"%s\",\"seen\":8,\"online\":true}]}}",
                                           other_online ? "true" : "false", self->device);

  scripted_relay_say (self, text);
}

static void
test_devices (ScriptedRelay *self,
              gconstpointer  data)
{
  ClientDevices *devices;
  g_autoptr (ClientDevice) first = NULL;
  g_autoptr (CpmMessage) revoke = NULL;
  g_autoptr (GError) answer = NULL;
  ClientDevice *other;

  scripted_relay_sign_in (self);
  devices = client_get_devices (self->client);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (devices)), ==, 0);
  say_devices (self, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (devices)), ==, 2);

  first = g_list_model_get_item (G_LIST_MODEL (devices), 0);
  g_assert_true (client_device_is_this_one (first));
  other = client_devices_find (devices, OTHER_DEVICE);
  g_assert_cmpstr (client_device_get_name (other), ==, "Laptop");
  g_assert_true (client_device_is_online (other));
  say_devices (self, FALSE);
  g_assert_true (client_devices_find (devices, OTHER_DEVICE) == other);
  g_assert_false (client_device_is_online (other));

  client_revoke_device_async (self->client, OTHER_DEVICE, NULL, on_done, &answer);
  revoke = scripted_relay_expect (self, CPM_MESSAGE_DEVICE_REVOKE);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (revoke), "device", NULL), ==,
                   OTHER_DEVICE);
  scripted_relay_say_ack (self, revoke);
  g_assert_error (answer, G_IO_ERROR, G_IO_ERROR_EXISTS);
}

static void
test_privacy (ScriptedRelay *self,
              gconstpointer  data)
{
  ClientPrivacy *privacy;
  g_autoptr (CpmMessage) set = NULL;
  g_autoptr (CpmMessage) block = NULL;
  g_autoptr (GError) answer = NULL;
  g_autoptr (GError) refusal = NULL;
  JsonArray *kinds;

  scripted_relay_sign_in (self);
  privacy = client_get_privacy (self->client);
  g_assert_false (client_privacy_is_known (privacy));
  scripted_relay_say (
    self, "{\"v\":1,\"t\":\"privacy.state\",\"body\":{\"contacts_only\":true,\"remote\":false,"
          "\"kinds\":[\"picture\"],\"blocked\":[\"carol@b.test\",\"c.test\"]}}");
  g_assert_true (client_privacy_is_known (privacy));
  g_assert_true (client_privacy_is_contacts_only (privacy));
  g_assert_false (client_privacy_is_remote (privacy));
  g_assert_cmpuint (client_privacy_get_kinds (privacy), ==,
                    CLIENT_PRIVACY_KIND (CPM_CONTENT_PICTURE));
  g_assert_true (client_privacy_is_blocked (privacy, CAROL));
  g_assert_true (client_privacy_is_blocked (privacy, "dan@c.test"));
  g_assert_false (client_privacy_is_blocked (privacy, EMILY));

  client_set_privacy_async (self->client, FALSE, TRUE,
                            CLIENT_PRIVACY_KIND (CPM_CONTENT_FILE) |
                              CLIENT_PRIVACY_KIND (CPM_CONTENT_SCREEN),
                            NULL, on_done, &answer);
  set = scripted_relay_expect (self, CPM_MESSAGE_PRIVACY_SET);
  kinds = cpm_json_get_array (cpm_message_get_body (set), "kinds");
  g_assert_cmpuint (json_array_get_length (kinds), ==, 2);
  g_assert_cmpstr (json_array_get_string_element (kinds, 1), ==, "screen");
  scripted_relay_say_ack (self, set);
  g_assert_error (answer, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_true (client_privacy_is_contacts_only (privacy)); /* until the home says so */

  g_clear_error (&answer);
  client_block_async (self->client, " Mallory@B.test ", TRUE, NULL, on_done, &answer);
  block = scripted_relay_expect (self, CPM_MESSAGE_PRIVACY_BLOCK);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (block), "who", NULL), ==,
                   "mallory@b.test");
  scripted_relay_say_ack (self, block);
  client_block_async (self->client, "nobody at all", TRUE, NULL, on_done, &refusal);
  scripted_relay_expect_silence (self);
  g_assert_error (refusal, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
}

/* Groups */

static void
say_state_of (ScriptedRelay *self,
              const char    *group,
              int64_t        seq,
              int64_t        rev,
              const char    *members)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"group.state\",\"id\":\"01930000-0000-7000-8000-%012" G_GINT64_MODIFIER "d\","
    "\"to\":\"" ALICE "\",\"from\":\"%s\",\"ts\":5,\"seq\":%" G_GINT64_FORMAT ","
    "\"body\":{\"conversation\":\"%s\",\"rev\":%" G_GINT64_FORMAT ",\"name\":\"Dresses %d\","
    "\"owner\":\"" EMILY "\",\"members\":[%s]}}",
    1000 + seq, group, seq, group, rev, (int) rev, members);

  scripted_relay_say (self, text);
}

static void
say_group (ScriptedRelay *self,
           int64_t        seq,
           int64_t        rev,
           const char    *members)
{
  say_state_of (self, GROUP, seq, rev, members);
}

static void
say_in_group (ScriptedRelay *self,
              int64_t        seq,
              const char    *from,
              const char    *type,
              const char    *members)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"%s\",\"id\":\"01930000-0000-7000-8000-%012" G_GINT64_MODIFIER "d\","
    "\"to\":\"" ALICE "\",\"from\":\"%s\",\"ts\":5,\"seq\":%" G_GINT64_FORMAT ","
    "\"body\":{\"conversation\":\"" GROUP "\",%s}}",
    type, 1000 + seq, from, seq, members);

  scripted_relay_say (self, text);
}

#define THREE "\"" ALICE "\",\"" EMILY "\",\"" CAROL "\""

static void
test_group (ScriptedRelay *self,
            gconstpointer  data)
{
  g_autoptr (CpmMessage) got = NULL;
  g_autoptr (CpmMessage) receipt = NULL;
  g_autoptr (CpmMessage) said = NULL;
  g_autofree char *about = NULL;
  ClientConversation *conversation;
  ClientGroup *group;
  ClientMessage *row;

  scripted_relay_sign_in (self);
  say_group (self, 1, 1, THREE);
  conversation = client_find_conversation (self->client, GROUP);
  g_assert_nonnull (conversation);
  g_assert_null (client_conversation_get_peer (conversation));
  g_assert_cmpstr (client_conversation_get_title (conversation), ==, "Dresses 1");
  group = client_conversation_get_group (conversation);
  g_assert_cmpuint (g_list_model_get_n_items (client_group_get_members (group)), ==, 3);
  g_assert_true (client_group_is_member (group));
  g_assert_false (client_group_is_owner (group));
  scripted_relay_drop_said (self);

  /* The author is on the row, and gets the receipt. */
  say_in_group (self, 2, CAROL, "message.text", "\"text\":\"hello all\"");
  g_assert_cmpuint (self->n_received, ==, 1);
  row = client_conversation_get_last_message (conversation);
  g_assert_cmpstr (client_message_get_from (row), ==, CAROL);
  got = scripted_relay_expect (self, CPM_MESSAGE_GOT);
  receipt = scripted_relay_expect (self, CPM_MESSAGE_RECEIPT);
  g_assert_cmpstr (cpm_message_get_to (receipt), ==, CAROL);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (receipt), "conversation", NULL), ==,
                   GROUP);
  scripted_relay_say_ack (self, receipt);

  /* Delivered is what has come to all. */
  row = client_conversation_send_text (conversation, "hello Carol", NULL);
  said = scripted_relay_expect (self, CPM_MESSAGE_TEXT);
  g_assert_cmpstr (cpm_message_get_to (said), ==, GROUP);
  scripted_relay_say_ack (self, said);
  about = g_strdup_printf ("\"message\":\"%s\",\"state\":\"displayed\"",
                           client_message_get_id (row));
  say_in_group (self, 3, CAROL, "message.receipt", about);
  g_assert_cmpint (client_message_get_state (row), ==, CLIENT_MESSAGE_SENT);
  g_clear_pointer (&about, g_free);
  about = g_strdup_printf ("\"message\":\"%s\",\"state\":\"delivered\"",
                           client_message_get_id (row));
  say_in_group (self, 4, EMILY, "message.receipt", about);
  g_assert_cmpint (client_message_get_state (row), ==, CLIENT_MESSAGE_DELIVERED);

  /* Taken out: the rows stay. An older state does not come back. */
  say_group (self, 5, 3, "\"" EMILY "\"");
  g_assert_false (client_group_is_member (group));
  say_group (self, 6, 2, THREE);
  g_assert_false (client_group_is_member (group));
  g_assert_cmpstr (client_conversation_get_title (conversation), ==, "Dresses 3");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (conversation)), ==, 2);
}

static void
on_created (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ClientConversation **conversation = user_data;

  *conversation = client_create_group_finish (CLIENT_CLIENT (source), result, NULL);
}

static void
test_make_group (ScriptedRelay *self,
                 gconstpointer  data)
{
  const char * const people[] = { EMILY, " " CAROL, EMILY, ALICE, NULL };
  const char * const nobody[] = { ALICE, NULL };
  const char *address;
  g_autoptr (CpmMessage) create = NULL;
  g_autoptr (CpmMessage) change = NULL;
  g_autoptr (CpmMessage) leave = NULL;
  g_autoptr (GError) answer = NULL;
  ClientConversation *conversation = NULL;
  ClientGroup *group;

  scripted_relay_sign_in (self);
  client_create_group_async (self->client, "Dresses", nobody, NULL, on_created, &conversation);
  scripted_relay_expect_silence (self);
  client_create_group_async (self->client, " Dresses\n", people, NULL, on_created, &conversation);
  create = scripted_relay_expect (self, CPM_MESSAGE_GROUP_CREATE);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (create), "name", NULL), ==,
                   "Dresses");
  g_assert_cmpuint (
    json_array_get_length (cpm_json_get_array (cpm_message_get_body (create), "members")), ==, 2);
  address = cpm_message_get_to (create);
  g_assert_true (cpm_address_is_group (address));
  scripted_relay_say_ack (self, create);
  g_assert_null (conversation); /* until its home says who is in it */
  say_state_of (self, address, 1, 1, THREE);
  scripted_relay_drop_said (self);
  g_assert_nonnull (conversation);
  g_assert_cmpstr (client_conversation_get_id (conversation), ==, address);

  group = client_conversation_get_group (conversation);
  client_rename_group_async (self->client, group, "Shoes", NULL, on_done, &answer);
  change = scripted_relay_expect (self, CPM_MESSAGE_GROUP_CHANGE);
  g_assert_cmpstr (cpm_message_get_to (change), ==, address);
  scripted_relay_say_ack (self, change);
  g_assert_error (answer, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&answer);
  client_leave_group_async (self->client, group, NULL, on_done, &answer);
  leave = scripted_relay_expect (self, CPM_MESSAGE_GROUP_LEAVE);
  g_assert_cmpstr (cpm_message_get_to (leave), ==, address);
  scripted_relay_say_ack (self, leave);
}

/* What did not arrive, and what came before */

static void
test_failed (ScriptedRelay *self,
             gconstpointer  data)
{
  g_autofree char *id = cpm_address_conversation_id (ALICE, EMILY);
  g_autofree char *failed = NULL;
  ClientConversation *conversation;
  ClientMessage *row;
  g_autofree char *old_id = NULL;
  g_autoptr (CpmMessage) said = NULL;
  g_autoptr (CpmMessage) again = NULL;

  scripted_relay_sign_in (self);
  conversation = client_open_conversation (self->client, EMILY, NULL);
  scripted_relay_drop_said (self);
  row = client_conversation_send_text (conversation, "hello", NULL);
  old_id = g_strdup (client_message_get_id (row));
  said = scripted_relay_expect (self, CPM_MESSAGE_TEXT);
  scripted_relay_say_ack (self, said);
  failed = g_strdup_printf (
    "{\"v\":1,\"t\":\"message.failed\",\"id\":\"01930000-0000-7000-8000-000000000777\","
    "\"to\":\"" ALICE "\",\"from\":\"" ALICE
    "\",\"ts\":5,\"seq\":1,\"body\":{\"conversation\":\"%s\","
    "\"message\":\"%s\",\"who\":\"" EMILY "\",\"code\":\"remote-unreachable\",\"status\":480,"
    "\"text\":\"b.test did not answer for seven days.\"}}",
    id, old_id);
  scripted_relay_say (self, failed);
  g_assert_cmpint (client_message_get_state (row), ==, CLIENT_MESSAGE_FAILED);
  g_assert_cmpstr (client_message_get_error_text (row), ==,
                   "b.test did not answer for seven days.");
  scripted_relay_drop_said (self);

  /* The relay knows the old id: it would not deliver it again. */
  client_conversation_retry (conversation, row);
  again = scripted_relay_expect (self, CPM_MESSAGE_TEXT);
  g_assert_cmpstr (cpm_message_get_id (again), !=, old_id);
  g_assert_null (client_conversation_find (conversation, old_id));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (conversation)), ==, 1);
}

static void
say_old (ScriptedRelay *self,
         unsigned       n,
         int64_t        seq)
{
  g_autofree char *conversation = cpm_address_conversation_id (ALICE, EMILY);
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"message.text\",\"id\":\"01930000-0000-7000-8000-%012u\",\"to\":\"" ALICE "\","
    "\"from\":\"" EMILY "\",\"ts\":5,\"seq\":%" G_GINT64_FORMAT ",\"old\":true,"
    "\"body\":{\"conversation\":\"%s\",\"text\":\"text %u\"}}",
    n, seq, conversation, n);

  scripted_relay_say (self, text);
}

static void
say_page (ScriptedRelay *self,
          CpmMessage    *ask,
          int64_t        oldest,
          gboolean       more)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"history.page\",\"body\":{\"re\":\"%s\",\"oldest\":%" G_GINT64_FORMAT ","
    "\"more\":%s}}",
    cpm_message_get_id (ask), oldest, more ? "true" : "false");

  scripted_relay_say (self, text);
  scripted_relay_say_ack (self, ask);
}

static void
say_own_displayed (ScriptedRelay *self,
                   unsigned       n,
                   int64_t        seq)
{
  g_autofree char *conversation = cpm_address_conversation_id (ALICE, EMILY);
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"message.receipt\",\"id\":\"01930000-0000-7000-8000-%012u\",\"to\":\"" EMILY
    "\","
    "\"from\":\"" ALICE "\",\"ts\":5,\"seq\":%" G_GINT64_FORMAT
    ",\"body\":{\"conversation\":\"%s\","
    "\"message\":\"01930000-0000-7000-8000-%012u\",\"state\":\"displayed\"}}",
    500 + n, seq, conversation, n);

  scripted_relay_say (self, text);
}

static void
test_history (ScriptedRelay *self,
              gconstpointer  data)
{
  g_autoptr (CpmMessage) hello = NULL;
  g_autoptr (CpmMessage) got = NULL;
  g_autoptr (CpmMessage) receipt = NULL;
  g_autoptr (CpmMessage) first_ask = NULL;
  g_autoptr (CpmMessage) ask = NULL;
  g_autoptr (CpmMessage) ask_again = NULL;
  g_autofree char *id = cpm_address_conversation_id (ALICE, EMILY);
  ClientConversation *conversation;

  /* A new device says no `since` and begins with the newest rows. */
  scripted_relay_begin_sign_in (self);
  hello = scripted_relay_expect (self, CPM_MESSAGE_HELLO);
  g_assert_false (json_object_has_member (cpm_message_get_body (hello), "since"));
  scripted_relay_say_welcome (self, hello, 6, "the-token");
  scripted_relay_say_text (self, 5, 5, EMILY);
  got = scripted_relay_expect (self, CPM_MESSAGE_GOT);
  first_ask = scripted_relay_expect (self, CPM_MESSAGE_HISTORY_ASK);
  receipt = scripted_relay_expect (self, CPM_MESSAGE_RECEIPT);
  scripted_relay_say_ack (self, receipt);
  say_own_displayed (self, 2, 6);
  conversation = client_find_conversation (self->client, id);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (conversation)), ==, 1);

  /* It reads the others in the background, all conversations together; here the connection breaks
   * first. */
  scripted_relay_come_back (self, 6);
  ask = scripted_relay_expect (self, CPM_MESSAGE_HISTORY_ASK);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (ask), "before", 0), ==, 5);
  g_assert_false (json_object_has_member (cpm_message_get_body (ask), "conversation"));
  g_assert_true (client_conversation_has_older (conversation));
  say_old (self, 3, 3);
  say_old (self, 4, 4);
  say_page (self, ask, 3, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (conversation)), ==, 3);

  /* What was read elsewhere is read, although the receipt came first; nothing of it is news, and no
   * receipts go out. */
  ask_again = scripted_relay_expect (self, CPM_MESSAGE_HISTORY_ASK);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (ask_again), "before", 0), ==, 3);
  say_old (self, 1, 1);
  say_old (self, 2, 2);
  say_page (self, ask_again, 1, FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (conversation)), ==, 5);
  for (unsigned i = 0; i < 5; i++)
    {
      g_autoptr (ClientMessage) row = g_list_model_get_item (G_LIST_MODEL (conversation), i);
      g_autofree char *text = g_strdup_printf ("text %u", i + 1);

      g_assert_cmpstr (client_message_get_text (row), ==, text);
      g_assert_cmpint (client_message_get_state (row), ==,
                       i == 1 ? CLIENT_MESSAGE_READ : CLIENT_MESSAGE_RECEIVED);
    }

  g_assert_false (client_conversation_has_older (conversation));
  g_assert_cmpuint (self->n_received, ==, 1);
  scripted_relay_expect_silence (self);
}

/* A relay that keeps no history, or has none to give now, is not asked again and again. */
static void
test_no_history (ScriptedRelay *self,
                 gconstpointer  data)
{
  g_autofree char *id = cpm_address_conversation_id (ALICE, EMILY);
  g_autoptr (CpmMessage) hello = NULL;
  g_autoptr (CpmMessage) got = NULL;
  g_autoptr (CpmMessage) ask = NULL;
  g_autoptr (CpmMessage) receipt = NULL;
  g_autoptr (CpmMessage) ask_for_one = NULL;
  g_autofree char *err = NULL;
  g_autofree char *err_for_one = NULL;
  ClientConversation *conversation;

  scripted_relay_begin_sign_in (self);
  hello = scripted_relay_expect (self, CPM_MESSAGE_HELLO);
  scripted_relay_say_welcome (self, hello, 5, "the-token");
  scripted_relay_say_text (self, 5, 5, EMILY);
  got = scripted_relay_expect (self, CPM_MESSAGE_GOT);
  ask = scripted_relay_expect (self, CPM_MESSAGE_HISTORY_ASK);
  receipt = scripted_relay_expect (self, CPM_MESSAGE_RECEIPT);
  scripted_relay_say_ack (self, receipt);
  err = g_strdup_printf (
    "{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"unsupported\",\"status\":501,"
    "\"text\":\"No.\"}}",
    cpm_message_get_id (ask));
  scripted_relay_say (self, err);
  scripted_relay_expect_silence (self);

  conversation = client_find_conversation (self->client, id);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (conversation)), ==, 1);
  g_assert_true (client_conversation_has_older (conversation));
  client_conversation_load_older (conversation);
  g_assert_true (client_conversation_is_loading_older (conversation));
  ask_for_one = scripted_relay_expect (self, CPM_MESSAGE_HISTORY_ASK);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (ask_for_one), "conversation", NULL),
                   ==, id);
  err_for_one = g_strdup_printf (
    "{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"rate\",\"status\":429,"
    "\"text\":\"Later.\"}}",
    cpm_message_get_id (ask_for_one));
  scripted_relay_say (self, err_for_one);
  g_assert_false (client_conversation_is_loading_older (conversation));
  g_assert_false (client_conversation_has_older (conversation));
  client_conversation_load_older (conversation);
  scripted_relay_expect_silence (self);
}

static void
test_presence (ScriptedRelay *self,
               gconstpointer  data)
{
  ClientContact *emily;

  scripted_relay_sign_in (self);
  scripted_relay_say (self, "{\"v\":1,\"t\":\"presence\",\"body\":{\"who\":\"" EMILY
                            "\",\"state\":\"online\","
                            "\"capabilities\":[\"picture\"]}}");
  emily = client_find_contact (self->client, EMILY);
  g_assert_true (client_contact_is_online (emily));
  g_assert_true (client_contact_is_presence_known (emily));
  transport_pair_cut (TRANSPORT_PAIR (self->relay_end));
  scripted_relay_turn (self);
  g_assert_false (client_contact_is_presence_known (emily));
}

static void
test_elsewhere (ScriptedRelay *self,
                gconstpointer  data)
{
  g_autoptr (ClientShare) share = NULL;

  scripted_relay_sign_in (self);
  say_devices (self, TRUE);
  scripted_relay_say_share (self, SHARE, 1, "inviting", EMILY,
                            "{\"who\":\"" ALICE "\",\"state\":\"invited\",\"reason\":\"none\"}",
                            "\"reason\":\"none\"");
  share = g_object_ref (client_find_share (self->client, SHARE));
  scripted_relay_say (self, "{\"v\":1,\"t\":\"share.taken\",\"body\":{\"share\":\"" SHARE "\","
                            "\"device\":\"" OTHER_DEVICE "\"}}");
  g_assert_true (client_share_is_answered_elsewhere (share));
  g_assert_cmpstr (client_share_get_answered_by (share), ==, "Laptop");
}

#define ADD(name, function, data) \
  g_test_add (name, ScriptedRelay, data, scripted_relay_set_up, function, scripted_relay_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client/devices/are-listed-and-revoked", test_devices, NULL);
  ADD ("/client/devices/the-one-that-answered-is-named", test_elsewhere, NULL);
  ADD ("/client/privacy/is-what-the-home-says", test_privacy, NULL);
  ADD ("/client/group/rows-know-their-author-and-who-has-them", test_group, NULL);
  ADD ("/client/group/is-made-and-changed-at-its-home", test_make_group, NULL);
  ADD ("/client/what-did-not-arrive-is-said-again-with-a-new-id", test_failed, NULL);
  ADD ("/client/history/a-new-device-reads-what-the-others-know", test_history, NULL);
  ADD ("/client/history/who-gives-none-is-not-asked-again-and-again", test_no_history, NULL);
  ADD ("/client/presence-is-unknown-without-a-connection", test_presence, NULL);

  return g_test_run ();
}
