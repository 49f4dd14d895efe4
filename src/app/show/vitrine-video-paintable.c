/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-video-paintable"

#include "config.h"

#include "vitrine-video-paintable.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

/* Where the streaming thread leaves the newest frame for the main thread. Reference counted: the
 * sink may outlive the paintable. */
typedef struct
{
  GMutex mutex;
  GdkTexture *texture;  /* under the mutex */
  double aspect_ratio;  /* under the mutex */
  gboolean is_waiting;  /* under the mutex: an idle is on its way */
  GWeakRef paintable;
} Slot;

struct _VitrineVideoPaintable
{
  GObject parent_instance;

  GstElement *sink;
  GdkPaintable *inner;  /* (nullable): of gtk4paintablesink */
  Slot *slot;
  GdkTexture *texture;  /* (nullable) */
  double aspect_ratio;
};

static void paintable_iface_init (GdkPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VitrineVideoPaintable, vitrine_video_paintable, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, paintable_iface_init))

static void
slot_clear (gpointer data)
{
  Slot *slot = data;

  g_clear_object (&slot->texture);
  g_weak_ref_clear (&slot->paintable);
  g_mutex_clear (&slot->mutex);
}

static void
slot_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, slot_clear);
}

static Slot *
slot_new (VitrineVideoPaintable *paintable)
{
  Slot *slot = g_atomic_rc_box_new0 (Slot);

  g_mutex_init (&slot->mutex);
  g_weak_ref_init (&slot->paintable, paintable);

  return slot;
}

/* Main thread: takes the newest frame out of the slot and shows it. */
static gboolean
on_frame_waiting (gpointer user_data)
{
  Slot *slot = user_data;
  g_autoptr (VitrineVideoPaintable) self = g_weak_ref_get (&slot->paintable);
  g_autoptr (GdkTexture) texture = NULL;
  gboolean resized;
  double aspect_ratio;

  g_mutex_lock (&slot->mutex);
  texture = g_steal_pointer (&slot->texture);
  aspect_ratio = slot->aspect_ratio;
  slot->is_waiting = FALSE;
  g_mutex_unlock (&slot->mutex);

  if (self == NULL || texture == NULL)
    return G_SOURCE_REMOVE;

  resized = self->texture == NULL ||
            aspect_ratio != self->aspect_ratio ||
            gdk_texture_get_height (texture) != gdk_texture_get_height (self->texture);

  g_set_object (&self->texture, texture);
  self->aspect_ratio = aspect_ratio;

  if (resized)
    gdk_paintable_invalidate_size (GDK_PAINTABLE (self));

  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));

  return G_SOURCE_REMOVE;
}

static void
slot_put (Slot       *slot,
          GdkTexture *texture,
          double      aspect_ratio)
{
  g_autoptr (GdkTexture) overtaken = NULL;

  g_mutex_lock (&slot->mutex);
  overtaken = g_steal_pointer (&slot->texture);
  slot->texture = g_object_ref (texture);
  slot->aspect_ratio = aspect_ratio;

  if (!slot->is_waiting)
    {
      slot->is_waiting = TRUE;
      g_idle_add_full (G_PRIORITY_DEFAULT, on_frame_waiting,
                       g_atomic_rc_box_acquire (slot), slot_unref);
    }
  g_mutex_unlock (&slot->mutex);
}

static void
frame_free (gpointer data)
{
  g_autofree GstVideoFrame *frame = data;

  gst_video_frame_unmap (frame);
}

