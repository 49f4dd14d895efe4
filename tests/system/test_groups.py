#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups, several devices of one person, turns: on one relay, and over three homes."""

import hashlib
import pathlib

from tap import Story, main, note
from town import Peer, Refused, Town, wait_for

CAMERA = {'kind': 'camera', 'device': 'test'}


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def build_homes(town, domains):
    """A relay for each, by its domain; they know each other."""
    relays = {domain: town.relay(domain) for domain in dict.fromkeys(domains)}
    for relay in relays.values() if len(relays) > 1 else ():
        relay.federate_with(*(other for other in relays.values() if other is not relay))
    return relays


class Group(Story):
    """Alice, Emily and Carol, each at the home that `homes` says, in one group."""

    homes = ('a.test', 'a.test', 'a.test')

    @classmethod
    def setUpClass(cls):
        cls.town = Town()
        cls.addClassCleanup(cls.town.end)
        cls.relays = build_homes(cls.town, cls.homes)
        cls.people = [cls.town.peer(cls.relays[domain], name)
                      for name, domain in zip(('alice', 'emily', 'carol'), cls.homes)]
        cls.alice, cls.emily, cls.carol = cls.people

    # What the steps have in common

    def others(self, who):
        return [person for person in self.people if person is not who]

    def texts(self, who):
        """What has been said in the group, as this person's history has it."""
        rows = who.do('history', conversation=self.group)['messages']
        return [row['text'] for row in rows if row['kind'] == 'text']

    def invite(self, who, content=None):
        share = who.do('share', conversation=self.group, content=content or CAMERA)['share']
        for other in self.others(who):
            invited = other.expect('invited', share=share, within=20)
            self.assertEqual((invited['from'], invited['conversation']), (who.account, self.group))
        return share

    def accept(self, who, share):
        who.do('accept', share=share)
        who.expect('first-frame', share=share, within=30)

    def assert_all_closed(self):
        for domain, relay in self.relays.items():
            wait_for(lambda: relay.sessions() == {'sessions': 0, 'connections': 0, 'pipelines': 0},
                     lambda: f'end of all sessions at {domain}; it has {relay.sessions()}')

    # The group

    def test_01(self):
        """One makes a group, and all see it"""
        made = self.alice.do('group', name='Dresses', members=[self.emily.account, self.carol.account])
        type(self).group = made['conversation']
        for person in self.people:
            group = person.expect('group', conversation=self.group, member=True, within=30,
                                  members=lambda who: len(who) == 3)
            self.assertEqual(group['name'], 'Dresses')
            self.assertEqual(group['owner'], self.alice.account)
            self.assertEqual(set(group['members']), {who.account for who in self.people})

    def test_02(self):
        """What all three say at once is in one order at all"""
        numbers = [(person, person.send('message', to=self.group, text=f'{person.name} {i}'))
                   for i in range(8) for person in self.people]
        for person, number in numbers:
            person.answer(number, within=40)
        for person in self.people:
            wait_for(lambda: len(self.texts(person)) == len(numbers),
                     lambda: f'all rows at {person.name}, who has {len(self.texts(person))}', within=40)
        told = {person.name: [event['text'] for event in person.seen('message', conversation=self.group)]
                for person in self.people}
        for person in self.people:
            others = [event['from'] for event in person.seen('message', conversation=self.group)]
            self.assertNotIn(person.account, others)
            for other in self.others(person):
                own = [text for text in told[person.name] if text.startswith(other.name)]
                self.assertEqual(own, [f'{other.name} {i}' for i in range(8)])
        # What two have both heard of the others, they have heard in the same order.
        for person in self.people:
            for other in self.others(person):
                shared = set(told[person.name]) & set(told[other.name])
                self.assertEqual([text for text in told[person.name] if text in shared],
                                 [text for text in told[other.name] if text in shared])

    def test_03(self):
        """A receipt says who has it"""
        sent = self.carol.do('message', to=self.group, text='Which one?')['message']
        for other in self.others(self.carol):
            other.expect('message', message=sent, within=20)
            other.do('displayed', message=sent)
            self.carol.expect('receipt', message=sent, who=other.account, state='displayed', within=20)

    def test_04(self):
        """A member names it; who is no owner removes nobody"""
        self.emily.do('group-rename', conversation=self.group, name='Shoes')
        for person in self.people:
            person.expect('group', conversation=self.group, name='Shoes', within=20)
        try:
            self.emily.do('group-remove', conversation=self.group, members=[self.carol.account])
            # Her home has taken it on; the group's says no.
            failed = self.emily.expect('failed', conversation=self.group, within=20)
            self.assertNotEqual(self.homes[0], self.homes[1])
            self.assertEqual(failed['code'], 'forbidden')
        except Refused as refused:
            self.assertEqual(refused.code, 'forbidden')

    def test_pictures(self):
        """Pictures reach everybody whole, also the group's own"""
        photograph = self.photograph()
        self.carol.do('send-picture', conversation=self.group, path=str(photograph))
        for other in self.others(self.carol):
            came = other.expect('picture', conversation=self.group, within=40)
            self.assertEqual(came['from'], self.carol.account)
            self.assertEqual(came['sha256'], sha256(photograph))
        self.emily.do('group-picture', conversation=self.group, path=str(photograph))
        for person in self.people:
            def pictures():
                person.do('status')
                return [path for path in person.pictures() if sha256(path) == sha256(photograph)]
            wait_for(lambda: len(pictures()) == 2, lambda: f'the picture of the group at {person.name}, '
                     f'who has {pictures()}', within=40)

    def test_photo_request(self):
        """A photograph is asked of all, and one answers for all"""
        request = self.emily.do('request-photo', conversation=self.group, text='The red one?')['request']
        for other in self.others(self.emily):
            self.assertEqual(other.expect('photo-request', request=request)['from'], self.emily.account)
        self.alice.do('answer-photo-request', request=request, accept=True, path=str(self.photograph()))
        for other in self.others(self.alice):
            other.expect('picture', request=request, within=40)
        with self.assertRaises(Refused) as refused:
            self.carol.do('answer-photo-request', request=request, accept=True)
        self.assertEqual(refused.exception.code, 'conflict')

    def photograph(self):
        return next(path for path in sorted(self.town.content.iterdir()) if path.suffix in ('.jpg', '.png'))

    def test_05(self):
        """Bad input is an error that says why"""
        for members in ({}, {'name': 'x'}, {'name': 'x', 'members': []}, {'name': 'x', 'members': [7]},
                        {'name': '', 'members': [self.emily.account]},
                        {'name': 'x' * 81, 'members': [self.emily.account]},
                        {'name': 'x', 'members': ['no address']}):
            with self.assertRaises(Refused, msg=str(members)):
                self.alice.do('group', **members)
        for verb, members in (('group-add', {'conversation': 'x', 'members': [self.emily.account]}),
                              ('group-leave', {}), ('join', {'share': 'x'}), ('revoke', {'device': 'x'}),
                              ('block', {'who': '?'}), ('privacy', {'kinds': ['smell']}),
                              ('history', {'conversation': self.group, 'limit': 'many'}),
                              ('hand-over', {'share': 'x', 'to': self.emily.account})):
            with self.assertRaises(Refused, msg=verb):
                self.alice.do(verb, **members)

    # Shares in the group

    def test_06(self):
        """A share in the group: one accepts, one declines and says why"""
        type(self).share = self.invite(self.alice)
        self.carol.do('decline', share=self.share, reason='busy', text='I am at work')
        declined = self.alice.expect('member', share=self.share, who=self.carol.account, state='declined',
                                     within=20)
        self.assertEqual((declined['reason'], declined['text']), ('busy', 'I am at work'))
        self.accept(self.emily, self.share)
        self.alice.expect('share', share=self.share, state='active')

    def test_07(self):
        """Who declined comes in late"""
        self.carol.do('join', share=self.share)
        self.carol.expect('first-frame', share=self.share, within=30)

    def test_08(self):
        """One leaves and comes back, and the others see it on"""
        self.emily.do('leave', share=self.share)
        self.emily.expect('share', share=self.share, state='ended', reason='left')
        self.alice.expect('member', share=self.share, who=self.emily.account, state='left', within=20)
        before = self.carol.do('stats', share=self.share)['frames']
        wait_for(lambda: self.carol.do('stats', share=self.share)['frames'] > before + 10,
                 'more frames at Carol')
        self.emily.do('join', share=self.share)
        self.emily.expect('first-frame', share=self.share, within=30)

    def test_09(self):
        """The turn is asked for, given, and goes on without ringing"""
        self.emily.do('request-turn', share=self.share, content=CAMERA)
        self.alice.expect('share-requested', share=self.share, **{'from': self.emily.account}, within=20)
        self.alice.do('hand-over', share=self.share, to=self.emily.account)
        self.carol.expect('share', share=self.share, state='ended', reason='handed-over', within=20)
        following = self.emily.expect('continued', continues=self.share, within=20)['share']
        for person in (self.alice, self.carol):
            person.expect('continued', share=following, continues=self.share, within=20)
            person.expect('first-frame', share=following, within=30)
            self.assertEqual(person.seen('invited', share=following), [])
        type(self).share = following

    def test_10(self):
        """The last viewer who leaves ends it, and nothing is left"""
        self.carol.do('leave', share=self.share)
        self.emily.expect('member', share=self.share, who=self.carol.account, state='left', within=20)
        self.alice.do('leave', share=self.share)
        self.emily.expect('share', share=self.share, state='ended', within=20)
        self.emily.expect('camera', state='closed')
        self.assert_all_closed()
        row, = (row for row in self.emily.do('history', conversation=self.group)['messages']
                if row.get('share') == self.share)
        self.assertEqual({member['who'] for member in row['members']},
                         {self.alice.account, self.carol.account})

    def test_11(self):
        """The owner removes one, who hears of it and no more after it"""
        self.alice.do('group-remove', conversation=self.group, members=[self.carol.account])
        self.carol.expect('group', conversation=self.group, member=False, within=20)
        sent = self.emily.do('message', to=self.group, text='Now we are two')['message']
        self.alice.expect('message', message=sent, within=20)
        with self.assertRaises(Refused):
            self.carol.do('share', conversation=self.group, content=CAMERA)
        self.assertEqual(self.carol.seen('message', message=sent), [])

    def test_12(self):
        """The owner leaves, and the other owns it"""
        self.alice.do('group-leave', conversation=self.group)
        self.emily.expect('group', conversation=self.group, owner=self.emily.account, within=20)


