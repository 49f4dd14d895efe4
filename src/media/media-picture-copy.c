/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-picture-copy"

#include "config.h"

#include "media-picture.h"

#include "media-file.h"

#include <gst/gst.h>

#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* A TIFF of one directory with one tag, the orientation (EXIF 2.32, 4.6); the value is in bytes 18
 * and 19. */
static const uint8_t ORIENTATION[26] = {
  'M', 'M', 0, 42, 0, 0, 0, 8, /* header: the directory begins at 8 */
  0, 1,                        /* one tag */
  0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 1, 0, 0,
  0, 0, 0, 0, /* no further directory */
};

typedef struct
{
  const uint8_t *bytes;
  size_t length;
  int orientation;
  GByteArray *out;
} Copy;

/* They may stand anywhere, which GStreamer's macros take for granted that the processor allows. */

static uint32_t
read_big_endian (const uint8_t *bytes)
{
  uint32_t value;

  memcpy (&value, bytes, 4);

  return GUINT32_FROM_BE (value);
}

static uint32_t
read_little_endian (const uint8_t *bytes)
{
  uint32_t value;

  memcpy (&value, bytes, 4);

  return GUINT32_FROM_LE (value);
}

static void
append_big_endian (GByteArray *out,
                   uint32_t    value)
{
  uint32_t bytes = GUINT32_TO_BE (value);

  g_byte_array_append (out, (const uint8_t *) &bytes, 4);
}

static void
append_little_endian (GByteArray *out,
                      uint32_t    value)
{
  uint32_t bytes = GUINT32_TO_LE (value);

  g_byte_array_append (out, (const uint8_t *) &bytes, 4);
}

static void
append (Copy   *copy,
        size_t  offset,
        size_t  n_bytes)
{
  g_byte_array_append (copy->out, copy->bytes + offset, (unsigned) n_bytes);
}

static void
make_orientation (Copy    *copy,
                  uint8_t  tiff[sizeof ORIENTATION])
{
  memcpy (tiff, ORIENTATION, sizeof ORIENTATION);
  tiff[19] = (uint8_t) copy->orientation;
}

/* --- JPEG: ITU-T T.81, B.1 ------------------------------------------------ */

static void
append_jpeg_orientation (Copy *copy)
{
  static const uint8_t HEAD[] = { 0xff, 0xe1, 0, 2 + 6 + sizeof ORIENTATION, 'E', 'x', 'i',
                                  'f',  0,    0 };
  uint8_t tiff[sizeof ORIENTATION];

  if (copy->orientation <= 1)
    return;

  make_orientation (copy, tiff);
  g_byte_array_append (copy->out, HEAD, sizeof HEAD);
  g_byte_array_append (copy->out, tiff, sizeof tiff);
}

static gboolean
begins_with (const uint8_t *body,
             size_t         length,
             const char    *words)
{
  return length > strlen (words) && memcmp (body, words, strlen (words) + 1) == 0;
}

/* Of what applications have added only what the picture looks like: the rest may say where it was
 * taken, or hold it once more as a small picture that does. */
static gboolean
keeps_jpeg_segment (uint8_t        marker,
                    const uint8_t *body,
                    size_t         length)
{
  if (marker == 0xe0)
    return begins_with (body, length, "JFIF");
  if (marker == 0xe2)
    return begins_with (body, length, "ICC_PROFILE");
  if (marker == 0xee)
    return length >= 5 && memcmp (body, "Adobe", 5) == 0;

  return marker != 0xfe && (marker < 0xe0 || marker > 0xef);
}

/* The end of the entropy-coded data that begins at @offset: the next marker that is not part of
 * it. */
static size_t
find_marker (const Copy *copy,
             size_t      offset)
{
  while (offset + 1 < copy->length)
    {
      const uint8_t *byte = memchr (copy->bytes + offset, 0xff, copy->length - 1 - offset);

      if (byte == NULL)
        break;
      if (byte[1] != 0 && byte[1] != 0xff && (byte[1] < 0xd0 || byte[1] > 0xd7))
        return (size_t) (byte - copy->bytes);
      offset = (size_t) (byte - copy->bytes) + (byte[1] == 0xff ? 1 : 2);
    }

  return copy->length;
}

/* What stands behind the end (a film of the moment before, the same picture in another size) is
 * left out. */
