/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-preferences-window"

#include "config.h"

#include "vitrine-preferences-window.h"

#include "vitrine-devices-page.h"
#include "vitrine-privacy-page.h"
#include "vitrine-showing-page.h"

/* In a window below this width, as on a telephone, the names of the pages stand below their
 * signs. */
#define NARROW_WIDTH 560

struct _VitrinePreferencesWindow
{
  AdwWindow parent_instance;

  AdwViewSwitcher *switcher;
  AdwToastOverlay *toasts;
  VitrinePrivacyPage *privacy_page;
  VitrineDevicesPage *devices_page;
};

G_DEFINE_FINAL_TYPE (VitrinePreferencesWindow, vitrine_preferences_window, ADW_TYPE_WINDOW)

static void
toast_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  VitrinePreferencesWindow *self = VITRINE_PREFERENCES_WINDOW (widget);
  g_autofree char *escaped = g_markup_escape_text (g_variant_get_string (parameter, NULL), -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
vitrine_preferences_window_class_init (VitrinePreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (VITRINE_TYPE_DEVICES_PAGE);
  g_type_ensure (VITRINE_TYPE_PRIVACY_PAGE);
  g_type_ensure (VITRINE_TYPE_SHOWING_PAGE);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/app/vitrine/Vitrine/vitrine-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrinePreferencesWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, VitrinePreferencesWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, VitrinePreferencesWindow, privacy_page);
  gtk_widget_class_bind_template_child (widget_class, VitrinePreferencesWindow, devices_page);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
}

static void
vitrine_preferences_window_init (VitrinePreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* As wide as the window below allows: there may be no more room on this screen. */
static void
preferences_fit (VitrinePreferencesWindow *self,
                 int                       parent_width)
{
  if (parent_width <= 0 || parent_width >= NARROW_WIDTH)
    return;

  adw_view_switcher_set_policy (self->switcher, ADW_VIEW_SWITCHER_POLICY_NARROW);
  gtk_window_set_default_size (GTK_WINDOW (self), parent_width, -1);
}

GtkWindow *
vitrine_preferences_window_new (GtkWindow *parent,
                                Client    *client)
{
  VitrinePreferencesWindow *self = g_object_new (VITRINE_TYPE_PREFERENCES_WINDOW, "transient-for",
                                                 parent, NULL);

  preferences_fit (self, gtk_widget_get_width (GTK_WIDGET (parent)));
  vitrine_privacy_page_set_client (self->privacy_page, client);
  vitrine_devices_page_set_client (self->devices_page, client);

  return GTK_WINDOW (self);
}
