/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-media-offer.h"

#include <string.h>

#define HEAD "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=secret name\r\ni=rtspclientsink\r\nt=0 0\r\na=tool:GStreamer\r\n"
#define SOUND "m=audio 0 RTP/AVP 96\r\na=rtpmap:96 OPUS/48000/2\r\na=fmtp:96 sprop-stereo=1;sprop-maxcapturerate=48000\r\n" \
              "a=control:stream=1\r\na=ssrc:2337323281 cname:user4250210667@host-cc2bcc84\r\n"
#define VIDEO                                                                                      \
  "m=video 0 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\na=framerate:30\r\n"                           \
  "a=fmtp:99 packetization-mode=1;sprop-parameter-sets=Z0LAFQ==,aM48gA==\r\na=control:stream=0\r\n"
#define LOW "m=video 0 RTP/AVP 98\r\na=rtpmap:98 H264/90000\r\na=control:stream=2\r\n"
#define OTHER_LOW "m=video 0 RTP/AVP 98\r\na=rtpmap:98 VP8/90000\r\na=control:stream=2\r\n"
#define VP8 "m=video 0 RTP/AVP 97\r\na=rtpmap:97 VP8/90000\r\na=control:stream=0\r\n"

static RelayMediaOffer *
parse (const char *sdp)
{
  return relay_media_offer_new ((const uint8_t *) sdp, strlen (sdp));
}

/* rtspclientsink writes its streams down in an order of its own. */
static void
test_order (void)
{
  static const char *const same[] = { HEAD VIDEO SOUND LOW, HEAD LOW SOUND VIDEO,
                                      HEAD SOUND LOW VIDEO };

  for (size_t i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr (RelayMediaOffer) offer = parse (same[i]);

      g_assert_nonnull (offer);
      g_assert_cmpuint (offer->n_streams, ==, 3);
      g_assert_cmpuint (offer->streams[0].pt, ==, 99);
      g_assert_cmpuint (offer->streams[1].pt, ==, 96);
      g_assert_cmpuint (offer->streams[2].pt, ==, 98);
      g_assert_false (offer->streams[0].is_low);
      g_assert_true (offer->streams[2].is_low);
      g_assert_cmpint (relay_media_offer_find (offer, "stream=2"), ==, 2);
      g_assert_cmpint (relay_media_offer_find (offer, "stream=3"), ==, -1);
    }
}

/* Two streams, what viewers need of them, and nothing of the sharer's own. */
static void
test_told (void)
{
  g_autoptr (RelayMediaOffer) offer = parse (HEAD SOUND VIDEO LOW);
  g_autofree char *sdp = relay_media_offer_to_sdp (offer);
  const char *video = strstr (sdp, "m=video 0 RTP/AVP 99\r\n");
  const char *sound = strstr (sdp, "m=audio 0 RTP/AVP 96\r\n");

  g_assert_true (video != NULL && sound != NULL && video < sound);
  g_assert_null (strstr (video + 1, "m=video"));
  g_assert_nonnull (
    strstr (sdp, "a=rtpmap:96 OPUS/48000/2\r\na=fmtp:96 sprop-stereo=1\r\na=control:stream=1\r\n"));
  g_assert_nonnull (
    strstr (sdp, "a=fmtp:99 packetization-mode=1;sprop-parameter-sets=Z0LAFQ==,aM48gA==\r\n"));
  g_assert_null (strstr (sdp, "secret"));
  g_assert_null (strstr (sdp, "ssrc"));
  g_assert_null (strstr (sdp, "host-cc2bcc84"));
  g_assert_null (strstr (sdp, "maxcapturerate"));
}

static void
test_matches (void)
{
  g_autoptr (RelayMediaOffer) two = parse (HEAD SOUND VIDEO);
  g_autoptr (RelayMediaOffer) three = parse (HEAD SOUND VIDEO LOW);
  g_autoptr (RelayMediaOffer) one = parse (HEAD VIDEO);
  g_autoptr (RelayMediaOffer) other = parse (HEAD SOUND VP8);

  g_assert_true (relay_media_offer_matches (two, three));
  g_assert_true (relay_media_offer_matches (three, two));
  g_assert_false (relay_media_offer_matches (two, one));
  g_assert_false (relay_media_offer_matches (two, other));
}

static void
test_refused (void)
{
  static const char *const bad[] = {
    "",
    "nonsense",
    HEAD,
    HEAD VIDEO VP8,
    HEAD SOUND SOUND,
    HEAD VIDEO LOW,
    HEAD VIDEO SOUND OTHER_LOW,
    HEAD VIDEO SOUND LOW LOW,
    HEAD "m=video 0 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n",
    HEAD "m=video 0 RTP/AVP 99 98\r\na=rtpmap:99 H264/90000\r\na=control:stream=0\r\n",
    HEAD "m=video 0 RTP/AVP 299\r\na=rtpmap:299 H264/90000\r\na=control:stream=0\r\n",
    HEAD "m=video 0 RTP/AVP 99\r\na=rtpmap:99 MPEG4-GENERIC/90000\r\na=control:stream=0\r\n",
    HEAD "m=audio 0 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\na=control:stream=0\r\n",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%s", bad[i]);
      g_assert_null (parse (bad[i]));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/relay/media/offer/order", test_order);
  g_test_add_func ("/relay/media/offer/told", test_told);
  g_test_add_func ("/relay/media/offer/matches", test_matches);
  g_test_add_func ("/relay/media/offer/refused", test_refused);

  return g_test_run ();
}
