#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The use case in two windows of the real app, with a camera of PipeWire's, and in windows as narrow as a telephone."""

import seen
from app_story import ASK, PASSWORD, YES, AppStory
from tap import main, note


class WholeStory(AppStory):
    """From the first start to the end of the use case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.camera = cls.desktop.camera('Camera', source=seen.CAMERA)
        cls.account = cls.town.peer(cls.relay, 'emily')
        cls.account.quit()

    # The first start

    @staticmethod
    def focused(app):
        return [(control.role, control.name, control.path) for window in app.windows()
                for control in window.walk() if control.has('focused')]

    def tab(self, app, arrived, what):
        """Goes on with the Tab key until it has arrived."""
        for _ in range(20):
            if arrived():
                return
            app.keys('Tab')
        self.fail(f'the Tab key does not lead to {what}; the focus is on {self.focused(app)}')

    def press_by_key(self, app, name):
        self.tab(app, lambda: app.controls(name, 'push button', focused=True), name)
        app.keys('space')

    def type_into(self, app, name, text, role='text'):
        """Writes into a row of the form. Libadwaita 1.2 does not tell that the focus is in such a row,
        so a letter shows where it is; 1.7 tells."""
        def arrived():
            focused = self.focused(app)
            if focused:
                return any((told_role, told) == (role, name) for told_role, told, _ in focused)
            row = app.find(name, role)
            before = len(row.text)
            app.keys('End', 'x')
            if len(row.text) == before + 1:
                return True
            app.keys('BackSpace')
            return False
        self.tab(app, arrived, name)
        app.keys('ctrl+a')
        app.xdotool('type', '--delay', '1', text)
        app.wait(lambda: len(app.find(name, role).text) == len(text), f'all of what was typed into {name!r}')

    def test_wrong_relay(self):
        """First start: a relay that is not there is explained"""
        cls = type(self)
        cls.alice = self.open_app('Alice', (0, 0, 800, 860))
        self.picture('first-start', self.alice)
        self.type_into(self.alice, 'Address of the relay', 'wss://127.0.0.1:1')
        self.type_into(self.alice, 'Your address, like emily@example.org', 'alice@a.test')
        self.type_into(self.alice, 'Password', PASSWORD)
        self.press_by_key(self.alice, 'New Here? Create an Account')
        trouble = self.alice.find(lambda name: 'No relay answers' in name, role='label')
        note(f'a wrong relay: {trouble.name}')
        self.picture('wrong-relay', self.alice)

    def test_wrong_pin(self):
        """First start: a wrong pin is explained at its field"""
        self.type_into(self.alice, 'Address of the relay', self.relay.url)
        self.press_by_key(self.alice, 'New Here? Create an Account')
        # Without a pin the certificate is not known; the field opens by itself.
        self.alice.find('Pin', role='text')
        wrong = self.relay.pin[:-4] + ('AAA=' if not self.relay.pin.endswith('AAA=') else 'BBB=')
        self.type_into(self.alice, 'Pin', wrong)
        self.press_by_key(self.alice, 'New Here? Create an Account')
        trouble = self.alice.find(lambda name: 'pin' in name.lower() and len(name) > 25, role='label')
        note(f'a wrong pin: {trouble.name}')
        self.picture('wrong-pin', self.alice)

    def test_sign_up(self):
        """First start: Alice signs up by keyboard only"""
        self.type_into(self.alice, 'Pin', self.relay.pin)
        self.press_by_key(self.alice, 'New Here? Create an Account')
        self.alice.find('Nobody Here Yet', within=20)
        self.alice.find('Connected', role='label')
        self.picture('signed-up', self.alice)

    def test_sign_in(self):
        """First start: Emily's wrong password is explained, and the right one lets her in"""
        cls = type(self)
        cls.emily = self.open_app('Emily', (800, 0, 800, 860), arguments=[
            '--relay', self.relay.url, '--pin', self.relay.pin, '--account', 'emily@a.test'])
        self.emily.write('Password', 'dresses and boots', role='text')
        self.emily.press('Sign In', role='push button')
        self.emily.says('password is not right')
        self.picture('wrong-password', self.emily)
        self.emily.write('Password', PASSWORD, role='text')
        self.emily.press('Sign In', role='push button')
        self.emily.find('Connected', role='label', within=20)

    # The use case

    def test_s1(self):
        """S1, S2: messages with receipts, both ways"""
        self.alice.open('New Conversation')
        self.alice.write('Address of the person', 'emily@a.test')
        self.alice.press('Start Conversation', role='push button')
        self.alice.write('Message', ASK)
        self.alice.press('Send', role='push button')
        self.emily.find(ASK, role='label')
        self.alice.find('Seen', role='label')
        self.say(self.emily, self.alice, YES)
        self.emily.find('Seen', role='label')
        self.alice.find('Online', role='label')
        self.picture('conversation')

    def test_s3(self):
        """S3-S6: Alice wants to show photographs, and Emily is asked"""
        self.alice.open('Show…')
        self.alice.find('Photographs', role='push button')
        self.picture('what-can-be-shown', self.alice)
        self.alice.press('Photographs', role='push button')
        self.emily.find('Alice wants to show you photographs', role='dialog')
        self.alice.says('Ringing…')
        self.assertEqual(self.camera_streams(), [])
        self.picture('invitation')

    def test_s7(self):
        """S7, S8: Emily accepts, Alice takes a photograph, and Emily has it"""
        self.emily.press('Accept', role='push button')
        self.alice.find('Take a Photograph', role='push button', sensitive=True, within=20)
        self.sees_motion(self.alice)
        before = self.received(self.emily)
        self.alice.press('Take a Photograph', role='push button')
        self.photograph_arrives(self.emily, before, '1280x720')
        self.emily.find(lambda name: name.startswith('Open picture'), role='push button')
        self.sees_bars(self.emily)
        self.sees_bars(self.alice)
        self.picture('photograph')

    def test_s9(self):
        """S9, S10: messages go both ways in the middle of it"""
        self.say(self.emily, self.alice, 'They are very beautiful! I would love to see the show live.')
        self.say(self.alice, self.emily, 'I can share it with you right now.')

    def test_s11(self):
        """S11-S17: Alice changes to the live camera, and Emily sees it move"""
        self.show(self.alice, 'Live camera', 'Show Something Else')
        self.emily.find('Live camera', role='label')
        self.sees_motion(self.emily)
        self.sees_motion(self.alice)
        self.assertEqual(len(self.relay.log(event='invite')), 1)
        self.picture('live')

    def test_s18(self):
        """S18: Emily asks for a photograph, Alice's card takes it, and the video goes on"""
        before = self.received(self.emily)
        self.emily.open('Ask for a Photograph')
        self.emily.write('What should be on it', 'The red dress, please')
        self.picture('asking', self.emily)
        self.emily.press('Ask', role='push button')
        self.alice.find('Emily asks you for a photograph', role='label')
        self.alice.find('The red dress, please', role='label')
        self.picture('asked')
        self.alice.press('Take a Photograph Now', role='push button')
        self.photograph_arrives(self.emily, before, '1280x720')
        self.alice.gone('Take a Photograph Now', role='push button')
        self.sees_motion(self.emily)
        self.picture('answered')

    def test_s19(self):
        """S19-S22: Emily stops; both windows say who ended it, and all is closed"""
        self.emily.press('Stop', role='push button')
        self.share_ends(self.alice, self.emily)
        self.alice.says('Emily ended')
        self.emily.says('You ended')
        self.picture('ended')

    def test_large_picture(self):
        """A picture opens large"""
        self.emily.press(lambda name: name.startswith('Open picture'), role='push button')
        self.emily.find('Save', role='push button')
        self.picture('large', self.emily)
        self.escape(self.emily, 'Save', 'push button')


class Narrow(AppStory):
    """A window as narrow as a telephone."""

    screen = '760x720'

    def test_narrow(self):
        """Invite, accept and stop in windows of 360 pixels"""
        self.open_both(['--camera', 'test'], (0, 0, 370, 720), (380, 0, 370, 720))
        self.picture('list')
        for app, other in ((self.alice, 'Emily'), (self.emily, 'Alice')):
            app.click(other, role='list item')
            app.find('Back', role='push button')
        self.alice.find('Online', role='label')
        self.alice.open('Show…')
        self.alice.find('Live camera', role='push button')
        self.picture('chooser')
        self.alice.press('Live camera', role='push button')
        self.emily.find('Accept', role='push button')
        self.picture('invitation')
        self.emily.press('Accept', role='push button')
        self.sees_test_camera(self.emily)
        self.picture('live')
        self.emily.press('Stop', role='push button')
        self.share_ends(self.alice, self.emily)
        self.picture('ended')


if __name__ == '__main__':
    main()
