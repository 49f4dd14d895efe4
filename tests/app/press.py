#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/app/press.py BUTTON

Waits for the portal's dialogue about the screen, chooses the first that there is, and presses
BUTTON, as a person who hears the screen instead of seeing it would.
"""

import sys

import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

LIMIT_SECONDS = 25
LOOK_MS = 100


def walk(node):
    yield node
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from walk(child)


def find_dialogue():
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        app = desktop.get_child_at_index(i)
        if app is not None and 'portal-gnome' in (app.get_name() or ''):
            return app
    return None


def press(name):
    app = find_dialogue()
    if app is None:
        return False
    for node in walk(app):
        if node.get_role_name() == 'list' and node.get_child_count() > 0:
            node.select_child(0)
    for node in walk(app):
        if node.get_role_name() == 'push button' and name in (node.get_name() or '') \
                and node.get_state_set().contains(Atspi.StateType.SENSITIVE):
            return node.do_action(0)
    return False


def main():
    loop = GLib.MainLoop()
    pressed = []

    def look():
        try:
            if press(sys.argv[1]):
                pressed.append(True)
                loop.quit()
                return GLib.SOURCE_REMOVE
        except GLib.Error:
            pass  # the window is being built: there is another look
        return GLib.SOURCE_CONTINUE

    GLib.timeout_add(LOOK_MS, look)
    GLib.timeout_add_seconds(LIMIT_SECONDS, loop.quit)
    loop.run()
    return 0 if pressed else 1


if __name__ == '__main__':
    sys.exit(main())
