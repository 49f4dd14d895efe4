/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-contact.h"

G_BEGIN_DECLS

ClientContact *client_contact_new          (const char *address);

/* What the relay said about the person's devices. */
void           client_contact_set_presence (ClientContact *self,
                                            gboolean       online,
                                            CpmCapability  capabilities);

void           client_contact_set_photos_allowed (ClientContact *self,
                                                  gboolean       allowed);

/* Nobody tells us any more. */
void           client_contact_forget_presence (ClientContact *self);

G_END_DECLS
