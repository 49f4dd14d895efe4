#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The alternative flows of the use case, films and pictures from files, and the app with other clients."""

import os
import pathlib

import seen
import stamp
from app_story import AppStory
from tap import main, note
from town import Late, wait_for
from town.wait import soon


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

    def test_together(self):
        """Applause and pointing of each are seen in the window of the other"""
        self.show(self.alice, 'Live camera')
        self.emily.press('Accept', role='push button')
        self.sees_test_camera(self.emily)
        for one, other in ((self.emily, self.alice), (self.alice, self.emily)):
            wait_for(lambda: self.claps(one, other), f'applause of {one.name} at {other.name}', within=20)
            with one.held('What is shown'):
                other.wait(lambda: one.name in self.names_on_the_stage(other), f'dot of {one.name}')
                self.picture('pointing')
            other.wait(lambda: one.name not in self.names_on_the_stage(other), f'end of the dot of {one.name}')

    @staticmethod
    def claps(one, other):
        """It is to be seen for three seconds, which a busy machine may miss. What comes before it has to have gone."""
        other.gone('👏', role='label')
        one.open('React')
        one.press('Applause', role='push button')
        one.gone('Applause', role='push button')
        try:
            return other.find('👏', role='label', within=3)
        except Late:
            return None

    @staticmethod
    def names_on_the_stage(app):
        return [control.name for stage in app.controls('What is shown') for control in stage.walk()]

    def choose(self, app, entry):
        """An entry of the stage's menu, which may not be ready for the first press."""
        app.open('More')
        app.find(entry)

        def chosen():
            for control in app.controls(entry, sensitive=True):
                if control.can_be_pressed:
                    control.press()
            soon(lambda: not app.controls(entry))
            return not app.controls(entry)
        app.wait(chosen, f'end of the menu by {entry!r}')

    def test_recorded(self):
        """Alice records what she shows, and reads where it is"""
        self.choose(self.alice, 'Record This')
        folder = self.alice.folder / 'Videos'
        path, = wait_for(lambda: [path for path in folder.iterdir() if path.stat().st_size > 1000], 'recording', within=20)
        self.choose(self.alice, 'Record This')
        self.alice.says(f'The recording was saved: {path}')
        self.assertEqual(path.read_bytes()[:4], b'\x1aE\xdf\xa3', 'it is no Matroska file')

    def test_saved(self):
        """Emily saves what she sees, for as long as Alice allows it"""
        path = self.town.folder / 'seen.png'
        self.choose(self.emily, 'Save This Picture…')
        self.emily.write('Name:', str(path), role='text')
        self.confirm(self.emily, 'Save')
        self.emily.says('The picture was saved')
        self.assertIsNotNone(stamp.read(path))

        self.choose(self.alice, 'Viewers May Save Pictures')
        self.emily.open('More')
        self.emily.find('Small Window of Its Own')
        self.emily.gone('Save This Picture…')
        self.escape(self.emily, 'Small Window of Its Own', None)

    def test_alt_2(self):
        """Alt 2: Alice stops, and Emily reads who it was"""
        self.alice.press('Stop', role='push button')
        self.share_ends(self.alice, self.emily)
        self.emily.says('Alice ended')

    def test_film(self):
        """A film is shown from its file"""
        cls = type(self)
        path = self.town.content / 'show.mp4'
        cls.film = seen.File(path, is_film=True)
        self.choose_file(self.alice, 'A film…', path)
        self.emily.press('Accept', role='push button')
        self.sees_film_go_on(self.emily, self.film)
        self.picture('film')

    def test_full_screen(self):
        """F11 fills Emily's screen with it, and Esc gives her window its place back"""
        self.desktop.manage_windows()
        place, screen = self.emily.placed, (0, 0, *map(int, self.screen.split('x')))
        for wanted, key in ((screen, 'F11'), (place, 'Escape'), (screen, 'F11'), (place, 'F11')):
            self.emily.keys(key)
            self.emily.wait(lambda wanted=wanted: self.emily.has_place(*wanted), f'window at {wanted} by {key}')
            about = self.emily.gone if wanted == screen else self.emily.find
            about('About Alice', role='push button')
            self.sees_file(self.emily, self.film)
        self.picture('after-full-screen')

    def test_seek(self):
        """Alice goes to the middle of the film by its bar, to its end by a key, and begins anew"""
        self.alice.click('Position', role='slider')
        self.sees_moment(self.emily, 11, 20)
        self.alice.keys('End')
        self.alice.find('Play', role='push button')
        self.alice.keys('ctrl+space')
        self.alice.find('Pause', role='push button')
        self.sees_moment(self.emily, 0, 6)

    def sees_moment(self, app, first, last):
        def is_there():
            moment = self.film.moment(self.stage(app))
            return moment and first <= moment <= last
        wait_for(is_there, f'second {first} to {last} of the film at {app.name}', within=20, every=0.1)

    def test_pause(self):
        """Alice pauses the film, and lets it go on"""
        self.alice.press('Pause', role='push button')
        self.alice.find('Play', role='push button')
        self.alice.keys('ctrl+space')
        self.alice.find('Pause', role='push button')
        self.sees_film_go_on(self.emily, self.film)

    def test_presenter(self):
        """Alice's camera comes into the corner of the film, and goes"""
        for wanted in (True, False):
            self.choose(self.alice, 'My Camera in the Corner')
            wait_for(lambda wanted=wanted: seen.has_presenter(self.stage(self.emily)) == wanted,
                     'camera in the corner at Emily' if wanted else 'end of the camera in the corner', within=20, every=0.1)
            self.picture('presenter' if wanted else 'no-presenter')
        self.sees_file(self.emily, self.film)

    def test_picture_file(self):
        """And then a picture from a file, in the same share"""
        path = self.town.content / 'red-gown.jpg'
        self.choose_file(self.alice, 'Pictures from your files…', path, 'Show Something Else')
        self.emily.find(lambda name: 'red-gown' in name or name == 'Photographs', role='label')
        self.sees_file(self.emily, seen.File(path))
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
            wait_for(lambda: self.counter(self.emily), 'number of the test camera at Emily', within=20)
            self.emily.press('Stop', role='push button')
            self.share_ends(self.alice, self.emily)
        for _ in range(3):
            once()
        before = [cost(app) for app in (self.alice, self.emily)]
        for _ in range(10):
            once()
        # What is free is given back a moment after the end.
        for app, old in zip((self.alice, self.emily), before):
            def costs(app=app, old=old):
                return '{}: {} MB, {} threads, {} files before ten shares, and {}, {}, {} after'.format(app.name, *old, *cost(app))

            def is_flat(app=app, old=old):
                return all(new - one < limit for new, one, limit in zip(cost(app), old, (60, 5, 10)))
            wait_for(is_flat, lambda: f'flat {costs()}', within=10, every=0.2)
            note(costs())


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
        self.sees_test_camera(self.alice)
        self.emily.do('stop', share=share)
        self.share_ends(self.alice)
        self.alice.says('Emily ended')


if __name__ == '__main__':
    main()
