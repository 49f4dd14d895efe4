/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-pointers"

#include "config.h"

#include "client-pointers.h"

/* A frame that has not come until then will not come: its place means nothing here. */
#define LONGEST_WAIT_US (3 * G_USEC_PER_SEC)

/* Of what waits; far above what a share's pointers are in that time. */
#define MAX_WAITING 1024

struct _ClientPointers
{
  ClientPointerFunc show;
  gpointer user_data;
  GQueue waiting;        /* of Pointer, in the order in which they came */
  GHashTable *shown;     /* set of addresses: who points at what is seen now */
  int64_t since_moment;  /* of the first frame of what is seen now; -1: not known */
};

typedef struct
{
  char *who;
  double x;
  double y;
  int64_t moment;
  int64_t until_us;
} Pointer;

static void
pointer_free (gpointer data)
{
  Pointer *pointer = data;

  g_free (pointer->who);
  g_free (pointer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pointer, pointer_free)

static gboolean
is_there (const Pointer *pointer)
{
  return pointer->x >= 0;
}

static void
show_pointer (ClientPointers *self,
              const Pointer  *pointer)
{
  gboolean changes = is_there (pointer) ? TRUE : g_hash_table_remove (self->shown, pointer->who);

  if (is_there (pointer))
    g_hash_table_add (self->shown, g_strdup (pointer->who));

  if (changes)
    self->show (pointer->who, pointer->x, pointer->y, pointer->moment, self->user_data);
}

ClientPointers *
client_pointers_new (ClientPointerFunc show,
                     gpointer          user_data)
{
  ClientPointers *self = g_new0 (ClientPointers, 1);

  self->show = show;
  self->user_data = user_data;
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->since_moment = -1;

  return self;
}

void
client_pointers_free (ClientPointers *self)
{
  g_queue_clear_full (&self->waiting, pointer_free);
  g_hash_table_unref (self->shown);
  g_free (self);
}

void
client_pointers_take (ClientPointers *self,
                      const char     *who,
                      double          x,
                      double          y,
                      int64_t         moment,
                      int64_t         now_us)
{
  Pointer *pointer = g_new0 (Pointer, 1);

  pointer->who = g_strdup (who);
  pointer->x = x;
  pointer->y = y;
  pointer->moment = moment;
  pointer->until_us = now_us + LONGEST_WAIT_US;
  g_queue_push_tail (&self->waiting, pointer);

  if (g_queue_get_length (&self->waiting) > MAX_WAITING)
    pointer_free (g_queue_pop_head (&self->waiting));
}

gboolean
client_pointers_follow (ClientPointers *self,
                        int64_t         shown_moment,
                        int64_t         now_us)
{
  g_autoptr (GHashTable) held_back = g_hash_table_new (g_str_hash, g_str_equal);
  GList *next;

  for (GList *link = self->waiting.head; link != NULL; link = next)
    {
      Pointer *pointer = link->data;
      gboolean is_timed = is_there (pointer) && pointer->moment >= 0;
      gboolean is_due = !is_timed || shown_moment < 0 || pointer->moment <= shown_moment;
      gboolean is_past = is_timed && self->since_moment >= 0 &&
                         pointer->moment < self->since_moment;

      next = link->next;

      /* Of one person nothing overtakes what came before. */
      if (now_us < pointer->until_us && !is_past &&
          (!is_due || g_hash_table_contains (held_back, pointer->who)))
        {
          g_hash_table_add (held_back, pointer->who);
          continue;
        }

      g_queue_unlink (&self->waiting, link);
      if (is_due && !is_past)
        show_pointer (self, pointer);

      pointer_free (pointer);
      g_list_free (link);
    }

  return !g_queue_is_empty (&self->waiting);
}

void
client_pointers_begin (ClientPointers *self,
                       int64_t         moment)
{
  GHashTableIter iter;
  gpointer who;

  self->since_moment = moment;
  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &who, NULL))
    {
      g_autofree char *gone = g_strdup (who);

      g_hash_table_iter_remove (&iter);
      self->show (gone, -1, -1, -1, self->user_data);
    }
}
