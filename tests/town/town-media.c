/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-media.h"

/* From the thread of the media to the main thread. */
#define NOTICE_US 500

struct _TownMedia
{
  GObject parent_instance;

  TownTime *time;     /* (unowned) */
  TownLog *log;       /* (unowned) */
  GHashTable *rooms;  /* share → Room */
  unsigned n_changes;
  GQueue joined;      /* of Notice: what is to be said */
  unsigned timer;
};

typedef struct
{
  char *share;
  char *who;
} Notice;

typedef struct
{
  char *publisher;
  char *token;
  char *published_from; /* (nullable): the place */
  GHashTable *admitted; /* who → token */
  GHashTable *watching; /* place → who */
  GHashTable *low;      /* who sees the low rendition */
} Room;

static void relay_fanout_iface_init (RelayFanoutInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TownMedia, town_media, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELAY_TYPE_FANOUT, relay_fanout_iface_init))

static void
room_free (gpointer data)
{
  Room *room = data;

  g_free (room->publisher);
  g_free (room->token);
  g_free (room->published_from);
  g_hash_table_unref (room->admitted);
  g_hash_table_unref (room->watching);
  g_hash_table_unref (room->low);
  g_free (room);
}

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_free (notice->share);
  g_free (notice->who);
  g_free (notice);
}

static gboolean
on_joined (gpointer user_data)
{
  g_autoptr (TownMedia) self = g_object_ref (user_data);
  Notice *notice = g_queue_pop_head (&self->joined);

  self->timer = 0;
  if (self->joined.length > 0)
    self->timer = town_time_add (self->time, NOTICE_US, on_joined, self, NULL);
  g_signal_emit_by_name (self, "joined", notice->share, notice->who);
  g_signal_emit_by_name (self, "keyframe-needed", notice->share);
  notice_free (notice);

  return G_SOURCE_REMOVE;
}

static void
notify_joined (TownMedia  *self,
               const char *share,
               const char *who)
{
  Notice *notice = g_new0 (Notice, 1);

  notice->share = g_strdup (share);
  notice->who = g_strdup (who);
  g_queue_push_tail (&self->joined, notice);
  if (self->timer == 0)
    self->timer = town_time_add (self->time, NOTICE_US, on_joined, self, NULL);
}

static void
town_media_open (RelayFanout *fanout,
                 const char  *share,
                 const char  *publisher,
                 const char  *token)
{
  TownMedia *self = TOWN_MEDIA (fanout);
  Room *room = g_new0 (Room, 1);

  town_log (self->log, "media: %s is open for %s", share, publisher);
  if (g_hash_table_contains (self->rooms, share))
    town_log_blame (self->log, "The media of share %s were opened twice.", share);
  room->publisher = g_strdup (publisher);
  room->token = g_strdup (token);
  room->admitted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  room->watching = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  room->low = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (self->rooms, g_strdup (share), room);
  self->n_changes++;
}

static Room *
find_room (TownMedia  *self,
           const char *share,
           const char *what)
{
  Room *room = g_hash_table_lookup (self->rooms, share);

  if (room == NULL)
    town_log_blame (self->log, "“%s” was told of share %s, whose media are not open.", what, share);

  return room;
}

static gboolean
is_of (gpointer key,
       gpointer value,
       gpointer user_data)
{
  return g_str_equal (value, user_data);
}

static void
hang_up_on (Room       *room,
            const char *who)
{
  g_hash_table_foreach_remove (room->watching, is_of, (gpointer) who);
}

static void
town_media_admit (RelayFanout *fanout,
                  const char  *share,
                  const char  *who,
                  const char  *token)
{
  TownMedia *self = TOWN_MEDIA (fanout);
  Room *room = find_room (self, share, "admit");

  town_log (self->log, "media: %s admits %s", share, who);
  self->n_changes++;
  if (room == NULL)
    return;

  if (g_strcmp0 (g_hash_table_lookup (room->admitted, who), token) != 0)
    {
      hang_up_on (room, who);
      g_hash_table_remove (room->low, who);
    }
  g_hash_table_insert (room->admitted, g_strdup (who), g_strdup (token));
}

static void
town_media_expel (RelayFanout *fanout,
                  const char  *share,
                  const char  *who)
{
  TownMedia *self = TOWN_MEDIA (fanout);
  Room *room = find_room (self, share, "expel");

  town_log (self->log, "media: %s expels %s", share, who);
  self->n_changes++;
  if (room == NULL)
    return;

  hang_up_on (room, who);
  g_hash_table_remove (room->admitted, who);
  g_hash_table_remove (room->low, who);
}

static void
town_media_close (RelayFanout *fanout,
                  const char  *share)
{
  TownMedia *self = TOWN_MEDIA (fanout);

  town_log (self->log, "media: %s is closed", share);
  self->n_changes++;
  find_room (self, share, "close");
  g_hash_table_remove (self->rooms, share);
}

