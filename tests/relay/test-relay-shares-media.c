/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the shares and whoever carries their media say to each other. Nothing is carried here. */

#include "config.h"

#include "relay-home.h"

#include "cpm-json.h"

/* Writes down what it is told. */
#define DEAF_TYPE_FANOUT (deaf_fanout_get_type ())
G_DECLARE_FINAL_TYPE (DeafFanout, deaf_fanout, DEAF, FANOUT, GObject)

struct _DeafFanout
{
  GObject parent_instance;

  GString *told;
  char *token; /* the last one */
};

static void deaf_fanout_iface_init (RelayFanoutInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DeafFanout, deaf_fanout, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELAY_TYPE_FANOUT, deaf_fanout_iface_init))

static void
note (RelayFanout *fanout,
      const char  *what,
      const char  *who,
      const char  *token)
{
  DeafFanout *self = DEAF_FANOUT (fanout);

  g_string_append_printf (self->told, "%s%s%s%s", self->told->len > 0 ? ", " : "", what,
                          who != NULL ? " " : "", who != NULL ? who : "");
  if (token != NULL)
    {
      g_free (self->token);
      self->token = g_strdup (token);
    }
}

static void
on_open (RelayFanout *fanout,
         const char  *share,
         const char  *publisher,
         const char  *token)
{
  note (fanout, "open", publisher, token);
}

static void
on_admit (RelayFanout *fanout,
          const char  *share,
          const char  *who,
          const char  *token)
{
  note (fanout, "admit", who, token);
}

static void
on_expel (RelayFanout *fanout,
          const char  *share,
          const char  *who)
{
  note (fanout, "expel", who, NULL);
}

static void
on_close (RelayFanout *fanout,
          const char  *share)
{
  note (fanout, "close", NULL, NULL);
}

static void
on_set_rendition (RelayFanout *fanout,
                  const char  *share,
                  const char  *who,
                  unsigned     rendition)
{
  note (fanout, rendition == 1 ? "low" : "full", who, NULL);
}

static void
deaf_fanout_iface_init (RelayFanoutInterface *iface)
{
  iface->open = on_open;
  iface->admit = on_admit;
  iface->expel = on_expel;
  iface->close = on_close;
  iface->set_rendition = on_set_rendition;
}

static void
deaf_fanout_finalize (GObject *object)
{
  DeafFanout *self = DEAF_FANOUT (object);

  g_string_free (self->told, TRUE);
  g_free (self->token);

  G_OBJECT_CLASS (deaf_fanout_parent_class)->finalize (object);
}

static void
deaf_fanout_class_init (DeafFanoutClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = deaf_fanout_finalize;
}

static void
deaf_fanout_init (DeafFanout *self)
{
  self->told = g_string_new (NULL);
}

typedef struct
{
  Home *home;
  DeafFanout *fanout;
  Person *alice;
  Person *emily;
  Person *bob;
  char *share;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->home = home_new ();
  fixture->fanout = g_object_new (DEAF_TYPE_FANOUT, NULL);
  g_assert_finalize_object (fixture->home->server);
  fixture->home->server = relay_server_new (fixture->home->config, 7443, 7322, fixture->home->store,
                                            RELAY_FANOUT (fixture->fanout),
                                            CPM_CLOCK (fixture->home->clock));
  fixture->alice = person_sign_up (fixture->home, "alice");
  fixture->emily = person_sign_up (fixture->home, "emily");
  fixture->bob = person_sign_up (fixture->home, "bob");
  fixture->share = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  person_free (fixture->alice);
  person_free (fixture->emily);
  person_free (fixture->bob);
  home_free (fixture->home);
  g_object_unref (fixture->fanout);
  g_free (fixture->share);
}

static void
say (Fixture        *fixture,
     Person         *person,
     CpmMessageType  type)
{
  g_assert_cmpstr (person_ask (person, type, NULL, share_body (fixture->share, "")), ==, "ack");
}

