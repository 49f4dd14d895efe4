/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-device"

#include "config.h"

#include "client-device.h"

#include "cpm-json.h"

struct _ClientDevice
{
  GObject parent_instance;

  char *id;
  char *name;
  int64_t seen_us;
  gboolean online;
  gboolean is_this_one;
};

G_DEFINE_FINAL_TYPE (ClientDevice, client_device, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_SEEN_US,
  PROP_ONLINE,
  PROP_IS_THIS_ONE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
client_device_get_property (GObject    *object,
                            unsigned    prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ClientDevice *self = CLIENT_DEVICE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_SEEN_US:
      g_value_set_int64 (value, self->seen_us);
      break;

    case PROP_ONLINE:
      g_value_set_boolean (value, self->online);
      break;

    case PROP_IS_THIS_ONE:
      g_value_set_boolean (value, self->is_this_one);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
client_device_finalize (GObject *object)
{
  ClientDevice *self = CLIENT_DEVICE (object);

  g_free (self->id);
  g_free (self->name);

  G_OBJECT_CLASS (client_device_parent_class)->finalize (object);
}

static void
client_device_class_init (ClientDeviceClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = client_device_get_property;
  object_class->finalize = client_device_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_SEEN_US] = g_param_spec_int64 ("seen-us", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, FALSE, flags);
  properties[PROP_IS_THIS_ONE] = g_param_spec_boolean ("is-this-one", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
client_device_init (ClientDevice *self)
{
}

/* What a device without a name is called: the start of its id, in capitals. */
static char *
make_name (ClientDevice *self)
{
  g_autofree char *start = g_strndup (self->id, 8);

  return g_ascii_strup (start, -1);
}

ClientDevice *
client_device_new (const char *id,
                   gboolean    is_this_one)
{
  ClientDevice *self = g_object_new (CLIENT_TYPE_DEVICE, NULL);

  self->id = g_strdup (id);
  self->is_this_one = !!is_this_one;
  self->name = make_name (self);

  return self;
}

gboolean
client_device_take (ClientDevice *self,
                    JsonObject   *entry)
{
  const char *said;
  g_autofree char *name = NULL;
  int64_t seen_us;
  gboolean online;
  gboolean changed;

  g_return_val_if_fail (CLIENT_IS_DEVICE (self), FALSE);

  said = cpm_json_get_string (entry, "name", "");
  name = *said != '\0' ? g_strdup (said) : make_name (self);
  seen_us = MAX (cpm_json_get_int (entry, "seen", 0), 0);
  online = cpm_json_get_boolean (entry, "online", FALSE);
  changed = online != self->online || !g_str_equal (name, self->name);

  g_object_freeze_notify (G_OBJECT (self));
  if (!g_str_equal (name, self->name))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);

  if (seen_us != self->seen_us)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEEN_US]);

  if (online != self->online)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ONLINE]);

  g_free (self->name);
  self->name = g_steal_pointer (&name);
  self->seen_us = seen_us;
  self->online = online;
  g_object_thaw_notify (G_OBJECT (self));

  return changed;
}

const char *
client_device_get_id (ClientDevice *self)
{
  g_return_val_if_fail (CLIENT_IS_DEVICE (self), NULL);

  return self->id;
}

const char *
client_device_get_name (ClientDevice *self)
{
  g_return_val_if_fail (CLIENT_IS_DEVICE (self), NULL);

  return self->name;
}

int64_t
client_device_get_seen_us (ClientDevice *self)
{
  g_return_val_if_fail (CLIENT_IS_DEVICE (self), 0);

  return self->seen_us;
}

gboolean
client_device_is_online (ClientDevice *self)
{
  g_return_val_if_fail (CLIENT_IS_DEVICE (self), FALSE);

  return self->online;
}

gboolean
client_device_is_this_one (ClientDevice *self)
{
  g_return_val_if_fail (CLIENT_IS_DEVICE (self), FALSE);

  return self->is_this_one;
}
