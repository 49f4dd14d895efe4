#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The use case in two windows of the real app, with a camera of PipeWire's: what a person can see and press.

Pictures of the windows at the main steps stay in tests/system/pictures of the build folder.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess

import stamp
from tap import Story, main, note
from town import Town, wait_for
from town.peer import Peer
from town.wait import PATIENCE, Late

ASK = 'I found some beautiful dresses! Do you want to see them?'
YES = 'Oh yes, I am very interested. Please show me!'
PASSWORD = 'dresses and shoes'

# What must never be said on stderr; a warning is only noted. Criticals end the programs, all but one (strict-log.c).
FATAL = re.compile(r'CRITICAL \*\*(?!.*gst_event_set_seqnum)|ERROR \*\*|runtime error:|AddressSanitizer|LeakSanitizer')
WARNING = re.compile(r'(\S+)-WARNING \*\*: \S+: (.*)')

# Of a machine without portals and settings daemon.
EXPECTED_WARNINGS = ('Adwaita', 'GLib-GIO', 'Gtk')


class AppStory(Story):
    """A relay, a desktop with sound and cameras, and people with windows."""

    screen = '1600x860'

    @classmethod
    def setUpClass(cls):
        cls.town = Town()
        cls.addClassCleanup(cls.town.end)
        cls.desktop = cls.town.start_desktop(size=cls.screen, sound=True)
        cls.relay = cls.town.relay('a.test')
        cls.apps = []
        cls.pictures = cls.town.build / 'tests' / 'system' / 'pictures'
        cls.pictures.mkdir(parents=True, exist_ok=True)
        cls.n_pictures = 0

    def run(self, result=None):
        was_whole = type(self) not in result.broken
        super().run(result)
        if was_whole and type(self) in result.broken and hasattr(self, 'desktop'):
            note(f'the screen when it went wrong: {self.picture("trouble")}')
        return result

    def tearDown(self):
        for app in self.apps:
            said = app.process.log()
            self.assertIsNone(FATAL.search(said), f'{app.name} said:\n{app.process.last_words(40)}')

    @classmethod
    def tearDownClass(cls):
        for app in cls.apps:
            for domain, text in sorted(set(WARNING.findall(app.process.log()))):
                if not domain.startswith(EXPECTED_WARNINGS):
                    note(f'{app.name} warned: {domain}: {text}')

    # People and their windows

    @classmethod
    def keep(cls, app):
        cls.apps.append(app)
        return app

    def open_app(self, name, place=None, **options):
        app = self.keep(self.town.app(name, **options))
        if place:
            app.place(*place)
        return app

    @classmethod
    def homes(cls, *people):
        """Homes of people who have accounts and a conversation with each other."""
        first, second = (cls.town.peer(cls.relay, name) for name in people)
        for speaker, listener, text in ((first, second, ASK), (second, first, YES)):
            said = speaker.do('message', to=listener.account, text=text)
            listener.expect('message', message=said['message'])
            listener.do('displayed', message=said['message'])
            speaker.expect('receipt', message=said['message'], state='displayed')
        return first, second

    def two_windows(self, arguments=()):
        """Alice and Emily, side by side, with a conversation under way."""
        cls = type(self)
        alice, emily = self.homes('alice', 'emily')
        for person in (alice, emily):
            self.assertEqual(person.quit(), 0)
        cls.alice = self.open_app('Alice', (0, 0, 800, 860), home=alice.home, arguments=arguments)
        cls.emily = self.open_app('Emily', (800, 0, 800, 860), home=emily.home)
        for app in (cls.alice, cls.emily):
            app.find('Online', role='label', within=20)
            app.find(ASK, role='label')

    def picture(self, name, app=None):
        """Keeps a picture of one window, or of the screen."""
        cls = type(self)
        cls.n_pictures += 1
        path = self.pictures / f'{cls.__name__}-{cls.n_pictures:02d}-{name}.png'
        if app:
            app.screenshot(path)
        else:
            self.desktop.screenshot(path)
        return path

    # What people do

    def say(self, speaker, listener, text):
        speaker.write('Message', text)
        speaker.press('Send', role='push button')
        listener.find(text, role='label')

    def show(self, sharer, choice, menu='Show…'):
        """Opens the list of what can be shown and chooses."""
        sharer.open(menu)
        sharer.press(choice, role='push button')

    def choose_file(self, app, choice, path, menu='Show…'):
        """The same, for what asks for a file: Ctrl+L in GTK's own dialog is for a path."""
        main_window = app.x_window()
        self.show(app, choice, menu)
        dialog = app.wait(lambda: app.x_window() != main_window and app.x_window(), 'dialog for a file')
        app.find(lambda name: 'Open' in name, role='push button')

        def field():
            return app.controls('GtkFileChooserEntry', 'text')

        def open_field():
            # Keys may be lost while the dialog opens; Ctrl+L leads to the field and back again.
            app.xdotool('windowfocus', '--sync', dialog, 'key', 'ctrl+l', 'ctrl+a')
            app.xdotool('type', '--delay', '2', str(path))
            try:
                return wait_for(field, 'place for a path', within=2)
            except Late:
                return False
        app.wait(open_field, 'place for a path', within=20)
        if field()[0].text != str(path):
            app.write('GtkFileChooserEntry', str(path))  # it was completed, or had a folder in it
        app.xdotool('key', 'Return')
        app.wait(lambda: app.x_window() == main_window, 'end of the dialog')

    def escape(self, app, name, role):
        """Presses Esc until this control has gone."""
        app.wait(lambda: not app.controls(name, role) or app.keys('Escape'), f'end of {name!r} by Esc')

    def confirm(self, app, word):
        """Says yes in the dialog that asks again; in libadwaita 1.2 its buttons have their words twice."""
        app.press(lambda name: name in (word, f'{word} {word}'), role='push button')

    # What people see

    def stage_as_grey(self, app):
        """What is on the stage, small and grey: bytes."""
        path = self.town.folder / 'stage.gray'
        self.crop_stage(app, f'gray:{path}', '-resize', '96x54!', '-depth', '8')
        return path.read_bytes()

    def crop_stage(self, app, path, *options):
        left, top, width, height = app.find('What is shown').extents
        self.desktop.command('import', '-window', app.x_window(), '-crop',
                             f'{width}x{height}+{left}+{top}', '+repage', *options, path)

    def sees_something(self, app):
        def look():
            grey = self.stage_as_grey(app)
            return max(grey) - min(grey) > 60
        wait_for(look, f'picture on the stage of {app.name}', within=20, every=0.1)

    def sees_motion(self, app):
        self.sees_something(app)
        first = self.stage_as_grey(app)

        def moved():
            return sum(abs(a - b) > 40 for a, b in zip(first, self.stage_as_grey(app))) > 1  # a small ball
        wait_for(moved, f'motion on the stage of {app.name}', within=20, every=0.1)

    def counter(self, app):
        """The number that the test camera burnt into what is on the stage now."""
        path = self.town.folder / 'stage.png'
        self.crop_stage(app, path)
        return stamp.read(path)

    def received(self, app):
        return {path for path in (app.home / 'pictures').rglob('*') if path.suffix in ('.jpg', '.png')}

    def photograph_arrives(self, app, before, size):
        path, = wait_for(lambda: self.received(app) - before, f'photograph at {app.name}', within=20)
        self.assertEqual(self.desktop.command('identify', '-format', '%wx%h', path), size)
        return path

    def camera_streams(self):
        """What reads from a camera of PipeWire's now."""
        return [node['id'] for node in json.loads(self.desktop.command('pw-dump'))
                if node.get('info') and (node['info'].get('props') or {}).get('media.class') == 'Stream/Input/Video']

    def all_is_closed(self):
        wait_for(lambda: not self.camera_streams(), 'end of the camera', every=0.1)
        wait_for(lambda: self.relay.sessions() == {'sessions': 0, 'connections': 0, 'pipelines': 0},
                 lambda: f'end of all sessions at the relay; it has {self.relay.sessions()}', every=0.1)

    def share_ends(self, *apps):
        for app in apps:
            app.gone('Stage', role='panel')
        self.all_is_closed()


