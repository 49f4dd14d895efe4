/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-groups"

#include "config.h"

#include "app-town.h"

#include "client-share-private.h"
#include "cpm-json.h"

#define WINDOW(town) GTK_WIDGET ((town)->window)

/* Alice's town with Bob in it, and a group of the three. */
typedef struct
{
  AppTown town; /* first: the fixture of app-town */
  Person *bob;
  ClientConversation *group;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  today)
{
  app_town_set_up (&self->town, today);
  self->bob = person_sign_up (self->town.home, "bob");
  self->group = app_town_make_group (&self->town, "Family", self->bob);
  app_town_open_window (&self->town);
  vitrine_window_open_conversation (self->town.window, self->group);
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  person_free (self->bob);
  app_town_tear_down (&self->town, NULL);
}

static const char *
group_address (Fixture *self)
{
  return client_conversation_get_id (self->group);
}

static void
says (Fixture    *self,
      Person     *who,
      const char *text)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", group_address (self));
  json_object_set_string_member (body, "text", text);
  g_assert_cmpstr (person_ask (who, CPM_MESSAGE_TEXT, group_address (self), body), ==, "ack");
}

/* The newest group.state that @who was told. */
typedef struct
{
  Person *who;
  const char *name;
  unsigned n_members;
} Wanted;

static gboolean
is_told (gpointer user_data)
{
  Wanted *wanted = user_data;
  g_autoptr (CpmMessage) state = NULL;

  while (person_has (wanted->who, CPM_MESSAGE_GROUP_STATE))
    {
      g_clear_object (&state);
      state = person_take (wanted->who, CPM_MESSAGE_GROUP_STATE);
    }

  return state != NULL && g_strcmp0 (body_text (state, "name"), wanted->name) == 0 &&
         json_array_get_length (cpm_json_get_array (cpm_message_get_body (state), "members")) ==
           wanted->n_members;
}

static void
await_state (Person     *who,
             const char *name,
             unsigned    n_members)
{
  Wanted wanted = { who, name, n_members };

  app_wait_until (is_told, &wanted);
}

static gboolean
is_gone (gpointer user_data)
{
  return *(gpointer *) user_data == NULL;
}

static void
await_end (GtkWidget *window)
{
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  app_wait_until (is_gone, &window);
}

static void
tick (GtkWidget  *dialog,
      const char *name)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (app_await_switch (dialog, name)), TRUE);
}

static void
write_into (GtkWidget  *root,
            GType       type,
            const char *name,
            const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (app_await_named (root, type, name)), text);
}

static void
test_group_is_made (Fixture       *self,
                    gconstpointer  unused)
{
  GtkWidget *dialog;

  gtk_widget_activate_action (WINDOW (&self->town), "win.new-group", NULL);
  dialog = app_await_window ("VitrineGroupDialog");
  g_assert_false (gtk_widget_is_sensitive (app_await_named (dialog, GTK_TYPE_BUTTON, "Create")));
  write_into (dialog, GTK_TYPE_ENTRY, "Name of the Group", "Dresses");
  tick (dialog, "Emily");

  /* Somebody of whom nothing is known yet. */
  write_into (dialog, GTK_TYPE_SEARCH_ENTRY, "Name or Address", "bob@a.test");
  g_signal_emit_by_name (app_await_named (dialog, GTK_TYPE_SEARCH_ENTRY, "Name or Address"),
                         "activate");
  app_press (dialog, "Create");

  await_end (dialog);
  app_await_label (WINDOW (&self->town), "Say hello to “Dresses”");
  await_state (self->town.emily, "Dresses", 3);
  await_state (self->bob, "Dresses", 3);
}

static void
test_trouble_stays_in_the_dialog (Fixture       *self,
                                  gconstpointer  unused)
{
  GtkWidget *dialog;

  client_disconnect (self->town.alice);
  gtk_widget_activate_action (WINDOW (&self->town), "win.new-group", NULL);
  dialog = app_await_window ("VitrineGroupDialog");
  write_into (dialog, GTK_TYPE_ENTRY, "Name of the Group", "Dresses");
  tick (dialog, "Emily");
  app_press (dialog, "Create");

  app_await_label (dialog, "connection");
  gtk_window_close (GTK_WINDOW (dialog));
}

