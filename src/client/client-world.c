/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-world"

#include "config.h"

#include "client-world.h"

#include "client-showable.h"

#define MAX_STILLS 4096

ClientWorld *
client_world_new (CpmClock    *clock,
                  ClientStore *store,
                  ClientBook  *book)
{
  ClientWorld *self = g_rc_box_new0 (ClientWorld);

  self->clock = g_object_ref (clock);
  self->store = g_object_ref (store);
  self->book = g_object_ref (book);
  self->play_audio = TRUE;
  self->stills = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

ClientWorld *
client_world_ref (ClientWorld *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  ClientWorld *self = data;

  g_clear_object (&self->clock);
  g_clear_object (&self->store);
  g_clear_object (&self->book);
  g_clear_object (&self->link);
  g_clear_object (&self->devices);
  g_clear_pointer (&self->trust, transport_trust_unref);
  g_hash_table_unref (self->stills);
  g_free (self->account);
  g_free (self->device);
}

void
client_world_unref (ClientWorld *self)
{
  g_rc_box_release_full (self, clear);
}

MediaDevices *
client_world_get_devices (ClientWorld *self)
{
  if (self->devices == NULL)
    self->devices = media_devices_new ();

  return self->devices;
}

void
client_world_note_camera (ClientWorld *self,
                          gboolean     open)
{
  if (!open && self->n_open_cameras == 0)
    return;

  self->n_open_cameras += open ? 1 : -1;
  if (self->cameras_changed != NULL)
    self->cameras_changed (self->cameras_changed_data);
}

static void
set_setting (ClientWorld *self,
             const char  *name,
             const char  *value)
{
  g_autoptr (GError) error = NULL;

  if (!client_store_set_setting (self->store, name, value, &error))
    g_message ("%s", error->message);
}

char *
client_world_dup_camera (ClientWorld *self)
{
  return client_store_dup_setting (self->store, "camera");
}

void
client_world_set_camera (ClientWorld *self,
                         const char  *device)
{
  g_autofree char *last = device == NULL ? client_world_dup_camera (self) : NULL;

  if (last == NULL || client_showable_is_made_up (last))
    set_setting (self, "camera", device);
}

gboolean
client_world_get_microphone (ClientWorld *self)
{
  g_autofree char *value = client_store_dup_setting (self->store, "microphone");

  return g_strcmp0 (value, "off") != 0;
}

void
client_world_set_microphone (ClientWorld *self,
                             gboolean     on)
{
  if (on != client_world_get_microphone (self))
    set_setting (self, "microphone", on ? "on" : "off");
}

static char *
make_still_key (const char *share,
                unsigned    page,
                const char *who)
{
  return g_strdup_printf ("%s %u %s", share, page, who);
}

void
client_world_note_still (ClientWorld *self,
                         const char  *share,
                         unsigned     page,
                         const char  *who,
                         const char  *path)
{
  /* What is forgotten is seen as video. */
  if (g_hash_table_size (self->stills) >= MAX_STILLS)
    g_hash_table_remove_all (self->stills);

  g_hash_table_replace (self->stills, make_still_key (share, page, who), g_strdup (path));
}

const char *
client_world_find_still (ClientWorld *self,
                         const char  *share,
                         unsigned     page,
                         const char  *who)
{
  g_autofree char *key = make_still_key (share, page, who);
  const char *path = g_hash_table_lookup (self->stills, key);
  g_autofree char *stored = path == NULL ? client_store_dup_shown (self->store, share, page, who)
                                         : NULL;

  if (stored == NULL)
    return path;

  client_world_note_still (self, share, page, who, stored);

  return g_hash_table_lookup (self->stills, key);
}

char *
client_world_new_id (ClientWorld *self)
{
  return cpm_clock_new_id (self->clock);
}