class GroupOfThreeHomes(Group):
    """The same over three homes."""

    homes = ('a.test', 'b.test', 'c.test')


class SeveralDevices(Story):
    """Emily has a laptop and, later, a tablet."""

    homes = ('a.test', 'a.test')

    @classmethod
    def setUpClass(cls):
        cls.town = Town()
        cls.addClassCleanup(cls.town.end)
        cls.relays = build_homes(cls.town, cls.homes)
        cls.alice = cls.town.peer(cls.relays[cls.homes[0]], 'alice')
        cls.relay = cls.relays[cls.homes[1]]
        cls.laptop = cls.town.peer(cls.relay, 'emily')

    def test_1(self):
        """A device that is added later has the same history and the same read state"""
        cls = type(self)
        for i in range(230):
            number = self.alice.send('message', to=self.laptop.account, text=f'dress {i}')
        self.alice.answer(number, within=60)
        cls.last = self.alice.do('message', to=self.laptop.account, text='the last one', within=40)
        self.laptop.expect('message', message=self.last['message'], within=40)
        hundredth = self.laptop.seen('message', text='dress 99')[0]['message']
        self.laptop.do('displayed', message=hundredth)
        self.alice.expect('receipt', message=hundredth, state='displayed', within=20)
        own = self.laptop.do('message', to=self.alice.account, text='Wonderful')['message']
        self.alice.expect('message', message=own)

        cls.tablet = self.add_device()
        rows = self.laptop.do('history', to=self.alice.account)['messages']
        wanted = [(row['message'], row['text'], row['state'] == 'read') for row in rows]
        self.assertEqual(len(wanted), 232)

        def same():
            there = self.tablet.do('history', to=self.alice.account, within=30)['messages']
            cls.there = [(row['message'], row['text'], row['state'] == 'read') for row in there]
            return cls.there == wanted
        wait_for(same, lambda: f'the same rows on the tablet: it has {len(self.there)}, the first '
                 f'{self.there[:1]}', within=40)
        page = self.tablet.do('history', conversation=self.last['conversation'], limit=10,
                              before=rows[50]['message'])
        self.assertEqual([row['text'] for row in page['messages']], [row['text'] for row in rows[40:50]])
        self.assertTrue(page['more'])

    def add_device(self):
        tablet = Peer(self.town, self.relay, 'emily')
        status, error = tablet.sign('sign-in')
        self.assertEqual((status, error), (0, ''))
        return tablet.run()

    def test_2(self):
        """What is read on one is read on the other"""
        self.tablet.do('displayed', message=self.last['message'])
        wait_for(lambda: self.laptop.do('history', to=self.alice.account, limit=2)['messages'][0]['state']
                 == 'read', 'the last one read on the laptop, too')

    def test_3(self):
        """All ring, the first accept wins, and the other is told"""
        share = self.alice.do('share', to=[self.laptop.account], content=CAMERA)['share']
        for device in (self.laptop, self.tablet):
            device.expect('invited', share=share)
        self.tablet.do('accept', share=share)
        ended = self.laptop.expect('share', share=share, state='ended')
        self.assertEqual(self.laptop.seen('first-frame', share=share), [])
        self.tablet.expect('first-frame', share=share, within=30)
        self.assertEqual(ended['reason'], 'answered-elsewhere')
        names = {device['name'] for device in self.laptop.do('devices')['devices']}
        self.assertIn(ended['device'], names)
        self.alice.do('stop', share=share)
        self.tablet.expect('share', share=share, state='ended')

    def test_4(self):
        """A revoked device is out within a second, and cannot come back"""
        devices = self.laptop.do('devices')['devices']
        self.assertEqual([device['this'] for device in devices], [True, False])
        number = self.laptop.send('revoke', device=devices[1]['device'])
        status = self.tablet.process.wait()
        gone = self.laptop.expect('device', device=devices[1]['device'], state='revoked')
        ok = self.laptop.answer(number)
        self.assertNotEqual(status, 0)
        note(f'the device was gone {(gone["at"] - ok["at"]) * 1000:.0f} ms after the answer')
        self.tablet.run(wait=False)
        self.assertNotEqual(self.tablet.process.wait(), 0)