/* Of the messages, not of the list of conversations, which shows the newest one, too. */
static GtkWidget *
await_row (GtkWidget  *log,
           const char *text)
{
  return gtk_widget_get_ancestor (app_await_label (log, text), GTK_TYPE_LIST_BOX_ROW);
}

static void
test_rows_say_who_speaks (Fixture       *self,
                          gconstpointer  unused)
{
  GtkWidget *log;

  says (self, self->town.emily, "Look at the blue one");
  log = app_await_of_type (WINDOW (&self->town), "VitrineMessageLog");
  app_await_label (await_row (log, "Look at the blue one"), "Emily");
  says (self, self->town.emily, "It is beautiful");

  /* What belongs together has the name once. */
  app_await_no_label (await_row (log, "It is beautiful"), "Emily");
  says (self, self->bob, "I like the red one");
  app_await_label (await_row (log, "I like the red one"), "Bob");
  app_await_label (WINDOW (&self->town), "Bob: I like the red one");
}

static GtkWidget *
open_details (Fixture *self)
{
  app_press (WINDOW (&self->town), "About Family");

  return app_await_window ("VitrineDetailsWindow");
}

static void
test_name_is_changed (Fixture       *self,
                      gconstpointer  unused)
{
  GtkWidget *details = open_details (self);
  GtkWidget *row = app_find_of_type (details, "AdwEntryRow");

  gtk_editable_set_text (GTK_EDITABLE (row), "The Family");
  g_signal_emit_by_name (row, "apply");

  await_state (self->bob, "The Family", 3);
  app_await_named (WINDOW (&self->town), GTK_TYPE_BUTTON, "About The Family");
  gtk_window_close (GTK_WINDOW (details));
}

static void
test_people_come_and_go (Fixture       *self,
                         gconstpointer  unused)
{
  Person *carol = person_sign_up (self->town.home, "carol");
  GtkWidget *details = open_details (self);
  GtkWidget *dialog;

  app_await_label (details, "3 people");
  app_press (details, "Add People…");
  dialog = app_await_window ("VitrineGroupDialog");
  write_into (dialog, GTK_TYPE_SEARCH_ENTRY, "Name or Address", "carol@a.test");
  g_signal_emit_by_name (app_await_named (dialog, GTK_TYPE_SEARCH_ENTRY, "Name or Address"),
                         "activate");
  app_press (dialog, "Add");
  await_end (dialog);
  await_state (carol, "Family", 4);
  app_await_label (details, "4 people");

  app_press (details, "Remove Bob");
  app_press (app_await_question (), "Remove");
  await_state (self->town.emily, "Family", 3);
  app_await_label (details, "3 people");
  g_assert_null (app_find_named (details, GTK_TYPE_BUTTON, "Remove Bob"));
  gtk_window_close (GTK_WINDOW (details));
  person_free (carol);
}

static void
test_who_left_can_only_read (Fixture       *self,
                             gconstpointer  unused)
{
  GtkWidget *details = open_details (self);

  app_press (details, "Leave the Group");
  app_press (app_await_question (), "Leave");

  await_state (self->bob, "Family", 2);
  app_await_label (WINDOW (&self->town), "You are not in this group any more");
  g_assert_null (app_find_named (WINDOW (&self->town), GTK_TYPE_TEXT_VIEW, "Message"));
  g_assert_false (
    gtk_widget_is_sensitive (app_await_named (WINDOW (&self->town), GTK_TYPE_BUTTON, "Show…")));
  gtk_window_close (GTK_WINDOW (details));
}

/* Alice shows the test camera to the group. Returns the id of the share. */
static char *
alice_shows (Fixture *self)
{
  g_autoptr (CpmMessage) state = NULL;

  person_forget (self->town.emily);
  person_forget (self->bob);
  gtk_widget_activate_action (gtk_window_get_focus (GTK_WINDOW (self->town.window)),
                              "conversation.show", NULL);
  app_press (WINDOW (&self->town), "Live camera");
  state = person_take (self->town.emily, CPM_MESSAGE_SHARE_STATE);
  g_object_unref (person_take (self->bob, CPM_MESSAGE_SHARE_STATE));

  return g_strdup (body_text (state, "share"));
}

