/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-clock-probe"

#include "config.h"

#include "media-clock-probe.h"

#include <gio/gio.h>

#include <string.h>

#define N_ADDRESSES 8                /* of a name */
#define N_QUESTIONS 64               /* that may be under way */
#define QUICK_QUESTIONS 12
#define QUICK_INTERVAL_US (25 * 1000)
/* a minute: of few answers the quickest is still far from what the way takes at least */
#define EAGER_QUESTIONS 240
#define EAGER_INTERVAL_US (G_USEC_PER_SEC / 4)
#define INTERVAL_US G_USEC_PER_SEC
#define SLOW_INTERVAL_US (5 * G_USEC_PER_SEC)
#define QUESTIONS_WITHOUT_ANSWER 15  /* before the next address is tried */
#define ANSWERED_LIMIT_US (5 * G_USEC_PER_SEC)

typedef struct
{
  uint64_t number;                   /* by chance; 0: answered */
  int64_t sent_ns;
} Question;

struct _MediaClockProbe
{
  MediaClock *clock;
  GSocketConnectable *address;
  GCancellable *cancellable;
  GThread *thread;

  /* The thread's */
  GPtrArray *addresses;
  unsigned n_tried;
  GSocket *socket;
  gboolean is_refused;               /* nobody listens there */
  Question questions[N_QUESTIONS];
  uint64_t n_questions;
  uint64_t n_unanswered;             /* since the last answer */

  GMutex lock;
  int64_t answered_us;               /* under the lock; 0: never */
};

static int64_t
now_ns (void)
{
  return g_get_monotonic_time () * 1000;
}

static void
find_addresses (MediaClockProbe *self)
{
  g_autoptr (GSocketAddressEnumerator) addresses = g_socket_connectable_enumerate (self->address);

  while (self->addresses->len < N_ADDRESSES)
    {
      g_autoptr (GError) error = NULL;
      GSocketAddress *address = g_socket_address_enumerator_next (addresses, self->cancellable,
                                                                  &error);

      if (error != NULL)
        g_debug ("The relay's clock is not found: %s", error->message);
      if (address == NULL)
        break;
      g_ptr_array_add (self->addresses, address);
    }
}

/* The next of the addresses; the first again after the last. */
static void
open_socket (MediaClockProbe *self)
{
  GSocketAddress *address = self->addresses->pdata[self->n_tried++ % self->addresses->len];
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address),
                                             G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  g_clear_object (&self->socket);
  self->n_unanswered = 0;
  /* Connected: the kernel lets nobody else's packets through, and tells when nobody listens. */
  if (socket == NULL || !g_socket_connect (socket, address, self->cancellable, NULL))
    return;

  g_socket_set_blocking (socket, FALSE);
  self->socket = g_steal_pointer (&socket);
}

static void
ask (MediaClockProbe *self)
{
  Question *question = &self->questions[self->n_questions++ % N_QUESTIONS];
  uint64_t packet[2] = { 0 };

  question->number = ((uint64_t) g_random_int () << 32 | g_random_int ()) | 1;
  question->sent_ns = now_ns ();
  packet[0] = GUINT64_TO_BE (question->number);
  self->n_unanswered++;
  /* lost like any other */
  g_socket_send (self->socket, (const char *) packet, sizeof packet, NULL, NULL);
}

static void
take_answer (MediaClockProbe *self)
{
  uint64_t packet[2] = { 0 };
  g_autoptr (GError) error = NULL;
  gssize size = g_socket_receive (self->socket, (char *) packet, sizeof packet, NULL, &error);
  int64_t received_ns = now_ns ();
  uint64_t number = GUINT64_FROM_BE (packet[0]), remote_ns = GUINT64_FROM_BE (packet[1]);

  self->is_refused = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  if (size != sizeof packet || number == 0 || remote_ns > G_MAXINT64)
    return;

  for (unsigned i = 0; i < N_QUESTIONS; i++)
    if (self->questions[i].number == number)
      {
        self->questions[i].number = 0;
        self->n_unanswered = 0;
        self->n_tried = (self->n_tried - 1) % self->addresses->len + 1; /* this one it is */
        media_clock_observe (self->clock, self->questions[i].sent_ns, remote_ns, received_ns);
        g_mutex_lock (&self->lock);
        self->answered_us = received_ns / 1000;
        g_mutex_unlock (&self->lock);
        return;
      }
}

static int64_t
get_interval_us (MediaClockProbe *self)
{
  if (self->n_questions < QUICK_QUESTIONS)
    return QUICK_INTERVAL_US;

  if (self->n_tried > self->addresses->len)
    return SLOW_INTERVAL_US;

  return self->n_questions < QUICK_QUESTIONS + EAGER_QUESTIONS ? EAGER_INTERVAL_US : INTERVAL_US;
}

static void
listen_until (MediaClockProbe *self,
              int64_t          until_us)
{
  int64_t wait_us;

  while (!self->is_refused && (wait_us = until_us - g_get_monotonic_time ()) > 0
         && g_socket_condition_timed_wait (self->socket, G_IO_IN, wait_us, self->cancellable, NULL))
    take_answer (self);
}

static void
pause_until (MediaClockProbe *self,
             int64_t          until_us)
{
  GPollFD fd;

  if (!g_cancellable_make_pollfd (self->cancellable, &fd))
    return;

  g_poll (&fd, 1, (int) MAX (0, (until_us - g_get_monotonic_time ()) / 1000));
  g_cancellable_release_fd (self->cancellable);
}

static gpointer
run (gpointer user_data)
{
  MediaClockProbe *self = user_data;

  find_addresses (self);
  if (self->addresses->len == 0)
    return NULL;

  while (!g_cancellable_is_cancelled (self->cancellable))
    {
      int64_t next_us;

      if (self->socket == NULL || self->is_refused ||
          self->n_unanswered >= QUESTIONS_WITHOUT_ANSWER)
        open_socket (self);
      self->is_refused = FALSE;
      if (self->socket != NULL)
        ask (self);
      next_us = g_get_monotonic_time () + get_interval_us (self);
      if (self->socket != NULL)
        listen_until (self, next_us);
      pause_until (self, self->is_refused && self->n_tried < self->addresses->len ? 0 : next_us);
    }

  return NULL;
}

MediaClockProbe *
media_clock_probe_new (MediaClock *clock,
                       const char *host,
                       uint16_t    port)
{
  MediaClockProbe *self;

  g_return_val_if_fail (clock != NULL, NULL);
  g_return_val_if_fail (host != NULL, NULL);

  self = g_new0 (MediaClockProbe, 1);
  self->clock = media_clock_ref (clock);
  self->address = g_network_address_new (host, port);
  self->cancellable = g_cancellable_new ();
  self->addresses = g_ptr_array_new_with_free_func (g_object_unref);
  g_mutex_init (&self->lock);
  self->thread = g_thread_new ("clock-probe", run, self);

  return self;
}

void
media_clock_probe_free (MediaClockProbe *self)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_clear_object (&self->socket);
  g_ptr_array_unref (self->addresses);
  g_object_unref (self->cancellable);
  g_object_unref (self->address);
  media_clock_unref (self->clock);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
media_clock_probe_is_answered (MediaClockProbe *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->answered_us != 0 && g_get_monotonic_time () - self->answered_us < ANSWERED_LIMIT_US;
}
