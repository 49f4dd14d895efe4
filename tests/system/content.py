# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files to show that no story needs to bring along."""

import math
import struct
import wave


def write_tune(path, seconds):
    """A tone in stereo, as a file of music."""
    frames = b''.join(struct.pack('<hh', value, value) for value in
                      (int(9000 * math.sin(n * 2 * math.pi * 440 / 48000)) for n in range(48000)))
    with wave.open(str(path), 'wb') as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(48000)
        out.writeframes(frames * seconds)
    return path


def write_cut(path, whole, n_bytes):
    """The beginning of a file."""
    path.write_bytes(whole.read_bytes()[:n_bytes])
    return path


def write_words(path, words=''):
    """A file that holds something else than its name says."""
    path.write_text(words, encoding='utf-8')
    return path