static void
test_share_says_who_watches (Fixture       *self,
                             gconstpointer  unused)
{
  g_autofree char *id = alice_shows (self);

  app_await_label (WINDOW (&self->town), "Waiting for “Family”…");
  g_assert_cmpstr (person_ask (self->bob, CPM_MESSAGE_SHARE_DECLINE, NULL,
                               share_body (id, "\"reason\":\"busy\",\"text\":\"cooking\"")),
                   ==, "ack");
  g_assert_cmpstr (
    person_ask (self->town.emily, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (id, "")), ==, "ack");
  app_await_label (WINDOW (&self->town), "1 watching · 1 not watching");

  app_press (WINDOW (&self->town), "Who Is Watching");
  app_await_label (WINDOW (&self->town), "Declined: “cooking”");
  app_press (WINDOW (&self->town), "Stop");
  app_await_label (WINDOW (&self->town), "You showed “Family” the live camera");
  app_await_label (WINDOW (&self->town), "Bob: Declined: “cooking”");
  app_await_label (WINDOW (&self->town), "Emily: Watched");
}

/* Of several the stage says how many, and the list which of them; @hindrance of Emily, as the relay
 * would say it. */
static void
say_pace (Fixture    *self,
          const char *id,
          const char *hindrance)
{
  g_autofree char *more = g_strdup_printf (
    "\"viewers\":2,\"delay_ms\":100,\"kbits\":1000,\"renditions\":2,\"slow\":[{\"who\":\"emily@a.test\",\"hindrance\":\"%s\"}]",
    hindrance);
  g_autoptr (CpmMessage) pace = cpm_message_new (CPM_MESSAGE_SHARE_PACE, NULL, NULL,
                                                 share_body (id, more));

  client_share_take_seen (client_find_share (self->town.alice, id), pace);
}

static void
test_share_says_who_is_slow (Fixture       *self,
                             gconstpointer  unused)
{
  g_autofree char *id = alice_shows (self);

  g_assert_cmpstr (person_ask (self->bob, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (id, "")), ==,
                   "ack");
  g_assert_cmpstr (
    person_ask (self->town.emily, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (id, "")), ==, "ack");
  app_await_label (WINDOW (&self->town), "2 watching");
  say_pace (self, id, "network");
  app_await_label (WINDOW (&self->town), "1 slow");

  app_press (WINDOW (&self->town), "Who Is Watching");
  app_await_label (WINDOW (&self->town), "Slow connection");
  say_pace (self, id, "computer");
  app_await_label (WINDOW (&self->town), "Slow computer");
  app_press (WINDOW (&self->town), "Stop");
  app_await_label (WINDOW (&self->town), "You showed “Family” the live camera");
}

static gboolean
is_handed_over (gpointer user_data)
{
  Person *emily = user_data;

  while (person_has (emily, CPM_MESSAGE_SHARE_STATE))
    {
      g_autoptr (CpmMessage) state = person_take (emily, CPM_MESSAGE_SHARE_STATE);

      if (g_strcmp0 (body_text (state, "reason"), "handed-over") == 0)
        return TRUE;
    }

  return FALSE;
}

static void
test_turn_is_given (Fixture       *self,
                    gconstpointer  unused)
{
  g_autofree char *id = alice_shows (self);

  g_assert_cmpstr (
    person_ask (self->town.emily, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (id, "")), ==, "ack");
  app_await_label (WINDOW (&self->town), "1 watching");
  g_assert_cmpstr (
    person_ask (self->town.emily, CPM_MESSAGE_SHARE_REQUEST, NULL, share_body (id, "")), ==, "ack");
  app_await_label (WINDOW (&self->town), "Emily would like to show something");
  app_press (WINDOW (&self->town), "Let Emily Show");

  app_wait_until (is_handed_over, self->town.emily);
  app_await_no_label (WINDOW (&self->town), "Emily would like to show something");
  app_await_label (WINDOW (&self->town), "Somebody else goes on showing");
}

