/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-relay.h"

#include "client-series.h"
#include "client-share-internal.h"
#include "cpm-json.h"

#define CAROL "carol@b.test"

/* What the share has told since the last look, a word for each. */
static GString *told;

static void
drop_said (ScriptedRelay *self)
{
  scripted_relay_turn (self);
  g_queue_clear_full (&self->said, g_object_unref);
}

static void
say_state (ScriptedRelay *self,
           int            rev,
           const char    *more)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"share.state\",\"body\":{\"share\":\"" SHARE "\",\"rev\":%d,\"state\":\"%s\","
    "\"sharer\":\"" EMILY "\",\"reason\":\"none\",\"expires\":%" G_GINT64_FORMAT ",\"n\":1,%s"
    "\"content\":{\"kind\":\"file\",\"audio\":true},\"media_up\":false,\"members\":["
    "{\"who\":\"" ALICE "\",\"state\":\"%s\",\"reason\":\"none\",\"device\":\"%s\"},"
    "{\"who\":\"" CAROL "\",\"state\":\"%s\",\"reason\":\"none\"}]%s}}",
    rev, rev == 1 ? "inviting" : "active",
    cpm_clock_get_real_us (CPM_CLOCK (self->clock)) + 30 * SECOND, rev == 1 ? "" : "\"grace\":5,",
    rev == 1 ? "invited" : "accepted", self->device, rev == 1 ? "invited" : "accepted", more);

  scripted_relay_say (self, text);
  drop_said (self);
}

static void
say_seen (ScriptedRelay *self,
          const char    *type,
          const char    *from,
          const char    *more)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"%s\",\"from\":\"%s\",\"ts\":1,\"body\":{\"share\":\"" SHARE "\",%s}}", type,
    from, more);

  scripted_relay_say (self, text);
  scripted_relay_turn (self);
}

static void
on_reaction (ClientShare *share,
             const char  *who,
             const char  *reaction)
{
  g_string_append_printf (told, "%s:%s ", who, reaction);
}

static void
on_pointer (ClientShare *share,
            const char  *who,
            double       x,
            double       y,
            int64_t      moment)
{
  g_string_append_printf (told, "%s:%.3f,%.3f,%d ", who, x, y, (int) moment);
}

static void
on_progress (ClientShare *share)
{
  g_string_append_printf (told, "%s%d ", client_share_is_playing (share) ? "" : "paused ",
                          (int) (client_share_get_position_us (share) / 1000));
}

#define assert_told(text) \
  G_STMT_START { \
    g_assert_cmpstr (told->str, ==, text); \
    g_string_truncate (told, 0); \
  } G_STMT_END

/* Emily shows a film to Alice, who has this device, and Carol. */
static ClientShare *
be_in (ScriptedRelay *self)
{
  ClientShare *share;

  scripted_relay_sign_in (self);
  say_state (self, 1, "");
  say_state (self, 2, "");
  share = client_find_share (self->client, SHARE);
  g_assert_nonnull (share);
  g_signal_connect (share, "reaction", G_CALLBACK (on_reaction), NULL);
  g_signal_connect (share, "pointer", G_CALLBACK (on_pointer), NULL);
  g_signal_connect (share, "progress-changed", G_CALLBACK (on_progress), NULL);

  return share;
}

static void
test_reactions (ScriptedRelay *self,
                gconstpointer  data)
{
  ClientShare *share = be_in (self);
  g_autoptr (CpmMessage) said = NULL;

  say_seen (self, "share.reaction", CAROL, "\"reaction\":\"hi\"");
  say_seen (self, "share.reaction", "mallory@b.test", "\"reaction\":\"boo\"");
  assert_told (CAROL ":hi ");

  g_assert_true (client_share_react (share, "yes"));
  said = scripted_relay_expect (self, CPM_MESSAGE_SHARE_REACTION);
  g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (said), "reaction", NULL), ==, "yes");
  assert_told (ALICE ":yes ");

  g_assert_false (client_share_react (share, ""));
  g_assert_false (client_share_react (share, "two\nlines"));
  g_assert_false (client_share_react (share, "more than sixteen characters"));
  scripted_relay_expect_silence (self);
}

static void
assert_points (ScriptedRelay *self,
               int            x)
{
  g_autoptr (CpmMessage) said = scripted_relay_expect (self, CPM_MESSAGE_SHARE_POINTER);

  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (said), "x", -1), ==, x);
}

static void
test_pointer (ScriptedRelay *self,
              gconstpointer  data)
{
  ClientShare *share = be_in (self);

  say_seen (self, "share.pointer", EMILY, "\"x\":250,\"y\":1000,\"moment\":77");
  say_seen (self, "share.pointer", EMILY, "\"moment\":77");
  assert_told (EMILY ":0.250,1.000,77 " EMILY ":-1.000,-1.000,77 ");

  /* The first one goes at once, of the others the newest, a thirtieth of a second later. */
  client_share_point (share, 0.1, 0.1);
  client_share_point (share, 0.2, 0.2);
  client_share_point (share, 0.3, 0.3);
  assert_points (self, 100);
  scripted_relay_expect_silence (self);
  test_clock_advance (self->clock, SECOND / 20);
  assert_points (self, 300);
  test_clock_advance (self->clock, SECOND);
  scripted_relay_expect_silence (self);
  client_share_point (share, -1, -1);
  assert_points (self, -1);
}

