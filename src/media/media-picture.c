/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-picture"

#include "config.h"

#include "media-picture.h"

#include "media-file.h"
#include "media-picture-heif.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define LIMIT_BYTES (50 * 1024 * 1024)
/* More than any camera writes, few enough to be through at once. */
#define LIMIT_CHUNKS 1000
#define LIMIT_EXIF_BYTES (64 * 1024)
#define LIMIT_TAGS 256

/* What follows reads with these only, so nothing is read from beyond the end. */
static gboolean
read_at (int      fd,
         int64_t  offset,
         void    *bytes,
         size_t   n_bytes)
{
  return pread (fd, bytes, n_bytes, offset) == (ssize_t) n_bytes;
}

static uint32_t
big_endian (const uint8_t *bytes,
            int            n_bytes)
{
  uint32_t value = 0;

  for (int i = 0; i < n_bytes; i++)
    value = value << 8 | bytes[i];

  return value;
}

static uint32_t
little_endian (const uint8_t *bytes,
               int            n_bytes)
{
  uint32_t value = 0;

  for (int i = n_bytes - 1; i >= 0; i--)
    value = value << 8 | bytes[i];

  return value;
}

/* EXIF 2.32, 4.6: a TIFF header and the tags of the first directory. 1 when there is nothing
 * sensible. */
static int
read_orientation (int     fd,
                  int64_t offset,
                  int64_t length)
{
  g_autofree uint8_t *tiff = NULL;
  uint32_t (*number) (const uint8_t *, int);
  size_t size = (size_t) MIN (length, LIMIT_EXIF_BYTES);
  size_t directory;
  unsigned n_tags;

  if (length < 14)
    return 1;

  tiff = g_malloc (size);
  if (!read_at (fd, offset, tiff, size))
    return 1;

  if (memcmp (tiff, "II*\0", 4) == 0)
    number = little_endian;
  else if (memcmp (tiff, "MM\0*", 4) == 0)
    number = big_endian;
  else
    return 1;

  directory = number (tiff + 4, 4);
  if (directory > size - 2)
    return 1;

  n_tags = MIN (number (tiff + directory, 2), LIMIT_TAGS);
  for (unsigned i = 0; i < n_tags; i++)
    {
      size_t tag = directory + 2 + 12 * i;

      if (tag + 12 > size)
        return 1;
      if (number (tiff + tag, 2) == 0x0112)
        {
          uint32_t value = number (tiff + tag + 8, 2);

          return value >= 1 && value <= 8 ? (int) value : 1;
        }
    }

  return 1;
}

/* ITU-T T.81, B.1 and B.2: segments up to the frame header. */
static gboolean
read_jpeg (int               fd,
           MediaPictureInfo *info)
{
  int64_t offset = 2;

  info->mime = "image/jpeg";

  for (int i = 0; i < LIMIT_CHUNKS; i++)
    {
      uint8_t head[10];
      uint8_t marker;
      uint32_t length;

      if (!read_at (fd, offset, head, 4) || head[0] != 0xff)
        return FALSE;

      marker = head[1];
      if (marker == 0xff) /* a fill byte */
        {
          offset++;
          continue;
        }

      length = big_endian (head + 2, 2);
      if (length < 2 || marker == 0xd9 || marker == 0xda)
        return FALSE;

      if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
        {
          if (!read_at (fd, offset, head, 9))
            return FALSE;
          info->height = (int) big_endian (head + 5, 2);
          info->width = (int) big_endian (head + 7, 2);
          return TRUE;
        }

      if (marker == 0xe1 && read_at (fd, offset, head, 10) && memcmp (head + 4, "Exif\0\0", 6) == 0)
        info->orientation = read_orientation (fd, offset + 10, (int64_t) length - 8);

      offset += 2 + length;
    }

  return FALSE;
}

/* PNG (Third Edition), 5.2, 11.2 and 11.3.2.5. */
static gboolean
read_png (int               fd,
          MediaPictureInfo *info)
{
  int64_t offset = 8;

  info->mime = "image/png";

  for (int i = 0; i < LIMIT_CHUNKS; i++)
    {
      uint8_t head[16];
      uint32_t length;

      if (!read_at (fd, offset, head, 8))
        break;

      length = big_endian (head, 4);
      if (memcmp (head + 4, "IHDR", 4) == 0 && read_at (fd, offset, head, 16))
        {
          info->width = (int) MIN (big_endian (head + 8, 4), INT32_MAX);
          info->height = (int) MIN (big_endian (head + 12, 4), INT32_MAX);
        }
      else if (memcmp (head + 4, "eXIf", 4) == 0)
        {
          info->orientation = read_orientation (fd, offset + 8, length);
        }
      else if (memcmp (head + 4, "IEND", 4) == 0)
        {
          break;
        }

      offset += 12 + (int64_t) length;
    }

  return info->width > 0;
}

