/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Sharers and viewers for bench-fanout that cost next to nothing. */

#define BENCH_BURST_PACKETS 7
#define BENCH_BURST_US 33333
#define BENCH_PACKET_BYTES 1200
#define BENCH_FRAME_BYTES (4 + BENCH_PACKET_BYTES)    /* interleaved: RFC 2326, section 10.12 */

/* A frame of video: RTP packets of H.264 (FU-A) that stand one behind the other, as they go over a
 * connection. */
typedef struct
{
  uint8_t bytes[BENCH_BURST_PACKETS * BENCH_FRAME_BYTES];
  size_t length;
  uint16_t seq;
  uint32_t time;
  unsigned n_bursts;
} BenchBurst;

void        bench_burst_init (BenchBurst *self);

/* The next one. Each thirtieth is a key frame. */
void        bench_burst_next (BenchBurst *self);

/**
 * BenchPeer:
 *
 * One end of a TLS connection. Blocks.
 */
typedef struct _BenchPeer BenchPeer;

BenchPeer  *bench_peer_new      (unsigned     port);

/* A server's end, whose client throws away what comes; @out_fd is the client's. */
BenchPeer  *bench_peer_new_pair (int         *out_fd);

void        bench_peer_record   (BenchPeer   *self);
void        bench_peer_play     (BenchPeer   *self,
                                 unsigned     number);
void        bench_peer_send     (BenchPeer   *self,
                                 const void  *bytes,
                                 size_t       length);
int         bench_peer_get_fd   (BenchPeer   *self);

/* Both give the end that receives. */
int         bench_udp_receiver  (struct sockaddr_in *out_address);
int         bench_tcp_pair      (int                *out_sender);

/**
 * BenchDrain:
 *
 * Reads what comes on many sockets, in a thread of its own, and throws it away.
 */
typedef struct _BenchDrain BenchDrain;

BenchDrain *bench_drain_new     (void);
void        bench_drain_add     (BenchDrain *self,
                                 int         fd);

/* How many bytes have come in all. */
double      bench_drain_count   (BenchDrain *self);

/* Closes the sockets. */
void        bench_drain_free    (BenchDrain *self);

G_END_DECLS
