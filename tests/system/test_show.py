#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done with a share while it is seen: kinds of content, pages, films, words beside it, other players."""

import hashlib
import json
import os
import pathlib
import shutil
import socket
import subprocess

from content import write_tune
from story import TownStory
from tap import main
from town import Refused, wait_for

TUNE_S = 17  # the film has another length
SERIES = ('red-gown.jpg', 'blue-ball-gown.jpg', 'golden-mermaid.jpg')


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def probe(url):
    """What ffprobe finds at a URL or in a file."""
    options = ['-rtsp_transport', 'tcp'] if str(url).startswith('rtsp') else []
    return subprocess.run(['ffprobe', '-v', 'error', *options, '-show_streams', '-of', 'json', str(url)],
                          capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60)


class Show(TownStory):
    """One share of Alice's, which Emily sees to its end."""

    def switch(self, **content):
        n = self.alice.do('switch', share=self.share, content=content, within=20)['n']
        self.emily.expect('first-frame', share=self.share, n=n, within=20)
        return n

    def progress(self, **members):
        return self.emily.expect('progress', share=self.share, **members)

    def test_01(self):
        """A series of pictures begins, and its first one comes as a file, too"""
        self.befriend()
        cls = type(self)
        cls.pictures = [str(self.town.content / name) for name in SERIES]
        cls.share = self.invite(kind='pictures', paths=self.pictures, seconds=0)
        self.assertEqual(self.emily.seen('picture'), [])
        self.accept(self.share)
        cls.first = self.emily.expect('picture', share=self.share)
        self.assertEqual(sha256(self.first['path']), self.first['sha256'])
        self.assert_still(self.first)

    def assert_still(self, picture):
        """Emily sees this one in its full resolution."""
        self.emily.expect('still', share=self.share, path=picture['path'])

    def test_02(self):
        """Next and previous go round, and no picture is sent twice"""
        self.assertEqual(self.alice.do('next', share=self.share)['page'], 2)
        second = type(self).second = self.emily.expect('picture', share=self.share)
        self.assert_still(second)
        self.assertEqual(self.alice.do('next', share=self.share)['page'], 3)
        third = type(self).third = self.emily.expect('picture', share=self.share)
        self.assert_still(third)
        self.assertEqual(self.alice.do('next', share=self.share)['page'], 1)
        self.assert_still(self.first)
        self.assertEqual(self.alice.do('previous', share=self.share)['page'], 3)
        self.assert_still(third)
        self.assertEqual(len({self.first['sha256'], second['sha256'], third['sha256']}), 3)
        self.alice.do('timer', share=self.share, seconds=3600)

    def test_02_held(self):
        """No picture of a series takes the place of what is on its way; when that does not come, the series goes on"""
        with socket.create_server(('127.0.0.1', 0)) as door:
            camera = f'rtsp://127.0.0.1:{door.getsockname()[1]}/nobody'
            number = self.alice.send('switch', share=self.share, content={'kind': 'camera', 'url': camera})
            door.settimeout(20)
            caller, _ = door.accept()
            self.assertEqual(self.alice.do('previous', share=self.share)['page'], 2)
            caller.close()
        with self.assertRaises(Refused) as refused:
            self.alice.answer(number, 'switch', within=30)
        self.assertNotEqual(refused.exception.code, 'superseded')
        self.assert_still(self.second)
        self.alice.do('next', share=self.share)
        self.assert_still(self.third)

    def test_02_restart(self):
        """Emily's program dies and comes back: she sees the picture as sharp as before, and the one that came before that"""
        self.emily.kill()
        self.emily.run()
        self.assert_still(self.third)
        self.alice.do('next', share=self.share)
        self.assert_still(self.first)

    def test_03(self):
        """Words beside it: reactions and a pointer"""
        self.emily.do('react', share=self.share, reaction='👏')
        self.assertEqual(self.alice.expect('reaction', share=self.share)['from'], self.emily.account)
        self.alice.do('point', share=self.share, x=0.25, y=0.75)
        pointer = self.emily.expect('pointer', share=self.share, x=lambda x: x is not None)
        self.assertEqual((pointer['x'], pointer['y'], pointer['from']), (0.25, 0.75, self.alice.account))
        self.alice.do('point', share=self.share)
        self.emily.expect('pointer', share=self.share, x=None)

    def test_04(self):
        """A film is paused, moved and played for both"""
        self.switch(kind='file', path=str(self.town.content / 'show.mp4'))
        wait_for(lambda: 'still' not in self.stats(self.share), 'end of the still')
        self.assertGreater(self.progress(playing=True)['duration_s'], 1)
        self.alice.do('pause', share=self.share)
        self.progress(playing=False)
        self.alice.do('seek', share=self.share, position_s=9)
        for _ in ('it goes there', 'it is there'):
            self.progress(playing=False, position_s=lambda seconds: seconds is not None and abs(seconds - 9) < 0.5)
        self.alice.do('play', share=self.share)
        self.progress(playing=True, position_s=lambda seconds: seconds > 8)

    def test_05(self):
        """Music is heard and seen"""
        self.switch(kind='music', path=str(write_tune(self.town.folder / 'tune.wav', TUNE_S)))
        self.progress(duration_s=lambda seconds: seconds is not None and abs(seconds - TUNE_S) < 1)
        wait_for(lambda: self.stats(self.share)['audio_level_db'] > -60, 'sound at Emily')

    def test_06(self):
        """The camera without its microphone, then with it"""
        self.switch(kind='camera', device='test', audio=False)
        wait_for(lambda: self.stats(self.share)['audio_level_db'] < -60, 'silence at Emily')
        self.alice.do('microphone', share=self.share, on=True)
        wait_for(lambda: self.stats(self.share)['audio_level_db'] > -60, 'sound at Emily')

    def test_06_record(self):
        """A record can be played, and has what was shown"""
        path = self.town.folder / 'record.mkv'
        self.alice.do('record', share=self.share, path=str(path))
        self.alice.do('presenter', share=self.share, on=True, device='test')
        self.alice.do('crossfade', share=self.share, ms=200)
        self.alice.do('delay-preview', share=self.share, on=True)
        self.switch(kind='picture', path=self.pictures[1])
        self.alice.do('presenter', share=self.share, on=False)
        self.switch(kind='camera', device='test')
        self.alice.do('record-stop', share=self.share, within=20)
        found = probe(path)
        self.assertEqual(found.returncode, 0, found.stderr)
        self.assertEqual({stream['codec_name'] for stream in json.loads(found.stdout)['streams']}, {'h264', 'opus'})
        with self.assertRaises(Refused):
            self.alice.do('record-stop', share=self.share)

    def test_06_screen(self):
        """The screen"""
        if shutil.which('Xvfb') is None:
            self.skipTest('there is no Xvfb')
        self.switch(kind='screen', display=self.start_screen())
        self.switch(kind='camera', device='test')

    def start_screen(self):
        """An X server that lives as long as the story; its display."""
        reader, writer = os.pipe()
        server = subprocess.Popen(['Xvfb', '-displayfd', str(writer), '-screen', '0', '640x480x24',
                                   '-nolisten', 'tcp', '-noreset'], pass_fds=[writer], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addClassCleanup(server.wait)
        self.addClassCleanup(server.terminate)
        os.close(writer)
        with open(reader, encoding='ascii') as number:
            return ':' + number.readline().strip()

    def test_07(self):
        """Snapshots are allowed until the sharer says no"""
        path = self.town.folder / 'kept.png'
        self.emily.do('snapshot', share=self.share, path=str(path))
        self.assertTrue(path.exists())
        self.alice.do('allow', share=self.share, allow=[])
        self.assertEqual(self.emily.expect('allow', share=self.share)['allow'], [])
        with self.assertRaises(Refused) as refused:
            self.emily.do('snapshot', share=self.share, path=str(path))
        self.assertEqual(refused.exception.code, 'forbidden')

    def test_08(self):
        """Another player watches when it is allowed, and not any more when it is not"""
        with self.assertRaises(Refused) as refused:
            self.emily.do('watch-url', share=self.share)
        self.assertEqual(refused.exception.code, 'forbidden')
        self.alice.do('allow', share=self.share, allow=['watch', 'snapshot'])
        self.emily.expect('allow', share=self.share, allow=lambda allow: 'watch' in allow)
        url = self.emily.do('watch-url', share=self.share)['url']
        found = probe(url)
        self.assertEqual(found.returncode, 0, found.stderr)
        streams = {stream['codec_type']: stream for stream in json.loads(found.stdout)['streams']}
        self.assertEqual(streams['video']['codec_name'], 'h264')
        self.assertEqual(streams['audio']['codec_name'], 'opus')
        self.alice.do('allow', share=self.share, allow=['snapshot'])
        self.emily.expect('allow', share=self.share, allow=['snapshot'])
        self.assertNotEqual(probe(url).returncode, 0)

    def test_09(self):
        """Requests by one person are answered by themselves, where that was allowed"""
        self.alice.do('allow-photos', who=self.emily.account, allowed=True)
        request = self.emily.do('request-photo', share=self.share, text='The shoes, please')['request']
        came = self.emily.expect('picture', request=request, within=20)
        self.assertEqual((came['width'], came['height']), (2560, 1920))
        self.alice.do('allow-photos', who=self.emily.account, allowed=False)

    def test_10(self):
        """What cannot be shown is refused, and the camera stays"""
        for content in ({'kind': 'music', 'path': '/nowhere.ogg'}, {'kind': 'camera', 'url': 'http://somewhere/'}):
            with self.assertRaises(Refused):
                self.alice.do('switch', share=self.share, content=content)
        with self.assertRaises(Refused):
            self.alice.do('next', share=self.share)

    def test_11(self):
        """The same share all the time, and nothing is left of it"""
        self.assertEqual(len(self.emily.seen('invited')), 1)
        self.emily.do('stop', share=self.share)
        self.alice.expect('share', share=self.share, state='ended')
        self.alice.expect('camera', state='closed')
        self.assert_all_closed()

    def test_12(self):
        """Both histories hold the same shared pictures"""
        held = [sorted(row['sha256'] for row in
                       person.do('history', to=other.account)['messages'] if row['kind'] == 'picture')
                for person, other in ((self.alice, self.emily), (self.emily, self.alice))]
        self.assertEqual(held[0], held[1])
        self.assertEqual(len(held[0]), len(SERIES) + 1)


class BetweenHomes(TownStory):
    """What passes between homes: Alice shows at the one, Emily looks on from the other."""

    homes = ('a.test', 'b.test')

    def test_01(self):
        """Reactions and pointers pass both ways"""
        self.befriend()
        cls = type(self)
        cls.share = self.invite(size='360p', kind='picture', path=str(self.town.content / 'red-gown.jpg'))
        self.accept(self.share)
        self.emily.do('react', share=self.share, reaction='👏')
        self.assertEqual(self.alice.expect('reaction', share=self.share)['from'], self.emily.account)
        self.alice.do('point', share=self.share, x=0.5, y=1)
        self.assertEqual(self.emily.expect('pointer', share=self.share)['from'], self.alice.account)

    def test_01_size(self):
        """It is as large as was asked for, and there are only so many sizes"""
        wait_for(lambda: self.stats(self.share)['width'] == 640, 'picture at Emily')
        self.assertEqual(self.stats(self.share)['height'], 360)
        given = self.alice.do('stats', share=self.share)
        self.assertEqual((given['width'], given['height'], given['fps']), (640, 360, 30))
        for wrong in ({'size': '720'}, {'size': '361p'}, {'size': '720xp'}, {'size': '720 p p'}, {'size': 720},
                      {'fps': 25}, {'fps': '60'}, {'fps': 60.0}):
            with self.assertRaises(Refused) as refused:
                self.alice.do('share', to=[self.emily.account], content={'kind': 'camera', 'device': 'test'}, **wrong)
            self.assertEqual(refused.exception.code, 'bad-envelope')

    def test_02(self):
        """Another player watches by the other home's address"""
        self.alice.do('allow', share=self.share, allow=['watch'])
        self.emily.expect('allow', share=self.share, allow=['watch'])
        found = probe(self.emily.do('watch-url', share=self.share)['url'])
        self.assertEqual(found.returncode, 0, found.stderr)

    def test_03_corner(self):
        """Who may not show live video may not show it in the corner: the camera stays closed, and the picture stays"""
        for home, who, right in ((self.alice_home, self.alice, 'share.live'), (self.emily_home, self.emily, 'receive.live')):
            home.deny(who.account, right)
            with self.assertRaises(Refused) as refused:
                self.alice.do('presenter', share=self.share, on=True, device='test')
            self.assertEqual((refused.exception.code, refused.exception.status), ('forbidden', 403))
            self.assertIn('the camera in the corner', str(refused.exception))
            home.allow(who.account, right)
        self.assertEqual(self.alice.seen('camera'), [])
        self.assertEqual(self.emily.seen('content', camera=True), [])
        frames = self.stats(self.share)['frames']
        wait_for(lambda: self.stats(self.share)['frames'] > frames, 'frames at Emily')

    def test_04_corner(self):
        """Who may shows it, and it closes with a word; nobody was rung by it"""
        self.alice.do('presenter', share=self.share, on=True, device='test', within=20)
        shown = self.emily.expect('content', share=self.share, camera=True)
        self.assertEqual(shown['kind'], 'picture')
        self.emily.expect('first-frame', share=self.share, n=shown['n'], within=20)
        self.alice.do('presenter', share=self.share, on=False)
        self.emily.expect('content', share=self.share, camera=False, n=shown['n'] + 1)
        self.alice.expect('camera', state='closed')
        self.assertEqual(len(self.emily.seen('invited')), 1)

    def test_05(self):
        """All ends at both"""
        self.alice.do('stop', share=self.share)
        self.emily.expect('share', share=self.share, state='ended')
        self.assert_all_closed()


class Codecs(TownStory):
    """Emily, of another home, can decode H.264; who comes late, of that home, too, cannot."""

    homes = ('a.test', 'b.test')

    def assert_sent_as(self, codec):
        found = probe(self.emily.do('watch-url', share=self.share)['url'])
        self.assertEqual(found.returncode, 0, found.stderr)
        self.assertIn(codec, [stream.get('codec_name') for stream in json.loads(found.stdout)['streams']])

    def test_1(self):
        """Who is not there yet does not make it VP8"""
        cls = type(self)
        cls.late = self.town.peer(self.emily_home, 'late', options=('--capabilities', 'picture,video,audio,vp8,opus'))
        self.late.quit()
        cls.share = self.alice.do('share', to=[self.emily.account, self.late.account], size='360p',
                                  content={'kind': 'camera', 'device': 'test'})['share']
        self.emily.expect('invited', share=self.share)
        self.accept(self.share)
        self.alice.do('allow', share=self.share, allow=['watch'])
        self.emily.expect('allow', share=self.share, allow=['watch'])
        self.assert_sent_as('h264')

    def test_2(self):
        """Who cannot decode it comes, and sees it; Emily sees on without having been asked again"""
        self.late.run()
        self.late.expect('missed-share', share=self.share, within=20)
        self.late.do('join', share=self.share)
        self.late.expect('first-frame', share=self.share, within=20)
        frames = self.stats(self.share)['frames']
        wait_for(lambda: self.stats(self.share)['frames'] > frames, 'frames at Emily', within=20)
        self.assert_sent_as('vp8')
        self.assertEqual(len(self.emily.seen('invited')), 1)
        self.alice.do('stop', share=self.share)
        for viewer in (self.emily, self.late):
            viewer.expect('share', share=self.share, state='ended')
        self.assert_all_closed()


if __name__ == '__main__':
    main()
