/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-device.h"

G_BEGIN_DECLS

/**
 * ClientDevices:
 *
 * The devices of this person: a #GListModel of #ClientDevice, this one first, then in the order of
 * the relay's list. Empty until the relay has told it; what it said last stays while there is no
 * connection. client_revoke_device_async() signs one of them out.
 */
#define CLIENT_TYPE_DEVICES (client_devices_get_type ())
G_DECLARE_FINAL_TYPE (ClientDevices, client_devices, CLIENT, DEVICES, GObject)

ClientDevice  *client_devices_find (ClientDevices *self,
                                    const char    *id); /* (nullable) */

/* For the layer itself: the model, and a `device.list` that has come. */
ClientDevices *client_devices_new  (void);
void           client_devices_take (ClientDevices *self,
                                    JsonArray     *entries,
                                    const char    *this_one);

G_END_DECLS
