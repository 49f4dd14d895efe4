#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pictures between two homes: each person fetches them from the own home, which fetches them from the other."""

import hashlib
import http.client
import pathlib
import ssl
import time
import unittest

from tap import main
from town import Town, wait_for


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


class HomePictures(unittest.TestCase):

    def setUp(self):
        self.town = Town()
        self.addCleanup(self.town.end)
        self.here, self.there = self.town.relays('a.test', 'b.test')
        self.alice = self.town.peer(self.here, 'alice')
        self.emily = self.town.peer(self.there, 'emily')
        self.picture = self.town.content / 'red-gown.jpg'

    def send(self):
        return self.alice.do('send-picture', to=self.emily.account, path=str(self.picture))['picture']

    def stored(self, relay):
        """The files that this relay keeps."""
        return list((relay.data / 'pictures').glob('*[0-9a-f]'))

    def get(self, relay, picture, authorization):
        """The status with which that relay answers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection('127.0.0.1', relay.port, context=context, timeout=20)
        self.addCleanup(connection.close)
        connection.request('GET', f'/pictures/{picture}', headers={'Authorization': authorization})
        return connection.getresponse().status

    def test_shown(self):
        """A picture arrives as it is, and the recipient's home keeps it"""
        self.send()
        came = self.emily.expect('picture', within=20)
        self.assertEqual(sha256(came['path']), sha256(self.picture))
        kept, = self.stored(self.there)
        self.assertEqual(sha256(kept), sha256(self.picture))

    def test_home_away(self):
        """It is fetched when the sender's home is there again"""
        self.there.kill()
        picture = self.send()
        self.here.kill()
        self.there.start()
        self.here.start()
        came = self.emily.expect('picture', within=60)
        self.assertEqual(sha256(came['path']), sha256(self.picture))
        self.assertEqual(came['picture'], picture)

    def test_gone(self):
        """A picture that is lost at its home is not shown, and nobody waits for ever"""
        self.there.kill()
        self.send()
        kept, = self.stored(self.here)
        kept.write_bytes(b'\xff\xd8\xff' + bytes(kept.stat().st_size - 3))
        self.there.start()
        wait_for(lambda: self.there.log(event='picture-gone', picture=kept.name), 'the end of the attempts', within=60)
        self.assertEqual(self.stored(self.there), [])
        wait_for(lambda: any(row.get('error') for row in self.emily.do('history', to=self.alice.account)['messages']),
                 lambda: f"the word that it is gone: {self.emily.do('history', to=self.alice.account)}", within=30)

    def test_strangers(self):
        """Who did not prove to be a home gets nothing, nor does a home to which it was not shown"""
        self.send()
        self.emily.expect('picture', within=20)
        kept, = self.stored(self.here)
        picture = kept.name
        now = time.time_ns() // 1000
        for authorization in (f'Home b.test.k1.{now}.{"A" * 86}', f'Home b.test.k1.{now}.', f'Home a.test.k1.{now}.{"A" * 86}',
                              f'Home c.test.k1.{now}.{"A" * 86}', 'Home ', 'Home ....', f'Home b.test.k1.{2 ** 63}.AA', 'Home b.test'):
            self.assertEqual(self.get(self.here, picture, authorization), 401, authorization)
        self.assertEqual(self.get(self.there, picture, 'Bearer nobody'), 401)


if __name__ == '__main__':
    main()
