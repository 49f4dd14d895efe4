# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""A person with the app: looks at the window by AT-SPI and presses its controls, as a screen reader
does. docs/app-controls.md has the names of the controls."""

import subprocess
import warnings

from .process import Process
from .wait import PATIENCE, Late, wait_for

ATSPI = None


def atspi():
    """The library, opened at the first use: it takes the bus of os.environ (desktop.py)."""
    global ATSPI
    if ATSPI is None:
        warnings.simplefilter('ignore')
        import gi
        gi.require_version('Atspi', '2.0')
        from gi.repository import Atspi
        Atspi.init()
        Atspi.set_timeout(3000, 3000)
        ATSPI = Atspi
    return ATSPI


class Control:
    """One control of a window. It may be gone a moment later: every use may raise GLib.Error."""

    def __init__(self, accessible):
        self.accessible = accessible

    @property
    def name(self):
        return self.accessible.get_name() or ''

    @property
    def role(self):
        return self.accessible.get_role_name()

    def has(self, state):
        """Is it in this state: 'sensitive', 'showing', 'checked', 'focused' …?"""
        return self.accessible.get_state_set().contains(
            getattr(atspi().StateType, state.upper().replace('-', '_')))

    @property
    def seen(self):
        """Has it a place on the window? GTK 4.8 also lists what is on the hidden pages of a stack;
        those that were never shown have no size."""
        if not self.has('visible'):
            return False
        component = self.accessible.get_component_iface()
        if component is None:
            return True
        extents = component.get_extents(atspi().CoordType.WINDOW)
        return extents.width > 0 or extents.height > 0

    def children(self):
        for index in range(self.accessible.get_child_count()):
            child = self.accessible.get_child_at_index(index)
            if child is not None:
                yield Control(child)

    def walk(self):
        yield self
        for child in self.children():
            yield from child.walk()

    @property
    def text(self):
        """What is written in it (an entry, a text view), else its name."""
        iface = self.accessible.get_text_iface()
        if iface is None:
            return self.name
        return atspi().Text.get_text(iface, 0, iface.get_character_count())

    def press(self):
        action = self.accessible.get_action_iface()
        if action is None or not action.get_n_actions():
            raise AssertionError(f'{self.role} "{self.name}" cannot be pressed')
        action.do_action(0)

    def write(self, text):
        iface = self.accessible.get_editable_text_iface()
        if iface is None:
            raise AssertionError(f'nothing can be written in {self.role} "{self.name}"')
        iface.set_text_contents(text)


class App:
    """The app of one person, with a home of its own. Its process tells its windows from those of others.

    `home` is that of a vitrine-cli that has ended, to start signed in. `env` replaces the environment,
    for a screen that is not the town's.
    """

    def __init__(self, town, name, home=None, arguments=(), env=None):
        self.town = town
        self.name = name
        self.folder = town.make_folder(f'app-{name}')
        self.home = home or self.folder / 'home'
        self.arguments = list(arguments)
        self.env = env or town.env(self.folder, desktop=True)
        self.process = None

    def launch(self):
        """Starts it and does not wait."""
        self.process = Process(self.name, [self.town.program('vitrine'), '--home', self.home,
                                           *self.arguments], self.folder, self.env)
        self.town.keep(self.process)
        return self

    def start(self, within=20):
        """Starts it and waits for its window."""
        self.launch()
        wait_for(lambda: self.process.check() or self.windows(),
                 lambda: f'window of {self.name}:\n{self.process.last_words()}', within)
        return self

    def end(self):
        return self.process.end() if self.process else None

    # Looking

    def application(self):
        desktop = atspi().get_desktop(0)
        for index in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(index)
            try:
                if application is not None and application.get_process_id() == self.process.pid:
                    return Control(application)
            except Exception:  # it went while we looked: GLib.Error of several kinds
                continue
        return None

    def windows(self):
        application = self.application()
        return list(application.children()) if application else []

    def controls(self, name=None, role=None, **states):
        """Every control that is seen now with that name (a string, or a function of it) and role."""
        found = []
        for window in self.windows():
            try:
                found += [control for control in window.walk()
                          if self._is(control, name, role, states)]
            except Exception:  # rebuilt while we looked: the caller looks again
                continue
        return found

    @staticmethod
    def _is(control, name, role, states):
        if role is not None and control.role != role:
            return False
        if name is not None and not (name(control.name) if callable(name) else control.name == name):
            return False
        return all(control.has(state) == wanted for state, wanted in states.items()) and control.seen

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
        return self.find(lambda name: text in name, within=within)

    def wait(self, condition, what, within=10):
        """As wait_for(); looks again when a control went away in the middle of it, and says what is
        on the window when it is late."""
        def look():
            self.process.check()
            try:
                return condition()
            except Exception as error:
                if type(error).__name__ == 'GError' or 'atspi' in str(error):
                    return None
                raise
        try:
            return wait_for(look, what, within, every=0.05)
        except Late as late:
            raise Late(f'{self.name}: {late}. On the window:\n{self.outline()}') from None

    def outline(self):
        """What is seen, one control a line, for people who look for a mistake."""
        lines = []

        def note(control, depth):
            try:
                if control.seen or depth == 0:
                    if control.name or control.role not in ('filler', 'panel', 'unknown'):
                        lines.append('  ' * depth + f'{control.role} "{control.name}"')
                    for child in control.children():
                        note(child, depth + 1)
            except Exception:  # gone
                return
        for window in self.windows():
            note(window, 0)
        return '\n'.join(lines)

    # Doing

    def press(self, name, role=None, within=10):
        """Presses a control as soon as it is there and can be pressed.

        GTK takes no second press of the same control for a quarter of a second: wait for what the
        first one does.
        """
        def press_it():
            controls = [control for control in self.controls(name, role, sensitive=True)
                        if control.accessible.get_action_iface() is not None
                        and control.accessible.get_action_iface().get_n_actions()]
            if not controls:
                return False
            controls[0].press()
            return True
        self.wait(press_it, f'{role or "control"} {name!r} to press', within)

    def open(self, name, within=10):
        """Presses a menu button: the innermost of that name, for the outer one does nothing."""
        def press_it():
            buttons = [control for control in self.controls(lambda told: told.startswith(name))
                       if control.role in ('toggle button', 'push button') and control.has('sensitive')]
            if not buttons:
                return False
            buttons[-1].press()
            return True
        self.wait(press_it, f'menu button {name!r} to open', within)

    def write(self, name, text, role=None, within=10):
        """Writes into an entry or a text view, instead of what is there."""
        def write_it():
            for control in self.controls(name, role):
                if control.accessible.get_editable_text_iface() is not None:
                    control.write(text)
                    return True
            return False
        self.wait(write_it, f'place to write, {name!r}', within)

    # Keys and places, as X knows them

    def xdotool(self, *arguments):
        """Runs xdotool on the app's screen; what it prints."""
        ran = subprocess.run(['xdotool', *map(str, arguments)], env=self.env, capture_output=True,
                             text=True, check=False, timeout=20 * PATIENCE)
        return ran.stdout

    def x_window(self, within=10):
        """The X window of the app that is seen: the newest, so a dialog comes before the window."""
        return wait_for(
            lambda: self.xdotool('search', '--onlyvisible', '--pid', self.process.pid, '--name', '.').split(),
            f'X window of {self.name}', within)[-1]

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
        extents = control.accessible.get_component_iface().get_extents(atspi().CoordType.WINDOW)
        window = self.x_window()
        x, y, _, _ = self.geometry(window)
        self.xdotool('windowfocus', '--sync', window,
                     'mousemove', '--sync', x + extents.x + extents.width // 2,
                     y + extents.y + extents.height // 2, 'click', '1')

    def place(self, x, y, width, height, within=5):
        """Moves the window; a window that has just been opened may not hear it the first time."""
        window = self.x_window()

        def placed():
            if self.geometry(window) == (x, y, width, height):
                return True
            self.xdotool('windowsize', window, width, height, 'windowmove', window, x, y)
            return False
        wait_for(placed, f'window of {self.name} at its place', within, every=0.1)

    def screenshot(self, path):
        """The window alone, as PNG."""
        return self.town.desktop.screenshot(path, self.x_window())
