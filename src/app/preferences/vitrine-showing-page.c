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
};

G_DEFINE_FINAL_TYPE (VitrineShowingPage, vitrine_showing_page, ADW_TYPE_BIN)

static void
on_switched (VitrineShowingPage *self)
{
  if (self->settings != NULL)
    vitrine_settings_set_crossfade (self->settings, gtk_switch_get_active (self->crossfade));
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

  gtk_widget_class_set_template_from_resource (widget_class, "/app/vitrine/Vitrine/vitrine-showing-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineShowingPage, crossfade);
  gtk_widget_class_bind_template_callback (widget_class, on_switched);
}

static void
vitrine_showing_page_init (VitrineShowingPage *self)
{
  g_autoptr (VitrineSettings) settings = vitrine_settings_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_switch_set_active (self->crossfade, vitrine_settings_get_crossfade (settings));
  self->settings = g_steal_pointer (&settings);
}
