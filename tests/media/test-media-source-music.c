/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "media-source-private.h"

#include <glib/gstdio.h>

#define WHITE "videotestsrc num-buffers=1 pattern=white ! video/x-raw,width=120,height=120 ! pngenc"
#define SONG "audiotestsrc num-buffers=%d samplesperbuffer=480 freq=1000 volume=0.5 ! audio/x-raw,rate=48000,channels=2" \
             " ! taginject tags=\"title=\\\"Evening\\\",artist=\\\"The Neighbours\\\",album=\\\"House\\\"\"" \
             " ! opusenc ! oggmux"

static char *
render_song (Fixture    *self,
             const char *name,
             int         n_tenths)
{
  g_autofree char *pipeline = g_strdup_printf (SONG, n_tenths * 10);

  return fixture_render (self, name, pipeline);
}

static MediaSource *
play (Fixture    *self,
      const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_show (self, media_source_music_new (path), &error));
  g_assert_no_error (error);

  return media_stage_get_source (self->stage);
}

static void
test_plays_to_its_end (Fixture       *self,
                       gconstpointer  unused)
{
  g_autofree char *path = render_song (self, "evening.ogg", 12);
  MediaSource *music = play (self, path);
  g_autofree char *title = media_source_get_title (music);
  g_autofree char *artist = media_source_get_artist (music);

  g_assert_cmpstr (title, ==, "Evening");
  g_assert_cmpstr (artist, ==, "The Neighbours");
  g_assert_cmpint (media_source_get_duration_us (music), >, 1100 * 1000);
  fixture_wait_until (self->n_ended == 1);
  g_assert_true (media_source_has_audio (music));
  g_assert_cmpint (fixture_get_peak (self, 0), >, 10000);

  /* The card stays, and the stage goes on. */
  fixture_wait_frames (self, 10);
  g_assert_true (media_stage_get_source (self->stage) == music);
  fixture_assert_continuous (self);

  g_assert_true (media_source_set_playing (music, TRUE));
  fixture_wait_until (self->n_ended == 2);
  fixture_assert_continuous (self);
}

static void
test_pause_and_seek (Fixture       *self,
                     gconstpointer  unused)
{
  g_autofree char *path = render_song (self, "evening.ogg", 100);
  MediaSource *music = play (self, path);
  unsigned n_sounds;
  int64_t position;

  fixture_wait_until (fixture_get_peak (self, 0) > 10000);
  g_assert_true (media_source_set_playing (music, FALSE));
  n_sounds = fixture_count_sounds (self);
  fixture_wait_until (fixture_count_sounds (self) > n_sounds + 20);
  g_assert_cmpint (fixture_get_peak (self, fixture_count_sounds (self) - 5), ==, 0);
  position = media_source_get_position_us (music);
  fixture_wait_frames (self, 10);
  g_assert_cmpint (media_source_get_position_us (music), ==, position);

  g_assert_true (media_source_seek (music, 6 * G_USEC_PER_SEC));
  fixture_wait_until (ABS (media_source_get_position_us (music) - 6 * G_USEC_PER_SEC) < 100 * 1000);
  g_assert_true (media_source_set_playing (music, TRUE));
  fixture_wait_until (media_source_get_position_us (music) > 6 * G_USEC_PER_SEC + 200 * 1000);
  fixture_assert_continuous (self);
}

/* The bar is at the bottom, from the left: dark before the music has come to its middle, light
 * after. */
static void
test_bar_moves (Fixture       *self,
                gconstpointer  unused)
{
  g_autofree char *path = render_song (self, "evening.ogg", 100);
  g_autofree char *words = NULL;
  MediaSource *music = play (self, path);
  g_autoptr (GstBuffer) before = media_feed_get_last_frame (media_source_get_feed (music));
  size_t offset = 320 * (180 * 9 / 10) + 160;
  uint8_t luma = 0;

  gst_buffer_extract (before, offset, &luma, 1);
  g_assert_cmpuint (luma, <, 120);
  media_source_seek (music, 8 * G_USEC_PER_SEC);
  fixture_wait_until (media_source_get_position_us (music) > 8 * G_USEC_PER_SEC);
  do
    {
      g_autoptr (GstBuffer) after = media_feed_get_last_frame (media_source_get_feed (music));

      fixture_wait_frames (self, 1);
      gst_buffer_extract (after, offset, &luma, 1);
    }
  while (luma < 200);
}

