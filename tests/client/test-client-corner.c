/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "scripted-relay.h"

#include "client-presenter-internal.h"
#include "client-share-internal.h"
#include "cpm-json.h"

/* The sharer's camera in the corner of what is shown: asked of the relay, opened, and announced as
 * it is. A tune is shown to Emily. */

typedef struct
{
  ScriptedRelay relay;
  ClientShare *share;
  char *tune;
  int rev;
  unsigned n_opened;   /* how often the camera was */
  gboolean is_answered;
  GError *error;
} Corner;

static void
set_up (Corner        *self,
        gconstpointer  data)
{
  g_autofree char *text = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) end = NULL;

  scripted_relay_set_up (&self->relay, data);
  self->tune = g_build_filename (self->relay.directory, "tune.wav", NULL);
  text = g_strdup_printf (
    "audiotestsrc num-buffers=400 ! audio/x-raw,rate=48000,channels=2 ! wavenc ! filesink"
    " location=%s",
    self->tune);
  pipeline = gst_parse_launch (text, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  end = gst_bus_timed_pop_filtered (bus, 20 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (end), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* The next of this type that the client says; what else it says meanwhile is nobody's concern here.
 * (transfer full) */
static CpmMessage *
take (Corner         *self,
      CpmMessageType  type)
{
  CpmMessage *message = NULL;

  while (message == NULL)
    {
      scripted_relay_turn (&self->relay);
      fixture_wait_until (!g_queue_is_empty (&self->relay.said));
      message = g_queue_pop_head (&self->relay.said);
      if (cpm_message_get_message_type (message) != type)
        g_clear_object (&message);
    }

  return message;
}

static void
assert_no_switch (Corner *self)
{
  CpmMessage *message;

  scripted_relay_turn (&self->relay);
  g_assert_true (g_queue_is_empty (&self->share->switches));
  while ((message = g_queue_pop_head (&self->relay.said)) != NULL)
    {
      g_assert_cmpint (cpm_message_get_message_type (message), !=, CPM_MESSAGE_SHARE_SWITCH);
      g_object_unref (message);
    }
}

static JsonObject *
content_of (CpmMessage *message)
{
  return cpm_json_get_object (cpm_message_get_body (message), "content");
}

static void
assert_content (CpmMessage *message,
                gboolean    has_camera)
{
  g_assert_cmpstr (cpm_json_get_string (content_of (message), "kind", NULL), ==, "music");
  g_assert_cmpstr (cpm_json_get_string (content_of (message), "title", NULL), ==, "tune.wav");
  g_assert_cmpint (cpm_json_get_boolean (content_of (message), "camera", FALSE), ==, has_camera);
}

static void
say_state (Corner     *self,
           const char *state,
           unsigned    n,
           gboolean    has_camera)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"share.state\",\"body\":{\"share\":\"%s\",\"rev\":%d,\"state\":\"%s\",\"sharer\":\"" ALICE
    "\","
    "\"reason\":\"%s\",\"expires\":%" G_GINT64_FORMAT ",\"n\":%u,"
    "%s\"content\":{\"kind\":\"music\",\"audio\":true,\"camera\":%s,\"title\":\"tune.wav\"},\"media_up\":false,"
    "\"members\":[{\"who\":\"" EMILY "\",\"state\":\"%s\",\"reason\":\"none\"}]}}",
    client_share_get_id (self->share), ++self->rev, state,
    g_str_equal (state, "ended") ? "stopped" : "none",
    cpm_clock_get_real_us (CPM_CLOCK (self->relay.clock)) + 30 * SECOND, n,
    g_str_equal (state, "active") ? "\"grace\":5," : "", has_camera ? "true" : "false",
    g_str_equal (state, "ended") ? "left" : "accepted");

  scripted_relay_say (&self->relay, text);
}

static void
say_forbidden (Corner     *self,
               CpmMessage *request)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"forbidden\",\"status\":403,"
    "\"text\":\"You may not show live video (the camera in the corner).\"}}",
    cpm_message_get_id (request));

  scripted_relay_say (&self->relay, text);
}

