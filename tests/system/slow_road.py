#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: slow_road.py HOST PORT...

A way to these TCP ports of HOST that takes longer, or has little room: what comes to the same ports here goes there. Reads from its
standard input, a line each: "delay MS" (each way), "room KBITS" (from there to here, for all together; 0: no limit).
"""

import asyncio
import sys

PIECE = 8 * 1024
BUFFER = 32 * 1024  # what the kernel keeps besides is enough to be late


class Road:
    def __init__(self):
        self.delay_s = 0
        self.bytes_per_s = 0
        self.free_at = 0

    def say(self, line):
        what, value = line.split()
        if what == 'delay':
            self.delay_s = int(value) / 1000
        elif what == 'room':
            self.bytes_per_s = int(value) * 125

    async def take_turn(self, size):
        """Until the road has had room for so many bytes."""
        if not self.bytes_per_s:
            return
        now = asyncio.get_running_loop().time()
        self.free_at = max(now, self.free_at) + size / self.bytes_per_s
        await asyncio.sleep(self.free_at - now)

    async def carry(self, reader, writer, is_narrow):
        """One direction of one connection. What is read waits for its time in a queue, which has an end."""
        loop = asyncio.get_running_loop()
        pieces = asyncio.Queue(64 if is_narrow else 0)

        async def read():
            while piece := await reader.read(PIECE):
                if is_narrow:
                    await self.take_turn(len(piece))
                await pieces.put((loop.time() + self.delay_s, piece))
            await pieces.put((0, b''))

        reading = asyncio.create_task(read())
        try:
            while True:
                due, piece = await pieces.get()
                await asyncio.sleep(max(0, due - loop.time()))
                if not piece:
                    break
                writer.write(piece)
                await writer.drain()
        finally:
            reading.cancel()
            writer.close()

    async def meet(self, reader, writer, host, port):
        try:
            far_reader, far_writer = await asyncio.open_connection(host, port, limit=BUFFER)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self.carry(reader, far_writer, False), self.carry(far_reader, writer, True),
                             return_exceptions=True)


async def main(host, ports):
    road = Road()
    loop = asyncio.get_running_loop()
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    for port in ports:
        await asyncio.start_server(lambda r, w, port=port: road.meet(r, w, host, port), '0.0.0.0', port, limit=BUFFER)
    print('there', file=sys.stderr, flush=True)
    while line := await commands.readline():
        road.say(line.decode('ascii'))


if __name__ == '__main__':
    asyncio.run(main(sys.argv[1], [int(port) for port in sys.argv[2:]]))
