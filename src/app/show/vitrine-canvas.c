/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-canvas"

#include "config.h"

#include "vitrine-canvas.h"

#include "vitrine-picture-loader.h"
#include "vitrine-pointing.h"

#include <glib/gi18n.h>

#define DEFAULT_RATIO (16.0 / 9.0)

/* While somebody draws at the window's edge the photograph is not read anew each time. */
#define RELOAD_MS 200

/* A dot of which nothing is heard any more: its person's connection may be gone. */
#define DOT_STAYS_S 4

#define DOT_SIZE 16

struct _VitrineCanvas
{
  GtkWidget parent_instance;

  GtkWidget *picture;
  char *still_path;    /* (nullable) */
  GdkTexture *still;   /* (nullable): of that path */
  int still_edge;      /* the size for which it was read */
  unsigned reload_id;
  GCancellable *cancellable; /* (nullable): of the reading */
  GHashTable *dots;    /* of address: Dot */
};

typedef struct
{
  GtkWidget *widget;
  double x;
  double y;
  unsigned gone_id;
} Dot;

enum
{
  POINTED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineCanvas, vitrine_canvas, GTK_TYPE_WIDGET)

static void
dot_free (gpointer data)
{
  Dot *dot = data;

  g_clear_handle_id (&dot->gone_id, g_source_remove);
  gtk_widget_unparent (dot->widget);
  g_free (dot);
}

/* @ratio: width through height */
static void
fit (const graphene_rect_t *within,
     double                 ratio,
     graphene_rect_t       *out_area)
{
  double width = MIN (within->size.width, within->size.height * ratio);
  double height = width / ratio;

  graphene_rect_init (out_area,
                      within->origin.x + (within->size.width - width) / 2,
                      within->origin.y + (within->size.height - height) / 2,
                      width, height);
}

static void
on_still_loaded (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (VitrineCanvas) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = vitrine_picture_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (texture == NULL)
    g_debug ("the photograph stays a video: %s", error->message);

  g_set_object (&self->still, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static int
canvas_still_edge (VitrineCanvas *self)
{
  graphene_rect_t area;

  vitrine_canvas_get_area (self, &area);

  return (int) (MAX (area.size.width, area.size.height) *
                gtk_widget_get_scale_factor (GTK_WIDGET (self)));
}

/* For the size in which it stands here: scaled once and well, not in each frame. */
static void
canvas_load_still (VitrineCanvas *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->still_edge = canvas_still_edge (self);

  if (self->still_path == NULL || self->still_edge < 1)
    return;

  self->cancellable = g_cancellable_new ();
  vitrine_picture_load_async (self->still_path, self->still_edge, self->cancellable,
                              on_still_loaded, g_object_ref (self));
}

static gboolean
on_reload (gpointer user_data)
{
  VitrineCanvas *self = user_data;

  self->reload_id = 0;
  if (canvas_still_edge (self) != self->still_edge)
    canvas_load_still (self);

  return G_SOURCE_REMOVE;
}

static void
canvas_allocate_dot (VitrineCanvas         *self,
                     const graphene_rect_t *area,
                     Dot                   *dot)
{
  int width, height;
  graphene_point_t origin;

  gtk_widget_measure (dot->widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  gtk_widget_measure (dot->widget, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);

  graphene_point_init (&origin,
                       area->origin.x + dot->x * area->size.width - width / 2.0,
                       area->origin.y + dot->y * area->size.height - DOT_SIZE / 2.0);
  gtk_widget_allocate (dot->widget, width, height, -1, gsk_transform_translate (NULL, &origin));
}

static void
vitrine_canvas_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  VitrineCanvas *self = VITRINE_CANVAS (widget);
  graphene_rect_t area;
  GHashTableIter iter;
  gpointer dot;

  gtk_widget_allocate (self->picture, width, height, -1, NULL);
  vitrine_canvas_get_area (self, &area);

  g_hash_table_iter_init (&iter, self->dots);
  while (g_hash_table_iter_next (&iter, NULL, &dot))
    canvas_allocate_dot (self, &area, dot);

  if (self->still_path != NULL && self->reload_id == 0 &&
      canvas_still_edge (self) != self->still_edge)
    self->reload_id = g_timeout_add (RELOAD_MS, on_reload, self);
}

static void
vitrine_canvas_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  VitrineCanvas *self = VITRINE_CANVAS (widget);

  gtk_widget_measure (self->picture, orientation, for_size, minimum, natural, NULL, NULL);
}

/* The video shows the same photograph, with the same bars around it, but blurred by its way. */
static void
canvas_snapshot_still (VitrineCanvas *self,
                       GtkSnapshot   *snapshot)
{
  const GdkRGBA black = { 0, 0, 0, 1 };
  graphene_rect_t area, place;

  vitrine_canvas_get_area (self, &area);
  fit (&area, gdk_paintable_get_intrinsic_aspect_ratio (GDK_PAINTABLE (self->still)), &place);

  gtk_snapshot_append_color (snapshot, &black, &area);
  gtk_snapshot_append_texture (snapshot, self->still, &place);
}

static void
vitrine_canvas_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  VitrineCanvas *self = VITRINE_CANVAS (widget);
  GHashTableIter iter;
  gpointer dot;

  gtk_widget_snapshot_child (widget, self->picture, snapshot);

  if (self->still != NULL)
    canvas_snapshot_still (self, snapshot);

  g_hash_table_iter_init (&iter, self->dots);
  while (g_hash_table_iter_next (&iter, NULL, &dot))
    gtk_widget_snapshot_child (widget, ((Dot *) dot)->widget, snapshot);
}

