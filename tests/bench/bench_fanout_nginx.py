#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a packet costs nginx-rtmp (Debian's libnginx-mod-rtmp), for bench-fanout: a stream of 2 Mbit/s is pushed by ffmpeg, and pulled by
1, 50 and 200 who throw it away. RTMP goes over TCP without TLS: compare with bare writev. Skipped where one of the programs is missing."""

import pathlib
import selectors
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

from measure import cpu_s, say

MODULE = pathlib.Path('/usr/lib/nginx/modules/ngx_rtmp_module.so')
CROWDS = (1, 50, 200)
WARM_UP_S = 2
MEASURE_S = 3
PACKET_BYTES = 1200

CONFIGURATION = """
load_module {module};
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
rtmp {{
  access_log off;
  server {{
    listen 127.0.0.1:{port};
    application live {{ live on; }}
  }}
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


def find_worker(master):
    while True:
        children = pathlib.Path('/proc', str(master), 'task', str(master), 'children').read_text('ascii').split()
        if children:
            return int(children[0])
        time.sleep(0.1)


def name(text):
    return struct.pack('>BH', 2, len(text)) + text.encode('ascii')


def command(stream, what, number, *rest):
    """A message of RTMP in one chunk, with a command in AMF 0."""
    body = name(what) + struct.pack('>Bd', 0, number) + b''.join(rest)
    return b'\3\0\0\0' + len(body).to_bytes(3, 'big') + b'\x14' + struct.pack('<I', stream) + body


NULL = b'\5'
APPLICATION = b'\3\0\3app' + name('live') + b'\0\0\x09'


class Crowd:
    """Those who pull, in a thread of their own. `n_bytes` have come to them in all."""

    def __init__(self, port):
        self.port = port
        self.n_bytes = 0
        self.selector = selectors.DefaultSelector()
        self.buffer = bytearray(256 * 1024)
        threading.Thread(target=self._drain, daemon=True).start()

    def join(self):
        one = socket.create_connection(('127.0.0.1', self.port))
        hello = bytes(1536)
        one.sendall(b'\3' + hello)
        answer = b''
        while len(answer) < 1 + 2 * len(hello):
            answer += one.recv(4096)
        one.sendall(answer[1:1 + len(hello)] + command(0, 'connect', 1, APPLICATION) + command(0, 'createStream', 2, NULL)
                    + command(1, 'play', 0, NULL, name('s1')))
        one.setblocking(False)
        self.selector.register(one, selectors.EVENT_READ)

    def _drain(self):
        while True:
            for key, _ in self.selector.select(0.05):
                self.n_bytes += key.fileobj.recv_into(self.buffer)


class Bench:

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.port = free_port()
        self.url = f'rtmp://127.0.0.1:{self.port}/live/s1'

    def start(self, *command):
        one = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        self.processes.append(one)
        return one

    def serve(self):
        path = self.folder / 'nginx.conf'
        path.write_text(CONFIGURATION.format(module=MODULE, folder=self.folder, port=self.port), encoding='utf-8')
        self.worker = find_worker(self.start('/usr/sbin/nginx', '-p', str(self.folder), '-c', str(path)).pid)

    def push(self):
        film = self.folder / 'film.flv'
        subprocess.run(['ffmpeg', '-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30', '-t', '10',
                        '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30', '-b:v', '2M',
                        '-minrate', '2M', '-maxrate', '2M', '-bufsize', '200k', '-x264-params', 'nal-hrd=cbr', str(film)],
                       check=True)
        self.start('ffmpeg', '-v', 'quiet', '-nostdin', '-re', '-stream_loop', '-1', '-i', str(film), '-c', 'copy',
                   '-f', 'flv', self.url)

    def measure(self, crowd, n_viewers, n_new):
        for _ in range(n_new):
            crowd.join()
        time.sleep(WARM_UP_S)
        before, came, began = cpu_s(self.worker), crowd.n_bytes, time.monotonic()
        time.sleep(MEASURE_S)
        spent, packets = cpu_s(self.worker) - before, (crowd.n_bytes - came) / PACKET_BYTES
        say(f'fanout-{n_viewers}', 'nginx-rtmp, no TLS', us=1e6 * spent / packets, core=100 * spent / (time.monotonic() - began))

    def end(self):
        for one in reversed(self.processes):
            one.terminate()
            one.wait()


def main():
    missing = [name for name in ('ffmpeg', '/usr/sbin/nginx') if not shutil.which(name)]
    if not MODULE.exists():
        missing.append(str(MODULE))
    if missing:
        print(f'# nginx-rtmp: skipped, since there is no {", ".join(missing)}')
        return

    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder))
        try:
            bench.serve()
            bench.push()
            crowd = Crowd(bench.port)
            n_before = 0
            for n_viewers in CROWDS:
                bench.measure(crowd, n_viewers, n_viewers - n_before)
                n_before = n_viewers
        finally:
            bench.end()


if __name__ == '__main__':
    main()
