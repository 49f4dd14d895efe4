/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _RelayMedia RelayMedia;

/**
 * RelayControl:
 *
 * How the admin program sees a running relay, and rouses it after a change: who connects to the
 * socket admin.sock in the data folder (0600) gets one JSON object that says who is here and what
 * is shown.
 *
 * Signal "asked": somebody connected.
 */
#define RELAY_TYPE_CONTROL (relay_control_get_type ())
G_DECLARE_FINAL_TYPE (RelayControl, relay_control, RELAY, CONTROL, GObject)

/* @folder_fd is an open descriptor of the data folder; @media may be %NULL. */
RelayControl *relay_control_new (RelayContext  *context,
                                 RelayMedia    *media,
                                 int            folder_fd,
                                 GError       **error);

/* The other end: asks the relay that runs on @data_dir. %NULL without error when none runs. */
JsonObject   *relay_control_ask (const char    *data_dir,
                                 GError       **error);

G_END_DECLS
