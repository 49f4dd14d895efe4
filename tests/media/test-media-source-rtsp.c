/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "media-rtsp-url.h"

#include <gst/rtsp-server/rtsp-server.h>

#define VP8 \
  "( videotestsrc is-live=true pattern=white ! video/x-raw,width=320,height=180,framerate=15/1 ! vp8enc deadline=1" \
  " keyframe-max-dist=5 ! rtpvp8pay name=pay0 audiotestsrc is-live=true freq=1000 ! opusenc !" \
  " rtpopuspay name=pay1 )"
#define MJPEG \
  "( videotestsrc is-live=true pattern=white ! video/x-raw,format=I420,width=320,height=176,framerate=10/1 ! jpegenc" \
  " ! rtpjpegpay name=pay0 audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! mulawenc" \
  " ! rtppcmupay name=pay1 )"
#define H264 \
  "( videotestsrc is-live=true pattern=white ! video/x-raw,width=320,height=180,framerate=15/1" \
  " ! x264enc speed-preset=ultrafast tune=zerolatency key-int-max=5 ! rtph264pay name=pay0 )"
/* It ends after a second. */
#define SHORT "( videotestsrc num-buffers=30 pattern=white is-live=true ! video/x-raw,width=320,height=180,framerate=15/1" \
              " ! vp8enc deadline=1 keyframe-max-dist=5 ! rtpvp8pay name=pay0 )"

#define H265 \
  "( videotestsrc is-live=true pattern=white ! video/x-raw,format=I420,width=320,height=180,framerate=15/1" \
  " ! x265enc speed-preset=ultrafast tune=zerolatency key-int-max=5 ! h265parse ! rtph265pay" \
  " name=pay0 )"

/* What a camera has signed for itself. */
static const char PEM[] =
  "-----BEGIN PRIVATE KEY-----\n"
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRTES2/dWyJ2LG3Cr\n"
  "5eONXDTZXSPLmzf3TcyqQkSqAi+hRANCAAR7rx7Jl07NnKZRnu6+EMZPW1JV1NZI\n"
  "MLBYmGBPCoTmI5px3AzyTWjmt+vP7kOLsjTII/XLAeYHC6bx854GBjrS\n"
  "-----END PRIVATE KEY-----\n"
  "-----BEGIN CERTIFICATE-----\n"
  "MIIBejCCAR+gAwIBAgIUbIDFuZxwiE+2rq4s94Ts/bZi5J8wCgYIKoZIzj0EAwIw\n"
  "ETEPMA0GA1UEAwwGY2FtZXJhMCAXDTI2MTEyMzAyNTIzNloYDzIxMjYxMDMwMDI1\n"
  "MjM2WjARMQ8wDQYDVQQDDAZjYW1lcmEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\n"
  "AAR7rx7Jl07NnKZRnu6+EMZPW1JV1NZIMLBYmGBPCoTmI5px3AzyTWjmt+vP7kOL\n"
  "sjTII/XLAeYHC6bx854GBjrSo1MwUTAdBgNVHQ4EFgQUev4Hsf1KVP1aUd2kNv2v\n"
  "G+2GtSswHwYDVR0jBBgwFoAUev4Hsf1KVP1aUd2kNv2vG+2GtSswDwYDVR0TAQH/\n"
  "BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA59SUHBaFOBnLqxw0xNC3GjlXSm71\n"
  "JfzkTvw6cNEgQI0CIQCBZdfyW0dQu027i8jdNEc8KCFPHuF3QAuOKiAaG0cHSA==\n"
  "-----END CERTIFICATE-----\n";

/* A camera on this machine, in a thread of its own. */
typedef struct
{
  Fixture fixture; /* first: Fixture's functions take it */
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GstRTSPServer *server;
  GstRTSPServer *secret; /* wants a password */
  GstRTSPServer *encrypted;
  int port;
  int secret_port;
  int encrypted_port;
} Camera;

