/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-devices"

#include "config.h"

#include "client-devices.h"

#include "cpm-json.h"

struct _ClientDevices
{
  GObject parent_instance;

  GPtrArray *devices;   /* of ClientDevice */
};

static void client_devices_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ClientDevices,
                               client_devices,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      client_devices_list_model_init))

static GType
client_devices_get_item_type (GListModel *model)
{
  return CLIENT_TYPE_DEVICE;
}

static unsigned
client_devices_get_n_items (GListModel *model)
{
  return CLIENT_DEVICES (model)->devices->len;
}

static gpointer
client_devices_get_item (GListModel *model,
                         unsigned    position)
{
  ClientDevices *self = CLIENT_DEVICES (model);

  return position < self->devices->len ? g_object_ref (g_ptr_array_index (self->devices, position))
                                       : NULL;
}

static void
client_devices_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = client_devices_get_item_type;
  iface->get_n_items = client_devices_get_n_items;
  iface->get_item = client_devices_get_item;
}

static void
client_devices_finalize (GObject *object)
{
  g_ptr_array_unref (CLIENT_DEVICES (object)->devices);

  G_OBJECT_CLASS (client_devices_parent_class)->finalize (object);
}

static void
client_devices_class_init (ClientDevicesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = client_devices_finalize;
}

static void
client_devices_init (ClientDevices *self)
{
  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
}

ClientDevices *
client_devices_new (void)
{
  return g_object_new (CLIENT_TYPE_DEVICES, NULL);
}

ClientDevice *
client_devices_find (ClientDevices *self,
                     const char    *id)
{
  g_return_val_if_fail (CLIENT_IS_DEVICES (self), NULL);

  for (unsigned i = 0; i < self->devices->len; i++)
    {
      ClientDevice *device = g_ptr_array_index (self->devices, i);

      if (g_strcmp0 (client_device_get_id (device), id) == 0)
        return device;
    }

  return NULL;
}

void
client_devices_take (ClientDevices *self,
                     JsonArray     *entries,
                     const char    *this_one)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func (g_object_unref);
  unsigned n_before;
  gboolean same = TRUE;

  g_return_if_fail (CLIENT_IS_DEVICES (self));

  for (unsigned i = 0; entries != NULL && i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);
      const char *id = cpm_json_get_string (entry, "device", "");
      gboolean is_this_one = g_strcmp0 (id, this_one) == 0;
      ClientDevice *known = client_devices_find (self, id);
      ClientDevice *device = known != NULL ? g_object_ref (known)
                                           : client_device_new (id, is_this_one);

      client_device_take (device, entry);
      g_ptr_array_insert (devices, is_this_one ? 0 : -1, device);
    }

  n_before = self->devices->len;
  same = n_before == devices->len;
  for (unsigned i = 0; same && i < devices->len; i++)
    same = g_ptr_array_index (devices, i) == g_ptr_array_index (self->devices, i);

  if (same)
    return;

  g_ptr_array_unref (self->devices);
  self->devices = g_steal_pointer (&devices);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->devices->len);
}
