/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-pipewire-device"

#include "config.h"

#include "media-pipewire-device.h"

#include <gst/video/video.h>
#include <pipewire/keys.h>
#include <spa/debug/types.h>
#include <spa/param/format-utils.h>
#include <spa/param/video/format.h>
#include <spa/param/video/type-info.h>
#include <spa/pod/iter.h>

/* More choices than this no camera has for one value. */
#define MAX_CHOICES 256

struct _MediaPipewireDevice
{
  GstDevice parent_instance;

  uint64_t serial;
};

G_DEFINE_FINAL_TYPE (MediaPipewireDevice, media_pipewire_device, GST_TYPE_DEVICE)

/* --- formats -------------------------------------------------------------- */

/* The values of a property: one, or a default and then the choices. */
static const void *
get_values (const struct spa_pod *format,
            uint32_t              key,
            uint32_t              type,
            uint32_t             *out_n_values,
            uint32_t             *out_choice)
{
  const struct spa_pod_prop *property = spa_pod_find_prop (format, NULL, key);
  const struct spa_pod *values;

  if (property == NULL)
    return NULL;

  values = spa_pod_get_values (&property->value, out_n_values, out_choice);
  if (values->type != type || *out_n_values == 0 || *out_n_values > MAX_CHOICES)
    return NULL;
  if ((*out_choice == SPA_CHOICE_Range || *out_choice == SPA_CHOICE_Step) && *out_n_values < 3)
    return NULL;

  return SPA_POD_BODY_CONST (values);
}

static void
add_format_name (GValue   *list,
                 uint32_t  id)
{
  const char *name = spa_debug_type_find_short_name (spa_type_video_format, id);
  GValue value = G_VALUE_INIT;

  if (name == NULL || gst_video_format_from_string (name) == GST_VIDEO_FORMAT_UNKNOWN)
    return;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, name);
  gst_value_list_append_and_take_value (list, &value);
}

static gboolean
set_pixel_format (GstStructure         *structure,
                  const struct spa_pod *format)
{
  uint32_t n_values, choice;
  const uint32_t *ids = get_values (format, SPA_FORMAT_VIDEO_format, SPA_TYPE_Id, &n_values,
                                    &choice);
  GValue list = G_VALUE_INIT;

  if (ids == NULL)
    return FALSE;

  g_value_init (&list, GST_TYPE_LIST);
  for (uint32_t i = choice == SPA_CHOICE_Enum && n_values > 1 ? 1 : 0; i < n_values; i++)
    add_format_name (&list, ids[i]);

  if (gst_value_list_get_size (&list) == 0)
    {
      g_value_unset (&list);
      return FALSE;
    }

  if (gst_value_list_get_size (&list) == 1)
    gst_structure_set_value (structure, "format", gst_value_list_get_value (&list, 0));
  else
    gst_structure_set_value (structure, "format", &list);
  g_value_unset (&list);

  return TRUE;
}

static void
set_rate (GstStructure         *structure,
          const struct spa_pod *format)
{
  uint32_t n_values, choice;
  const struct spa_fraction *rates = get_values (format, SPA_FORMAT_VIDEO_framerate,
                                                 SPA_TYPE_Fraction, &n_values, &choice);
  GValue list = G_VALUE_INIT;

  if (rates == NULL)
    return;

  if (choice == SPA_CHOICE_Range || choice == SPA_CHOICE_Step)
    {
      gst_structure_set (structure, "framerate", GST_TYPE_FRACTION_RANGE, (int) rates[1].num,
                         (int) rates[1].denom, (int) rates[2].num, (int) rates[2].denom, NULL);
      return;
    }

  if (choice != SPA_CHOICE_Enum || n_values < 2)
    {
      gst_structure_set (structure, "framerate", GST_TYPE_FRACTION, (int) rates[0].num,
                         (int) rates[0].denom, NULL);
      return;
    }

  g_value_init (&list, GST_TYPE_LIST);
  for (uint32_t i = 1; i < n_values; i++)
    {
      GValue value = G_VALUE_INIT;

      g_value_init (&value, GST_TYPE_FRACTION);
      gst_value_set_fraction (&value, (int) rates[i].num, (int) rates[i].denom);
      gst_value_list_append_and_take_value (&list, &value);
    }
  gst_structure_set_value (structure, "framerate", &list);
  g_value_unset (&list);
}

static void
append_size (GstCaps              *caps,
             const GstStructure   *template,
             struct spa_rectangle  size)
{
  GstStructure *structure = gst_structure_copy (template);

