# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""vitrine-relay, and what can be seen of it from outside."""

import json
import pathlib
import subprocess

from .process import Process
from .wait import give, wait_for

ESTABLISHED = '01'  # of /proc/net/tcp

class Relay:
    """A running relay. `url`, `pin` and the ports come from its ready line."""

    def __init__(self, town, domain, options=(), open_registration=True, federate_with=()):
        self.town = town
        self.domain = domain
        self.folder = town.make_folder(f'relay-{domain}')
        self.data = self.folder / 'data'
        self.place = town.new_place()
        self.options = list(options) + (['--open-registration'] if open_registration else [])
        self.homes = list(federate_with)
        self.port = self.rtsp_port = 0
        self.pin = None
        self.process = None
        self.start()

    @property
    def url(self):
        return f'wss://{self.place.address}:{self.port}'

    def start(self):
        """Starts it and waits until it serves; after the first time on the same ports."""
        ready = self.folder / 'ready'
        with open(ready, 'wb') as stdout:
            self.process = Process('relay', [
                *self.place.command, self.town.program('vitrine-relay'), '--domain', self.domain, '--data', self.data,
                '--port', self.port, '--rtsp-port', self.rtsp_port, *self.options,
                *(f'--federate-with={home.domain}={home.url}#{home.pin}' for home in self.homes),
            ], self.folder, self.town.env(self.folder), stdout=stdout)
        self.town.keep(self.process)

        def ready_line():
            self.process.check()
            line = ready.read_text(encoding='utf-8')
            return line if line.endswith('\n') else None

        line = wait_for(ready_line, lambda: f'ready line of the relay of {self.domain}:\n'
                        + self.process.last_words(), within=20)
        if not line.startswith('ready {'):
            raise AssertionError(f'the relay says {line!r} where its ready line should be')
        told = json.loads(line[len('ready '):])
        self.port, self.rtsp_port, self.pin = told['port'], told['rtsp_port'], told['pin']

    def stop(self):
        """SIGTERM; the exit status."""
        return self.process.end()

    def federate_with(self, *homes):
        """From now on it speaks with these relays, too; it starts again for that."""
        self.homes += homes
        self.stop()
        self.start()

    def kill(self):
        """kill -9."""
        self.process.kill()

    def log(self, **members):
        """The entries of its log in which these members stand."""
        entries = []
        for line in self.process.log().splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if all(entry.get(key) == value for key, value in members.items()):
                entries.append(entry)
        return entries

    def media_connections(self):
        """The far ports of the TCP connections to its RTSP port, as the kernel sees them."""
        here = f':{self.rtsp_port:04X}'
        far = set()
        for table in ('tcp', 'tcp6'):
            text = pathlib.Path('/proc', str(self.process.pid), 'net', table).read_text(encoding='ascii')
            for line in text.splitlines()[1:]:
                _, local, remote, state, *_ = line.split()
                if local.endswith(here) and state == ESTABLISHED:
                    far.add(int(remote.rpartition(':')[2], 16))
        return far

    def admin(self, *arguments):
        """What `vitrine-relay admin` prints; its error is raised as an AssertionError."""
        ran = subprocess.run(
            [str(self.town.program('vitrine-relay')), 'admin', '--data', str(self.data), *arguments],
            env=self.town.env(self.folder), capture_output=True, text=True, check=False,
            timeout=give(20))
        if ran.returncode:
            raise AssertionError(f'vitrine-relay admin {" ".join(arguments)}: {ran.stderr.strip()}')
        return ran.stdout

    def sessions(self):
        """How many sessions, media connections and pipelines it has now."""
        counts, *_ = (line for line in map(json.loads, self.admin('sessions').splitlines())
                      if 'running' in line)
        return {'sessions': counts['sessions'], 'connections': counts['media_connections'],
                'pipelines': counts['pipelines']}

    def user(self, account):
        """What `admin user list` says of one account, with what its devices can do together."""
        for user in map(json.loads, self.admin('user', 'list').splitlines()):
            if account in (user['user'], f'{user["user"]}@{self.domain}'):
                devices = [device for device in user['devices'] if device['online']]
                user['capabilities'] = {name for device in devices for name in device['capabilities']}
                return user
        raise AssertionError(f'{account} is not registered')

    def peers(self):
        """What `admin peers` says of other homes, by their names; of those that did not prove theirs, by None."""
        return {home.get('home'): home for home in map(json.loads, self.admin('peers').splitlines())}

    def is_linked(self, other):
        """Whether its own link to that relay is up."""
        return self.peers().get(other.domain, {}).get('out', {}).get('state') == 'up'

    def allow(self, user, right):
        return self.admin('rights', 'allow', user, right)

    def deny(self, user, right):
        return self.admin('rights', 'deny', user, right)
