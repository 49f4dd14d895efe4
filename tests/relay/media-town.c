/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-town.h"

#include "leaks.h"
#include "media-init.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <string.h>
#include <time.h>

#define FPS 30
/* For a machine that does much else. */
#define START_LIMIT_MS (30 * 1000)

/* rtspsrc that is stopped while an event passes through it complains of its own number for events
 * (1.22, gst_rtspsrc_update_src_event(): harmless, and out of our hands). Everything else is
 * fatal. */
static gboolean
is_fatal (const char     *log_domain,
          GLogLevelFlags  log_level,
          const char     *message,
          gpointer        user_data)
{
  return strstr (message, "gst_event_set_seqnum") == NULL;
}

/* GLib says "Bail out!" to the harness even where it goes on. */
static void
on_gstreamer_critical (const char     *log_domain,
                       GLogLevelFlags  log_level,
                       const char     *message,
                       gpointer        user_data)
{
  if (is_fatal (log_domain, log_level, message, NULL))
    g_log_default_handler (log_domain, log_level, message, NULL);
}

void
town_init (int    *argc,
           char ***argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (argc, argv, NULL);
  g_log_set_handler ("GStreamer", G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL, on_gstreamer_critical,
                     NULL);
  leaks_look_away (); /* GStreamer's registry has thousands of names */
  media_init (&error);
  g_assert_no_error (error);
  leaks_look_again ();
}

int
town_run (void)
{
  int status = g_test_run ();

  /* Without an end, GStreamer's leak tracer has nothing to say. */
  gst_deinit ();

  return status;
}

void
town_iterate (void)
{
  g_autoptr (GSource) timer = g_timeout_source_new (10);

  /* So that a turn ends when nothing happens. */
  g_source_set_callback (timer, G_SOURCE_FUNC (g_source_is_destroyed), timer, NULL);
  g_source_attach (timer, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_destroy (timer);
}

void
town_run_ms (unsigned ms)
{
  int64_t end_us = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end_us)
    town_iterate ();
}

/* --- The certificate --- */

static char *
export_key (gnutls_x509_privkey_t key)
{
  gnutls_datum_t pem;
  char *text;

  g_assert_cmpint (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);

  return text;
}

static char *
export_certificate (gnutls_x509_crt_t certificate)
{
  gnutls_datum_t pem;
  char *text;

  g_assert_cmpint (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);

  return text;
}

GTlsCertificate *
town_make_certificate (void)
{
  static const uint8_t serial[] = { 1 };
  static const char name[] = "127.0.0.1";
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
  g_autofree char *key_pem = NULL;
  g_autofree char *certificate_pem = NULL;
  g_autofree char *pem = NULL;
  g_autoptr (GError) error = NULL;
  GTlsCertificate *result;

  gnutls_x509_privkey_init (&key);
  gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  gnutls_x509_crt_init (&certificate);
  gnutls_x509_crt_set_version (certificate, 3);
  gnutls_x509_crt_set_serial (certificate, serial, sizeof serial);
  gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name));
  gnutls_x509_crt_set_activation_time (certificate, time (NULL) - 60);
  gnutls_x509_crt_set_expiration_time (certificate, time (NULL) + 24 * 60 * 60);
  gnutls_x509_crt_set_key (certificate, key);
  g_assert_cmpint (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0), ==,
                   0);

  key_pem = export_key (key);
  certificate_pem = export_certificate (certificate);
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);

  pem = g_strconcat (certificate_pem, key_pem, NULL);
  result = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);

  return result;
}

/* --- The relay --- */

static void
note (Town       *self,
      const char *what,
      const char *share,
      const char *who)
{
  g_ptr_array_add (self->events, g_strjoin (" ", what, share, who, NULL));
}

static void
on_publishing (RelayMedia *relay,
               const char *share,
               Town       *self)
{
  note (self, "publishing", share, NULL);
}

static void
on_publisher_lost (RelayMedia *relay,
                   const char *share,
                   Town       *self)
{
  note (self, "publisher-lost", share, NULL);
}

