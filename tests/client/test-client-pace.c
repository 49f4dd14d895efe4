/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The share's clock as a client asks for it, and how it reports and hears of the pace. */

#include "config.h"

#include "scripted-relay.h"

#include "client-clock.h"
#include "client-internal.h"
#include "client-pace.h"
#include "cpm-json.h"

#include <math.h>
#include <string.h>

#define AHEAD_NS ((int64_t) 3600 * 1000 * 1000 * 1000) /* the relay's clock, of ours */

static int64_t
get_now_ns (ScriptedRelay *self)
{
  return cpm_clock_get_monotonic_us (CPM_CLOCK (self->clock)) * 1000;
}

static ClientClock *
begin_clock (ScriptedRelay *self)
{
  scripted_relay_sign_in (self);
  return client_clock_new (self->client->world, SHARE);
}

static void
answer (ScriptedRelay *self,
        CpmMessage    *question)
{
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"share.time\",\"body\":{\"re\":\"%s\",\"share\":\"" SHARE
    "\",\"t\":%" G_GINT64_FORMAT ",\"time\":%" G_GINT64_FORMAT "}}",
    cpm_message_get_id (question), cpm_json_get_int (cpm_message_get_body (question), "t", 0),
    get_now_ns (self) + AHEAD_NS);

  scripted_relay_say (self, text);
}

/* Takes at least 5 ms. */
static unsigned
take_questions (ScriptedRelay *self,
                gboolean       answers)
{
  unsigned n = 0;

  scripted_relay_turn (self);
  while (!g_queue_is_empty (&self->said))
    {
      g_autoptr (CpmMessage) question = scripted_relay_expect (self, CPM_MESSAGE_SHARE_CLOCK);

      g_assert_cmpstr (cpm_json_get_string (cpm_message_get_body (question), "share", NULL), ==,
                       SHARE);
      if (answers)
        answer (self, question);
      n++;
    }

  return n;
}

static void
test_clock (ScriptedRelay *self,
            gconstpointer  data)
{
  g_autoptr (ClientClock) clock = begin_clock (self);
  MediaClock *media_clock = client_clock_get_media_clock (clock);
  unsigned n_at_first = 0;
  unsigned n_later = 0;
  int64_t now_ns;

  g_assert_false (media_clock_is_synchronized (media_clock));
  for (int i = 0; i < 120; i++)
    n_at_first += take_questions (self, TRUE);
  g_assert_cmpuint (n_at_first, >=, 10);
  g_assert_true (media_clock_is_synchronized (media_clock));
  now_ns = get_now_ns (self);
  g_assert_cmpint (ABS (media_clock_to_shared (media_clock, now_ns) - now_ns - AHEAD_NS), <,
                   20 * 1000 * 1000);

  for (int i = 0; i < 10; i++)
    {
      test_clock_advance (self->clock, SECOND);
      n_later += take_questions (self, TRUE);
    }
  g_assert_cmpuint (n_later, >=, 9);
  g_assert_cmpuint (n_later, <=, 11);

  client_clock_stop (clock);
  test_clock_advance (self->clock, 5 * SECOND);
  scripted_relay_expect_silence (self);
}

/* A relay that refuses to say it, and one that is not there. */
static void
test_no_time (ScriptedRelay *self,
              gconstpointer  data)
{
  g_autoptr (ClientClock) clock = begin_clock (self);
  g_autoptr (CpmMessage) question = NULL;
  g_autofree char *text = NULL;

  scripted_relay_turn (self);
  question = scripted_relay_expect (self, CPM_MESSAGE_SHARE_CLOCK);
  text = g_strdup_printf (
    "{\"v\":1,\"t\":\"err\",\"body\":{\"re\":\"%s\",\"code\":\"bad-state\",\"status\":409,\"text\":\"No.\"}}",
    cpm_message_get_id (question));
  scripted_relay_say (self, text);
  g_assert_false (media_clock_is_synchronized (client_clock_get_media_clock (clock)));

  test_clock_advance (self->clock, SECOND);
  g_assert_cmpuint (take_questions (self, FALSE), >, 0);
  g_assert_cmpint (media_clock_get_error_ns (client_clock_get_media_clock (clock)), ==, -1);
}

static const MediaViewerStats seen = {
  .n_frames = 130,
  .n_lost_packets = 7,
  .slack_ms = 41.4,
  .offset_ms = -0.25,
  .clock_error_ms = 1.5,
  .delay_ms = 120,
  .kbits = 2000.4,
};