/* (nullable) (transfer full): the texture keeps the buffer mapped for as long as it lives. */
static GdkTexture *
texture_from_sample (GstSample *sample,
                     double    *aspect_ratio)
{
  g_autofree GstVideoFrame *frame = g_new0 (GstVideoFrame, 1);
  g_autoptr (GBytes) bytes = NULL;
  GstVideoInfo info;
  size_t stride, size;
  int width, height;

  if (!gst_video_info_from_caps (&info, gst_sample_get_caps (sample)) ||
      !gst_video_frame_map (frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return NULL;

  width = GST_VIDEO_FRAME_WIDTH (frame);
  height = GST_VIDEO_FRAME_HEIGHT (frame);
  stride = GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);
  size = stride * (height - 1) + (size_t) width * 4;
  *aspect_ratio = (double) width * info.par_n / ((double) height * info.par_d);

  bytes = g_bytes_new_with_free_func (GST_VIDEO_FRAME_PLANE_DATA (frame, 0), size,
                                      frame_free, frame);
  g_steal_pointer (&frame);

  /* BGRx has no alpha, and as "premultiplied" GTK takes it without conversion. */
  return gdk_memory_texture_new (width, height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes, stride);
}

static GstFlowReturn
slot_take_sample (Slot      *slot,
                  GstSample *sample)
{
  g_autoptr (GdkTexture) texture = NULL;
  double aspect_ratio;

  if (sample == NULL)
    return GST_FLOW_OK;

  texture = texture_from_sample (sample, &aspect_ratio);
  gst_sample_unref (sample);

  if (texture == NULL)
    return GST_FLOW_ERROR;

  slot_put (slot, texture, aspect_ratio);

  return GST_FLOW_OK;
}

static GstFlowReturn
on_new_sample (GstAppSink *appsink,
               gpointer    user_data)
{
  return slot_take_sample (user_data, gst_app_sink_pull_sample (appsink));
}

static GstFlowReturn
on_new_preroll (GstAppSink *appsink,
                gpointer    user_data)
{
  return slot_take_sample (user_data, gst_app_sink_pull_preroll (appsink));
}

/* videoconvert ! video/x-raw,format=BGRx ! appsink, as one element. */
static GstElement *
memory_sink_new (Slot     *slot,
                 gboolean  keep_time)
{
  GstAppSinkCallbacks callbacks = {
    .new_sample = on_new_sample,
    .new_preroll = on_new_preroll,
  };
  GstElement *bin = gst_bin_new ("vitrine-video");
  GstElement *convert = gst_element_factory_make ("videoconvert", NULL);
  GstElement *appsink = gst_element_factory_make ("appsink", NULL);
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "BGRx",
                                                  NULL);
  g_autoptr (GstPad) pad = NULL;

  /* base and good are required: media_init() has looked. */
  g_assert (convert != NULL && appsink != NULL);

  g_object_set (appsink, "caps", caps, "max-buffers", 1, "drop", TRUE, "enable-last-sample", FALSE,
                "sync", keep_time, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (appsink), &callbacks,
                              g_atomic_rc_box_acquire (slot), slot_unref);

  gst_bin_add_many (GST_BIN (bin), convert, appsink, NULL);
  gst_element_link (convert, appsink);
  pad = gst_element_get_static_pad (convert, "sink");
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", pad));

  return bin;
}

/* gtk4paintablesink, in a glsinkbin where it can take pictures from the graphics memory.
 * (nullable) */
static GstElement *
gtk_sink_new (gboolean       keep_time,
              GdkPaintable **paintable)
{
  GstElement *sink, *bin;
  g_autoptr (GdkGLContext) context = NULL;

  if (g_strcmp0 (g_getenv ("VITRINE_VIDEO_SINK"), "memory") == 0)
    return NULL;

  sink = gst_element_factory_make ("gtk4paintablesink", NULL);
  if (sink == NULL)
    return NULL;

  g_object_set (sink, "sync", keep_time, NULL);
  g_object_get (sink, "paintable", paintable, NULL);

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (*paintable), "gl-context") != NULL)
    g_object_get (*paintable, "gl-context", &context, NULL);

  if (context == NULL || (bin = gst_element_factory_make ("glsinkbin", NULL)) == NULL)
    return sink;

  g_object_set (bin, "sink", sink, NULL);

  return bin;
}

static void
vitrine_video_paintable_snapshot (GdkPaintable *paintable,
                                  GdkSnapshot  *snapshot,
                                  double        width,
                                  double        height)
{
  VitrineVideoPaintable *self = VITRINE_VIDEO_PAINTABLE (paintable);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);

  if (self->inner != NULL)
    gdk_paintable_snapshot (self->inner, snapshot, width, height);
  else if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
}

