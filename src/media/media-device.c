/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-device"

#include "config.h"

#include "media-device-private.h"

struct _MediaDevice
{
  GObject parent_instance;

  GstDevice *device;
  char *id;
  char *name;

  /* Atomic: written in the main thread, read by a source's worker. */
  int is_gone;
  int has_microphone;
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  N_PROPS
};

enum
{
  GONE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaDevice, media_device, G_TYPE_OBJECT)

/* What names the device and not the order in which it was found, best first. */
static char *
make_id (GstDevice *device)
{
  static const char *const KEYS[] = { "node.name", "device.bus_path", "object.path",
                                      "api.v4l2.path", "device.path" };
  g_autoptr (GstStructure) description = gst_device_get_properties (device);

  for (size_t i = 0; description != NULL && i < G_N_ELEMENTS (KEYS); i++)
    {
      const char *value = gst_structure_get_string (description, KEYS[i]);

      if (value != NULL && *value != '\0')
        return g_strdup (value);
    }

  return gst_device_get_display_name (device);
}

static void
media_device_get_property (GObject    *object,
                           unsigned    id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  MediaDevice *self = MEDIA_DEVICE (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
media_device_finalize (GObject *object)
{
  MediaDevice *self = MEDIA_DEVICE (object);

  g_clear_object (&self->device);
  g_free (self->id);
  g_free (self->name);

  G_OBJECT_CLASS (media_device_parent_class)->finalize (object);
}

static void
media_device_class_init (MediaDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = media_device_get_property;
  object_class->finalize = media_device_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[GONE] = g_signal_new ("gone", MEDIA_TYPE_DEVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
media_device_init (MediaDevice *self)
{
}

MediaDevice *
media_device_new (GstDevice *device)
{
  MediaDevice *self = g_object_new (MEDIA_TYPE_DEVICE, NULL);

  self->device = gst_object_ref (device);
  self->id = make_id (device);
  self->name = gst_device_get_display_name (device);

  return self;
}

void
media_device_set_microphone (MediaDevice *self,
                             gboolean     has_microphone)
{
  g_atomic_int_set (&self->has_microphone, has_microphone);
}

void
media_device_set_gone (MediaDevice *self)
{
  if (g_atomic_int_compare_and_exchange (&self->is_gone, FALSE, TRUE))
    g_signal_emit (self, signals[GONE], 0);
}

const char *
media_device_get_id (MediaDevice *self)
{
  g_return_val_if_fail (MEDIA_IS_DEVICE (self), NULL);

  return self->id;
}

const char *
media_device_get_name (MediaDevice *self)
{
  g_return_val_if_fail (MEDIA_IS_DEVICE (self), NULL);

  return self->name;
}

gboolean
media_device_is_gone (MediaDevice *self)
{
  g_return_val_if_fail (MEDIA_IS_DEVICE (self), TRUE);

  return g_atomic_int_get (&self->is_gone);
}

gboolean
media_device_has_microphone (MediaDevice *self)
{
  g_return_val_if_fail (MEDIA_IS_DEVICE (self), FALSE);

  return g_atomic_int_get (&self->has_microphone);
}

GstDevice *
media_device_get_gst_device (MediaDevice *self)
{
  g_return_val_if_fail (MEDIA_IS_DEVICE (self), NULL);

  return self->device;
}
