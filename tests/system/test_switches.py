#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""R3: Alice goes from one kind of content to another, bad files among them, and two watch, one of them from another home: one session,
one connection, in which nothing ever stops or jumps. The real programs, with a screen, a PipeWire camera and a network camera of their own.

As a soak: VITRINE_SWITCHES=1000 or VITRINE_SECONDS=3600 in the environment, and VITRINE_SEED for another order."""

import collections
import json
import os
import random
import subprocess
import time

import stamp
from content import write_cut, write_tune, write_words
from story import TownStory
from tap import main, note
from town import PATIENCE, Process, Refused, wait_for
from usage import Usage

N_SWITCHES = int(os.environ.get('VITRINE_SWITCHES', '40'))
SECONDS = float(os.environ.get('VITRINE_SECONDS', '0'))
SEED = int(os.environ.get('VITRINE_SEED', '4'))

# A content, or a function that makes it; whether it is heard; whether it cannot be shown; whether it may be shown until it breaks off.
Kind = collections.namedtuple('Kind', 'content is_heard is_bad may_fail', defaults=(False, False, False))

TOUR = ('picture', 'camera', 'music', 'film', 'screen', 'camera')
ATTEMPTS = round(3 * PATIENCE)
MAX_FREEZE_MS = 500
MAX_SPREAD_MS = 33
MAX_FPS = 60  # of which 30 is a part
SILENCE_DB = -60


class Program:
    """A program of the tests that answers a line with a line."""

    def __init__(self, town, name, path, *arguments):
        folder = town.make_folder(name)
        self.process = town.keep(Process(name, [town.build / path, *arguments], folder, town.media_env(folder),
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE))

    def read(self):
        line = self.process.popen.stdout.readline().decode('utf-8')
        if not line:
            self.process.wait()
            self.process.check()
        return line.strip()

    def ask(self):
        self.process.popen.stdin.write(b'\n')
        self.process.popen.stdin.flush()
        return json.loads(self.read())


class Switches(TownStory):
    homes = ('a.test', 'b.test')
    desktop = {'size': '640x480', 'sound': True}
    has_presenter = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bob = cls.town.peer(cls.relays[-1], 'bob')
        cls.viewers = (cls.emily, cls.bob)
        cls.random = random.Random(SEED)
        cls.kinds = cls.make_kinds()
        cls.shown = collections.Counter()
        cls.late = 0
        cls.usages = []

    # What is shown

    @classmethod
    def make_kinds(cls):
        content, folder = cls.town.content, cls.town.make_folder('files')
        pictures = [str(content / name) for name in ('red-gown.jpg', 'golden-mermaid.jpg', 'green-cocktail.jpg')]
        film, tune = content / 'show.mp4', write_tune(folder / 'tune.wav', 20)

        def picture(path):
            return Kind({'kind': 'picture', 'path': str(path)}, is_bad=True)

        return {
            'picture': Kind({'kind': 'picture', 'path': pictures[0]}),
            'series': Kind({'kind': 'pictures', 'paths': pictures, 'seconds': 1}),
            'camera': Kind({'kind': 'camera', 'device': 'test'}, is_heard=True),
            'film': Kind({'kind': 'file', 'path': str(film)}, is_heard=True),
            'film as camera': Kind({'kind': 'camera', 'device': f'file:{film}'}, is_heard=True),
            'music': Kind({'kind': 'music', 'path': str(tune)}, is_heard=True),
            'network camera': Kind({'kind': 'camera', 'url': cls.start_network_camera()}, is_heard=True),
            **cls.make_desktop_kinds(),
            'cut film': Kind({'kind': 'file', 'path': str(write_cut(folder / 'cut.mp4', film, film.stat().st_size // 2))}, may_fail=True),
            'missing picture': picture(folder / 'missing.jpg'),
            'empty picture': picture(write_words(folder / 'empty.png')),
            'cut picture': picture(write_cut(folder / 'cut.jpg', content / 'red-gown.jpg', 20)),
            'broken film': Kind({'kind': 'file', 'path': str(write_words(folder / 'words.webm', 'no film'))}, is_bad=True),
            'missing music': Kind({'kind': 'music', 'path': '/nowhere.ogg'}, is_bad=True),
            'no such camera': Kind({'kind': 'camera', 'device': 'Nobody'}, is_bad=True),
            'dead network camera': Kind({'kind': 'camera', 'url': 'rtsp://127.0.0.1:9/door'}, is_bad=True),
            'no such screen': Kind({'kind': 'screen', 'display': ':nowhere'}, is_bad=True),
        }

    @classmethod
    def start_network_camera(cls):
        return Program(cls.town, 'network-camera', 'tests/media/network-camera', '--sound').read()

    @classmethod
    def make_desktop_kinds(cls):
        cls.cameras = []
        return {
            'screen': Kind({'kind': 'screen'}),
            'screen with sound': Kind({'kind': 'screen', 'audio': True}),
            'PipeWire camera': Kind(cls.plug_in),
        }

    @classmethod
    def plug_in(cls):
        """A camera of PipeWire. Each is opened once only: the program that stands for a camera may give nothing to who comes after."""
        name = f'PipeCam{len(cls.cameras)}'
        cls.cameras.append(cls.town.desktop.camera(name, width=640, height=480))
        return {'kind': 'camera', 'device': name}

    def unplug(self):
        """All but the newest one."""
        for camera in self.cameras[:-1]:
            if camera.running:
                camera.end()

    # What is done and seen

    def stats(self, who):
        return who.do('stats', share=self.share)

    def frames(self):
        return [self.stats(viewer)['frames'] for viewer in self.viewers]

    def watch_on(self, more):
        """Until both have seen so many frames more: no time, but what came."""
        before = self.frames()
        wait_for(lambda: all(now >= was + more for now, was in zip(self.frames(), before)),
                 lambda: f'{more} frames after {before}; there are {self.frames()}', within=20)

    def try_switch(self, kind):
        """The number of the content, or None when it was refused. The product waits 3 s for a first frame, and no longer: on a machine
        that has much else to do that may be too short."""
        for _ in range(ATTEMPTS):
            content = kind.content() if callable(kind.content) else kind.content
            try:
                return self.alice.do('switch', share=self.share, content=content, within=30)['n']
            except Refused as refused:
                if refused.code != 'timeout' or kind.is_bad:
                    if not (kind.is_bad or kind.may_fail):
                        raise
                    return None
                type(self).late += 1
        raise AssertionError(f'{content} did not begin in time, {ATTEMPTS} times')

    def switch(self, name):
        kind = self.kinds[name]
        n = self.try_switch(kind)
        self.shown[name] += 1
        self.assertFalse(kind.is_bad and n, f'{name} was shown')
        if n and not kind.may_fail:
            for viewer in self.viewers:
                viewer.expect('first-frame', share=self.share, n=n, within=20)
            if kind.is_heard:
                for viewer in self.viewers:
                    wait_for(lambda: self.stats(viewer)['audio_level_db'] > SILENCE_DB, f'sound of {name} at {viewer.name}')
        self.watch_on(self.random.randrange(6))
        self.unplug()
        for usage in self.usages:
            usage.take()
        return n

    def play_about(self, name):
        """What else is done with some kinds."""
        if name == 'series':
            self.alice.do(self.random.choice(['next', 'previous']), share=self.share)
        elif name in ('film', 'music'):
            self.alice.do('pause', share=self.share)
            self.alice.do('seek', share=self.share, position_s=self.random.randrange(1, 10))
            self.alice.do('play', share=self.share)

    def dress(self):
        """How the next switch looks, and sometimes somebody beside it."""
        self.alice.do('crossfade', share=self.share, ms=self.random.choice([0, 0, 100, 400]))
        if self.random.randrange(8) == 0:
            type(self).has_presenter = not self.has_presenter
            self.alice.do('presenter', share=self.share, on=self.has_presenter, device='test')

    # The story

    def test_01(self):
        """A share that two see, and of which a third one counts the packets"""
        self.befriend()
        cls = type(self)
        cls.share = self.alice.do('share', to=[viewer.account for viewer in self.viewers],
                                  content=self.kinds['camera'].content)['share']
        # With the first accept the relay chooses the codec, by what it knows then of all who may come.
        for viewer in self.viewers:
            viewer.expect('invited', share=self.share)
            self.alice.expect('member', share=self.share, who=viewer.account, state='ringing')
        for viewer in self.viewers:
            viewer.do('accept', share=self.share)
        for viewer in self.viewers:
            viewer.expect('first-frame', share=self.share, within=20)
        self.alice.do('allow', share=self.share, allow=['watch', 'snapshot'])
        self.emily.expect('allow', share=self.share, allow=lambda allow: 'watch' in allow)
        url = self.emily.do('watch-url', share=self.share)['url']
        cls.counter = Program(self.town, 'count-packets', 'tests/system/count-packets', url, MAX_FPS)
        wait_for(lambda: all(times['packets'] for times in self.counter.ask().values()), 'packets')
        cls.connections = self.relays[0].media_connections()
        self.assertEqual(len(self.connections), 4)

    def test_02(self):
        """Picture, camera, music, file, screen, camera, and then every kind once"""
        for name in TOUR + tuple(self.kinds):
            if name in self.kinds:
                self.switch(name)

    def test_03(self):
        """Switches at random, as many as were asked for"""
        cls = type(self)
        cls.usages = [Usage(who.name, who.process.pid) for who in (self.alice, *self.viewers)]
        cls.usages += [Usage(relay.domain, relay.process.pid) for relay in self.relays]
        self.shown.clear()
        end = time.monotonic() + SECONDS
        while sum(self.shown.values()) < N_SWITCHES or time.monotonic() < end:
            name = self.random.choice(list(self.kinds))
            self.dress()
            if self.switch(name):
                self.play_about(name)
        note(f'seed {SEED}: ' + ', '.join(f'{count} x {name}' for name, count in self.shown.items())
             + f'; {self.late} began too late, and were asked for again')

    def test_04(self):
        """At the end both see the camera, and the same frame"""
        self.alice.do('crossfade', share=self.share, ms=0)
        self.alice.do('presenter', share=self.share, on=False)
        self.switch('camera')
        for viewer in self.viewers:
            path = self.town.folder / f'{viewer.name}.png'

            def counter():
                viewer.do('snapshot', share=self.share, path=str(path))
                return stamp.read(path)
            first = wait_for(counter, f'a frame with a counter at {viewer.name}')
            wait_for(lambda: counter() > first, f'the counter rising at {viewer.name}')
        wait_for(lambda: 0 <= self.stats(self.alice)['spread_ms'] <= MAX_SPREAD_MS,
                 lambda: f'spread within a frame; it is {self.stats(self.alice)["spread_ms"]} ms', within=30, every=0.3)
        for who in self.viewers:
            seen = self.stats(who)
            note(f'{who.name}: {seen["frames"]} frames, longest gap {seen["longest_gap_ms"]:.0f} ms, spread {seen["spread_ms"]:.1f} ms, '
                 f'{seen["audio_level_db"]:.0f} dB')

    def test_05(self):
        """One session: nobody was asked again, or came again"""
        self.assertEqual(self.relays[0].media_connections(), self.connections)
        self.assertEqual(self.relays[0].sessions(), {'sessions': 1, 'connections': 4, 'pipelines': 1})
        for viewer in self.viewers:
            self.assertEqual([event['share'] for event in viewer.seen('invited')], [self.share])
            self.assertEqual({event['share'] for kind in ('share', 'content', 'first-frame') for event in viewer.seen(kind)},
                             {self.share})
        for who in (self.alice, *self.viewers):
            self.assertEqual(who.seen('connection', state='lost'), [])
            self.assertEqual([event['state'] for event in who.seen('share') if event['state'] in ('held', 'ended')], [])
        numbers = [event['n'] for event in self.emily.seen('first-frame')]
        self.assertEqual(numbers, sorted(set(numbers)))

    def test_06(self):
        """No time in any packet was odd, and none went backward"""
        for media, times in self.counter.ask().items():
            note(f'{media}: {times}')
            self.assertGreater(times['steps'], 100)
            self.assertEqual((times['odd'], times['backward']), (0, 0), media)

    def test_07(self):
        """Memory, descriptors, threads and children of all programs stay flat"""
        for usage in self.usages:
            note(usage.tell())
        self.assertEqual([grown for usage in self.usages for grown in usage.grown()], [])

    def test_08(self):
        """It ends for all, and nothing is left"""
        self.alice.do('stop', share=self.share)
        for viewer in self.viewers:
            viewer.expect('share', share=self.share, state='ended')
        self.alice.expect('camera', state='closed')
        self.assert_all_closed()


class Photograph(TownStory):
    """S18: a photograph during live video."""

    def longest_gap_ms(self):
        """The longest time without a frame, from the first one until well after a photograph was taken."""
        share = self.invite(kind='camera', device='test')
        self.accept(share)

        def see(more):
            before = self.stats(share)['frames']
            wait_for(lambda: self.stats(share)['frames'] >= before + more, f'{more} frames at Emily', within=20)

        see(15)
        taken = self.alice.do('photo', share=share, within=20)
        self.emily.expect('picture', picture=taken['picture'], within=20)
        see(30)
        gap = self.stats(share)['longest_gap_ms']
        self.alice.do('stop', share=share)
        self.emily.expect('share', share=share, state='ended')
        return gap

    def test_freeze(self):
        """The video does not stand still for more than half a second"""
        self.befriend()
        gaps = []
        # Other programs can stop it for as long, but hardly each time.
        while len(gaps) < ATTEMPTS and (not gaps or gaps[-1] > MAX_FREEZE_MS):
            gaps.append(self.longest_gap_ms())
            note(f'longest gap {gaps[-1]:.0f} ms')
        self.assertLessEqual(gaps[-1], MAX_FREEZE_MS)
        self.assert_all_closed()


if __name__ == '__main__':
    main()
