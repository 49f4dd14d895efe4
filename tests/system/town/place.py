# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Places with network addresses of their own: namespaces of the kernel, joined by a bridge."""

import os
import shutil
import subprocess

from .process import Process
from .wait import wait_for

NETWORK = '10.77.0'


class Streets:
    """The network between the places of one town. Needs root, and iproute2."""

    @staticmethod
    def missing():
        """Why there can be none on this machine, or None."""
        for program in ('ip', 'nsenter', 'unshare'):
            if shutil.which(program) is None:
                return f'{program} is not installed'
        if os.geteuid() != 0:
            return 'only root can make network namespaces'
        tried = subprocess.run(['unshare', '--net', 'ip', 'link', 'add', 'name', 'bridge0', 'type', 'bridge'],
                               capture_output=True, text=True, check=False)
        return f'no network namespaces with a bridge: {tried.stderr.strip()}' if tried.returncode else None

    def __init__(self, town):
        self.town = town
        self.count = 0
        self.middle = self._hold('streets')
        self._in(self.middle, 'ip', 'link', 'add', 'name', 'bridge0', 'type', 'bridge')
        self._in(self.middle, 'ip', 'link', 'set', 'bridge0', 'up')

    def _hold(self, name):
        """A process that does nothing but keep a new namespace alive until the town ends."""
        folder = self.town.make_folder(f'place-{name}')
        holder = self.town.keep(Process('place', ['unshare', '--net', 'sh', '-c', 'echo there; exec sleep infinity'],
                                        folder, self.town.env(folder)))
        wait_for(lambda: holder.check() or 'there' in holder.log(), 'network namespace')
        return holder.pid

    @staticmethod
    def enter(pid):
        return ['nsenter', '--net', '--target', str(pid), '--']

    def _in(self, pid, *command):
        subprocess.run([*self.enter(pid), *command], check=True, capture_output=True, text=True)

    def new_place(self):
        self.count += 1
        pid = self._hold(str(self.count))
        place = Place(f'{NETWORK}.{self.count}', self.enter(pid))
        self._in(self.middle, 'ip', 'link', 'add', 'name', f'door{self.count}', 'type', 'veth',
                 'peer', 'name', 'eth0', 'netns', str(pid))
        self._in(self.middle, 'ip', 'link', 'set', f'door{self.count}', 'master', 'bridge0', 'up')
        self._in(pid, 'ip', 'address', 'add', f'{place.address}/24', 'dev', 'eth0')
        self._in(pid, 'ip', 'link', 'set', 'eth0', 'up')
        self._in(pid, 'ip', 'link', 'set', 'lo', 'up')
        return place


class Place:
    """An address, and how a program is started there."""

    def __init__(self, address='127.0.0.1', command=()):
        self.address = address
        self.command = list(command)
