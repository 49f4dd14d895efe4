# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The town itself: its folder, its programs and its end."""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from .app import App
from .desktop import Desktop
from .peer import Peer
from .place import Place, Streets
from .relay import Relay
from .wait import wait_for

SOURCE = pathlib.Path(__file__).resolve().parents[3]

# Where meson puts the programs.
PROGRAMS = {'vitrine': 'src/app/vitrine', 'vitrine-cli': 'src/cli/vitrine-cli',
            'vitrine-relay': 'src/relay/vitrine-relay'}

# What a program of the town may see of the world outside.
INHERITED = ('PATH', 'LANG', 'LC_ALL', 'LANGUAGE', 'TZ', 'G_DEBUG', 'G_MESSAGES_DEBUG', 'GST_DEBUG',
             'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS', 'LD_LIBRARY_PATH', 'GST_PLUGIN_PATH', 'MALLOC_ARENA_MAX')


PR_SET_CHILD_SUBREAPER = 36


def children():
    """The processes whose parent we are."""
    found = set()
    for path in pathlib.Path('/proc').glob('[0-9]*/stat'):
        try:
            words = path.read_text(encoding='utf-8', errors='replace').rpartition(')')[2].split()
        except OSError:
            continue
        if int(words[1]) == os.getpid():
            found.add(int(path.parent.name))
    return found


def end_children(known):
    """Ends the children that are not among these: what our programs left behind came to us."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        end = time.monotonic() + 3
        while left := children() - known:
            for pid in left:
                try:
                    os.kill(pid, number)
                    os.waitpid(pid, os.WNOHANG)
                except (ProcessLookupError, ChildProcessError):
                    pass
            if time.monotonic() > end:
                break
            time.sleep(0.02)


def stop(number, frame):
    """A signal ends the town by the same way as an exception."""
    sys.exit(128 + number)


class Town:
    """Owns a folder and processes; a context manager that leaves neither behind.

    With `apart` each relay and each person has a network address of its own (place.py).
    """

    def __init__(self, build=None, keep_folder=False, apart=False):
        self.build = pathlib.Path(build or os.environ.get('VITRINE_BUILD') or SOURCE / 'build').resolve()
        self.keep_folder = keep_folder
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='vitrine-town-'))
        self.things = []
        self.desktop = None
        self.registry = self._look_for_plugins()
        # Grandchildren whose parent ends become ours, so that none is left behind at the end.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.known = children()
        self.handlers = {number: signal.signal(number, stop)
                         for number in (signal.SIGTERM, signal.SIGHUP)}
        self.streets = Streets(self) if apart else None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.end()

    def _look_for_plugins(self):
        """One list of GStreamer's plugins for all, or every new home would look for them again."""
        registry = self.build / 'gstreamer-registry.bin'
        if not registry.exists() and shutil.which('gst-inspect-1.0'):
            subprocess.run(['gst-inspect-1.0', 'fakesink'], check=False, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL,
                           env={**os.environ, 'GST_REGISTRY': str(registry)})
        return registry

    # What the others need

    def program(self, name):
        path = self.build / PROGRAMS[name]
        if not path.exists():
            raise AssertionError(f'{path} is not there; build it first (build-aux/test does)')
        return path

    def make_folder(self, name):
        """A new private folder in the town, of that name or with a number behind it."""
        for number in range(1, 1000):
            path = self.folder / (name if number == 1 else f'{name}-{number}')
            if not path.exists():
                path.mkdir(mode=0o700)
                return path
        raise AssertionError('a thousand folders of one name')

    def env(self, folder, desktop=False):
        """The environment of a program that lives in that folder."""
        env = {name: os.environ[name] for name in INHERITED if name in os.environ}
        env.setdefault('LC_ALL', 'C.UTF-8')
        runtime = pathlib.Path(folder) / 'run'
        runtime.mkdir(mode=0o700, exist_ok=True)
        env.update({
            'HOME': str(folder), 'XDG_RUNTIME_DIR': str(runtime), 'TMPDIR': str(self.folder),
            'XDG_CONFIG_HOME': f'{folder}/.config', 'XDG_DATA_HOME': f'{folder}/.local/share',
            'XDG_CACHE_HOME': f'{folder}/.cache', 'XDG_STATE_HOME': f'{folder}/.local/state',
            'GST_REGISTRY': str(self.registry),
            'GSETTINGS_BACKEND': 'memory', 'GSETTINGS_SCHEMA_DIR': str(self.build / 'data'),
            'GIO_USE_VFS': 'local',
        })
        if desktop and self.desktop:
            env.update(self.desktop.env())
        return env

    def media_env(self, folder, desktop=False):
        """The same for a program that shows or views: where criticals are fatal, all are but one of GStreamer's own
        (strict-log.c)."""
        env = self.env(folder, desktop)
        if env.get('G_DEBUG') == 'fatal-criticals':
            modules = self.build / 'tests' / 'system'
            if not (modules / 'libstrict-log.so').exists():
                raise AssertionError(f'{modules}/libstrict-log.so is not there; build it first (build-aux/test does)')
            del env['G_DEBUG']
            env['GIO_EXTRA_MODULES'] = str(modules)
        return env

    def new_place(self):
        return self.streets.new_place() if self.streets else Place()

    def keep(self, thing):
        """Ends it (by its end()) when the town ends."""
        self.things.append(thing)
        return thing

    # What a story is made of

    def relay(self, domain='a.test', **options):
        return Relay(self, domain, **options)

    def relays(self, *domains, **options):
        """Relays that speak with each other; each is the home of one domain."""
        relays = [self.relay(domain, **options) for domain in domains]
        for relay in relays:
            relay.homes += [other for other in relays if other is not relay]
            relay.stop()
        for relay in relays:
            relay.start()
        for relay in relays:
            wait_for(lambda: all(relay.is_linked(other) for other in relays if other is not relay),
                     lambda: f'links of {relay.domain}: {relay.peers()}', within=20)
        return relays

    def peer(self, relay, name, **options):
        """A person with vitrine-cli, signed up and connected."""
        return Peer(self, relay, name, **options).sign_up().run()

    def device(self, peer):
        """One more device of that person, signed in and connected."""
        other = Peer(self, peer.relay, peer.name, password=peer.password)
        status, error = other.sign('sign-in')
        if status:
            raise AssertionError(f'{peer.name} cannot sign in on another device: {error}')
        return other.run()

    def start_desktop(self, **options):
        """A screen, a session bus and accessibility for the app (desktop.py)."""
        self.desktop = Desktop(self, **options)
        return self.desktop

    def app(self, name, **options):
        """A person with the app; start_desktop() comes before."""
        return App(self, name, **options).start()

    def launch_app(self, name, **options):
        """The same, without a look whether it has a window."""
        return App(self, name, **options).launch()

    @property
    def content(self):
        """The folder with the photographs and the film that the build draws (ninja demo-content)."""
        return self.build / 'build-aux' / 'content'

    # The end

    def end(self):
        interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
        while self.things:
            self.things.pop().end()
        end_children(self.known)
        self.desktop = None
        signal.signal(signal.SIGINT, interrupt)
        for number, handler in self.handlers.items():
            signal.signal(number, handler)
        self.handlers = {}
        if not self.keep_folder:
            shutil.rmtree(self.folder, ignore_errors=True)
