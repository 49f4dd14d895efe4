#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The app in a group, the turn, and what goes wrong."""

import subprocess

import seen
from app_story import AppStory
from tap import main, note
from town import wait_for
from town.peer import Peer
from town.wait import PATIENCE, Late


class Groups(AppStory):
    """Three people, two of them with windows; and one person on two devices."""

    def test_made(self):
        """Alice makes a group of Emily and of Bob, whom she knows by his address only"""
        cls = type(self)
        cls.bob = self.town.peer(self.relay, 'bob')
        self.two_windows(['--camera', 'test'])
        self.alice.open('New Conversation')
        self.alice.press('New Group…', role='push button')
        self.alice.write('Name of the Group', 'Family')
        self.alice.click('Emily', role='check box')
        self.alice.write('Name or Address', 'bob@a.test')
        self.alice.click('Name or Address', role='entry')
        self.alice.keys('Return')
        self.alice.find('bob@a.test', role='check box')
        self.picture('new-group', self.alice)
        self.alice.press('Create', role='push button')
        self.alice.find('Say hello to “Family”', role='label')
        cls.group = self.bob.expect('group', name='Family')['conversation']
        self.emily.find('Family', role='list item')

    def test_said(self):
        """What is said in it has a name"""
        self.emily.click('Family', role='list item')
        self.emily.find('About Family', role='push button')
        self.bob.do('message', conversation=self.group, text='Who is coming?')
        for app in (self.alice, self.emily):
            app.find('Who is coming?', role='label')
            app.find('Bob', role='label')
        self.say(self.emily, self.alice, 'I am')
        self.alice.find('Emily', role='label')
        self.bob.expect('message', text='I am')

    def test_shown(self):
        """Alice shows the group her camera: Emily watches, Bob declines, and Alice reads both"""
        self.show(self.alice, 'Live camera')
        invited = self.bob.expect('invited')
        self.emily.find('and the others in “Family”', role='label')
        self.emily.press('Accept', role='push button')
        self.bob.do('decline', share=invited['share'], reason='busy', text='cooking')
        self.sees_test_camera(self.emily)
        self.alice.find('1 watching · 1 not watching', role='label')
        self.alice.open('Who Is Watching')
        self.alice.find('Declined: “cooking”', role='label')
        self.alice.find('Watching', role='label')
        self.picture('group-share')
        self.escape(self.alice, 'Declined: “cooking”', 'label')

    def test_left(self):
        """The last viewer leaves: the share ends, and its note says how it was for each"""
        self.emily.press('Stop', role='push button')
        self.share_ends(self.alice, self.emily)
        self.alice.says('The last viewer has left')
        self.alice.says('Bob: Declined: “cooking”')
        self.picture('group-ended')

    def test_turn(self):
        """Emily asks Alice for the turn, gets it, and Alice sees what Emily shows without being asked again"""
        self.show(self.alice, 'Live camera')
        self.bob.do('decline', share=self.bob.expect('invited')['share'])
        self.emily.press('Accept', role='push button')
        self.sees_test_camera(self.emily)
        picture = self.town.content / 'red-gown.jpg'
        self.choose_file(self.emily, 'Pictures from your files…', picture)
        self.emily.says('Alice was asked')
        self.alice.find('Emily would like to show something', role='label')
        self.picture('asked-for-the-turn', self.alice)
        self.alice.press('Let Emily Show', role='push button')
        self.alice.find('shown by Emily', role='label', within=20)
        self.emily.says('1 watching')
        self.sees_file(self.alice, seen.File(picture))
        self.picture('turn-given')
        self.emily.press('Stop', role='push button')
        self.share_ends(self.alice, self.emily)

    def test_removed(self):
        """Alice removes Bob"""
        self.alice.press('About Family', role='push button')
        self.alice.press('Remove Bob', role='push button')
        self.confirm(self.alice, 'Remove')
        self.bob.expect('group', conversation=self.group, member=False)
        self.alice.gone('Remove Bob', role='push button')
        self.picture('group-people', self.alice)
        self.escape(self.alice, 'Leave the Group', 'push button')

    def test_devices(self):
        """Alice's other device is in her list, and is out when she signs it out"""
        other = Peer(self.town, self.relay, 'alice')
        self.assertEqual(other.sign('sign-in'), (0, ''))
        other.run()
        self.alice.keys('ctrl+comma')
        self.alice.find('Only People You Know', role='check box')
        self.picture('privacy', self.alice)
        self.alice.click('Devices', role='page tab')
        self.alice.find('This device', role='label')
        self.alice.find('Connected now', role='label')
        self.picture('devices', self.alice)
        self.alice.press(lambda name: name.startswith('Sign Out '), role='push button')
        self.confirm(self.alice, 'Sign Out')
        self.assertIsNotNone(other.process.wait(), 'the device is still there')
        self.alice.gone('Connected now', role='label')
        self.escape(self.alice, 'This device', 'label')