static gboolean
copy_jpeg (Copy *copy)
{
  static const uint8_t END[] = { 0xff, 0xd9 };
  size_t offset = 2;
  gboolean has_scan = FALSE, has_orientation = FALSE;

  append (copy, 0, 2);
  while (offset + 4 <= copy->length && copy->bytes[offset] == 0xff &&
         copy->bytes[offset + 1] != 0xd9)
    {
      uint8_t marker = copy->bytes[offset + 1];
      size_t length = (size_t) copy->bytes[offset + 2] << 8 | copy->bytes[offset + 3];
      size_t next = offset + 2 + length;

      if (marker == 0xff)
        {
          offset++;
          continue;
        }
      if (length < 2 || next > copy->length)
        return FALSE;

      /* JFIF wants to be the first. */
      if (!has_orientation && marker != 0xe0)
        {
          append_jpeg_orientation (copy);
          has_orientation = TRUE;
        }
      if (marker == 0xda)
        {
          has_scan = TRUE;
          next = find_marker (copy, next);
        }
      if (keeps_jpeg_segment (marker, copy->bytes + offset + 4, length - 2))
        append (copy, offset, next - offset);
      offset = next;
    }

  g_byte_array_append (copy->out, END, sizeof END);

  return has_scan;
}

/* --- PNG (Third Edition), 5.3 and 11 -------------------------------------- */