/* The media say that something has happened to the share, or to @person (nullable) in it. */
static void
happen (Fixture    *fixture,
        const char *signal,
        Person     *person)
{
  if (person != NULL)
    g_signal_emit_by_name (fixture->fanout, signal, fixture->share, person->address);
  else
    g_signal_emit_by_name (fixture->fanout, signal, fixture->share);
  home_settle (fixture->home);
}

#define assert_told(fixture, expected) \
  G_STMT_START { \
    g_assert_cmpstr ((fixture)->fanout->told->str, ==, expected); \
    g_string_truncate ((fixture)->fanout->told, 0); \
  } G_STMT_END

/* Of the newest snapshot that Alice has. */
static void
assert_stands (Fixture    *fixture,
               const char *state,
               const char *reason,
               gboolean    media_up,
               const char *of_emily)
{
  g_autoptr (CpmMessage) message = NULL;
  JsonObject *body;
  JsonObject *member;

  while (message == NULL || person_has (fixture->alice, CPM_MESSAGE_SHARE_STATE))
    {
      g_clear_object (&message);
      message = person_take (fixture->alice, CPM_MESSAGE_SHARE_STATE);
    }

  body = cpm_message_get_body (message);
  member = json_array_get_object_element (cpm_json_get_array (body, "members"), 0);
  g_assert_cmpstr (cpm_json_get_string (body, "state", NULL), ==, state);
  g_assert_cmpstr (cpm_json_get_string (body, "reason", NULL), ==, reason);
  g_assert_cmpint (cpm_json_get_boolean (body, "media_up", FALSE), ==, media_up);
  g_assert_cmpstr (cpm_json_get_string (member, "state", NULL), ==, of_emily);
}

static void
begin (Fixture *fixture)
{
  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_SHARE_INVITE, NULL,
                share_body (fixture->share, "\"viewers\":[\"emily@a.test\",\"bob@a.test\"],"
                                            "\"content\":{\"kind\":\"camera\"}")),
    ==, "ack");
  assert_told (fixture, "");
  say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT);
  assert_told (fixture, "open alice@a.test");
  happen (fixture, "publishing", NULL);
  assert_told (fixture, "admit emily@a.test");
  happen (fixture, "joined", fixture->emily);
  assert_stands (fixture, "active", "none", TRUE, "joined");
}

static void
test_end (Fixture       *fixture,
          gconstpointer  data)
{
  begin (fixture);
  say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT);
  assert_told (fixture, "admit bob@a.test");
  say (fixture, fixture->bob, CPM_MESSAGE_SHARE_LEAVE);
  assert_told (fixture, "expel bob@a.test");
  say (fixture, fixture->alice, CPM_MESSAGE_SHARE_STOP);
  assert_told (fixture, "close");

  /* Nobody listens to what comes of the end. */
  happen (fixture, "publisher-lost", NULL);
  happen (fixture, "left", fixture->emily);
  assert_stands (fixture, "ended", "stopped", FALSE, "joined");
}

static void
test_sharers_line (Fixture       *fixture,
                   gconstpointer  data)
{
  begin (fixture);
  happen (fixture, "publisher-lost", NULL);
  assert_stands (fixture, "active", "none", FALSE, "joined");
  home_advance (fixture->home, 14 * G_USEC_PER_SEC);
  happen (fixture, "publishing", NULL);
  assert_stands (fixture, "active", "none", TRUE, "joined");
  assert_told (fixture, "");

  happen (fixture, "publisher-lost", NULL);
  say (fixture, fixture->alice, CPM_MESSAGE_SHARE_SYNC);
  say (fixture, fixture->emily, CPM_MESSAGE_SHARE_SYNC);
  home_advance (fixture->home, 16 * G_USEC_PER_SEC);
  assert_stands (fixture, "ended", "media", FALSE, "joined");
}

