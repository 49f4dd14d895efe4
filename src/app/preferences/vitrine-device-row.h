/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-device.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineDeviceRow:
 *
 * One device: its name, whether it is this one or when it was last seen.
 *
 * Signal: "sign-out": the button was pressed (this device has none).
 */
#define VITRINE_TYPE_DEVICE_ROW (vitrine_device_row_get_type ())
G_DECLARE_FINAL_TYPE (VitrineDeviceRow, vitrine_device_row, VITRINE, DEVICE_ROW, AdwActionRow)

GtkWidget    *vitrine_device_row_new        (ClientDevice     *device);
ClientDevice *vitrine_device_row_get_device (VitrineDeviceRow *self);

G_END_DECLS