static void
on_pointed (VitrineCanvas   *self,
            double           x,
            double           y,
            VitrinePointing *pointing)
{
  if (self->dots == NULL)
    return;

  /* Translators: below the dot with which one points at something oneself */
  vitrine_canvas_point (self, "", _("You"), x, y);
  g_signal_emit (self, signals[POINTED], 0, x, y);
}

static gboolean
on_dot_gone (gpointer user_data)
{
  Dot *dot = user_data;
  VitrineCanvas *self = VITRINE_CANVAS (gtk_widget_get_parent (dot->widget));
  const char *who = g_object_get_data (G_OBJECT (dot->widget), "who");

  dot->gone_id = 0;
  g_hash_table_remove (self->dots, who);

  return G_SOURCE_REMOVE;
}

static Dot *
canvas_add_dot (VitrineCanvas *self,
                const char    *who,
                const char    *name)
{
  Dot *dot = g_new0 (Dot, 1);
  GtkWidget *circle = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *label = gtk_label_new (name);

  dot->widget = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_can_target (dot->widget, FALSE);
  gtk_widget_set_halign (circle, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (circle, DOT_SIZE, DOT_SIZE);
  gtk_widget_add_css_class (circle, "pointer-dot");
  gtk_widget_add_css_class (label, "pointer-name");
  if (*who == '\0')
    gtk_widget_add_css_class (dot->widget, "own");
  gtk_box_append (GTK_BOX (dot->widget), circle);
  gtk_box_append (GTK_BOX (dot->widget), label);

  g_object_set_data_full (G_OBJECT (dot->widget), "who", g_strdup (who), g_free);
  gtk_widget_set_parent (dot->widget, GTK_WIDGET (self));
  g_hash_table_insert (self->dots, g_strdup (who), dot);

  return dot;
}

static void
vitrine_canvas_dispose (GObject *object)
{
  VitrineCanvas *self = VITRINE_CANVAS (object);

  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->still);
  g_clear_pointer (&self->still_path, g_free);
  g_clear_pointer (&self->dots, g_hash_table_unref);
  g_clear_pointer (&self->picture, gtk_widget_unparent);

  G_OBJECT_CLASS (vitrine_canvas_parent_class)->dispose (object);
}

