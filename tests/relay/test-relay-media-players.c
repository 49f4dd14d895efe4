/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Players that are not ours watch a share: RTSP over TLS and TCP, with a name and a token in the
 * URL. Each is skipped where it is not installed. */

#include "config.h"

#include "media-town.h"

#include <string.h>

#define PLAYER_LIMIT_US (60 * G_USEC_PER_SEC)

typedef struct
{
  int status;
  gboolean is_over;
} Player;

static void
on_exited (GPid     pid,
           int      status,
           gpointer user_data)
{
  Player *self = user_data;

  self->status = status;
  self->is_over = TRUE;
  g_spawn_close_pid (pid);
}

static gboolean
on_readable (GIOChannel   *channel,
             GIOCondition  condition,
             gpointer      user_data)
{
  char buffer[4096];
  size_t length = 0;

  if (g_io_channel_read_chars (channel, buffer, sizeof buffer, &length, NULL) != G_IO_STATUS_NORMAL)
    return G_SOURCE_REMOVE;
  g_string_append_len (user_data, buffer, length);

  return G_SOURCE_CONTINUE;
}

/* What @argv says, when it is over; NULL when there is no such player. It may take its time on a
 * busy machine. */
static char *
run (const char * const *argv)
{
  g_autofree char *path = g_find_program_in_path (argv[0]);
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (GIOChannel) channel = NULL;
  g_autoptr (GError) error = NULL;
  int64_t limit_us = g_get_monotonic_time () + PLAYER_LIMIT_US;
  Player player = { 0, };
  unsigned watch;
  GPid pid;
  int fd;

  if (path == NULL)
    return NULL;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL,
                            G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL,
                            &fd, NULL, &error);
  g_assert_no_error (error);
  channel = g_io_channel_unix_new (fd);
  g_io_channel_set_close_on_unref (channel, TRUE);
  g_io_channel_set_encoding (channel, NULL, NULL);
  watch = g_io_add_watch (channel, G_IO_IN | G_IO_HUP, on_readable, said);
  g_child_watch_add (pid, on_exited, &player);

  while (!player.is_over && g_get_monotonic_time () < limit_us)
    town_iterate ();
  if (!player.is_over)
    g_error ("%s did not come to an end; it said: %s", argv[0], said->str);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (g_main_context_find_source_by_id (NULL, watch) != NULL)
    g_source_remove (watch);
  g_test_message ("%s: status %d: %s", argv[0], player.status, said->str);
  g_assert_true (g_spawn_check_wait_status (player.status, NULL));

  return g_string_free (g_steal_pointer (&said), FALSE);
}

static char *
make_url (Town *town)
{
  return g_strdup_printf ("rtsps://emily:emily-token@127.0.0.1:%u/share/s1",
                          relay_media_get_port (town->relay));
}

static void
end (Town   *town,
     Person *alice)
{
  g_assert_no_error (alice->error);
  person_free (alice);
  relay_fanout_close (RELAY_FANOUT (town->relay), "s1");
  town_wait_until (town_is_empty (town));
}

static void
test_ffprobe (Town          *town,
              gconstpointer  data)
{
  MediaCodec codec = GPOINTER_TO_INT (data);
  g_autofree char *url = make_url (town);
  const char *const argv[] = { "ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-show_entries",
                               "stream=codec_name,width,height", "-of", "csv=p=0", url, NULL };
  g_autofree char *said = NULL;
  Person *alice;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", codec);
  said = run (argv);
  if (said == NULL)
    {
      g_test_skip ("ffprobe is not installed");
    }
  else
    {
      g_assert_nonnull (strstr (said, codec == MEDIA_CODEC_H264 ? "h264,320,180" : "vp8,320,180"));
      g_assert_nonnull (strstr (said, "opus"));
      g_assert_true (town_has_event (town, "joined s1 emily"));
      town_wait_until (town_has_event (town, "left s1 emily"));
    }
  end (town, alice);
}

static void
test_plays (Town          *town,
            gconstpointer  data)
{
  g_autofree char *url = make_url (town);
  const char *const ffmpeg[] = { "ffmpeg", "-v",   "error", "-nostdin",  "-rtsp_transport",
                                 "tcp",    "-i",   url,     "-frames:v", "20",
                                 "-f",     "null", "-",     NULL };
  const char *const mpv[] = { "mpv",
                              "--no-config",
                              "--vo=null",
                              "--ao=null",
                              "--frames=20",
                              "--rtsp-transport=tcp",
                              "--msg-level=all=error",
                              url,
                              NULL };
  g_autofree char *said = NULL;
  Person *alice;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  said = run (g_str_equal (data, "mpv") ? mpv : ffmpeg);
  if (said == NULL)
    g_test_skip ("this player is not installed");
  else
    town_wait_until (town_has_event (town, "joined s1 emily") &&
                     town_has_event (town, "left s1 emily"));
  end (town, alice);
}

static void
test_wrong_token (Town          *town,
                  gconstpointer  unused)
{
  g_autofree char *url = g_strdup_printf ("rtsps://emily:wrong@127.0.0.1:%u/share/s1",
                                          relay_media_get_port (town->relay));
  const char *const argv[] = {
    "sh", "-c",
    "command -v ffprobe >/dev/null || exit 0; ! ffprobe -v error -rtsp_transport tcp \"$0\"", url,
    NULL
  };
  g_autofree char *said = NULL;
  Person *alice;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  said = run (argv);
  g_assert_false (town_has_event (town, "joined s1 emily"));
  end (town, alice);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

#define ADD(name, data, function) \
  g_test_add ("/relay/media/players/" name, Town, data, town_set_up, function, town_tear_down)
  ADD ("ffprobe-h264", GINT_TO_POINTER (MEDIA_CODEC_H264), test_ffprobe);
  ADD ("ffprobe-vp8", GINT_TO_POINTER (MEDIA_CODEC_VP8), test_ffprobe);
  ADD ("ffmpeg", "ffmpeg", test_plays);
  ADD ("mpv", "mpv", test_plays);
  ADD ("ffprobe-wrong-token", NULL, test_wrong_token);
#undef ADD

  return town_run ();
}