class Faults(AppStory):
    """What goes wrong is said in words, and the share lives."""

    def test_no_camera(self):
        """Without a camera the list says so, and what needs none can be chosen"""
        self.two_windows()
        self.alice.open('Show…')
        camera = self.alice.find('Live camera', role='push button')
        self.assertFalse(camera.has('sensitive'))
        self.alice.says('There is no camera')
        self.assertTrue(self.alice.find('A film…', role='push button').has('sensitive'))
        self.picture('no-camera', self.alice)
        self.escape(self.alice, 'Live camera', 'push button')

    def test_unplugged(self):
        """The camera is pulled out: the share lives, and Alice's window says what is the matter"""
        camera = self.desktop.camera('Camera', source=seen.CAMERA)
        self.alice.wait(self.camera_is_offered, 'camera that was plugged in', within=15)
        self.show(self.alice, 'Live camera')
        self.emily.press('Accept', role='push button')
        self.sees_motion(self.emily)
        camera.end()
        trouble = self.alice.find(lambda name: 'Choose something else to show' in name, role='label')
        note(f'unplugged: {trouble.name}')
        self.assertIn('camera', trouble.name.lower())
        self.emily.says('No picture comes from Alice’s camera')
        self.emily.find('Stop', role='push button')
        self.picture('unplugged')

    def camera_is_offered(self):
        self.alice.open('Show…')
        try:
            is_offered = self.alice.find('Live camera', role='push button', within=1).has('sensitive')
        except Late:
            return False  # the menu has been opened and closed: presses may take effect late
        self.escape(self.alice, 'Live camera', 'push button')
        return is_offered

    def test_go_on(self):
        """Alice goes on with a picture from a file"""
        cls = type(self)
        path = self.town.content / 'red-gown.jpg'
        cls.shown = seen.File(path)
        self.choose_file(self.alice, 'Pictures from your files…', path, 'Show Something Else')
        self.alice.gone(lambda name: 'Choose something else to show' in name)
        self.sees_file(self.emily, self.shown)
        self.picture('goes-on')

    def test_broken_film(self):
        """A film that is none: words, and the old picture stays"""
        broken = self.town.folder / 'broken.mp4'
        broken.write_bytes(b'not a film at all\n' * 4000)
        self.choose_file(self.alice, 'A film…', broken, 'Show Something Else')
        trouble = self.alice.says('“broken.mp4” is not a film')
        note(f'a broken film: {trouble.name}')
        self.picture('broken-film')
        self.sees_file(self.emily, self.shown)
        self.emily.press('Stop', role='push button')
        self.share_ends(self.alice, self.emily)

    def test_relay_restarts(self):
        """The relay is stopped and started: a banner, and what was written meanwhile is delivered"""
        self.alice.gone('Not connected; trying again…')
        self.relay.stop()
        self.alice.says('Not connected; trying again…')
        self.alice.gone('Online', role='label')
        self.alice.write('Message', 'Are you still there?')
        self.alice.press('Send', role='push button')
        self.alice.find('Sending…', role='label')
        self.picture('not-connected')
        self.relay.start()
        self.emily.find('Are you still there?', role='label', within=40)
        self.alice.gone('Not connected; trying again…')
        self.alice.find('Connected', role='label')
        self.alice.gone('Sending…', role='label')

    def test_no_display(self):
        """Without a screen: one sentence, and exit status 1"""
        env = {key: value for key, value in self.alice.env.items()
               if key not in ('DISPLAY', 'WAYLAND_DISPLAY', 'GDK_BACKEND', 'GDK_DEBUG')}
        ran = subprocess.run([self.town.program('vitrine'), '--home', self.town.folder / 'none'], env=env,
                             capture_output=True, text=True, check=False, timeout=30 * PATIENCE)
        self.assertEqual(ran.returncode, 1)
        self.assertEqual(len(ran.stderr.strip().splitlines()), 1, ran.stderr)
        self.assertIn('screen', ran.stderr)


if __name__ == '__main__':
    main()