static void
on_camera (ClientShare *share,
           GParamSpec  *pspec,
           Corner      *self)
{
  if (client_share_is_camera_open (share))
    self->n_opened++;
}

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Corner *self = user_data;

  client_share_finish (CLIENT_SHARE (source), result, &self->error);
  self->is_answered = TRUE;
}

static void
set_corner (Corner     *self,
            gboolean    on,
            const char *device)
{
  self->is_answered = FALSE;
  client_share_set_presenter_async (self->share, on, device, NULL, on_answer, self);
}

static void
on_shared (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  client_share_with_finish (CLIENT_CLIENT (source), result, NULL);
}

static void
begin (Corner *self)
{
  ScriptedRelay *relay = &self->relay;
  g_autoptr (ClientShowable) tune = client_showable_new (CPM_CONTENT_MUSIC, self->tune, NULL);
  g_autoptr (CpmMessage) invite = NULL;
  ClientConversation *conversation;

  scripted_relay_sign_in (relay);
  conversation = client_open_conversation (relay->client, EMILY, NULL);
  client_share_with_async (relay->client, conversation, tune, NULL, on_shared, NULL);
  invite = take (self, CPM_MESSAGE_SHARE_INVITE);
  assert_content (invite, FALSE);
  scripted_relay_say_ack (relay, invite);
  g_set_object (&self->share,
                client_find_share (
                  relay->client, cpm_json_get_string (cpm_message_get_body (invite), "share", "")));
  g_signal_connect (self->share, "notify::camera-open", G_CALLBACK (on_camera), self);
  say_state (self, "active", 1, FALSE);
  g_assert_nonnull (self->share->presenter);
}

static void
tear_down (Corner        *self,
           gconstpointer  data)
{
  ClientPresenter *presenter = self->share->presenter;

  /* It lives until all is closed. */
  g_object_add_weak_pointer (G_OBJECT (presenter), (gpointer *) &presenter);
  say_state (self, "ended", 9, FALSE);
  fixture_wait_until (presenter == NULL);
  g_assert_false (client_share_is_camera_open (self->share));
  g_clear_object (&self->share);
  g_clear_error (&self->error);
  g_free (self->tune);
  scripted_relay_tear_down (&self->relay, data);
}

static void
show_corner (Corner *self)
{
  g_autoptr (CpmMessage) request = NULL;

  set_corner (self, TRUE, "test");
  request = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (request, TRUE);
  g_assert_cmpuint (self->n_opened, ==, 0);
  scripted_relay_say_ack (&self->relay, request);
  say_state (self, "active", 2, TRUE);
  fixture_wait_until (self->is_answered);
  g_assert_no_error (self->error);
  g_assert_true (client_share_get_presenter (self->share));
  g_assert_cmpuint (self->n_opened, ==, 1);
}

/* S11, S14 for the corner: the answer is the relay's sentence, the camera was never opened, and the
 * tune goes on. */
static void
test_refused (Corner        *self,
              gconstpointer  data)
{
  g_autoptr (CpmMessage) request = NULL;

  begin (self);
  set_corner (self, TRUE, "test");
  request = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (request, TRUE);
  g_assert_false (client_share_is_camera_open (self->share));
  say_forbidden (self, request);
  fixture_wait_until (self->is_answered);

  g_assert_error (self->error, CPM_ERROR, CPM_ERROR_FORBIDDEN);
  g_assert_cmpstr (self->error->message, ==,
                   "You may not show live video (the camera in the corner).");
  g_assert_false (client_share_get_presenter (self->share));
  g_assert_cmpuint (self->n_opened, ==, 0);
  g_assert_cmpint (client_share_get_state (self->share), ==, CPM_SESSION_ACTIVE);
  g_assert_cmpint (client_share_get_content (self->share)->kind, ==, CPM_CONTENT_MUSIC);
}

/* The camera closes before anybody is told, whatever the answer is. */
static void
test_comes_and_goes (Corner        *self,
                     gconstpointer  data)
{
  g_autoptr (CpmMessage) request = NULL;

  begin (self);
  show_corner (self);
  set_corner (self, FALSE, NULL);
  request = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (request, FALSE);
  g_assert_false (client_share_get_presenter (self->share));
  fixture_wait_until (!client_share_is_camera_open (self->share));
  say_forbidden (self, request);
  fixture_wait_until (self->is_answered);
  g_assert_no_error (self->error);
}