class WholeStory(AppStory):
    """From the first start to the end of the use case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shutil.rmtree(cls.pictures)
        cls.pictures.mkdir()
        note(f'pictures of the windows: {cls.pictures}')
        cls.camera = cls.desktop.camera('Camera')
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
        so a letter shows where it is."""
        def arrived():
            if self.focused(app):
                return False
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
        self.sees_something(self.emily)
        self.sees_something(self.alice)
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


class Answers(AppStory):
    """The alternative flows, and the app with other clients."""

    def test_alt_1(self):
        """Alt 1: Emily declines with a reason, then with words of her own; Alice reads both"""
        self.two_windows(['--camera', 'test'])
        self.show(self.alice, 'Live camera')
        self.emily.find('Alice wants to show you what the camera sees, live', role='dialog')
        self.emily.open('Decline with a reason')
        self.emily.find(lambda name: 'busy' in name, role='menu item')
        self.picture('reasons', self.emily)
        self.emily.press(lambda name: 'busy' in name, role='menu item')
        self.share_ends(self.alice)
        self.emily.gone('Accept', role='push button')
        self.alice.says('Emily is busy right now')
        self.picture('busy')
        self.show(self.alice, 'Live camera')
        self.emily.open('Decline with a reason')
        self.emily.press(lambda name: 'own words' in name or 'own _words' in name, role='menu item')
        self.emily.write('Reason', 'I am in a meeting')
        self.picture('own-words', self.emily)
        self.emily.press('Decline With These Words', role='push button')
        self.alice.says('I am in a meeting')
        self.share_ends(self.alice)
        self.picture('declined')

    def test_withdraw(self):
        """Alice takes the invitation back while it rings"""
        self.show(self.alice, 'Photographs')
        self.emily.find('Accept', role='push button')
        self.alice.press('Stop', role='push button')
        self.emily.gone('Accept', role='push button')
        self.share_ends(self.alice)

    def test_alt_2(self):
        """Alt 2: Alice stops, and Emily reads who it was"""
        self.show(self.alice, 'Live camera')
        self.emily.press('Accept', role='push button')
        first = wait_for(lambda: self.counter(self.emily), 'number of the test camera at Emily', within=20)
        wait_for(lambda: (self.counter(self.emily) or 0) > first, 'numbers that rise')
        self.alice.press('Stop', role='push button')
        self.share_ends(self.alice, self.emily)
        self.emily.says('Alice ended')

    def test_film(self):
        """A film is shown from its file"""
        self.choose_file(self.alice, 'A film…', self.town.content / 'show.mp4')
        self.emily.press('Accept', role='push button')
        self.sees_motion(self.emily)
        self.picture('film')

    def test_pause(self):
        """Alice pauses the film, and lets it go on"""
        self.alice.press('Pause', role='push button')
        self.alice.find('Play', role='push button')
        self.alice.press('Play', role='push button')
        self.alice.find('Pause', role='push button')
        self.sees_motion(self.emily)

    def test_picture_file(self):
        """And then a picture from a file, in the same share"""
        self.choose_file(self.alice, 'Pictures from your files…', self.town.content / 'red-gown.jpg',
                         'Show Something Else')
        self.emily.find(lambda name: 'red-gown' in name or name == 'Photographs', role='label')
        self.sees_something(self.emily)
        self.picture('picture-file')
        self.emily.press('Stop', role='push button')
        self.share_ends(self.alice, self.emily)

    def test_ten(self):
        """Ten shares in a row leave no process, no thread and no memory behind"""
        def cost(app):
            status = dict(line.split(':', 1) for line in
                          pathlib.Path(f'/proc/{app.process.pid}/status').read_text(encoding='ascii').splitlines())
            return (int(status['VmRSS'].split()[0]) // 1024, int(status['Threads']),
                    len(os.listdir(f'/proc/{app.process.pid}/fd')))

        def once():
            self.show(self.alice, 'Live camera')
            self.emily.press('Accept', role='push button')
            self.sees_something(self.emily)
            self.emily.press('Stop', role='push button')
            self.share_ends(self.alice, self.emily)
        for _ in range(3):
            once()
        before = [cost(app) for app in (self.alice, self.emily)]
        for _ in range(10):
            once()
        # What is free is given back a moment after the end.
        for app, old in zip((self.alice, self.emily), before):
            wait_for(lambda: cost(app)[0] - old[0] < 60, f'memory that {app.name} gives back', within=10, every=0.2)
        after = [cost(app) for app in (self.alice, self.emily)]
        for app, old, new in zip((self.alice, self.emily), before, after):
            note(f'{app.name}: {old[0]} MB, {old[1]} threads, {old[2]} files before ten shares; '
                 f'{new[0]} MB, {new[1]} threads, {new[2]} files after')
            self.assertLess(new[0] - old[0], 60)
            self.assertLess(new[1] - old[1], 5)
            self.assertLess(new[2] - old[2], 10)


