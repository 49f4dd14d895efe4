/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-share"

#include "config.h"

#include "relay-media-factory.h"
#include "relay-media-keeper.h"
#include "relay-media-share.h"

#include <gst/sdp/gstsdpmessage.h>
#include <string.h>

#define CONNECTIONS_PER_VIEWER 4

#define COMMON_METHODS \
  (GST_RTSP_OPTIONS | GST_RTSP_SETUP | GST_RTSP_TEARDOWN | GST_RTSP_GET_PARAMETER | GST_RTSP_SET_PARAMETER)
#define PUBLISHER_METHODS (COMMON_METHODS | GST_RTSP_ANNOUNCE | GST_RTSP_RECORD)
#define VIEWER_METHODS (COMMON_METHODS | GST_RTSP_DESCRIBE | GST_RTSP_PLAY)

/* Somebody's credentials. Only the digest of the token is kept: two digests may be compared in a way whose time says nothing. */
typedef struct
{
  char *who;
  uint8_t digest[32];
} Credentials;

/* A connection to this share, and who it is. */
typedef struct
{
  RelayMediaConnection *connection;
  RelayMediaSession *session;
  char *who;
  gboolean is_publisher;
  gboolean is_flowing;     /* RECORDs or PLAYs */
} Seat;

/* What is published: the tracks and the pipeline from which they are played. A sharer that comes back with
 * the same codecs goes on with it. Streaming threads and the keeper's thread hold references. */
typedef struct
{
  gatomicrefcount ref_count;
  RelayMediaShareHost *host;
  RelayMediaShare *share;  /* NULL when the share is over or publishes something else; the context's thread */
  char *layout;
  RelayMediaTrack *tracks[RELAY_MEDIA_MAX_TRACKS];
  unsigned n_tracks;
  GstRTSPMediaFactory *play;
  RelayMediaKeeper *keeper;
  gboolean is_keeping;      /* the keeper's thread has it */
  gboolean is_good;         /* what that thread says */
  gboolean is_playing;
} Publication;

struct _RelayMediaShare
{
  RelayMediaShareHost *host;
  char *id;
  Credentials *publisher;
  GHashTable *viewers;      /* who -> Credentials */
  GPtrArray *seats;
  Publication *publication;
  gboolean is_publishing;   /* as the relay was told */
};

/* --- Credentials --- */

static void
digest_token (const char *token,
              uint8_t     digest[32])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  size_t length = 32;

  g_checksum_update (checksum, (const uint8_t *) token, strlen (token));
  g_checksum_get_digest (checksum, digest, &length);
}

static Credentials *
credentials_new (const char *who,
                 const char *token)
{
  Credentials *self = g_new0 (Credentials, 1);

  self->who = g_strdup (who);
  digest_token (token, self->digest);

  return self;
}

static void
credentials_free (gpointer data)
{
  Credentials *self = data;

  g_free (self->who);
  g_free (self);
}

static gboolean
credentials_match (const Credentials *self,
                   const char        *token)
{
  uint8_t digest[32];
  volatile uint8_t difference = 0;

  digest_token (token, digest);
  for (size_t i = 0; i < sizeof digest; i++)
    difference |= digest[i] ^ self->digest[i];

  return difference == 0;
}

/* --- The publication --- */

static Publication *
publication_ref (Publication *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
publication_unref (gpointer data)
{
  Publication *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (unsigned i = 0; i < self->n_tracks; i++)
    relay_media_track_unref (self->tracks[i]);
  g_clear_object (&self->play);
  g_free (self->layout);
  g_free (self);
}

static void
post (Publication *self,
      GSourceFunc  callback)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, callback, publication_ref (self), publication_unref);
  g_source_attach (source, self->host->context);
}

/* A thread that blocks on the keeper's behalf; the host counts them. */
static void
keeper_thread (RelayMediaShareHost *host,
               GThreadFunc          function,
               gpointer             data)
{
  g_atomic_int_inc (&host->n_keepers);
  g_thread_unref (g_thread_new ("relay-keeper", function, data));
}

