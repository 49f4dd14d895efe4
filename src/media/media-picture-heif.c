/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-picture-heif"

#include "config.h"

#include "media-picture-heif.h"

#include <string.h>
#include <unistd.h>

/* Boxes within boxes: ISO/IEC 14496-12, 4.2 (boxes), 8.11 (meta); ISO/IEC 23008-12, 6.5 and 9.3
 * (properties of pictures). */

#define LIMIT_BOXES 1000
/* A picture in tiles has a few kilobytes of it. */
#define LIMIT_META_BYTES (1024 * 1024)
#define LIMIT_PROPERTIES 4096

typedef struct
{
  const uint8_t *bytes;
  size_t n_bytes;
} Span;

typedef struct
{
  Span meta;
  uint32_t primary;
  Span properties; /* ipco */
  Span links;      /* ipma */
} Head;

/* The first so many bytes of @span as a number, which are then behind it; 0 when there are not so
 * many. */
static uint32_t
take_number (Span   *span,
             size_t  n_bytes)
{
  uint32_t value = 0;

  if (n_bytes > span->n_bytes)
    {
      span->n_bytes = 0;
      return 0;
    }

  for (size_t i = 0; i < n_bytes; i++)
    value = value << 8 | span->bytes[i];
  span->bytes += n_bytes;
  span->n_bytes -= n_bytes;

  return value;
}

/* The next box in @span. */
static gboolean
take_box (Span *span,
          char  out_type[4],
          Span *out_body)
{
  size_t length;

  if (span->n_bytes < 8)
    return FALSE;

  length = take_number (span, 4);
  memcpy (out_type, span->bytes, 4);
  take_number (span, 4);
  if (length == 0)
    length = span->n_bytes + 8;
  /* Nothing in the head of a file needs 64 bits. */
  if (length < 8 || length - 8 > span->n_bytes)
    return FALSE;

  *out_body = (Span) { span->bytes, length - 8 };
  span->bytes += length - 8;
  span->n_bytes -= length - 8;

  return TRUE;
}

static gboolean
is_type (const char  type[4],
         const char *words)
{
  return memcmp (type, words, 4) == 0;
}

static gboolean
is_one_of (const uint8_t     *brand,
           const char *const *brands)
{
  for (; *brands != NULL; brands++)
    {
      if (memcmp (brand, *brands, 4) == 0)
        return TRUE;
    }

  return FALSE;
}

gboolean
media_picture_is_heif (const uint8_t *magic)
{
  static const char *const BRANDS[] = { "heic", "heix", "heim", "heis", "hevc", "hevx",
                                        "avif", "avis", "mif1", "msf1", NULL };

  return memcmp (magic + 4, "ftyp", 4) == 0 && is_one_of (magic + 8, BRANDS);
}

/* --- the file ------------------------------------------------------------- */

static uint64_t
number_of (const uint8_t *bytes,
           int            n_bytes)
{
  uint64_t value = 0;

  for (int i = 0; i < n_bytes; i++)
    value = value << 8 | bytes[i];

  return value;
}

/* The body of the first box of that type at the top. (transfer full) (nullable) */
static uint8_t *
read_box (int         fd,
          const char *type,
          size_t     *out_n_bytes)
{
  uint64_t offset = 0;

  for (int i = 0; i < LIMIT_BOXES; i++)
    {
      uint8_t head[16] = { 0 };
      uint64_t length, head_bytes = 8;
      g_autofree uint8_t *body = NULL;

      if (offset > INT64_MAX || pread (fd, head, sizeof head, (off_t) offset) < 8)
        return NULL;

      length = number_of (head, 4);
      if (length == 1)
        {
          length = number_of (head + 8, 8);
          head_bytes = 16;
        }
      if (length < head_bytes || length > INT64_MAX - offset)
        return NULL;

      if (memcmp (head + 4, type, 4) != 0)
        {
          offset += length;
          continue;
        }

      *out_n_bytes = (size_t) (length - head_bytes);
      if (*out_n_bytes == 0 || *out_n_bytes > LIMIT_META_BYTES)
        return NULL;
      body = g_malloc (*out_n_bytes);
      if (pread (fd, body, *out_n_bytes, (off_t) (offset + head_bytes)) != (ssize_t) *out_n_bytes)
        return NULL;

      return g_steal_pointer (&body);
    }

  return NULL;
}

