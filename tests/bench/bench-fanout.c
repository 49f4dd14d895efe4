/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a packet costs the relay on its way to one of many viewers, beside what nobody can be
 * cheaper than: the same packets by a bare loop of writev(), of sendmmsg() and of
 * gnutls_record_send().
 *
 * The relay is a process of its own, so that its CPU time with all its threads can be read. The
 * viewers are real as far as it can tell: TLS, RTSP, and then what comes is thrown away as it is.
 * Sharer and loops send a burst of a video frame's size thirty times a second. */

#include "config.h"

#include "bench-peer.h"
#include "bench-table.h"
#include "media-town.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define N_VIEWERS_LIMIT 200
#define WARM_UP_MS 1000
#define MEASURE_MS 3000

static const unsigned crowds[] = { 1, 50, 200 };

static double
read_clock_us (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);

  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

/* --- The relay: a child --- */

static int
be_relay (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GTlsCertificate) certificate = town_make_certificate ();
  g_autoptr (GError) error = NULL;
  RelayMedia *relay = relay_media_new (0, certificate, &error);

  g_assert_no_error (error);
  relay_fanout_open (RELAY_FANOUT (relay), "s1", "sharer", "token");
  for (unsigned i = 0; i < N_VIEWERS_LIMIT; i++)
    {
      g_autofree char *who = g_strdup_printf ("viewer%u", i);

      relay_fanout_admit (RELAY_FANOUT (relay), "s1", who, "token");
    }
  printf ("%u\n", relay_media_get_port (relay));
  fflush (stdout);
  g_main_loop_run (loop);

  return 0;
}

static GPid
start_relay (const char *program,
             unsigned   *port)
{
  const char *const argv[] = { program, "--relay", NULL };
  g_autoptr (GError) error = NULL;
  char text[16] = "";
  GPid pid;
  int fd;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &fd, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (fd, text, sizeof text - 1), >, 0);
  *port = atoi (text);

  return pid;
}

/* --- The sharer: a thread --- */

typedef struct
{
  BenchPeer *peer;
  int is_over;         /* atomic */
  int n_packets;       /* atomic */
} Sharer;

static gpointer
share (gpointer data)
{
  Sharer *self = data;
  BenchBurst burst;

  bench_burst_init (&burst);
  while (!g_atomic_int_get (&self->is_over))
    {
      bench_burst_next (&burst);
      bench_peer_send (self->peer, burst.bytes, burst.length);
      g_atomic_int_add (&self->n_packets, BENCH_BURST_PACKETS);
      g_usleep (BENCH_BURST_US);
    }

  return NULL;
}

static void
say_row (const char *what,
         unsigned    n_viewers,
         double      cpu_us,
         double      n_packets,
         double      arrived)
{
  g_autofree char *table = g_strdup_printf ("fanout-%u", n_viewers);

  bench_row (table, what, "us", cpu_us / n_packets, "core", cpu_us * 100 / (MEASURE_MS * 1e3),
             "arrived", arrived * 100, NULL);
}

static void
measure_relay (const char *program)
{
  unsigned port;
  GPid pid = start_relay (program, &port);
  BenchDrain *drain = bench_drain_new ();
  Sharer sharer = { 0, };
  GThread *thread;
  clockid_t clock;
  unsigned n_viewers = 0;

  g_assert_cmpint (clock_getcpuclockid (pid, &clock), ==, 0);
  sharer.peer = bench_peer_new (port);
  bench_peer_record (sharer.peer);
  thread = g_thread_new ("sharer", share, &sharer);
  g_usleep (WARM_UP_MS * 1000);

  for (size_t i = 0; i < G_N_ELEMENTS (crowds); i++)
    {
      double cpu_us, n_packets, arrived;

      for (; n_viewers < crowds[i]; n_viewers++)
        {
          BenchPeer *viewer = bench_peer_new (port);

          bench_peer_play (viewer, n_viewers);
          /* the peer lives as long as the program */
          bench_drain_add (drain, bench_peer_get_fd (viewer));
        }
      g_usleep (WARM_UP_MS * 1000);

      cpu_us = read_clock_us (clock);
      n_packets = g_atomic_int_get (&sharer.n_packets);
      arrived = bench_drain_count (drain);
      g_usleep (MEASURE_MS * 1000);
      cpu_us = read_clock_us (clock) - cpu_us;
      n_packets = (g_atomic_int_get (&sharer.n_packets) - n_packets) * n_viewers;
      arrived = bench_drain_count (drain) - arrived;
      say_row ("relay, TLS", n_viewers, cpu_us, n_packets,
               arrived / (n_packets * BENCH_FRAME_BYTES));
    }

  g_atomic_int_set (&sharer.is_over, TRUE);
  g_thread_join (thread);
  kill (pid, SIGTERM);
  waitpid (pid, NULL, 0);
  bench_drain_free (drain);
}

