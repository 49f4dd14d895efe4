/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-play-bar"

#include "config.h"

#include "vitrine-play-bar.h"

#include "vitrine-words.h"

#include <glib/gi18n.h>

#define TICK_MS 250

/* What somebody drags is asked for when the hand rests, and not at each pixel: a seek in a film
 * takes its time. */
#define REST_MS 150

struct _VitrinePlayBar
{
  GtkWidget parent_instance;

  gboolean in_control;
  gboolean playing;
  int64_t position_us; /* at */
  int64_t at_us;       /* monotonic */
  int64_t duration_us;
  int64_t wanted_us;   /* where the hand is; only while rest_id */
  unsigned tick_id;
  unsigned rest_id;

  GtkLabel *heading;
  GtkButton *play_button;
  GtkLabel *elapsed;
  GtkWidget *scale;
  GtkAdjustment *position;
  GtkLabel *length;
};

enum
{
  PLAY,
  SEEK,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrinePlayBar, vitrine_play_bar, GTK_TYPE_WIDGET)

static int64_t
bar_now (VitrinePlayBar *self)
{
  int64_t now_us = self->position_us;

  if (self->rest_id != 0)
    return self->wanted_us;

  if (self->playing)
    now_us += g_get_monotonic_time () - self->at_us;

  return self->duration_us > 0 ? CLAMP (now_us, 0, self->duration_us) : MAX (now_us, 0);
}

static gboolean
bar_is_at_end (VitrinePlayBar *self)
{
  return self->duration_us > 0 && bar_now (self) >= self->duration_us;
}

/* At the end nothing plays any more, and the button begins anew. */
static void
bar_update_button (VitrinePlayBar *self)
{
  gboolean moves = self->playing && !bar_is_at_end (self);
  const char *name = moves ? _("Pause") : _("Play");

  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (self->play_button)), name) == 0)
    return;

  gtk_button_set_icon_name (self->play_button, moves ? "media-playback-pause-symbolic"
                                                     : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->play_button), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
bar_show_time (VitrinePlayBar *self)
{
  int64_t now_us = bar_now (self);
  g_autofree char *elapsed = vitrine_words_elapsed (now_us);

  gtk_label_set_label (self->elapsed, elapsed);
  gtk_adjustment_set_value (self->position, now_us / (double) G_USEC_PER_SEC);
  bar_update_button (self);
}

static void
bar_update (VitrinePlayBar *self)
{
  g_autofree char *length = self->duration_us > 0 ? vitrine_words_elapsed (self->duration_us)
                                                  : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->play_button), self->in_control);
  gtk_widget_set_sensitive (self->scale, self->in_control && self->duration_us > 0);
  gtk_widget_set_visible (self->scale, self->duration_us > 0);
  gtk_label_set_label (self->length, length != NULL ? length : "");
  gtk_adjustment_set_upper (self->position, MAX (self->duration_us, 0) / (double) G_USEC_PER_SEC);
  bar_show_time (self);
}

static gboolean
on_tick (gpointer user_data)
{
  bar_show_time (user_data);

  return G_SOURCE_CONTINUE;
}

static void
bar_follow_time (VitrinePlayBar *self)
{
  gboolean moves = self->playing && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (moves && self->tick_id == 0)
    self->tick_id = g_timeout_add (TICK_MS, on_tick, self);
  else if (!moves)
    g_clear_handle_id (&self->tick_id, g_source_remove);
}

static gboolean
on_rest (gpointer user_data)
{
  VitrinePlayBar *self = user_data;

  self->rest_id = 0;
  self->position_us = self->wanted_us;
  self->at_us = g_get_monotonic_time ();
  g_signal_emit (self, signals[SEEK], 0, self->wanted_us);

  return G_SOURCE_REMOVE;
}

static gboolean
on_change_value (GtkRange       *range,
                 GtkScrollType   scroll,
                 double          value,
                 VitrinePlayBar *self)
{
  self->wanted_us =
    (int64_t) (CLAMP (value, 0.0, gtk_adjustment_get_upper (self->position)) * G_USEC_PER_SEC);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  self->rest_id = g_timeout_add (REST_MS, on_rest, self);
  bar_show_time (self);

  return TRUE;
}

static void
vitrine_play_bar_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (vitrine_play_bar_parent_class)->map (widget);

  bar_follow_time (VITRINE_PLAY_BAR (widget));
}

static void
vitrine_play_bar_unmap (GtkWidget *widget)
{
  VitrinePlayBar *self = VITRINE_PLAY_BAR (widget);

  GTK_WIDGET_CLASS (vitrine_play_bar_parent_class)->unmap (widget);

  g_clear_handle_id (&self->tick_id, g_source_remove);
}

static void
vitrine_play_bar_dispose (GObject *object)
{
  VitrinePlayBar *self = VITRINE_PLAY_BAR (object);
  GtkWidget *child;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->rest_id, g_source_remove);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (vitrine_play_bar_parent_class)->dispose (object);
}

static void
vitrine_play_bar_class_init (VitrinePlayBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_play_bar_dispose;
  widget_class->map = vitrine_play_bar_map;
  widget_class->unmap = vitrine_play_bar_unmap;

  signals[PLAY] = g_signal_new ("play", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SEEK] = g_signal_new ("seek", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT64);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-play-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrinePlayBar, heading);
  gtk_widget_class_bind_template_child (widget_class, VitrinePlayBar, play_button);
  gtk_widget_class_bind_template_child (widget_class, VitrinePlayBar, elapsed);
  gtk_widget_class_bind_template_child (widget_class, VitrinePlayBar, scale);
  gtk_widget_class_bind_template_child (widget_class, VitrinePlayBar, position);
  gtk_widget_class_bind_template_child (widget_class, VitrinePlayBar, length);
  gtk_widget_class_bind_template_callback (widget_class, on_change_value);
  gtk_widget_class_bind_template_callback (widget_class, vitrine_play_bar_toggle);
}

static void
vitrine_play_bar_init (VitrinePlayBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bar_update (self);
}

void
vitrine_play_bar_set_in_control (VitrinePlayBar *self,
                                 gboolean        in_control)
{
  g_return_if_fail (VITRINE_IS_PLAY_BAR (self));

  self->in_control = in_control;
  bar_update (self);
}

void
vitrine_play_bar_set_progress (VitrinePlayBar *self,
                               gboolean        playing,
                               int64_t         position_us,
                               int64_t         duration_us)
{
  g_return_if_fail (VITRINE_IS_PLAY_BAR (self));

  self->playing = playing;
  self->position_us = position_us;
  self->at_us = g_get_monotonic_time ();
  self->duration_us = duration_us;
  bar_update (self);
  bar_follow_time (self);
}

void
vitrine_play_bar_set_heading (VitrinePlayBar *self,
                              const char     *heading)
{
  g_return_if_fail (VITRINE_IS_PLAY_BAR (self));

  gtk_label_set_label (self->heading, heading != NULL ? heading : "");
  gtk_widget_set_visible (GTK_WIDGET (self->heading), heading != NULL);
}

void
vitrine_play_bar_toggle (VitrinePlayBar *self)
{
  g_return_if_fail (VITRINE_IS_PLAY_BAR (self));

  if (!bar_is_at_end (self))
    {
      g_signal_emit (self, signals[PLAY], 0, !self->playing);
      return;
    }

  /* The hand that went to the end may not have come to rest. */
  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_signal_emit (self, signals[SEEK], 0, (int64_t) 0);
  if (!self->playing)
    g_signal_emit (self, signals[PLAY], 0, TRUE);
}
