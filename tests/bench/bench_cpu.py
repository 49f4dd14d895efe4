#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a share of the test camera and its tone costs the sharer, the relay and one viewer, in percent of a core, next to what gst-launch needs for the
same: test sources of the same size, encoders and decoders with the same settings, rtspclientsink and rtspsrc by the same encrypted way.

Real programs: vitrine-cli for both, and vitrine-relay; gst-launch goes through the relay's forwarder in bench-town. The two take turns, so that the machine is
the same for both."""

import pathlib
import subprocess
import sys
import time

from measure import BenchTown, Costs, say, start

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'system'))

from town import Town  # noqa: E402  (its folder is known only now)

WARM_UP_S = 2
MEASURE_S = 4
ENOUGH_FPS = 25          # with fewer, the two did not do the same
PARTS = ('sharer', 'relay', 'viewer')

# As media-encoder.c sets them on a machine of few cores; the bits are those of media-canvas.c.
SIZES = {720: (1280, 2500), 1080: (1920, 4500)}
ENCODERS = {
    'h264': 'x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30 bframes=0 vbv-buf-capacity=300 b-adapt=false bitrate={kbits} '
            '! video/x-h264,stream-format=byte-stream,alignment=au,profile=constrained-baseline',
    'vp8': 'vp8enc deadline=1 cpu-used=16 threads=2 end-usage=cbr lag-in-frames=0 buffer-size=300 buffer-initial-size=150 '
           'buffer-optimal-size=200 keyframe-max-dist=30 target-bitrate={kbits}000 ! video/x-vp8,profile=(string)0',
}
DECODERS = {'h264': 'rtph264depay ! queue ! avdec_h264 thread-type=slice', 'vp8': 'rtpvp8depay ! queue ! vp8dec'}
SHARER = ('videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width={width},height={height},framerate=30/1 ! queue ! {encoder} ! s.sink_0 '
          'audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=2 ! queue ! opusenc bitrate=128000 frame-size=10 ! s.sink_1 '
          'rtspclientsink name=s location={url} user-id=alice user-pw=alice-token protocols=tcp tls-validation-flags=0 latency=0')
VIEWER = ('rtspsrc name=s location={url} user-id=v0 user-pw=token protocols=tcp tls-validation-flags=0 latency=100 '
          's. ! application/x-rtp,media=video ! {decoder} ! queue ! fakesink sync=true '
          's. ! application/x-rtp,media=audio ! rtpopusdepay ! opusdec ! queue ! fakesink sync=true')


def measure(processes):
    time.sleep(WARM_UP_S)
    costs = Costs(processes)
    time.sleep(MEASURE_S)
    return costs.read()


def with_programs(codec, height):
    with Town() as town:
        relay = town.relay()
        alice = town.peer(relay, 'alice')
        emily = town.peer(relay, 'emily', options=['--capabilities', f'picture,video,audio,{codec},opus'])
        share = alice.do('share', to=[emily.account], size=f'{height}p', content={'kind': 'camera', 'device': 'test'},
                         within=20)['share']
        emily.expect('invited', share=share)
        emily.do('accept', share=share)
        emily.expect('first-frame', share=share, within=30)
        costs = measure([one.process.pid for one in (alice, relay, emily)])
        fps = emily.do('stats', share=share)['fps']
        alice.do('stop', share=share)
        return costs, fps


def launch(line):
    """gst-launch, again while there is nothing to watch yet."""
    for _ in range(10):
        process = start('gst-launch-1.0', '-q', *line.split(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            return process
    raise RuntimeError(f'gst-launch ends: {line}')


def with_gst_launch(codec, height, town_program):
    width, kbits = SIZES[height]
    relay = BenchTown(town_program, '--no-sharer', 'v0')
    url = f'rtsps://127.0.0.1:{relay.rtsp}/share/s1'
    sharer = launch(SHARER.format(width=width, height=height, encoder=ENCODERS[codec].format(kbits=kbits), url=url))
    viewer = launch(VIEWER.format(decoder=DECODERS[codec], url=url))
    costs = measure([sharer.pid, relay.pid, viewer.pid])
    for process in viewer, sharer:
        process.terminate()
        process.wait()
    relay.end()
    return costs


def main():
    town_program = sys.argv[1]
    for codec in 'h264', 'vp8':
        for height in SIZES:
            bare = with_gst_launch(codec, height, town_program)
            ours, fps = with_programs(codec, height)
            for part, own, other in zip(PARTS, ours, bare):
                say('cpu', f'{part}, {"H.264" if codec == "h264" else "VP8"} {height}p30', vitrine=own, bare=other,
                    ratio=own / other if fps > ENOUGH_FPS else None, fps=fps)


if __name__ == '__main__':
    main()
