#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: test_kill_loop.py [--rounds N] [--seed SEED]

Two homes, five devices of four people, conversations of two and a group. In each round everybody says something, and something dies by kill -9: a
relay, both, or a device; or the disk of one relay is full for a while. At the end everything that was taken on is everywhere
exactly once, and in one order (docs/reliability.md).

The seed decides who says what and who dies. When exactly that is amid the work of the others, the machine decides.
"""

import argparse
import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import time
import unittest

from tap import main, note
from town import Peer, Town, wait_for

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument('--rounds', type=int, default=30)
OPTIONS.add_argument('--seed', type=int, default=None)
CHOSEN, sys.argv[1:] = OPTIONS.parse_known_args()

BEFORE, AFTER = 2, 1       # what each device says before and after the blow
LOOK_EVERY = 25            # rounds after which all that was said is looked for
SETTLE = 120               # seconds within which homes find each other again, and all is said


class Disk:
    """A small disk for a relay's data, or none where we may not mount one."""

    def __init__(self, relay, mib):
        self.relay = relay
        self.filler = relay.data / 'filler'
        self.folder = relay.data
        self.why_not = None
        relay.stop()
        kept = relay.folder / 'kept'
        relay.data.rename(kept)
        relay.data.mkdir(mode=0o700)
        ran = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={mib}m,mode=0700', 'vitrine-kill-loop', str(relay.data)],
                             capture_output=True, text=True, check=False)
        if ran.returncode:
            self.why_not = ran.stderr.strip() or 'mount fails'
        subprocess.run(['cp', '-a', f'{kept}/.', str(relay.data)], check=True)
        relay.start()

    def fill(self):
        """Not a byte is left, nor any in the log of the database, whose old pages could be written over."""
        with contextlib.closing(sqlite3.connect(self.folder / 'relay.db')) as database:
            database.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        with open(self.filler, 'wb', buffering=0) as filler:
            for size in (1 << 20, 1 << 12):
                try:
                    while filler.write(b'\0' * size) == size:
                        pass
                except OSError:
                    pass

    def free(self):
        self.filler.unlink(missing_ok=True)

    def end(self):
        if not self.why_not:
            subprocess.run(['umount', '-l', str(self.folder)], check=False, capture_output=True)


class Saying:
    """Something that a device was told to say."""

    def __init__(self, device, conversation, text, command):
        self.device, self.conversation, self.text, self.command = device, conversation, text, command


