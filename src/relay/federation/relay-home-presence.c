/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-presence"

#include "config.h"

#include "relay-home-presence.h"

#include "relay-homes.h"

#include "cpm-address.h"

/* The other home takes so many at once, and so many a second; both with room for what else is
 * asked. */
#define TELL_AT_ONCE 2000
#define TELL_PER_SECOND 200
/* A home that connects anew has told everything after so long. */
#define DOUBT_US (25 * G_USEC_PER_SEC)

struct _RelayHomePresence
{
  GObject parent_instance;

  RelayContext *context; /* (unowned) */
  GHashTable *books;     /* domain → Book */
  unsigned tick;         /* while something waits to be told */
};

/* What one home is to be told. */
typedef struct
{
  GQueue waiting;        /* of Pair */
  GHashTable *shown;     /* those whom it was told to be online: "user other" */
  unsigned credit;
  unsigned sweep;        /* after which its doubted words are not believed */
} Book;

typedef struct
{
  char *user;
  char *other;
  gboolean ask;
} Pair;

G_DEFINE_FINAL_TYPE (RelayHomePresence, relay_home_presence, G_TYPE_OBJECT)

static void
pair_free (Pair *pair)
{
  g_free (pair->user);
  g_free (pair->other);
  g_free (pair);
}

static Book *
get_book (RelayHomePresence *self,
          const char        *domain)
{
  Book *book = g_hash_table_lookup (self->books, domain);

  if (book == NULL)
    {
      book = g_new0 (Book, 1);
      g_queue_init (&book->waiting);
      book->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->books, g_strdup (domain), book);
    }

  return book;
}

static void
book_free (Book *book)
{
  g_queue_clear_full (&book->waiting, (GDestroyNotify) pair_free);
  g_hash_table_unref (book->shown);
  g_free (book);
}

static void
note_shown (Book       *book,
            const Pair *pair,
            gboolean    online)
{
  char *key = g_strconcat (pair->user, " ", pair->other, NULL);

  if (online)
    {
      g_hash_table_add (book->shown, key);
      return;
    }

  g_hash_table_remove (book->shown, key);
  g_free (key);
}

/* Returns %FALSE when the link takes no more. */
static gboolean
say (RelayHomePresence *self,
     const char        *domain,
     Book              *book,
     const Pair        *pair)
{
  g_autoptr (CpmMessage) presence = relay_people_new_presence (self->context->people, pair->user,
                                                               pair->other, pair->ask);

  cpm_message_set_to (presence, pair->other);
  cpm_message_stamp (presence, pair->user, cpm_clock_get_real_us (self->context->clock));
  if (!relay_homes_send (self->context->homes, domain, presence))
    return FALSE;

  note_shown (book, pair, relay_people_is_online (self->context->people, pair->user));
  return TRUE;
}

static void
flush (RelayHomePresence *self,
       const char        *domain,
       Book              *book)
{
  while (book->credit > 0 && !g_queue_is_empty (&book->waiting) &&
         say (self, domain, book, g_queue_peek_head (&book->waiting)))
    {
      book->credit--;
      pair_free (g_queue_pop_head (&book->waiting));
    }
}

static gboolean
on_tick (gpointer user_data)
{
  RelayHomePresence *self = user_data;
  gboolean is_more = FALSE;
  GHashTableIter iter;
  gpointer domain;
  gpointer value;

  g_hash_table_iter_init (&iter, self->books);
  while (g_hash_table_iter_next (&iter, &domain, &value))
    {
      Book *book = value;

      book->credit = MIN (book->credit + TELL_PER_SECOND, TELL_AT_ONCE);
      flush (self, domain, book);
      is_more |= !g_queue_is_empty (&book->waiting) || book->credit < TELL_AT_ONCE;
    }

  if (is_more)
    return G_SOURCE_CONTINUE;

  self->tick = 0;
  return G_SOURCE_REMOVE;
}

void
relay_home_presence_tell (RelayHomePresence *self,
                          const char        *user,
                          const char        *other,
                          gboolean           ask)
{
  const char *domain = cpm_address_get_domain (other);
  Book *book;
  Pair *pair;

  g_return_if_fail (RELAY_IS_HOME_PRESENCE (self));

  if (!relay_homes_check_may_reach (self->context->homes, domain, NULL))
    return;

  /* When the link comes up, all is told. */
  if (!relay_homes_is_up (self->context->homes, domain))
    {
      if (relay_people_is_online (self->context->people, user))
        relay_homes_wake (self->context->homes, domain);
      return;
    }

  book = get_book (self, domain);
  pair = g_new0 (Pair, 1);
  pair->user = g_strdup (user);
  pair->other = g_strdup (other);
  pair->ask = ask;
  g_queue_push_tail (&book->waiting, pair);
  flush (self, domain, book);
  if (self->tick == 0)
    self->tick = cpm_clock_add_timeout (self->context->clock, G_USEC_PER_SEC, on_tick, self, NULL);
}

