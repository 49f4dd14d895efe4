# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The use case (STORY.md): the normal flow S1-S22, the alternative flows, and what comes after.

What is checked is written here once; test_story.py runs it on one home, and test_story_homes.py on two.
"""

import hashlib
import pathlib

import stamp
from tap import Story, note
from town import Refused, Town, wait_for

STILL = (2560, 1920)  # what the test camera gives as a photograph


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


class TownStory(Story):
    """Alice with vitrine-cli at the first home, Emily at the last: they may be the same."""

    homes = ('a.test',)
    apart = False  # whether all have network addresses of their own
    viewer_options = ()
    desktop = None  # for Alice: the options of a screen, a bus, sound and cameras (Town.start_desktop())

    @classmethod
    def setUpClass(cls):
        cls.town = Town(apart=cls.apart)
        cls.addClassCleanup(cls.town.end)
        cls.relays = cls.town.relays(*cls.homes)
        cls.alice_home, cls.emily_home = cls.relays[0], cls.relays[-1]
        if cls.desktop is not None:
            cls.town.start_desktop(**cls.desktop)
        cls.alice = cls.town.peer(cls.alice_home, 'alice', desktop=cls.desktop is not None)
        cls.emily = cls.town.peer(cls.emily_home, 'emily', options=cls.viewer_options)

    # What the steps have in common

    def befriend(self):
        """Both write a line, so that they have each other as contacts."""
        self.alice.do('message', to=self.emily.account, text='Hello Emily')
        self.emily.expect('message', text='Hello Emily')
        self.emily.do('message', to=self.alice.account, text='Hello Alice')
        self.alice.expect('message', text='Hello Alice')
        self.alice.expect('presence', who=self.emily.account, state='online')

    def invite(self, size=None, **content):
        members = {'size': size} if size else {}
        share = self.alice.do('share', to=[self.emily.account], content=content, **members)['share']
        self.emily.expect('invited', share=share)
        self.alice.expect('member', share=share, who=self.emily.account, state='ringing')
        return share

    def refused_by_home(self, **content):
        """Asks Emily, whose home says no: the word of that home about her."""
        share = self.alice.do('share', to=[self.emily.account], content=content)['share']
        ended = self.alice.expect('share', share=share, state='ended')
        member = self.alice.expect('member', share=share, who=self.emily.account, status=bool)
        self.assertIn(ended['reason'], ('refused', 'unavailable'))
        self.assert_all_closed()
        return member

    def accept(self, share):
        self.emily.do('accept', share=share)
        self.alice.expect('share', share=share, state='active')
        return self.emily.expect('first-frame', share=share, within=20)

    def counter_at_emily(self, share):
        """The frame counter in what Emily sees now."""
        path = self.town.folder / 'seen.png'
        self.emily.do('snapshot', share=share, path=str(path))
        return stamp.read(path)

    def stats(self, share):
        return self.emily.do('stats', share=share)

    def assert_all_closed(self):
        """S22: nothing of any share is left at any home."""
        for relay in self.relays:
            wait_for(lambda: relay.sessions() == {'sessions': 0, 'connections': 0, 'pipelines': 0},
                     lambda: f'end of all sessions at {relay.domain}; it has {relay.sessions()}')

    def shares_known_at(self, relay):
        """The shares of which the log of that home has ever said anything."""
        return {entry['share'] for entry in relay.log() if 'share' in entry}


class NormalFlow(TownStory):

    def test_pre(self):
        """PRE: both are registered, with capabilities"""
        for who in (self.alice, self.emily):
            user = who.relay.user(who.account)
            self.assertTrue(user['online'], user)
            self.assertIn('picture', user['capabilities'])
            self.assertIn('video', user['capabilities'])

    def test_s1(self):
        """S1, S2: messages with receipts, in one conversation"""
        sent = self.alice.do('message', to=self.emily.account,
                             text='I found some beautiful dresses! Do you want to see them?')
        came = self.emily.expect('message', message=sent['message'])
        self.assertEqual(came['from'], self.alice.account)
        self.assertEqual(came['text'], 'I found some beautiful dresses! Do you want to see them?')
        self.alice.expect('receipt', message=sent['message'], state='delivered')
        self.emily.do('displayed', message=sent['message'])
        self.alice.expect('receipt', message=sent['message'], state='displayed')
        answer = self.emily.do('message', to=sent['conversation'], text='Yes, very much!')
        self.assertEqual(answer['conversation'], sent['conversation'])
        self.assertEqual(self.alice.expect('message', message=answer['message'])['conversation'],
                         sent['conversation'])

    def test_s3(self):
        """S3-S6: a picture share is asked for and rings, and nothing has moved"""
        cls = type(self)
        cls.share = self.alice.do('share', to=[self.emily.account],
                                  content={'kind': 'picture', 'device': 'test'})['share']
        self.alice.expect('share', share=self.share, state='inviting')
        invited = self.emily.expect('invited', share=self.share)
        self.assertEqual(invited['from'], self.alice.account)
        self.assertEqual(invited['content']['kind'], 'picture')
        self.alice.expect('member', share=self.share, who=self.emily.account, state='ringing')
        self.assertEqual(len(self.alice_home.log(event='invite', share=self.share)), 1)
        for relay in self.relays:
            self.assertEqual(relay.sessions(), {'sessions': 1, 'connections': 0, 'pipelines': 0})
        self.assertEqual(self.alice.seen('camera', state='open'), [])

    def test_s7(self):
        """S7, S8: after the accept the camera opens, and a photograph arrives whole"""
        before = self.alice.events[-1]['at']
        self.emily.do('accept', share=self.share)
        self.alice.expect('share', share=self.share, state='active')
        self.assertGreaterEqual(self.alice.expect('camera', state='open')['at'], before)
        taken = self.alice.do('photo', share=self.share, within=20)
        came = self.emily.expect('picture', picture=taken['picture'], within=20)
        self.assertEqual((came['width'], came['height']), STILL)
        self.assertEqual(sha256(came['path']), came['sha256'])
        self.assertIn(came['sha256'], map(sha256, self.alice.pictures()))
        photo = stamp.read(came['path'])
        self.assertIsNotNone(photo, 'the photograph is not one of the test camera')
        # The photograph is what is shown on the stage, too.
        self.emily.expect('first-frame', share=self.share, n=1, within=20)
        wait_for(lambda: self.counter_at_emily(self.share) == photo,
                 lambda: f'photograph {photo} on the stage; there is '
                         f'{self.counter_at_emily(self.share)}', every=0.2)

    def test_s9(self):
        """S9, S10: messages go both ways in order while the share is active"""
        texts = [f'These dresses are very beautiful, number {n}' for n in range(5)]
        for text in texts:
            self.emily.do('message', to=self.alice.account, text=text)
        self.assertEqual([self.alice.expect('message')['text'] for _ in texts], texts)
        sent = self.alice.do('message', to=self.emily.account, text='I can show you the live show')
        self.emily.expect('message', message=sent['message'])
        self.alice.expect('receipt', message=sent['message'], state='delivered')

    def test_s11(self):
        """S11-S16: live video by a switch: same session, same media connection, no ring"""
        media = self.alice_home.media_connections()
        switched = self.alice.do('switch', share=self.share,
                                 content={'kind': 'camera', 'device': 'test'})
        self.assertEqual(switched['n'], 2)
        self.assertEqual(self.emily.expect('content', share=self.share, n=2)['kind'], 'camera')
        shown = self.emily.expect('first-frame', share=self.share, n=2, within=20)
        note(f'first frame {shown["ms"]} ms after the switch was known')
        self.assertEqual(self.alice_home.media_connections(), media)
        self.assertEqual(len(self.emily.seen('invited')), 1)

    def test_s17(self):
        """S17: the frame counter rises, and there is sound"""
        first = wait_for(lambda: self.counter_at_emily(self.share), 'a frame with a counter')
        wait_for(lambda: self.counter_at_emily(self.share) > first + 30, 'a second of frames',
                 within=20)
        seen = self.stats(self.share)
        note(f'{seen["fps"]:.1f} frames a second, longest gap {seen["longest_gap_ms"]:.0f} ms, '
             f'latency {seen["latency_ms_p50"]:.0f} ms')
        self.assertEqual((seen['width'], seen['height']), (1280, 720))
        wait_for(lambda: self.stats(self.share)['audio_level_db'] > -50, 'sound at Emily')

    def test_s18(self):
        """S18: a photograph is asked for during live video, and comes at full resolution"""
        said = self.emily.do('message', to=self.alice.account,
                             text='It looks really good. But now I have some business to deal with.')
        self.alice.expect('message', message=said['message'])
        asked = self.emily.do('request-photo', share=self.share, text='Some good dress pictures, please')
        card = self.alice.expect('photo-request', request=asked['request'])
        self.assertEqual(card['text'], 'Some good dress pictures, please')
        before = self.stats(self.share)['frames']
        self.alice.do('answer-photo-request', request=asked['request'], accept=True, within=20)
        came = self.emily.expect('picture', within=20)
        self.assertEqual((came['width'], came['height']), STILL)
        self.assertEqual(sha256(came['path']), came['sha256'])
        self.assertIsNotNone(stamp.read(came['path']))
        wait_for(lambda: self.stats(self.share)['frames'] > before + 15, 'the video going on')
        for who, other in ((self.alice, self.emily), (self.emily, self.alice)):
            rows = who.do('history', to=other.account)['messages']
            self.assertEqual([row['request_state'] for row in rows
                              if row['message'] == asked['request']], ['answered'])

    def test_s19(self):
        """S19-S22: Emily stops, and all is closed"""
        self.emily.do('stop', share=self.share)
        ended = self.alice.expect('share', share=self.share, state='ended')
        self.assertEqual((ended['reason'], ended['by']), ('stopped', self.emily.account))
        self.emily.expect('share', share=self.share, state='ended')
        self.alice.expect('camera', state='closed')
        self.assert_all_closed()
        log = self.alice_home.log(event='share', verb='stop', share=self.share)
        self.assertEqual([(entry['state'], entry['by']) for entry in log], [('ended', self.emily.account)])

    def test_post(self):
        """POST: what is sent after the end reaches Emily, who was offline meanwhile"""
        self.assertEqual(self.emily.quit(), 0)
        self.alice.expect('presence', who=self.emily.account, state='offline', within=35)
        conversation = self.emily.seen('message')[0]['conversation']
        sent = [self.alice.do('photo', conversation=conversation, within=20) for _ in range(2)]
        text = self.alice.do('message', to=conversation, text='Here they are')
        self.emily.run()
        for picture in sent:
            came = self.emily.expect('picture', picture=picture['picture'], within=20)
            self.assertIn(sha256(came['path']), map(sha256, self.alice.pictures()))
        self.emily.expect('message', message=text['message'])
        self.alice.expect('receipt', message=text['message'], state='delivered')

    def test_histories(self):
        """POST: both histories hold the same items in the same order, and each picture opens"""
        histories = [[(row['message'], row['kind'], row.get('sha256')) for row in
                      who.do('history', to=other.account)['messages'] if row['kind'] != 'share']
                     for who, other in ((self.alice, self.emily), (self.emily, self.alice))]
        self.assertEqual(histories[0], histories[1])
        rows = self.emily.do('history', to=self.alice.account)['messages']
        pictures = [row for row in rows if row['kind'] == 'picture']
        self.assertEqual(len(pictures), 4)
        for row in pictures:
            self.assertEqual(sha256(row['path']), row['sha256'])


class NewSession(TownStory):

    def test_live(self):
        """S11-S17 as a session of its own: live video from the first frame on"""
        share = self.invite(kind='camera', device='test')
        self.assertEqual(self.alice.seen('camera', state='open'), [])
        shown = self.accept(share)
        note(f'first frame {shown["ms"]} ms after the accept')
        first = wait_for(lambda: self.counter_at_emily(share), 'a frame with a counter')
        wait_for(lambda: self.counter_at_emily(share) > first, 'the counter rising')
        type(self).share = share

    def test_alt_2(self):
        """Alt 2: Alice stops, and Emily learns it"""
        self.alice.do('stop', share=self.share)
        ended = self.emily.expect('share', share=self.share, state='ended')
        self.assertEqual((ended['reason'], ended['by']), ('stopped', self.alice.account))
        self.alice.expect('camera', state='closed')
        self.assert_all_closed()

    def test_alt_1(self):
        """Alt 1: Emily declines with a reason and words, and nothing was opened"""
        cameras = len(self.alice.seen('camera', state='open'))
        share = self.invite(kind='camera', device='test')
        self.emily.do('decline', share=share, reason='busy', text='I am in a meeting')
        declined = self.alice.expect('member', share=share, who=self.emily.account, state='declined')
        self.assertEqual((declined['reason'], declined['text']), ('busy', 'I am in a meeting'))
        ended = self.alice.expect('share', share=share, state='ended')
        self.assertEqual((ended['reason'], ended['by']), ('busy', self.emily.account))
        self.assertEqual(len(self.alice.seen('camera', state='open')), cameras)
        self.assert_all_closed()

    def test_cancel(self):
        """Alice takes the invitation back while it rings"""
        share = self.invite(kind='picture', device='test')
        self.alice.do('cancel', share=share)
        ended = self.emily.expect('share', share=share, state='ended')
        self.assertEqual((ended['reason'], ended['by']), ('cancelled', self.alice.account))
        with self.assertRaises(Refused) as refused:
            self.emily.do('accept', share=share)
        self.assertIn(refused.exception.status, (404, 481))
        self.assert_all_closed()

    def test_film(self):
        """A film is shown, paused, and switched to a picture"""
        film, picture = self.town.content / 'show.mp4', self.town.content / 'red-gown.jpg'
        share = self.invite(kind='file', path=str(film))
        self.accept(share)
        wait_for(lambda: self.stats(share)['audio_level_db'] > -50, 'the sound of the film')
        self.alice.do('pause', share=share)
        self.alice.do('seek', share=share, position_s=1)
        self.alice.do('play', share=share)
        self.alice.do('switch', share=share, content={'kind': 'picture', 'path': str(picture)})
        self.emily.expect('first-frame', share=share, n=2, within=20)
        self.alice.do('stop', share=share)
        self.emily.expect('share', share=share, state='ended')
        self.assert_all_closed()


class Rights(TownStory):

    def test_s5(self):
        """S5: without the right Alice is refused, and Emily hears nothing"""
        self.befriend()
        known = self.shares_known_at(self.emily_home)
        self.alice_home.deny(self.alice.account, 'share.picture')
        with self.assertRaises(Refused) as refused:
            self.alice.do('share', to=[self.emily.account], content={'kind': 'picture', 'device': 'test'})
        self.assertEqual((refused.exception.code, refused.exception.status), ('forbidden', 403))
        self.assertTrue(refused.exception.text)
        self.assertEqual(self.shares_known_at(self.emily_home), known)
        self.alice_home.allow(self.alice.account, 'share.picture')
        # The next invitation is the first of which Emily hears.
        share = self.invite(kind='picture', device='test')
        self.assertEqual([event['share'] for event in self.emily.seen('invited')], [share])
        self.alice.do('cancel', share=share)

    def test_s6_right(self):
        """S6: Emily may not receive pictures: 403, and she hears nothing"""
        self.emily_home.deny(self.emily.account, 'receive.picture')
        told = self.refused_by_home(kind='picture', device='test')
        self.assertEqual(told['status'], 403)
        self.assertIn(self.emily.account, told['text'])
        self.assertEqual(len(self.emily.seen('invited')), 1)
        self.emily_home.allow(self.emily.account, 'receive.picture')

    def test_s6_blocked(self):
        """S6: Emily has blocked Alice: 603, and she hears nothing of it"""
        heard = [len(self.emily.seen(kind)) for kind in ('invited', 'missed-share')]
        self.emily.do('block', who=self.alice.account)
        told = self.refused_by_home(kind='picture', device='test')
        self.assertEqual((told['code'], told['status']), ('blocked', 603))
        self.alice.expect('presence', who=self.emily.account, state='offline')
        self.emily.do('unblock', who=self.alice.account)
        self.alice.expect('presence', who=self.emily.account, state='online')
        self.assertEqual([len(self.emily.seen(kind)) for kind in ('invited', 'missed-share')], heard)

    def test_block_ends(self):
        """Emily blocks Alice amid a share: she is gone from it at once, and Alice is not told why"""
        share = self.invite(kind='picture', path=str(self.town.content / 'red-gown.jpg'))
        self.accept(share)
        self.emily.do('block', who=self.alice.account)
        ended = self.alice.expect('share', share=share, state='ended')
        self.assertEqual((ended['reason'], ended['by']), ('stopped', self.emily.account))
        self.emily.expect('share', share=share, state='ended')
        self.assert_all_closed()
        with self.assertRaises(Refused) as refused:
            self.emily.do('message', to=self.alice.account, text='Are you there?')
        self.assertEqual(refused.exception.status, 403)
        self.emily.do('unblock', who=self.alice.account)
        self.alice.expect('presence', who=self.emily.account, state='offline')
        self.alice.expect('presence', who=self.emily.account, state='online')

    def test_operator_blocks(self):
        """The operator of Emily's home blocks Alice amid a share: it ends, and 603 for what comes then"""
        share = self.invite(kind='picture', path=str(self.town.content / 'red-gown.jpg'))
        self.accept(share)
        self.emily_home.admin('block', 'add', self.alice.account)
        self.alice.expect('share', share=share, state='ended')
        self.emily.expect('share', share=share, state='ended')
        self.assert_all_closed()
        self.assertEqual(self.refused_by_home(kind='picture', device='test')['status'], 603)
        self.emily_home.admin('block', 'remove', self.alice.account)

    def test_remote(self):
        """The right to deal with other homes is one of its own, on both sides"""
        if len(self.homes) == 1:
            self.skipTest('both are of one home')
        for who in (self.alice, self.emily):
            who.relay.deny(who.account, 'remote')
            with self.assertRaises(AssertionError):
                self.invite(kind='picture', device='test')
            who.relay.allow(who.account, 'remote')

    def test_s13(self):
        """S13: Alice may show pictures but not live video: the picture share stays"""
        self.alice_home.deny(self.alice.account, 'share.live')
        share = self.invite(kind='picture', path=str(self.town.content / 'red-gown.jpg'))
        self.accept(share)
        with self.assertRaises(Refused) as refused:
            self.alice.do('switch', share=share, content={'kind': 'camera', 'device': 'test'})
        self.assertEqual(refused.exception.status, 403)
        self.alice_home.allow(self.alice.account, 'share.live')
        self.alice.do('switch', share=share, content={'kind': 'camera', 'device': 'test'})
        # n = 2: the refused switch has not counted.
        self.emily.expect('first-frame', share=share, n=2, within=20)
        self.alice.do('stop', share=share)
        self.emily.expect('share', share=share, state='ended')

    def test_s6_offline(self):
        """S6: Emily is offline: 480, and she finds a missed share when she returns"""
        self.emily.quit()
        self.alice.expect('presence', who=self.emily.account, state='offline', within=35)
        self.assertEqual(self.refused_by_home(kind='picture', device='test')['status'], 480)
        self.emily.run()
        self.assertEqual(self.emily.expect('missed-share')['from'], self.alice.account)
        self.assert_all_closed()

    def test_stranger(self):
        """Nobody but its people can touch a share"""
        share = self.invite(kind='picture', device='test')
        mallory = self.town.peer(self.emily_home, 'mallory')
        for verb in ('accept', 'stop', 'leave'):
            with self.assertRaises(Refused) as refused:
                mallory.do(verb, share=share)
            self.assertIn(refused.exception.status, (403, 404))
        self.alice.do('cancel', share=share)
        mallory.quit()


