/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-pointing"

#include "config.h"

#include "vitrine-pointing.h"

/* So long one holds, or so far one moves, before it is meant. */
#define HOLD_MS 300
#define MOVE_PX 8.0

#define INTERVAL_MS 40

/* Said again though nothing moves, so that nobody takes the dot for forgotten. */
#define REPEAT_MS 1000

#define KEY_STEP 0.02

struct _VitrinePointing
{
  GObject parent_instance;

  VitrineCanvas *canvas; /* (unowned): its owner */
  gboolean is_enabled;
  gboolean is_pointing;
  double x;
  double y;
  int64_t told_us;
  unsigned hold_id;
  unsigned tell_id;
};

enum
{
  POINTED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrinePointing, vitrine_pointing, G_TYPE_OBJECT)

static gboolean on_tell (gpointer user_data);

static void
pointing_tell (VitrinePointing *self)
{
  g_clear_handle_id (&self->tell_id, g_source_remove);
  self->told_us = g_get_monotonic_time ();
  self->tell_id = g_timeout_add (REPEAT_MS, on_tell, self);
  g_signal_emit (self, signals[POINTED], 0, self->x, self->y);
}

static gboolean
on_tell (gpointer user_data)
{
  VitrinePointing *self = user_data;

  self->tell_id = 0;
  pointing_tell (self);

  return G_SOURCE_REMOVE;
}

/* Not more often than is seen: what comes in between is told with the next. */
static void
pointing_move (VitrinePointing *self)
{
  int64_t since_ms = (g_get_monotonic_time () - self->told_us) / 1000;

  self->is_pointing = TRUE;

  if (since_ms >= INTERVAL_MS)
    {
      pointing_tell (self);
      return;
    }

  g_clear_handle_id (&self->tell_id, g_source_remove);
  self->tell_id = g_timeout_add (INTERVAL_MS - since_ms, on_tell, self);
}

static void
pointing_end (VitrinePointing *self)
{
  g_clear_handle_id (&self->hold_id, g_source_remove);
  g_clear_handle_id (&self->tell_id, g_source_remove);

  if (!self->is_pointing)
    return;

  self->is_pointing = FALSE;
  self->told_us = 0;
  g_signal_emit (self, signals[POINTED], 0, -1.0, -1.0);
}

/* From the widget's place to the picture's; FALSE beside it. */
static gboolean
pointing_locate (VitrinePointing *self,
                 double           x,
                 double           y)
{
  graphene_rect_t area;

  vitrine_canvas_get_area (self->canvas, &area);
  if (area.size.width <= 0 || area.size.height <= 0)
    return FALSE;

  x = (x - area.origin.x) / area.size.width;
  y = (y - area.origin.y) / area.size.height;
  if (x < 0.0 || x > 1.0 || y < 0.0 || y > 1.0)
    return FALSE;

  self->x = x;
  self->y = y;

  return TRUE;
}

static gboolean
on_held (gpointer user_data)
{
  VitrinePointing *self = user_data;

  self->hold_id = 0;
  pointing_move (self);

  return G_SOURCE_REMOVE;
}

static void
on_drag_begin (GtkGestureDrag  *gesture,
               double           x,
               double           y,
               VitrinePointing *self)
{
  if (self->is_enabled && pointing_locate (self, x, y))
    self->hold_id = g_timeout_add (HOLD_MS, on_held, self);
}

static void
on_drag_update (GtkGestureDrag  *gesture,
                double           offset_x,
                double           offset_y,
                VitrinePointing *self)
{
  double x, y;

  if (self->hold_id == 0 && !self->is_pointing)
    return;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  if (!pointing_locate (self, x + offset_x, y + offset_y))
    return;

  if (!self->is_pointing && ABS (offset_x) < MOVE_PX && ABS (offset_y) < MOVE_PX)
    return;

  g_clear_handle_id (&self->hold_id, g_source_remove);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  pointing_move (self);
}

static void
on_drag_end (GtkGestureDrag  *gesture,
             double           offset_x,
             double           offset_y,
             VitrinePointing *self)
{
  pointing_end (self);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                unsigned               keyval,
                unsigned               keycode,
                GdkModifierType        state,
                VitrinePointing       *self)
{
  double dx = 0.0, dy = 0.0;

  if (!self->is_enabled || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  if (keyval == GDK_KEY_Escape && self->is_pointing)
    {
      pointing_end (self);
      return GDK_EVENT_STOP;
    }

  if (keyval == GDK_KEY_Left || keyval == GDK_KEY_Right)
    dx = keyval == GDK_KEY_Left ? -KEY_STEP : KEY_STEP;
  else if (keyval == GDK_KEY_Up || keyval == GDK_KEY_Down)
    dy = keyval == GDK_KEY_Up ? -KEY_STEP : KEY_STEP;
  else
    return GDK_EVENT_PROPAGATE;

  /* The first step is the one to the middle. */
  self->x = self->is_pointing ? CLAMP (self->x + dx, 0.0, 1.0) : 0.5;
  self->y = self->is_pointing ? CLAMP (self->y + dy, 0.0, 1.0) : 0.5;
  pointing_move (self);

  return GDK_EVENT_STOP;
}

static void
vitrine_pointing_dispose (GObject *object)
{
  VitrinePointing *self = VITRINE_POINTING (object);

  g_clear_handle_id (&self->hold_id, g_source_remove);
  g_clear_handle_id (&self->tell_id, g_source_remove);

  G_OBJECT_CLASS (vitrine_pointing_parent_class)->dispose (object);
}

static void
vitrine_pointing_class_init (VitrinePointingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vitrine_pointing_dispose;

  signals[POINTED] =
    g_signal_new ("pointed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
vitrine_pointing_init (VitrinePointing *self)
{
}

VitrinePointing *
vitrine_pointing_new (VitrineCanvas *canvas)
{
  VitrinePointing *self = g_object_new (VITRINE_TYPE_POINTING, NULL);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->canvas = canvas;

  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (on_drag_begin), self, 0);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (on_drag_update), self, 0);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (on_drag_end), self, 0);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed), self, 0);
  g_signal_connect_object (focus, "leave", G_CALLBACK (pointing_end), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (canvas), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (canvas), keys);
  gtk_widget_add_controller (GTK_WIDGET (canvas), focus);

  return self;
}

void
vitrine_pointing_set_enabled (VitrinePointing *self,
                              gboolean         enabled)
{
  g_return_if_fail (VITRINE_IS_POINTING (self));

  self->is_enabled = enabled;
  if (!enabled)
    pointing_end (self);
}