/* All contacts of @user at @domain, or at all other homes. */
static void
tell_contacts (RelayHomePresence *self,
               const char        *user,
               const char        *domain,
               gboolean           ask)
{
  g_auto (GStrv) contacts = relay_store_list_contacts (self->context->store, user, FALSE);

  for (unsigned i = 0; contacts[i] != NULL; i++)
    {
      const char *home = cpm_address_get_domain (contacts[i]);

      if (domain != NULL ? g_str_equal (home, domain)
                         : !g_str_equal (home, self->context->config->domain))
        relay_home_presence_tell (self, user, contacts[i], ask);
    }
}

static void
on_presence_changed (RelayHomePresence *self,
                     const char        *user)
{
  tell_contacts (self, user, NULL, FALSE);
}

static void
on_pair_changed (RelayHomePresence *self,
                 const char        *user,
                 const char        *other)
{
  relay_home_presence_tell (self, user, other, TRUE);
}

static void
on_link_up (RelayHomePresence *self,
            const char        *domain,
            int64_t            got)
{
  g_autoptr (GPtrArray) peers = relay_people_list (self->context->people, NULL);
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);

  get_book (self, domain)->credit = TELL_AT_ONCE;
  for (unsigned i = 0; i < peers->len; i++)
    {
      if (g_hash_table_add (told, (gpointer) relay_peer_get_user (peers->pdata[i])))
        tell_contacts (self, relay_peer_get_user (peers->pdata[i]), domain, TRUE);
    }
}

/* Whoever is online shall be seen so again. */
static void
on_link_down (RelayHomePresence *self,
              const char        *domain)
{
  Book *book = get_book (self, domain);

  if (g_hash_table_size (book->shown) > 0)
    relay_homes_wake (self->context->homes, domain);
  g_hash_table_remove_all (book->shown);
  g_queue_clear_full (&book->waiting, (GDestroyNotify) pair_free);
}

static gboolean
on_keep (RelayHomePresence *self,
         const char        *domain)
{
  return g_hash_table_size (get_book (self, domain)->shown) > 0;
}

typedef struct
{
  RelayHomePresence *self;
  char *domain;
} Sweep;

static void
sweep_free (Sweep *sweep)
{
  g_free (sweep->domain);
  g_free (sweep);
}

static gboolean
on_sweep (gpointer user_data)
{
  Sweep *sweep = user_data;
  RelayPeople *people = sweep->self->context->people;

  get_book (sweep->self, sweep->domain)->sweep = 0;
  relay_people_forget_home (people, sweep->domain, TRUE);

  return G_SOURCE_REMOVE;
}

static void
on_visitor_came (RelayHomePresence *self,
                 const char        *domain)
{
  CpmClock *clock = self->context->clock;
  Book *book = get_book (self, domain);
  Sweep *sweep = g_new0 (Sweep, 1);

  sweep->self = self;
  sweep->domain = g_strdup (domain);
  cpm_clock_clear_timeout (clock, &book->sweep);
  relay_people_doubt_home (self->context->people, domain);
  book->sweep = cpm_clock_add_timeout (clock, DOUBT_US, on_sweep, sweep,
                                       (GDestroyNotify) sweep_free);
}

static void
on_visitor_gone (RelayHomePresence *self,
                 const char        *domain)
{
  relay_people_forget_home (self->context->people, domain, FALSE);
}

static void
relay_home_presence_dispose (GObject *object)
{
  RelayHomePresence *self = RELAY_HOME_PRESENCE (object);
  GHashTableIter iter;
  gpointer book;

  if (self->books != NULL)
    {
      g_hash_table_iter_init (&iter, self->books);
      while (g_hash_table_iter_next (&iter, NULL, &book))
        cpm_clock_clear_timeout (self->context->clock, &((Book *) book)->sweep);
      cpm_clock_clear_timeout (self->context->clock, &self->tick);
    }
  g_clear_pointer (&self->books, g_hash_table_unref);

  G_OBJECT_CLASS (relay_home_presence_parent_class)->dispose (object);
}

static void
relay_home_presence_class_init (RelayHomePresenceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = relay_home_presence_dispose;
}

static void
relay_home_presence_init (RelayHomePresence *self)
{
  self->books = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) book_free);
}

RelayHomePresence *
relay_home_presence_new (RelayContext *context)
{
  RelayHomePresence *self = g_object_new (RELAY_TYPE_HOME_PRESENCE, NULL);
  RelayHomes *homes = context->homes;

  self->context = context;
  g_signal_connect_object (context->people, "presence-changed", G_CALLBACK (on_presence_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (context->people, "pair-changed", G_CALLBACK (on_pair_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "link-up", G_CALLBACK (on_link_up), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "link-down", G_CALLBACK (on_link_down), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "keep", G_CALLBACK (on_keep), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "visitor-came", G_CALLBACK (on_visitor_came), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "visitor-gone", G_CALLBACK (on_visitor_gone), self,
                           G_CONNECT_SWAPPED);

  return self;
}
