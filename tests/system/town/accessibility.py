# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a screen reader sees: the windows of an app, over the accessibility bus.

Spoken over D-Bus instead of through libatspi, for two reasons: a whole window is looked at in a few
round trips, where libatspi asks for one thing after another; and a process can look at several
desktops, one after the other. Most of a window comes with one question, to GTK's own cache: to ask
each control for itself took most of the time of the stories.
"""

import collections
import json

import gi

gi.require_version('Gio', '2.0')
gi.require_version('Json', '1.0')
from gi.repository import Gio, GLib, Json  # noqa: E402: the version comes first

TIMEOUT_MS = 5000
ROOT = '/org/a11y/atspi/accessible/root'
CACHE = '/org/a11y/atspi/cache'
ACCESSIBLE = 'org.a11y.atspi.Accessible'
IN_WINDOW = 1
LABELLED_BY = 2
LONG_NAME = 200

# The numbers of AtspiRole and AtspiStateType. The names are those of AT-SPI 2.46.
ROLES = {
    2: 'alert', 7: 'check box', 8: 'check menu item', 11: 'combo box', 16: 'dialog', 19: 'file chooser',
    20: 'filler', 23: 'frame', 26: 'icon', 27: 'image', 29: 'label', 31: 'list', 32: 'list item',
    33: 'menu', 34: 'menu bar', 35: 'menu item', 37: 'page tab', 38: 'page tab list', 39: 'panel',
    40: 'password text', 41: 'popup menu', 42: 'progress bar', 43: 'push button', 44: 'radio button',
    45: 'radio menu item', 48: 'scroll bar', 49: 'scroll pane', 50: 'separator', 51: 'slider',
    52: 'spin button', 54: 'status bar', 55: 'table', 56: 'table cell', 61: 'text', 62: 'toggle button',
    63: 'tool bar', 64: 'tool tip', 67: 'unknown', 69: 'window', 75: 'application', 79: 'entry',
    83: 'heading', 85: 'section', 87: 'form', 88: 'link', 98: 'list box', 99: 'grouping',
    101: 'notification', 102: 'info bar', 103: 'level bar', 104: 'title bar', 116: 'static',
}
STATES = {
    'active': 1, 'busy': 3, 'checked': 4, 'expanded': 10, 'focusable': 11, 'focused': 12, 'modal': 16,
    'pressed': 20, 'selected': 23, 'sensitive': 24, 'showing': 25, 'visible': 30,
}


class Bus:
    """The accessibility bus that a session bus knows."""

    def __init__(self, session_address):
        session = self._connect(session_address)
        answer = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None,
                                   GLib.VariantType('(s)'), 0, TIMEOUT_MS, None)
        session.close_sync(None)
        self.connection = self._connect(answer.unpack()[0])
        self.pids = {}
        self.versions = {}

    @staticmethod
    def _connect(address):
        connection = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        connection.set_exit_on_close(False)
        return connection

    def close(self):
        self.connection.close_sync(None)

    def ask(self, questions):
        """Asks all at once: (name, path, interface, method, parameters). An answer is a list of values, or
        None when the one who was asked is gone or does not know the question."""
        if not questions:
            return []
        context = GLib.MainContext()
        answers = [None] * len(questions)
        left = len(questions)

        def answered(connection, result, index):
            nonlocal left
            left -= 1
            try:
                # GLib.Variant.unpack() is ten times slower.
                answers[index] = json.loads(Json.gvariant_serialize_data(connection.call_finish(result))[0])
            except GLib.Error:
                pass

        context.push_thread_default()
        try:
            for index, question in enumerate(questions):
                self.connection.call(*question, None, Gio.DBusCallFlags.NONE, TIMEOUT_MS, None,
                                     answered, index)
            while left:
                context.iteration(True)
        finally:
            context.pop_thread_default()
        return answers

    def application(self, pid):
        """The bus name of the application with this process id, or None."""
        answer, = self.ask([('org.a11y.atspi.Registry', ROOT, ACCESSIBLE, 'GetChildren', None)])
        names = [name for name, _ in answer[0]] if answer else []
        new = [name for name in names if name not in self.pids]
        pids = self.ask([('org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'GetConnectionUnixProcessID',
                          GLib.Variant('(s)', [name])) for name in new])
        self.pids.update((name, answer[0]) for name, answer in zip(new, pids) if answer)
        return next((name for name in names if self.pids.get(name) == pid), None)

    def windows(self, application):
        """The windows of an application as trees of controls, as they are now."""
        is_modern = self._is_modern(application)
        known = self._known(application, is_whole=not is_modern)
        root = known[ROOT] = Control(self, application, ROOT)
        # All at once, also those that are not to be seen: each round trip waits for a busy app.
        self._ask_for_children([control for control in known.values() if control.children is None])
        level = [root]
        while level:
            self._learn_unknown([control for control in level if not control.is_known])
            self._ask_for_children([control for control in level if control.children is None])
            level = [child for control in level for child in control.adopt(known)]
        if is_modern:
            self._learn_origins(root.children)
            self._learn_names([control for control in root.walk() if control.role == 'menu item' and not control.name])
        return root.children

    def _is_modern(self, application):
        """Is it GTK 4.10 or later? Its cache has only the controls that somebody asked for, and the
        place of a control is counted in another way."""
        if application not in self.versions:
            answer, = self.ask([(application, ROOT, 'org.freedesktop.DBus.Properties', 'Get',
                                 GLib.Variant('(ss)', ['org.a11y.atspi.Application', 'Version']))])
            if not answer:
                return True
            self.versions[application] = tuple(int(part) for part in answer[0].split('.')[:2])
        return self.versions[application] >= (4, 10)

    def _known(self, application, is_whole):
        """What the cache has of all controls that there ever were, by their paths.

        It does not say which of them are hidden, but how many children each has that are not: where
        it has more or less, or is not whole, the parent is asked.
        """
        answer, = self.ask([(application, CACHE, 'org.a11y.atspi.Cache', 'GetItems', None)])
        known, counts, children = {}, {}, collections.defaultdict(list)
        for (_, path), _, (_, parent), index, count, _, name, role, _, states in answer[0] if answer else ():
            control = known[path] = Control(self, application, path)
            control.learn(role, states, name)
            counts[path] = count
            children[parent].append((index, control))
        for path, control in known.items() if is_whole else ():
            if len(children[path]) == counts[path]:
                control.children = [child for _, child in sorted(children[path], key=lambda pair: pair[0])]
        return known

    def _learn_unknown(self, controls):
        answers = iter(self.ask([question for control in controls for question in (
            (control.owner, control.path, ACCESSIBLE, 'GetRole', None),
            (control.owner, control.path, ACCESSIBLE, 'GetState', None),
            (control.owner, control.path, 'org.freedesktop.DBus.Properties', 'Get',
             GLib.Variant('(ss)', [ACCESSIBLE, 'Name'])))]))
        for control in controls:
            role, states, name = (answer and answer[0] for answer in (next(answers) for _ in range(3)))
            if role is not None:
                control.learn(role, states or [0], name or '')

    @staticmethod
    def _learn_origins(windows):
        """A window with a shadow says that it begins at minus the shadow's width, and this is in the sum
        of which its controls make their places; but they begin at plus that width."""
        for window in windows:
            left, top, _, _ = window.extents or (0, 0, 0, 0)
            for control in window.walk():
                control.origin = (-2 * left, -2 * top)

    def _learn_names(self, controls):
        """What is named by a label that is no child of it, and that has words, but no name."""
        answers = self.ask([(control.owner, control.path, ACCESSIBLE, 'GetRelationSet', None) for control in controls])
        labels = [(control, label) for control, answer in zip(controls, answers)
                  for relation, labels in (answer[0] if answer else ()) if relation == LABELLED_BY
                  for label in labels[:1]]
        texts = self.ask([(*label, 'org.a11y.atspi.Text', 'GetText', GLib.Variant('(ii)', [0, LONG_NAME]))
                          for _, label in labels])
        for (control, _), text in zip(labels, texts):
            control.name = text[0] if text else ''

    def _ask_for_children(self, controls):
        answers = self.ask([(control.owner, control.path, ACCESSIBLE, 'GetChildren', None) for control in controls])
        for control, answer in zip(controls, answers):
            control.children = [Control(self, owner, path) for owner, path in (answer[0] if answer else ())
                                if owner == control.owner]


class Control:
    """One control as it was when the window was looked at; `text`, `seen` and what is done to it ask anew."""

    def __init__(self, bus, owner, path):
        self.bus = bus
        self.owner = owner
        self.path = path
        self.name = ''
        self.role = 'unknown'
        self.states = 0
        self.is_known = path == ROOT
        self.children = None
        self.origin = (0, 0)

    def learn(self, role, states, name):
        self.role = ROLES.get(role, f'role {role}')
        self.states = states[0] | (states[1] << 32 if len(states) > 1 else 0)
        self.name = name
        self.is_known = True

    def adopt(self, known):
        """Its children, with what is known of them."""
        self.children = [known.get(child.path, child) for child in self.children]
        return self.children

    def has(self, state):
        """Was it in this state: 'sensitive', 'visible', 'checked', 'focused' …?"""
        return bool(self.states >> STATES[state] & 1)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def _ask(self, interface, method, parameters=None):
        return self.bus.ask([(self.owner, self.path, 'org.a11y.atspi.' + interface, method, parameters)])[0]

    def _property(self, interface, name):
        answer, = self.bus.ask([(self.owner, self.path, 'org.freedesktop.DBus.Properties', 'Get',
                                 GLib.Variant('(ss)', ['org.a11y.atspi.' + interface, name]))])
        return answer[0] if answer else None

    @property
    def extents(self):
        """x, y, width and height in its window, or None."""
        answer = self._ask('Component', 'GetExtents', GLib.Variant('(u)', [IN_WINDOW]))
        if not answer:
            return None
        left, top, width, height = answer[0]
        return [left + self.origin[0], top + self.origin[1], width, height]

    @property
    def seen(self):
        """Has it a place on the window? GTK 4.8 also lists what is on the hidden pages of a stack;
        those that were never shown have no size."""
        if not self.has('visible'):
            return False
        extents = self.extents
        return extents is None or extents[2] > 0 or extents[3] > 0

    @property
    def text(self):
        """What is written in it (an entry, a text view), else its name."""
        count = self._property('Text', 'CharacterCount')
        answer = self._ask('Text', 'GetText', GLib.Variant('(ii)', [0, count])) if count else None
        if answer:
            return answer[0]
        return self.name if count is None else ''

    @property
    def can_be_pressed(self):
        return bool(self._property('Action', 'NActions'))

    def press(self):
        """Does what a click does; False when that is not possible."""
        return self._ask('Action', 'DoAction', GLib.Variant('(i)', [0])) is not None

    def write(self, text):
        """Writes instead of what is there; False when nothing can be written in it."""
        return self._ask('EditableText', 'SetTextContents', GLib.Variant('(s)', [text])) is not None
