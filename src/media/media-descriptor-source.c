/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-descriptor-source"

#include "config.h"

#include "media-descriptor-source.h"

#include "media-source-pipeline.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a picture, which is read from its start to its end. */
#define PUSHED_BYTES (1024 * 1024)

struct _MediaDescriptorSource
{
  GstBaseSrc parent_instance;

  int fd;
};

G_DEFINE_FINAL_TYPE (MediaDescriptorSource, media_descriptor_source, GST_TYPE_BASE_SRC)

static gboolean
media_descriptor_source_is_seekable (GstBaseSrc *source)
{
  return TRUE;
}

static gboolean
media_descriptor_source_get_size (GstBaseSrc *source,
                                  uint64_t   *out_size)
{
  MediaDescriptorSource *self = MEDIA_DESCRIPTOR_SOURCE (source);
  struct stat info;

  if (fstat (self->fd, &info) != 0)
    return FALSE;

  *out_size = (uint64_t) info.st_size;

  return TRUE;
}

/* -1 on error. */
static ssize_t
read_up_to (int      fd,
            uint8_t *bytes,
            size_t   n_bytes,
            off_t    offset)
{
  size_t n_read = 0;

  while (n_read < n_bytes)
    {
      ssize_t n = pread (fd, bytes + n_read, n_bytes - n_read, offset + (off_t) n_read);

      if (n == 0)
        break;
      if (n < 0 && errno != EINTR)
        return -1;
      n_read += (size_t) MAX (n, 0);
    }

  return (ssize_t) n_read;
}

static GstFlowReturn
media_descriptor_source_fill (GstBaseSrc *source,
                              uint64_t    offset,
                              unsigned    n_bytes,
                              GstBuffer  *buffer)
{
  MediaDescriptorSource *self = MEDIA_DESCRIPTOR_SOURCE (source);
  GstMapInfo map;
  ssize_t n;

  if (!gst_buffer_map (buffer, &map, GST_MAP_WRITE))
    return GST_FLOW_ERROR;

  n = read_up_to (self->fd, map.data, n_bytes, (off_t) offset);
  gst_buffer_unmap (buffer, &map);
  if (n < 0)
    {
      GST_ELEMENT_ERROR (self, RESOURCE, READ, (NULL), ("%s", g_strerror (errno)));
      return GST_FLOW_ERROR;
    }
  if (n == 0)
    return GST_FLOW_EOS;

  gst_buffer_resize (buffer, 0, n);
  GST_BUFFER_OFFSET (buffer) = offset;
  GST_BUFFER_OFFSET_END (buffer) = offset + (uint64_t) n;

  return GST_FLOW_OK;
}

static void
media_descriptor_source_class_init (MediaDescriptorSourceClass *klass)
{
  static GstStaticPadTemplate pads = GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                                                              GST_STATIC_CAPS_ANY);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *base_class = GST_BASE_SRC_CLASS (klass);

  gst_element_class_add_static_pad_template (element_class, &pads);
  gst_element_class_set_static_metadata (element_class, "Descriptor", "Source/File",
                                         "Reads a file that is open", "Vitrine");
  base_class->is_seekable = media_descriptor_source_is_seekable;
  base_class->get_size = media_descriptor_source_get_size;
  base_class->fill = media_descriptor_source_fill;
}

static void
media_descriptor_source_init (MediaDescriptorSource *self)
{
  self->fd = -1;
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_BYTES);
}

GstElement *
media_descriptor_source_new (int fd)
{
  MediaDescriptorSource *self;

  g_return_val_if_fail (fd >= 0, NULL);

  self = g_object_new (MEDIA_TYPE_DESCRIPTOR_SOURCE, NULL);
  self->fd = fd;

  return GST_ELEMENT (self);
}

GstElement *
media_descriptor_source_parse (int          fd,
                               const char  *description,
                               GError     **error)
{
  GstElement *pipeline = media_source_parse (description, error);
  g_autoptr (GstElement) head = NULL;
  GstElement *source;

  if (pipeline == NULL)
    return NULL;

  head = gst_bin_get_by_name (GST_BIN (pipeline), "head");
  source = media_descriptor_source_new (fd);
  gst_base_src_set_blocksize (GST_BASE_SRC (source), PUSHED_BYTES);
  gst_bin_add (GST_BIN (pipeline), source);
  gst_element_link (source, head);

  return pipeline;
}