/* A switch asks for the camera, too, while it is there; refused, both stay. */
static void
test_switch_with_it (Corner        *self,
                     gconstpointer  data)
{
  g_autoptr (ClientShowable) other = client_showable_new (CPM_CONTENT_MUSIC, self->tune, NULL);
  g_autoptr (CpmMessage) request = NULL;

  begin (self);
  show_corner (self);
  self->is_answered = FALSE;
  client_share_switch_async (self->share, other, NULL, on_answer, self);
  request = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (request, TRUE);
  say_forbidden (self, request);
  fixture_wait_until (self->is_answered);
  g_assert_error (self->error, CPM_ERROR, CPM_ERROR_FORBIDDEN);
  g_assert_true (client_share_get_presenter (self->share));
  g_assert_true (client_share_is_camera_open (self->share));
}

/* What was granted and cannot be opened is taken back. */
static void
test_broken_camera (Corner        *self,
                    gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->relay.directory, "broken.webm", NULL);
  g_autofree char *device = g_strconcat ("file:", path, NULL);
  g_autoptr (CpmMessage) request = NULL;
  g_autoptr (CpmMessage) back = NULL;

  g_assert_true (g_file_set_contents (path, "no film", -1, NULL));
  begin (self);
  set_corner (self, TRUE, device);
  request = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (request, TRUE);
  scripted_relay_say_ack (&self->relay, request);
  say_state (self, "active", 2, TRUE);
  back = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (back, FALSE);
  g_assert_false (self->is_answered);
  scripted_relay_say_ack (&self->relay, back);
  say_state (self, "active", 3, FALSE);
  fixture_wait_until (self->is_answered);
  g_assert_nonnull (self->error);
  g_assert_false (client_share_get_presenter (self->share));
}

/* The camera that was there has gone for another one: neither is there then, and nobody is told of
 * one. */
static void
test_broken_other_camera (Corner        *self,
                          gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->relay.directory, "broken.webm", NULL);
  g_autofree char *device = g_strconcat ("file:", path, NULL);
  g_autoptr (CpmMessage) back = NULL;

  g_assert_true (g_file_set_contents (path, "no film", -1, NULL));
  begin (self);
  show_corner (self);
  set_corner (self, TRUE, device);
  back = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (back, FALSE);
  g_assert_false (client_share_get_presenter (self->share));
  scripted_relay_say_ack (&self->relay, back);
  say_state (self, "active", 3, FALSE);
  fixture_wait_until (self->is_answered);
  g_assert_nonnull (self->error);
  fixture_wait_until (!client_share_is_camera_open (self->share));
}

/* A camera that goes by itself is not announced any longer, even when that could not be said at
 * once. */
static void
test_unplugged (Corner        *self,
                gconstpointer  data)
{
  g_autoptr (CpmMessage) request = NULL;
  g_autoptr (CpmMessage) again = NULL;

  begin (self);
  show_corner (self);
  client_presenter_lose_corner (self->share->presenter, self->share->presenter->corner);
  g_assert_false (client_share_get_presenter (self->share));
  request = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (request, FALSE);
  say_forbidden (self, request);

  say_state (self, "active", 2, TRUE);
  again = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (again, FALSE);
  scripted_relay_say_ack (&self->relay, again);
  say_state (self, "active", 3, FALSE);
  g_assert_true (g_queue_is_empty (&self->share->switches));
}

/* Nor is one that goes while something else is asked for; and that is said once. */
static void
test_unplugged_meanwhile (Corner        *self,
                          gconstpointer  data)
{
  g_autoptr (ClientShowable) other = client_showable_new (CPM_CONTENT_MUSIC, self->tune, NULL);
  g_autoptr (CpmMessage) request = NULL;
  g_autoptr (CpmMessage) off = NULL;

  begin (self);
  show_corner (self);
  self->is_answered = FALSE;
  client_share_switch_async (self->share, other, NULL, on_answer, self);
  request = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (request, TRUE);
  client_presenter_lose_corner (self->share->presenter, self->share->presenter->corner);
  say_forbidden (self, request);
  off = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (off, FALSE);
  fixture_wait_until (self->is_answered);
  scripted_relay_say_ack (&self->relay, off);
  fixture_wait_until (g_queue_is_empty (&self->share->switches));
  say_state (self, "active", 3, FALSE);
  assert_no_switch (self);
}