static GdkPaintable *
vitrine_video_paintable_get_current_image (GdkPaintable *paintable)
{
  VitrineVideoPaintable *self = VITRINE_VIDEO_PAINTABLE (paintable);

  if (self->inner != NULL)
    return gdk_paintable_get_current_image (self->inner);

  if (self->texture != NULL)
    return GDK_PAINTABLE (g_object_ref (self->texture));

  return gdk_paintable_new_empty (0, 0);
}

static int
vitrine_video_paintable_get_intrinsic_height (GdkPaintable *paintable)
{
  VitrineVideoPaintable *self = VITRINE_VIDEO_PAINTABLE (paintable);

  if (self->inner != NULL)
    return gdk_paintable_get_intrinsic_height (self->inner);

  return self->texture != NULL ? gdk_texture_get_height (self->texture) : 0;
}

static int
vitrine_video_paintable_get_intrinsic_width (GdkPaintable *paintable)
{
  VitrineVideoPaintable *self = VITRINE_VIDEO_PAINTABLE (paintable);

  if (self->inner != NULL)
    return gdk_paintable_get_intrinsic_width (self->inner);

  return self->texture != NULL
         ? (int) (gdk_texture_get_height (self->texture) * self->aspect_ratio + 0.5)
         : 0;
}

static double
vitrine_video_paintable_get_intrinsic_aspect_ratio (GdkPaintable *paintable)
{
  VitrineVideoPaintable *self = VITRINE_VIDEO_PAINTABLE (paintable);

  if (self->inner != NULL)
    return gdk_paintable_get_intrinsic_aspect_ratio (self->inner);

  return self->aspect_ratio;
}

static void
paintable_iface_init (GdkPaintableInterface *iface)
{
  iface->snapshot = vitrine_video_paintable_snapshot;
  iface->get_current_image = vitrine_video_paintable_get_current_image;
  iface->get_intrinsic_width = vitrine_video_paintable_get_intrinsic_width;
  iface->get_intrinsic_height = vitrine_video_paintable_get_intrinsic_height;
  iface->get_intrinsic_aspect_ratio = vitrine_video_paintable_get_intrinsic_aspect_ratio;
}

static void
vitrine_video_paintable_finalize (GObject *object)
{
  VitrineVideoPaintable *self = VITRINE_VIDEO_PAINTABLE (object);

  gst_clear_object (&self->sink);
  g_clear_object (&self->inner);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->slot, slot_unref);

  G_OBJECT_CLASS (vitrine_video_paintable_parent_class)->finalize (object);
}

static void
vitrine_video_paintable_class_init (VitrineVideoPaintableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vitrine_video_paintable_finalize;
}

static void
vitrine_video_paintable_init (VitrineVideoPaintable *self)
{
  self->slot = slot_new (self);
}

VitrineVideoPaintable *
vitrine_video_paintable_new (gboolean keep_time)
{
  VitrineVideoPaintable *self = g_object_new (VITRINE_TYPE_VIDEO_PAINTABLE, NULL);

  self->sink = gtk_sink_new (keep_time, &self->inner);

  if (self->inner != NULL)
    {
      g_signal_connect_object (self->inner, "invalidate-contents",
                               G_CALLBACK (gdk_paintable_invalidate_contents), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->inner, "invalidate-size",
                               G_CALLBACK (gdk_paintable_invalidate_size), self,
                               G_CONNECT_SWAPPED);
    }
  else
    {
      self->sink = memory_sink_new (self->slot, keep_time);
    }

  gst_object_ref_sink (self->sink);

  return self;
}

GstElement *
vitrine_video_paintable_get_sink (VitrineVideoPaintable *self)
{
  g_return_val_if_fail (VITRINE_IS_VIDEO_PAINTABLE (self), NULL);

  return self->sink;
}

gboolean
vitrine_video_paintable_has_frame (VitrineVideoPaintable *self)
{
  g_return_val_if_fail (VITRINE_IS_VIDEO_PAINTABLE (self), FALSE);

  return gdk_paintable_get_intrinsic_height (GDK_PAINTABLE (self)) > 0;
}
