#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever people do wrong: a clear sentence, a status, and nothing lost."""

import os
import pathlib
import socket
import subprocess
import threading
import unittest

from tap import main
from town import Refused, Town, wait_for


class TestCase(unittest.TestCase):

    def setUp(self):
        self.town = Town()
        self.addCleanup(self.town.end)

    def assert_sentence(self, ran, status=1):
        """The program ended with that status and one line that says why."""
        code, words = ran
        self.assertEqual(code, status, words)
        self.assertEqual(len(words.splitlines()), 1, words)
        self.assertGreater(len(words.split()), 3, words)
        self.assertNotRegex(words, r'(?i)assert|critical|segfault|Traceback')
        return words

    def program(self, name, *arguments, stdin=b'', env=None):
        """Runs it to its end: (exit status, stderr, stdout)."""
        folder = self.town.make_folder('program')
        ran = subprocess.run([str(self.town.program(name)), *map(str, arguments)], input=stdin,
                             env={**self.town.env(folder), **(env or {})}, capture_output=True,
                             check=False, timeout=60)
        return ran.returncode, ran.stderr.decode().strip(), ran.stdout.decode()


class SigningIn(TestCase):

    def setUp(self):
        super().setUp()
        self.relay = self.town.relay('a.test')
        self.alice = self.town.peer(self.relay, 'alice')

    def test_password(self):
        """A wrong password and an unknown user are refused alike"""
        self.alice.quit()
        wrong = self.assert_sentence(self.alice.sign('sign-in', password='shoes and dresses'))
        stranger = type(self.alice)(self.town, self.relay, 'nobody')
        unknown = self.assert_sentence(stranger.sign('sign-in'))
        self.assertEqual(wrong.replace('alice', 'X'), unknown.replace('nobody', 'X'))
        self.assertEqual(self.alice.sign('sign-in')[0], 0)

    def test_taken(self):
        """A name that is taken is not given twice"""
        second = type(self.alice)(self.town, self.relay, 'alice')
        self.assertIn('alice', self.assert_sentence(second.sign('sign-up')))

    def test_closed(self):
        """A relay that takes nobody on says so"""
        relay = self.town.relay('b.test', open_registration=False)
        self.assert_sentence(type(self.alice)(self.town, relay, 'alice').sign('sign-up'))

    def test_pin(self):
        """A wrong pin is told apart from a wrong password"""
        bob = type(self.alice)(self.town, self.relay, 'bob')
        words = self.assert_sentence(bob.sign('sign-up', pin='00' * 32))
        self.assertRegex(words, r'(?i)pin|certificate')
        self.assert_sentence(bob.sign('sign-up', pin='no pin at all'))

    def test_authority(self):
        """A relay is known by its authority's file, and by no other's"""
        bob = type(self.alice)(self.town, self.relay, 'bob')
        other = self.town.relay('b.test')
        self.assert_sentence(bob.sign('sign-up', ca=other.data / 'relay.crt'))
        self.assertEqual(bob.sign('sign-up', ca=self.relay.data / 'relay.crt'), (0, ''))

    def test_token(self):
        """A person who was disabled is told, and does not try for ever"""
        self.relay.admin('user', 'disable', self.alice.account)
        self.relay.stop()
        self.relay.start()
        self.assertEqual(self.alice.process.wait(40), 1)
        self.assertIn('vitrine-cli: ', self.alice.process.last_words())

    def test_nobody_there(self):
        """No relay there, or something else"""
        self.relay.stop()
        self.assert_sentence(type(self.alice)(self.town, self.relay, 'bob').sign('sign-up'))
        with socket.create_server(('127.0.0.1', 0)) as other:
            self.relay.port = other.getsockname()[1]
            other.listen()
            client = type(self.alice)(self.town, self.relay, 'carol')

            def speak():
                connection, _ = other.accept()
                connection.sendall(b'220 mail.example ESMTP\r\n')
                connection.close()
            threading.Thread(target=speak, daemon=True).start()
            self.assert_sentence(client.sign('sign-up'))