/* The camera closes at once, even while something else is asked for. */
static void
test_off_meanwhile (Corner        *self,
                    gconstpointer  data)
{
  g_autoptr (ClientShowable) other = client_showable_new (CPM_CONTENT_MUSIC, self->tune, NULL);
  g_autoptr (CpmMessage) request = NULL;
  g_autoptr (CpmMessage) off = NULL;

  begin (self);
  show_corner (self);
  client_share_switch_async (self->share, other, NULL, on_answer, self);
  request = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (request, TRUE);
  set_corner (self, FALSE, NULL);
  fixture_wait_until (!client_share_is_camera_open (self->share));
  g_assert_false (client_share_get_presenter (self->share));
  g_assert_cmpuint (g_queue_get_length (&self->share->switches), ==, 2);
  say_forbidden (self, request);
  off = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (off, FALSE);
  scripted_relay_say_ack (&self->relay, off);
  fixture_wait_until (g_queue_is_empty (&self->share->switches));
  say_state (self, "active", 3, FALSE);
  assert_no_switch (self);
}

/* A camera that was switched off again before the relay has said yes never opens, and nobody is
 * left to believe in it. */
static void
test_off_before_the_yes (Corner        *self,
                         gconstpointer  data)
{
  g_autoptr (CpmMessage) request = NULL;
  g_autoptr (CpmMessage) back = NULL;

  begin (self);
  set_corner (self, TRUE, "test");
  request = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (request, TRUE);
  set_corner (self, FALSE, NULL);
  scripted_relay_say_ack (&self->relay, request);
  back = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (back, FALSE);
  scripted_relay_say_ack (&self->relay, back);
  say_state (self, "active", 3, FALSE);
  fixture_wait_until (g_queue_is_empty (&self->share->switches));
  g_assert_error (self->error, CPM_ERROR, CPM_ERROR_CANCELLED);
  g_assert_cmpuint (self->n_opened, ==, 0);
  assert_no_switch (self);
}

/* Nor is one asked for that waits for something else. */
static void
test_off_before_it_is_asked (Corner        *self,
                             gconstpointer  data)
{
  g_autoptr (ClientShowable) other = client_showable_new (CPM_CONTENT_MUSIC, self->tune, NULL);
  g_autoptr (CpmMessage) request = NULL;

  begin (self);
  client_share_switch_async (self->share, other, NULL, on_answer, self);
  set_corner (self, TRUE, "test");
  set_corner (self, FALSE, NULL);
  request = take (self, CPM_MESSAGE_SHARE_SWITCH);
  assert_content (request, FALSE);
  scripted_relay_say_ack (&self->relay, request);
  say_state (self, "active", 2, FALSE);
  fixture_wait_until (g_queue_is_empty (&self->share->switches));
  g_assert_error (self->error, CPM_ERROR, CPM_ERROR_CANCELLED);
  g_assert_cmpuint (self->n_opened, ==, 0);
  assert_no_switch (self);
}

#define ADD(path, function) \
  g_test_add ("/client/corner/" path, Corner, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  ADD ("refused", test_refused);
  ADD ("comes-and-goes", test_comes_and_goes);
  ADD ("switch-asks-for-it-too", test_switch_with_it);
  ADD ("camera-that-does-not-open", test_broken_camera);
  ADD ("other-camera-that-does-not-open", test_broken_other_camera);
  ADD ("unplugged", test_unplugged);
  ADD ("unplugged-meanwhile", test_unplugged_meanwhile);
  ADD ("off-meanwhile", test_off_meanwhile);
  ADD ("off-before-the-yes", test_off_before_the_yes);
  ADD ("off-before-it-is-asked", test_off_before_it_is_asked);

  return g_test_run ();
}
