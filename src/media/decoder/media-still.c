/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-still"

#include "config.h"

#include "media-still.h"

#include "media-descriptor-source.h"
#include "media-heif.h"
#include "media-photograph.h"
#include "media-picture.h"
#include "media-source-pipeline.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

/* ISO/IEC 10918-1, B.1.1.4, and the ICC's ICC.1:2010, B.4: a profile goes into as many segments as
 * it needs. */
#define PROFILE_PART_BYTES 65000
#define PROFILE_PARTS 255
/* Of the converter that works longest. */
#define N_THREADS 2

/* How an EXIF orientation is put right. */
static GstVideoOrientationMethod
turn_for (int orientation)
{
  static const GstVideoOrientationMethod TURNS[] = {
    GST_VIDEO_ORIENTATION_IDENTITY, GST_VIDEO_ORIENTATION_IDENTITY, GST_VIDEO_ORIENTATION_HORIZ,
    GST_VIDEO_ORIENTATION_180,      GST_VIDEO_ORIENTATION_VERT,     GST_VIDEO_ORIENTATION_UL_LR,
    GST_VIDEO_ORIENTATION_90R,      GST_VIDEO_ORIENTATION_UR_LL,    GST_VIDEO_ORIENTATION_90L,
  };

  return TURNS[orientation];
}

/* Of a picture that has no place in @width x @height as it will be seen: its size there, before it
 * is turned. It is scaled first, since turning 12 megapixels takes long, and with as many taps as
 * that needs. Empty for one that fits. (transfer full) */
static char *
shrink_step (const MediaPictureInfo *info,
             int                     width,
             int                     height,
             const char             *format)
{
  gboolean is_sideways = info->orientation >= 5;
  int room_width = is_sideways ? height : width;
  int room_height = is_sideways ? width : height;

  if (info->width <= room_width && info->height <= room_height)
    return g_strdup ("");

  if ((int64_t) info->width * room_height > (int64_t) info->height * room_width)
    {
      width = room_width;
      height = (int) gst_util_uint64_scale_int_round ((uint64_t) info->height, room_width,
                                                      info->width);
    }
  else
    {
      height = room_height;
      width = (int) gst_util_uint64_scale_int_round ((uint64_t) info->width, room_height,
                                                     info->height);
    }

  return g_strdup_printf (" ! videoconvertscale method=bilinear2 n-threads=" G_STRINGIFY (
                            N_THREADS) " add-borders=false"
                                       " ! video/x-raw%s,width=%d,height=%d,pixel-aspect-ratio=1/1",
                          format, MAX (width, 2), MAX (height, 2));
}

/* What comes out of it, when something does. */
static GstSample *
run (GstElement  *pipeline,
     GstSample   *input,
     GError     **error)
{
  g_autoptr (GstAppSink) sink = media_source_get_sink (pipeline, "video");
  g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  GstSample *sample = NULL;

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  if (in != NULL)
    {
      gst_app_src_push_sample (GST_APP_SRC (in), input);
      gst_app_src_end_of_stream (GST_APP_SRC (in));
    }

  /* What cannot be decoded is an error on the bus, or an end that comes too early. */
  while (sample == NULL && message == NULL)
    {
      sample = gst_app_sink_try_pull_preroll (sink, MEDIA_DECODER_BEAT_MS * GST_MSECOND);
      message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
      if (sample == NULL && message == NULL && gst_app_sink_is_eos (sink))
        break;
    }

  if (sample == NULL && message != NULL)
    gst_message_parse_error (message, error, NULL);
  else if (sample == NULL)
    g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
                         "It ends before the picture");
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return sample;
}

/* Most stand upright: each step that has nothing to do has to agree with its neighbours on what it
 * does not do. (transfer full) */
static char *
turn_step (int orientation)
{
  return orientation > 1 ? g_strdup_printf (" ! videoconvert ! videoflip video-direction=%d",
                                            turn_for (orientation))
                         : g_strdup ("");
}

/* From what a decoder gives to "... ! @tail". (transfer full) */
static char *
describe (const MediaPictureInfo *info,
          int                     width,
          int                     height,
          const char             *format,
          const char             *tail)
{
  g_autofree char *shrink = shrink_step (info, width, height, format);
  g_autofree char *turn = turn_step (info->orientation);

  return g_strconcat (shrink, turn, " ! ", tail, NULL);
}

/* The last converter changes every pixel's colour. */
static void
share_work (GstElement *pipeline)
{
  g_autoptr (GstElement) fit = gst_bin_get_by_name (GST_BIN (pipeline), "fit");

  if (fit != NULL)
    g_object_set (fit, "n-threads", N_THREADS, NULL);
}