static void
test_invitation_says_to_whom (Fixture       *self,
                              gconstpointer  unused)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (self->town.home->clock));
  g_autofree char *more =
    g_strdup_printf ("\"viewers\":[\"alice@a.test\",\"bob@a.test\"],\"conversation\":\"%s\","
                     "\"content\":{\"kind\":\"camera\",\"audio\":false}",
                     group_address (self));

  g_assert_cmpstr (
    person_ask (self->town.emily, CPM_MESSAGE_SHARE_INVITE, NULL, share_body (id, more)), ==,
    "ack");
  app_await_label (WINDOW (&self->town), "Emily wants to show you what the camera sees, live");
  app_await_label (WINDOW (&self->town), "and the others in “Family”");
  app_press (WINDOW (&self->town), "Accept");
  app_await_label (WINDOW (&self->town), "shown by Emily");

  /* The same button now asks for the turn. */
  gtk_widget_activate_action (gtk_window_get_focus (GTK_WINDOW (self->town.window)),
                              "conversation.show", NULL);
  app_await_label (WINDOW (&self->town), "Ask Emily whether you may show…");
  person_forget (self->town.emily);
  app_press (WINDOW (&self->town), "Live camera");
  g_object_unref (person_take (self->town.emily, CPM_MESSAGE_SHARE_REQUEST));
  app_await_label (WINDOW (&self->town), "Emily was asked");
}

/* Emily shows her camera to Bob, who looks, and to Alice, who is away. Returns the id. (transfer
 * full) */
static char *
alice_misses (Fixture *self)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (self->town.home->clock));
  g_autofree char *more =
    g_strdup_printf ("\"viewers\":[\"alice@a.test\",\"bob@a.test\"],\"conversation\":\"%s\","
                     "\"ring_ms\":5000,\"content\":{\"kind\":\"camera\",\"audio\":false}",
                     group_address (self));

  g_assert_cmpstr (
    person_ask (self->town.emily, CPM_MESSAGE_SHARE_INVITE, NULL, share_body (id, more)), ==,
    "ack");
  g_assert_cmpstr (person_ask (self->bob, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (id, "")), ==,
                   "ack");
  app_await_named (WINDOW (&self->town), GTK_TYPE_BUTTON, "Accept");
  home_advance (self->town.home, 6 * G_USEC_PER_SEC);
  app_await_label (WINDOW (&self->town), "Missed: Live camera by Emily");

  return g_steal_pointer (&id);
}

/* Others may be looking: it is worth a look whether it goes on. */
static void
test_missed_share_is_joined_late (Fixture       *self,
                                  gconstpointer  today)
{
  g_autofree char *id = alice_misses (self);

  app_press (WINDOW (&self->town), "Look Whether It Goes On");
  app_await_label (WINDOW (&self->town), "shown by Emily");
}

static void
test_missed_share_is_over (Fixture       *self,
                           gconstpointer  today)
{
  g_autofree char *id = alice_misses (self);

  g_assert_cmpstr (person_ask (self->town.emily, CPM_MESSAGE_SHARE_STOP, NULL, share_body (id, "")),
                   ==, "ack");
  app_press (WINDOW (&self->town), "Look Whether It Goes On");
  app_await_label (WINDOW (&self->town), "It is over already");
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "/groups/group-is-made", test_group_is_made },
    { "/groups/trouble-stays-in-the-dialog", test_trouble_stays_in_the_dialog },
    { "/groups/rows-say-who-speaks", test_rows_say_who_speaks },
    { "/groups/name-is-changed", test_name_is_changed },
    { "/groups/people-come-and-go", test_people_come_and_go },
    { "/groups/who-left-can-only-read", test_who_left_can_only_read },
    { "/groups/share-says-who-watches", test_share_says_who_watches },
    { "/groups/share-says-who-is-slow", test_share_says_who_is_slow },
    { "/groups/turn-is-given", test_turn_is_given },
    { "/groups/invitation-says-to-whom", test_invitation_says_to_whom },
  };

  app_town_init (&argc, &argv);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);

  g_test_add ("/groups/missed-share-is-joined-late", Fixture, "today", set_up,
              test_missed_share_is_joined_late, tear_down);
  g_test_add ("/groups/missed-share-is-over", Fixture, "today", set_up, test_missed_share_is_over,
              tear_down);

  return g_test_run ();
}