class KillLoop(unittest.TestCase):

    def setUp(self):
        self.seed = CHOSEN.seed if CHOSEN.seed is not None else int.from_bytes(os.urandom(4), 'big')
        self.choice = random.Random(self.seed)
        self.town = Town()
        self.addCleanup(self.town.end)
        self.a, self.b = self.town.relays('a.test', 'b.test')
        self.disk = self.town.keep(Disk(self.b, 48 + CHOSEN.rounds // 4))
        if self.disk.why_not:
            note(f'# SKIP full disks: {self.disk.why_not}')

        self.alice = self.town.peer(self.a, 'alice')
        self.tablet = Peer(self.town, self.a, 'alice')
        self.assertEqual(self.tablet.sign('sign-in'), (0, ''))
        self.tablet.run()
        self.tablet.name = 'tablet'
        self.dora = self.town.peer(self.a, 'dora')
        self.emily = self.town.peer(self.b, 'emily')
        self.frank = self.town.peer(self.b, 'frank')
        self.devices = [self.alice, self.tablet, self.dora, self.emily, self.frank]
        self.down = set()
        self.refused = 0
        self.said = []

        group = self.alice.do('group', name='Dresses',
                              members=[peer.account for peer in (self.dora, self.emily, self.frank)])['conversation']
        for device in self.devices:
            device.expect('group', conversation=group, within=60)

        # Who is in which, and how each says so.
        self.conversations = {
            'group': (group, {peer.account for peer in self.devices}),
            'abroad': (None, {self.alice.account, self.emily.account}),
            'at home': (None, {self.dora.account, self.alice.account}),
            'at theirs': (None, {self.emily.account, self.frank.account}),
        }

    def mine(self, device):
        return [name for name, (_, people) in self.conversations.items() if device.account in people]

    def address(self, device, name):
        group, people = self.conversations[name]
        return group or next(iter(people - {device.account}))

    def burst(self, each):
        """The choices are made for all, so that they do not depend on who is alive."""
        for device in self.devices:
            for _ in range(each):
                name = self.choice.choice(self.mine(device))
                if device in self.down:
                    continue
                text = f'{device.name} {len(self.said)}'
                command = device.send('message', to=self.address(device, name), text=text)
                self.said.append(Saying(device, name, text, command))

    def taken_on(self):
        """What the devices have answered with ok: from then on it may not be lost."""
        answered = {device: {event['id'] for event in device.seen('ok')} for device in self.devices}
        return [saying for saying in self.said if saying.command in answered[saying.device]]

    # What happens to them

    def kill_relay(self, *relays):
        for relay in relays:
            relay.process.check()
            relay.kill()
        self.burst(AFTER)
        for relay in relays:
            relay.start()

    def kill_device(self, device):
        device.process.check()
        device.kill()
        self.down.add(device)
        self.burst(AFTER)
        self.down.remove(device)
        device.run(wait=False)

    def fill_disk(self):
        if self.disk.why_not:
            self.burst(AFTER)
            return
        self.disk.fill()
        before = self.refused
        self.burst(AFTER)
        wait_for(lambda: self.count_refused() > before, 'refusal of the relay with the full disk', within=20)
        self.disk.free()

    def count_refused(self):
        """How often the relay with the small disk could not store something."""
        self.refused = len(self.b.log(event='store-refused'))
        return self.refused

    def blow(self):
        """One of them, by the seed; how many answers come before it, too."""
        blows = [('relay a', lambda: self.kill_relay(self.a)),
                 ('relay b', lambda: self.kill_relay(self.b)),
                 ('both relays', lambda: self.kill_relay(self.a, self.b)),
                 ('disk b', self.fill_disk),
                 *((device.name, lambda device=device: self.kill_device(device)) for device in self.devices)]
        name, strike = self.choice.choice(blows)
        wait_for_answer = self.choice.randrange(2 * len(self.devices))
        sayings = self.said[-BEFORE * len(self.devices):]
        if wait_for_answer < len(sayings):
            saying = sayings[wait_for_answer]
            saying.device.answer(saying.command, 'a message', within=60)
        strike()
        return name

    # What is judged

    def history(self, device, name):
        group, _ = self.conversations[name]
        if group:
            rows = device.do('history', conversation=group, within=60)['messages']
        else:
            rows = device.do('history', to=self.address(device, name), within=60)['messages']
        return [row['text'] for row in rows if row['kind'] == 'text']

    def missing(self, wanted):
        """The first thing that is not everywhere yet."""
        for device in self.devices:
            for name in self.mine(device):
                there = set(self.history(device, name))
                for saying in wanted:
                    if saying.conversation == name and saying.text not in there:
                        return f'{saying.text!r} ({name}) on the device of {device.name}'
        return None

    def settle(self):
        """Everything that was taken on is everywhere."""
        wanted = self.taken_on()
        last = [None]

        def all_there():
            last[0] = self.missing(wanted)
            return last[0] is None

        wait_for(all_there, lambda: f'{last[0]}; seed {self.seed}', within=SETTLE, every=0.5)
        return len(wanted)

    def check_order(self, device, name, texts):
        for who in self.devices:
            numbers = [int(text.split()[1]) for text in texts if text.split()[0] == who.name]
            self.assertEqual(numbers, sorted(numbers), f'{device.name} has {name} of {who.name} out of order')

    def check_one_order(self, name, histories):
        """Any two devices have what others said in the same order."""
        for one in histories:
            for other in histories:
                own = {one.name, other.name}
                seen = [[text for text in histories[device] if text.split()[0] not in own] for device in (one, other)]
                both = set(seen[0]) & set(seen[1])
                self.assertEqual(*([text for text in texts if text in both] for texts in seen),
                                 f'{one.name} and {other.name} have {name} in different orders')

    def check(self):
        for name, (group, people) in self.conversations.items():
            histories = {device: self.history(device, name) for device in self.devices if device.account in people}
            for device, texts in histories.items():
                self.assertEqual(len(texts), len(set(texts)), f'{device.name} has something of {name} twice')
                self.check_order(device, name, texts)
            if group:
                self.check_one_order(name, histories)

        for device in self.devices:
            told = [event['text'] for event in device.seen('message')]
            self.assertEqual(len(told), len(set(told)), f'{device.name} was told something twice')
        for thing in (self.a, self.b, *self.devices):
            thing.process.check()

    def test_loop(self):
        """Nothing is lost, twice or out of order, whatever dies"""
        note(f'seed {self.seed}, {CHOSEN.rounds} rounds')
        began = time.monotonic()
        blows = {}
        for number in range(1, CHOSEN.rounds + 1):
            self.burst(BEFORE)
            name = self.blow()
            blows[name] = blows.get(name, 0) + 1
            if number % LOOK_EVERY == 0 and number < CHOSEN.rounds:
                note(f'round {number}: {self.settle()} are everywhere, after {time.monotonic() - began:.0f} s')
                self.check()

        n_taken = self.settle()
        self.check()
        note(f'{len(self.said)} said, {n_taken} taken on, 0 lost, 0 twice, 0 out of order, '
             f'{time.monotonic() - began:.0f} s')
        note(f'the full disk was felt {self.count_refused()} times')
        note('killed: ' + ', '.join(f'{name} {count}' for name, count in sorted(blows.items())))


if __name__ == '__main__':
    main()