static void
test_progress (ScriptedRelay *self,
               gconstpointer  data)
{
  ClientShare *share = be_in (self);

  g_assert_cmpint (client_share_get_position_us (share), ==, -1);
  say_seen (self, "share.progress", EMILY,
            "\"n\":1,\"playing\":true,\"position_ms\":4000,\"duration_ms\":5500,"
            "\"title\":\"Evening\",\"artist\":\"The Neighbours\"");
  assert_told ("4000 ");
  g_assert_cmpstr (client_share_get_title (share), ==, "Evening");
  g_assert_cmpstr (client_share_get_artist (share), ==, "The Neighbours");
  test_clock_advance (self->clock, SECOND);
  /* the turns take a little, too */
  g_assert_cmpint (client_share_get_position_us (share) / (SECOND / 10), ==, 50);
  test_clock_advance (self->clock, SECOND);
  g_assert_cmpint (client_share_get_position_us (share), ==, 5500 * 1000);

  say_seen (self, "share.progress", EMILY, "\"n\":1,\"playing\":false,\"position_ms\":1000");
  assert_told ("paused 1000 ");
  test_clock_advance (self->clock, SECOND);
  g_assert_cmpint (client_share_get_position_us (share), ==, SECOND);
  g_assert_cmpint (client_share_get_duration_us (share), ==, -1);
  g_assert_null (client_share_get_artist (share));

  /* Of what is not shown. */
  say_seen (self, "share.progress", EMILY, "\"n\":2,\"playing\":true,\"position_ms\":9000");
  assert_told ("");
}

static void
test_pace (ScriptedRelay *self,
           gconstpointer  data)
{
  ClientShare *share = be_in (self);

  g_assert_cmpuint (client_share_get_n_viewers (share), ==, 0);
  g_assert_null (client_share_get_slow (share)[0]);
  scripted_relay_say (self,
                      "{\"v\":1,\"t\":\"share.pace\",\"body\":{\"share\":\"" SHARE
                      "\",\"viewers\":2,\"spread_us\":2500,"
                      "\"delay_ms\":200,\"kbits\":2000,\"renditions\":1,\"slow\":[{\"who\":\"" CAROL
                      "\",\"hindrance\":\"network\"}]}}");
  scripted_relay_turn (self);
  g_assert_cmpuint (client_share_get_n_viewers (share), ==, 2);
  g_assert_cmpfloat_with_epsilon (client_share_get_spread_ms (share), 2.5, 0.001);
  g_assert_cmpstr (client_share_get_slow (share)[0], ==, CAROL);
  g_assert_cmpstr (client_share_get_hindrance_of (share, CAROL), ==, "network");
  g_assert_null (client_share_get_hindrance_of (share, ALICE));
}

typedef struct
{
  char *url;
  GError *error;
  unsigned n;
} Answer;

static void
on_snapshot (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Answer *answer = user_data;
  int width;
  int height;
  int64_t pts_us;

  answer->n++;
  client_share_snapshot_finish (CLIENT_SHARE (source), result, &width, &height, &pts_us,
                                &answer->error);
}

static void
on_url (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Answer *answer = user_data;

  answer->n++;
  answer->url = client_share_get_watch_url_finish (CLIENT_SHARE (source), result, &answer->error);
}

static void
test_snapshot (ScriptedRelay *self,
               gconstpointer  data)
{
  ClientShare *share = be_in (self);
  Answer answer = { NULL, NULL, 0 };

  g_assert_cmpuint (client_share_get_allow (share), ==, CPM_ALLOW_SNAPSHOT);
  say_state (self, 3, ",\"allow\":[\"watch\"]");
  g_assert_cmpuint (client_share_get_allow (share), ==, CPM_ALLOW_WATCH);
  client_share_snapshot_async (share, "/nowhere/x.png", NULL, on_snapshot, &answer);
  scripted_relay_turn (self);
  g_assert_cmpuint (answer.n, ==, 1);
  g_assert_error (answer.error, CPM_ERROR, CPM_ERROR_FORBIDDEN);
  g_clear_error (&answer.error);
}