/* --- The floors --- */

typedef struct
{
  const char *name;
  int fds[N_VIEWERS_LIMIT];
  BenchPeer *peers[N_VIEWERS_LIMIT];
  struct sockaddr_in addresses[N_VIEWERS_LIMIT];
  unsigned n_viewers;
  BenchBurst burst;
} Floor;

static void
send_by_writev (Floor *self)
{
  struct iovec parts[BENCH_BURST_PACKETS];

  for (unsigned i = 0; i < BENCH_BURST_PACKETS; i++)
    parts[i] = (struct iovec) { self->burst.bytes + i * BENCH_FRAME_BYTES, BENCH_FRAME_BYTES };
  for (unsigned i = 0; i < self->n_viewers; i++)
    g_assert_cmpint (writev (self->fds[i], parts, BENCH_BURST_PACKETS), ==, self->burst.length);
}

static void
send_by_sendmmsg (Floor *self)
{
  static struct mmsghdr messages[N_VIEWERS_LIMIT * BENCH_BURST_PACKETS];
  struct iovec parts[BENCH_BURST_PACKETS];
  unsigned n = 0, n_sent = 0;

  for (unsigned i = 0; i < BENCH_BURST_PACKETS; i++)
    parts[i] = (struct iovec){ self->burst.bytes + i * BENCH_FRAME_BYTES + 4,
                               BENCH_FRAME_BYTES - 4 };
  for (unsigned i = 0; i < self->n_viewers; i++)
    for (unsigned j = 0; j < BENCH_BURST_PACKETS; j++)
      messages[n++].msg_hdr = (struct msghdr){
        &self->addresses[i],
        sizeof self->addresses[i],
        &parts[j],
        1,
      };
  while (n_sent < n)
    {
      int sent = sendmmsg (self->fds[0], messages + n_sent, MIN (n - n_sent, 1024), 0);

      g_assert_cmpint (sent, >, 0);
      n_sent += sent;
    }
}

static void
send_by_gnutls (Floor *self)
{
  for (unsigned i = 0; i < self->n_viewers; i++)
    bench_peer_send (self->peers[i], self->burst.bytes, self->burst.length);
}

static void
floor_open (Floor      *self,
            BenchDrain *drain,
            unsigned    n_viewers)
{
  self->n_viewers = n_viewers;
  bench_burst_init (&self->burst);
  if (g_str_equal (self->name, "bare sendmmsg"))
    self->fds[0] = socket (AF_INET, SOCK_DGRAM, 0);

  for (unsigned i = 0; i < n_viewers; i++)
    {
      int fd;

      if (g_str_equal (self->name, "bare sendmmsg"))
        fd = bench_udp_receiver (&self->addresses[i]);
      else if (g_str_equal (self->name, "bare writev"))
        fd = bench_tcp_pair (&self->fds[i]);
      else
        self->peers[i] = bench_peer_new_pair (&fd);
      bench_drain_add (drain, fd);
    }
}

static void
measure_floor (const char *name,
               void      (*send_burst) (Floor *),
               unsigned    n_viewers)
{
  g_autofree Floor *self = g_new0 (Floor, 1);
  BenchDrain *drain = bench_drain_new ();
  double cpu_us = 0, n_packets = 0, arrived;
  int64_t end_us;

  self->name = name;
  floor_open (self, drain, n_viewers);
  arrived = bench_drain_count (drain);
  end_us = g_get_monotonic_time () + MEASURE_MS * 1000;
  cpu_us = read_clock_us (CLOCK_THREAD_CPUTIME_ID);
  while (g_get_monotonic_time () < end_us)
    {
      bench_burst_next (&self->burst);
      send_burst (self);
      n_packets += BENCH_BURST_PACKETS * n_viewers;
      g_usleep (BENCH_BURST_US);
    }
  cpu_us = read_clock_us (CLOCK_THREAD_CPUTIME_ID) - cpu_us;
  g_usleep (100 * 1000);
  arrived = bench_drain_count (drain) - arrived;
  say_row (name, n_viewers, cpu_us, n_packets, arrived / (n_packets * BENCH_FRAME_BYTES));
  bench_drain_free (drain); /* closes them all */
}

int
main (int    argc,
      char **argv)
{
  if (argc > 1 && g_str_equal (argv[1], "--relay"))
    return be_relay ();

  signal (SIGPIPE, SIG_IGN);
  for (size_t i = 0; i < G_N_ELEMENTS (crowds); i++)
    {
      measure_floor ("bare writev", send_by_writev, crowds[i]);
      measure_floor ("bare sendmmsg", send_by_sendmmsg, crowds[i]);
      measure_floor ("bare gnutls_record_send", send_by_gnutls, crowds[i]);
    }
  measure_relay (argv[0]);

  return 0;
}
