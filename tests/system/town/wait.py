# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for something to come true, with a limit."""

import os
import time

# On a slow machine, or under sanitizers, everything may take this many times longer.
PATIENCE = float(os.environ.get('VITRINE_PATIENCE', '1'))
# A limit here ends what would be waited for in vain; it judges no machine. So there is room in it.
ROOM = 3


class Late(AssertionError):
    """What was waited for did not come in time."""


def give(seconds):
    """How long is really waited where so many seconds are thought to be enough."""
    return seconds * ROOM * PATIENCE


def deadline(seconds):
    return time.monotonic() + give(seconds)


def wait_for(condition, what, within=10, every=0.02):
    """The first true value that condition() returns; Late when there is none within so many seconds.

    `what` says what is waited for; a function is called when it is needed.
    """
    end = deadline(within)
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise Late('after {:g} s there is still no {}'.format(
                give(within), what() if callable(what) else what))
        time.sleep(every)


def soon(condition, within=0.3):
    """Waits a moment for what a key or a press does. If it does not come, what is seen decides what is done next."""
    try:
        return wait_for(condition, 'what was hoped for', within)
    except Late:
        return None