static void
expect_cover (Fixture    *self,
              const char *path)
{
  MediaSource *music = play (self, path);
  g_autoptr (GstBuffer) frame = media_feed_get_last_frame (media_source_get_feed (music));
  uint8_t cover = 0, background = 0;

  /* In the middle of the cover's place, and in the corner. */
  gst_buffer_extract (frame, 320 * 90 + 72, &cover, 1);
  gst_buffer_extract (frame, 320 * 4 + 4, &background, 1);
  g_test_message ("cover %u, background %u", cover, background);
  g_assert_cmpuint (cover, >, 220);
  g_assert_cmpuint (background, >, 90);
  g_assert_cmpuint (background, <, 140);
}

static void
test_cover_beside (Fixture       *self,
                   gconstpointer  unused)
{
  g_autofree char *song = render_song (self, "evening.ogg", 30);
  g_autofree char *cover = fixture_render (self, "folder.png", WHITE);

  expect_cover (self, song);
}

static void
test_cover_inside (Fixture       *self,
                   gconstpointer  unused)
{
  g_autofree char *png = fixture_render (self, "white.png", WHITE);
  g_autofree char *path = fixture_path (self, "evening.ogg");
  g_autoptr (GstElement) pipeline =
    gst_parse_launch ("audiotestsrc num-buffers=200 samplesperbuffer=480"
                      " ! audio/x-raw,rate=48000,channels=2 ! opusenc name=encoder ! oggmux"
                      " ! filesink name=file",
                      NULL);
  g_autoptr (GstElement) encoder = gst_bin_get_by_name (GST_BIN (pipeline), "encoder");
  g_autoptr (GstElement) file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("image/png");
  g_autoptr (GstSample) sample = NULL;
  g_autofree char *bytes = NULL;
  GstBuffer *buffer;
  size_t length;

  g_assert_true (g_file_get_contents (png, &bytes, &length, NULL));
  buffer = gst_buffer_new_wrapped (g_steal_pointer (&bytes), length);
  sample = gst_sample_new (
    buffer, caps, NULL, gst_structure_new ("GstTagImageInfo", "image-type", G_TYPE_INT, 3, NULL));
  gst_buffer_unref (buffer);
  gst_tag_setter_add_tags (GST_TAG_SETTER (encoder), GST_TAG_MERGE_REPLACE, GST_TAG_TITLE,
                           "Evening", GST_TAG_IMAGE, sample, NULL);
  g_object_set (file, "location", path, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  expect_cover (self, path);
}

/* A cover that is none, and words that no one has ever meant to be words. */
static void
test_strange_words (Fixture       *self,
                    gconstpointer  unused)
{
  g_autofree char *song = fixture_render (
    self, "strange.ogg",
    "audiotestsrc num-buffers=100 ! taginject"
    " tags=\"title=\\\"<b>&amp;\\\",artist=\\\"</span>\\\"\""
    " ! opusenc ! oggmux");
  g_autofree char *cover = fixture_write (self, "cover.jpg", "\xff\xd8\xff\xe0 no picture", 16);
  MediaSource *music = play (self, song);
  g_autofree char *artist = media_source_get_artist (music);

  g_assert_cmpstr (artist, ==, "</span>");
}

static void
test_refused (Fixture       *self,
              gconstpointer  unused)
{
  g_autofree char *silent = fixture_render (
    self, "silent.webm", "videotestsrc num-buffers=10 ! vp8enc deadline=1 ! webmmux");
  g_autofree char *missing = fixture_path (self, "missing.ogg");
  g_autofree char *text = fixture_write (self, "letter.txt", "Dear Emily, this is only a letter.",
                                         34);

  fixture_expect_error (self, media_source_music_new (missing), MEDIA_ERROR_NOT_FOUND,
                        "“missing.ogg”");
  fixture_expect_error (self, media_source_music_new (text), MEDIA_ERROR_UNSUPPORTED,
                        "“letter.txt”");
  fixture_expect_error (self, media_source_music_new (silent), MEDIA_ERROR_UNSUPPORTED,
                        "“silent.webm” has no sound");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add ("/source-music/plays-to-its-end", Fixture, NULL, fixture_set_up,
              test_plays_to_its_end, fixture_tear_down);
  g_test_add ("/source-music/pause-and-seek", Fixture, NULL, fixture_set_up, test_pause_and_seek,
              fixture_tear_down);
  g_test_add ("/source-music/bar-moves", Fixture, NULL, fixture_set_up, test_bar_moves,
              fixture_tear_down);
  g_test_add ("/source-music/cover-beside", Fixture, NULL, fixture_set_up, test_cover_beside,
              fixture_tear_down);
  g_test_add ("/source-music/cover-inside", Fixture, NULL, fixture_set_up, test_cover_inside,
              fixture_tear_down);
  g_test_add ("/source-music/strange-words", Fixture, NULL, fixture_set_up, test_strange_words,
              fixture_tear_down);
  g_test_add ("/source-music/refused", Fixture, NULL, fixture_set_up, test_refused,
              fixture_tear_down);

  return g_test_run ();
}