static void
test_report (void)
{
  const MediaViewerStats before = { .n_frames = 100, .n_lost_packets = 5 };
  JsonObject *body = client_pace_new_report (SHARE, &seen, &before);
  g_autoptr (CpmMessage) message = cpm_message_new (CPM_MESSAGE_SHARE_REPORT, NULL, NULL, body);

  g_assert_nonnull (message);
  g_assert_cmpint (cpm_json_get_int (body, "frames", -1), ==, 30);
  g_assert_cmpint (cpm_json_get_int (body, "lost", -1), ==, 2);
  g_assert_cmpint (cpm_json_get_int (body, "delay_ms", -1), ==, 120);
  g_assert_cmpint (cpm_json_get_int (body, "slack_ms", -1), ==, 41);
  g_assert_cmpint (cpm_json_get_int (body, "offset_us", -1), ==, -250);
  g_assert_cmpint (cpm_json_get_int (body, "clock_error_us", -1), ==, 1500);
  g_assert_cmpint (cpm_json_get_int (body, "kbits", -1), ==, 2000);
  g_assert_cmpstr (cpm_json_get_string (body, "hindrance", NULL), ==, "none");
}

/* Whatever a viewer has measured fits into the message. */
static void
test_wild_report (void)
{
  const double values[] = { 0, -1, 1e300, -1e300, INFINITY, -INFINITY, NAN };

  for (size_t i = 0; i < G_N_ELEMENTS (values); i++)
    {
      const MediaViewerStats stats = {
        .n_frames = i % 2 == 0 ? G_MAXUINT64 : 0,
        .n_lost_packets = i % 2 == 0 ? G_MAXUINT64 : 0,
        .slack_ms = values[i],
        .offset_ms = values[i],
        .clock_error_ms = values[i],
        .delay_ms = values[i],
        .kbits = values[i],
      };
      g_autoptr (CpmMessage) message = cpm_message_new (
        CPM_MESSAGE_SHARE_REPORT, NULL, NULL, client_pace_new_report (SHARE, &stats, &seen));
      g_autoptr (CpmMessage) back = cpm_message_parse (
        cpm_message_get_text (message), strlen (cpm_message_get_text (message)), NULL, NULL);

      g_assert_nonnull (back);
    }
}

/* A clock that is not known is what is wrong. */
static void
test_report_without_clock (void)
{
  const MediaViewerStats no_clock = { .n_frames = 30, .clock_error_ms = -1 };
  const MediaViewerStats no_moments = { .n_frames = 30, .clock_error_ms = 1, .delay_ms = -1 };
  const MediaViewerStats before = { 0 };
  g_autoptr (JsonObject) one = client_pace_new_report (SHARE, &no_clock, &before);
  g_autoptr (JsonObject) other = client_pace_new_report (SHARE, &no_moments, &before);

  g_assert_cmpstr (cpm_json_get_string (one, "hindrance", NULL), ==, "clock");
  g_assert_cmpint (cpm_json_get_int (one, "clock_error_us", 0), >=, G_USEC_PER_SEC);
  g_assert_cmpstr (cpm_json_get_string (other, "hindrance", NULL), ==, "none");
  g_assert_cmpint (cpm_json_get_int (other, "clock_error_us", 0), >=, G_USEC_PER_SEC);
}

static void
on_hindrance_changed (ClientPace *pace,
                      const char *hindrance,
                      GString    *heard)
{
  g_string_append_printf (heard, "%s ", hindrance);
}

static void
take_pace (ClientPace *pace,
           const char *who)
{
  JsonObject *body = json_object_new ();
  JsonArray *slow = json_array_new ();

  if (who != NULL)
    {
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "who", who);
      json_object_set_string_member (entry, "hindrance", "network");
      json_array_add_object_element (slow, entry);
    }
  json_object_set_int_member (body, "delay_ms", 140);
  json_object_set_array_member (body, "slow", slow);
  client_pace_take (pace, body);
  json_object_unref (body);
}

static void
test_hindrance (ScriptedRelay *self,
                gconstpointer  data)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (ClientPace) pace = NULL;

  scripted_relay_sign_in (self);
  pace = client_pace_new (self->client->world, SHARE);
  g_signal_connect (pace, "hindrance-changed", G_CALLBACK (on_hindrance_changed), heard);
  g_assert_cmpint (client_pace_get_delay_ms (pace), ==, -1);

  take_pace (pace, EMILY);
  g_assert_cmpstr (heard->str, ==, "");
  take_pace (pace, self->client->world->account);
  take_pace (pace, self->client->world->account);
  g_assert_cmpstr (heard->str, ==, "network ");
  take_pace (pace, NULL);
  g_assert_cmpstr (heard->str, ==, "network none ");
  g_assert_cmpint (client_pace_get_delay_ms (pace), ==, 140);
}

#define ADD(path, func)                                                                            \
  g_test_add ("/pace/" path, ScriptedRelay, NULL, scripted_relay_set_up, func,                     \
              scripted_relay_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("clock", test_clock);
  ADD ("no-time", test_no_time);
  ADD ("hindrance", test_hindrance);
  g_test_add_func ("/pace/report", test_report);
  g_test_add_func ("/pace/wild-report", test_wild_report);
  g_test_add_func ("/pace/report-without-clock", test_report_without_clock);

  return g_test_run ();
}
