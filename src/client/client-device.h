/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include <gio/gio.h>
#include <stdint.h>

G_BEGIN_DECLS

/**
 * ClientDevice:
 *
 * One device of this person, as the relay last said. Properties with notify: "id", "name" (never
 * empty), "seen-us" (real time), "online", "is-this-one".
 */
#define CLIENT_TYPE_DEVICE (client_device_get_type ())
G_DECLARE_FINAL_TYPE (ClientDevice, client_device, CLIENT, DEVICE, GObject)

const char    *client_device_get_id      (ClientDevice *self);
const char    *client_device_get_name    (ClientDevice *self);
int64_t        client_device_get_seen_us (ClientDevice *self);
gboolean       client_device_is_online   (ClientDevice *self);
gboolean       client_device_is_this_one (ClientDevice *self);

/* As `device.list` has it: for the layer itself. */
ClientDevice  *client_device_new         (const char *id,
                                          gboolean    is_this_one);

/* Whether anything is another than before. */
gboolean       client_device_take        (ClientDevice *self,
                                          JsonObject   *entry);

G_END_DECLS
