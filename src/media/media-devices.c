/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-devices"

#include "config.h"

#include "media-device-private.h"

/* How long the end of the list waits for its monitor. A program that exits while PipeWire's threads are being stopped crashes; one that
 * PipeWire does not answer must end all the same. */
#define STOP_LIMIT_US (2 * G_USEC_PER_SEC)

/* The monitor and the threads that start and stop it: asking PipeWire for its devices can take its time. */
typedef struct
{
  gatomicrefcount ref_count;
  GstDeviceMonitor *monitor;
  GMainContext *context;
  GWeakRef devices;
  GMutex lock; /* one starts or stops at a time; guards the rest */
  gboolean is_running;
  gboolean is_over;

  GMutex stop_lock; /* guards the last */
  GCond stop_cond;
  gboolean is_stopped;
} Watch;

struct _MediaDevices
{
  GObject parent_instance;

  GPtrArray *cameras;     /* MediaDevice */
  GPtrArray *microphones; /* GstDevice */
  Watch *watch;
  GSource *bus_watch;
};

static void media_devices_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MediaDevices, media_devices, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, media_devices_list_init))

static void
watch_unref (gpointer data)
{
  Watch *watch = data;

  if (!g_atomic_ref_count_dec (&watch->ref_count))
    return;

  gst_object_unref (watch->monitor);
  g_main_context_unref (watch->context);
  g_weak_ref_clear (&watch->devices);
  g_mutex_clear (&watch->lock);
  g_mutex_clear (&watch->stop_lock);
  g_cond_clear (&watch->stop_cond);
  g_free (watch);
}

static Watch *
watch_ref (Watch *watch)
{
  g_atomic_ref_count_inc (&watch->ref_count);

  return watch;
}

/* --- the list: main thread ------------------------------------------------------------------------------------- */

static gboolean
is_monitor (GstDevice *device)
{
  g_autoptr (GstStructure) description = gst_device_get_properties (device);
  const char *kind = description != NULL ? gst_structure_get_string (description, "device.class") : NULL;

  return g_strcmp0 (kind, "monitor") == 0;
}

static void
tell_microphone (MediaDevices *self)
{
  for (unsigned i = 0; i < self->cameras->len; i++)
    media_device_set_microphone (self->cameras->pdata[i], self->microphones->len > 0);
}

static gboolean
find_camera (MediaDevices *self,
             GstDevice    *device,
             unsigned     *out_index)
{
  for (unsigned i = 0; i < self->cameras->len; i++)
    {
      if (media_device_get_gst_device (self->cameras->pdata[i]) == device)
        {
          *out_index = i;
          return TRUE;
        }
    }

  return FALSE;
}

static void
add_device (MediaDevices *self,
            GstDevice    *device)
{
  unsigned index;

  if (gst_device_has_classes (device, "Audio/Source"))
    {
      if (!is_monitor (device) && !g_ptr_array_find (self->microphones, device, NULL))
        g_ptr_array_add (self->microphones, gst_object_ref (device));
      tell_microphone (self);
    }
  else if (!find_camera (self, device, &index))
    {
      g_ptr_array_add (self->cameras, media_device_new (device));
      tell_microphone (self);
      g_list_model_items_changed (G_LIST_MODEL (self), self->cameras->len - 1, 0, 1);
    }
}

static void
remove_device (MediaDevices *self,
               GstDevice    *device)
{
  g_autoptr (MediaDevice) camera = NULL;
  unsigned index;

  if (g_ptr_array_remove (self->microphones, device))
    tell_microphone (self);
  if (!find_camera (self, device, &index))
    return;

  camera = g_object_ref (self->cameras->pdata[index]);
  g_ptr_array_remove_index (self->cameras, index);
  g_list_model_items_changed (G_LIST_MODEL (self), index, 1, 0);
  media_device_set_gone (camera);
}

static gboolean
on_bus_message (GstBus     *bus,
                GstMessage *message,
                gpointer    user_data)
{
  Watch *watch = user_data;
  g_autoptr (MediaDevices) self = g_weak_ref_get (&watch->devices);
  g_autoptr (GstDevice) device = NULL;

  if (self == NULL)
    return G_SOURCE_REMOVE;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_ADDED)
    {
      gst_message_parse_device_added (message, &device);
      add_device (self, device);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_REMOVED)
    {
      gst_message_parse_device_removed (message, &device);
      remove_device (self, device);
    }

  return G_SOURCE_CONTINUE;
}

typedef struct
{
  Watch *watch;
  GList *found;
} Found;

static void
found_free (gpointer data)
{
  Found *found = data;

  g_list_free_full (found->found, gst_object_unref);
  watch_unref (found->watch);
  g_free (found);
}

static gboolean
take_found (gpointer data)
{
  Found *found = data;
  g_autoptr (MediaDevices) self = g_weak_ref_get (&found->watch->devices);

  for (GList *l = found->found; self != NULL && l != NULL; l = l->next)
    add_device (self, l->data);

  return G_SOURCE_REMOVE;
}

/* --- threads --------------------------------------------------------------------------------------------------- */

