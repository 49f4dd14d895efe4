/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-showing-page"

#include "config.h"

#include "vitrine-showing-page.h"

#include "vitrine-settings.h"

struct _VitrineShowingPage
{
  AdwBin parent_instance;

  VitrineSettings *settings;

  GtkSwitch *crossfade;
  GtkSwitch *preview_delayed;
  AdwComboRow *lines;
  AdwComboRow *frames;
};

G_DEFINE_FINAL_TYPE (VitrineShowingPage, vitrine_showing_page, ADW_TYPE_BIN)

/* In the order of the rows' choices. */
static const int lines[] = { 0, 360, 480, 720, 1080 };
static const int frames[] = { 0, 30, 60 };

static void
on_changed (VitrineShowingPage *self)
{
  unsigned n_lines = MIN (adw_combo_row_get_selected (self->lines), G_N_ELEMENTS (lines) - 1);
  unsigned n_frames = MIN (adw_combo_row_get_selected (self->frames), G_N_ELEMENTS (frames) - 1);

  /* While the page is being made. */
  if (self->settings == NULL)
    return;

  vitrine_settings_set_crossfade (self->settings, gtk_switch_get_active (self->crossfade));
  vitrine_settings_set_preview_delayed (self->settings,
                                        gtk_switch_get_active (self->preview_delayed));
  vitrine_settings_set_lines (self->settings, lines[n_lines]);
  vitrine_settings_set_frames (self->settings, frames[n_frames]);
}

static void
select_choice (AdwComboRow *row,
               const int   *choices,
               size_t       n_choices,
               int          choice)
{
  for (size_t i = 0; i < n_choices; i++)
    {
      if (choices[i] == choice)
        adw_combo_row_set_selected (row, i);
    }
}

static void
vitrine_showing_page_dispose (GObject *object)
{
  g_clear_object (&VITRINE_SHOWING_PAGE (object)->settings);

  G_OBJECT_CLASS (vitrine_showing_page_parent_class)->dispose (object);
}

static void
vitrine_showing_page_class_init (VitrineShowingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_showing_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-showing-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineShowingPage, crossfade);
  gtk_widget_class_bind_template_child (widget_class, VitrineShowingPage, preview_delayed);
  gtk_widget_class_bind_template_child (widget_class, VitrineShowingPage, lines);
  gtk_widget_class_bind_template_child (widget_class, VitrineShowingPage, frames);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
vitrine_showing_page_init (VitrineShowingPage *self)
{
  g_autoptr (VitrineSettings) settings = vitrine_settings_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_switch_set_active (self->crossfade, vitrine_settings_get_crossfade (settings));
  gtk_switch_set_active (self->preview_delayed, vitrine_settings_get_preview_delayed (settings));
  select_choice (self->lines, lines, G_N_ELEMENTS (lines), vitrine_settings_get_lines (settings));
  select_choice (self->frames, frames, G_N_ELEMENTS (frames),
                 vitrine_settings_get_frames (settings));
  self->settings = g_steal_pointer (&settings);
}
