/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-connection"

#include "config.h"

#include "transport-connection.h"

typedef struct
{
  gboolean open;
} TransportConnectionPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TransportConnection, transport_connection, G_TYPE_OBJECT)

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_INVALID,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static void
transport_connection_class_init (TransportConnectionClass *klass)
{
  signals[SIGNAL_MESSAGE] =
    g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CPM_TYPE_MESSAGE);
  signals[SIGNAL_INVALID] =
    g_signal_new ("invalid", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
transport_connection_init (TransportConnection *self)
{
  TransportConnectionPrivate *priv = transport_connection_get_instance_private (self);

  priv->open = TRUE;
}

void
transport_connection_send (TransportConnection *self,
                           CpmMessage          *message)
{
  g_return_if_fail (TRANSPORT_IS_CONNECTION (self));
  g_return_if_fail (CPM_IS_MESSAGE (message));

  if (transport_connection_is_open (self))
    TRANSPORT_CONNECTION_GET_CLASS (self)->send_text (self, cpm_message_get_text (message));
}

void
transport_connection_close (TransportConnection *self)
{
  g_return_if_fail (TRANSPORT_IS_CONNECTION (self));

  if (transport_connection_is_open (self))
    TRANSPORT_CONNECTION_GET_CLASS (self)->close (self);
}

gboolean
transport_connection_is_open (TransportConnection *self)
{
  TransportConnectionPrivate *priv = transport_connection_get_instance_private (self);

  g_return_val_if_fail (TRANSPORT_IS_CONNECTION (self), FALSE);

  return priv->open;
}

void
transport_connection_received (TransportConnection *self,
                               const char          *text,
                               size_t               length)
{
  TransportConnectionPrivate *priv = transport_connection_get_instance_private (self);
  g_autoptr (CpmMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  g_return_if_fail (TRANSPORT_IS_CONNECTION (self));

  if (!priv->open)
    return;

  message = cpm_message_parse (text, length, &id, &error);

  if (message != NULL)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
  else
    g_signal_emit (self, signals[SIGNAL_INVALID], 0, id, error);
}

void
transport_connection_closed (TransportConnection *self,
                             const GError        *error)
{
  TransportConnectionPrivate *priv = transport_connection_get_instance_private (self);

  g_return_if_fail (TRANSPORT_IS_CONNECTION (self));

  if (!priv->open)
    return;

  priv->open = FALSE;
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}