static void
on_keyframe_needed (RelayMedia *relay,
                    const char *share,
                    Town       *self)
{
  note (self, "keyframe-needed", share, NULL);
}

static void
on_joined (RelayMedia *relay,
           const char *share,
           const char *who,
           Town       *self)
{
  note (self, "joined", share, who);
}

static void
on_left (RelayMedia *relay,
         const char *share,
         const char *who,
         Town       *self)
{
  note (self, "left", share, who);
}

void
town_set_up (Town          *self,
             gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  g_test_log_set_fatal_handler (is_fatal, NULL); /* each test begins without one */
  self->events = g_ptr_array_new_with_free_func (g_free);
  self->certificate = town_make_certificate ();
  self->relay = relay_media_new (0, self->certificate, &error);
  g_assert_no_error (error);
  g_signal_connect (self->relay, "publishing", G_CALLBACK (on_publishing), self);
  g_signal_connect (self->relay, "publisher-lost", G_CALLBACK (on_publisher_lost), self);
  g_signal_connect (self->relay, "keyframe-needed", G_CALLBACK (on_keyframe_needed), self);
  g_signal_connect (self->relay, "joined", G_CALLBACK (on_joined), self);
  g_signal_connect (self->relay, "left", G_CALLBACK (on_left), self);
}

void
town_tear_down (Town          *self,
                gconstpointer  unused)
{
  town_stop_stage (self);
  relay_media_shutdown (self->relay);
  g_assert_cmpuint (relay_media_get_n_publications (self->relay), ==, 0);
  g_assert_finalize_object (self->relay);
  g_object_unref (self->certificate);
  g_ptr_array_unref (self->events);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

gboolean
town_has_event (Town       *self,
                const char *event)
{
  for (unsigned i = 0; i < self->events->len; i++)
    {
      if (g_str_equal (g_ptr_array_index (self->events, i), event))
        return TRUE;
    }

  return FALSE;
}

void
town_forget_events (Town *self)
{
  g_ptr_array_set_size (self->events, 0);
}

gboolean
town_is_empty (Town *self)
{
  return relay_media_get_n_connections (self->relay) == 0 &&
         relay_media_get_n_publications (self->relay) == 0;
}

void
town_end_share (Town       *self,
                const char *share,
                Person     *sharer)
{
  if (sharer != NULL)
    person_free (sharer);
  relay_fanout_close (RELAY_FANOUT (self->relay), share);
  town_wait_until (town_is_empty (self));
}

/* --- The stage --- */

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

void
town_show (Town        *self,
           MediaSource *source)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  media_stage_show_async (self->stage, source, NULL, on_result, &result);
  town_wait_until (result != NULL);
  media_stage_show_finish (self->stage, result, &error);
  g_assert_no_error (error);
}

void
town_start_stage_of (Town              *self,
                     const MediaCanvas *canvas)
{
  g_autoptr (MediaSource) source = media_source_test_new ();
  g_autoptr (GError) error = NULL;

  self->stage = media_stage_new (canvas->width, canvas->height, canvas->fps, "one moment");
  media_stage_set_start_limit_ms (self->stage, START_LIMIT_MS);
  media_stage_start (self->stage, &error);
  g_assert_no_error (error);
  town_show (self, source);
}

void
town_start_stage (Town *self,
                  int   width,
                  int   height)
{
  const MediaCanvas canvas = { width, height, FPS };

  town_start_stage_of (self, &canvas);
}

void
town_stop_stage (Town *self)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (self->stage == NULL)
    return;

  media_stage_stop_async (self->stage, on_result, &result);
  town_wait_until (result != NULL);
  g_clear_object (&result);
  g_assert_finalize_object (g_steal_pointer (&self->stage));
}

/* --- Persons --- */

static gboolean
is_the_relays (GTlsCertificate      *certificate,
               GTlsCertificateFlags  flags,
               gpointer              user_data)
{
  return g_tls_certificate_is_same (certificate, user_data);
}

