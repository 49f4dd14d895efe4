# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""A person with the app: looks at the window and presses its controls, as a screen reader does.
docs/app-controls.md has the names of the controls."""

import contextlib
import itertools
import subprocess

from .process import Process
from .wait import Late, give, wait_for


class App:
    """The app of one person, with a home of its own. Its process tells its windows from those of others.

    `home` is that of a vitrine-cli that has ended, to start signed in. `env` replaces the environment,
    for a screen that is not the town's; `more_env` is added to it.
    """

    def __init__(self, town, name, home=None, arguments=(), env=None, more_env=()):
        self.town = town
        self.name = name
        self.folder = town.make_folder(f'app-{name}')
        self.home = home or self.folder / 'home'
        self._furnish()
        self.arguments = list(arguments)
        self.env = {**(env or town.media_env(self.folder, desktop=True)), **dict(more_env)}
        self.process = None
        self.placed = None
        self.border = (0, 0)

    def _furnish(self):
        """What every desktop has: a folder for videos."""
        (self.folder / 'Videos').mkdir()
        (self.folder / '.config').mkdir()
        (self.folder / '.config' / 'user-dirs.dirs').write_text('XDG_VIDEOS_DIR="$HOME/Videos"\n', encoding='utf-8')

    def launch(self):
        """Starts it and does not wait."""
        self.process = Process(self.name, [self.town.program('vitrine'), '--home', self.home,
                                           *self.arguments], self.folder, self.env)
        self.town.keep(self.process)
        return self

    def start(self):
        """Starts it and waits for its window."""
        self.launch()
        return self.await_window()

    def await_window(self, within=20):
        wait_for(lambda: self.process.check() or self.windows(),
                 lambda: f'window of {self.name}:\n{self.process.last_words()}', within)
        return self

    def end(self):
        return self.process.end() if self.process else None

    # Looking

    def windows(self):
        """Its windows as they are now: trees of controls (accessibility.py)."""
        bus = self.town.desktop.accessibility
        application = bus.application(self.process.pid)
        return bus.windows(application) if application else []

    def controls(self, name=None, role=None, **states):
        """Every control that is seen now with that name (a string, or a function of it) and role."""
        return [control for window in self.windows() for control in window.walk()
                if (role is None or control.role == role)
                and (name is None or (name(control.name) if callable(name) else control.name == name))
                and all(control.has(state) == wanted for state, wanted in states.items())
                and control.seen]

    def find(self, name, role=None, within=10, **states):
        """Waits for such a control and returns it."""
        return self.wait(lambda: self.controls(name, role, **states),
                         f'{role or "control"} {name!r}' + (f' with {states}' if states else ''),
                         within)[0]

    def gone(self, name, role=None, within=10):
        """Waits until there is no such control."""
        self.wait(lambda: not self.controls(name, role), f'end of {role or "control"} {name!r}', within)

    def says(self, text, within=10):
        """Waits for a control that is seen with this text in its name, a label for example."""
        return self.wait(lambda: self.controls(lambda name: text in name), f'{text!r}', within)[0]

    def wait(self, condition, what, within=10):
        """As wait_for(), while the app runs; says what is on the window when it is late."""
        try:
            return wait_for(lambda: self.process.check() or condition(), what, within, every=0.05)
        except Late as late:
            raise Late(f'{self.name}: {late}. On the window:\n{self.outline()}') from None

    def outline(self):
        """What is seen, one control a line, for people who look for a mistake."""
        lines = []

        def note(control, depth):
            if depth and not control.seen:
                return
            if control.name or control.role not in ('filler', 'panel', 'unknown'):
                lines.append('  ' * depth + f'{control.role} "{control.name}"')
            for child in control.children:
                note(child, depth + 1)
        for window in self.windows():
            note(window, 0)
        return '\n'.join(lines)

    # Doing

    def press(self, name, role=None, within=10):
        """Presses a control as soon as it is there and can be pressed.

        GTK takes no second press of the same control for a quarter of a second: wait for what the
        first one does.
        """
        self.wait(lambda: any(control.can_be_pressed and control.press()
                              for control in self.controls(name, role, sensitive=True)),
                  f'{role or "control"} {name!r} to press', within)

    def open(self, name, within=10):
        """Presses a menu button: the innermost of that name, for the outer one does nothing."""
        def press_it():
            buttons = [control for control in self.controls(lambda told: told.startswith(name))
                       if control.role in ('toggle button', 'push button') and control.has('sensitive')]
            return bool(buttons) and buttons[-1].press()
        self.wait(press_it, f'menu button {name!r} to open', within)

    def write(self, name, text, role=None, within=10):
        """Writes into an entry or a text view, instead of what is there."""
        self.wait(lambda: any(control.write(text) for control in self.controls(name, role)),
                  f'place to write, {name!r}', within)

    # Keys and places, as X knows them

    def xdotool(self, *arguments):
        """Runs xdotool on the app's screen; what it prints."""
        ran = subprocess.run(['xdotool', *map(str, arguments)], env=self.env, capture_output=True,
                             text=True, check=False, timeout=give(20))
        return ran.stdout

    def x_window(self, within=10):
        """The X window of the app that was opened last: a dialog comes before the window."""
        def search():
            found = self.xdotool('search', '--all', '--onlyvisible', '--pid', self.process.pid, '--name', '.')
            # Tooltips and menus are windows, too.
            return [window for window in found.split() if min(self.geometry(window)[2:]) >= 150]
        return wait_for(search, f'X window of {self.name}', within)[-1]

    def keys(self, *keys):
        """Presses keys by their X names: 'Tab', 'ctrl+Return'."""
        self.xdotool('windowfocus', '--sync', self.x_window(), 'key', '--clearmodifiers', *keys)

    def geometry(self, window):
        """x, y, width and height of a window."""
        told = dict(line.split('=') for line in
                    self.xdotool('getwindowgeometry', '--shell', window).split() if '=' in line)
        return tuple(int(told.get(name, -1)) for name in ('X', 'Y', 'WIDTH', 'HEIGHT'))

    def click(self, name, role=None, within=10):
        """Clicks on the middle of a control with the pointer: a row of a list has no other way."""
        control = self.find(name, role, within)
        left, top, width, height = control.extents
        window = self.x_window()
        x, y, _, _ = self.geometry(window)
        self.xdotool('windowfocus', '--sync', window, 'mousemove', '--sync',
                     x + left + width // 2, y + top + height // 2, 'click', '1')
        # Away again, or a tooltip would come.
        self.xdotool('mousemove', x, y)

    @contextlib.contextmanager
    def held(self, name):
        """The pointer's button is down on the middle of a control."""
        left, top, width, height = self.find(name).extents
        x, y, _, _ = self.placed or self.geometry(self.x_window())
        x, y = x + left + width // 2, y + top + height // 2
        self.xdotool('mousemove', '--sync', x, y, 'mousedown', '1', 'mousemove', '--sync', x + 20, y)
        try:
            yield
        finally:
            self.xdotool('mouseup', '1', 'mousemove', 0, 0)

    def place(self, x, y, width, height, within=20):
        """Moves the window and gives it this size."""
        window = self.x_window()
        sizes = itertools.cycle(((width, height), (width - 20, height - 20)))

        def placed():
            if self.has_place(x, y, width, height):
                return True
            # GTK may not have heard of a size that came before its first frame, so now and then
            # another one is said.
            self.xdotool('windowsize', window, *next(sizes), 'windowmove', window, x, y)
            return False
        wait_for(placed, f'window of {self.name} at its place', within, every=0.3)

    def has_place(self, *place):
        """Is the window there, and is what is drawn as large, but for its border? From then on it is looked for there."""
        if self.geometry(self.x_window()) != place:
            return False
        borders = (0, 0)
        if self.town.desktop is not None:
            frames = self.windows()
            extents = frames[0].extents if frames else None
            borders = [whole - drawn for whole, drawn in zip(place[2:], extents[2:])] if extents else (-1, -1)
        if not all(0 <= border < 80 for border in borders):
            return False
        self.placed = place
        self.border = [border // 2 for border in borders]
        return True

    def _place_of(self, name):
        """x, y, width and height of such a control in the window, as soon as it has a size."""
        def places():
            return [place for control in self.controls(name) if (place := control.extents) and place[2] and place[3]]
        return self.wait(places, f'{name!r} that has a size')[0]

    def look(self, name=None):
        """A picture (screen.py) of its window, or of the control of that name in it."""
        extents = self._place_of(name) if name else None
        x, y, width, height = self.placed or self.geometry(self.x_window())
        if extents:
            x, y, width, height = x + self.border[0] + extents[0], y + self.border[1] + extents[1], *extents[2:]
        return self.town.desktop.screen.grab(x, y, width, height)