static void
test_viewers_line (Fixture       *fixture,
                   gconstpointer  data)
{
  begin (fixture);
  happen (fixture, "left", fixture->emily);
  assert_stands (fixture, "active", "none", TRUE, "accepted");
  happen (fixture, "joined", fixture->emily);
  assert_stands (fixture, "active", "none", TRUE, "joined");

  g_string_truncate (fixture->fanout->told, 0);
  happen (fixture, "left", fixture->emily);
  home_advance (fixture->home, 16 * G_USEC_PER_SEC);
  assert_stands (fixture, "active", "none", TRUE, "left");
  assert_told (fixture, "admit emily@a.test, expel emily@a.test");
}

/* Who was there first is not told of again. */
static void
test_viewer_before_sharer (Fixture       *fixture,
                           gconstpointer  data)
{
  begin (fixture);
  happen (fixture, "publisher-lost", NULL);
  happen (fixture, "left", fixture->emily);
  happen (fixture, "joined", fixture->emily);
  assert_stands (fixture, "active", "none", FALSE, "accepted");
  happen (fixture, "publishing", NULL);
  assert_stands (fixture, "active", "none", TRUE, "joined");
}

/* The signals are lost, but not the media; then the media, too. */
static void
test_viewers_signals (Fixture       *fixture,
                      gconstpointer  data)
{
  Person *again;

  begin (fixture);
  transport_pair_cut (TRANSPORT_PAIR (fixture->emily->connection));
  assert_stands (fixture, "active", "none", TRUE, "lost");
  again = person_again (fixture->emily, 0);
  assert_stands (fixture, "active", "none", TRUE, "joined");
  person_free (fixture->emily);
  fixture->emily = again;

  transport_pair_cut (TRANSPORT_PAIR (fixture->emily->connection));
  home_settle (fixture->home);
  happen (fixture, "left", fixture->emily);
  again = person_again (fixture->emily, 0);
  assert_stands (fixture, "active", "none", TRUE, "accepted");
  person_free (fixture->emily);
  fixture->emily = again;
}

/* Another device goes on, with credentials of its own. */
static void
test_other_device (Fixture       *fixture,
                   gconstpointer  data)
{
  Person *phone = person_on_device (fixture->emily, NULL);
  g_autofree char *token = NULL;

  begin (fixture);
  token = g_strdup (fixture->fanout->token);
  transport_pair_cut (TRANSPORT_PAIR (fixture->emily->connection));
  home_settle (fixture->home);
  assert_told (fixture, "");
  say (fixture, phone, CPM_MESSAGE_SHARE_JOIN);
  assert_told (fixture, "expel emily@a.test, admit emily@a.test");
  g_assert_cmpstr (fixture->fanout->token, !=, token);

  /* What the first one has had ends; the phone has not joined by that. */
  assert_stands (fixture, "active", "none", TRUE, "accepted");
  person_free (phone);
}

/* By a new device in place of his. */
static void
make_bob_poor (Fixture *fixture)
{
  Person *poor = person_new (fixture->home, "bob");
  JsonObject *body = person_new_hello (poor);

  json_object_set_string_member (body, "password", "correct horse");
  json_object_set_array_member (
    body, "capabilities", cpm_capabilities_to_json (CPM_CAPABILITY_VIDEO | CPM_CAPABILITY_VP8));
  g_free (person_say (poor, CPM_MESSAGE_HELLO, NULL, body));
  g_object_unref (person_take (poor, CPM_MESSAGE_WELCOME));
  person_free (fixture->bob);
  fixture->bob = poor;
}

/* Who cannot decode what is sent comes: everything is made anew, and nobody has the old
 * credentials. */
