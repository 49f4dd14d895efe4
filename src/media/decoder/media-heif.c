/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-heif"

#include "config.h"

#include "media-heif.h"

#include "media-error.h"
#include "media-picture.h"

#ifdef HAVE_HEIF

#include <gst/video/video.h>
#include <libheif/heif.h>

#include <errno.h>
#include <unistd.h>

/* Nobody makes one that is longer. */
#define LIMIT_EDGE 32768
#define LIMIT_PROFILE_BYTES (1024 * 1024)

typedef struct heif_context HeifContext;
typedef struct heif_image_handle HeifHandle;
typedef struct heif_image HeifImage;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeifContext, heif_context_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeifHandle, heif_image_handle_release)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeifImage, heif_image_release)

#endif

static void
set_unsupported (const char  *mime,
                 const char  *name,
                 GError     **error)
{
  g_set_error (
    error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
    "This computer cannot open %s photographs such as “%s”. Save it as JPEG, and show that.",
    g_str_equal (mime, "image/avif") ? "AVIF" : "HEIC", name);
}

#ifdef HAVE_HEIF

static gboolean
can_decode (const char *mime)
{
  return heif_have_decoder_for_format (g_str_equal (mime, "image/avif") ? heif_compression_AV1
                                                                        : heif_compression_HEVC);
}

static void
set_failed (const struct heif_error  *failure,
            const char               *mime,
            const char               *name,
            GError                  **error)
{
  g_debug ("%s: %s", name, failure->message);
  if (failure->code == heif_error_Unsupported_feature ||
      failure->code == heif_error_Unsupported_filetype ||
      failure->code == heif_error_Decoder_plugin_error)
    set_unsupported (mime, name, error);
  else
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” is damaged or incomplete.", name);
}

/* (transfer full) */
static GstSample *
wrap (HeifImage *image,
      gboolean   has_alpha)
{
  int width = heif_image_get_width (image, heif_channel_interleaved),
      height = heif_image_get_height (image, heif_channel_interleaved);
  int stride = 0;
  const uint8_t *pixels = heif_image_get_plane_readonly (image, heif_channel_interleaved, &stride);
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstCaps) caps = NULL;
  GstVideoInfo info;
  size_t offsets[GST_VIDEO_MAX_PLANES] = { 0 };
  int strides[GST_VIDEO_MAX_PLANES] = { stride };

  if (pixels == NULL || width < 1 || height < 1 || stride < width)
    return NULL;

  gst_video_info_set_format (&info, has_alpha ? GST_VIDEO_FORMAT_RGBA : GST_VIDEO_FORMAT_RGB,
                             (unsigned) width, (unsigned) height);
  info.fps_n = 0;
  caps = gst_video_info_to_caps (&info);
  buffer = gst_buffer_new_allocate (NULL, (size_t) stride * (size_t) height, NULL);
  gst_buffer_fill (buffer, 0, pixels, (size_t) stride * (size_t) height);
  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_INFO_FORMAT (&info),
                                  (unsigned) width, (unsigned) height, 1, offsets, strides);
  GST_BUFFER_PTS (buffer) = 0;

  return gst_sample_new (buffer, caps, NULL, NULL);
}

static GBytes *
read_profile (const HeifHandle *handle)
{
  size_t n_bytes = heif_image_handle_get_raw_color_profile_size (handle);
  enum heif_color_profile_type type = heif_image_handle_get_color_profile_type (handle);
  g_autofree uint8_t *bytes = NULL;

  if ((type != heif_color_profile_type_prof && type != heif_color_profile_type_rICC) ||
      n_bytes == 0 || n_bytes > LIMIT_PROFILE_BYTES)
    return NULL;

  bytes = g_malloc (n_bytes);
  if (heif_image_handle_get_raw_color_profile (handle, bytes).code != heif_error_Ok)
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&bytes), n_bytes);
}

/* (transfer full) (nullable) */
static uint8_t *
read_whole (int     file,
            size_t *out_n_bytes)
{
  off_t length = lseek (file, 0, SEEK_END);
  g_autofree uint8_t *bytes = length > 0 ? g_malloc ((size_t) length) : NULL;
  off_t n_read = 0;

  while (n_read < length)
    {
      ssize_t n = pread (file, bytes + n_read, (size_t) (length - n_read), n_read);

      if (n == 0 || (n < 0 && errno != EINTR))
        return NULL;
      n_read += MAX (n, 0);
    }
  *out_n_bytes = (size_t) n_read;

  return g_steal_pointer (&bytes);
}

GstSample *
media_heif_decode (int          file,
                   const char  *mime,
                   const char  *name,
                   GBytes     **out_profile,
                   GError     **error)
{
  g_autofree uint8_t *bytes = NULL; /* the context reads it until its end */
  g_autoptr (HeifContext) context = heif_context_alloc ();
  g_autoptr (HeifHandle) handle = NULL;
  g_autoptr (HeifImage) image = NULL;
  struct heif_error failure;
  gboolean has_alpha;
  GstSample *sample;
  size_t n_bytes;

  *out_profile = NULL;
  if (!can_decode (mime))
    {
      set_unsupported (mime, name, error);
      return NULL;
    }

  heif_context_set_maximum_image_size_limit (context, LIMIT_EDGE);
  bytes = read_whole (file, &n_bytes);
  if (bytes == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” cannot be read to its end.", name);
      return NULL;
    }

  failure = heif_context_read_from_memory_without_copy (context, bytes, n_bytes, NULL);
  if (failure.code == heif_error_Ok)
    failure = heif_context_get_primary_image_handle (context, &handle);
  if (failure.code == heif_error_Ok &&
      (int64_t) heif_image_handle_get_width (handle) * heif_image_handle_get_height (handle) >
        MEDIA_PICTURE_LIMIT_PIXELS)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                   "“%s” is too large: a picture may have %d megapixels.", name,
                   MEDIA_PICTURE_LIMIT_PIXELS / 1000000);
      return NULL;
    }

  has_alpha = failure.code == heif_error_Ok && heif_image_handle_has_alpha_channel (handle);
  if (failure.code == heif_error_Ok)
    failure = heif_decode_image (
      handle, &image, heif_colorspace_RGB,
      has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, NULL);
  if (failure.code != heif_error_Ok)
    {
      set_failed (&failure, mime, name, error);
      return NULL;
    }

  sample = wrap (image, has_alpha);
  if (sample == NULL)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” is damaged or incomplete.", name);
  else
    *out_profile = read_profile (handle);

  return sample;
}

#else

GstSample *
media_heif_decode (int          file,
                   const char  *mime,
                   const char  *name,
                   GBytes     **out_profile,
                   GError     **error)
{
  *out_profile = NULL;
  set_unsupported (mime, name, error);

  return NULL;
}

#endif
