#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: DISPLAY=:N window_manager.py

The smallest window manager: it lets a window that asks for it fill the screen, and gives it its
place back, as EWMH says (_NET_WM_STATE). All else stays with the windows themselves. Prints a line
when it listens, and ends with the X server.
"""

import ctypes

CLIENT_MESSAGE = 33
SUBSTRUCTURE_NOTIFY = 1 << 19
PROPERTY_REPLACE = 0
XA_ATOM = 4
REMOVE, ADD, TOGGLE = range(3)


class ClientMessage(ctypes.Structure):
    _fields_ = [('type', ctypes.c_int), ('serial', ctypes.c_ulong), ('send_event', ctypes.c_int),
                ('display', ctypes.c_void_p), ('window', ctypes.c_ulong), ('message_type', ctypes.c_ulong),
                ('format', ctypes.c_int), ('data', ctypes.c_long * 5)]


class Event(ctypes.Union):
    _fields_ = [('type', ctypes.c_int), ('message', ClientMessage), ('room', ctypes.c_long * 24)]


class WindowManager:
    def __init__(self):
        self.x11 = ctypes.CDLL('libX11.so.6')
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XInternAtom.restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))
        if not self.display:
            raise SystemExit('the screen cannot be opened')
        self.root = ctypes.c_ulong(self.x11.XDefaultRootWindow(self.display))
        self.state = self.atom('_NET_WM_STATE')
        self.fullscreen = self.atom('_NET_WM_STATE_FULLSCREEN')
        self.places = {}  # of those that fill the screen: where they were

    def atom(self, name):
        return self.x11.XInternAtom(self.display, name.encode(), 0)

    def place_of(self, window):
        root, x, y = ctypes.c_ulong(), ctypes.c_int(), ctypes.c_int()
        width, height, border, depth = (ctypes.c_uint() for _ in range(4))
        self.x11.XGetGeometry(self.display, ctypes.c_ulong(window), *map(
            ctypes.byref, (root, x, y, width, height, border, depth)))
        return x.value, y.value, width.value, height.value

    def change(self, window, fills):
        states = (ctypes.c_ulong * 1)(self.fullscreen)
        if fills:
            self.places[window] = self.place_of(window)
            place = (0, 0, self.x11.XDisplayWidth(self.display, 0),
                     self.x11.XDisplayHeight(self.display, 0))
        else:
            place = self.places.pop(window)
        self.x11.XChangeProperty(self.display, ctypes.c_ulong(window), ctypes.c_ulong(self.state),
                                 ctypes.c_ulong(XA_ATOM), 32, PROPERTY_REPLACE, states, int(fills))
        self.x11.XMoveResizeWindow(self.display, ctypes.c_ulong(window), *place)
        self.x11.XRaiseWindow(self.display, ctypes.c_ulong(window))

    def listen(self):
        event = Event()
        self.x11.XSelectInput(self.display, self.root, ctypes.c_long(SUBSTRUCTURE_NOTIFY))
        self.x11.XSync(self.display, 0)
        print('listening', flush=True)
        while True:
            self.x11.XNextEvent(self.display, ctypes.byref(event))
            message = event.message
            if event.type != CLIENT_MESSAGE or message.message_type != self.state:
                continue
            if self.fullscreen not in message.data[1:3]:
                continue
            is_full = message.window in self.places
            wanted = message.data[0] == ADD or message.data[0] == TOGGLE and not is_full
            if wanted != is_full:
                self.change(message.window, wanted)


if __name__ == '__main__':
    WindowManager().listen()
