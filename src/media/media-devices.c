/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-devices"

#include "config.h"

#include "media-device-private.h"

#include "media-pipewire.h"

#include <unistd.h>

/* How long the end of the list waits for the providers. A program that exits while their threads
 * are being stopped may crash; one that does not answer must end all the same. */
#define STOP_LIMIT_US (2 * G_USEC_PER_SEC)

/* Providers of GStreamer, and the threads that start and stop them: asking a system for its devices
 * can take its time. */
typedef struct
{
  gatomicrefcount ref_count;
  GMainContext *context;
  GWeakRef devices;
  int pipewire_fd; /* -1: none */

  GMutex lock; /* one starts or stops at a time; guards the next two */
  GPtrArray *providers; /* GstDeviceProvider, that run */
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
  GPtrArray *buses; /* GstBus of the providers, which are listened to */
  MediaPipewire *pipewire; /* (nullable) */
  Watch *watch;
  gboolean is_searching;  /* by the providers of GStreamer */
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

  g_ptr_array_unref (watch->providers);
  if (watch->pipewire_fd >= 0)
    close (watch->pipewire_fd);
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

/* --- the list: main thread ------------------------------------------------ */

static gboolean
is_monitor (GstDevice *device)
{
  g_autoptr (GstStructure) description = gst_device_get_properties (device);
  const char *kind = description != NULL ? gst_structure_get_string (description, "device.class")
                                         : NULL;

  return g_strcmp0 (kind, "monitor") == 0;
}

static void
tell_microphone (MediaDevices *self)
{
  for (unsigned i = 0; i < self->cameras->len; i++)
    media_device_set_microphone (self->cameras->pdata[i], self->microphones->len > 0);
}

/* Where the system has it: to know a camera that PipeWire tells of from the same one seen directly.
 * (transfer full) (nullable) */
static char *
get_path (GstDevice *device)
{
  static const char *const KEYS[] = { "api.v4l2.path", "device.path" };
  g_autoptr (GstStructure) description = gst_device_get_properties (device);

  for (size_t i = 0; description != NULL && i < G_N_ELEMENTS (KEYS); i++)
    {
      const char *path = gst_structure_get_string (description, KEYS[i]);

      if (path != NULL && g_str_has_prefix (path, "/dev/"))
        return g_strdup (path);
    }

  return NULL;
}

static gboolean
has_camera_at (MediaDevices *self,
               const char   *path)
{
  for (unsigned i = 0; i < self->cameras->len; i++)
    {
      g_autofree char *other = get_path (media_device_get_gst_device (self->cameras->pdata[i]));

      if (g_strcmp0 (other, path) == 0)
        return TRUE;
    }

  return FALSE;
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
  g_autofree char *path = get_path (device);
  unsigned index;

  if (gst_device_has_classes (device, "Audio/Source"))
    {
      if (!is_monitor (device) && !g_ptr_array_find (self->microphones, device, NULL))
        g_ptr_array_add (self->microphones, gst_object_ref (device));
      tell_microphone (self);
    }
  else if (gst_device_has_classes (device, "Video/Source") && !find_camera (self, device, &index)
           && (path == NULL || !has_camera_at (self, path)))
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

static void
on_bus_message (GstBus       *bus,
                GstMessage   *message,
                MediaDevices *self)
{
  g_autoptr (GstDevice) device = NULL;

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
}

/* What a thread has to say to the list. */
typedef struct
{
  Watch *watch;
  GList *found; /* GstDevice */
  GstDeviceProvider *provider; /* (nullable): whose bus is to be watched from now on */
  gboolean is_removal;
  gboolean is_missing;
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_list_free_full (news->found, gst_object_unref);
  g_clear_object (&news->provider);
  watch_unref (news->watch);
  g_free (news);
}

/* There is one provider of a kind in the process, with one bus, which takes one watch: whoever else
 * has a list shares it. */
static void
watch_provider (MediaDevices      *self,
                GstDeviceProvider *provider)
{
  GstBus *bus = gst_device_provider_get_bus (provider);

  gst_bus_add_signal_watch (bus);
  g_signal_connect (bus, "message", G_CALLBACK (on_bus_message), self);
  g_ptr_array_add (self->buses, bus);
}

static void
unwatch_providers (MediaDevices *self)
{
  for (unsigned i = 0; i < self->buses->len; i++)
    {
      g_signal_handlers_disconnect_by_data (self->buses->pdata[i], self);
      gst_bus_remove_signal_watch (self->buses->pdata[i]);
    }
  g_ptr_array_set_size (self->buses, 0);
}

static void search_by_providers (MediaDevices *self);

static gboolean
take_news (gpointer data)
{
  News *news = data;
  g_autoptr (MediaDevices) self = g_weak_ref_get (&news->watch->devices);

  if (self == NULL || self->watch != news->watch)
    return G_SOURCE_REMOVE;

  if (news->provider != NULL)
    watch_provider (self, news->provider);
  for (GList *l = news->found; l != NULL; l = l->next)
    {
      if (news->is_removal)
        remove_device (self, l->data);
      else
        add_device (self, l->data);
    }
  if (news->is_missing)
    search_by_providers (self);

  return G_SOURCE_REMOVE;
}

static void
post_news (Watch *watch,
           News  *news)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  news->watch = watch_ref (watch);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, take_news, news, news_free);
  g_source_attach (source, watch->context);
}