static gpointer
run_camera (gpointer data)
{
  Camera *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static void
add_stream (GstRTSPServer *server,
            const char    *path,
            const char    *launch)
{
  g_autoptr (GstRTSPMountPoints) mounts = gst_rtsp_server_get_mount_points (server);
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new ();

  gst_rtsp_media_factory_set_launch (factory, launch);
  gst_rtsp_media_factory_set_shared (factory, TRUE);
  gst_rtsp_media_factory_add_role (factory, "family", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                   G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                   G_TYPE_BOOLEAN, TRUE, NULL);
  gst_rtsp_mount_points_add_factory (mounts, path, factory);
}

static GstRTSPServer *
make_server (Camera *self,
             int    *out_port)
{
  GstRTSPServer *server = gst_rtsp_server_new ();

  gst_rtsp_server_set_address (server, "127.0.0.1");
  gst_rtsp_server_set_service (server, "0");
  gst_rtsp_server_attach (server, self->context);
  *out_port = gst_rtsp_server_get_bound_port (server);

  return server;
}

static void
lock_up (GstRTSPServer *server)
{
  g_autoptr (GstRTSPAuth) auth = gst_rtsp_auth_new ();
  g_autoptr (GstRTSPToken) family = gst_rtsp_token_new (GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE,
                                                        G_TYPE_STRING, "family", NULL);
  g_autofree char *basic = gst_rtsp_auth_make_basic ("emily", "s3cret:!");

  gst_rtsp_auth_add_basic (auth, basic, family);
  gst_rtsp_server_set_auth (server, auth);
}

static void
encrypt (GstRTSPServer *server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (PEM, -1, &error);
  g_autoptr (GstRTSPAuth) auth = gst_rtsp_auth_new ();
  g_autoptr (GstRTSPToken) anybody = gst_rtsp_token_new (GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE,
                                                         G_TYPE_STRING, "family", NULL);

  g_assert_no_error (error);
  gst_rtsp_auth_set_tls_certificate (auth, certificate);
  gst_rtsp_auth_set_default_token (auth, anybody);
  gst_rtsp_server_set_auth (server, auth);
}

static void
set_up (Camera        *self,
        gconstpointer  unused)
{
  fixture_set_up (&self->fixture, NULL);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->server = make_server (self, &self->port);
  self->secret = make_server (self, &self->secret_port);
  lock_up (self->secret);
  add_stream (self->server, "/open", VP8);
  add_stream (self->server, "/mjpeg", MJPEG);
  add_stream (self->server, "/h264", H264);
  add_stream (self->server, "/short", SHORT);
  add_stream (self->server, "/h265", H265);
  add_stream (self->secret, "/secret", VP8);
  self->encrypted = make_server (self, &self->encrypted_port);
  encrypt (self->encrypted);
  add_stream (self->encrypted, "/encrypted", VP8);
  self->thread = g_thread_new ("camera", run_camera, self);
}

static GstRTSPFilterResult
remove_client (GstRTSPServer *server,
               GstRTSPClient *client,
               gpointer       unused)
{
  return GST_RTSP_FILTER_REMOVE;
}

static void
hang_up (GstRTSPServer *server)
{
  g_list_free_full (gst_rtsp_server_client_filter (server, remove_client, NULL), g_object_unref);
}

static void
tear_down (Camera        *self,
           gconstpointer  unused)
{
  fixture_tear_down (&self->fixture, NULL);
  hang_up (self->server);
  hang_up (self->secret);
  hang_up (self->encrypted);
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_clear_object (&self->server);
  g_clear_object (&self->secret);
  g_clear_object (&self->encrypted);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
}

static MediaSource *
make_source (Camera     *self,
             const char *user,
             const char *path)
{
  gboolean is_encrypted = g_str_equal (path, "/encrypted");
  int port = g_str_equal (path, "/secret") ? self->secret_port
             : is_encrypted                ? self->encrypted_port
                                           : self->port;
  g_autofree char *url = g_strdup_printf ("rtsp%s://%s127.0.0.1:%d%s", is_encrypted ? "s" : "",
                                          user, port, path);

  return media_source_rtsp_new (url);
}

static void
expect_shown (Camera     *self,
              const char *user,
              const char *path,
              gboolean    with_sound)
{
  Fixture *fixture = &self->fixture;
  g_autoptr (GError) error = NULL;
  unsigned n_frames;

  g_assert_true (fixture_show (fixture, make_source (self, user, path), &error));
  g_assert_no_error (error);
  fixture_wait_until (fixture_see (fixture).corner[0] > 200);
  n_frames = fixture_count_frames (fixture);
  fixture_wait_until (fixture_count_frames (fixture) > n_frames + 30);
  if (with_sound)
    fixture_wait_until (fixture_get_peak (fixture, 0) > 5000);
  g_assert_cmpint (fixture->n_lost, ==, 0);
  fixture_assert_continuous (fixture);
}

static void
test_vp8_and_opus (Camera        *self,
                   gconstpointer  unused)
{
  MediaSource *source;

  expect_shown (self, "", "/open", TRUE);
  source = media_stage_get_source (self->fixture.stage);
  g_assert_true (media_source_has_audio (source));

  /* It is live. */
  g_assert_false (media_source_set_playing (source, FALSE));
  g_assert_false (media_source_seek (source, 0));
  g_assert_cmpint (media_source_get_duration_us (source), ==, -1);
}

static void
test_mjpeg_and_pcmu (Camera        *self,
                     gconstpointer  unused)
{
  expect_shown (self, "", "/mjpeg", TRUE);
}

static void
test_h264 (Camera        *self,
           gconstpointer  unused)
{
  g_autoptr (GstElementFactory) encoder = gst_element_factory_find ("x264enc");

  if (encoder == NULL)
    g_test_skip ("there is no x264enc");
  else
    expect_shown (self, "", "/h264", FALSE);
}

static void
test_h265 (Camera        *self,
           gconstpointer  unused)
{
  g_autoptr (GstElementFactory) encoder = gst_element_factory_find ("x265enc");

  if (encoder == NULL)
    g_test_skip ("there is no x265enc");
  else
    expect_shown (self, "", "/h265", FALSE);
}

/* A camera at home, which has signed for itself. */
static void
test_encrypted (Camera        *self,
                gconstpointer  unused)
{
  expect_shown (self, "", "/encrypted", FALSE);
}

/* One that is far away has to prove who it is. */
static void
test_near (void)
{
  static const struct
  {
    const char *url;
    gboolean is_near;
  } ADDRESSES[] = {
    { "rtsps://127.0.0.1/", TRUE },
    { "rtsps://192.168.1.20:8554/live", TRUE },
    { "rtsps://10.0.0.7/", TRUE },
    { "rtsps://[fe80::1]/", TRUE },
    { "rtsps://door.local/", TRUE },
    { "rtsps://door/", TRUE },
    { "rtsps://camera.example.org/", FALSE },
    { "rtsps://93.184.216.34/", FALSE },
    { "rtsps://[2606:2800:220:1::1]/", FALSE },
    { "rtsps://evil.local.example/", FALSE },
    { "rtsps://134744072/", FALSE },
    { "rtsps://0x08080808/", FALSE },
    { "rtsps://[fd12:3456::7]/", TRUE },
    { "rtsps://DOOR.Local/", TRUE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (ADDRESSES); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MediaRtspUrl) url = media_rtsp_url_parse (ADDRESSES[i].url, &error);

      g_assert_no_error (error);
      g_assert_cmpint (media_rtsp_url_is_near (url), ==, ADDRESSES[i].is_near);
    }
}

static void
test_password (Camera        *self,
               gconstpointer  unused)
{
  static const char *const WRONG[] = { "", "emily:guessed@", "bob:s3cret%3A!@" };

  expect_shown (self, "emily:s3cret%3A!@", "/secret", FALSE);
  for (unsigned i = 0; i < G_N_ELEMENTS (WRONG); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
        fixture_show (&self->fixture, make_source (self, WRONG[i], "/secret"), &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED);
      g_assert_nonnull (strstr (error->message, "127.0.0.1"));
      g_assert_null (strstr (error->message, "guessed"));
      g_assert_null (strstr (error->message, "s3cret"));
    }
}

static void
expect_refused (Camera      *self,
                MediaSource *source,
                int          code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_show (&self->fixture, source, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, MEDIA_ERROR, code);
  g_assert_null (strstr (error->message, "s3cret"));
}

static void
test_refused (Camera        *self,
              gconstpointer  unused)
{
  static const char *const NO_ADDRESSES[] = {
    "",
    "http://emily:s3cret@camera.example/",
    "rtsp://",
    "rtsp://emily:s3cret@",
    "file:///etc/passwd",
    "rtsp:s3cret",
    "rtsp://camera.example:999999/s3cret",
    "-",
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (NO_ADDRESSES); i++)
    expect_refused (self, media_source_rtsp_new (NO_ADDRESSES[i]), MEDIA_ERROR_UNSUPPORTED);

  expect_refused (self, make_source (self, "emily:s3cret%3A!@", "/missing"), MEDIA_ERROR_NOT_FOUND);
  /* Nobody is there. */
  expect_refused (self, media_source_rtsp_new ("rtsp://emily:s3cret@127.0.0.1:1/"),
                  MEDIA_ERROR_NOT_FOUND);
}

static void
test_switched_off (Camera        *self,
                   gconstpointer  unused)
{
  expect_shown (self, "", "/open", FALSE);
  hang_up (self->server);
  fixture_wait_until (self->fixture.n_lost == 1);
  g_test_message ("%s", self->fixture.lost_error->message);
  g_assert_error (self->fixture.lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  g_assert_nonnull (strstr (self->fixture.lost_error->message, "127.0.0.1"));
  fixture_assert_continuous (&self->fixture);
}

static void
test_ends (Camera        *self,
           gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_show (&self->fixture, make_source (self, "", "/short"), &error));
  g_assert_no_error (error);
  fixture_wait_until (self->fixture.n_lost == 1);
  g_test_message ("%s", self->fixture.lost_error->message);
  g_assert_error (self->fixture.lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  g_assert_cmpint (self->fixture.n_ended, ==, 0);
}

static void
test_url (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaRtspUrl) url =
    media_rtsp_url_parse ("rtsps://emily:p%40ss%2Fword@[fe80::1]:8554/a%20b?x=1%262", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (url->location, ==, "rtsps://[fe80::1]:8554/a%20b?x=1%262");
  g_assert_cmpstr (url->host, ==, "fe80::1");
  g_assert_cmpstr (url->user, ==, "emily");
  g_assert_cmpstr (url->password, ==, "p@ss/word");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add_func ("/source-rtsp/url", test_url);
  g_test_add ("/source-rtsp/vp8-and-opus", Camera, NULL, set_up, test_vp8_and_opus, tear_down);
  g_test_add ("/source-rtsp/mjpeg-and-pcmu", Camera, NULL, set_up, test_mjpeg_and_pcmu, tear_down);
  g_test_add ("/source-rtsp/h264", Camera, NULL, set_up, test_h264, tear_down);
  g_test_add ("/source-rtsp/h265", Camera, NULL, set_up, test_h265, tear_down);
  g_test_add ("/source-rtsp/encrypted", Camera, NULL, set_up, test_encrypted, tear_down);
  g_test_add_func ("/source-rtsp/near", test_near);
  g_test_add ("/source-rtsp/password", Camera, NULL, set_up, test_password, tear_down);
  g_test_add ("/source-rtsp/refused", Camera, NULL, set_up, test_refused, tear_down);
  g_test_add ("/source-rtsp/switched-off", Camera, NULL, set_up, test_switched_off, tear_down);
  g_test_add ("/source-rtsp/ends", Camera, NULL, set_up, test_ends, tear_down);

  return g_test_run ();
}