static gpointer
start_monitor (gpointer data)
{
  Watch *watch = data;
  g_autoptr (GSource) source = NULL;
  Found *found;

  g_mutex_lock (&watch->lock);
  if (!watch->is_over)
    watch->is_running = gst_device_monitor_start (watch->monitor);
  g_mutex_unlock (&watch->lock);

  found = g_new0 (Found, 1);
  found->found = gst_device_monitor_get_devices (watch->monitor);
  found->watch = watch; /* our reference */
  source = g_idle_source_new ();
  g_source_set_callback (source, take_found, found, found_free);
  g_source_attach (source, watch->context);

  return NULL;
}

static gpointer
stop_monitor (gpointer data)
{
  Watch *watch = data;

  g_mutex_lock (&watch->lock);
  watch->is_over = TRUE;
  if (watch->is_running)
    gst_device_monitor_stop (watch->monitor);
  g_mutex_unlock (&watch->lock);

  g_mutex_lock (&watch->stop_lock);
  watch->is_stopped = TRUE;
  g_cond_signal (&watch->stop_cond);
  g_mutex_unlock (&watch->stop_lock);
  watch_unref (watch);

  return NULL;
}

static void
stop_and_wait (Watch *watch)
{
  int64_t limit = g_get_monotonic_time () + STOP_LIMIT_US;

  g_thread_unref (g_thread_new ("media-devices", stop_monitor, watch_ref (watch)));

  g_mutex_lock (&watch->stop_lock);
  while (!watch->is_stopped && g_cond_wait_until (&watch->stop_cond, &watch->stop_lock, limit))
    continue;
  g_mutex_unlock (&watch->stop_lock);
  watch_unref (watch);
}

/* --- the object --------------------------------------------------------------------------------------------------- */

static GType
media_devices_get_item_type (GListModel *model)
{
  return MEDIA_TYPE_DEVICE;
}

static unsigned
media_devices_get_n_items (GListModel *model)
{
  return MEDIA_DEVICES (model)->cameras->len;
}

static gpointer
media_devices_get_item (GListModel *model,
                        unsigned    position)
{
  MediaDevices *self = MEDIA_DEVICES (model);

  return position < self->cameras->len ? g_object_ref (self->cameras->pdata[position]) : NULL;
}

static void
media_devices_list_init (GListModelInterface *iface)
{
  iface->get_item_type = media_devices_get_item_type;
  iface->get_n_items = media_devices_get_n_items;
  iface->get_item = media_devices_get_item;
}

static void
media_devices_dispose (GObject *object)
{
  MediaDevices *self = MEDIA_DEVICES (object);

  if (self->bus_watch != NULL)
    {
      g_source_destroy (self->bus_watch);
      g_clear_pointer (&self->bus_watch, g_source_unref);
    }
  if (self->watch != NULL)
    stop_and_wait (g_steal_pointer (&self->watch));

  G_OBJECT_CLASS (media_devices_parent_class)->dispose (object);
}

static void
media_devices_finalize (GObject *object)
{
  MediaDevices *self = MEDIA_DEVICES (object);

  g_ptr_array_unref (self->cameras);
  g_ptr_array_unref (self->microphones);

  G_OBJECT_CLASS (media_devices_parent_class)->finalize (object);
}

static void
media_devices_class_init (MediaDevicesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_devices_dispose;
  G_OBJECT_CLASS (klass)->finalize = media_devices_finalize;
}

static void
media_devices_init (MediaDevices *self)
{
  self->cameras = g_ptr_array_new_with_free_func (g_object_unref);
  self->microphones = g_ptr_array_new_with_free_func (gst_object_unref);
}

MediaDevices *
media_devices_new (void)
{
  MediaDevices *self = g_object_new (MEDIA_TYPE_DEVICES, NULL);
  Watch *watch = g_new0 (Watch, 1);
  g_autoptr (GstBus) bus = NULL;

  g_atomic_ref_count_init (&watch->ref_count);
  g_mutex_init (&watch->lock);
  g_mutex_init (&watch->stop_lock);
  g_cond_init (&watch->stop_cond);
  g_weak_ref_init (&watch->devices, self);
  watch->context = g_main_context_ref_thread_default ();
  watch->monitor = gst_device_monitor_new ();
  gst_device_monitor_add_filter (watch->monitor, "Video/Source", NULL);
  gst_device_monitor_add_filter (watch->monitor, "Audio/Source", NULL);
  self->watch = watch;

  bus = gst_device_monitor_get_bus (watch->monitor);
  self->bus_watch = gst_bus_create_watch (bus);
  g_source_set_callback (self->bus_watch, G_SOURCE_FUNC (on_bus_message), watch_ref (watch), watch_unref);
  g_source_attach (self->bus_watch, watch->context);
  g_thread_unref (g_thread_new ("media-devices", start_monitor, watch_ref (watch)));

  return self;
}

MediaDevice *
media_devices_find (MediaDevices *self,
                    const char   *id)
{
  g_return_val_if_fail (MEDIA_IS_DEVICES (self), NULL);

  for (unsigned i = 0; i < self->cameras->len; i++)
    {
      MediaDevice *device = self->cameras->pdata[i];

      if (id == NULL || g_strcmp0 (media_device_get_id (device), id) == 0
          || g_strcmp0 (media_device_get_name (device), id) == 0)
        return g_object_ref (device);
    }

  return NULL;
}