/* By its brands: one that only says that it is a picture in a file (mif1) says there what it is
 * besides. */
static const char *
read_mime (int fd)
{
  static const char *const AV1[] = { "avif", "avis", NULL };
  static const char *const HEVC[] = { "heic", "heix", "heim", "heis", "hevc", "hevx", NULL };
  size_t n_bytes = 0;
  g_autofree uint8_t *brands = read_box (fd, "ftyp", &n_bytes);

  for (size_t i = 0; brands != NULL && i + 4 <= n_bytes; i += 4)
    {
      if (i != 4 && is_one_of (brands + i, AV1)) /* at 4 is the version */
        return "image/avif";
      if (i != 4 && is_one_of (brands + i, HEVC))
        return "image/heic";
    }

  return "image/heif";
}

/* --- what it says of its pictures ----------------------------------------- */

static void
find_parts (Head *head)
{
  Span rest = head->meta, body;
  char type[4];

  take_number (&rest, 4); /* version, flags */
  while (take_box (&rest, type, &body))
    {
      if (is_type (type, "pitm"))
        {
          uint32_t version = take_number (&body, 1);

          take_number (&body, 3);
          head->primary = take_number (&body, version == 0 ? 2 : 4);
        }
      else if (is_type (type, "iprp"))
        {
          Span inner;

          while (take_box (&body, type, &inner))
            {
              if (is_type (type, "ipco"))
                head->properties = inner;
              else if (is_type (type, "ipma"))
                head->links = inner;
            }
        }
    }
}

/* Which properties the primary picture has. */
static void
mark_linked (const Head *head,
             gboolean   *is_linked)
{
  Span rest = head->links;
  uint32_t version = take_number (&rest, 1), flags = take_number (&rest, 3),
           n_items = take_number (&rest, 4);

  for (uint32_t i = 0; i < n_items && rest.n_bytes > 0; i++)
    {
      uint32_t item = take_number (&rest, version == 0 ? 2 : 4), n_links = take_number (&rest, 1);

      for (uint32_t j = 0; j < n_links; j++)
        {
          uint32_t number = take_number (&rest, flags & 1 ? 2 : 1) & (flags & 1 ? 0x7fff : 0x7f);

          if (item == head->primary && number < LIMIT_PROPERTIES)
            is_linked[number] = TRUE;
        }
    }
}

static void
read_properties (const Head       *head,
                 const gboolean   *is_linked,
                 MediaPictureInfo *info,
                 int64_t          *out_n_pixels)
{
  Span rest = head->properties, body;
  gboolean is_sideways = FALSE;
  char type[4];

  for (unsigned number = 1; number < LIMIT_PROPERTIES && take_box (&rest, type, &body); number++)
    {
      if (is_type (type, "ispe"))
        {
          int64_t width, height;

          take_number (&body, 4);
          width = take_number (&body, 4);
          height = take_number (&body, 4);
          width = MIN (width, INT32_MAX);
          height = MIN (height, INT32_MAX);
          *out_n_pixels = MAX (*out_n_pixels, width * height);
          if (!is_linked[number])
            continue;
          info->width = (int) width;
          info->height = (int) height;
        }
      else if (is_type (type, "irot") && is_linked[number])
        {
          is_sideways = take_number (&body, 1) & 1;
        }
    }

  if (is_sideways)
    {
      int width = info->width;

      info->width = info->height;
      info->height = width;
    }
}

gboolean
media_picture_read_heif (int               fd,
                         MediaPictureInfo *info,
                         int64_t          *out_n_pixels)
{
  g_autofree uint8_t *meta = NULL;
  g_autofree gboolean *is_linked = g_new0 (gboolean, LIMIT_PROPERTIES);
  Head head = { 0 };

  info->mime = read_mime (fd);
  meta = read_box (fd, "meta", &head.meta.n_bytes);
  if (meta == NULL)
    return FALSE;

  head.meta.bytes = meta;
  find_parts (&head);
  mark_linked (&head, is_linked);
  read_properties (&head, is_linked, info, out_n_pixels);

  return info->width > 0;
}
