#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Among homes there is one that is up to no good: what it does is refused, counted, and nothing to the others."""

import pathlib
import subprocess

from tap import Story, main, note
from town import Town, wait_for

MIB = 1024


class EvilHome:
    """tests/relay/evil-home: its commands are said there."""

    domain = 'evil.test'

    def __init__(self, town, victim):
        self.folder = town.make_folder('evil')
        self.process = subprocess.Popen(
            [str(town.build / 'tests' / 'relay' / 'evil-home'), str(self.folder), victim.domain, str(victim.port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=town.env(self.folder))
        _, self.port, self.pin = self.process.stdout.readline().split()
        self.url = f'wss://127.0.0.1:{self.port}'
        town.keep(self)

    def do(self, command):
        self.process.stdin.write(command + '\n')
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.kill()
        self.process.wait()


class Evil(Story):
    """Alice at a.test and Emily at b.test talk, while evil.test is at a.test's throat."""

    @classmethod
    def setUpClass(cls):
        cls.town = Town()
        cls.addClassCleanup(cls.town.end)
        cls.home, cls.other = cls.town.relays('a.test', 'b.test')
        cls.evil = EvilHome(cls.town, cls.home)
        # Who is dialed and does not speak is waited for, while the first tests go on.
        cls.evil.do('callee silent')
        cls.home.federate_with(cls.evil)
        cls.alice = cls.town.peer(cls.home, 'alice')
        cls.emily = cls.town.peer(cls.other, 'emily')

    def setUp(self):
        self.talk()
        self.memory = self.resident()

    def resident(self):
        """KiB."""
        status = pathlib.Path('/proc', str(self.home.process.pid), 'status').read_text(encoding='ascii')
        return int(status.partition('VmRSS:')[2].split()[0])

    def talk(self):
        """What honest people say arrives, both ways."""
        for one, other in ((self.alice, self.emily), (self.emily, self.alice)):
            said = one.do('message', to=other.account, text='hello', within=20)
            other.expect('message', message=said['message'], within=20)

    def check(self, mib=24):
        """The relay is well, and so are its people."""
        self.talk()
        grown = self.resident() - self.memory
        note(f'grown by {grown} KiB; {self.refused()}')
        self.assertLess(grown, mib * MIB)

    def refused(self, home='evil.test'):
        return self.home.peers().get(home, {}).get('refused', {})

    def test_caller(self):
        """It floods, does not listen, sends what is too long or in pieces, and comes with a crowd"""
        self.assertEqual(self.evil.do('link'), 'welcome')
        self.assertEqual(self.evil.do('flood 3000'), 'sent 3000')
        self.check()
        self.assertGreaterEqual(self.refused().get('not-found', 0), 1)

        self.assertEqual(self.evil.do('link'), 'welcome')
        self.assertEqual(self.evil.do('fragments'), 'closed 1002')
        self.assertEqual(self.evil.do('link'), 'welcome')
        self.assertEqual(self.evil.do('long'), 'closed 1009')
        self.check()

        self.evil.do('crowd 60')
        self.check()
        self.assertGreaterEqual(self.refused(None).get('busy', 0), 1)
        self.evil.do('crowd 0')

    def test_deaf(self):
        """It asks without end and hears no answer"""
        wait_for(lambda: self.evil.do('link') == 'welcome', 'end of the crowd', every=0.1)
        note(self.evil.do('deaf'))
        self.check()
        wait_for(lambda: 'in' not in self.home.peers().get('evil.test', {}), 'the end of its link')

    def dial(self, how):
        """Lets the home dial it, once, and waits for what comes of it."""
        self.assertEqual(self.evil.do(f'callee {how}'), 'so be it')
        self.home.stop()
        self.home.start()
        self.alice.expect('connection', state='connected', within=30)

    def out(self):
        return self.home.peers().get('evil.test', {}).get('out', {})

    def ends_with_an_error(self):
        error = wait_for(lambda: self.out().get('error'), lambda: f'the end of the link: {self.out()}', within=40)
        note(error)
        self.check()

    def test_silent(self):
        """Who is dialed and does not speak is given up"""
        self.ends_with_an_error()

    def test_callee(self):
        """Who dials it is flooded, and told what no home tells"""
        for how in ('flood', 'pings'):
            self.dial(how)
            wait_for(lambda: self.out().get('state') == 'up', lambda: f'the link: {self.out()}', within=20)
            self.check()
        for how in ('fragments', 'long'):
            self.dial(how)
            self.ends_with_an_error()

    def test_document(self):
        """What it says of itself leads elsewhere, has no end, comes slowly, or is another's"""
        for how in ('redirect', 'slow', 'huge', 'headers', 'continues', 'name'):
            self.assertEqual(self.evil.do(f'document {how}'), 'so be it')
            self.home.stop()
            self.home.start()
            self.alice.expect('connection', state='connected', within=30)
            error = wait_for(lambda: self.out().get('error'), lambda: f'the reason: {self.out()}', within=20)
            note(f'{how}: {error}')
            self.assertEqual(self.evil.do('link') in ('remote-unreachable', 'rate'), True)
            self.check()


if __name__ == '__main__':
    main()