class RelayStart(TestCase):

    def relay(self, *arguments):
        return self.program('vitrine-relay', *arguments)[:2]

    def test_port_in_use(self):
        """The port is in use"""
        relay = self.town.relay('a.test')
        words = self.assert_sentence(self.relay('--domain', 'b.test', '--data',
                                                self.town.make_folder('other'), '--port', relay.port))
        self.assertIn(str(relay.port), words)

    def test_data_in_use(self):
        """Two relays do not share a folder"""
        relay = self.town.relay('a.test')
        self.assert_sentence(self.relay('--domain', 'a.test', '--data', relay.data, '--port', 0,
                                        '--rtsp-port', 0))

    def test_data(self):
        """The data folder cannot be made"""
        file = self.town.folder / 'a-file'
        file.write_text('not a folder')
        words = self.assert_sentence(self.relay('--domain', 'a.test', '--data', file / 'data'))
        self.assertIn(str(file), words)

    def test_arguments(self):
        """Wrong options and a wrong configuration file"""
        data = self.town.make_folder('data')
        self.assertEqual(self.relay('--no-such-option')[0], 2)
        self.assert_sentence(self.relay('--domain', 'not a domain', '--data', data), 2)
        self.assert_sentence(self.relay('--domain', 'a.test', '--data', data, '--port', '99999'), 2)
        config = self.town.folder / 'relay.conf'
        config.write_text('domain = a.test\nport = seven\n')
        self.assertIn('port', self.assert_sentence(self.relay('--config', config)))
        self.assert_sentence(self.relay('--config', self.town.folder / 'no-such-file'))

    def test_certificate(self):
        """A certificate that is none"""
        bad = self.town.folder / 'bad.pem'
        bad.write_text('not a certificate')
        self.assert_sentence(self.relay('--domain', 'a.test', '--data', self.town.make_folder('data'),
                                        '--cert', bad, '--key', bad))

    def test_admin(self):
        """Administration of what is not there"""
        relay = self.town.relay('a.test')
        for words in (['user', 'disable', 'nobody@a.test'], ['rights', 'deny', 'nobody@a.test', 'share.live'],
                      ['rights', 'deny', 'nobody@a.test', 'share.everything'], ['no-such-verb']):
            self.assertNotEqual(self.relay('admin', '--data', relay.data, *words)[0], 0)


class FullDisk(TestCase):

    def test_full(self):
        """The relay's disk is full: refused, alive, and going on when there is room again"""
        if os.geteuid() != 0:
            self.skipTest('mounting a small disk needs root')
        disk = self.town.make_folder('disk')
        if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk], check=False).returncode:
            self.skipTest('no disk can be mounted here')
        self.addCleanup(subprocess.run, ['umount', '-l', disk], check=False)
        relay = self.town.relay('a.test', options=['--data', str(disk / 'data')])
        relay.data = disk / 'data'
        alice, emily = self.town.peer(relay, 'alice'), self.town.peer(relay, 'emily')
        alice.do('message', to=emily.account, text='before')
        emily.expect('message', text='before')
        ballast = disk / 'ballast'
        with open(ballast, 'wb', buffering=0) as file, self.assertRaises(OSError):
            while file.write(bytes(4096)):
                pass
        # Not acknowledged by the relay, so Alice's client keeps it and says it again.
        text = 'x' * 15000
        said = alice.send('message', to=emily.account, text=text)
        wait_for(lambda: relay.log(event='store-refused'), 'word of the full disk in the log')
        relay.process.check()
        ballast.unlink()
        alice.answer(said, within=60)
        emily.expect('message', text=text, within=60)