static void
vitrine_canvas_class_init (VitrineCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_canvas_dispose;
  widget_class->measure = vitrine_canvas_measure;
  widget_class->size_allocate = vitrine_canvas_size_allocate;
  widget_class->snapshot = vitrine_canvas_snapshot;

  signals[POINTED] =
    g_signal_new ("pointed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);

  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
vitrine_canvas_init (VitrineCanvas *self)
{
  VitrinePointing *pointing = vitrine_pointing_new (self);

  self->dots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, dot_free);
  self->picture = g_object_new (GTK_TYPE_PICTURE, "accessible-role",
                                GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_set_parent (self->picture, GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);

  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What is shown"),
    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
    _("Point at something by pressing and holding, or with the arrow keys"), -1);
  g_signal_connect_object (pointing, "pointed", G_CALLBACK (on_pointed), self, G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (self), "pointing", pointing, g_object_unref);
}

void
vitrine_canvas_set_video (VitrineCanvas *self,
                          GdkPaintable  *video)
{
  g_return_if_fail (VITRINE_IS_CANVAS (self));

  gtk_picture_set_paintable (GTK_PICTURE (self->picture), video);
}

void
vitrine_canvas_set_still (VitrineCanvas *self,
                          const char    *path)
{
  g_return_if_fail (VITRINE_IS_CANVAS (self));

  if (g_strcmp0 (self->still_path, path) == 0)
    return;

  g_free (self->still_path);
  self->still_path = g_strdup (path);
  g_clear_object (&self->still);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  canvas_load_still (self);
}

gboolean
vitrine_canvas_has_still (VitrineCanvas *self)
{
  g_return_val_if_fail (VITRINE_IS_CANVAS (self), FALSE);

  return self->still != NULL;
}

void
vitrine_canvas_point (VitrineCanvas *self,
                      const char    *who,
                      const char    *name,
                      double         x,
                      double         y)
{
  Dot *dot;

  g_return_if_fail (VITRINE_IS_CANVAS (self));

  if (x < 0)
    {
      g_hash_table_remove (self->dots, who);
      return;
    }

  dot = g_hash_table_lookup (self->dots, who);
  if (dot == NULL)
    dot = canvas_add_dot (self, who, name);

  dot->x = CLAMP (x, 0.0, 1.0);
  dot->y = CLAMP (y, 0.0, 1.0);
  g_clear_handle_id (&dot->gone_id, g_source_remove);
  dot->gone_id = g_timeout_add_seconds (DOT_STAYS_S, on_dot_gone, dot);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
vitrine_canvas_clear_dots (VitrineCanvas *self)
{
  g_return_if_fail (VITRINE_IS_CANVAS (self));

  g_hash_table_remove_all (self->dots);
}

void
vitrine_canvas_set_can_point (VitrineCanvas *self,
                              gboolean       can_point)
{
  g_return_if_fail (VITRINE_IS_CANVAS (self));

  gtk_widget_set_focusable (GTK_WIDGET (self), can_point);
  vitrine_pointing_set_enabled (g_object_get_data (G_OBJECT (self), "pointing"), can_point);
}

void
vitrine_canvas_get_area (VitrineCanvas   *self,
                         graphene_rect_t *out_area)
{
  GdkPaintable *video;
  graphene_rect_t all;
  double ratio;

  g_return_if_fail (VITRINE_IS_CANVAS (self));

  video = gtk_picture_get_paintable (GTK_PICTURE (self->picture));
  ratio = video != NULL ? gdk_paintable_get_intrinsic_aspect_ratio (video) : 0.0;
  graphene_rect_init (&all, 0, 0, gtk_widget_get_width (GTK_WIDGET (self)),
                      gtk_widget_get_height (GTK_WIDGET (self)));
  fit (&all, ratio > 0.0 ? ratio : DEFAULT_RATIO, out_area);
}
