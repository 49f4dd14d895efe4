/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "client-share-plan.h"
#include "client-source.h"
#include "cpm-json.h"
#include "media-decoder-process.h"
#include "transport-ask-database.h"

static void
on_camera_open (ClientPresenter *presenter,
                GParamSpec      *pspec,
                ClientShare     *self)
{
  g_object_notify (G_OBJECT (self), "camera-open");
}

static void
on_corner_changed (ClientPresenter *presenter,
                   ClientShare     *self)
{
  client_share_update_still (self);
  g_object_notify (G_OBJECT (self), "presenter");
  client_share_settle_corner (self);
}

static void
on_recording_changed (ClientPresenter *presenter,
                      const GError    *error,
                      ClientShare     *self)
{
  g_object_notify (G_OBJECT (self), "recording");
  if (error != NULL)
    g_signal_emit_by_name (self, "recording-failed", error);
}

static void
on_gone (ClientPresenter *presenter,
         const GError    *error,
         ClientShare     *self)
{
  client_share_update_still (self);
  g_signal_emit_by_name (self, "content-gone", error);
}

static void
on_presenter_stopped (ClientPresenter *presenter,
                      ClientShare     *self)
{
  g_signal_handlers_disconnect_by_data (presenter, self);
  g_object_unref (self);
}

void
client_share_number_content (ClientShare *self)
{
  /* During a switch the frames are still those of the old content. */
  if (self->presenter != NULL && g_queue_is_empty (&self->switches))
    client_presenter_set_content_n (self->presenter, cpm_session_get_content_n (self->session));
}

static void
end_first_show (ClientShare *self)
{
  self->is_opening = FALSE;
  client_share_take_waiting_photos (self);
}

static void
on_first_shown (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (ClientShare) self = user_data;
  g_autoptr (GError) error = NULL;

  if (client_presenter_show_finish (CLIENT_PRESENTER (source), result, &error))
    client_share_number_content (self);
  else if (!self->given_up)
    g_signal_emit_by_name (self, "content-gone", error);

  end_first_show (self);
  client_share_note_shown (self);
}

static void
on_first_source (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (ClientShare) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaSource) media = client_source_make_finish (result, &error);

  if (self->presenter != NULL && media != NULL)
    {
      client_presenter_show_async (self->presenter, self->showable, media, on_first_shown,
                                   g_object_ref (self));
      return;
    }

  if (self->presenter != NULL)
    g_signal_emit_by_name (self, "content-gone", error);

  end_first_show (self);
}

/* What is shown first says how large all of the share will be, and the person, and the machine. */
static ClientPresenter *
new_presenter (ClientShare *self)
{
  const ClientShowable *what = self->showable;
  const MediaCanvas wish = {
    .height = what->lines != 0 ? what->lines : self->world->lines,
    .fps = what->fps != 0 ? what->fps : self->world->fps,
  };
  MediaCanvas canvas;

  media_canvas_choose (&canvas, &wish, &self->first_size, g_get_num_processors ());
  g_debug ("share %s: %dx%d, %d frames a second", cpm_session_get_id (self->session), canvas.width,
           canvas.height, canvas.fps);

  return client_presenter_new (self->world, &canvas);
}

void
client_share_hold_decoder (ClientShare *self)
{
  if (self->holds_decoder)
    return;

  self->holds_decoder = TRUE;
  media_decoder_process_hold ();
}

void
client_share_release_decoder (ClientShare *self)
{
  if (!self->holds_decoder)
    return;

  self->holds_decoder = FALSE;
  media_decoder_process_release ();
}

static void
begin_presenting (ClientShare *self)
{
  g_autoptr (GError) error = NULL;

  client_share_hold_decoder (self);
  self->presenter = new_presenter (self);
  g_signal_connect_object (self->presenter, "notify::camera-open", G_CALLBACK (on_camera_open),
                           self, 0);
  g_signal_connect_object (self->presenter, "gone", G_CALLBACK (on_gone), self, 0);
  g_signal_connect_object (self->presenter, "picture-shown",
                           G_CALLBACK (client_share_on_picture_shown), self, 0);
  g_signal_connect_object (self->presenter, "corner-changed", G_CALLBACK (on_corner_changed), self,
                           0);
  g_signal_connect_object (self->presenter, "recording-changed", G_CALLBACK (on_recording_changed),
                           self, 0);
  if (self->showable->mute)
    client_share_set_microphone (self, FALSE);

  client_presenter_set_microphone (self->presenter, !self->seen.is_mute);
  client_presenter_set_crossfade (self->presenter, self->seen.crossfade_ms);
  client_presenter_set_preview_delayed (self->presenter, self->seen.is_preview_delayed);
  client_presenter_set_preview_sink (self->presenter, self->video_sink);
  client_presenter_set_content_n (self->presenter, cpm_session_get_content_n (self->session));

  if (!client_presenter_start (self->presenter, &error))
    {
      g_signal_emit_by_name (self, "content-gone", error);
      return;
    }

  self->is_opening = TRUE;
  client_source_make_async (self->world, self->showable, NULL, on_first_source,
                            g_object_ref (self));
}

/* The camera is on its way to be closed when this returns; we live on until it is. */
static void
end_presenting (ClientShare *self)
{
  g_autoptr (ClientPresenter) presenter = g_steal_pointer (&self->presenter);

  g_signal_connect (presenter, "stopped", G_CALLBACK (on_presenter_stopped), g_object_ref (self));
  client_presenter_stop (presenter);
}