/* Through "... ! @tail", in at most @width x @height. (transfer full) */
static GstSample *
decode (int          file,
        const char  *name,
        int          width,
        int          height,
        const char  *format,
        const char  *tail,
        GError     **error)
{
  g_autofree char *rest = NULL;
  g_autofree char *description = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstSample) input = NULL;
  g_autoptr (GBytes) profile = NULL;
  MediaPictureInfo info;

  if (!media_picture_read_open_info (file, name, &info, error))
    return NULL;

  if (!media_picture_is_common (info.mime)
      && (input = media_heif_decode (file, info.mime, name, &profile, error)) == NULL)
    return NULL;

  if (input != NULL)
    {
      const GstStructure *decoded = gst_caps_get_structure (gst_sample_get_caps (input), 0);

      gst_structure_get_int (decoded, "width", &info.width); /* it may have been cut */
      gst_structure_get_int (decoded, "height", &info.height);
    }
  rest = describe (&info, width, height, format, tail);
  description = g_strconcat (input != NULL ? "appsrc format=time name=in"
                                           : media_picture_decoder (info.mime),
                             input != NULL ? "" : " name=head", rest, NULL);
  pipeline = input != NULL ? media_source_parse (description, error)
                           : media_descriptor_source_parse (file, description, error);

  if (pipeline == NULL)
    return NULL;

  share_work (pipeline);

  return run (pipeline, input, error);
}

/* --- on the stage --------------------------------------------------------- */

static gboolean
put_frame (int                 file,
           const char         *name,
           const MediaCanvas  *canvas,
           uint8_t            *place,
           GError            **error)
{
  g_autofree char *tail = media_source_video_tail (canvas, FALSE);
  g_autoptr (GstSample) sample = decode (file, name, canvas->width, canvas->height, ",format=I420",
                                         tail, error);

  if (sample == NULL)
    return FALSE;

  if (media_decoder_frame_copy (gst_sample_get_buffer (sample), canvas->width, canvas->height,
                                place))
    return TRUE;

  g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
                       "It is not as large as it said");

  return FALSE;
}

/* It is asked nothing, but has to say that it lives. */
static void
wait_for_end (int socket_fd)
{
  g_autofree MediaDecoderMessage *message = g_new0 (MediaDecoderMessage, 1);
  MediaDecoderMessage beat = { .kind = MEDIA_DECODER_BEAT, .position_us = -1 };
  gboolean goes_on = TRUE;
  int fd = -1;

  while (goes_on)
    {
      struct pollfd waited = { .fd = socket_fd, .events = POLLIN };

      if (poll (&waited, 1, MEDIA_DECODER_BEAT_MS) > 0)
        goes_on = media_decoder_message_receive (socket_fd, message, &fd);
      else
        goes_on = media_decoder_message_send (socket_fd, &beat, -1, TRUE);
      if (fd >= 0)
        close (fd);
      fd = -1;
    }
}

void
media_still_warm_up (void)
{
  /* Not of the same shape: there is something to shrink, and there are borders to draw. */
  const MediaPictureInfo info = { .width = 96, .height = 96, .orientation = 1 };
  const MediaCanvas canvas = { 64, 36, 1 };
  g_autofree char *tail = media_source_video_tail (&canvas, FALSE);
  g_autofree char *rest = describe (&info, canvas.width, canvas.height, ",format=I420", tail);
  g_autofree char *description =
    g_strconcat ("videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=96,height=96"
                 " ! jpegenc ! jpegdec",
                 rest, NULL);
  g_autoptr (GstElement) pipeline = media_source_parse (description, NULL);
  g_autoptr (GstSample) sample = NULL;

  if (pipeline == NULL)
    return;

  share_work (pipeline);
  sample = run (pipeline, NULL, NULL);
}

void
media_still_show (int                        socket_fd,
                  const MediaDecoderMessage *order,
                  int                        file,
                  int                        frames)
{
  MediaCanvas canvas = { order->place[0], order->place[1], order->place[2] };
  MediaDecoderMessage frame = { .kind = MEDIA_DECODER_FRAME,
                                .due = GST_CLOCK_TIME_NONE,
                                .position_us = -1 };
  size_t n_bytes = media_decoder_frame_bytes (canvas.width, canvas.height);
  uint8_t *place = mmap (NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, frames, 0);
  g_autoptr (GError) error = NULL;

  close (frames);
  if (place == MAP_FAILED)
    return;

  if (put_frame (file, media_decoder_message_get_word (order, 0), &canvas, place, &error))
    media_decoder_message_send (socket_fd, &frame, -1, TRUE);
  else
    media_decoder_message_send_error (socket_fd, 0, error);
  wait_for_end (socket_fd);
}

/* --- for the app ---------------------------------------------------------- */

static gboolean
write_all (int            fd,
           const uint8_t *bytes,
           size_t         n_bytes)
{
  while (n_bytes > 0)
    {
      ssize_t n = write (fd, bytes, n_bytes);

      if (n < 0 && errno != EINTR)
        return FALSE;
      bytes += MAX (n, 0);
      n_bytes -= (size_t) MAX (n, 0);
    }

  return TRUE;
}

