# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""GTK's own dialog for files, as a person with a keyboard uses it.

On a busy machine a key may come before the dialog listens, and what was typed may be completed to
something else. So nothing is taken for done: what is seen decides what is done next, until the
dialog has gone.
"""

import itertools

from town.wait import soon

FIELD = 'GtkFileChooserEntry'

# Either of them opens the field for a path.
KEYS = ('slash', 'ctrl+l')


def is_open(name):
    return 'Open' in name


class FileDialog:
    def __init__(self, app, main_window):
        self.app = app
        self.main_window = main_window
        self.keys = itertools.cycle(KEYS)
        app.find(is_open, role='push button')

    def is_closed(self):
        return self.app.x_window() == self.main_window

    def press(self, *keys):
        """What was opened last may still be the menu that led here, so it is asked anew for each key."""
        window = self.app.x_window()
        if window != self.main_window:
            self.app.xdotool('windowfocus', '--sync', window, 'key', *keys)

    def fields(self):
        return self.app.controls(FIELD, 'text')

    def has_path(self, path):
        """Whether the path stands in the field; otherwise a step on the way to it."""
        fields = self.fields()
        if not fields:
            self.press(next(self.keys))
            soon(self.fields)
        elif fields[0].text == str(path):
            return True
        else:
            fields[0].write(str(path))
        return False

    def choose(self, path):
        """Opens one file."""
        def step():
            if self.is_closed():
                return True
            if self.has_path(path):
                self.press('Return')
                soon(self.is_closed)
            return False
        self.app.wait(step, f'end of the dialog for {path}', within=20)