static void
keeper_thread_done (RelayMediaShareHost *host)
{
  GMainContext *context = host->context;

  g_atomic_int_add (&host->n_keepers, -1);
  g_main_context_wakeup (context);
}

typedef struct
{
  RelayMediaShareHost *host;
  RelayMediaKeeper *keeper;
  GstRTSPMediaFactory *play;
} Ending;

static gpointer
end_keeper (gpointer data)
{
  Ending *ending = data;
  RelayMediaShareHost *host = ending->host;

  relay_media_keeper_free (ending->keeper);
  g_object_unref (ending->play);
  g_free (ending);
  keeper_thread_done (host);

  return NULL;
}

static void
publication_end_keeper (Publication *self)
{
  Ending *ending;

  for (unsigned i = 0; i < self->n_tracks; i++)
    relay_media_track_drain_to (self->tracks[i], NULL);

  self->is_playing = FALSE;
  if (self->keeper == NULL || self->is_keeping)
    return;

  ending = g_new0 (Ending, 1);
  ending->host = self->host;
  ending->keeper = g_steal_pointer (&self->keeper);
  ending->play = g_steal_pointer (&self->play);
  keeper_thread (self->host, end_keeper, ending);
}

static void
share_notify (RelayMediaShare      *self,
              RelayMediaShareEvent  event,
              const char           *who)
{
  self->host->notify (self, event, who, self->host->user_data);
}

static Seat *
find_publisher (RelayMediaShare *self)
{
  for (unsigned i = 0; i < self->seats->len; i++)
    {
      Seat *seat = g_ptr_array_index (self->seats, i);

      if (seat->is_publisher && seat->is_flowing)
        return seat;
    }

  return NULL;
}

static void
share_update_publishing (RelayMediaShare *self)
{
  gboolean is_publishing = self->publication != NULL && self->publication->is_playing && find_publisher (self) != NULL;

  if (is_publishing == self->is_publishing)
    return;

  self->is_publishing = is_publishing;
  share_notify (self, is_publishing ? RELAY_MEDIA_SHARE_PUBLISHING : RELAY_MEDIA_SHARE_PUBLISHER_LOST, NULL);
}

/* In the context: the keeper plays, or gave up. */
static gboolean
on_kept (gpointer data)
{
  Publication *self = data;

  self->is_keeping = FALSE;
  self->is_playing = self->is_good && self->share != NULL;
  if (!self->is_playing)
    publication_end_keeper (self);
  else
    share_update_publishing (self->share);

  return G_SOURCE_REMOVE;
}

static gpointer
keep (gpointer data)
{
  Publication *self = data;
  RelayMediaShareHost *host = self->host;

  self->is_good = relay_media_keeper_play (self->keeper);
  if (!self->is_good)
    g_message ("A sharer's media did not come to flow");
  post (self, on_kept);
  publication_unref (self);
  keeper_thread_done (host);

  return NULL;
}

static gboolean
have_all_started (Publication *self)
{
  for (unsigned i = 0; i < self->n_tracks; i++)
    {
      g_autoptr (GstCaps) caps = relay_media_track_get_caps (self->tracks[i]);

      if (caps == NULL)
        return FALSE;
    }

  return TRUE;
}

/* In the context: the first packet of a track has come. With the last of them viewers can be told what the tracks are. */
static gboolean
on_track_started (gpointer data)
{
  Publication *self = data;

  if (self->share == NULL || self->keeper != NULL || !have_all_started (self))
    return G_SOURCE_REMOVE;

  self->play = relay_media_factory_new_play (self->tracks, self->n_tracks, &self->host->n_pipelines);
  self->keeper = relay_media_keeper_new (self->host->context, self->host->threads, self->share->id, self->play, self->n_tracks);
  self->is_keeping = TRUE;
  keeper_thread (self->host, keep, publication_ref (self));

  return G_SOURCE_REMOVE;
}

