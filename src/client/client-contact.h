/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-capabilities.h"

G_BEGIN_DECLS

/**
 * ClientContact:
 *
 * A person on this account's list. Properties with notify: "address", "name" (for people: the part
 * before the @, capitalised, until people have names), "online", "presence-known" (FALSE while we
 * are not connected ourselves, and for people whose presence nobody tells us), "capabilities",
 * "photos-allowed" (whether this person's requests for a photograph are answered by themselves
 * while a camera is shown to them: client_allow_photos()). The members of groups are
 * ClientContacts, too; oneself is one there.
 */
#define CLIENT_TYPE_CONTACT (client_contact_get_type ())
G_DECLARE_FINAL_TYPE (ClientContact, client_contact, CLIENT, CONTACT, GObject)

const char    *client_contact_get_address      (ClientContact *self);
const char    *client_contact_get_name         (ClientContact *self);
gboolean       client_contact_is_online        (ClientContact *self);
gboolean       client_contact_is_presence_known (ClientContact *self);
CpmCapability  client_contact_get_capabilities (ClientContact *self);
gboolean       client_contact_are_photos_allowed (ClientContact *self);

G_END_DECLS
