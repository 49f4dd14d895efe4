/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-share"

#include "config.h"

#include "relay-media-request.h"
#include "relay-media-share.h"

#include <string.h>

#define CONNECTIONS_PER_VIEWER 4
#define FAREWELL_US (100 * 1000)

/* Somebody's credentials. Only the digest of the token is kept: two digests may be compared in a
 * way whose time says nothing. */
typedef struct
{
  char *who;
  uint8_t digest[32];
  unsigned rendition;
} Credentials;

/* What is published. A sharer that comes back with the same codecs goes on with it. */
typedef struct
{
  RelayMediaOffer *offer;                              /* the newest */
  RelayMediaTrack *tracks[RELAY_MEDIA_MAX_STREAMS];    /* by the place in the offer */
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
  gboolean has_new;         /* packets since the viewers were flushed last */
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

/* The video of which the last stream is, or may come to be, another rendition. */
static int
find_video (const RelayMediaOffer *offer)
{
  for (unsigned i = 0; i < MIN (offer->n_streams, 2); i++)
    {
      if (offer->streams[i].codec != RELAY_MEDIA_CODEC_OPUS)
        return i;
    }

  return -1;
}

static Publication *
publication_new (const RelayMediaOffer *offer)
{
  Publication *self = g_new0 (Publication, 1);
  int video = find_video (offer);

  self->tracks[0] = relay_media_track_new (NULL);
  self->tracks[1] = relay_media_track_new (NULL);
  if (video >= 0)
    self->tracks[2] = relay_media_track_new (self->tracks[video]);

  return self;
}

static void
publication_free (Publication *self)
{
  for (unsigned i = 0; i < RELAY_MEDIA_MAX_STREAMS; i++)
    g_clear_pointer (&self->tracks[i], relay_media_track_free);
  g_clear_pointer (&self->offer, relay_media_offer_free);
  g_free (self);
}

/* The sharer announces it, for the first time or again. */
static void
publication_begin (Publication     *self,
                   RelayMediaOffer *offer)
{
  g_clear_pointer (&self->offer, relay_media_offer_free);
  self->offer = offer;
  for (unsigned i = 0; i < offer->n_streams; i++)
    relay_media_track_begin (self->tracks[i], &offer->streams[i]);
}

/* --- What the relay is told --- */

static void
share_notify (RelayMediaShare      *self,
              RelayMediaShareEvent  event,
              const char           *who)
{
  self->host->notify (self, event, who, self->host->user_data);
}

static RelayMediaSeat *
find_publisher (RelayMediaShare *self)
{
  for (unsigned i = 0; i < self->seats->len; i++)
    {
      RelayMediaSeat *seat = g_ptr_array_index (self->seats, i);

      if (seat->is_publisher && seat->is_flowing)
        return seat;
    }

  return NULL;
}

/* It flows when the first stream does: a low rendition may be silent, and so may the sound of a
 * source that has none. */
static void
share_update_publishing (RelayMediaShare *self)
{
  gboolean is_publishing = self->publication != NULL &&
                           relay_media_track_is_flowing (self->publication->tracks[0]) &&
                           find_publisher (self) != NULL;

  if (is_publishing == self->is_publishing)
    return;

  self->is_publishing = is_publishing;
  share_notify (
    self, is_publishing ? RELAY_MEDIA_SHARE_PUBLISHING : RELAY_MEDIA_SHARE_PUBLISHER_LOST, NULL);
}

/* --- What the sharer announces --- */

static void
share_drop_publication (RelayMediaShare *self)
{
  if (self->publication == NULL)
    return;

  g_clear_pointer (&self->publication, publication_free);
  self->host->n_publications--;
}

static void
close_seats (RelayMediaShare *self,
             const char      *who,
             gboolean         publishers,
             RelayMediaSeat  *except)
{
  g_autoptr (GPtrArray) closing =
    g_ptr_array_new_with_free_func ((GDestroyNotify) relay_media_connection_unref);

  for (unsigned i = 0; i < self->seats->len; i++)
    {
      RelayMediaSeat *seat = g_ptr_array_index (self->seats, i);

      if (seat != except && seat->is_publisher == publishers &&
          (who == NULL || g_str_equal (seat->who, who)))
        g_ptr_array_add (closing, relay_media_connection_ref (seat->connection));
    }

  for (unsigned i = 0; i < closing->len; i++)
    relay_media_connection_close (g_ptr_array_index (closing, i));
}

/* The newest connection of the sharer is the one that counts; with other codecs than before the
 * viewers have to begin anew. */
static GstRTSPStatusCode
share_announce (RelayMediaShare *self,
                RelayMediaSeat  *seat,
                GstRTSPMessage  *request)
{
  RelayMediaOffer *offer;
  uint8_t *body = NULL;
  unsigned length = 0;

  gst_rtsp_message_get_body (request, &body, &length);
  offer = relay_media_offer_new (body, length);
  if (offer == NULL)
    return GST_RTSP_STS_UNSUPPORTED_MEDIA_TYPE;

  close_seats (self, NULL, TRUE, seat);
  if (self->publication != NULL && !relay_media_offer_matches (self->publication->offer, offer))
    {
      close_seats (self, NULL, FALSE, NULL);
      share_drop_publication (self);
    }
  if (self->publication == NULL)
    {
      self->publication = publication_new (offer);
      self->host->n_publications++;
    }
  publication_begin (self->publication, offer);
  relay_media_seat_reset (seat);

  return GST_RTSP_STS_OK;
}

/* --- Viewers --- */

static unsigned
count_seats (RelayMediaShare *self,
             const char      *who,
             gboolean         only_flowing)
{
  unsigned n = 0;

  for (unsigned i = 0; i < self->seats->len; i++)
    {
      RelayMediaSeat *seat = g_ptr_array_index (self->seats, i);

      if (!seat->is_publisher && g_str_equal (seat->who, who) &&
          (seat->is_flowing || !only_flowing))
        n++;
    }

  return n;
}

static void
share_play (RelayMediaShare *self,
            RelayMediaSeat  *seat)
{
  const Credentials *credentials = g_hash_table_lookup (self->viewers, seat->who);
  const RelayMediaOffer *offer = self->publication->offer;
  int video = find_video (offer);

  seat->viewer = relay_media_viewer_new (self->id);
  for (unsigned i = 0; i < 2; i++)
    {
      if (seat->channels[i] >= 0)
        relay_media_viewer_add (seat->viewer, self->publication->tracks[i],
                                (int) i == video ? self->publication->tracks[2] : NULL,
                                offer->streams[i].pt, seat->channels[i]);
    }
  relay_media_viewer_set_rendition (seat->viewer, credentials->rendition);

  seat->is_flowing = TRUE;
  if (count_seats (self, seat->who, TRUE) == 1)
    share_notify (self, RELAY_MEDIA_SHARE_JOINED, seat->who);
  share_notify (self, RELAY_MEDIA_SHARE_KEYFRAME_NEEDED, NULL);
}

/* --- Seats --- */

RelayMediaSeat *
relay_media_share_seat (RelayMediaShare      *self,
                        RelayMediaConnection *connection,
                        const char           *user,
                        const char           *token,
                        GstRTSPStatusCode    *out_status)
{
  const Credentials *viewer = g_hash_table_lookup (self->viewers, user);
  gboolean is_publisher = g_str_equal (self->publisher->who, user) &&
                          credentials_match (self->publisher, token);
  RelayMediaSeat *seat;

  if (!is_publisher && (viewer == NULL || !credentials_match (viewer, token)))
    {
      *out_status = GST_RTSP_STS_UNAUTHORIZED;
      return NULL;
    }

  if (!is_publisher && count_seats (self, user, FALSE) >= CONNECTIONS_PER_VIEWER)
    {
      *out_status = GST_RTSP_STS_FORBIDDEN;
      return NULL;
    }

  seat = relay_media_seat_new (self, connection, user, is_publisher);
  g_ptr_array_add (self->seats, seat);

  return seat;
}

static void
share_flow (RelayMediaShare *self,
            RelayMediaSeat  *seat)
{
  if (seat->is_flowing)
    return;

  if (!seat->is_publisher)
    {
      share_play (self, seat);
      return;
    }
  seat->is_flowing = TRUE;
  share_update_publishing (self);
}

/* rtspclientsink frees its connection when TEARDOWN is answered, and another of its threads may
 * just be writing its last report to it (1.22): it is given the time. */
static void
share_tear_down (RelayMediaShare *self,
                 RelayMediaSeat  *seat)
{
  if (!seat->is_publisher)
    return;

  seat->is_flowing = FALSE;
  share_update_publishing (self);
  relay_media_connection_hold (seat->connection, FAREWELL_US);
}

/* Viewers are told of it when the first packet has come. */
static const RelayMediaOffer *
get_offer (RelayMediaShare *self,
           RelayMediaSeat  *seat)
{
  if (self->publication == NULL ||
      (!seat->is_publisher && !relay_media_track_has_come (self->publication->tracks[0])))
    return NULL;

  return self->publication->offer;
}

GstRTSPMessage *
relay_media_share_request (RelayMediaShare *self,
                           RelayMediaSeat  *seat,
                           GstRTSPMessage  *request)
{
  GstRTSPStatusCode status = GST_RTSP_STS_NOT_FOUND;
  GstRTSPMethod method = GST_RTSP_INVALID;
  g_autofree char *share = relay_media_request_dup_share (request);

  gst_rtsp_message_parse_request (request, &method, NULL, NULL);
  /* "*" is for OPTIONS; all else is about this share. */
  if (method == GST_RTSP_OPTIONS || g_strcmp0 (share, self->id) == 0)
    status = relay_media_seat_check (seat, request);
  if (status != GST_RTSP_STS_OK)
    return relay_media_seat_answer (seat, request, status);

  if (method == GST_RTSP_DESCRIBE)
    return relay_media_seat_describe (seat, request, get_offer (self, seat));
  if (method == GST_RTSP_SETUP)
    return relay_media_seat_set_up (seat, request, get_offer (self, seat));
  if (method == GST_RTSP_ANNOUNCE)
    status = share_announce (self, seat, request);
  else if (method == GST_RTSP_RECORD || method == GST_RTSP_PLAY)
    share_flow (self, seat);
  else if (method == GST_RTSP_TEARDOWN)
    share_tear_down (self, seat);

  return relay_media_seat_answer (seat, request, status);
}

/* --- Packets --- */

static void
share_take_packet (RelayMediaShare *self,
                   RelayMediaTrack *track,
                   const uint8_t   *data,
                   size_t           length)
{
  g_autoptr (RelayMediaPacket) packet = relay_media_track_take (track, data, length,
                                                                g_get_monotonic_time ());

  if (packet == NULL)
    return;

  self->has_new = TRUE;
  for (unsigned i = 0; i < self->seats->len; i++)
    {
      RelayMediaSeat *seat = g_ptr_array_index (self->seats, i);

      if (seat->viewer != NULL)
        relay_media_viewer_take (seat->viewer, track, packet);
    }
  if (!self->is_publishing)
    share_update_publishing (self);
}

static void
share_take_report (RelayMediaShare *self,
                   RelayMediaTrack *track,
                   const uint8_t   *data,
                   size_t           length)
{
  if (!relay_media_track_take_report (track, data, length))
    return;

  self->has_new = TRUE;
  for (unsigned i = 0; i < self->seats->len; i++)
    {
      RelayMediaSeat *seat = g_ptr_array_index (self->seats, i);

      if (seat->viewer != NULL)
        relay_media_viewer_take_report (seat->viewer, track, g_get_monotonic_time ());
    }
}

void
relay_media_share_data (RelayMediaShare *self,
                        RelayMediaSeat  *seat,
                        uint8_t          channel,
                        const uint8_t   *data,
                        size_t           length)
{
  gboolean is_rtcp = FALSE;
  int stream = relay_media_seat_find (seat, channel, &is_rtcp);

  /* What viewers say of their reception is for nobody. */
  if (!seat->is_publisher || !seat->is_flowing || stream < 0)
    return;

  if (is_rtcp)
    share_take_report (self, self->publication->tracks[stream], data, length);
  else
    share_take_packet (self, self->publication->tracks[stream], data, length);
}

static gboolean
share_needs_key (RelayMediaShare *self)
{
  gboolean needs_key = FALSE;

  for (unsigned i = 0; i < self->seats->len; i++)
    {
      RelayMediaSeat *seat = g_ptr_array_index (self->seats, i);

      if (seat->viewer != NULL && relay_media_viewer_needs_key (seat->viewer))
        needs_key = TRUE;
    }

  return needs_key;
}

void
relay_media_share_rested (RelayMediaShare *self,
                          RelayMediaSeat  *seat)
{
  if (!self->has_new)
    return;

  self->has_new = FALSE;
  /* From the end: one that is flushed may be closed, and its seat goes. */
  for (unsigned i = self->seats->len; i > 0; i--)
    {
      RelayMediaSeat *other = g_ptr_array_index (self->seats, i - 1);
      g_autoptr (RelayMediaConnection) connection = relay_media_connection_ref (other->connection);

      if (other->viewer != NULL)
        relay_media_connection_flush (connection);
    }
  if (share_needs_key (self))
    share_notify (self, RELAY_MEDIA_SHARE_KEYFRAME_NEEDED, NULL);
}

size_t
relay_media_share_fill (RelayMediaShare *self,
                        RelayMediaSeat  *seat,
                        uint8_t         *buffer,
                        size_t           limit)
{
  size_t n;

  if (seat->viewer == NULL)
    return 0;

  n = relay_media_viewer_fill (seat->viewer, buffer, limit);
  if (n == 0 && relay_media_viewer_needs_key (seat->viewer))
    share_notify (self, RELAY_MEDIA_SHARE_KEYFRAME_NEEDED, NULL);

  return n;
}

void
relay_media_share_unseat (RelayMediaShare *self,
                          RelayMediaSeat  *seat)
{
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
  self->seats = g_ptr_array_new_with_free_func ((GDestroyNotify) relay_media_seat_free);

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

void
relay_media_share_set_rendition (RelayMediaShare *self,
                                 const char      *who,
                                 unsigned         rendition)
{
  Credentials *credentials = g_hash_table_lookup (self->viewers, who);

  if (credentials == NULL)
    return;

  credentials->rendition = rendition;
  for (unsigned i = 0; i < self->seats->len; i++)
    {
      RelayMediaSeat *seat = g_ptr_array_index (self->seats, i);

      if (seat->viewer != NULL && g_str_equal (seat->who, who))
        relay_media_viewer_set_rendition (seat->viewer, rendition);
    }
  if (share_needs_key (self))
    share_notify (self, RELAY_MEDIA_SHARE_KEYFRAME_NEEDED, NULL);
}

void
relay_media_share_list (RelayMediaShare *self,
                        JsonArray       *list)
{
  for (unsigned i = 0; i < self->seats->len; i++)
    {
      RelayMediaSeat *seat = g_ptr_array_index (self->seats, i);
      RelayMediaViewerStats stats;
      JsonObject *one;

      if (seat->viewer == NULL)
        continue;

      relay_media_viewer_get_stats (seat->viewer, g_get_monotonic_time (), &stats);
      one = json_object_new ();
      json_object_set_string_member (one, "share", self->id);
      json_object_set_string_member (one, "who", seat->who);
      json_object_set_int_member (one, "packets", stats.n_packets);
      json_object_set_int_member (one, "bytes", stats.n_bytes);
      json_object_set_int_member (one, "dropped_frames", stats.n_frames_dropped);
      json_object_set_int_member (one, "jams", stats.n_jams);
      json_object_set_int_member (one, "switches", stats.n_switches);
      json_object_set_int_member (one, "rendition", stats.rendition);
      json_object_set_int_member (one, "waiting_ms", stats.waiting_us / 1000);
      json_array_add_object_element (list, one);
    }
}