static void
town_media_set_rendition (RelayFanout *fanout,
                          const char  *share,
                          const char  *who,
                          unsigned     rendition)
{
  TownMedia *self = TOWN_MEDIA (fanout);
  Room *room = find_room (self, share, "set_rendition");

  town_log (self->log, "media: %s shows %s rendition %u", share, who, rendition);
  if (room == NULL)
    return;

  if (!g_hash_table_contains (room->admitted, who))
    town_log_blame (self->log, "“set_rendition” was told of %s, who is not admitted to share %s.",
                    who, share);
  else if (rendition == 1)
    g_hash_table_add (room->low, g_strdup (who));
  else
    g_hash_table_remove (room->low, who);
}

static void
relay_fanout_iface_init (RelayFanoutInterface *iface)
{
  iface->open = town_media_open;
  iface->admit = town_media_admit;
  iface->expel = town_media_expel;
  iface->close = town_media_close;
  iface->set_rendition = town_media_set_rendition;
}

static void
town_media_finalize (GObject *object)
{
  TownMedia *self = TOWN_MEDIA (object);

  town_time_clear (self->time, &self->timer);
  g_queue_clear_full (&self->joined, notice_free);
  g_hash_table_unref (self->rooms);

  G_OBJECT_CLASS (town_media_parent_class)->finalize (object);
}

static void
town_media_class_init (TownMediaClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = town_media_finalize;
}

static void
town_media_init (TownMedia *self)
{
  g_queue_init (&self->joined);
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, room_free);
}

TownMedia *
town_media_new (TownTime *time,
                TownLog  *log)
{
  TownMedia *self = g_object_new (TOWN_TYPE_MEDIA, NULL);

  self->time = time;
  self->log = log;

  return self;
}

gboolean
town_media_publish (TownMedia  *self,
                    const char *share,
                    const char *who,
                    const char *place,
                    const char *token)
{
  Room *room = g_hash_table_lookup (self->rooms, share);

  if (room == NULL || !g_str_equal (room->publisher, who) || !g_str_equal (room->token, token))
    return FALSE;

  town_log (self->log, "media: %s publishes %s", who, share);
  if (room->published_from != NULL && !g_str_equal (room->published_from, place))
    town_log_blame (self->log, "Both %s and %s are let show %s.", room->published_from, place,
                    share);
  g_free (room->published_from);
  room->published_from = g_strdup (place);
  g_signal_emit_by_name (self, "publishing", share);

  return TRUE;
}

gboolean
town_media_watch (TownMedia  *self,
                  const char *share,
                  const char *who,
                  const char *place,
                  const char *token)
{
  Room *room = g_hash_table_lookup (self->rooms, share);

  if (room == NULL || room->published_from == NULL ||
      g_strcmp0 (g_hash_table_lookup (room->admitted, who), token) != 0)
    return FALSE;

  town_log (self->log, "media: %s watches %s", place, share);
  g_hash_table_remove (room->watching, place);
  if (g_hash_table_find (room->watching, is_of, (gpointer) who) != NULL)
    town_log_blame (self->log, "%s is let watch %s from %s, and from another place.", who, share,
                    place);
  g_hash_table_insert (room->watching, g_strdup (place), g_strdup (who));
  notify_joined (self, share, who);

  return TRUE;
}

void
town_media_hang_up (TownMedia  *self,
                    const char *share,
                    const char *who,
                    const char *place)
{
  Room *room = g_hash_table_lookup (self->rooms, share);

  if (room == NULL)
    return;

  if (g_str_equal (room->publisher, who) && room->published_from != NULL)
    {
      g_clear_pointer (&room->published_from, g_free);
      g_signal_emit_by_name (self, "publisher-lost", share);
    }
  else if (g_hash_table_remove (room->watching, place) &&
           g_hash_table_find (room->watching, is_of, (gpointer) who) == NULL)
    {
      g_signal_emit_by_name (self, "left", share, who);
    }
}

GPtrArray *
town_media_list_shares (TownMedia *self)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (list, key);

  return list;
}

gboolean
town_media_is_open (TownMedia  *self,
                    const char *share)
{
  return g_hash_table_contains (self->rooms, share);
}

gboolean
town_media_is_admitted (TownMedia  *self,
                        const char *share,
                        const char *who)
{
  Room *room = g_hash_table_lookup (self->rooms, share);

  return room != NULL && g_hash_table_contains (room->admitted, who);
}

GPtrArray *
town_media_list_admitted (TownMedia  *self,
                          const char *share)
{
  Room *room = g_hash_table_lookup (self->rooms, share);
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  if (room == NULL)
    return list;

  g_hash_table_iter_init (&iter, room->admitted);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (list, key);

  return list;
}

gboolean
town_media_is_used_by (TownMedia  *self,
                       const char *place)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Room *room = value;

      if (g_strcmp0 (room->published_from, place) == 0 ||
          g_hash_table_contains (room->watching, place))
        return TRUE;
    }

  return FALSE;
}

unsigned
town_media_get_rendition (TownMedia  *self,
                          const char *share,
                          const char *who)
{
  Room *room = g_hash_table_lookup (self->rooms, share);

  return room != NULL && g_hash_table_contains (room->low, who);
}

unsigned
town_media_get_n_changes (TownMedia *self)
{
  return self->n_changes;
}
