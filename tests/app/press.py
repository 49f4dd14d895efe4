#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/app/press.py BUTTON

Waits for the portal's dialogue about the screen, chooses the first that there is, and presses
BUTTON, as a person who hears the screen instead of seeing it would. Goes on until it is ended: a
button that was pressed before its window was ready does nothing.
"""

import sys

import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

LOOK_MS = 400
BUTTON_ROLES = ('push button', 'button')  # at-spi2 2.46, 2.56


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
        return
    for node in walk(app):
        if node.get_role_name() == 'list' and node.get_child_count() > 0:
            node.select_child(0)
    for node in walk(app):
        if node.get_role_name() in BUTTON_ROLES and name in (node.get_name() or '') \
                and node.get_state_set().contains(Atspi.StateType.SENSITIVE):
            node.do_action(0)
            return


def look():
    try:
        press(sys.argv[1])
    except GLib.Error:
        pass  # the window is being built, or taken down: there is another look
    return GLib.SOURCE_CONTINUE


if __name__ == '__main__':
    GLib.timeout_add(LOOK_MS, look)
    GLib.MainLoop().run()