static void
read_webp_size (const uint8_t    *chunk,
                MediaPictureInfo *info)
{
  if (memcmp (chunk, "VP8X", 4) == 0)
    {
      info->width = (int) little_endian (chunk + 12, 3) + 1;
      info->height = (int) little_endian (chunk + 15, 3) + 1;
    }
  else if (memcmp (chunk, "VP8 ", 4) == 0)
    {
      info->width = (int) little_endian (chunk + 14, 2) & 0x3fff;
      info->height = (int) little_endian (chunk + 16, 2) & 0x3fff;
    }
  else if (memcmp (chunk, "VP8L", 4) == 0)
    {
      uint32_t bits = little_endian (chunk + 9, 4);

      info->width = (int) (bits & 0x3fff) + 1;
      info->height = (int) (bits >> 14 & 0x3fff) + 1;
    }
}

/* RFC 9649, 2.3 to 2.7. */
static gboolean
read_webp (int               fd,
           MediaPictureInfo *info)
{
  int64_t offset = 12;

  info->mime = "image/webp";

  for (int i = 0; i < LIMIT_CHUNKS; i++)
    {
      uint8_t head[18] = { 0 };
      uint32_t length;

      if (!read_at (fd, offset, head, 8))
        break;

      length = little_endian (head + 4, 4);
      if (info->width == 0 && read_at (fd, offset, head, sizeof head))
        read_webp_size (head, info);
      if (memcmp (head, "EXIF", 4) == 0)
        info->orientation = read_orientation (fd, offset + 8, length);

      offset += 8 + (int64_t) length + (length & 1);
    }

  return info->width > 0;
}

static gboolean
read_head (int               fd,
           MediaPictureInfo *info,
           int64_t          *out_n_pixels,
           gboolean         *out_is_known)
{
  uint8_t magic[12] = { 0 };

  *out_is_known = TRUE;
  if (pread (fd, magic, sizeof magic, 0) < 3)
    {
      *out_is_known = FALSE;
      return FALSE;
    }

  if (memcmp (magic, "\xff\xd8\xff", 3) == 0)
    return read_jpeg (fd, info);
  if (memcmp (magic, "\x89PNG\r\n\x1a\n", 8) == 0)
    return read_png (fd, info);
  if (memcmp (magic, "RIFF", 4) == 0 && memcmp (magic + 8, "WEBP", 4) == 0)
    return read_webp (fd, info);
  if (media_picture_is_heif (magic))
    return media_picture_read_heif (fd, info, out_n_pixels);

  *out_is_known = FALSE;

  return FALSE;
}

gboolean
media_picture_read_open_info (int                fd,
                              const char        *name,
                              MediaPictureInfo  *out_info,
                              GError           **error)
{
  int64_t size, n_pixels = 0;
  gboolean is_known, is_whole;

  g_return_val_if_fail (name != NULL && out_info != NULL, FALSE);

  *out_info = (MediaPictureInfo) { .orientation = 1 };
  size = lseek (fd, 0, SEEK_END);
  is_whole = read_head (fd, out_info, &n_pixels, &is_known);
  n_pixels = MAX (n_pixels, (int64_t) out_info->width * out_info->height);

  if (!is_known)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                 "“%s” is not a picture (JPEG, PNG, WebP, HEIC or AVIF).", name);
  else if (!is_whole || out_info->width <= 0 || out_info->height <= 0)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” is damaged or incomplete.", name);
  else if (size > LIMIT_BYTES)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                 "“%s” is too large: a picture may have %d MB.", name, LIMIT_BYTES / 1024 / 1024);
  else if (n_pixels > MEDIA_PICTURE_LIMIT_PIXELS)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                 "“%s” is too large: a picture may have %d megapixels.", name,
                 MEDIA_PICTURE_LIMIT_PIXELS / 1000000);
  else
    return TRUE;

  return FALSE;
}

gboolean
media_picture_read_info (const char        *path,
                         MediaPictureInfo  *out_info,
                         GError           **error)
{
  g_autofree char *name = NULL;
  gboolean is_read;
  int fd;

  g_return_val_if_fail (path != NULL && out_info != NULL, FALSE);

  fd = media_file_open (path, NULL, error);
  if (fd < 0)
    return FALSE;

  name = media_file_name (path);
  is_read = media_picture_read_open_info (fd, name, out_info, error);
  close (fd);

  return is_read;
}

gboolean
media_picture_probe (const char  *path,
                     const char **out_mime,
                     int         *out_width,
                     int         *out_height,
                     GError     **error)
{
  MediaPictureInfo info;

  if (!media_picture_read_info (path, &info, error))
    return FALSE;

  if (out_mime != NULL)
    *out_mime = info.mime;
  if (out_width != NULL)
    *out_width = info.width;
  if (out_height != NULL)
    *out_height = info.height;

  return TRUE;
}

const char *
media_picture_decoder (const char *mime)
{
  if (g_str_equal (mime, "image/jpeg"))
    return "jpegdec";
  if (g_str_equal (mime, "image/png"))
    return "pngdec";

  return g_str_equal (mime, "image/webp") ? "webpdec" : NULL;
}

gboolean
media_picture_is_common (const char *mime)
{
  return media_picture_decoder (mime) != NULL;
}