class SeveralDevicesOfAnotherHome(SeveralDevices):
    """The same, and Alice is at home elsewhere."""

    homes = ('a.test', 'b.test')


class Privacy(Story):
    """Emily says who may do what."""

    @classmethod
    def setUpClass(cls):
        cls.town = Town()
        cls.addClassCleanup(cls.town.end)
        cls.relay = cls.town.relay('a.test')
        cls.alice = cls.town.peer(cls.relay, 'alice')
        cls.emily = cls.town.peer(cls.relay, 'emily')

    def test_1(self):
        """Who is blocked cannot write, and can when that is over"""
        self.emily.do('block', who=self.alice.account)
        self.assertEqual(self.emily.expect('privacy', blocked=[self.alice.account])['contacts_only'], False)
        with self.assertRaises(Refused):
            self.alice.do('message', to=self.emily.account, text='Hello?')
        self.emily.do('unblock', who=self.alice.account)
        self.emily.expect('privacy', blocked=[])
        sent = self.alice.do('message', to=self.emily.account, text='Hello!')['message']
        self.emily.expect('message', message=sent)

    def test_2(self):
        """What may not be shown is refused with a word"""
        self.emily.do('privacy', kinds=['picture'])
        self.emily.expect('privacy', kinds=['picture'])
        share = self.alice.do('share', to=[self.emily.account], content=CAMERA)['share']
        member = self.alice.expect('member', share=share, state='refused')
        note(member.get('text'))
        self.assertEqual(self.emily.seen('invited', share=share), [])
        self.assertEqual(self.emily.do('privacy')['kinds'], ['picture'])


if __name__ == '__main__':
    main()
