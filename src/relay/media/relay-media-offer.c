/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-offer"

#include "config.h"

#include "relay-media-offer.h"

#include <gst/sdp/gstsdpmessage.h>

#include <stdlib.h>
#include <string.h>

#define FIELD_LIMIT_BYTES 1024
#define CONTROL_LIMIT_BYTES 64

static const struct
{
  const char *kind;
  const char *name;      /* as it begins in a=rtpmap */
  const char *full_name; /* as viewers are told */
  uint32_t clock_rate;
} codecs[] = {
  [RELAY_MEDIA_CODEC_H264] = { "video", "H264/90000", "H264/90000", 90000 },
  [RELAY_MEDIA_CODEC_VP8] = { "video", "VP8/90000", "VP8/90000", 90000 },
  [RELAY_MEDIA_CODEC_OPUS] = { "audio", "OPUS/48000", "OPUS/48000/2", 48000 },
};

/* Fields of the sharer's a=fmtp that viewers need. */
static const char *const told_fields[] = { "packetization-mode",
                                           "profile-level-id",
                                           "sprop-parameter-sets",
                                           "sprop-stereo",
                                           "stereo",
                                           "maxplaybackrate",
                                           NULL };

static gboolean
find_codec (const GstSDPMedia *media,
            RelayMediaStream  *stream)
{
  const char *kind = gst_sdp_media_get_media (media);
  const char *map = gst_sdp_media_get_attribute_val (media, "rtpmap");
  const char *name = map != NULL ? strchr (map, ' ') : NULL;

  for (size_t i = 0; name != NULL && i < G_N_ELEMENTS (codecs); i++)
    {
      if (g_strcmp0 (kind, codecs[i].kind) == 0
          && g_ascii_strncasecmp (name + 1, codecs[i].name, strlen (codecs[i].name)) == 0)
        {
          stream->codec = i;
          stream->clock_rate = codecs[i].clock_rate;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
is_told (const char *field)
{
  size_t name = strcspn (field, "=");

  for (size_t i = 0; told_fields[i] != NULL; i++)
    {
      if (strlen (told_fields[i]) == name && g_ascii_strncasecmp (field, told_fields[i], name) == 0)
        break;
      if (told_fields[i + 1] == NULL)
        return FALSE;
    }

  if (strlen (field) > FIELD_LIMIT_BYTES)
    return FALSE;
  for (const char *c = field; *c != '\0'; c++)
    {
      if (!g_ascii_isgraph (*c))
        return FALSE;
    }

  return TRUE;
}

static char *
filter_format (const char *format)
{
  const char *list = format != NULL ? strchr (format, ' ') : NULL;
  g_auto (GStrv) fields = g_strsplit (list != NULL ? list + 1 : "", ";", 32);
  g_autoptr (GString) told = g_string_new (NULL);

  for (unsigned i = 0; fields[i] != NULL; i++)
    {
      if (is_told (g_strstrip (fields[i])))
        g_string_append_printf (told, "%s%s", told->len > 0 ? ";" : "", fields[i]);
    }

  return told->len > 0 ? g_string_free (g_steal_pointer (&told), FALSE) : NULL;
}

static gboolean
parse_stream (const GstSDPMedia *media,
              RelayMediaStream  *stream)
{
  const char *control = gst_sdp_media_get_attribute_val (media, "control");
  uint64_t pt;

  if (gst_sdp_media_formats_len (media) != 1 || control == NULL ||
      strlen (control) > CONTROL_LIMIT_BYTES ||
      !g_ascii_string_to_unsigned (gst_sdp_media_get_format (media, 0), 10, 0, 127, &pt, NULL) ||
      !find_codec (media, stream))
    return FALSE;

  stream->pt = pt;
  stream->control = g_strdup (control);
  stream->format = filter_format (gst_sdp_media_get_attribute_val (media, "fmtp"));

  return TRUE;
}

static gboolean
is_video (const RelayMediaStream *stream)
{
  return stream->codec != RELAY_MEDIA_CODEC_OPUS;
}

/* The number at the end of "stream=2". rtspclientsink counts its streams so, and writes them down
 * in an order of its own. */
static unsigned
get_number (const RelayMediaStream *stream)
{
  const char *end = stream->control + strlen (stream->control);

  while (end > stream->control && g_ascii_isdigit (end[-1]))
    end--;

  return strtoul (end, NULL, 10);
}

static int
compare_streams (gconstpointer a,
                 gconstpointer b)
{
  const RelayMediaStream *one = a, *other = b;

  if (get_number (one) != get_number (other))
    return get_number (one) < get_number (other) ? -1 : 1;

  return 0;
}

/* Sorted: a video and a sound, of which one may be missing, and with both the low rendition as the
 * third. */
static gboolean
is_sound (RelayMediaOffer *self)
{
  RelayMediaStream *streams = self->streams;

  switch (self->n_streams)
    {
    case 1:
      return TRUE;

    case 2:
      return is_video (&streams[0]) != is_video (&streams[1]);

    case 3:
      streams[2].is_low = TRUE;
      return is_video (&streams[0]) && !is_video (&streams[1]) &&
             streams[2].codec == streams[0].codec;

    default:
      return FALSE;
    }
}

static RelayMediaOffer *
offer_new_from_message (const GstSDPMessage *message)
{
  g_autoptr (RelayMediaOffer) self = g_new0 (RelayMediaOffer, 1);
  unsigned n = gst_sdp_message_medias_len (message);

  if (n > RELAY_MEDIA_MAX_STREAMS)
    return NULL;

  for (unsigned i = 0; i < n; i++)
    {
      self->n_streams++;
      if (!parse_stream (gst_sdp_message_get_media (message, i), &self->streams[i]))
        return NULL;
    }

  qsort (self->streams, self->n_streams, sizeof self->streams[0], compare_streams);

  return is_sound (self) ? g_steal_pointer (&self) : NULL;
}

RelayMediaOffer *
relay_media_offer_new (const uint8_t *sdp,
                       size_t         length)
{
  RelayMediaOffer *self = NULL;
  GstSDPMessage *message = NULL;

  if (length == 0)
    return NULL;

  gst_sdp_message_new (&message);
  if (gst_sdp_message_parse_buffer (sdp, length, message) == GST_SDP_OK)
    self = offer_new_from_message (message);
  gst_sdp_message_free (message);

  return self;
}

void
relay_media_offer_free (RelayMediaOffer *self)
{
  for (unsigned i = 0; i < self->n_streams; i++)
    {
      g_free (self->streams[i].format);
      g_free (self->streams[i].control);
    }
  g_free (self);
}

static unsigned
count_told (const RelayMediaOffer *self)
{
  return self->n_streams - (self->streams[self->n_streams - 1].is_low ? 1 : 0);
}

gboolean
relay_media_offer_matches (const RelayMediaOffer *self,
                           const RelayMediaOffer *other)
{
  if (count_told (self) != count_told (other))
    return FALSE;

  for (unsigned i = 0; i < count_told (self); i++)
    {
      if (self->streams[i].codec != other->streams[i].codec)
        return FALSE;
    }

  return TRUE;
}

int
relay_media_offer_find (const RelayMediaOffer *self,
                        const char            *control)
{
  for (unsigned i = 0; i < self->n_streams; i++)
    {
      if (g_str_equal (self->streams[i].control, control))
        return i;
    }

  return -1;
}

char *
relay_media_offer_to_sdp (const RelayMediaOffer *self)
{
  g_autoptr (GString) text = g_string_new (
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=Vitrine\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    "a=control:*\r\na=range:npt=now-\r\n");

  for (unsigned i = 0; i < count_told (self); i++)
    {
      const RelayMediaStream *stream = &self->streams[i];

      g_string_append_printf (text, "m=%s 0 RTP/AVP %u\r\na=rtpmap:%u %s\r\n",
                              codecs[stream->codec].kind, stream->pt, stream->pt,
                              codecs[stream->codec].full_name);
      if (stream->format != NULL)
        g_string_append_printf (text, "a=fmtp:%u %s\r\n", stream->pt, stream->format);
      g_string_append_printf (text, "a=control:stream=%u\r\na=recvonly\r\n", i);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
