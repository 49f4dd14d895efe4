/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-thumbnail"

#include "config.h"

#include "vitrine-thumbnail.h"

#include "vitrine-picture-loader.h"

#define MAX_WIDTH 340
#define MAX_HEIGHT 320
#define MIN_WIDTH 96

/* A panorama or a tower is still a picture that a finger can hit. */
#define MIN_HEIGHT 72

struct _VitrineThumbnail
{
  GtkWidget parent_instance;

  char *path;
  GdkPaintable *paintable; /* (nullable) */
  GCancellable *cancellable;
  int width;
  int height;
};

G_DEFINE_FINAL_TYPE (VitrineThumbnail, vitrine_thumbnail, GTK_TYPE_WIDGET)

/* The width at which the picture fits into the largest box. */
static int
thumbnail_natural_width (VitrineThumbnail *self)
{
  double scale = MIN ((double) MAX_WIDTH / self->width, (double) MAX_HEIGHT / self->height);

  return CLAMP ((int) (self->width * MIN (scale, 1.0)), MIN_WIDTH, MAX_WIDTH);
}

static void
vitrine_thumbnail_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  VitrineThumbnail *self = VITRINE_THUMBNAIL (widget);
  int width = thumbnail_natural_width (self);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH;
      *natural = width;
      return;
    }

  if (for_size >= 0)
    width = MIN (width, for_size);

  *minimum = *natural = CLAMP ((int) ((double) width * self->height / self->width),
                               MIN_HEIGHT, MAX_HEIGHT);
}

static GtkSizeRequestMode
vitrine_thumbnail_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Fills the whole place and cuts off what is too much, which is nothing where the told size was
 * right. */
static void
vitrine_thumbnail_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  VitrineThumbnail *self = VITRINE_THUMBNAIL (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  double ratio, w, h;

  if (self->paintable == NULL)
    return;

  ratio = gdk_paintable_get_intrinsic_aspect_ratio (self->paintable);
  w = MAX (width, height * ratio);
  h = w / ratio;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((width - w) / 2, (height - h) / 2));
  gdk_paintable_snapshot (self->paintable, snapshot, w, h);
  gtk_snapshot_restore (snapshot);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (VitrineThumbnail) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = vitrine_picture_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (texture == NULL)
    {
      gtk_widget_set_tooltip_text (GTK_WIDGET (self), error->message);
      gtk_widget_add_css_class (GTK_WIDGET (self), "broken");
      return;
    }

  self->paintable = GDK_PAINTABLE (g_steal_pointer (&texture));
  vitrine_thumbnail_set_shape (self,
                               gdk_paintable_get_intrinsic_width (self->paintable),
                               gdk_paintable_get_intrinsic_height (self->paintable));
}

static void
vitrine_thumbnail_dispose (GObject *object)
{
  VitrineThumbnail *self = VITRINE_THUMBNAIL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->paintable);

  G_OBJECT_CLASS (vitrine_thumbnail_parent_class)->dispose (object);
}

static void
vitrine_thumbnail_finalize (GObject *object)
{
  VitrineThumbnail *self = VITRINE_THUMBNAIL (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (vitrine_thumbnail_parent_class)->finalize (object);
}

static void
vitrine_thumbnail_class_init (VitrineThumbnailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_thumbnail_dispose;
  object_class->finalize = vitrine_thumbnail_finalize;

  widget_class->measure = vitrine_thumbnail_measure;
  widget_class->get_request_mode = vitrine_thumbnail_get_request_mode;
  widget_class->snapshot = vitrine_thumbnail_snapshot;

  gtk_widget_class_set_css_name (widget_class, "thumbnail");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
vitrine_thumbnail_init (VitrineThumbnail *self)
{
  self->cancellable = g_cancellable_new ();
  self->width = 1;
  self->height = 1;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

void
vitrine_thumbnail_set_shape (VitrineThumbnail *self,
                             int               width,
                             int               height)
{
  g_return_if_fail (VITRINE_IS_THUMBNAIL (self));

  self->width = width > 0 && height > 0 ? width : MAX_HEIGHT;
  self->height = width > 0 && height > 0 ? height : MAX_HEIGHT;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
vitrine_thumbnail_set_path (VitrineThumbnail *self,
                            const char       *path)
{
  g_return_if_fail (VITRINE_IS_THUMBNAIL (self));

  if (g_strcmp0 (self->path, path) == 0)
    return;

  g_free (self->path);
  self->path = g_strdup (path);

  if (path != NULL)
    vitrine_picture_load_async (path, 2 * MAX_WIDTH, self->cancellable,
                                on_loaded, g_object_ref (self));
}
