#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a viewer sees where packets are lost: Vitrine's way, by TCP and encrypted, next to a stock player that gets the same frames from gst-rtsp-server by UDP
and asks for lost packets again (RFC 4588). Both have the same time for it: the presentation delay here, the jitter buffer there. Both watch at once, from a
namespace of the kernel behind a road that loses packets in both directions (lossy_road.py)."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from measure import BenchTown, Viewer, quantile, say, start

FOLDER = pathlib.Path(__file__).resolve().parent
HERE, THERE = '10.78.0.1', '10.78.0.2'
FPS = 30
DELAY_MS = 200
LATE_S = 0.05
ROUND_TRIPS_MS = (5, 60)
LOSSES = (0.1, 1, 5)
WARM_UP_S = 1
MEASURE_S = 5


def missing():
    if os.geteuid() != 0 or not pathlib.Path('/dev/net/tun').exists():
        return 'it needs root and /dev/net/tun'
    absent = [name for name in ('ip', 'nsenter', 'unshare') if not shutil.which(name)]
    return f'there is no {", ".join(absent)}' if absent else None


class Road:
    """The way from here, where we are, to a namespace of its own."""

    def __init__(self):
        self.place = start('unshare', '--net', 'sh', '-c', 'echo there; exec sleep infinity', stdout=subprocess.PIPE)
        self.place.stdout.readline()
        self.command = ['nsenter', '--net', '--target', str(self.place.pid), '--']
        self.process = start(sys.executable, FOLDER / 'lossy_road.py', 'here', 'there', stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdout.readline()
        self.set_up([], 'here', HERE, THERE)
        subprocess.run(['ip', 'link', 'set', 'there', 'netns', str(self.place.pid)], check=True)
        self.set_up(self.command, 'there', THERE, HERE)

    @staticmethod
    def set_up(command, device, address, other):
        for line in f'link set lo up|address add {address} peer {other} dev {device}|link set {device} up'.split('|'):
            subprocess.run([*command, 'ip', *line.split()], check=True)

    def say(self, what, value):
        self.process.stdin.write(f'{what} {value}\n'.encode('ascii'))
        self.process.stdin.flush()

    def end(self):
        for process in self.process, self.place:
            process.terminate()
            process.wait()


def judge(frames, began):
    """Of the frames of MEASURE_S: how many were never seen, or seen too late, and the longest time without one."""
    last_before = [at for _, at in frames if at < began][-1:]
    seen = [(counter, at) for counter, at in frames if began <= at < began + MEASURE_S]
    if len(seen) < 2:
        return {'missing': 100, 'late': 0, 'gap': 1000 * MEASURE_S}
    times = last_before + [at for _, at in seen] + [began + MEASURE_S]
    first, last = seen[0][0], max(counter for counter, _ in seen)
    wanted = max(last - first + 1, FPS * MEASURE_S - 1)
    offsets = [at - counter / FPS for counter, at in seen]
    usual = quantile(offsets, 0.05)
    return {'missing': 100 * (1 - len({counter for counter, _ in seen}) / wanted),
            'late': 100 * sum(offset > usual + LATE_S for offset in offsets) / wanted,
            'gap': 1000 * max(b - a for a, b in zip(times, times[1:]))}


def measure(road, snow, town_program, viewer_program, round_trip_ms, loss):
    town = BenchTown(town_program, '--address', HERE, '--stock', '--delay', DELAY_MS, '--corner', snow, 'v0')  # a stock server is good for one audience
    road.say('loss', 0)
    road.say('delay', round_trip_ms / 2)
    viewers = {
        'tcp': Viewer(viewer_program, f'rtsps://{HERE}:{town.rtsp}/share/s1', '--clock-host', HERE, '--clock', town.clock, command=road.command),
        'udp': Viewer(viewer_program, f'rtsp://{HERE}:{town.stock}/share', '--stock=udp', '--latency', DELAY_MS, command=road.command),
    }
    for viewer in viewers.values():
        viewer.wait_for_frame()
    road.say('loss', loss)
    time.sleep(WARM_UP_S)
    began = time.monotonic()
    time.sleep(MEASURE_S)
    values = {}
    for way, viewer in viewers.items():
        viewer.end()
        values |= {f'{way}_{what}': value for what, value in judge(viewer.frames, began).items()}
    say('loss', f'{loss:g} % lost, {round_trip_ms} ms there and back', **values)
    town.end()


def render_snow(path):
    """It fills whatever room an encoder has."""
    subprocess.run(['gst-launch-1.0', '-q', *(f'videotestsrc pattern=snow num-buffers=60 ! video/x-raw,width=320,height=180,framerate=30/1 '
                                              f'! vp8enc deadline=1 target-bitrate=8000000 ! webmmux ! filesink location={path}').split()], check=True)
    return path


def main(town_program, viewer_program):
    with tempfile.TemporaryDirectory() as folder:
        measure_all(render_snow(f'{folder}/snow.webm'), town_program, viewer_program)


def measure_all(snow, town_program, viewer_program):
    road = Road()
    try:
        for round_trip_ms in ROUND_TRIPS_MS:
            for loss in LOSSES:
                measure(road, snow, town_program, viewer_program, round_trip_ms, loss)
    finally:
        road.end()


if __name__ == '__main__':
    if why := missing():
        print(f'# loss: skipped, since {why}')
    elif sys.argv[1] == '--inside':
        main(*sys.argv[2:])
    else:
        sys.exit(subprocess.run(['unshare', '--net', sys.executable, __file__, '--inside', *sys.argv[1:]], check=False).returncode)
