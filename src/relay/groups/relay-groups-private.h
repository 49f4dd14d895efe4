/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-group-pace.h"
#include "relay-groups.h"

G_BEGIN_DECLS

/* Between relay-groups.c, what our people say, and relay-groups-homes.c, what other homes say. */

struct _RelayGroups
{
  GObject parent_instance;

  RelayContext *context;
  RelayGroupPace *pace;
};

gboolean    relay_groups_is_ours   (RelayGroups    *self,
                                    const char     *address);

/* Of @message, which is stamped, and goes to the group; with those who cannot be added by it.
 * (transfer full) */
RelayWrite *relay_groups_new_write (RelayGroups    *self,
                                    RelayWriteKind  kind,
                                    CpmMessage     *message);

G_END_DECLS
