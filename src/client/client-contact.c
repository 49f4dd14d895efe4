/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-contact"

#include "config.h"

#include "client-contact-private.h"

#include "cpm-address.h"

struct _ClientContact
{
  GObject parent_instance;

  char *address;
  char *name;
  gboolean online;
  gboolean presence_known;
  CpmCapability capabilities;
  gboolean photos_allowed;
};

G_DEFINE_FINAL_TYPE (ClientContact, client_contact, G_TYPE_OBJECT)

enum
{
  PROP_ADDRESS = 1,
  PROP_NAME,
  PROP_ONLINE,
  PROP_PRESENCE_KNOWN,
  PROP_CAPABILITIES,
  PROP_PHOTOS_ALLOWED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
client_contact_get_property (GObject    *object,
                             unsigned    prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ClientContact *self = CLIENT_CONTACT (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_ONLINE:
      g_value_set_boolean (value, self->online);
      break;

    case PROP_PRESENCE_KNOWN:
      g_value_set_boolean (value, self->presence_known);
      break;

    case PROP_CAPABILITIES:
      g_value_set_uint (value, self->capabilities);
      break;

    case PROP_PHOTOS_ALLOWED:
      g_value_set_boolean (value, self->photos_allowed);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
client_contact_finalize (GObject *object)
{
  ClientContact *self = CLIENT_CONTACT (object);

  g_free (self->address);
  g_free (self->name);

  G_OBJECT_CLASS (client_contact_parent_class)->finalize (object);
}

static void
client_contact_class_init (ClientContactClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = client_contact_get_property;
  object_class->finalize = client_contact_finalize;

  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, FALSE, flags);
  properties[PROP_PRESENCE_KNOWN] = g_param_spec_boolean ("presence-known", NULL, NULL, FALSE,
                                                          flags);
  properties[PROP_CAPABILITIES] = g_param_spec_uint ("capabilities", NULL, NULL, 0, G_MAXUINT, 0,
                                                     flags);
  properties[PROP_PHOTOS_ALLOWED] = g_param_spec_boolean ("photos-allowed", NULL, NULL, FALSE,
                                                          flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
client_contact_init (ClientContact *self)
{
}

ClientContact *
client_contact_new (const char *address)
{
  ClientContact *self = g_object_new (CLIENT_TYPE_CONTACT, NULL);

  self->address = g_strdup (address);
  self->name = cpm_address_dup_user (address);
  self->name[0] = g_ascii_toupper (self->name[0]);

  return self;
}

static void
set_presence (ClientContact *self,
              gboolean       known,
              gboolean       online,
              CpmCapability  capabilities)
{
  gboolean known_changed = self->presence_known != known;
  gboolean online_changed = self->online != online;
  gboolean capabilities_changed = self->capabilities != capabilities;

  self->presence_known = known;
  self->online = online;
  self->capabilities = capabilities;

  if (known_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENCE_KNOWN]);

  if (capabilities_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAPABILITIES]);

  if (online_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ONLINE]);
}

void
client_contact_set_presence (ClientContact *self,
                             gboolean       online,
                             CpmCapability  capabilities)
{
  g_return_if_fail (CLIENT_IS_CONTACT (self));

  set_presence (self, TRUE, online, capabilities);
}

void
client_contact_forget_presence (ClientContact *self)
{
  g_return_if_fail (CLIENT_IS_CONTACT (self));

  set_presence (self, FALSE, FALSE, CPM_CAPABILITY_NONE);
}

const char *
client_contact_get_address (ClientContact *self)
{
  g_return_val_if_fail (CLIENT_IS_CONTACT (self), NULL);

  return self->address;
}

const char *
client_contact_get_name (ClientContact *self)
{
  g_return_val_if_fail (CLIENT_IS_CONTACT (self), NULL);

  return self->name;
}

gboolean
client_contact_is_online (ClientContact *self)
{
  g_return_val_if_fail (CLIENT_IS_CONTACT (self), FALSE);

  return self->online;
}

gboolean
client_contact_is_presence_known (ClientContact *self)
{
  g_return_val_if_fail (CLIENT_IS_CONTACT (self), FALSE);

  return self->presence_known;
}

CpmCapability
client_contact_get_capabilities (ClientContact *self)
{
  g_return_val_if_fail (CLIENT_IS_CONTACT (self), CPM_CAPABILITY_NONE);

  return self->capabilities;
}

gboolean
client_contact_are_photos_allowed (ClientContact *self)
{
  g_return_val_if_fail (CLIENT_IS_CONTACT (self), FALSE);

  return self->photos_allowed;
}

void
client_contact_set_photos_allowed (ClientContact *self,
                                   gboolean       allowed)
{
  g_return_if_fail (CLIENT_IS_CONTACT (self));

  if (self->photos_allowed == !!allowed)
    return;

  self->photos_allowed = !!allowed;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PHOTOS_ALLOWED]);
}
