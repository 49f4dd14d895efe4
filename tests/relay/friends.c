/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "friends.h"

void
friends_set_up (Friends       *self,
                gconstpointer  data)
{
  self->home = home_new ();
  self->alice = person_sign_up (self->home, "alice");
  self->emily = person_sign_up (self->home, "emily");
  self->bob = person_sign_up (self->home, "bob");
  self->share = cpm_clock_new_id (CPM_CLOCK (self->home->clock));
}

void
friends_tear_down (Friends       *self,
                   gconstpointer  data)
{
  g_clear_pointer (&self->alice, person_free);
  g_clear_pointer (&self->emily, person_free);
  g_clear_pointer (&self->bob, person_free);
  home_free (self->home);
  g_free (self->share);
}

const char *
friends_invite (Friends    *self,
                Person     *sharer,
                const char *viewers,
                const char *kind)
{
  g_autofree char *more = g_strdup_printf (
    "\"viewers\":[%s],\"content\":{\"kind\":\"%s\",\"audio\":true}", viewers, kind);

  return person_ask (sharer, CPM_MESSAGE_SHARE_INVITE, NULL, share_body (self->share, more));
}

const char *
friends_say (Friends        *self,
             Person         *person,
             CpmMessageType  type)
{
  return person_ask (person, type, NULL, share_body (self->share, ""));
}
