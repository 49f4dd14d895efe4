/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-album"

#include "config.h"

#include "media-album.h"

#include "media-file.h"
#include "media-picture.h"

#include <gst/tag/tag.h>

#include <sys/mman.h>
#include <unistd.h>

#define LIMIT_IMAGE_BYTES (20 * 1024 * 1024)

static const char *const BESIDE[] = { "cover", "Cover", "folder", "Folder", "front", "Front" };
static const char *const ENDS[] = { "jpg", "jpeg", "png", "webp" };

static void
take_string (const GstTagList  *tags,
             const char        *tag,
             char             **out)
{
  if (*out == NULL)
    gst_tag_list_get_string (tags, tag, out);
}

static gboolean
is_cover (GstSample *image)
{
  const GstStructure *info = gst_sample_get_info (image);
  int type = GST_TAG_IMAGE_TYPE_UNDEFINED;

  if (info != NULL)
    gst_structure_get_enum (info, "image-type", GST_TYPE_TAG_IMAGE_TYPE, &type);

  return type == GST_TAG_IMAGE_TYPE_FRONT_COVER;
}

/* The front cover if it says so, else the first picture. */
static void
take_image (MediaAlbum       *self,
            const GstTagList *tags)
{
  static const char *const KINDS[] = { GST_TAG_IMAGE, GST_TAG_PREVIEW_IMAGE };

  for (unsigned kind = 0; kind < G_N_ELEMENTS (KINDS); kind++)
    {
      unsigned n = MIN (gst_tag_list_get_tag_size (tags, KINDS[kind]), 8);

      for (unsigned i = 0; i < n; i++)
        {
          g_autoptr (GstSample) image = NULL;

          if (!gst_tag_list_get_sample_index (tags, KINDS[kind], i, &image) ||
              gst_sample_get_buffer (image) == NULL)
            continue;
          if (self->image != NULL && (is_cover (self->image) || !is_cover (image)))
            continue;

          g_clear_pointer (&self->image, gst_sample_unref);
          self->image = g_steal_pointer (&image);
        }
    }
}

static gboolean
take_event (GstPad    *pad,
            GstEvent **event,
            gpointer   user_data)
{
  MediaAlbum *self = user_data;
  GstTagList *tags;

  if (GST_EVENT_TYPE (*event) != GST_EVENT_TAG)
    return TRUE;

  gst_event_parse_tag (*event, &tags);
  take_string (tags, GST_TAG_TITLE, &self->title);
  take_string (tags, GST_TAG_ARTIST, &self->artist);
  take_string (tags, GST_TAG_ALBUM_ARTIST, &self->artist);
  take_string (tags, GST_TAG_PERFORMER, &self->artist);
  take_string (tags, GST_TAG_ALBUM, &self->album);
  take_image (self, tags);

  return TRUE;
}

MediaAlbum *
media_album_new (GstPad *pad)
{
  MediaAlbum *self = g_new0 (MediaAlbum, 1);

  self->image_fd = -1;
  gst_pad_sticky_events_foreach (pad, take_event, self);

  return self;
}

void
media_album_free (MediaAlbum *self)
{
  if (self->image_fd >= 0)
    close (self->image_fd);
  g_clear_pointer (&self->image, gst_sample_unref);
  g_free (self->title);
  g_free (self->artist);
  g_free (self->album);
  g_free (self);
}

/* A picture is judged and decoded as a file, wherever it comes from. */
static gboolean
put_into_memory (MediaAlbum *self)
{
  GstMapInfo map;
  gboolean is_written = FALSE;

  if (!gst_buffer_map (gst_sample_get_buffer (self->image), &map, GST_MAP_READ))
    return FALSE;

  self->image_fd = memfd_create ("cover", MFD_CLOEXEC);
  if (self->image_fd >= 0 && map.size <= LIMIT_IMAGE_BYTES)
    is_written = write (self->image_fd, map.data, map.size) == (ssize_t) map.size;
  gst_buffer_unmap (gst_sample_get_buffer (self->image), &map);

  return is_written;
}

static gboolean
is_usable (int fd)
{
  MediaPictureInfo info;

  return fd >= 0 && media_picture_read_open_info (fd, "cover", &info, NULL) &&
         media_picture_is_common (info.mime);
}

int
media_album_get_cover (MediaAlbum *self,
                       int         beside)
{
  if (self->image != NULL && self->image_fd < 0 && put_into_memory (self) &&
      is_usable (self->image_fd))
    return self->image_fd;

  return is_usable (beside) ? beside : -1;
}

int
media_album_open_beside (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  for (unsigned i = 0; i < G_N_ELEMENTS (BESIDE); i++)
    {
      for (unsigned j = 0; j < G_N_ELEMENTS (ENDS); j++)
        {
          g_autofree char *name = g_strdup_printf ("%s.%s", BESIDE[i], ENDS[j]);
          g_autofree char *beside = g_build_filename (folder, name, NULL);
          int fd = media_file_open (beside, NULL, NULL);

          if (is_usable (fd))
            return fd;
          if (fd >= 0)
            close (fd);
        }
    }

  return -1;
}