static void
test_other_codec (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *token = NULL;

  begin (fixture);
  make_bob_poor (fixture);
  token = g_strdup (fixture->fanout->token);
  say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT);
  assert_told (fixture, "close, open alice@a.test");
  g_assert_cmpstr (fixture->fanout->token, !=, token);
  assert_stands (fixture, "active", "none", FALSE, "accepted");

  /* What is left of the old connections says so now. */
  happen (fixture, "publisher-lost", NULL);
  happen (fixture, "left", fixture->emily);
  happen (fixture, "publishing", NULL);
  assert_told (fixture, "admit emily@a.test, admit bob@a.test");
  happen (fixture, "joined", fixture->emily);
  happen (fixture, "joined", fixture->bob);
  assert_stands (fixture, "active", "none", TRUE, "joined");
}

static void
test_media_never_come (Fixture       *fixture,
                       gconstpointer  data)
{
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_SHARE_INVITE, NULL,
                               share_body (fixture->share, "\"viewers\":[\"emily@a.test\"],"
                                                           "\"content\":{\"kind\":\"camera\"}")),
                   ==, "ack");
  say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT);
  home_advance (fixture->home, 14 * G_USEC_PER_SEC);
  assert_stands (fixture, "active", "none", FALSE, "accepted");
  home_advance (fixture->home, 2 * G_USEC_PER_SEC);
  assert_stands (fixture, "ended", "media", FALSE, "accepted");
}

static void
test_keyframe (Fixture       *fixture,
               gconstpointer  data)
{
  begin (fixture);
  happen (fixture, "keyframe-needed", NULL);
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_SHARE_KEYFRAME));
}

static void
report (Fixture  *fixture,
        Person   *person,
        int       slack_ms,
        unsigned  frames)
{
  g_autofree char *more = g_strdup_printf (
    "\"frames\":%u,\"delay_ms\":120,\"slack_ms\":%d,\"offset_us\":0,\"clock_error_us\":0,"
    "\"lost\":0,\"kbits\":900,\"hindrance\":\"none\"",
    frames, slack_ms);

  g_free (person_say (person, CPM_MESSAGE_SHARE_REPORT, NULL, share_body (fixture->share, more)));
}

static void
report_both (Fixture  *fixture,
             int       n_seconds,
             gboolean  bob_is_slow)
{
  for (int i = 0; i < n_seconds; i++)
    {
      report (fixture, fixture->emily, 60, 30);
      report (fixture, fixture->bob, bob_is_slow ? -300 - 400 * i : 60, bob_is_slow ? 8 : 30);
      home_advance (fixture->home, G_USEC_PER_SEC);
    }
}

/* Who cannot take it gets the low rendition, later the other one again, and at the next admission
 * is as anybody. */
static void
test_renditions (Fixture       *fixture,
                 gconstpointer  data)
{
  begin (fixture);
  say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT);
  happen (fixture, "joined", fixture->bob);
  assert_told (fixture, "admit bob@a.test");
  report_both (fixture, 4, TRUE);
  assert_told (fixture, "low bob@a.test");
  report_both (fixture, 25, FALSE);
  assert_told (fixture, "full bob@a.test");

  report_both (fixture, 4, TRUE);
  assert_told (fixture, "low bob@a.test");
  say (fixture, fixture->bob, CPM_MESSAGE_SHARE_LEAVE);
  assert_told (fixture, "expel bob@a.test");
  say (fixture, fixture->bob, CPM_MESSAGE_SHARE_JOIN);
  happen (fixture, "joined", fixture->bob);
  assert_told (fixture, "admit bob@a.test");
  report_both (fixture, 20, FALSE);
  assert_told (fixture, "");
}

#define ADD(path, func) g_test_add ("/shares-media/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("from-the-accept-to-the-end", test_end);
  ADD ("sharers-line", test_sharers_line);
  ADD ("viewers-line", test_viewers_line);
  ADD ("viewer-before-the-sharer", test_viewer_before_sharer);
  ADD ("viewers-signals-alone", test_viewers_signals);
  ADD ("other-device-goes-on", test_other_device);
  ADD ("other-codec", test_other_codec);
  ADD ("media-never-come", test_media_never_come);
  ADD ("keyframe-for-a-new-viewer", test_keyframe);
  ADD ("renditions", test_renditions);

  return g_test_run ();
}
