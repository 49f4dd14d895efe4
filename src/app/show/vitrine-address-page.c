/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-address-page"

#include "config.h"

#include "vitrine-address-page.h"

#include <glib/gi18n.h>

struct _VitrineAddressPage
{
  GtkWidget parent_instance;

  GtkEditable *entry;
  GtkLabel *trouble;
  GtkWidget *button;
};

enum
{
  ENTERED,
  BACK,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineAddressPage, vitrine_address_page, GTK_TYPE_WIDGET)

static gboolean
is_camera (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && *host != '\0' &&
         (g_str_equal (g_uri_get_scheme (uri), "rtsp") ||
          g_str_equal (g_uri_get_scheme (uri), "rtsps"));
}

static void
on_changed (VitrineAddressPage *self)
{
  gtk_widget_set_sensitive (self->button, *gtk_editable_get_text (self->entry) != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), FALSE);
}

static void
on_entered (VitrineAddressPage *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));

  if (is_camera (text))
    {
      g_signal_emit (self, signals[ENTERED], 0, text);
      return;
    }

  gtk_label_set_label (
    self->trouble,
    _(
      "The address of a network camera begins with rtsp://, then comes its name or number in the"
      " network."));
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), TRUE);
}

static void
on_back (VitrineAddressPage *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

static gboolean
vitrine_address_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (VITRINE_ADDRESS_PAGE (widget)->entry));
}

static void
vitrine_address_page_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (vitrine_address_page_parent_class)->dispose (object);
}

static void
vitrine_address_page_class_init (VitrineAddressPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vitrine_address_page_dispose;
  widget_class->grab_focus = vitrine_address_page_grab_focus;

  signals[ENTERED] = g_signal_new ("entered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[BACK] = g_signal_new ("back", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-address-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineAddressPage, entry);
  gtk_widget_class_bind_template_child (widget_class, VitrineAddressPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, VitrineAddressPage, button);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_entered);
}

static void
vitrine_address_page_init (VitrineAddressPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
