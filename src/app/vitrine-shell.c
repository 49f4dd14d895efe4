/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-shell"

#include "config.h"

#include "vitrine-shell.h"

#include <glib/gi18n.h>

#define SIDEBAR_MIN_WIDTH 280
#define CONTENT_MIN_WIDTH 330

struct _VitrineShell
{
  AdwBin parent_instance;

  GtkWidget *sidebar; /* (unowned) */
#if ADW_CHECK_VERSION (1, 4, 0)
  AdwNavigationSplitView *split;
#else
  AdwLeaflet *leaflet;
#endif
  gboolean is_only_content;
};

enum
{
  PROP_0,
  PROP_FOLDED,
  PROP_SHOWING_CONTENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (VitrineShell, vitrine_shell, ADW_TYPE_BIN)

static void
on_folded_changed (VitrineShell *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDED]);
}

static void
on_pane_changed (VitrineShell *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWING_CONTENT]);
}

#if ADW_CHECK_VERSION (1, 4, 0)

static void
shell_build (VitrineShell *self)
{
  AdwBreakpointBin *bin = ADW_BREAKPOINT_BIN (adw_breakpoint_bin_new ());
  AdwBreakpoint *breakpoint =
    adw_breakpoint_new (adw_breakpoint_condition_parse ("max-width: 640sp"));
  g_auto (GValue) collapsed = G_VALUE_INIT;

  self->split = ADW_NAVIGATION_SPLIT_VIEW (adw_navigation_split_view_new ());
  adw_navigation_split_view_set_min_sidebar_width (self->split, SIDEBAR_MIN_WIDTH);
  adw_navigation_split_view_set_max_sidebar_width (self->split, 340);

  g_value_init (&collapsed, G_TYPE_BOOLEAN);
  g_value_set_boolean (&collapsed, TRUE);
  adw_breakpoint_add_setter (breakpoint, G_OBJECT (self->split), "collapsed", &collapsed);

  gtk_widget_set_size_request (GTK_WIDGET (bin), CONTENT_MIN_WIDTH, 300);
  adw_breakpoint_bin_add_breakpoint (bin, breakpoint);
  adw_breakpoint_bin_set_child (bin, GTK_WIDGET (self->split));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (bin));

  g_signal_connect_object (self->split, "notify::collapsed", G_CALLBACK (on_folded_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->split, "notify::show-content", G_CALLBACK (on_pane_changed),
                           self, G_CONNECT_SWAPPED);
}

static gboolean
shell_is_folded (VitrineShell *self)
{
  return adw_navigation_split_view_get_collapsed (self->split);
}

static gboolean
shell_is_showing_content (VitrineShell *self)
{
  return adw_navigation_split_view_get_show_content (self->split);
}

void
vitrine_shell_set_panes (VitrineShell *self,
                         GtkWidget    *sidebar,
                         GtkWidget    *content)
{
  g_return_if_fail (VITRINE_IS_SHELL (self));

  self->sidebar = sidebar;
  adw_navigation_split_view_set_sidebar (self->split,
                                         adw_navigation_page_new (sidebar, _("Conversations")));
  adw_navigation_split_view_set_content (self->split,
                                         adw_navigation_page_new (content, _("Conversation")));
}

void
vitrine_shell_show_content (VitrineShell *self,
                            gboolean      show_content)
{
  g_return_if_fail (VITRINE_IS_SHELL (self));

  adw_navigation_split_view_set_show_content (self->split, show_content);
}

void
vitrine_shell_set_only_content (VitrineShell *self,
                                gboolean      only_content)
{
  g_return_if_fail (VITRINE_IS_SHELL (self));

  if (self->is_only_content == only_content)
    return;

  self->is_only_content = only_content;
  adw_navigation_split_view_set_collapsed (self->split, only_content);

  if (only_content)
    adw_navigation_split_view_set_show_content (self->split, TRUE);
}

#else

static void
shell_build (VitrineShell *self)
{
  self->leaflet = ADW_LEAFLET (adw_leaflet_new ());
  adw_leaflet_set_can_navigate_back (self->leaflet, TRUE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->leaflet));

  g_signal_connect_object (self->leaflet, "notify::folded", G_CALLBACK (on_folded_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->leaflet, "notify::visible-child", G_CALLBACK (on_pane_changed),
                           self, G_CONNECT_SWAPPED);
}

static gboolean
shell_is_folded (VitrineShell *self)
{
  return adw_leaflet_get_folded (self->leaflet);
}

static gboolean
shell_is_showing_content (VitrineShell *self)
{
  return adw_leaflet_get_visible_child (self->leaflet) != self->sidebar;
}

void
vitrine_shell_set_panes (VitrineShell *self,
                         GtkWidget    *sidebar,
                         GtkWidget    *content)
{
  GtkWidget *separator = gtk_separator_new (GTK_ORIENTATION_VERTICAL);

  g_return_if_fail (VITRINE_IS_SHELL (self));

  self->sidebar = sidebar;
  gtk_widget_set_size_request (sidebar, SIDEBAR_MIN_WIDTH, -1);
  gtk_widget_set_size_request (content, CONTENT_MIN_WIDTH, -1);
  gtk_widget_set_hexpand_set (sidebar, TRUE);
  gtk_widget_set_hexpand (content, TRUE);

  adw_leaflet_append (self->leaflet, sidebar);
  adw_leaflet_page_set_navigatable (adw_leaflet_append (self->leaflet, separator), FALSE);
  adw_leaflet_append (self->leaflet, content);

  g_object_bind_property (sidebar, "visible", separator, "visible", G_BINDING_SYNC_CREATE);
}

void
vitrine_shell_show_content (VitrineShell *self,
                            gboolean      show_content)
{
  g_return_if_fail (VITRINE_IS_SHELL (self));

  adw_leaflet_navigate (self->leaflet, show_content ? ADW_NAVIGATION_DIRECTION_FORWARD
                                                    : ADW_NAVIGATION_DIRECTION_BACK);
}

void
vitrine_shell_set_only_content (VitrineShell *self,
                                gboolean      only_content)
{
  g_return_if_fail (VITRINE_IS_SHELL (self));

  if (self->is_only_content == only_content)
    return;

  self->is_only_content = only_content;

  if (only_content)
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);

  gtk_widget_set_visible (self->sidebar, !only_content);
}

#endif

static void
vitrine_shell_get_property (GObject    *object,
                            unsigned    property_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  VitrineShell *self = VITRINE_SHELL (object);

  switch (property_id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, shell_is_folded (self));
      break;

    case PROP_SHOWING_CONTENT:
      g_value_set_boolean (value, shell_is_showing_content (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
vitrine_shell_class_init (VitrineShellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = vitrine_shell_get_property;

  properties[PROP_FOLDED] =
    g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SHOWING_CONTENT] =
    g_param_spec_boolean ("showing-content", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vitrine_shell_init (VitrineShell *self)
{
  shell_build (self);
}

gboolean
vitrine_shell_get_folded (VitrineShell *self)
{
  g_return_val_if_fail (VITRINE_IS_SHELL (self), FALSE);

  return shell_is_folded (self);
}
