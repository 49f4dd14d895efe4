/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-device-row"

#include "config.h"

#include "vitrine-device-row.h"

#include "vitrine-names.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

struct _VitrineDeviceRow
{
  AdwActionRow parent_instance;

  ClientDevice *device;
  GtkWidget *button;
};

enum
{
  SIGN_OUT,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineDeviceRow, vitrine_device_row, ADW_TYPE_ACTION_ROW)

static char *
row_dup_state (VitrineDeviceRow *self)
{
  g_autofree char *when = NULL;

  if (client_device_is_this_one (self->device))
    return g_strdup (_("This device"));

  if (client_device_is_online (self->device))
    return g_strdup (_("Connected now"));

  when = vitrine_words_day (client_device_get_seen_us (self->device), g_get_real_time ());

  /* Translators: %s is a day, such as "Yesterday" or "5 March 2026" */
  return g_strdup_printf (_("Last seen: %s"), when);
}

static void
row_update (VitrineDeviceRow *self)
{
  const char *name = client_device_get_name (self->device);
  g_autofree char *state = row_dup_state (self);
  /* Translators: for screen readers; %s is the name of a device */
  g_autofree char *sign_out = g_strdup_printf (_("Sign Out %s"), name);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), state);
  vitrine_name_button (GTK_BUTTON (self->button), sign_out);
  gtk_widget_set_visible (self->button, !client_device_is_this_one (self->device));
}

static void
on_clicked (VitrineDeviceRow *self)
{
  g_signal_emit (self, signals[SIGN_OUT], 0);
}

static void
vitrine_device_row_finalize (GObject *object)
{
  VitrineDeviceRow *self = VITRINE_DEVICE_ROW (object);

  g_clear_object (&self->device);

  G_OBJECT_CLASS (vitrine_device_row_parent_class)->finalize (object);
}

static void
vitrine_device_row_class_init (VitrineDeviceRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vitrine_device_row_finalize;

  signals[SIGN_OUT] = g_signal_new ("sign-out", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
vitrine_device_row_init (VitrineDeviceRow *self)
{
  /* The name comes from another machine. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self),
                             gtk_image_new_from_icon_name ("computer-symbolic"));

  self->button = gtk_button_new_with_label (_("Sign Out"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (on_clicked), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
vitrine_device_row_new (ClientDevice *device)
{
  VitrineDeviceRow *self = g_object_new (VITRINE_TYPE_DEVICE_ROW, NULL);

  self->device = g_object_ref (device);
  g_signal_connect_object (device, "notify", G_CALLBACK (row_update), self, G_CONNECT_SWAPPED);
  row_update (self);

  return GTK_WIDGET (self);
}

ClientDevice *
vitrine_device_row_get_device (VitrineDeviceRow *self)
{
  g_return_val_if_fail (VITRINE_IS_DEVICE_ROW (self), NULL);

  return self->device;
}
