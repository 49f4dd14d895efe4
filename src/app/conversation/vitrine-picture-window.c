/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-picture-window"

#include "config.h"

#include "vitrine-picture-window.h"

#include "vitrine-compat.h"
#include "vitrine-picture-loader.h"

#include <glib/gi18n.h>

#define ZOOM_STEP 1.25
#define ZOOM_MIN 0.05
#define ZOOM_MAX 8.0

/* More than any screen has, and no more memory than a few of those. */
#define MAX_EDGE 6000

struct _VitrinePictureWindow
{
  AdwWindow parent_instance;

  char *path;
  GCancellable *cancellable;
  GdkPaintable *paintable; /* (nullable) */
  double zoom;             /* 0: as large as the window */

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkStack *stack;
  GtkWidget *scroller;
  GtkPicture *picture;
  AdwStatusPage *trouble;
};

G_DEFINE_FINAL_TYPE (VitrinePictureWindow, vitrine_picture_window, ADW_TYPE_WINDOW)

/* How large it is when it just fits. */
static double
window_fit_zoom (VitrinePictureWindow *self)
{
  double width = gtk_widget_get_width (self->scroller);
  double height = gtk_widget_get_height (self->scroller);

  return MIN (1.0, MIN (width / gdk_paintable_get_intrinsic_width (self->paintable),
                        height / gdk_paintable_get_intrinsic_height (self->paintable)));
}

static void
window_set_zoom (VitrinePictureWindow *self,
                 double                zoom)
{
  int width = -1, height = -1;

  if (self->paintable == NULL)
    return;

  self->zoom = zoom;

  if (zoom > 0.0)
    {
      width = (int) (gdk_paintable_get_intrinsic_width (self->paintable) * zoom);
      height = (int) (gdk_paintable_get_intrinsic_height (self->paintable) * zoom);
    }

  gtk_widget_set_size_request (GTK_WIDGET (self->picture), width, height);
}

static void
window_zoom_by (VitrinePictureWindow *self,
                double                factor)
{
  double from;

  if (self->paintable == NULL)
    return;

  from = self->zoom > 0.0 ? self->zoom : window_fit_zoom (self);
  window_set_zoom (self, CLAMP (from * factor, ZOOM_MIN, ZOOM_MAX));
}

static void
zoom_in_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  window_zoom_by (VITRINE_PICTURE_WINDOW (widget), ZOOM_STEP);
}

static void
zoom_out_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  window_zoom_by (VITRINE_PICTURE_WINDOW (widget), 1 / ZOOM_STEP);
}

static void
zoom_fit_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  window_set_zoom (VITRINE_PICTURE_WINDOW (widget), 0.0);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           VitrinePictureWindow     *self)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;

  window_zoom_by (self, dy < 0 ? ZOOM_STEP : 1 / ZOOM_STEP);

  return GDK_EVENT_STOP;
}

static void
window_toast (VitrinePictureWindow *self,
              const char           *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
on_copied (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (VitrinePictureWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (g_file_copy_finish (G_FILE (source), result, &error))
    text = g_strdup (_("The picture was saved"));
  else
    /* Translators: %s is the reason, a sentence */
    text = g_strdup_printf (_("The picture could not be saved: %s"), error->message);

  window_toast (self, text);
}

static void
on_save_path (const char *path,
              gpointer    user_data)
{
  VitrinePictureWindow *self = user_data;
  g_autoptr (GFile) from = NULL;
  g_autoptr (GFile) to = NULL;

  if (path == NULL)
    return;

  from = g_file_new_for_path (self->path);
  to = g_file_new_for_path (path);
  g_file_copy_async (from, to, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS,
                     G_PRIORITY_DEFAULT, NULL, NULL, NULL, on_copied, g_object_ref (self));
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  VitrinePictureWindow *self = VITRINE_PICTURE_WINDOW (widget);

  vitrine_compat_save_file (GTK_WINDOW (self), _("Save the Picture"),
                            adw_window_title_get_title (self->title),
                            on_save_path, g_object_ref (self), g_object_unref);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (VitrinePictureWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = vitrine_picture_load_finish (result, &error);
  g_autofree char *size = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (texture == NULL)
    {
      adw_status_page_set_description (self->trouble, error->message);
      gtk_stack_set_visible_child_name (self->stack, "trouble");
      return;
    }

  self->paintable = GDK_PAINTABLE (g_steal_pointer (&texture));
  /* Translators: width and height of a picture in pixels */
  size = g_strdup_printf (_("%d × %d"), gdk_paintable_get_intrinsic_width (self->paintable),
                          gdk_paintable_get_intrinsic_height (self->paintable));
  adw_window_title_set_subtitle (self->title, size);
  gtk_picture_set_paintable (self->picture, self->paintable);
  gtk_stack_set_visible_child_name (self->stack, "picture");
}

static void
vitrine_picture_window_dispose (GObject *object)
{
  VitrinePictureWindow *self = VITRINE_PICTURE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->paintable);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (vitrine_picture_window_parent_class)->dispose (object);
}

static void
vitrine_picture_window_class_init (VitrinePictureWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_picture_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-picture-window.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureWindow, title);
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureWindow, picture);
  gtk_widget_class_bind_template_child (widget_class, VitrinePictureWindow, trouble);
  gtk_widget_class_bind_template_callback (widget_class, on_scroll);

  gtk_widget_class_install_action (widget_class, "picture.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "picture.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "picture.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "picture.zoom-fit", NULL, zoom_fit_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "picture.save",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_plus, 0, "picture.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Add, 0, "picture.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_minus, 0, "picture.zoom-out", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Subtract, 0, "picture.zoom-out",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0, 0, "picture.zoom-fit", NULL);
}

static void
vitrine_picture_window_init (VitrinePictureWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

VitrinePictureWindow *
vitrine_picture_window_new (GtkWindow  *parent,
                            const char *path,
                            const char *name)
{
  VitrinePictureWindow *self = g_object_new (VITRINE_TYPE_PICTURE_WINDOW,
                                             "transient-for", parent,
                                             NULL);
  g_autofree char *base = g_path_get_basename (name != NULL && *name != '\0' ? name : path);

  self->path = g_strdup (path);
  adw_window_title_set_title (self->title, base);
  gtk_window_set_title (GTK_WINDOW (self), base);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, base, -1);

  vitrine_picture_load_async (path, MAX_EDGE, self->cancellable, on_loaded, g_object_ref (self));

  return self;
}
