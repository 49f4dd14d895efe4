# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""GTK's own dialog for files, as a person with a keyboard uses it.

On a busy machine a key may come before the dialog listens, and what was typed may be completed to
something else. So nothing is taken for done: what is seen decides what is done next, until the
dialog has gone.
"""

from town.wait import soon

# Opens the field for a path, and closes it again. The path is not typed, and so a slash would not do:
# GTK 4.18 says a critical of its own when it proposes how a path could go on.
KEY = 'ctrl+l'


def is_open(name):
    return 'Open' in name


class FileDialog:
    def __init__(self, app, main_window):
        self.app = app
        self.main_window = main_window
        app.find(is_open, role='push button')

    def is_closed(self):
        return self.app.x_window() == self.main_window

    def press(self, *keys):
        """What was opened last may still be the menu that led here, so it is asked anew for each key."""
        window = self.app.x_window()
        if window != self.main_window:
            self.app.xdotool('windowfocus', '--sync', window, 'key', *keys)

    def fields(self):
        return [control for window in self.app.windows() if window.name != 'Vitrine'
                for control in window.walk() if control.role == 'text' and control.seen]

    def has_path(self, path):
        """Whether the path stands in the field; otherwise a step on the way to it."""
        fields = self.fields()
        if not fields:
            self.press(KEY)
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
