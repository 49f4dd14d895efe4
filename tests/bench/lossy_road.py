#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: lossy_road.py NAME NAME

A way for packets between two network devices that it makes (tun), which may then be moved into namespaces: what is sent into the one comes out of the other,
later, or never. Reads from its standard input, a line each: "delay MS" (each way), "loss PERCENT" (each way). What leaves in order arrives in order.
"""

import asyncio
import fcntl
import os
import random
import struct
import sys

TUNSETIFF = 0x400454ca
IFF_TUN, IFF_NO_PI = 1, 0x1000


class Road:
    def __init__(self, names):
        self.delay_s = 0
        self.loss = 0
        self.ends = [self.open(name) for name in names]
        self.random = random.Random(1)
        self.loop = asyncio.get_running_loop()
        for end, other in zip(self.ends, reversed(self.ends)):
            self.loop.add_reader(end, self.carry, end, other)

    @staticmethod
    def open(name):
        end = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(end, TUNSETIFF, struct.pack('16sH22x', name.encode('ascii'), IFF_TUN | IFF_NO_PI))
        return end

    def carry(self, end, other):
        while True:
            try:
                packet = os.read(end, 65536)
            except OSError:  # no more for now; or the device is down
                return
            if self.random.random() * 100 >= self.loss:
                self.loop.call_later(self.delay_s, self.arrive, other, packet)

    @staticmethod
    def arrive(other, packet):
        try:
            os.write(other, packet)
        except OSError:
            pass  # its end is down

    def say(self, line):
        what, value = line.split()
        if what == 'delay':
            self.delay_s = float(value) / 1000
        elif what == 'loss':
            self.loss = float(value)


async def main(names):
    road = Road(names)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    print('there', flush=True)
    while line := await commands.readline():
        road.say(line.decode('ascii'))


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    asyncio.run(main(sys.argv[1:]))
