#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same moment for all: three viewers, of whom one sits behind a long way, or a narrow one, on which UDP does not pass."""

import pathlib
import subprocess
import sys
import unittest

from tap import Story, main
from town import Process, Streets, Town, wait_for

MAX_DELAY_MS = 600
LONG_WAY_MS = 250
NARROW_KBITS = 700
LOW_WIDTH = 640


class SlowRoad:
    """A way to a relay, as Peer sees a relay: by an address of its own."""

    def __init__(self, town, relay):
        self.domain, self.pin = relay.domain, relay.pin
        self.place = town.new_place()
        folder = town.make_folder('slow-road')
        program = pathlib.Path(__file__).with_name('slow_road.py')
        self.process = town.keep(Process(
            'slow-road', [*self.place.command, sys.executable, program, relay.place.address, relay.port, relay.rtsp_port],
            folder, town.env(folder), stdin=subprocess.PIPE))
        self.url = f'wss://{self.place.address}:{relay.port}'
        wait_for(lambda: self.process.check() or 'there' in self.process.log(), 'slow road')

    def say(self, line):
        self.process.popen.stdin.write(line.encode('ascii') + b'\n')
        self.process.popen.stdin.flush()


@unittest.skipIf(Streets.missing(), Streets.missing())
class Pace(Story):

    @classmethod
    def setUpClass(cls):
        cls.town = Town(apart=True)
        cls.addClassCleanup(cls.town.end)
        cls.relay = cls.town.relay('a.test')
        cls.road = SlowRoad(cls.town, cls.relay)
        cls.alice = cls.town.peer(cls.relay, 'alice')
        cls.emily = cls.town.peer(cls.relay, 'emily')
        cls.bob = cls.town.peer(cls.relay, 'bob')
        cls.carol = cls.town.peer(cls.road, 'carol')
        cls.viewers = [cls.emily, cls.bob, cls.carol]
        cls.all = [cls.alice, *cls.viewers]

    def stats(self, who):
        return who.do('stats', share=self.share)

    def wait_for_stats(self, who, wanted, what, within=40):
        """Until the stats of this person are as wanted; those."""
        last = {}

        def is_so():
            last.update(self.stats(who))
            return wanted(last)

        wait_for(is_so, lambda: f'{what} at {who.name}: {last}', within=within, every=0.3)
        return last

    def test_all_report(self):
        """All know how far apart they see it, and how many they are"""
        cls = type(self)
        cls.share = self.alice.do('share', to=[viewer.account for viewer in self.viewers],
                                  content={'kind': 'camera', 'device': 'test'}, within=20)['share']
        for viewer in self.viewers:
            viewer.expect('invited', share=self.share)
            viewer.do('accept', share=self.share)
        for viewer in self.viewers:
            viewer.expect('first-frame', share=self.share, within=30)
        for who in self.all:
            self.wait_for_stats(who, lambda seen: seen['viewers'] == 3 and seen['spread_ms'] >= 0 and seen['delay_ms'] > 0,
                                'the word of all three')
        for viewer in self.viewers:
            self.wait_for_stats(viewer, lambda seen: 0 <= seen['clock_error_ms'] < 1000, 'the time')

    def test_long_way(self):
        """The delay rises for whom the way is long, and within its limits"""
        self.road.say(f'delay {LONG_WAY_MS}')
        for who in self.all:
            seen = self.wait_for_stats(who, lambda seen: seen['delay_ms'] > LONG_WAY_MS, 'a longer delay')
            self.assertLessEqual(seen['delay_ms'], MAX_DELAY_MS)
        self.wait_for_stats(self.carol, lambda seen: seen['slack_ms'] > 0, 'a second without a frame that is too late')

    def test_back(self):
        """The delay falls when that one has left"""
        self.carol.do('leave', share=self.share)
        self.wait_for_stats(self.alice, lambda seen: seen['viewers'] == 2 and seen['delay_ms'] < LONG_WAY_MS,
                            'a shorter delay', within=90)
        self.road.say('delay 0')

    def test_narrow_way(self):
        """Who has little room is named to all, with the reason, and the others see on"""
        self.road.say(f'room {NARROW_KBITS}')
        self.carol.do('join', share=self.share)
        self.wait_for_stats(self.carol, lambda seen: seen['hindrance'] == 'network', 'a badge', within=60)
        for who in (self.alice, self.emily, self.bob):
            self.wait_for_stats(who, lambda seen: self.carol.account in seen['slow'], 'the name of the slow one')
        wait_for(lambda: self.relay.log(event='rendition', who=self.carol.account, rendition='low'),
                 'low rendition', within=60)
        self.wait_for_stats(self.carol, lambda seen: seen['width'] == LOW_WIDTH, 'the smaller picture', within=60)
        before = self.stats(self.emily)
        self.wait_for_stats(self.emily, lambda seen: seen['frames'] > before['frames'] + 90, 'frames')
        self.assertGreater(before['width'], LOW_WIDTH)

    def test_end(self):
        """Nothing is left at the end"""
        self.alice.do('stop', share=self.share)
        for viewer in self.viewers:
            viewer.expect('share', share=self.share, state='ended', within=20)
        wait_for(lambda: self.relay.sessions() == {'sessions': 0, 'connections': 0, 'pipelines': 0},
                 lambda: f'the end: {self.relay.sessions()}')


if __name__ == '__main__':
    main()
