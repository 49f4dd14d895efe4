/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-devices-page"

#include "config.h"

#include "vitrine-devices-page.h"

#include "vitrine-compat.h"
#include "vitrine-device-row.h"

#include <glib/gi18n.h>

struct _VitrineDevicesPage
{
  AdwBin parent_instance;

  Client *client;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (VitrineDevicesPage, vitrine_devices_page, ADW_TYPE_BIN)

static void
on_revoked (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (VitrineDevicesPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!client_request_finish (CLIENT_CLIENT (source), result, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
}

static void
on_confirmed (gpointer user_data)
{
  VitrineDeviceRow *row = user_data;
  VitrineDevicesPage *self =
    VITRINE_DEVICES_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (row), VITRINE_TYPE_DEVICES_PAGE));

  /* The list may be another one by now. */
  if (self != NULL)
    client_revoke_device_async (self->client,
                                client_device_get_id (vitrine_device_row_get_device (row)), NULL,
                                on_revoked, g_object_ref (self));
}

static void
on_sign_out (VitrineDeviceRow *row)
{
  const char *name = client_device_get_name (vitrine_device_row_get_device (row));
  /* Translators: %s is the name of a device */
  g_autofree char *heading = g_strdup_printf (_("Sign Out “%s”?"), name);

  vitrine_compat_confirm (
    GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (row))), heading,
    _(
      "It is cut off at once, and needs your password to come back. What it has already received"
      " stays on it."),
    _("Sign Out"), on_confirmed, g_object_ref (row), g_object_unref);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  GtkWidget *row = vitrine_device_row_new (item);

  g_signal_connect (row, "sign-out", G_CALLBACK (on_sign_out), NULL);

  return row;
}

static void
vitrine_devices_page_finalize (GObject *object)
{
  VitrineDevicesPage *self = VITRINE_DEVICES_PAGE (object);

  g_clear_object (&self->client);

  G_OBJECT_CLASS (vitrine_devices_page_parent_class)->finalize (object);
}

static void
vitrine_devices_page_class_init (VitrineDevicesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = vitrine_devices_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-devices-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineDevicesPage, list);
}

static void
vitrine_devices_page_init (VitrineDevicesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
vitrine_devices_page_set_client (VitrineDevicesPage *self,
                                 Client             *client)
{
  g_return_if_fail (VITRINE_IS_DEVICES_PAGE (self));
  g_return_if_fail (self->client == NULL);

  self->client = g_object_ref (client);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (client_get_devices (client)), create_row, self,
                           NULL);
}
