/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-series-bar"

#include "config.h"

#include "vitrine-series-bar.h"

#include "vitrine-names.h"

#include <glib/gi18n.h>

struct _VitrineSeriesBar
{
  GtkWidget parent_instance;

  GSimpleAction *timer_action; /* state: the seconds, as text (what a menu can name) */

  GtkLabel *page;
  GtkMenuButton *timer_button;
};

enum
{
  PREVIOUS,
  NEXT,
  TIMER,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineSeriesBar, vitrine_series_bar, GTK_TYPE_WIDGET)

static void
on_previous (VitrineSeriesBar *self)
{
  g_signal_emit (self, signals[PREVIOUS], 0);
}

static void
on_next (VitrineSeriesBar *self)
{
  g_signal_emit (self, signals[NEXT], 0);
}

static void
on_timer (VitrineSeriesBar *self,
          GVariant         *value)
{
  unsigned seconds = (unsigned) g_ascii_strtoull (g_variant_get_string (value, NULL), NULL, 10);

  vitrine_series_bar_set_timer (self, seconds);
  g_signal_emit (self, signals[TIMER], 0, seconds);
}

static void
vitrine_series_bar_dispose (GObject *object)
{
  VitrineSeriesBar *self = VITRINE_SERIES_BAR (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  g_clear_object (&self->timer_action);

  G_OBJECT_CLASS (vitrine_series_bar_parent_class)->dispose (object);
}

static void
vitrine_series_bar_class_init (VitrineSeriesBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_series_bar_dispose;

  signals[PREVIOUS] = g_signal_new ("previous", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[NEXT] = g_signal_new ("next", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                0);
  signals[TIMER] = g_signal_new ("timer", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-series-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineSeriesBar, page);
  gtk_widget_class_bind_template_child (widget_class, VitrineSeriesBar, timer_button);
  gtk_widget_class_bind_template_callback (widget_class, on_next);
  gtk_widget_class_bind_template_callback (widget_class, on_previous);
}

static void
vitrine_series_bar_init (VitrineSeriesBar *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  vitrine_name_menu_button (self->timer_button, _("How Long Each Picture Stands"));

  self->timer_action = g_simple_action_new_stateful ("timer", G_VARIANT_TYPE_STRING,
                                                     g_variant_new_string ("0"));
  g_signal_connect_object (self->timer_action, "change-state", G_CALLBACK (on_timer), self,
                           G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (self->timer_action));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "series", G_ACTION_GROUP (group));
}

void
vitrine_series_bar_set_page (VitrineSeriesBar *self,
                             unsigned          page,
                             unsigned          n_pages)
{
  g_autofree char *text = NULL;

  g_return_if_fail (VITRINE_IS_SERIES_BAR (self));

  if (page > 0)
    /* Translators: which picture of a series is shown: 3 of 12 */
    text = g_strdup_printf (_("Picture %u of %u"), page, n_pages);

  gtk_label_set_label (self->page, text != NULL ? text : "");
}

void
vitrine_series_bar_set_timer (VitrineSeriesBar *self,
                              unsigned          seconds)
{
  g_autofree char *text = g_strdup_printf ("%u", seconds);

  g_return_if_fail (VITRINE_IS_SERIES_BAR (self));

  g_simple_action_set_state (self->timer_action, g_variant_new_string (text));
}
