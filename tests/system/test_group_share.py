#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""R1 and R2: one sharer and twenty viewers of three homes, in a group: pictures and live video."""

import pathlib
import time

import stamp
from tap import Story, main, note
from town import PATIENCE, Refused, Town, wait_for

VIEWERS = 20
ATTEMPTS = 3
LOOK_S = 3
MAX_GAP_MS = 100
FRAME_MS = 34
MAX_OTHER_WORK = 0.1


class OtherWork:
    """How much of the machine is used by programs that are not of the town."""

    def __init__(self, ours):
        self.ours = ours
        self.before = self._read()

    def _read(self):
        user, nice, system, idle, *_ = map(int, pathlib.Path('/proc/stat').read_text('ascii').split()[1:9])
        ours = 0
        for one in self.ours:
            text = pathlib.Path('/proc', str(one.process.pid), 'stat').read_text(encoding='utf-8')
            ours += sum(map(int, text.rpartition(')')[2].split()[11:13]))
        return user + nice + system - ours, user + nice + system + idle

    def measure(self):
        """The part since it was made, 0 to 1."""
        (theirs, all_), (theirs_before, all_before) = self._read(), self.before
        return (theirs - theirs_before) / max(1, all_ - all_before)


class GroupShare(Story):

    @classmethod
    def setUpClass(cls):
        cls.town = Town()
        cls.addClassCleanup(cls.town.end)
        cls.relays = cls.town.relays('a.test', 'b.test', 'c.test')
        cls.alice = cls.town.peer(cls.relays[0], 'alice')
        cls.viewers = [cls.town.peer(cls.relays[n % 3], f'viewer{n}') for n in range(VIEWERS)]
        # One says no, one comes late; the others are there from the beginning.
        *cls.present, cls.late, cls.absent = cls.viewers

    # What the steps have in common

    def invite(self, **content):
        share = self.alice.do('share', conversation=self.group, content=content, within=20)['share']
        for viewer in self.viewers:
            viewer.expect('invited', share=share, **{'from': self.alice.account})
        return share

    def begin(self, **content):
        """All but two say yes."""
        share = self.invite(**content)
        self.absent.do('decline', share=share, reason='busy', text='I am at work')
        self.late.do('decline', share=share, reason='later')
        answers = [(viewer, viewer.send('accept', share=share)) for viewer in self.present]
        for viewer, number in answers:
            viewer.answer(number, 'accept')
        return share

    def all_see(self, share, n):
        for viewer in self.present:
            viewer.expect('first-frame', share=share, n=n, within=30)

    def stats(self, share, viewers):
        numbers = [viewer.send('stats', share=share) for viewer in viewers]
        return [viewer.answer(number, 'stats') for viewer, number in zip(viewers, numbers)]

    def assert_all_closed(self):
        for relay in self.relays:
            wait_for(lambda: relay.sessions() == {'sessions': 0, 'connections': 0, 'pipelines': 0},
                     lambda: f'end of all sessions at {relay.domain}; it has {relay.sessions()}')

    # The story

    def test_group(self):
        """A group of people of three homes"""
        cls = type(self)
        cls.group = self.alice.do('group', name='Dresses',
                                  members=[viewer.account for viewer in self.viewers])['conversation']
        for viewer in self.viewers:
            self.assertEqual(len(viewer.expect('group', conversation=self.group)['members']), VIEWERS + 1)
        sent = self.viewers[1].do('message', to=self.group, text='What have you found?')
        for who in (self.alice, *self.viewers[:1], *self.viewers[2:]):
            self.assertEqual(who.expect('message', message=sent['message'])['from'], self.viewers[1].account)

    def test_limit(self):
        """Alice's home lets her show it to nineteen, not to twenty: nobody hears of it"""
        self.relays[0].admin('rights', 'allow', self.alice.account, 'share.viewers', str(VIEWERS - 1))
        with self.assertRaises(Refused) as refused:
            self.alice.do('share', conversation=self.group, content={'kind': 'camera', 'device': 'test'})
        self.assertEqual(refused.exception.status, 403)
        self.relays[0].admin('rights', 'allow', self.alice.account, 'share.viewers', str(VIEWERS))
        for relay in self.relays[1:]:
            self.assertEqual([entry for entry in relay.log() if 'share' in entry], [])

    def test_pictures(self):
        """R1: pictures: each says yes or no alone, and all see the same one"""
        cls = type(self)
        cls.share = self.begin(kind='picture', device='test')
        declined = self.alice.expect('member', share=self.share, who=self.absent.account, state='declined')
        self.assertEqual((declined['reason'], declined['text']), ('busy', 'I am at work'))
        for relay in self.relays:
            self.assertGreater(relay.sessions()['sessions'], 0)

        taken = self.alice.do('photo', share=self.share, within=20)
        self.all_see(self.share, 1)
        # Media go from Alice's home to everybody, and by no other.
        self.assertEqual([relay.sessions()['connections'] for relay in self.relays],
                         [len(self.present) + 1, 0, 0])
        files = {viewer.expect('picture', picture=taken['picture'], within=20)['sha256'] for viewer in self.viewers}
        self.assertEqual(len(files), 1)
        photo = stamp.read(self.alice.pictures()[0])
        for viewer in self.present:
            path = self.town.folder / f'{viewer.name}.png'

            def shown():
                viewer.do('snapshot', share=self.share, path=str(path))
                return stamp.read(path) == photo
            wait_for(shown, f'photograph {photo} at {viewer.name}', every=0.2)

    def test_live(self):
        """R1: live video in the same session, without another ring"""
        self.alice.do('switch', share=self.share, content={'kind': 'camera', 'device': 'test'})
        self.all_see(self.share, 2)
        before = [seen['frames'] for seen in self.stats(self.share, self.present)]
        wait_for(lambda: all(seen['frames'] > frames + 60 for seen, frames in
                             zip(self.stats(self.share, self.present), before)), 'two seconds of frames', within=30)
        self.assertEqual([len(viewer.seen('invited')) for viewer in self.viewers], [1] * VIEWERS)

    def test_leaving(self):
        """R2: each can leave, and the last one who leaves ends it"""
        for viewer in self.present[:-1]:
            viewer.do('leave', share=self.share)
        self.assertEqual(self.alice.seen('share', share=self.share, state='ended'), [])
        self.present[-1].do('leave', share=self.share)
        ended = self.alice.expect('share', share=self.share, state='ended')
        self.assertEqual((ended['reason'], ended['by']), ('left', self.present[-1].account))
        self.alice.expect('camera', state='closed')
        self.assert_all_closed()

    def look_at_a_late_one(self):
        """How far apart all see a frame; and the longest gap that the others saw before, and after, somebody came
        late, left, and came again: in milliseconds."""
        others = OtherWork(self.relays + [self.alice] + self.viewers)
        share = self.begin(kind='camera', device='test')
        self.all_see(share, 1)
        time.sleep(LOOK_S)
        seen = self.stats(share, self.present)
        latencies = [one['latency_ms_p50'] for one in seen]
        before = max(one['longest_gap_ms'] for one in seen)
        for _ in range(2):
            self.late.do('join', share=share)
            self.late.expect('first-frame', share=share, within=20)
            self.late.do('leave', share=share)
        time.sleep(1)
        after = max(one['longest_gap_ms'] for one in self.stats(share, self.present))
        work = others.measure()
        self.alice.do('stop', share=share)
        for viewer in self.present:
            ended = viewer.expect('share', share=share, state='ended')
            self.assertEqual((ended['reason'], ended['by']), ('stopped', self.alice.account))
        self.assert_all_closed()
        return max(latencies) - min(latencies), before, after, work

    def test_late(self):
        """R1: all see the same frame, and who comes late, or goes, disturbs nobody; R2: Alice ends it for all"""
        faults = []
        for _ in range(ATTEMPTS):
            spread, before, after, work = self.look_at_a_late_one()
            told = (f'{len(self.present)} viewers see a frame within {spread:.1f} ms; longest gap {before:.0f} ms '
                    f'before, {after:.0f} ms after somebody came late')
            note(f'{told}; others took {work:.0%} of this machine')
            if spread < FRAME_MS * PATIENCE and after <= max(MAX_GAP_MS * PATIENCE, before):
                return
            if work < MAX_OTHER_WORK:
                faults.append(told)
        # Twenty real viewers need all of a small machine: what others take of it stops frames, too.
        if not faults:
            self.skipTest('this machine is too busy with other things to tell')
        self.fail('\n'.join(faults))


if __name__ == '__main__':
    main()