MediaEndpoint *
town_endpoint (Town       *self,
               const char *share,
               const char *user,
               const char *token,
               MediaCodec  codec)
{
  g_autofree char *url = g_strdup_printf ("rtsps://127.0.0.1:%u/share/%s",
                                          relay_media_get_port (self->relay), share);

  return media_endpoint_new (url, user, token, codec, NULL, is_the_relays,
                             g_object_ref (self->certificate), g_object_unref);
}

static void
on_lost (GObject *object,
         GError  *error,
         Person  *self)
{
  g_assert_null (self->error);
  self->error = g_error_copy (error);
}

static void
count (GObject  *object,
       unsigned *n)
{
  (*n)++;
}

Person *
person_new_publisher (Town       *town,
                      const char *share,
                      const char *user,
                      const char *token,
                      MediaCodec  codec)
{
  g_autoptr (MediaEndpoint) endpoint = town_endpoint (town, share, user, token, codec);
  Person *self = g_new0 (Person, 1);
  g_autoptr (GError) error = NULL;

  self->publisher = media_publisher_new (town->stage, endpoint);
  g_signal_connect (self->publisher, "lost", G_CALLBACK (on_lost), self);
  g_signal_connect (self->publisher, "publishing", G_CALLBACK (count), &self->n_publishing);
  /* As the shares tell it, over the WebSocket. */
  g_signal_connect_object (town->relay, "keyframe-needed",
                           G_CALLBACK (media_publisher_request_keyframe), self->publisher,
                           G_CONNECT_SWAPPED);
  media_publisher_start (self->publisher, &error);
  g_assert_no_error (error);

  return self;
}

Person *
person_new_viewer (Town       *town,
                   const char *share,
                   const char *user,
                   const char *token,
                   MediaCodec  codec,
                   GstElement *sink,
                   int         latency_ms)
{
  g_autoptr (MediaEndpoint) endpoint = town_endpoint (town, share, user, token, codec);
  Person *self = g_new0 (Person, 1);
  g_autoptr (GError) error = NULL;

  self->viewer = media_viewer_new (endpoint, sink, FALSE);
  media_viewer_set_latency_ms (self->viewer, latency_ms);
  g_signal_connect (self->viewer, "lost", G_CALLBACK (on_lost), self);
  g_signal_connect (self->viewer, "first-frame", G_CALLBACK (count), &self->n_first_frames);
  g_signal_connect (self->viewer, "keyframe-needed", G_CALLBACK (count), &self->n_keyframes_needed);
  g_signal_connect (self->viewer, "stalled", G_CALLBACK (count), &self->n_stalled);
  g_signal_connect (self->viewer, "resumed", G_CALLBACK (count), &self->n_resumed);
  media_viewer_start (self->viewer, &error);
  g_assert_no_error (error);

  return self;
}

void
person_free (Person *self)
{
  GObject *object = self->publisher != NULL ? G_OBJECT (self->publisher) : G_OBJECT (self->viewer);

  g_signal_handlers_disconnect_by_data (object, self);
  g_signal_handlers_disconnect_by_data (object, &self->n_publishing);
  g_object_add_weak_pointer (object, (gpointer *) &object);
  if (self->publisher != NULL)
    media_publisher_stop (self->publisher);
  else
    media_viewer_stop (self->viewer);
  g_object_unref (object);
  town_wait_until (object == NULL);
  g_clear_error (&self->error);
  g_free (self);
}

Person *
town_publish (Town       *self,
              const char *share,
              MediaCodec  codec)
{
  g_autofree char *event = g_strconcat ("publishing ", share, NULL);
  Person *alice;

  relay_fanout_open (RELAY_FANOUT (self->relay), share, "alice", "alice-token");
  relay_fanout_admit (RELAY_FANOUT (self->relay), share, "emily", "emily-token");
  alice = person_new_publisher (self, share, "alice", "alice-token", codec);
  town_wait_until (town_has_event (self, event) || alice->error != NULL);
  g_assert_no_error (alice->error);

  return alice;
}

uint64_t
person_count_frames (Person *self)
{
  MediaViewerStats stats;

  media_viewer_get_stats (self->viewer, &stats);

  return stats.n_frames;
}
