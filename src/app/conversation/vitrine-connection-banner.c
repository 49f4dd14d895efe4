/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-connection-banner"

#include "config.h"

#include "vitrine-connection-banner.h"

#include <glib/gi18n.h>

struct _VitrineConnectionBanner
{
  GtkWidget parent_instance;

  Client *client; /* (nullable) */

  GtkRevealer *revealer;
  GtkLabel *title;
  GtkLabel *details;
};

G_DEFINE_FINAL_TYPE (VitrineConnectionBanner, vitrine_connection_banner, GTK_TYPE_WIDGET)

static void
banner_update (VitrineConnectionBanner *self)
{
  ClientConnectionState state = client_get_connection_state (self->client);
  const char *why = client_get_error_text (self->client);
  gboolean refused = state == CLIENT_REFUSED;
  gboolean troubled = refused || state == CLIENT_OFFLINE || state == CLIENT_CONNECTING;

  if (troubled)
    gtk_widget_set_visible (gtk_revealer_get_child (self->revealer), TRUE);

  gtk_revealer_set_reveal_child (self->revealer, troubled);

  if (!troubled)
    return;

  gtk_label_set_label (self->title, refused ? _("The relay does not let you in")
                                            : _("Not connected; trying again…"));
  gtk_label_set_label (self->details,
                       refused && why != NULL ? why
                       : _("What you write is kept, and sent as soon as there is a connection."));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), why);
}

/* A screen reader would still read what has been folded away. */
static void
on_child_revealed (VitrineConnectionBanner *self)
{
  gtk_widget_set_visible (gtk_revealer_get_child (self->revealer),
                          gtk_revealer_get_reveal_child (self->revealer) ||
                          gtk_revealer_get_child_revealed (self->revealer));
}

static void
vitrine_connection_banner_dispose (GObject *object)
{
  VitrineConnectionBanner *self = VITRINE_CONNECTION_BANNER (object);
  GtkWidget *child;

  g_clear_object (&self->client);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (vitrine_connection_banner_parent_class)->dispose (object);
}

static void
vitrine_connection_banner_class_init (VitrineConnectionBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_connection_banner_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-connection-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineConnectionBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, VitrineConnectionBanner, title);
  gtk_widget_class_bind_template_child (widget_class, VitrineConnectionBanner, details);
}

static void
vitrine_connection_banner_init (VitrineConnectionBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->revealer, "notify::child-revealed", G_CALLBACK (on_child_revealed),
                           self, G_CONNECT_SWAPPED);
  on_child_revealed (self);
}

void
vitrine_connection_banner_set_client (VitrineConnectionBanner *self,
                                      Client                  *client)
{
  g_return_if_fail (VITRINE_IS_CONNECTION_BANNER (self));
  g_return_if_fail (self->client == NULL);

  self->client = g_object_ref (client);
  g_signal_connect_object (client, "notify::connection-state", G_CALLBACK (banner_update),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::error-text", G_CALLBACK (banner_update),
                           self, G_CONNECT_SWAPPED);
  banner_update (self);
}
