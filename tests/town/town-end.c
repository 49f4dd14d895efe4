/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-net-private.h"

#include <string.h>

#define RETRANSMIT_US (G_USEC_PER_SEC / 2)

struct _TownEnd
{
  TransportConnection parent_instance;

  TownNet *net;      /* (unowned) */
  unsigned link;     /* number of the connection */
  char *here;
  char *there;
  TownEnd *other;    /* weak; NULL when nothing passes any more */
  GQueue incoming;   /* of Frame */
  int64_t last_due_us;
  unsigned timer;
  unsigned closing;  /* timer: this side has closed */
  gboolean is_mute;
};

typedef struct
{
  char *text;        /* NULL is the end */
  int64_t due_us;
} Frame;

G_DEFINE_FINAL_TYPE (TownEnd, town_end, TRANSPORT_TYPE_CONNECTION)

static void
frame_free (gpointer data)
{
  Frame *frame = data;

  g_free (frame->text);
  g_free (frame);
}

static const char *
read_type (const char *text)
{
  static char type[32];
  const char *start = strstr (text, "\"t\":\"");

  g_strlcpy (type, start != NULL ? start + 5 : "?", sizeof type);
  type[strcspn (type, "\"")] = '\0';

  return type;
}

static void arm (TownEnd *self);

static void
hand_over (TownEnd *self,
           Frame   *frame)
{
  TransportConnection *connection = TRANSPORT_CONNECTION (self);
  g_autoptr (GError) error = NULL;

  if (self->is_mute || self->closing != 0)
    return;

  if (frame->text != NULL)
    {
      town_log (self->net->log, "%s → %s #%u %s", self->there, self->here, self->link,
                read_type (frame->text));
      town_log_mix (self->net->log, frame->text);
      transport_connection_received (connection, frame->text, strlen (frame->text));
      return;
    }

  town_log (self->net->log, "%s → %s #%u is over", self->there, self->here, self->link);
  g_clear_weak_pointer (&self->other);
  g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                       "The other side closed the connection.");
  transport_connection_closed (connection, error);
}

static gboolean
on_due (gpointer user_data)
{
  g_autoptr (TownEnd) self = g_object_ref (user_data);
  Frame *frame;

  self->timer = 0;
  if (town_net_is_parted (self->net, self->here, self->there))
    {
      self->timer = town_time_add (self->net->time, RETRANSMIT_US, on_due, self, NULL);
      return G_SOURCE_REMOVE;
    }

  frame = g_queue_pop_head (&self->incoming);
  hand_over (self, frame);
  frame_free (frame);
  arm (self);

  return G_SOURCE_REMOVE;
}

static void
arm (TownEnd *self)
{
  const Frame *frame = g_queue_peek_head (&self->incoming);

  if (frame != NULL && self->timer == 0)
    self->timer = town_time_add (
      self->net->time, frame->due_us - town_time_get_us (self->net->time), on_due, self, NULL);
}

/* @text (transfer full) (nullable): %NULL is the end. */
static void
enqueue (TownEnd *self,
         char    *text)
{
  Frame *frame = g_new0 (Frame, 1);
  int64_t due_us = town_time_get_us (self->net->time) +
                   town_net_pick_delay_us (self->net, self->here, self->there);

  frame->text = text;
  frame->due_us = MAX (due_us, self->last_due_us);
  self->last_due_us = frame->due_us;
  g_queue_push_tail (&self->incoming, frame);
  arm (self);
}

static void
town_end_send_text (TransportConnection *connection,
                    const char          *text)
{
  TownEnd *self = TOWN_END (connection);
  const char *type = read_type (text);

  if (!g_hash_table_contains (self->net->told, type))
    g_hash_table_add (self->net->told, g_strdup (type));
  town_net_check_silent (self->net, self->there, type);
  if (self->other != NULL && !self->is_mute && self->closing == 0)
    enqueue (self->other, g_strdup (text));
}

static gboolean
on_closing (gpointer user_data)
{
  g_autoptr (TownEnd) self = g_object_ref (user_data);

  self->closing = 0;
  transport_connection_closed (TRANSPORT_CONNECTION (self), NULL);

  return G_SOURCE_REMOVE;
}

