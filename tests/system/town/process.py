# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program that the town started and will end."""

import os
import signal
import subprocess

from .wait import give

# What a program has no life without: the town, also when that is killed.
DIE_WITH_US = ('setpriv', '--pdeathsig', 'KILL', '--')


class Ended(AssertionError):
    """A program ended that should be running."""


class Process:
    """One program in a process group of its own, with what it says on stderr kept in a file.

    To be made in the main thread: the kernel ends a program together with the thread that made it.
    """

    def __init__(self, name, arguments, folder, env, stdin=None, stdout=None, pass_fds=()):
        self.name = name
        self.log_path = os.path.join(folder, name + '.log')
        with open(self.log_path, 'ab') as log:
            self.popen = subprocess.Popen(
                [*DIE_WITH_US, *map(str, arguments)], env=env, cwd=folder,
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=log if stdout is None else stdout, stderr=log,
                process_group=0, pass_fds=pass_fds)

    @property
    def pid(self):
        return self.popen.pid

    @property
    def running(self):
        return self.popen.poll() is None

    def log(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as log:
            return log.read()

    def last_words(self, lines=15):
        return '\n'.join('    ' + line for line in self.log().splitlines()[-lines:])

    def check(self):
        """Raises Ended when the program is not running any more."""
        if not self.running:
            raise Ended(f'{self.name} ended with status {self.popen.returncode}; its last words:\n'
                        + self.last_words())

    def signal(self, number):
        if self.running:
            self.popen.send_signal(number)

    def wait(self, within=10):
        """The exit status, or None when it still runs after that time."""
        try:
            return self.popen.wait(give(within))
        except subprocess.TimeoutExpired:
            return None

    def kill(self):
        """kill -9, as an accident: nothing is put in order."""
        self.signal(signal.SIGKILL)
        self.wait()

    def end(self, within=10):
        """Asks it to end, and makes it end, together with what it started itself."""
        self.signal(signal.SIGTERM)
        status = self.wait(within)
        try:
            os.killpg(self.popen.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        if status is None:
            self.popen.wait()
        return status
