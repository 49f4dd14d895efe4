/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-float-window"

#include "config.h"

#include "vitrine-float-window.h"

#include "vitrine-canvas.h"
#include "vitrine-reactions.h"
#include "vitrine-seat.h"
#include "vitrine-together.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

struct _VitrineFloatWindow
{
  AdwWindow parent_instance;

  ClientShare *share;
  VitrineTogether *together;
  GtkWindow *main; /* (nullable): weak */

  AdwWindowTitle *title;
  VitrineCanvas *canvas;
  VitrineReactions *reactions;
};

G_DEFINE_FINAL_TYPE (VitrineFloatWindow, vitrine_float_window, ADW_TYPE_WINDOW)

static void
window_update (VitrineFloatWindow *self)
{
  const CpmContent *content = client_share_get_content (self->share);
  g_autofree char *title = content != NULL ? vitrine_words_content (content)
                                           : g_strdup (_("What is shown"));

  adw_window_title_set_title (self->title, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
  vitrine_canvas_set_still (self->canvas, client_share_get_still (self->share));

  if (client_share_get_state (self->share) == CPM_SESSION_ENDED)
    gtk_window_close (GTK_WINDOW (self));
}

static void
on_back (VitrineFloatWindow *self)
{
  if (self->main != NULL)
    gtk_window_present (self->main);

  gtk_window_close (GTK_WINDOW (self));
}

static void
on_pressed (GtkGestureClick    *gesture,
            int                 n_press,
            double              x,
            double              y,
            VitrineFloatWindow *self)
{
  if (n_press == 2)
    on_back (self);
}

static void
vitrine_float_window_dispose (GObject *object)
{
  VitrineFloatWindow *self = VITRINE_FLOAT_WINDOW (object);

  g_clear_weak_pointer (&self->main);
  g_clear_object (&self->together);
  g_clear_object (&self->share);

  G_OBJECT_CLASS (vitrine_float_window_parent_class)->dispose (object);
}

static void
vitrine_float_window_class_init (VitrineFloatWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_float_window_dispose;

  g_type_ensure (VITRINE_TYPE_CANVAS);
  g_type_ensure (VITRINE_TYPE_REACTIONS);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-float-window.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineFloatWindow, title);
  gtk_widget_class_bind_template_child (widget_class, VitrineFloatWindow, canvas);
  gtk_widget_class_bind_template_child (widget_class, VitrineFloatWindow, reactions);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_pressed);
}

static void
vitrine_float_window_init (VitrineFloatWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
vitrine_float_window_new (GtkWindow   *main,
                          Client      *client,
                          ClientShare *share)
{
  VitrineFloatWindow *self = g_object_new (VITRINE_TYPE_FLOAT_WINDOW, NULL);

  self->share = g_object_ref (share);
  self->together = vitrine_together_new (client, share, self->canvas, self->reactions);
  g_set_weak_pointer (&self->main, main);
  vitrine_canvas_set_video (self->canvas, GDK_PAINTABLE (vitrine_seat_of (share)->paintable));
  g_signal_connect_object (share, "notify", G_CALLBACK (window_update), self, G_CONNECT_SWAPPED);
  window_update (self);

  return GTK_WINDOW (self);
}
