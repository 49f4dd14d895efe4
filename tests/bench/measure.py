# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the benches share: rows of a table, CPU time of processes, a relay with a share, and viewers that tell what they see."""

import atexit
import json
import pathlib
import signal
import subprocess
import threading
import time


def say(table, row, **values):
    """A row of what was measured; report.py knows the tables."""
    rounded = {key: value if value is None else float(f'{value:.4g}') for key, value in values.items()}
    print(json.dumps({'table': table, 'row': row, **rounded}, ensure_ascii=False), flush=True)


def quantile(values, part):
    ordered = sorted(values)
    return ordered[int((len(ordered) - 1) * part)] if ordered else None


def family(pid):
    """The process and all that it has started."""
    found = [pid]
    for task in pathlib.Path('/proc', str(pid), 'task').glob('*/children'):
        try:
            for child in task.read_text('ascii').split():
                found += family(int(child))
        except OSError:
            pass  # it has just ended
    return found


def cpu_s(pid):
    """Of a process with all its threads so far, also of those that have ended (the clock of clock_getcpuclockid(3))."""
    return time.clock_gettime(~pid << 3 | 2)


class Costs:
    """What some processes and their children cost, in percent of a core, from now on."""

    def __init__(self, pids):
        self.pids = pids
        self.began = time.monotonic()
        self.before = self._read()

    def _read(self):
        return [sum(map(cpu_s, family(pid))) for pid in self.pids]

    def read(self):
        took = time.monotonic() - self.began
        return [100 * (now - before) / took for now, before in zip(self._read(), self.before)]


started = []


def start(*command, **options):
    """A process that does not outlive us, however we end."""
    process = subprocess.Popen([str(word) for word in command], **options)
    started.append(process)
    return process


@atexit.register
def end_all():
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


class BenchTown:
    """bench-town: a relay with the share s1, and its ports."""

    def __init__(self, program, *arguments, command=()):
        self.process = start(*command, program, *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = b'#'
        while line.startswith(b'#'):
            line = self.process.stdout.readline()
        self.pid = self.process.pid
        self.rtsp, self.clock, self.stock = map(int, line.split())

    def end(self):
        self.process.stdin.close()
        if self.process.wait(20):
            raise RuntimeError(f'bench-town ended with {self.process.returncode}')


class Viewer:
    """bench-viewer: what is seen, by the machine's clock in seconds. `frames` are (counter or colour, time), `tones` (radians, time)."""

    def __init__(self, program, url, *arguments, command=()):
        self.frames = []
        self.tones = []
        self.process = start(*command, program, url, *arguments, stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        for line in self.process.stdout:
            kind, *values, at = line.split()
            seconds = int(at) / 1e9
            if kind == 'v':
                self.frames.append((int(values[0]), seconds))
            elif kind == 'f':
                self.frames.append((tuple(map(int, values)), seconds))
            else:
                self.tones.append((float(values[0]), seconds))

    def wait_for_frame(self, limit_s=15):
        end = time.monotonic() + limit_s
        while not self.frames:
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f'nothing is seen by {self.process.args}')
            time.sleep(0.02)
        return self

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        self.thread.join(5)