static uint32_t
crc32_of (const uint8_t *bytes,
          size_t         length)
{
  uint32_t crc = 0xffffffff;

  for (size_t i = 0; i < length; i++)
    {
      crc ^= bytes[i];
      for (int bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }

  return ~crc;
}

static void
append_png_orientation (Copy *copy)
{
  uint8_t chunk[4 + sizeof ORIENTATION] = { 'e', 'X', 'I', 'f' };

  if (copy->orientation <= 1)
    return;

  make_orientation (copy, chunk + 4);
  append_big_endian (copy->out, sizeof ORIENTATION);
  g_byte_array_append (copy->out, chunk, sizeof chunk);
  append_big_endian (copy->out, crc32_of (chunk, sizeof chunk));
}

/* Everything that a decoder must know, and of the rest what has to do with colours, size and
 * movement. */
static gboolean
keeps_png_chunk (const uint8_t *type)
{
  static const char *const KEPT[] = { "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB",
                                      "cICP", "mDCV", "cLLI", "bKGD", "hIST", "pHYs",
                                      "sPLT", "acTL", "fcTL", "fdAT" };

  if ((type[0] & 0x20) == 0)
    return TRUE;

  for (unsigned i = 0; i < G_N_ELEMENTS (KEPT); i++)
    {
      if (memcmp (type, KEPT[i], 4) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
copy_png (Copy *copy)
{
  size_t offset = 8;

  append (copy, 0, 8);
  while (offset + 12 <= copy->length)
    {
      size_t whole = 12 + (size_t) read_big_endian (copy->bytes + offset);
      const uint8_t *type = copy->bytes + offset + 4;

      if (whole > copy->length - offset)
        return FALSE;
      if (keeps_png_chunk (type))
        append (copy, offset, whole);
      if (memcmp (type, "IHDR", 4) == 0)
        append_png_orientation (copy);
      if (memcmp (type, "IEND", 4) == 0)
        return TRUE;
      offset += whole;
    }

  return FALSE;
}

/* --- WebP: RFC 9649, 2.3 to 2.7 ------------------------------------------- */

#define WEBP_EXIF 0x08
#define WEBP_XMP 0x04

static gboolean
keeps_webp_chunk (const uint8_t *type)
{
  static const char *const KEPT[] = { "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP" };

  for (unsigned i = 0; i < G_N_ELEMENTS (KEPT); i++)
    {
      if (memcmp (type, KEPT[i], 4) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
end_webp (Copy   *copy,
          size_t  extended)
{
  uint8_t tiff[sizeof ORIENTATION];
  uint32_t size;

  if (extended > 0)
    copy->out->data[extended] &= (uint8_t) ~(WEBP_EXIF | WEBP_XMP);
  /* Without VP8X there was no place for an orientation. */
  if (extended > 0 && copy->orientation > 1)
    {
      copy->out->data[extended] |= WEBP_EXIF;
      make_orientation (copy, tiff);
      g_byte_array_append (copy->out, (const uint8_t *) "EXIF", 4);
      append_little_endian (copy->out, sizeof tiff);
      g_byte_array_append (copy->out, tiff, sizeof tiff);
    }

  size = copy->out->len - 8;
  for (unsigned i = 0; i < 4; i++)
    copy->out->data[4 + i] = (uint8_t) (size >> (8 * i));
}

static gboolean
copy_webp (Copy *copy)
{
  size_t offset = 12, end = MIN (copy->length, (size_t) read_little_endian (copy->bytes + 4) + 8);
  size_t extended = 0; /* where the flags are in what was written; 0: nowhere */
  gboolean has_picture = FALSE;

  append (copy, 0, 12);
  while (offset + 8 <= end)
    {
      size_t length = read_little_endian (copy->bytes + offset + 4);
      size_t whole = 8 + length + (length & 1);
      const uint8_t *type = copy->bytes + offset;

      /* The last one may lack the byte that makes it even. */
      if (whole > end - offset + (length & 1))
        return FALSE;
      if (memcmp (type, "VP8X", 4) == 0 && length >= 10)
        extended = copy->out->len + 8;
      else if (memcmp (type, "VP8X", 4) == 0)
        return FALSE;
      has_picture |= memcmp (type, "VP8 ", 4) == 0 || memcmp (type, "VP8L", 4) == 0 ||
                     memcmp (type, "ANMF", 4) == 0;
      if (keeps_webp_chunk (type))
        append (copy, offset, MIN (whole, end - offset));
      offset += whole;
    }

  if ((copy->out->len & 1) != 0)
    g_byte_array_append (copy->out, (const uint8_t *) "", 1);
  end_webp (copy, extended);

  return has_picture;
}

/*
 * ----------------------------------------------------------------------------- */

static uint8_t *
read_whole (const char  *path,
            size_t      *out_length,
            GError     **error)
{
  g_autofree char *name = media_file_name (path);
  g_autofree uint8_t *bytes = NULL;
  int64_t size = 0;
  size_t n_read = 0;
  ssize_t n = 1;
  int fd = media_file_open (path, &size, error);

  if (fd < 0)
    return NULL;

  bytes = g_malloc ((size_t) size);
  while (n > 0 && n_read < (size_t) size)
    {
      n = read (fd, bytes + n_read, (size_t) size - n_read);
      n_read += (size_t) MAX (n, 0);
    }
  close (fd);

  if (n_read < (size_t) size)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” cannot be read to its end.", name);
      return NULL;
    }

  *out_length = n_read;

  return g_steal_pointer (&bytes);
}

gboolean
media_picture_copy_without_location (const char  *from,
                                     const char  *to,
                                     GError     **error)
{
  g_autofree char *name = NULL;
  g_autofree uint8_t *bytes = NULL;
  g_autoptr (GByteArray) out = NULL;
  g_autoptr (GError) local_error = NULL;
  MediaPictureInfo info;
  Copy copy = { 0 };
  gboolean is_whole;

  g_return_val_if_fail (from != NULL && to != NULL, FALSE);

  /* It also refuses what is too large to be read into memory. */
  if (!media_picture_read_info (from, &info, error))
    return FALSE;

  name = media_file_name (from);
  if (!media_picture_is_common (info.mime))
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED, "“%s” is not a JPEG, PNG or WebP.",
                   name);
      return FALSE;
    }

  bytes = read_whole (from, &copy.length, error);
  if (bytes == NULL)
    return FALSE;

  out = g_byte_array_sized_new ((unsigned) copy.length);
  copy.bytes = bytes;
  copy.orientation = info.orientation;
  copy.out = out;

  if (g_str_equal (info.mime, "image/jpeg"))
    is_whole = copy_jpeg (&copy);
  else if (g_str_equal (info.mime, "image/png"))
    is_whole = copy_png (&copy);
  else
    is_whole = copy_webp (&copy);

  if (!is_whole)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” is damaged or incomplete.", name);
      return FALSE;
    }

  if (g_file_set_contents_full (to, (const char *) out->data, out->len,
                                G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local_error))
    return TRUE;

  g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED, "“%s” cannot be stored: %s", name,
               local_error->message);

  return FALSE;
}