/* A file in memory that nobody can change any more. -1 when there is no memory. */
static int
seal (const uint8_t *bytes,
      size_t         n_bytes)
{
  int fd = memfd_create ("picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd >= 0 && write_all (fd, bytes, n_bytes)
      && fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
    return fd;

  if (fd >= 0)
    close (fd);

  return -1;
}

static int
make_pixels (int                   file,
             const char           *name,
             int                   edge,
             MediaDecoderMessage  *answer,
             GError              **error)
{
  int room = edge > 0 ? edge : G_MAXINT32;
  g_autoptr (GstSample) sample =
    decode (file, name, room, room, "",
            "videoconvertscale ! video/x-raw,format=RGBA ! appsink name=video sync=false", error);
  GstVideoInfo info;
  GstVideoFrame frame;
  int fd = -1;

  if (sample == NULL)
    return -1;

  if (gst_video_info_from_caps (&info, gst_sample_get_caps (sample))
      && gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    {
      answer->place[0] = info.width;
      answer->place[1] = info.height;
      /* RGBA has no margins. */
      if (GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0) == 4 * info.width)
        fd = seal (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
                   (size_t) info.width * (size_t) info.height * 4);
      gst_video_frame_unmap (&frame);
    }

  if (fd < 0)
    g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                         "There is not enough memory for the picture.");

  return fd;
}

/* @jpeg with @profile (nullable) after its start, so that its colours stay what they are. (transfer
 * full) */
static GByteArray *
add_profile (GBytes *jpeg,
             GBytes *profile)
{
  size_t n_jpeg = 0, n_profile = 0;
  const uint8_t *jpeg_bytes = g_bytes_get_data (jpeg, &n_jpeg);
  const uint8_t *bytes = profile != NULL ? g_bytes_get_data (profile, &n_profile) : NULL;
  size_t n_parts = (n_profile + PROFILE_PART_BYTES - 1) / PROFILE_PART_BYTES;
  GByteArray *whole = g_byte_array_new ();

  g_byte_array_append (whole, jpeg_bytes, 2);
  for (size_t i = 0; i < n_parts && n_parts <= PROFILE_PARTS; i++)
    {
      size_t n = MIN (n_profile - i * PROFILE_PART_BYTES, PROFILE_PART_BYTES), length = n + 16;
      uint8_t head[] = { 0xff,
                         0xe2,
                         (uint8_t) (length >> 8),
                         (uint8_t) length,
                         'I',
                         'C',
                         'C',
                         '_',
                         'P',
                         'R',
                         'O',
                         'F',
                         'I',
                         'L',
                         'E',
                         0,
                         (uint8_t) (i + 1),
                         (uint8_t) n_parts };

      g_byte_array_append (whole, head, sizeof head);
      g_byte_array_append (whole, bytes + i * PROFILE_PART_BYTES, (unsigned) n);
    }
  g_byte_array_append (whole, jpeg_bytes + 2, (unsigned) (n_jpeg - 2));

  return whole;
}

static int
make_jpeg (int                   file,
           const char           *name,
           MediaDecoderMessage  *answer,
           GError              **error)
{
  g_autoptr (GBytes) profile = NULL;
  g_autoptr (GstSample) sample = NULL;
  g_autoptr (GBytes) jpeg = NULL;
  g_autoptr (GByteArray) whole = NULL;
  MediaPictureInfo info;
  int fd;

  if (!media_picture_read_open_info (file, name, &info, error) ||
      (sample = media_heif_decode (file, info.mime, name, &profile, error)) == NULL ||
      (jpeg = media_photograph_encode (sample, &answer->place[0], &answer->place[1], error)) ==
        NULL)
    return -1;

  whole = add_profile (jpeg, profile);
  fd = seal (whole->data, whole->len);
  if (fd < 0)
    g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                         "There is not enough memory for the picture.");

  return fd;
}

static void
answer_order (int                        socket_fd,
              const MediaDecoderMessage *order,
              int                        file)
{
  MediaDecoderMessage answer = { .kind = MEDIA_DECODER_PHOTO, .job = order->job };
  const char *name = media_decoder_message_get_word (order, 0);
  g_autoptr (GError) error = NULL;
  int fd = order->number == MEDIA_DECODER_JPEG
             ? make_jpeg (file, name, &answer, &error)
             : make_pixels (file, name, order->place[0], &answer, &error);

  if (fd < 0)
    {
      media_decoder_message_send_error (socket_fd, order->job, error);
      return;
    }

  media_decoder_message_send (socket_fd, &answer, fd, TRUE);
  close (fd);
}

void
media_still_serve (int                  socket_fd,
                   MediaDecoderMessage *order,
                   int                  files[MEDIA_DECODER_N_FILES])
{
  int fd = -1;

  do
    {
      if (fd >= 0)
        close (fd);
      if (order->kind != MEDIA_DECODER_PICTURE)
        return;
      answer_order (socket_fd, order, files[MEDIA_DECODER_CONTENT]);
    }
  while (media_decoder_message_receive_order (socket_fd, order, files, &fd));
}