  gst_structure_set (structure, "width", G_TYPE_INT, (int) size.width, "height", G_TYPE_INT,
                     (int) size.height, NULL);
  gst_caps_append_structure (caps, structure);
}

/* One structure for each size of a list. */
static GstCaps *
spread_sizes (const GstStructure   *template,
              const struct spa_pod *format)
{
  uint32_t n_values, choice;
  const struct spa_rectangle *sizes = get_values (format, SPA_FORMAT_VIDEO_size, SPA_TYPE_Rectangle,
                                                  &n_values, &choice);
  GstCaps *caps = gst_caps_new_empty ();

  if (sizes == NULL)
    {
      gst_caps_append_structure (caps, gst_structure_copy (template));
    }
  else if ((choice == SPA_CHOICE_Range || choice == SPA_CHOICE_Step)
           && sizes[1].width < sizes[2].width && sizes[1].height < sizes[2].height)
    {
      GstStructure *structure = gst_structure_copy (template);

      gst_structure_set (structure, "width", GST_TYPE_INT_RANGE, (int) sizes[1].width,
                         (int) MIN (sizes[2].width, G_MAXINT), "height", GST_TYPE_INT_RANGE,
                         (int) sizes[1].height, (int) MIN (sizes[2].height, G_MAXINT), NULL);
      gst_caps_append_structure (caps, structure);
    }
  else
    {
      for (uint32_t i = choice == SPA_CHOICE_Enum && n_values > 1 ? 1 : 0;
           i < (choice == SPA_CHOICE_Enum ? n_values : 1); i++)
        append_size (caps, template, sizes[i]);
    }

  return caps;
}

GstCaps *
media_pipewire_device_parse_format (const struct spa_pod *format)
{
  g_autoptr (GstStructure) template = NULL;
  uint32_t type, subtype;

  if (format == NULL || spa_format_parse (format, &type, &subtype) < 0 ||
      type != SPA_MEDIA_TYPE_video)
    return NULL;
  /* Memory of the graphics card, of which there is always a twin in system memory. */
  if (spa_pod_find_prop (format, NULL, SPA_FORMAT_VIDEO_modifier) != NULL)
    return NULL;

  if (subtype == SPA_MEDIA_SUBTYPE_mjpg)
    {
      template = gst_structure_new_empty ("image/jpeg");
    }
  else if (subtype == SPA_MEDIA_SUBTYPE_raw)
    {
      template = gst_structure_new_empty ("video/x-raw");
      if (!set_pixel_format (template, format))
        return NULL;
    }
  else
    {
      return NULL;
    }

  set_rate (template, format);

  return spread_sizes (template, format);
}

/* --- the device ----------------------------------------------------------- */

static GstElement *
media_pipewire_device_create_element (GstDevice  *device,
                                      const char *name)
{
  g_autofree char *serial = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                             MEDIA_PIPEWIRE_DEVICE (device)->serial);
  GstElement *element = gst_element_factory_make ("pipewiresrc", name);

  /* What PipeWire lends us is gone when its camera goes, also while the next thread still reads it:
   * that ended the program. */
  if (element != NULL)
    g_object_set (element, "target-object", serial, "always-copy", TRUE, NULL);

  return element;
}

static void
media_pipewire_device_class_init (MediaPipewireDeviceClass *klass)
{
  GST_DEVICE_CLASS (klass)->create_element = media_pipewire_device_create_element;
}

static void
media_pipewire_device_init (MediaPipewireDevice *self)
{
}

GstDevice *
media_pipewire_device_new (uint64_t               serial,
                           const char            *kind,
                           const struct spa_dict *properties,
                           GstCaps               *caps)
{
  g_autoptr (GstStructure) structure = gst_structure_new_empty ("pipewire-proplist");
  const char *name = spa_dict_lookup (properties, PW_KEY_NODE_DESCRIPTION);
  const struct spa_dict_item *item;
  GstDevice *self;

  spa_dict_for_each (item, properties)
    {
      /* Foreign programs choose these. */
      if (g_utf8_validate (item->value, -1, NULL))
        gst_structure_set (structure, item->key, G_TYPE_STRING, item->value, NULL);
    }

  if (name == NULL)
    name = spa_dict_lookup (properties, PW_KEY_NODE_NAME);

  self = g_object_new (MEDIA_TYPE_PIPEWIRE_DEVICE, "display-name", name != NULL ? name : "",
                       "device-class", kind, "caps", caps, "properties", structure, NULL);
  MEDIA_PIPEWIRE_DEVICE (self)->serial = serial;

  return self;
}
