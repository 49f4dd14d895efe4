# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""A screen, a session bus with accessibility, and sound and cameras: all private to the town."""

import functools
import os
import pathlib
import shutil
import subprocess
import sys

from .process import Process
from .screen import Screen
from .wait import give, wait_for

BUS_LAUNCHERS = ('/usr/libexec/at-spi-bus-launcher', '/usr/lib/at-spi2-core/at-spi-bus-launcher')

# Only what the app needs can be activated, so that no portal or keyring of the machine wakes up.
BUS_CONFIG = '''<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
'''


class Missing(AssertionError):
    """This machine lacks a program."""


def need(program):
    path = shutil.which(program)
    if path is None:
        raise Missing(f'{program} is not installed; build-aux/install-deps installs it')
    return path


class Desktop:
    """`screen=False` uses the screen that is there (DISPLAY or WAYLAND_DISPLAY) instead of Xvfb;
    `sound=True` starts PipeWire with a null sink, which virtual cameras need, too."""

    def __init__(self, town, size='1600x900', screen=True, sound=False):
        self.town = town
        self.folder = town.make_folder('desktop')
        self.variables = {'GTK_A11Y': 'atspi', 'NO_AT_BRIDGE': '0', 'ADW_DISABLE_PORTAL': '1',
                          'GDK_DEBUG': 'no-portals', 'GTK_USE_PORTAL': '0',
                          'GSK_RENDERER': os.environ.get('GSK_RENDERER', 'cairo')}
        if screen:
            self._start_screen(size)
        else:
            self.variables.pop('GSK_RENDERER')
            for name in ('DISPLAY', 'XAUTHORITY', 'WAYLAND_DISPLAY', 'XDG_SESSION_TYPE'):
                if name in os.environ:
                    self.variables[name] = os.environ[name]
        self._start_bus()
        if sound:
            self._start_sound()

    def env(self):
        return self.variables

    def _run(self, name, *arguments, **options):
        env = {**self.town.env(self.folder), **self.variables}
        return self.town.keep(Process(name, arguments, self.folder, env, **options))

    def _start_screen(self, size):
        mine, theirs = os.pipe()
        server = self._run('xvfb', need('Xvfb'), '-displayfd', theirs, '-screen', '0', f'{size}x24',
                           '-nolisten', 'tcp', '-noreset', '+extension', 'GLX', pass_fds=[theirs])
        os.close(theirs)
        with os.fdopen(mine, encoding='ascii') as pipe:
            number = pipe.readline().strip()
        if not number:
            server.wait()
            server.check()
        self.variables.update({'DISPLAY': f':{number}', 'GDK_BACKEND': 'x11'})

    def _start_bus(self):
        launcher = next(filter(os.path.exists, BUS_LAUNCHERS), None)
        if launcher is None:
            raise Missing('at-spi2-core is not installed; build-aux/install-deps installs it')
        services = self.folder / 'services'
        services.mkdir()
        (services / 'org.a11y.Bus.service').write_text(
            f'[D-BUS Service]\nName=org.a11y.Bus\nExec={launcher}\n', encoding='utf-8')
        config = self.folder / 'bus.conf'
        config.write_text(BUS_CONFIG.format(folder=self.folder), encoding='utf-8')
        daemon = self._run('dbus', need('dbus-daemon'), '--nofork', '--nopidfile',
                           f'--config-file={config}')
        self._wait_for_socket(daemon, self.folder / 'bus', 'session bus')
        self.variables['DBUS_SESSION_BUS_ADDRESS'] = f'unix:path={self.folder}/bus'

    def _wait_for_socket(self, process, path, what):
        def there():
            process.check()
            return path.exists()
        wait_for(there, what)

    def _start_sound(self):
        run = pathlib.Path(self.town.env(self.folder)['XDG_RUNTIME_DIR'])
        self.variables.update({'PIPEWIRE_RUNTIME_DIR': str(run), 'PULSE_SERVER': f'unix:{run}/pulse/native'})
        self._wait_for_socket(self._run('pipewire', need('pipewire')), run / 'pipewire-0', 'PipeWire')
        self._run('wireplumber', need('wireplumber'))
        self._wait_for_socket(self._run('pipewire-pulse', need('pipewire-pulse')),
                              run / 'pulse' / 'native', 'sound server')
        self.command('pactl', 'load-module', 'module-null-sink', 'sink_name=Speaker')

        def chosen():
            # Refused until wireplumber is there, too.
            try:
                return self.command('pactl', 'set-default-sink', 'Speaker') is not None
            except AssertionError:
                return False
        wait_for(chosen, 'sound sink', every=0.1)

    # What a story does with it

    def manage_windows(self):
        """From now on a window that asks for it can fill the screen."""
        manager = self._run('window-manager', sys.executable, pathlib.Path(__file__).with_name('window_manager.py'))
        wait_for(lambda: manager.check() or manager.log(), 'window manager')

    @functools.cached_property
    def screen(self):
        """What a person sees of it."""
        return self.town.keep(Screen(self.variables['DISPLAY']))

    @functools.cached_property
    def accessibility(self):
        """What a screen reader sees of this desktop."""
        from .accessibility import Bus  # needs python3-gi, which a story without windows does not
        return Bus(self.variables['DBUS_SESSION_BUS_ADDRESS'])

    def command(self, *arguments, within=20):
        """Runs a program to its end in this desktop; what it prints."""
        ran = subprocess.run([need(arguments[0]), *map(str, arguments[1:])],
                             env={**self.town.env(self.folder), **self.variables},
                             capture_output=True, text=True, check=False, timeout=give(within))
        if ran.returncode:
            raise AssertionError(f'{" ".join(map(str, arguments))}: {ran.stderr.strip()}')
        return ran.stdout

    def camera(self, name='Camera', source=('videotestsrc', 'is-live=true', 'pattern=ball'),
               width=1280, height=720):
        """A camera that PipeWire knows; end() of what is returned unplugs it."""
        camera = self._run(
            f'camera-{name}', need('gst-launch-1.0'), '-q', *source,
            '!', f'video/x-raw,format=YUY2,width={width},height={height},framerate=30/1',
            '!', 'pipewiresink', 'mode=provide',
            'stream-properties=props,media.class=Video/Source,media.role=Camera,'
            f'node.name={name},node.description="{name}"')

        def listed():
            camera.check()
            return f'"node.name": "{name}"' in self.command('pw-dump')
        wait_for(listed, f'camera {name} in PipeWire', within=15, every=0.1)
        return camera
