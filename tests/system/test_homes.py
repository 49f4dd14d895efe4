#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two homes on one machine, each with a certificate of its own, which the other knows by its pin."""

import unittest

from tap import main
from town import Town, wait_for


class Homes(unittest.TestCase):

    def setUp(self):
        self.town = Town()
        self.addCleanup(self.town.end)

    def wait_for_links(self, one, other):
        wait_for(lambda: one.is_linked(other) and other.is_linked(one),
                 lambda: f'links of {one.domain} and {other.domain}: {one.peers()} {other.peers()}', within=20)

    def test_meet(self):
        """Two homes find each other, and again after a restart"""
        one, other = self.town.relays('a.test', 'b.test')
        self.wait_for_links(one, other)
        self.assertIn('in', one.peers()['b.test'])
        self.assertIn('in', other.peers()['a.test'])

        alice = self.town.peer(one, 'alice')
        other.kill()
        wait_for(lambda: not one.is_linked(other), 'the end of the link')
        alice.do('message', to='emily@b.test', text='are you there?', within=20)
        wait_for(lambda: one.peers()['b.test']['waiting'] == 1, lambda: f'what waits: {one.peers()}')
        other.start()
        wait_for(lambda: other.is_linked(one), lambda: f'a new link: {one.peers()} {other.peers()}', within=20)

    def test_wrong_pin(self):
        """A home with another certificate than the pinned one is no home"""
        one = self.town.relay('a.test')
        other = self.town.relay('b.test')
        other.pin = '0' * 64
        one.federate_with(other)
        wait_for(lambda: 'certificate' in one.peers().get('b.test', {}).get('out', {}).get('error', ''),
                 lambda: f'the reason: {one.peers()}')
        self.assertFalse(one.is_linked(other))

    def test_stranger(self):
        """Who is not named is not let in, and nothing breaks"""
        one = self.town.relay('a.test')
        other = self.town.relay('b.test')
        third = self.town.relay('c.test')
        third.federate_with(other)
        other.federate_with(one)
        wait_for(lambda: 'does not let us in' in third.peers().get('b.test', {}).get('out', {}).get('error', ''),
                 lambda: f'the refusal: {third.peers()}', within=20)
        self.assertFalse(third.is_linked(other))
        self.assertGreaterEqual(other.peers()[None]['refused'].get('forbidden', 0), 1)


if __name__ == '__main__':
    main()
