/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-fanout"

#include "config.h"

#include "relay-fanout.h"

G_DEFINE_INTERFACE (RelayFanout, relay_fanout, G_TYPE_OBJECT)

static void
relay_fanout_default_init (RelayFanoutInterface *iface)
{
  static const struct { const char *name; gboolean has_who; } names[] = {
    { "publishing", FALSE },
    { "publisher-lost", FALSE },
    { "joined", TRUE },
    { "left", TRUE },
    { "keyframe-needed", FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_new (names[i].name, G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, names[i].has_who ? 2 : 1, G_TYPE_STRING, G_TYPE_STRING);
}

void
relay_fanout_open (RelayFanout *self,
                   const char  *share,
                   const char  *publisher,
                   const char  *token)
{
  g_return_if_fail (RELAY_IS_FANOUT (self));

  RELAY_FANOUT_GET_IFACE (self)->open (self, share, publisher, token);
}

void
relay_fanout_admit (RelayFanout *self,
                    const char  *share,
                    const char  *who,
                    const char  *token)
{
  g_return_if_fail (RELAY_IS_FANOUT (self));

  RELAY_FANOUT_GET_IFACE (self)->admit (self, share, who, token);
}

void
relay_fanout_expel (RelayFanout *self,
                    const char  *share,
                    const char  *who)
{
  g_return_if_fail (RELAY_IS_FANOUT (self));

  RELAY_FANOUT_GET_IFACE (self)->expel (self, share, who);
}

void
relay_fanout_close (RelayFanout *self,
                    const char  *share)
{
  g_return_if_fail (RELAY_IS_FANOUT (self));

  RELAY_FANOUT_GET_IFACE (self)->close (self, share);
}

void
relay_fanout_set_rendition (RelayFanout *self,
                            const char  *share,
                            const char  *who,
                            unsigned     rendition)
{
  g_return_if_fail (RELAY_IS_FANOUT (self));
  g_return_if_fail (rendition <= 1);

  /* Whoever has one rendition only has no choice. */
  if (RELAY_FANOUT_GET_IFACE (self)->set_rendition != NULL)
    RELAY_FANOUT_GET_IFACE (self)->set_rendition (self, share, who, rendition);
}
