# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is on an X screen now. Asked of Xlib itself: a program for each look takes ten times as long."""

import ctypes
import struct
import zlib

Z_PIXMAP = 2
ALL_PLANES = 0xffffffff


class _Image(ctypes.Structure):
    """The beginning of XImage, as far as it is read here."""
    _fields_ = [('width', ctypes.c_int), ('height', ctypes.c_int), ('xoffset', ctypes.c_int), ('format', ctypes.c_int),
                ('data', ctypes.c_void_p), ('byte_order', ctypes.c_int), ('bitmap_unit', ctypes.c_int),
                ('bitmap_bit_order', ctypes.c_int), ('bitmap_pad', ctypes.c_int), ('depth', ctypes.c_int),
                ('bytes_per_line', ctypes.c_int), ('bits_per_pixel', ctypes.c_int)]


class Picture:
    """Pixels of four bytes: blue, green, red, and one that says nothing."""

    def __init__(self, width, height, pixels):
        self.width = width
        self.height = height
        self.pixels = pixels

    def line(self, y, first, last):
        """The pixels of one line from first to before last, as they are."""
        return self.pixels[4 * (y * self.width + first):4 * (y * self.width + last)]

    def colour(self, x, y):
        """Red, green and blue of one pixel."""
        start = 4 * (y * self.width + x)
        return tuple(reversed(self.pixels[start:start + 3]))

    def grey(self, columns, rows):
        """So many samples of it, as bytes: for the demo, which asks only whether there is a picture and whether it moves."""
        greens = self.pixels[1::4]
        return bytes(greens[(2 * row + 1) * self.height // (2 * rows) * self.width
                            + (2 * column + 1) * self.width // (2 * columns)]
                     for row in range(rows) for column in range(columns))

    def save(self, path):
        """As PNG."""
        size = self.width * self.height
        colours = bytearray(3 * size)
        for place, plane in enumerate((2, 1, 0)):
            colours[place::3] = self.pixels[plane::4]
        line = 3 * self.width
        lines = b''.join(b'\0' + colours[start:start + line] for start in range(0, 3 * size, line))
        with open(path, 'wb') as file:
            file.write(b'\x89PNG\r\n\x1a\n')
            for name, body in ((b'IHDR', struct.pack('>IIBBBBB', self.width, self.height, 8, 2, 0, 0, 0)),
                               (b'IDAT', zlib.compress(lines, 1)), (b'IEND', b'')):
                file.write(struct.pack('>I', len(body)) + name + body + struct.pack('>I', zlib.crc32(name + body)))


class Screen:
    """To be ended before the X server: Xlib ends a process that has lost its server."""

    def __init__(self, display):
        self.x11 = ctypes.CDLL('libX11.so.6')
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XGetImage.restype = ctypes.POINTER(_Image)
        self.x11.XGetImage.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_uint,
                                       ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(display.encode()))
        if not self.display:
            raise AssertionError(f'the screen {display} cannot be opened')
        self.root = self.x11.XDefaultRootWindow(self.display)
        self.width = self.x11.XDisplayWidth(self.display, 0)
        self.height = self.x11.XDisplayHeight(self.display, 0)

    def end(self):
        self.x11.XCloseDisplay(self.display)

    def grab(self, left=0, top=0, width=None, height=None):
        """A Picture of all of it or of a part, as far as that is on the screen."""
        right = min(self.width, left + width) if width else self.width
        bottom = min(self.height, top + height) if height else self.height
        left, top = max(0, left), max(0, top)
        image = self.x11.XGetImage(self.display, self.root, left, top, right - left, bottom - top, ALL_PLANES, Z_PIXMAP)
        if not image or image.contents.bits_per_pixel != 32:
            raise AssertionError('no picture of the screen could be taken')
        told = image.contents
        pixels = ctypes.string_at(told.data, told.bytes_per_line * told.height)
        picture = Picture(told.width, told.height, pixels)
        self.x11.XDestroyImage(image)
        return picture
