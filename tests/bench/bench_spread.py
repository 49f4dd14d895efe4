#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far apart three viewers show the same frame and play the same sound, from the first common frame on.

One is near; two sit behind a proxy that delays everything, media and the questions for the time alike, by 60±20 and
120±10 ms each way; the third joins late, and the second's clock runs 50 ppm fast. Beside it, in the same run, three stock
players (rtspsrc with ntp-sync) on the same ways.
"""

import asyncio
import math
import os
import random
import subprocess
import sys

from measure import quantile, say

TONE = 440.0
SECONDS = int(os.environ.get("BENCH_SECONDS", "19"))
DELAY_MS = 400
NEAR = [("near", 0, 0, 0, 0), ("near, 50 ppm", 0, 0, 0.5, 50), ("near, joins late", 0, 0, 4, 0)]
FAR = [("near", 0, 0, 0, 0), ("60±20 ms, 50 ppm", 60, 20, 0.5, 50), ("120±10 ms, joins late", 120, 10, 4, 0)]


class UdpWay(asyncio.DatagramProtocol):
    """Delays packets both ways; each asker has a socket of its own behind it."""

    def __init__(self, port, delay, jitter):
        self.port, self.delay, self.jitter, self.askers = port, delay, jitter, {}

    def connection_made(self, transport):
        self.transport = transport

    def later(self, send, data, *to):
        wait = max(0, self.delay + random.uniform(-self.jitter, self.jitter))
        asyncio.get_running_loop().call_later(wait, send, data, *to)

    def datagram_received(self, data, address):
        asyncio.ensure_future(self.forward(data, address))

    async def forward(self, data, address):
        if address not in self.askers:
            way = self

            class Back(asyncio.DatagramProtocol):
                def datagram_received(self, answer, _):
                    way.later(way.transport.sendto, answer, address)

            loop = asyncio.get_running_loop()
            self.askers[address] = (await loop.create_datagram_endpoint(Back, remote_addr=("127.0.0.1", self.port)))[0]
        self.later(self.askers[address].sendto, data)


async def pump(reader, writer, delay, jitter):
    loop, queue, last = asyncio.get_running_loop(), asyncio.Queue(), 0

    async def write():
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not data:
                writer.close()
                return
            writer.write(data)

    task = asyncio.ensure_future(write())
    while True:
        try:
            data = await reader.read(65536)
        except OSError:
            data = b""  # a viewer that ends says no goodbye
        last = max(last, loop.time() + delay + random.uniform(-jitter, jitter))
        queue.put_nowait((last, data))
        if not data:
            break
    await task


async def open_way(rtsp, clock, delay, jitter):
    if delay == 0:
        return rtsp, clock
    loop = asyncio.get_running_loop()

    async def connected(reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", rtsp)
        await asyncio.gather(pump(reader, far_writer, delay, jitter), pump(far_reader, writer, delay, jitter),
                             return_exceptions=True)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    transport, _ = await loop.create_datagram_endpoint(lambda: UdpWay(clock, delay, jitter), local_addr=("127.0.0.1", 0))
    return server.sockets[0].getsockname()[1], transport.get_extra_info("sockname")[1]


async def watch(program, user, place, rtsp, clock, stock):
    name, delay, jitter, start, ppm = place
    rtsp, clock = await open_way(rtsp, clock, delay / 1000, jitter / 1000)
    await asyncio.sleep(start)
    process = await asyncio.create_subprocess_exec(
        program, f"rtsps://127.0.0.1:{rtsp}/share/s1", f"--user={user}", f"--clock={clock}", f"--tone={TONE}", f"--seconds={SECONDS}",
        f"--ppm={ppm}", *(["--stock=tcp"] if stock else []), stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    video, audio = {}, []
    for line in output.decode().splitlines():
        kind, value, at = line.split()
        if kind == "v":
            video.setdefault(int(value), int(at))
        else:
            audio.append((float(value), int(at)))
    return video, audio


def say_row(what, values):
    say("spread", what, n=len(values), p50=quantile(values, 0.5), p95=quantile(values, 0.95), max=quantile(values, 1))


def video_spread(seen):
    common = sorted(set.intersection(*(set(video) for video, _ in seen)))
    return [(max(v[c] for v, _ in seen) - min(v[c] for v, _ in seen)) / 1e6 for c in common]


def audio_spread(seen):
    """The tone's phase at one true time tells what is heard then, modulo its period of 2.3 ms: that nobody is whole periods off is to be seen
    by the picture. In steps of 100 ms."""
    steps = []
    for _, audio in seen:
        at = {}
        for phase, ns in audio:
            turns = (phase / (2 * math.pi) - TONE * (ns % 10**9) / 1e9 - (TONE * (ns // 10**9)) % 1) % 1
            at.setdefault(ns // 10**8, turns)
        steps.append(at)
    spread = []
    for step in sorted(set.intersection(*(set(at) for at in steps))):
        first = steps[0][step]
        off = [((at[step] - first + 0.5) % 1 - 0.5) / TONE * 1000 for at in steps]
        spread.append(max(off) - min(off))
    return spread


async def measure(town, viewer, what, places, stock):
    users = [f"v{i}" for i in range(len(places))]
    relay = await asyncio.create_subprocess_exec(town, f"--delay={DELAY_MS}", *users, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    line = b"#"
    while line.startswith(b"#"):
        line = await relay.stdout.readline()
    rtsp, clock, _ = map(int, line.split())
    seen = await asyncio.gather(*(watch(viewer, user, place, rtsp, clock, stock) for user, place in zip(users, places)))
    relay.stdin.close()
    await relay.wait()
    await asyncio.sleep(0.3)  # what is on its way still arrives
    say_row(f"{what}, picture", video_spread(seen))
    if not stock:
        say_row(f"{what}, sound", audio_spread(seen))


async def main():
    town, viewer = sys.argv[1:3]
    for what, places in ("loopback", NEAR), ("delayed", FAR):
        await measure(town, viewer, f"{what}, Vitrine", places, False)
        await measure(town, viewer, f"{what}, rtspsrc ntp-sync", places, True)


asyncio.run(main())
