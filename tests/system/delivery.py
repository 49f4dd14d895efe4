# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing acknowledged is ever lost or shown twice: kill -9 of relays and clients amid messages and shares.

What is checked is written here once; test_delivery.py runs it on one home, and test_delivery_homes.py on two.
"""

import random
import unittest

from tap import note
from town import Late, Refused, Town, wait_for

ROUNDS = 6
BURST = 12


class TownTest(unittest.TestCase):
    """Alice at the first home, Emily at the last: they may be the same. Each test has a town of its own."""

    homes = ('a.test',)

    def setUp(self):
        self.town = Town()
        self.addCleanup(self.town.end)
        self.relays = self.town.relays(*self.homes)
        self.alice = self.town.peer(self.relays[0], 'alice')
        self.emily = self.town.peer(self.relays[-1], 'emily')


class Delivery(TownTest):

    def setUp(self):
        super().setUp()
        self.sent = []       # (number of the command, text), in order
        self.rounds = random.Random(self.id())

    def burst(self):
        for _ in range(BURST):
            text = f'message {len(self.sent)}'
            self.sent.append((self.alice.send('message', to=self.emily.account, text=text), text))

    def answered(self):
        """The texts that Alice's client has taken on."""
        taken = {event['id'] for event in self.alice.events if event.get('event') == 'ok'}
        return [text for number, text in self.sent if number in taken]

    def received(self):
        """What Emily has: an event may die with her client, the history may not."""
        rows = self.emily.do('history', to=self.alice.account)['messages']
        return [row['text'] for row in rows if row['kind'] == 'text']

    def settle(self):
        """Waits until a last message has come through, behind all the others."""
        last = self.alice.do('message', to=self.emily.account, text='the end', within=40)
        self.emily.expect('message', message=last['message'], within=60)

    def check(self):
        wanted, got = self.answered(), [text for text in self.received() if text != 'the end']
        note(f'{len(self.sent)} said, {len(wanted)} taken on, {len(got)} received')
        told = [event['text'] for event in self.emily.seen('message')]
        self.assertEqual(len(told), len(set(told)), 'some were told twice')
        self.assertEqual(len(got), len(set(got)), 'some were shown twice')
        self.assertEqual([text for text in wanted if text not in got], [], 'some were lost')
        self.assertEqual(got, sorted(got, key=lambda text: int(text.split()[1])), 'order')

    def test_relay_killed(self):
        """A relay is killed amid messages, one after the other"""
        for number in range(ROUNDS):
            relay = self.relays[number % len(self.relays)]
            self.burst()
            self.emily.expect('message', within=60,
                              text=self.sent[-self.rounds.randrange(1, BURST)][1])
            relay.kill()
            self.burst()
            relay.start()
        self.settle()
        self.check()

    def test_recipient_killed(self):
        """The recipient is killed amid messages"""
        for _ in range(ROUNDS):
            self.burst()
            self.emily.expect('message', within=40,
                              text=self.sent[-self.rounds.randrange(1, BURST)][1])
            self.emily.kill()
            self.emily.run()
        self.settle()
        self.check()

    def test_sender_killed(self):
        """The sender is killed amid messages: what it has taken on goes out when it is back"""
        for _ in range(ROUNDS):
            self.burst()
            self.alice.answer(self.sent[-self.rounds.randrange(1, BURST)][0])
            self.alice.kill()
            self.alice.run()
        self.settle()
        self.check()

    def test_history_survives(self):
        """Receipts come for messages that were said while the relay was away"""
        for relay in self.relays:
            relay.kill()
        self.alice.expect('connection', state='lost', within=60)
        said = self.alice.do('message', to=self.emily.account, text='Are you there?')
        for relay in self.relays:
            relay.start()
        self.emily.expect('message', message=said['message'], within=60)
        self.alice.expect('receipt', message=said['message'], state='delivered', within=60)


class Faults(TownTest):
    """FAULTS: kill -9 during a share; the story can go on."""

    def share(self):
        share = self.alice.do('share', to=[self.emily.account],
                              content={'kind': 'camera', 'device': 'test'}, within=40)['share']
        self.emily.expect('invited', share=share, within=40)
        self.emily.do('accept', share=share)
        self.emily.expect('first-frame', share=share, within=40)
        return share

    def goes_on(self):
        share = self.share()
        self.alice.do('stop', share=share)
        self.emily.expect('share', share=share, state='ended', within=40)

    def test_viewer_killed(self):
        """The viewer is killed: she is lost, and comes back into the share"""
        share = self.share()
        self.emily.kill()
        self.alice.expect('member', share=share, who=self.emily.account, state='lost', within=40)
        self.emily.run()
        self.emily.expect('first-frame', share=share, within=60)
        self.alice.do('stop', share=share)
        self.emily.expect('share', share=share, state='ended', within=40)
        self.goes_on()

    def test_sharer_killed(self):
        """The sharer is killed: the share is held, then ends, and a new one can begin"""
        share = self.share()
        self.alice.kill()
        self.emily.expect('share', share=share, state='held', within=40)
        self.alice.run()
        self.emily.expect('share', share=share, state='ended', within=60)
        self.goes_on()

    def test_relay_killed(self):
        """The sharer's relay is killed: both learn that the share is over, and a new one can begin"""
        share = self.share()
        self.relays[0].kill()
        self.alice.expect('connection', state='lost', within=60)
        self.relays[0].start()
        self.alice.expect('connection', state='connected', within=60)
        if len(self.relays) == 1:
            self.emily.expect('connection', state='connected', within=60)
        self.alice.expect('share', share=share, state='ended', within=60)
        self.emily.expect('share', share=share, state='ended', within=60)
        self.alice.expect('camera', state='closed')
        self.goes_on()

    def test_viewers_relay_killed(self):
        """The viewer's relay is killed: she is lost, and comes back into the share when it is there again"""
        if len(self.relays) == 1:
            self.skipTest('both are of one home')
        share = self.share()
        self.relays[-1].kill()
        self.emily.expect('connection', state='lost', within=60)
        self.relays[-1].start()
        self.emily.expect('connection', state='connected', within=60)
        wait_for(lambda: self.is_seen(share), 'video at Emily', within=60, every=0.5)
        self.alice.do('stop', share=share)
        self.emily.expect('share', share=share, state='ended', within=40)
        self.goes_on()

    def is_seen(self, share):
        """Whether more frames come."""
        try:
            before = self.emily.do('stats', share=share)['frames']
            return wait_for(lambda: self.emily.do('stats', share=share)['frames'] > before, 'a frame', within=0.7)
        except (Late, Refused):
            return False

    def test_relay_stopped(self):
        """The sharer's relay is stopped politely: the share ends for all with that reason"""
        share = self.share()
        self.assertEqual(self.relays[0].stop(), 0)
        ended = self.alice.expect('share', share=share, state='ended', within=60)
        self.assertEqual(ended['reason'], 'shutdown')
        self.alice.expect('camera', state='closed')
        self.relays[0].start()
        self.alice.expect('connection', state='connected', within=60)
        if len(self.relays) == 1:
            self.emily.expect('connection', state='connected', within=60)
        self.goes_on()
