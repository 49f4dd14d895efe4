/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineDevicesPage:
 *
 * The devices on which this person is signed in: which is this one, when the others were last seen,
 * and a way to sign them out.
 */
#define VITRINE_TYPE_DEVICES_PAGE (vitrine_devices_page_get_type ())
G_DECLARE_FINAL_TYPE (VitrineDevicesPage, vitrine_devices_page, VITRINE, DEVICES_PAGE, AdwBin)

/* Once. */
void vitrine_devices_page_set_client (VitrineDevicesPage *self,
                                      Client             *client);

G_END_DECLS
