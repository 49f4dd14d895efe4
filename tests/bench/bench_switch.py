#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a viewer waits for what is shown next, by kind, cut and crossfade: from the sharer's command to the first frame in which it is seen, and the longest
pause between two frames around that. After a cut the frame is recognised by its colour (the test camera's by its stamp); in a crossfade, in which there is
little of it at first, by the number of the content that it carries.

Real programs: vitrine-relay, vitrine-cli for both, and beside the viewer a second one who writes down all frames (bench-viewer, by watch-url). Nobody can be
faster than the floor: the presentation delay, and a frame."""

import json
import math
import pathlib
import random
import shutil
import subprocess
import sys
import time
import urllib.parse

from measure import Viewer, quantile, say

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'system'))

from town import Town  # noqa: E402  (its folder is known only now)

ROUNDS = 4
SETTLE_S = 0.6          # from one switch to the next, at the least
LIMIT_S = 5
AROUND_S = 0.2          # before the command and after the first frame
FRAME_MS = 1000 / 30
CROSSFADE_MS = 300
NEAR = 12               # how far a colour is changed by encoders
CAMERA = 'camera'

# A field of one colour in the middle, by which it is known, and something to encode around it.
PICTURE = ('compositor name=c background=black sink_1::xpos={x} sink_1::ypos={y} ! video/x-raw,format=I420,width={width},height={height},framerate=30/1 ! {rest} '
           'videotestsrc num-buffers={n} pattern=smpte ! video/x-raw,width={width},height={height},framerate=30/1 ! c.sink_0 '
           'videotestsrc num-buffers={n} pattern={colour} ! video/x-raw,width={field},height={field},framerate=30/1 ! c.sink_1')
FILES = {
    'picture': ('picture.jpg', 1280, 720, 1, 'red', 'jpegenc ! filesink location={path}'),
    'large picture': ('large.jpg', 4000, 3000, 1, 'green', 'jpegenc ! filesink location={path}'),
    'film': ('film.mp4', 1280, 720, 150, 'blue', 'x264enc speed-preset=ultrafast bitrate=4000 ! queue ! m. audiotestsrc num-buffers=230 ! opusenc '
             '! queue ! m. mp4mux name=m ! filesink location={path}'),
}


def render(line, path):
    subprocess.run(['gst-launch-1.0', '-q', *line.split()], check=True, stdout=subprocess.DEVNULL)
    return str(path)


def make_files(folder):
    contents = {CAMERA: {'kind': 'camera', 'device': 'test'}}
    for kind, (name, width, height, n, colour, rest) in FILES.items():
        field = height // 2
        line = PICTURE.format(x=(width - field) // 2, y=height // 4, width=width, height=height, n=n, colour=colour, field=field, rest=rest.format(path=folder / name))
        path = render(line, folder / name)
        contents[kind] = {'kind': 'file' if kind == 'film' else 'picture', 'path': path}
    music = folder / 'music.ogg'
    contents['music'] = {'kind': 'music', 'path': render(f'audiotestsrc num-buffers=2000 ! vorbisenc ! oggmux ! filesink location={music}', music)}
    return contents


class Screen:
    """An X server with a white screen."""

    def __init__(self):
        self.process = subprocess.Popen(['Xvfb', '-displayfd', '1', '-screen', '0', '1280x720x24', '-wr', '-nolisten', 'tcp'],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.content = {'kind': 'screen', 'display': f':{int(self.process.stdout.readline())}'}

    def end(self):
        self.process.terminate()
        self.process.wait()


def distance(one, other):
    if isinstance(one, int) or isinstance(other, int):  # the stamp of the test camera
        return 0 if isinstance(one, int) and isinstance(other, int) else math.inf
    return max(abs(a - b) for a, b in zip(one, other))


class Bench:

    def __init__(self, town, viewer_program, screen):
        self.contents = make_files(town.folder)
        if screen:
            self.contents['screen'] = screen.content
        self.colours = {}
        relay = town.relay()
        self.alice = town.peer(relay, 'alice')
        self.emily = town.peer(relay, 'emily')
        self.share = self.alice.do('share', to=[self.emily.account], content=self.contents[CAMERA], within=20)['share']
        self.emily.expect('invited', share=self.share)
        self.emily.do('accept', share=self.share)
        self.emily.expect('first-frame', share=self.share, within=30)
        self.alice.do('allow', share=self.share, allow=['watch'])
        self.emily.expect('allow', share=self.share)
        url = urllib.parse.urlsplit(self.emily.do('watch-url', share=self.share)['url'])
        clock = json.loads((relay.folder / 'ready').read_text(encoding='utf-8').partition(' ')[2])['clock_port']
        self.viewer = Viewer(viewer_program, f'rtsps://{url.hostname}:{url.port}{url.path}', '--user', urllib.parse.unquote(url.username),
                             '--token', urllib.parse.unquote(url.password), '--clock', clock, '--colours').wait_for_frame()

    def delay_ms(self):
        return self.alice.do('stats', share=self.share)['delay_ms']

    def show(self, kind):
        """When it was commanded, and when Emily said that she sees it."""
        began = time.monotonic()
        n = self.alice.do('switch', share=self.share, content=self.contents[kind])['n']
        seen = self.emily.expect('first-frame', share=self.share, n=n, within=LIMIT_S)['at']
        time.sleep(max(0.0, began + SETTLE_S - time.monotonic()))
        return began, seen

    def learn(self):
        """What each kind looks like to a viewer."""
        for kind in self.contents:
            self.show(kind)
            time.sleep(0.5)
            self.colours[kind] = self.viewer.frames[-1][0]
        for kind, colour in self.colours.items():
            same = [other for other in self.colours if other != kind and distance(colour, self.colours[other]) <= NEAR]
            if same or isinstance(colour, int) != (kind == CAMERA):
                raise RuntimeError(f'{kind} cannot be told from {same}: {self.colours}')

    def find(self, kind, began):
        """When the first frame that looks like it was shown; the one who writes down may be a little behind Emily."""
        while time.monotonic() < began + LIMIT_S:
            for look, at in list(self.viewer.frames):
                if at > began and distance(look, self.colours[kind]) <= NEAR:
                    return at
            time.sleep(0.02)
        raise RuntimeError(f'{kind} is not seen within {LIMIT_S} s')

    def time_switch(self, kind, is_cut):
        """ms until the first frame of the new content (in a crossfade: in which there is anything of it), and the longest gap around it."""
        began, first = self.show(kind)
        if is_cut:
            first = self.find(kind, began)
        else:
            time.sleep(CROSSFADE_MS / 1000)
        times = [at for _, at in self.viewer.frames if began - AROUND_S < at < first + AROUND_S]
        return 1000 * (first - began), max(1000 * (b - a) for a, b in zip(times, times[1:]))

    def run(self, table, is_cut):
        self.alice.do('crossfade', share=self.share, ms=0 if is_cut else CROSSFADE_MS)
        kinds = list(self.contents)
        order = random.Random(7)
        took, gaps, delays = ({kind: [] for kind in kinds} for _ in range(3))
        before = CAMERA
        self.show(before)
        for _ in range(ROUNDS):
            order.shuffle(kinds)
            for kind in kinds if kinds[0] != before else reversed(kinds):
                delays[kind].append(self.delay_ms())
                ms, gap = self.time_switch(kind, is_cut)
                took[kind].append(ms)
                gaps[kind].append(gap)
                before = kind
        for kind in self.contents:
            say(table, kind, n=len(took[kind]), p50=quantile(took[kind], 0.5), max=max(took[kind]),
                floor=quantile(delays[kind], 0.5) + FRAME_MS, gap50=quantile(gaps[kind], 0.5), gap=max(gaps[kind]))


def main():
    screen = Screen() if shutil.which('Xvfb') else None
    try:
        with Town() as town:
            bench = Bench(town, sys.argv[2], screen)
            bench.learn()
            bench.run('switch-cut', True)
            bench.run('switch-crossfade', False)
            bench.viewer.end()
    finally:
        if screen:
            screen.end()


if __name__ == '__main__':
    main()
