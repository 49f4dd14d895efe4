#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a packet costs nginx-rtmp (Debian's libnginx-mod-rtmp), for bench-fanout: a stream of 2 Mbit/s is pushed by ffmpeg and pulled by
1 and 50 of them. RTMP goes over TCP without TLS: compare with bare writev. Skipped where one of the programs is missing."""

import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

MODULE = pathlib.Path('/usr/lib/nginx/modules/ngx_rtmp_module.so')
CROWDS = (1, 50)
WARM_UP_S = 4
MEASURE_S = 5
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


def cpu_us(pid):
    """Of the process with all its threads, so far."""
    tasks = pathlib.Path('/proc', str(pid), 'task').iterdir()
    return sum(int((task / 'schedstat').read_text('ascii').split()[0]) for task in tasks) / 1000


def find_worker(master):
    while True:
        children = pathlib.Path('/proc', str(master), 'task', str(master), 'children').read_text('ascii').split()
        if children:
            return int(children[0])
        time.sleep(0.1)


class Bench:

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.url = f'rtmp://127.0.0.1:{free_port()}/live/s1'

    def start(self, *command):
        one = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        self.processes.append(one)
        return one

    def serve(self):
        path = self.folder / 'nginx.conf'
        port = self.url.split(':')[2].split('/')[0]
        path.write_text(CONFIGURATION.format(module=MODULE, folder=self.folder, port=port), encoding='utf-8')
        self.worker = find_worker(self.start('/usr/sbin/nginx', '-p', str(self.folder), '-c', str(path)).pid)

    def push(self):
        film = self.folder / 'film.flv'
        subprocess.run(['ffmpeg', '-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30', '-t', '10',
                        '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30', '-b:v', '2M',
                        '-minrate', '2M', '-maxrate', '2M', '-bufsize', '200k', '-x264-params', 'nal-hrd=cbr', str(film)],
                       check=True)
        self.packets_per_s = film.stat().st_size / 10 / PACKET_BYTES
        self.start('ffmpeg', '-v', 'quiet', '-nostdin', '-re', '-stream_loop', '-1', '-i', str(film), '-c', 'copy',
                   '-f', 'flv', self.url)

    def measure(self, n_viewers, n_new):
        for _ in range(n_new):
            self.start('ffmpeg', '-v', 'quiet', '-nostdin', '-i', self.url, '-c', 'copy', '-f', 'null', '-')
        time.sleep(WARM_UP_S)
        before, began = cpu_us(self.worker), time.monotonic()
        time.sleep(MEASURE_S)
        spent, took = cpu_us(self.worker) - before, time.monotonic() - began
        packets = self.packets_per_s * took * n_viewers
        print(f'# nginx-rtmp, no TLS     {n_viewers:4} viewers {spent / packets:8.2f} us for each {PACKET_BYTES} bytes '
              f'({spent / took / 1e4:.1f} % of a core)', flush=True)

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
            n_before = 0
            for n_viewers in CROWDS:
                bench.measure(n_viewers, n_viewers - n_before)
                n_before = n_viewers
        finally:
            bench.end()


if __name__ == '__main__':
    main()
