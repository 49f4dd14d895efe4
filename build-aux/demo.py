#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo, after build-aux/demo has installed and built everything: Alice shows Emily a fashion show.

usage: build-aux/demo.py [--headless] [--pictures FOLDER] [--keep]
"""

import argparse
import glob
import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

SOURCE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SOURCE / 'tests' / 'system'))

from town import Ended, Late, Missing, Refused, Town, wait_for  # noqa: E402: the path comes first

ASK = 'I am at the fashion show, and there are such beautiful dresses! Do you want to see them?'
YES = 'Oh yes, I am very interested. Please show me!'


def say(text=''):
    print(text, flush=True)


def has_screen():
    """Is there a screen that a window can be opened on?"""
    runtime, wayland = os.environ.get('XDG_RUNTIME_DIR', '/'), os.environ.get('WAYLAND_DISPLAY')
    if wayland and pathlib.Path(runtime, wayland).exists():
        return True
    if not os.environ.get('DISPLAY'):
        return False
    ran = subprocess.run(['xwininfo', '-root'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         check=False)
    return ran.returncode == 0


def camera_options(town):
    """A real camera where there is one; else what the camera sees is the film of the show."""
    if glob.glob('/dev/video*'):
        return []
    return ['--camera', f'file:{town.content / "show.mp4"}']


def open_relay(town):
    relay = town.relay('a.test')
    say(f'The relay of a.test serves on port {relay.port}, live media on port {relay.rtsp_port}.')
    return relay


def sign_up(town, relay):
    """Alice and Emily, who have accounts and are signed in, by name."""
    people = {name: town.peer(relay, name) for name in ('alice', 'emily')}
    say('alice@a.test and emily@a.test have their accounts.')
    return people


def begin_to_talk(people):
    """The conversation that is under way when the windows open."""
    for name, other, text in (('alice', 'emily', ASK), ('emily', 'alice', YES)):
        said = people[name].do('message', to=f'{other}@a.test', text=text)
        people[other].expect('message', message=said['message'])
        people[other].do('displayed', message=said['message'])
        people[name].expect('receipt', message=said['message'], state='displayed')


def leave(people):
    """Ends the command line clients; their homes, for the app."""
    for person in people.values():
        person.quit()
    return {name: person.home for name, person in people.items()}


# With a screen: two windows for people

GUIDE = '''
Two windows are open: Alice's and Emily's. In the middle of their conversation,

  1. Alice presses “Show” and chooses “Live camera”;
  2. Emily presses “Accept”, and sees and hears what Alice's camera sees;
  3. Alice takes a photograph: it arrives in the conversation, in full size;
  4. Alice changes to something else, and nobody is asked again;
  5. either of them presses “Stop”.

There are photographs, a film and a piece of music to show in
  {content}

Close both windows, or press Ctrl-C here, to end the demo.
'''


def screen_environment():
    """That of the person at the screen: its sound, cameras and portals are what the app shall use."""
    env = dict(os.environ)
    if env.get('DISPLAY') and not env.get('GDK_BACKEND'):
        # Under X the windows can be put side by side; a Wayland compositor places them by itself.
        env['GDK_BACKEND'] = 'x11'
    return env


def show_windows(town):
    relay = open_relay(town)
    people = sign_up(town, relay)
    begin_to_talk(people)
    homes = leave(people)
    schemas = {'GSETTINGS_SCHEMA_DIR': str(town.build / 'data')}
    apps = []
    for name in ('alice', 'emily'):
        apps.append(town.launch_app(
            name.capitalize(), home=homes[name], env={**screen_environment(), **schemas},
            arguments=camera_options(town) if name == 'alice' else []))
    place_side_by_side(apps)
    say(GUIDE.format(content=town.content))
    while any(app.process.running for app in apps):
        relay.process.check()
        time.sleep(0.2)


def place_side_by_side(apps):
    geometry = apps[0].xdotool('getdisplaygeometry').split()
    if len(geometry) != 2:
        return
    width, height = map(int, geometry)
    for index, app in enumerate(apps):
        try:
            app.place(index * width // 2, 0, width // 2, min(height - 40, 900))
        except Late:
            app.process.check()


# Without a screen: the story plays by itself

class Story:
    """The use case, step by step, in the real app; looks after each step whether it came true."""

    def __init__(self, town, pictures):
        self.town = town
        self.pictures = pictures
        self.began = time.monotonic()
        self.n_pictures = 0
        self.alice = self.emily = None

    def step(self, number, text):
        say(f'{time.monotonic() - self.began:6.1f} s  {number:>6}  {text}')

    def picture(self, name):
        """Both windows side by side, as they are now."""
        self.n_pictures += 1
        path = self.pictures / f'{self.n_pictures:02d}-{name}.png'
        self.town.desktop.screen.grab().save(path)

    def open_windows(self, homes):
        self.alice = self.town.app('Alice', home=homes['alice'], arguments=camera_options(self.town))
        self.alice.place(0, 0, 960, 900)
        self.emily = self.town.app('Emily', home=homes['emily'])
        self.emily.place(960, 0, 960, 900)

    def tell(self, speaker, listener, text):
        speaker.write('Message', text)
        speaker.press('Send', role='push button')
        listener.find(text, role='label')

    def received(self):
        """The photographs in Emily's home."""
        return {path for path in (self.emily.home / 'pictures').rglob('*') if path.suffix == '.jpg'}

    def photograph_arrives(self, before):
        path, = wait_for(lambda: self.received() - before, 'photograph in the home of Emily', within=20)
        size = self.town.desktop.command('identify', '-format', '%wx%h', path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        copy = self.pictures / f'received-{len(before) + 1}.jpg'
        shutil.copy(path, copy)
        return f'{size}, SHA-256 {digest[:12]}…: {copy.name}'

    def stage_as_grey(self):
        """What is on the stage in Emily's window, small and grey: bytes."""
        self.emily.gone('Accept', role='push button')
        return self.emily.look('What is shown').grey(96, 54)

    def sees_something(self):
        """Is there a picture on the stage in Emily's window, and not one colour?"""
        def look():
            grey = self.stage_as_grey()
            return max(grey) - min(grey) > 60
        wait_for(look, 'picture in the window of Emily', within=20)

    def sees_motion(self):
        """Does it move?"""
        self.sees_something()
        first = self.stage_as_grey()

        def moved():
            return sum(abs(a - b) > 12 for a, b in zip(first, self.stage_as_grey())) > 60
        wait_for(moved, 'motion in the window of Emily', within=20)

    # The steps of the use case

    def talk(self):
        self.step('1', 'Alice writes to Emily that she found beautiful dresses, and asks whether she wants to see them.')
        self.alice.write('Message', ASK)
        self.alice.press('Send', role='push button')
        self.emily.click('Alice', role='list item')
        self.emily.find(ASK, role='label')
        self.step('2', 'Emily writes that she is very interested.')
        self.tell(self.emily, self.alice, YES)
        self.picture('conversation')

    def show_photographs(self):
        self.step('3-6', 'Alice wants to show photographs. The relay asks for both their rights; Emily is asked.')
        self.alice.open('Show…')
        self.alice.find('Photographs', role='push button')
        self.picture('what-can-be-shown')
        self.alice.press('Photographs', role='push button')
        self.emily.find('Accept', role='push button')
        self.picture('emily-is-asked')
        self.step('7', 'Emily accepts.')
        self.emily.press('Accept', role='push button')
        self.alice.find('Take a Photograph', role='push button', sensitive=True)
        before = self.received()
        self.step('8', 'Alice opens her camera and takes a photograph.')
        self.alice.press('Take a Photograph', role='push button')
        self.step('', f'It arrived at Emily: {self.photograph_arrives(before)}')
        self.sees_something()
        self.picture('the-photograph')
        self.step('9', 'Emily writes that the dresses are very beautiful.')
        self.tell(self.emily, self.alice, 'They are very beautiful! I would love to see the show live.')
        self.step('10', 'Alice writes that she can share it in real time.')
        self.tell(self.alice, self.emily, 'I can share it with you right now.')

    def show_live(self):
        self.step('', 'Alice ends the photographs, to begin anew.')
        self.alice.press('Stop', role='push button')
        self.emily.gone('Stage')
        self.step('11-14', 'Alice wants to show the live camera. The relay asks for their rights again; Emily is asked.')
        self.alice.open('Show…')
        self.alice.press('Live camera', role='push button')
        self.emily.find('Accept', role='push button')
        self.step('15', 'Emily accepts.')
        self.emily.press('Accept', role='push button')
        self.step('16', 'Alice\'s camera opens.')
        self.sees_motion()
        self.step('17', 'Emily sees the dresses move.')
        self.picture('live')

    def change(self):
        self.step('R3', 'Alice changes to photographs in the middle of the share, and takes one; nobody is asked.')
        self.alice.open('Show Something Else')
        self.alice.press('Photographs', role='push button')
        self.emily.find('Photographs', role='label')
        before = self.received()
        self.alice.press('Take a Photograph', role='push button')
        self.step('', f'It arrived at Emily: {self.photograph_arrives(before)}')
        self.sees_something()
        self.picture('changed')
        self.step('R3', 'And back to the live camera.')
        self.alice.open('Show Something Else')
        self.alice.press('Live camera', role='push button')
        self.emily.find('Live camera', role='label')
        self.sees_motion()

    def ask_for_a_photograph(self):
        self.step('18', 'Emily has some business to deal with, and asks for a good picture.')
        self.tell(self.emily, self.alice, 'It looks really good. But now I have some business to deal with.')
        before = self.received()
        self.emily.open('Ask for a Photograph')
        self.emily.press('Ask', role='push button')
        self.alice.press('Take a Photograph Now', role='push button')
        self.step('', f'It arrived at Emily: {self.photograph_arrives(before)}')
        self.picture('the-picture-she-asked-for')

    def stop(self):
        self.step('19', 'Emily stops the share.')
        self.emily.press('Stop', role='push button')
        self.step('20-21', 'The relay tells Alice\'s app, and her camera closes.')
        self.alice.gone('Stage')
        self.step('22', 'The share has ended on both sides.')
        self.picture('ended')

    def decline(self):
        self.step('Alt 1', 'Alice asks once more; Emily declines, and nothing is shown.')
        self.alice.open('Show…')
        self.alice.press('Live camera', role='push button')
        self.emily.press('Decline', role='push button')
        self.emily.gone('Accept', role='push button')
        self.alice.gone('Stage')
        self.picture('declined')

    def play(self):
        relay = open_relay(self.town)
        homes = leave(sign_up(self.town, relay))
        self.open_windows(homes)
        self.introduce()
        self.step('PRE', 'Both are signed in.')
        for act in (self.talk, self.show_photographs, self.show_live, self.change,
                    self.ask_for_a_photograph, self.stop, self.decline):
            act()

    def introduce(self):
        """Alice opens a conversation with Emily, and Emily finds it when the first message comes."""
        self.alice.open('New Conversation')
        self.alice.write('Address of the person', 'emily@a.test')
        self.alice.press('Start Conversation', role='push button')


def play_story(town, pictures):
    pictures.mkdir(parents=True, exist_ok=True)
    for old in [*pictures.glob('[0-9][0-9]-*.png'), *pictures.glob('received-*.jpg')]:
        old.unlink()
    town.start_desktop(size='1920x900')
    say('There is no screen: the story plays by itself on one in memory.')
    story = Story(town, pictures)
    try:
        story.play()
    except Exception:
        story.picture('trouble')
        raise
    say(f'\nThat was the whole story. {len(list(pictures.iterdir()))} pictures are in {pictures}')


def arguments():
    parser = argparse.ArgumentParser(description='Alice shows Emily a fashion show.')
    parser.add_argument('--headless', action='store_true')
    parser.add_argument('--keep', action='store_true')
    parser.add_argument('--pictures', type=pathlib.Path, default=SOURCE / 'demo-pictures')
    return parser.parse_args()


def main():
    options = arguments()
    # Also where a shell that started us in the background has it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with Town(build=SOURCE / 'build', keep_folder=options.keep) as town:
            if options.keep:
                say(f'Homes and logs stay in {town.folder}')
            if has_screen() and not options.headless:
                show_windows(town)
            else:
                play_story(town, options.pictures)
    except KeyboardInterrupt:
        say('\nEnded; nothing is left behind.')
        return 130
    except (AssertionError, Ended, Late, Missing, Refused) as error:
        say(f'\nThe demo could not go on: {error}')
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