/* Streaming thread. */
static void
track_started (gpointer user_data)
{
  post (user_data, on_track_started);
}

static Publication *
publication_new (RelayMediaShare *share,
                 const char      *layout,
                 unsigned         n_tracks)
{
  Publication *self = g_new0 (Publication, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->host = share->host;
  self->share = share;
  self->layout = g_strdup (layout);
  self->n_tracks = n_tracks;
  for (unsigned i = 0; i < n_tracks; i++)
    self->tracks[i] = relay_media_track_new ();

  return self;
}

/* --- What the sharer announces --- */

/* "video/H264": one of what viewers can be expected to decode; %NULL for anything else. */
static char *
describe_media (const GstSDPMedia *media)
{
  const char *kind = gst_sdp_media_get_media (media);
  const char *map = gst_sdp_media_get_attribute_val (media, "rtpmap");
  const char *codec = map != NULL ? strchr (map, ' ') : NULL;

  if (codec == NULL || gst_sdp_media_formats_len (media) != 1)
    return NULL;

  codec++;
  if (g_strcmp0 (kind, "video") == 0 && g_ascii_strcasecmp (codec, "H264/90000") == 0)
    return g_strdup ("video/H264");
  if (g_strcmp0 (kind, "video") == 0 && g_ascii_strcasecmp (codec, "VP8/90000") == 0)
    return g_strdup ("video/VP8");
  if (g_strcmp0 (kind, "audio") == 0 && g_ascii_strncasecmp (codec, "OPUS/48000", strlen ("OPUS/48000")) == 0)
    return g_strdup ("audio/OPUS");

  return NULL;
}

static char *
describe_sdp (const GstSDPMessage *sdp,
              unsigned            *out_n_tracks)
{
  g_autoptr (GString) layout = g_string_new (NULL);
  unsigned n_tracks = gst_sdp_message_medias_len (sdp);

  if (n_tracks == 0 || n_tracks > RELAY_MEDIA_MAX_TRACKS)
    return NULL;

  for (unsigned i = 0; i < n_tracks; i++)
    {
      g_autofree char *media = describe_media (gst_sdp_message_get_media (sdp, i));

      if (media == NULL || strstr (layout->str, media) != NULL)
        return NULL;
      g_string_append_printf (layout, "%s ", media);
    }

  *out_n_tracks = n_tracks;

  return g_string_free (g_steal_pointer (&layout), FALSE);
}

static char *
describe_announcement (GstRTSPMessage *request,
                       unsigned       *out_n_tracks)
{
  GstSDPMessage *sdp = NULL;
  uint8_t *body = NULL;
  unsigned length = 0;
  char *layout = NULL;

  gst_rtsp_message_get_body (request, &body, &length);
  if (length == 0)
    return NULL;

  gst_sdp_message_new (&sdp);
  if (gst_sdp_message_parse_buffer (body, length, sdp) == GST_SDP_OK)
    layout = describe_sdp (sdp, out_n_tracks);
  gst_sdp_message_free (sdp);

  return layout;
}

static void
share_drop_publication (RelayMediaShare *self)
{
  if (self->publication == NULL)
    return;

  self->publication->share = NULL;
  publication_end_keeper (self->publication);
  g_clear_pointer (&self->publication, publication_unref);
}

static void
close_seats (RelayMediaShare *self,
             const char      *who,
             gboolean         publishers,
             Seat            *except)
{
  g_autoptr (GPtrArray) closing = g_ptr_array_new_with_free_func ((GDestroyNotify) relay_media_connection_unref);

  for (unsigned i = 0; i < self->seats->len; i++)
    {
      Seat *seat = g_ptr_array_index (self->seats, i);

      if (seat != except && seat->is_publisher == publishers && (who == NULL || g_str_equal (seat->who, who)))
        g_ptr_array_add (closing, relay_media_connection_ref (seat->connection));
    }

  for (unsigned i = 0; i < closing->len; i++)
    relay_media_connection_close (g_ptr_array_index (closing, i));
}

/* Makes a place for what is announced. The newest connection of the sharer is the one that counts; with
 * other codecs than before the viewers have to begin anew. */
static GstRTSPStatusCode
share_announce (RelayMediaShare *self,
                Seat            *seat,
                GstRTSPMessage  *request)
{
  g_autoptr (GstRTSPMediaFactory) record = NULL;
  unsigned n_tracks = 0;
  g_autofree char *layout = describe_announcement (request, &n_tracks);

  if (layout == NULL)
    return GST_RTSP_STS_UNSUPPORTED_MEDIA_TYPE;

  close_seats (self, NULL, TRUE, seat);
  if (self->publication != NULL && !g_str_equal (self->publication->layout, layout))
    {
      share_drop_publication (self);
      close_seats (self, NULL, FALSE, NULL);
    }
  if (self->publication == NULL)
    self->publication = publication_new (self, layout, n_tracks);

  record = relay_media_factory_new_record (self->publication->tracks, n_tracks, track_started,
                                           publication_ref (self->publication), publication_unref,
                                           &self->host->n_pipelines);
  relay_media_session_mount (seat->session, self->id, record);

  return GST_RTSP_STS_OK;
}

/* --- Seats --- */

static void
seat_free (gpointer data)
{
  Seat *seat = data;

  relay_media_connection_unref (seat->connection);
  g_free (seat->who);
  g_free (seat);
}

static Seat *
find_seat (RelayMediaShare      *self,
           RelayMediaConnection *connection)
{
  for (unsigned i = 0; i < self->seats->len; i++)
    {
      Seat *seat = g_ptr_array_index (self->seats, i);

      if (seat->connection == connection)
        return seat;
    }

  return NULL;
}

static unsigned
count_seats (RelayMediaShare *self,
             const char      *who,
             gboolean         only_flowing)
{
  unsigned n = 0;

  for (unsigned i = 0; i < self->seats->len; i++)
    {
      Seat *seat = g_ptr_array_index (self->seats, i);

      if (!seat->is_publisher && g_str_equal (seat->who, who) && (seat->is_flowing || !only_flowing))
        n++;
    }

  return n;
}

static Seat *
seat_new (RelayMediaShare      *self,
          RelayMediaConnection *connection,
          const char           *who,
          gboolean              is_publisher)
{
  Seat *seat = g_new0 (Seat, 1);

  seat->connection = relay_media_connection_ref (connection);
  seat->who = g_strdup (who);
  seat->is_publisher = is_publisher;
  seat->session = relay_media_session_new (relay_media_connection_get_socket (connection), self->host->context,
                                           self->host->threads, relay_media_connection_get_outlet (), connection);
  g_ptr_array_add (self->seats, seat);

  return seat;
}

RelayMediaSession *
relay_media_share_seat (RelayMediaShare      *self,
                        RelayMediaConnection *connection,
                        const char           *user,
                        const char           *token,
                        GstRTSPStatusCode    *out_status)
{
  const Credentials *viewer = g_hash_table_lookup (self->viewers, user);
  Seat *seat;

  if (g_str_equal (self->publisher->who, user) && credentials_match (self->publisher, token))
    return seat_new (self, connection, user, TRUE)->session;

  if (viewer == NULL || !credentials_match (viewer, token))
    {
      *out_status = GST_RTSP_STS_UNAUTHORIZED;
      return NULL;
    }

  if (count_seats (self, user, FALSE) >= CONNECTIONS_PER_VIEWER)
    {
      *out_status = GST_RTSP_STS_FORBIDDEN;
      return NULL;
    }

  seat = seat_new (self, connection, user, FALSE);
  if (self->publication != NULL && self->publication->is_playing)
    relay_media_session_mount (seat->session, self->id, self->publication->play);

  return seat->session;
}

GstRTSPStatusCode
relay_media_share_check (RelayMediaShare      *self,
                         RelayMediaConnection *connection,
                         GstRTSPMessage       *request)
{
  Seat *seat = find_seat (self, connection);
  GstRTSPMethod method = GST_RTSP_INVALID;

  gst_rtsp_message_parse_request (request, &method, NULL, NULL);
  if ((method & (seat->is_publisher ? PUBLISHER_METHODS : VIEWER_METHODS)) == 0)
    return GST_RTSP_STS_FORBIDDEN;

  /* A transport that packets are going through cannot be set up anew. */
  if (seat->is_flowing && (method & (GST_RTSP_SETUP | GST_RTSP_ANNOUNCE | GST_RTSP_DESCRIBE)) != 0)
    return GST_RTSP_STS_METHOD_NOT_VALID_IN_THIS_STATE;

  return method == GST_RTSP_ANNOUNCE ? share_announce (self, seat, request) : GST_RTSP_STS_OK;
}

void
relay_media_share_answered (RelayMediaShare      *self,
                            RelayMediaConnection *connection,
                            GstRTSPMethod         method,
                            GstRTSPStatusCode     status)
{
  Seat *seat = find_seat (self, connection);

  if (seat->is_flowing || status != GST_RTSP_STS_OK || (method & (GST_RTSP_RECORD | GST_RTSP_PLAY)) == 0)
    return;

  seat->is_flowing = TRUE;
  if (seat->is_publisher)
    {
      share_update_publishing (self);
      return;
    }

  if (count_seats (self, seat->who, TRUE) == 1)
    share_notify (self, RELAY_MEDIA_SHARE_JOINED, seat->who);
  share_notify (self, RELAY_MEDIA_SHARE_KEYFRAME_NEEDED, NULL);
}

void
relay_media_share_unseat (RelayMediaShare      *self,
                          RelayMediaConnection *connection)
{
  Seat *seat = find_seat (self, connection);
  g_autofree char *who = g_strdup (seat->who);
  gboolean is_publisher = seat->is_publisher;
  gboolean was_flowing = seat->is_flowing;

  g_ptr_array_remove (self->seats, seat);

  if (is_publisher)
    share_update_publishing (self);
  else if (was_flowing && count_seats (self, who, TRUE) == 0)
    share_notify (self, RELAY_MEDIA_SHARE_LEFT, who);
}

/* --- Life --- */

RelayMediaShare *
relay_media_share_new (RelayMediaShareHost *host,
                       const char          *id,
                       const char          *publisher,
                       const char          *token)
{
  RelayMediaShare *self = g_new0 (RelayMediaShare, 1);

  self->host = host;
  self->id = g_strdup (id);
  self->publisher = credentials_new (publisher, token);
  self->viewers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, credentials_free);
  self->seats = g_ptr_array_new_with_free_func (seat_free);

  return self;
}

void
relay_media_share_free (RelayMediaShare *self)
{
  close_seats (self, NULL, FALSE, NULL);
  close_seats (self, NULL, TRUE, NULL);
  share_drop_publication (self);

  g_ptr_array_unref (self->seats);
  g_hash_table_unref (self->viewers);
  credentials_free (self->publisher);
  g_free (self->id);
  g_free (self);
}

const char *
relay_media_share_get_id (RelayMediaShare *self)
{
  return self->id;
}

void
relay_media_share_admit (RelayMediaShare *self,
                         const char      *who,
                         const char      *token)
{
  Credentials *credentials = g_hash_table_lookup (self->viewers, who);

  if (credentials != NULL && credentials_match (credentials, token))
    return;

  relay_media_share_expel (self, who);
  credentials = credentials_new (who, token);
  g_hash_table_replace (self->viewers, credentials->who, credentials);
}

void
relay_media_share_expel (RelayMediaShare *self,
                         const char      *who)
{
  g_hash_table_remove (self->viewers, who);
  close_seats (self, who, FALSE, NULL);
}
