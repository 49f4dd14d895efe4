/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-privacy"

#include "config.h"

#include "client-privacy.h"

#include "cpm-json.h"

#include <string.h>

struct _ClientPrivacy
{
  GObject parent_instance;

  gboolean known;
  gboolean contacts_only;
  gboolean remote;
  unsigned kinds;
  GStrv blocked;
};

G_DEFINE_FINAL_TYPE (ClientPrivacy, client_privacy, G_TYPE_OBJECT)

enum
{
  PROP_KNOWN = 1,
  PROP_CONTACTS_ONLY,
  PROP_REMOTE,
  PROP_KINDS,
  PROP_BLOCKED,
  N_PROPS
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static unsigned signals[N_SIGNALS];

static void
client_privacy_get_property (GObject    *object,
                             unsigned    prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ClientPrivacy *self = CLIENT_PRIVACY (object);

  switch (prop_id)
    {
    case PROP_KNOWN:
      g_value_set_boolean (value, self->known);
      break;

    case PROP_CONTACTS_ONLY:
      g_value_set_boolean (value, self->contacts_only);
      break;

    case PROP_REMOTE:
      g_value_set_boolean (value, self->remote);
      break;

    case PROP_KINDS:
      g_value_set_uint (value, self->kinds);
      break;

    case PROP_BLOCKED:
      g_value_set_boxed (value, self->blocked);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
client_privacy_finalize (GObject *object)
{
  g_strfreev (CLIENT_PRIVACY (object)->blocked);

  G_OBJECT_CLASS (client_privacy_parent_class)->finalize (object);
}

static void
client_privacy_class_init (ClientPrivacyClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = client_privacy_get_property;
  object_class->finalize = client_privacy_finalize;

  properties[PROP_KNOWN] = g_param_spec_boolean ("known", NULL, NULL, FALSE, flags);
  properties[PROP_CONTACTS_ONLY] = g_param_spec_boolean ("contacts-only", NULL, NULL, FALSE, flags);
  properties[PROP_REMOTE] = g_param_spec_boolean ("remote", NULL, NULL, TRUE, flags);
  properties[PROP_KINDS] = g_param_spec_uint ("kinds", NULL, NULL, 0, CLIENT_PRIVACY_ALL_KINDS,
                                              CLIENT_PRIVACY_ALL_KINDS, flags);
  properties[PROP_BLOCKED] = g_param_spec_boxed ("blocked", NULL, NULL, G_TYPE_STRV, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
client_privacy_init (ClientPrivacy *self)
{
  self->remote = TRUE;
  self->kinds = CLIENT_PRIVACY_ALL_KINDS;
  self->blocked = g_new0 (char *, 1);
}

ClientPrivacy *
client_privacy_new (void)
{
  return g_object_new (CLIENT_TYPE_PRIVACY, NULL);
}

static unsigned
read_kinds (JsonArray *names)
{
  unsigned kinds = 0;

  for (unsigned i = 0; names != NULL && i < json_array_get_length (names); i++)
    {
      CpmContentKind kind;

      if (cpm_content_kind_from_string (json_array_get_string_element (names, i), &kind))
        kinds |= CLIENT_PRIVACY_KIND (kind);
    }

  return kinds;
}

static GStrv
read_blocked (JsonArray *names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned i = 0; names != NULL && i < json_array_get_length (names); i++)
    g_strv_builder_add (builder, json_array_get_string_element (names, i));

  return g_strv_builder_end (builder);
}

static void
set_boolean (ClientPrivacy *self,
             gboolean      *field,
             gboolean       value,
             int            prop_id)
{
  if (*field == value)
    return;

  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

void
client_privacy_take (ClientPrivacy *self,
                     JsonObject    *state)
{
  g_auto (GStrv) blocked = NULL;
  unsigned kinds;

  g_return_if_fail (CLIENT_IS_PRIVACY (self));

  g_object_freeze_notify (G_OBJECT (self));
  set_boolean (self, &self->contacts_only, cpm_json_get_boolean (state, "contacts_only", FALSE),
               PROP_CONTACTS_ONLY);
  set_boolean (self, &self->remote, cpm_json_get_boolean (state, "remote", TRUE), PROP_REMOTE);

  kinds = read_kinds (cpm_json_get_array (state, "kinds"));
  if (kinds != self->kinds)
    {
      self->kinds = kinds;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KINDS]);
    }

  blocked = read_blocked (cpm_json_get_array (state, "blocked"));
  if (!g_strv_equal ((const char * const *) blocked, (const char * const *) self->blocked))
    {
      g_strfreev (self->blocked);
      self->blocked = g_steal_pointer (&blocked);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BLOCKED]);
    }

  set_boolean (self, &self->known, TRUE, PROP_KNOWN);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

gboolean
client_privacy_is_known (ClientPrivacy *self)
{
  g_return_val_if_fail (CLIENT_IS_PRIVACY (self), FALSE);

  return self->known;
}

gboolean
client_privacy_is_contacts_only (ClientPrivacy *self)
{
  g_return_val_if_fail (CLIENT_IS_PRIVACY (self), FALSE);

  return self->contacts_only;
}

gboolean
client_privacy_is_remote (ClientPrivacy *self)
{
  g_return_val_if_fail (CLIENT_IS_PRIVACY (self), TRUE);

  return self->remote;
}

unsigned
client_privacy_get_kinds (ClientPrivacy *self)
{
  g_return_val_if_fail (CLIENT_IS_PRIVACY (self), CLIENT_PRIVACY_ALL_KINDS);

  return self->kinds;
}

const char * const *
client_privacy_get_blocked (ClientPrivacy *self)
{
  g_return_val_if_fail (CLIENT_IS_PRIVACY (self), NULL);

  return (const char * const *) self->blocked;
}

gboolean
client_privacy_is_blocked (ClientPrivacy *self,
                           const char    *address)
{
  const char *at;

  g_return_val_if_fail (CLIENT_IS_PRIVACY (self), FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  at = strchr (address, '@');

  return g_strv_contains ((const char * const *) self->blocked, address)
         || (at != NULL && g_strv_contains ((const char * const *) self->blocked, at + 1));
}
