/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-contact.h"

G_BEGIN_DECLS

/**
 * ClientGroup:
 *
 * What makes a conversation of many: its name, its picture and its people, as the home that keeps
 * the group last said. Lives as long as its #ClientConversation. How it is changed:
 * client_rename_group_async() and its neighbours; what comes of it is seen here when the home has
 * said so.
 *
 * Properties with notify: "address" (the group's, which is the conversation's id, too), "name",
 * "owner" (address), "is-owner" (whether we own it), "is-member" (whether we are in it: who was
 * removed, or left, keeps the conversation and can only read), "picture-path" (%NULL without a
 * picture, and until its file is here), "members" (GListModel of #ClientContact, by name, oneself
 * among them).
 */
#define CLIENT_TYPE_GROUP (client_group_get_type ())
G_DECLARE_FINAL_TYPE (ClientGroup, client_group, CLIENT, GROUP, GObject)

const char  *client_group_get_address      (ClientGroup *self);
const char  *client_group_get_name         (ClientGroup *self);
const char  *client_group_get_owner        (ClientGroup *self);
const char  *client_group_get_picture_path (ClientGroup *self); /* (nullable) */
GListModel  *client_group_get_members      (ClientGroup *self);
gboolean     client_group_is_owner         (ClientGroup *self);
gboolean     client_group_is_member        (ClientGroup *self);
gboolean     client_group_has              (ClientGroup *self,
                                            const char  *address);

G_END_DECLS