class Capabilities(TownStory):
    """Emily's device shows pictures only."""

    viewer_options = ('--capabilities', 'picture')

    def test_s6_capability(self):
        """S6: no device of Emily's can show it: 488, naming what is missing"""
        told = self.refused_by_home(kind='camera', device='test')
        self.assertEqual((told['code'], told['status']), ('no-capability', 488))
        self.assertIn('video', told['text'])
        self.assertEqual(self.emily.seen('invited'), [])

    def test_s14(self):
        """S14: a switch to what she cannot show is refused, and the old content stays"""
        share = self.invite(kind='picture', path=str(self.town.content / 'red-gown.jpg'))
        self.emily.do('accept', share=share)
        self.alice.expect('share', share=share, state='active')
        with self.assertRaises(Refused) as refused:
            self.alice.do('switch', share=share, content={'kind': 'camera', 'device': 'test'})
        self.assertEqual(refused.exception.status, 488)
        self.assertEqual(self.alice.seen('camera', state='open'), [])
        self.alice.do('stop', share=share)
        self.emily.expect('share', share=share, state='ended')
        self.assert_all_closed()


class Devices(TownStory):
    """Emily has a second device."""

    def test_s7_devices(self):
        """S7: all devices ring; one accepts, and the other stops ringing and looks on"""
        other = self.town.device(self.emily)
        share = self.invite(kind='camera', device='test')
        other.expect('invited', share=share)
        self.emily.do('accept', share=share)
        other.expect('share', share=share, state='ended', reason='answered-elsewhere')
        self.emily.expect('first-frame', share=share, within=20)
        with self.assertRaises(Refused):
            other.do('accept', share=share)
        self.assertEqual(other.seen('first-frame'), [])
        self.alice.do('stop', share=share)
        self.emily.expect('share', share=share, state='ended')
        self.assert_all_closed()
        other.quit()
