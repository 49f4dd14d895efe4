# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the frame counter that the test camera burns into its pictures."""

import os
import subprocess

READER = os.path.join(os.environ.get('VITRINE_BUILD', 'build'), 'tests', 'system', 'read-stamp')


def read(path):
    """The counter in a PNG or JPEG file, or None when there is none in it."""
    ran = subprocess.run([READER, str(path)], capture_output=True, text=True, check=False, timeout=60)
    if ran.returncode > 1:
        raise AssertionError(ran.stderr.strip())
    return int(ran.stdout) if ran.returncode == 0 else None