static void
test_watch_url (ScriptedRelay *self,
                gconstpointer  data)
{
  ClientShare *share = be_in (self);
  Answer answer = { NULL, NULL, 0 };
  g_autoptr (CpmMessage) asked = NULL;
  g_autofree char *text = NULL;

  client_share_get_watch_url_async (share, NULL, on_url, &answer);
  asked = scripted_relay_expect (self, CPM_MESSAGE_SHARE_WATCH);
  text = g_strdup_printf (
    "{\"v\":1,\"t\":\"share.watching\",\"body\":{\"re\":\"%s\",\"share\":\"" SHARE "\","
    "\"url\":\"rtsps://a.test:7322/share/x\",\"user\":\"watch-1\",\"token\":\"a/b c\"}}",
    cpm_message_get_id (asked));
  scripted_relay_say (self, text);
  scripted_relay_turn (self);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.url, ==, "rtsps://watch-1:a%2Fb%20c@a.test:7322/share/x");
  g_free (answer.url);
}

/* The file of a picture, once it is here, as long as its frames are shown; nobody but the sharer
 * says which. */
static void
test_still (ScriptedRelay *self,
            gconstpointer  data)
{
  ClientShare *share = be_in (self);

  client_world_note_still (share->world, SHARE, 3, CAROL, "/tmp/false.jpg");
  client_share_on_page_shown (share->watcher, 1, 3, share);
  g_assert_null (client_share_get_still (share));
  client_world_note_still (share->world, SHARE, 3, EMILY, "/tmp/dress.jpg");
  client_share_update_still (share);
  g_assert_cmpstr (client_share_get_still (share), ==, "/tmp/dress.jpg");
  client_share_on_page_shown (share->watcher, 1, 0, share);
  g_assert_null (client_share_get_still (share));

  /* The same picture in a later content. */
  client_share_on_page_shown (share->watcher, 4, 3, share);
  g_assert_cmpstr (client_share_get_still (share), ==, "/tmp/dress.jpg");
}

static void
test_photos_allowed (ScriptedRelay *self,
                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  ClientContact *emily;

  be_in (self);
  emily = client_find_contact (self->client, EMILY);
  g_assert_false (client_contact_are_photos_allowed (emily));
  g_assert_true (client_allow_photos (self->client, emily, TRUE, &error));
  g_assert_no_error (error);
  g_assert_true (client_contact_are_photos_allowed (emily));

  /* Without a camera of ours that she sees it waits for an answer. */
  scripted_relay_say (
    self,
    "{\"v\":1,\"t\":\"photo.request\",\"id\":\"01930000-0000-7000-8000-0000000000aa\",\"from\":\"" EMILY
    "\","
    "\"to\":\"" ALICE
    "\",\"ts\":1,\"seq\":1,\"body\":{\"conversation\":\"x\",\"text\":\"please\"}}");
  scripted_relay_turn (self);
  for (GList *link = self->said.head; link != NULL; link = link->next)
    g_assert_cmpint (cpm_message_get_message_type (link->data), !=, CPM_MESSAGE_PHOTO_ANSWER);

  drop_said (self);
  g_clear_object (&self->client);
  scripted_relay_open_client (self);
  emily = client_find_contact (self->client, EMILY);
  g_assert_nonnull (emily);
  g_assert_true (client_contact_are_photos_allowed (emily));
  g_assert_true (client_allow_photos (self->client, emily, FALSE, &error));
  g_assert_false (client_contact_are_photos_allowed (emily));
}

static void
on_show (const char *path,
         gpointer    user_data)
{
  g_string_append_printf (told, "%s ", path);
}

static void
test_series (void)
{
  static const char * const paths[] = { "a", "b", "c", NULL };
  g_autoptr (TestClock) clock = test_clock_new ();
  g_autoptr (ClientSeries) series = client_series_new (CPM_CLOCK (clock), paths, 5, on_show, NULL);

  g_assert_cmpuint (client_series_get_page (series), ==, 1);
  g_assert_cmpuint (client_series_get_n_pages (series), ==, 3);
  test_clock_advance (clock, 5 * SECOND);
  test_clock_advance (clock, 4 * SECOND);
  assert_told ("b ");

  /* Each stands for its whole time, also after a step by hand. */
  client_series_step (series, -1);
  client_series_step (series, -1);
  assert_told ("a c ");
  test_clock_advance (clock, 4 * SECOND);
  assert_told ("");
  test_clock_advance (clock, 2 * SECOND);
  assert_told ("a ");

  client_series_set_timer (series, 0);
  test_clock_advance (clock, 100 * SECOND);
  assert_told ("");
  client_series_step (series, 1);
  assert_told ("b ");
  g_assert_cmpuint (client_series_get_page (series), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  told = g_string_new (NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/client/seen/" path, ScriptedRelay, NULL, scripted_relay_set_up, function,          \
              scripted_relay_tear_down)
  ADD ("reactions", test_reactions);
  ADD ("pointer", test_pointer);
  ADD ("progress", test_progress);
  ADD ("pace", test_pace);
  ADD ("no-snapshot-where-it-is-not-allowed", test_snapshot);
  ADD ("watch-url", test_watch_url);
  ADD ("still", test_still);
  ADD ("photos-are-allowed-for-good", test_photos_allowed);
#undef ADD
  g_test_add_func ("/client/seen/series", test_series);

  status = g_test_run ();
  g_string_free (told, TRUE);

  return status;
}