class Mixed(AppStory):
    """The app on one side, vitrine-cli on the other."""

    def test_app_shows(self):
        """The app shows, vitrine-cli looks"""
        cls = type(self)
        alice, cls.emily = self.homes('alice', 'emily')
        alice.quit()
        cls.alice = self.open_app('Alice', (0, 0, 800, 860), home=alice.home, arguments=['--camera', 'test'])
        self.alice.find('Online', role='label', within=20)
        self.show(self.alice, 'Live camera')
        invited = self.emily.expect('invited')
        self.emily.do('accept', share=invited['share'])
        self.emily.expect('first-frame', share=invited['share'], within=20)
        path = self.town.folder / 'seen.png'

        def counter():
            self.emily.do('snapshot', share=invited['share'], path=str(path))
            return stamp.read(path)
        wait_for(counter, 'number of the test camera at Emily')
        self.emily.do('stop', share=invited['share'])
        self.share_ends(self.alice)
        self.alice.says('Emily ended')

    def test_app_looks(self):
        """vitrine-cli shows, the app looks"""
        share = self.emily.do('share', to=['alice@a.test'], content={'kind': 'camera', 'device': 'test'})['share']
        self.alice.press('Accept', role='push button')
        first = wait_for(lambda: self.counter(self.alice), 'number of the test camera at Alice', within=20)
        wait_for(lambda: (self.counter(self.alice) or 0) > first, 'numbers that rise')
        self.emily.do('stop', share=share)
        self.share_ends(self.alice)
        self.alice.says('Emily ended')


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
        wait_for(lambda: self.counter(self.emily), 'number of the test camera at Emily', within=20)
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
        wait_for(lambda: self.counter(self.emily), 'number of the test camera at Emily', within=20)
        self.choose_file(self.emily, 'Pictures from your files…', self.town.content / 'red-gown.jpg')
        self.emily.says('Alice was asked')
        self.alice.find('Emily would like to show something', role='label')
        self.picture('asked-for-the-turn', self.alice)
        self.alice.press('Let Emily Show', role='push button')
        self.alice.find('shown by Emily', role='label', within=20)
        self.emily.says('1 watching')
        self.sees_something(self.alice)
        wait_for(lambda: not self.counter(self.alice), 'end of the test camera at Alice', within=20)
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
        camera = self.desktop.camera('Camera')
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
        found = self.alice.controls('Live camera', role='push button', sensitive=True)
        self.escape(self.alice, 'Live camera', 'push button')
        return found

    def test_go_on(self):
        """Alice goes on with a picture from a file"""
        self.choose_file(self.alice, 'Pictures from your files…', self.town.content / 'red-gown.jpg',
                         'Show Something Else')
        self.alice.gone(lambda name: 'Choose something else to show' in name)
        self.sees_something(self.emily)
        self.picture('goes-on')

    def lower_half(self, app):
        """Of the stage: in the upper one a few words may say what hinders."""
        grey = self.stage_as_grey(app)
        return grey[len(grey) // 2:]

    def test_broken_film(self):
        """A film that is none: words, and the old picture stays"""
        broken = self.town.folder / 'broken.mp4'
        broken.write_bytes(b'not a film at all\n' * 4000)
        before = self.lower_half(self.emily)
        self.choose_file(self.alice, 'A film…', broken, 'Show Something Else')
        trouble = self.alice.says('broken.mp4')
        note(f'a broken film: {trouble.name}')
        self.picture('broken-film')
        after = self.lower_half(self.emily)
        self.assertLess(sum(abs(a - b) > 12 for a, b in zip(before, after)), 100)
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


class Narrow(AppStory):
    """A window as narrow as a telephone."""

    screen = '760x720'

    def test_narrow(self):
        """Invite, accept and stop in windows of 360 pixels"""
        alice, emily = self.homes('alice', 'emily')
        for person in (alice, emily):
            person.quit()
        cls = type(self)
        cls.alice = self.open_app('Alice', (0, 0, 370, 720), home=alice.home, arguments=['--camera', 'test'])
        cls.emily = self.open_app('Emily', (380, 0, 370, 720), home=emily.home)
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
        wait_for(lambda: self.counter(self.emily), 'number of the test camera at Emily', within=20)
        self.picture('live')
        self.emily.press('Stop', role='push button')
        self.share_ends(self.alice, self.emily)
        self.picture('ended')


if __name__ == '__main__':
    main()