/* The other side learns it after what was sent before. */
static void
say_end (TownEnd *self)
{
  TownEnd *other = self->other;

  if (other == NULL)
    return;

  g_clear_weak_pointer (&self->other);
  g_clear_weak_pointer (&other->other);
  if (!self->is_mute)
    enqueue (other, NULL);
}

static void
town_end_close (TransportConnection *connection)
{
  TownEnd *self = TOWN_END (connection);

  if (self->closing != 0)
    return;

  say_end (self);
  self->closing = town_time_add (self->net->time, 0, on_closing, self, NULL);
}

static void
town_end_dispose (GObject *object)
{
  TownEnd *self = TOWN_END (object);

  say_end (self);
  town_time_clear (self->net->time, &self->timer);
  town_time_clear (self->net->time, &self->closing);

  G_OBJECT_CLASS (town_end_parent_class)->dispose (object);
}

static void
town_end_finalize (GObject *object)
{
  TownEnd *self = TOWN_END (object);

  g_ptr_array_remove (self->net->ends, self);
  g_queue_clear_full (&self->incoming, frame_free);
  g_free (self->here);
  g_free (self->there);

  G_OBJECT_CLASS (town_end_parent_class)->finalize (object);
}

static void
town_end_class_init (TownEndClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  TransportConnectionClass *connection_class = TRANSPORT_CONNECTION_CLASS (klass);

  object_class->dispose = town_end_dispose;
  object_class->finalize = town_end_finalize;

  connection_class->send_text = town_end_send_text;
  connection_class->close = town_end_close;
}

static void
town_end_init (TownEnd *self)
{
  g_queue_init (&self->incoming);
}

static TownEnd *
new_end (TownNet    *net,
         const char *here,
         const char *there)
{
  TownEnd *self = g_object_new (TOWN_TYPE_END, NULL);

  self->net = net;
  self->link = net->n_links;
  self->here = g_strdup (here);
  self->there = g_strdup (there);
  g_ptr_array_add (net->ends, self);

  return self;
}

void
town_end_new_pair (TownNet     *net,
                   const char  *caller,
                   const char  *callee,
                   TownEnd    **out_caller,
                   TownEnd    **out_callee)
{
  net->n_links++;
  *out_caller = new_end (net, caller, callee);
  *out_callee = new_end (net, callee, caller);
  g_set_weak_pointer (&(*out_caller)->other, *out_callee);
  g_set_weak_pointer (&(*out_callee)->other, *out_caller);
}

const char *
town_end_get_here (TownEnd *self)
{
  return self->here;
}

gboolean
town_end_is_between (TownEnd    *self,
                     const char *one,
                     const char *other)
{
  return (g_str_equal (self->here, one) && g_str_equal (self->there, other)) ||
         (g_str_equal (self->here, other) && g_str_equal (self->there, one));
}

void
town_end_wait_until (TownEnd *self,
                     int64_t  until_us)
{
  self->last_due_us = MAX (self->last_due_us, until_us);
}

gboolean
town_end_is_whole (TownEnd *self)
{
  return self->other != NULL;
}

/* Of what is on its way the first few arrive. */
static void
lose_some (TownEnd  *self,
           gboolean  silently)
{
  unsigned n_kept = (unsigned) g_rand_int_range (self->net->rand, 0,
                                                 (int32_t) self->incoming.length + 1);

  while (self->incoming.length > n_kept)
    frame_free (g_queue_pop_tail (&self->incoming));

  if (self->incoming.length == 0)
    town_time_clear (self->net->time, &self->timer);
  if (!silently && !self->is_mute)
    enqueue (self, NULL);
}

void
town_end_break (TownEnd  *self,
                gboolean  silently)
{
  TownEnd *other = self->other;

  if (other == NULL)
    return;

  town_log (self->net->log, "%s – %s #%u breaks%s", self->here, self->there, self->link,
            silently ? " silently" : "");
  g_clear_weak_pointer (&self->other);
  g_clear_weak_pointer (&other->other);
  lose_some (self, silently);
  lose_some (other, silently);
}

void
town_end_mute (TownEnd *self)
{
  self->is_mute = TRUE;
}