static void
on_content_shown (ClientWatcher *watcher,
                  unsigned       n,
                  ClientShare   *self)
{
  int64_t since_us = self->shown_n == 0 ? self->accepted_us : self->switched_us;

  client_share_move_pointers_on (self);
  if (self->sees_slate != (n == 0))
    {
      self->sees_slate = n == 0;
      g_object_notify (G_OBJECT (self), "sees-slate");
    }

  /* 0 is the slate; and a viewer that was made anew sees the same content again. */
  if (n == 0 || n == self->shown_n)
    return;

  self->shown_n = n;
  g_signal_emit_by_name (self, "first-frame", n,
                         MAX ((client_share_get_now_us (self) - since_us) / 1000, (int64_t) 0));
}

static void
on_keyframe_needed (ClientWatcher *watcher,
                    ClientShare   *self)
{
  client_link_send (self->world->link, CPM_MESSAGE_SHARE_KEYFRAME, NULL, NULL,
                    client_share_new_body (self));
}

static void
on_stalled (ClientWatcher *watcher,
            GParamSpec    *pspec,
            ClientShare   *self)
{
  g_object_notify (G_OBJECT (self), "stalled");
}

static void
begin_watching (ClientShare *self)
{
  self->watcher = client_watcher_new (self->world);
  client_watcher_set_video_sink (self->watcher, self->video_sink);
  client_watcher_set_volume (self->watcher, self->volume);
  g_signal_connect_object (self->watcher, "content-shown", G_CALLBACK (on_content_shown), self, 0);
  g_signal_connect_object (self->watcher, "page-shown", G_CALLBACK (client_share_on_page_shown),
                           self, 0);
  g_signal_connect_object (self->watcher, "keyframe-needed", G_CALLBACK (on_keyframe_needed), self,
                           0);
  g_signal_connect_object (self->watcher, "notify::stalled", G_CALLBACK (on_stalled), self, 0);
}

void
client_share_follow_plan (ClientShare *self)
{
  ClientSharePlan plan = client_share_plan_make (self->session, self->world->account,
                                                 self->world->device, self->given_up || self->over,
                                                 self->endpoint != NULL);

  if (plan.present && self->presenter == NULL && self->showable != NULL)
    begin_presenting (self);

  if (!plan.present && self->presenter != NULL)
    end_presenting (self);

  if (plan.watch && self->watcher == NULL)
    begin_watching (self);

  client_share_follow_pace (self, self->endpoint != NULL && (plan.publish || plan.watch));
  if (self->presenter != NULL)
    client_presenter_set_endpoint (self->presenter, plan.publish ? self->endpoint : NULL);

  if (self->watcher != NULL)
    client_watcher_set_endpoint (self->watcher, plan.watch ? self->endpoint : NULL);

  client_share_update_still (self);
}

typedef struct
{
  TransportTrust *trust;
  char *host; /* (nullable) */
} MediaTrust;

static gboolean
check_certificate (GTlsCertificate      *certificate,
                   GTlsCertificateFlags  flags,
                   gpointer              user_data)
{
  const MediaTrust *media_trust = user_data;

  return transport_trust_accepts (media_trust->trust, media_trust->host, certificate);
}

static void
media_trust_free (gpointer data)
{
  MediaTrust *self = data;

  transport_trust_unref (self->trust);
  g_free (self->host);
  g_free (self);
}

/* RTSP goes to the address that the relay gave, and must be by whom the relay is known. */
static MediaTrust *
media_trust_new (TransportTrust *trust,
                 const char     *url)
{
  MediaTrust *self = g_new0 (MediaTrust, 1);

  self->trust = transport_trust_ref (trust);
  g_uri_split_network (url, G_URI_FLAGS_NONE, NULL, &self->host, NULL, NULL);

  return self;
}

/* Media of another home come from a relay that we need not know otherwise: from exactly that
 * certificate, when the owner named one. (transfer full) */
static TransportTrust *
find_trust (JsonObject     *media,
            TransportTrust *own)
{
  const char *pin = cpm_json_get_string (media, "pin", NULL);
  TransportTrust *foreign = pin != NULL ? transport_trust_new (pin, NULL, NULL) : NULL;

  return foreign != NULL ? foreign : transport_trust_ref (own);
}

static MediaEndpoint *
new_endpoint (JsonObject     *media,
              TransportTrust *own)
{
  g_autoptr (TransportTrust) trust = find_trust (media, own);
  g_autoptr (GTlsDatabase) database = transport_ask_database_new ();
  const char *url = cpm_json_get_string (media, "url", "");
  const char *video = cpm_json_get_string (media, "video", "h264");

  return media_endpoint_new (url,
                             cpm_json_get_string (media, "user", ""),
                             cpm_json_get_string (media, "token", ""),
                             g_str_equal (video, "vp8") ? MEDIA_CODEC_VP8 : MEDIA_CODEC_H264,
                             database, check_certificate, media_trust_new (trust, url),
                             media_trust_free);
}

/* What we know already changes nothing, so that the connection stays. */
void
client_share_take_media (ClientShare *self,
                         JsonObject  *media)
{
  g_autofree char *key = media != NULL ? cpm_json_to_text (media) : NULL;

  if (g_strcmp0 (key, self->endpoint_key) == 0)
    return;

  g_free (self->endpoint_key);
  self->endpoint_key = g_steal_pointer (&key);
  g_clear_pointer (&self->endpoint, media_endpoint_unref);
  if (media != NULL && self->world->trust != NULL)
    self->endpoint = new_endpoint (media, self->world->trust);
  client_share_note_clock_port (self, media);
}
