# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stories with windows of the real app have in common: what a person can see and press.

Pictures of the windows at the main steps stay in tests/system/pictures of the build folder.
"""

import json
import re

import seen
import stamp
from file_dialog import FileDialog
from tap import Story, note
from town import Town, wait_for

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
        for old in cls.pictures.glob(f'{cls.__name__}-*'):
            old.unlink()
        note(f'pictures of the windows: {cls.pictures}/{cls.__name__}-*')
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

    def open_app(self, name, place, **options):
        return self.open_apps((name, place, options))[0]

    def open_apps(self, *wishes):
        """Starts all of them and then waits for their windows: (name, place, options of App)."""
        opened = [self.town.launch_app(name, **options) for name, _, options in wishes]
        self.apps += opened
        for app, (_, place, _) in zip(opened, wishes):
            app.await_window()
            app.place(*place)
        return opened

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

    def open_both(self, arguments, *places):
        """Windows of Alice and Emily, who have talked with each other."""
        cls = type(self)
        alice, emily = self.homes('alice', 'emily')
        for person in (alice, emily):
            self.assertEqual(person.quit(), 0)
        cls.alice, cls.emily = self.open_apps(
            ('Alice', places[0], {'home': alice.home, 'arguments': arguments}),
            ('Emily', places[1], {'home': emily.home}))

    def two_windows(self, arguments=()):
        """The same, side by side, with the conversation under way."""
        self.open_both(arguments, (0, 0, 800, 860), (800, 0, 800, 860))
        for app in (self.alice, self.emily):
            app.find('Online', role='label', within=20)
            app.find(ASK, role='label')

    def picture(self, name, app=None):
        """Keeps a picture of one window, or of the screen."""
        cls = type(self)
        cls.n_pictures += 1
        path = self.pictures / f'{cls.__name__}-{cls.n_pictures:02d}-{name}.png'
        (app.look() if app else self.desktop.screen.grab()).save(path)
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
        """The same, for what asks for a file."""
        main_window = app.x_window()
        self.show(app, choice, menu)
        FileDialog(app, main_window).choose(path)

    def escape(self, app, name, role):
        """Presses Esc until this control has gone."""
        app.wait(lambda: not app.controls(name, role) or app.keys('Escape'), f'end of {name!r} by Esc')

    def confirm(self, app, word):
        """Says yes in the dialog that asks again; in GTK 4.8 its buttons have their words twice."""
        app.press(lambda name: name in (word, f'{word} {word}', f'_{word} {word}'), role='push button')

    # What people see

    def stage(self, app):
        """A picture of what is on the stage."""
        return app.look('What is shown')

    def sees_file(self, app, file):
        """This picture, or any frame of this film (seen.py)."""
        wait_for(lambda: file.is_in(self.stage(app)), f'{file.name} on the stage of {app.name}', within=20, every=0.1)

    def sees_film_go_on(self, app, film):
        """One moment of it, and then a later one."""
        first = wait_for(lambda: film.moment(self.stage(app)), f'{film.name} on the stage of {app.name}', within=20, every=0.1)
        wait_for(lambda: (film.moment(self.stage(app)) or 0) > first, f'more of {film.name} than its second {first} at {app.name}',
                 within=20, every=0.1)

    def sees_bars(self, app):
        """The colour bars of seen.CAMERA, moving or as a photograph; where each of them is."""
        return wait_for(lambda: seen.bars(self.stage(app)), f'colour bars on the stage of {app.name}', within=20, every=0.1)

    def sees_motion(self, app):
        """The same bars, and then at another place."""
        first = self.sees_bars(app)

        def moved():
            bars = seen.bars(self.stage(app))
            return bars and sum(a != b for a, b in zip(first, bars)) > 6
        wait_for(moved, f'moving bars on the stage of {app.name}', within=20, every=0.1)

    def counter(self, app):
        """The number that the test camera burnt into what is on the stage now."""
        path = self.town.folder / 'stage.png'
        app.look('What is shown').save(path)
        return stamp.read(path)

    def sees_test_camera(self, app):
        """Its numbers rise."""
        numbers = set()

        def look():
            number = self.counter(app)
            if number:
                numbers.add(number)
            return len(numbers) > 1
        wait_for(look, f'numbers of the test camera at {app.name} that rise', within=20)

    def received(self, app):
        return {path for path in (app.home / 'pictures').rglob('*') if path.suffix in ('.jpg', '.png')}

    def photograph_arrives(self, app, before, size):
        path, = wait_for(lambda: self.received(app) - before, f'photograph at {app.name}', within=20)
        self.assertEqual(self.desktop.command('identify', '-format', '%wx%h', path), size)
        return path

    def camera_streams(self):
        """What reads from a camera of PipeWire's now."""
        def objects():
            try:
                return json.loads(self.desktop.command('pw-dump'))
            except json.JSONDecodeError:
                return None  # what comes or goes while it is said makes two lists of it
        return [node['id'] for node in wait_for(objects, 'list of what PipeWire has')
                if node.get('info') and (node['info'].get('props') or {}).get('media.class') == 'Stream/Input/Video']

    def all_is_closed(self):
        wait_for(lambda: not self.camera_streams(), 'end of the camera', every=0.1)
        wait_for(lambda: self.relay.sessions() == {'sessions': 0, 'connections': 0, 'pipelines': 0},
                 lambda: f'end of all sessions at the relay; it has {self.relay.sessions()}', every=0.1)

    def share_ends(self, *apps):
        for app in apps:
            app.gone('Stage')
        self.all_is_closed()