/* --- threads -------------------------------------------------------------- */

static void
on_pipewire_event (MediaPipewireEvent  event,
                   GstDevice          *device,
                   gpointer            user_data)
{
  News *news;

  if (event == MEDIA_PIPEWIRE_READY)
    return;

  news = g_new0 (News, 1);
  if (device != NULL)
    news->found = g_list_prepend (NULL, gst_object_ref (device));
  news->is_removal = event == MEDIA_PIPEWIRE_REMOVED;
  news->is_missing = event == MEDIA_PIPEWIRE_MISSING;
  post_news (user_data, news);
}

/* With the lock held. */
static void
start_provider (Watch      *watch,
                const char *name)
{
  GstDeviceProvider *provider = gst_device_provider_factory_get_by_name (name);
  News *news;

  if (provider == NULL)
    return;

  if (watch->pipewire_fd >= 0 &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (provider), "fd") != NULL)
    g_object_set (provider, "fd", watch->pipewire_fd, NULL);
  if (!gst_device_provider_start (provider))
    {
      gst_object_unref (provider);
      return;
    }

  g_ptr_array_add (watch->providers, provider);
  news = g_new0 (News, 1);
  news->provider = gst_object_ref (provider);
  news->found = gst_device_provider_get_devices (provider);
  post_news (watch, news);
}

static gpointer
start_providers (gpointer data)
{
  Watch *watch = data;

  g_mutex_lock (&watch->lock);
  if (!watch->is_over)
    {
      start_provider (watch,
                      watch->pipewire_fd >= 0 ? "pipewiredeviceprovider" : "v4l2deviceprovider");
      start_provider (watch, "pulsedeviceprovider");
    }
  g_mutex_unlock (&watch->lock);
  watch_unref (watch);

  return NULL;
}

static gpointer
stop_providers (gpointer data)
{
  Watch *watch = data;

  g_mutex_lock (&watch->lock);
  watch->is_over = TRUE;
  for (unsigned i = 0; i < watch->providers->len; i++)
    {
      /* That of PipeWire harms the heap when it is stopped. It lives as long as the program. */
      if (watch->pipewire_fd < 0 || i > 0)
        gst_device_provider_stop (watch->providers->pdata[i]);
    }
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

  g_thread_unref (g_thread_new ("media-devices", stop_providers, watch_ref (watch)));

  g_mutex_lock (&watch->stop_lock);
  while (!watch->is_stopped && g_cond_wait_until (&watch->stop_cond, &watch->stop_lock, limit))
    continue;
  g_mutex_unlock (&watch->stop_lock);
  watch_unref (watch);
}

static void
search_by_providers (MediaDevices *self)
{
  if (self->is_searching)
    return;

  self->is_searching = TRUE;
  g_thread_unref (g_thread_new ("media-devices", start_providers, watch_ref (self->watch)));
}

static Watch *
watch_new (MediaDevices *self,
           int           pipewire_fd)
{
  Watch *watch = g_new0 (Watch, 1);

  g_atomic_ref_count_init (&watch->ref_count);
  g_mutex_init (&watch->lock);
  g_mutex_init (&watch->stop_lock);
  g_cond_init (&watch->stop_cond);
  g_weak_ref_init (&watch->devices, self);
  watch->providers = g_ptr_array_new_with_free_func (gst_object_unref);
  watch->context = g_main_context_ref_thread_default ();
  watch->pipewire_fd = pipewire_fd;

  return watch;
}

/* Ends all that watches. */
static void
close_watch (MediaDevices *self)
{
  unwatch_providers (self);
  g_clear_pointer (&self->pipewire, media_pipewire_free);
  if (self->watch != NULL)
    stop_and_wait (g_steal_pointer (&self->watch));
  self->is_searching = FALSE;
}

/* --- the object ----------------------------------------------------------- */

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

  close_watch (self);

  G_OBJECT_CLASS (media_devices_parent_class)->dispose (object);
}

static void
media_devices_finalize (GObject *object)
{
  MediaDevices *self = MEDIA_DEVICES (object);

  g_ptr_array_unref (self->cameras);
  g_ptr_array_unref (self->microphones);
  g_ptr_array_unref (self->buses);

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
  self->buses = g_ptr_array_new_with_free_func (gst_object_unref);
}

MediaDevices *
media_devices_new (void)
{
  MediaDevices *self = g_object_new (MEDIA_TYPE_DEVICES, NULL);

  self->watch = watch_new (self, -1);
  self->pipewire = media_pipewire_new (on_pipewire_event, self->watch);

  return self;
}

void
media_devices_set_pipewire_fd (MediaDevices *self,
                               int           fd)
{
  g_return_if_fail (MEDIA_IS_DEVICES (self));
  g_return_if_fail (fd >= 0);

  close_watch (self);
  while (self->cameras->len > 0)
    {
      g_autoptr (GstDevice) device =
        gst_object_ref (media_device_get_gst_device (self->cameras->pdata[0]));

      remove_device (self, device);
    }
  g_ptr_array_set_size (self->microphones, 0);

  self->watch = watch_new (self, fd);
  search_by_providers (self);
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