class Commands(TestCase):

    def setUp(self):
        super().setUp()
        self.relay = self.town.relay('a.test')
        self.alice = self.town.peer(self.relay, 'alice')
        self.emily = self.town.peer(self.relay, 'emily')

    def refused(self, verb, **members):
        with self.assertRaises(Refused) as refused:
            self.alice.do(verb, **members)
        self.assertTrue(refused.exception.code)
        self.assertGreater(len(refused.exception.text.split()), 2, refused.exception.text)
        return refused.exception

    def share(self, **content):
        share = self.alice.do('share', to=[self.emily.account], content=content)['share']
        self.emily.expect('invited', share=share)
        self.emily.do('accept', share=share)
        self.alice.expect('share', share=share, state='active')
        return share

    def test_lines(self):
        """Lines that are no commands are answered each, and the next is heard"""
        lines = ['', '{', '[]', '7', '"do"', '{"do":7}', '{"do":"fly"}', '{"do":"message"}',
                 '{"do":"message","to":"nobody","text":"x"}', '{"do":"quit"} trailing',
                 '[' * 100000, '{"do":"message","id":{"a":[1]},"to":5,"text":[]}', '\x00\x01\x02']
        for line in lines:
            self.alice.say(line)
        self.alice.process.popen.stdin.write(b'\xff\xfe\n')
        self.alice.process.popen.stdin.flush()
        self.assertEqual(self.alice.do('status')['account'], self.alice.account)
        errors = [event for event in self.alice.events if event.get('event') == 'error']
        # An empty line is nothing said.
        self.assertGreaterEqual(len(errors), len(lines) - 1)
        self.assertEqual(self.alice.seen('not-json'), [])

    def test_texts(self):
        """Texts that are too long or empty are refused, and odd characters do no harm"""
        self.assertEqual(self.refused('message', to=self.emily.account, text='x' * 1000000).code, 'too-big')
        self.refused('message', to=self.emily.account, text='')
        sent = self.alice.do('message', to=self.emily.account, text='a\u0007b\u001b[31mc\u202ed\ne\tf')
        text = self.emily.expect('message', message=sent['message'])['text']
        for character in '\u0007\u001b\u202e':
            self.assertNotIn(character, text)
        self.assertIn('\n', text)

    def test_names(self):
        """Addresses that are none, and people that there are not"""
        for to in ('emily', 'emily@', '@a.test', 'em ily@a.test', 'x' * 400, ''):
            self.refused('message', to=to, text='hello')
        share = self.alice.do('share', to=['nobody@a.test'],
                              content={'kind': 'picture', 'device': 'test'})['share']
        self.assertEqual(self.alice.expect('member', share=share, state='refused')['status'], 404)
        self.alice.expect('share', share=share, state='ended')

    def test_ids(self):
        """Shares, messages and requests that there are not"""
        for verb in ('accept', 'decline', 'stop', 'cancel', 'leave', 'switch', 'stats'):
            self.refused(verb, share='no-such-share', content={'kind': 'camera', 'device': 'test'})
        self.refused('displayed', message='no-such-message')
        self.refused('answer-photo-request', request='no-such-request', accept=True)

    def test_pictures(self):
        """Files that are not pictures are refused with words, and the client lives"""
        text = self.town.folder / 'letter.jpg'
        text.write_text('Dear Emily')
        huge = self.town.folder / 'huge.jpg'
        huge.write_bytes(b'\xff\xd8\xff\xe0')
        os.truncate(huge, 2 << 30)
        for path in (text, huge, self.town.folder, self.town.folder / 'missing.jpg', '/dev/zero'):
            error = self.refused('send-picture', to=self.emily.account, path=str(path))
            self.assertIn(pathlib.Path(path).name, error.text)

    def test_content(self):
        """What cannot be shown leaves the old content, and the sharer is told why"""
        share = self.share(kind='picture', path=str(self.town.content / 'red-gown.jpg'))
        cut = self.town.folder / 'cut.webm'
        cut.write_bytes((self.town.content / 'show.mp4').read_bytes()[:3000])
        text = self.town.folder / 'text.mp4'
        text.write_text('no film')
        bad = [{'kind': 'file', 'path': str(text)}, {'kind': 'file', 'path': str(cut)},
               {'kind': 'file', 'path': '/no/such/film.mp4'},
               {'kind': 'picture', 'path': str(text)},
               {'kind': 'camera', 'device': 'no such camera'}, {'kind': 'camera'},
               {'kind': 'fireworks'}, {}]
        for content in bad:
            self.refused('switch', share=share, content=content)
        # The picture is still there, and a good content still works.
        self.alice.do('switch', share=share, content={'kind': 'camera', 'device': 'test'}, within=20)
        self.emily.do('stop', share=share)
        self.alice.expect('share', share=share, state='ended')

    def test_end_of_input(self):
        """The end of the input in the middle of a share ends it for the other"""
        share = self.share(kind='camera', device='test')
        self.alice.process.popen.stdin.close()
        self.assertEqual(self.alice.process.wait(), 0)
        self.emily.expect('share', share=share, state='ended', within=40)

    def test_program(self):
        """Wrong arguments of the programs themselves"""
        home = self.town.make_folder('home')
        for arguments in ([], ['--home'], ['--home', home], ['--home', home, 'fly'], ['--no-such-option']):
            status, words, _ = self.program('vitrine-cli', *arguments)
            self.assertEqual(status, 2, words)
            self.assertTrue(words)
        self.assert_sentence(self.program('vitrine-cli', '--home', home, 'run')[:2])
        self.assert_sentence(self.program('vitrine-cli', '--home', self.alice.home, 'run')[:2])


if __name__ == '__main__':
    main()
