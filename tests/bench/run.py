#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/bench/run.py BUILD RESULTS.json [NAME...]

Runs the benches of a build one after another (all but `messages`, or those that are named) and keeps their rows in the file: each bench's new ones
take the place of its old ones.
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ALL = ('media', 'media-stage', 'switch', 'spread', 'cpu', 'fanout', 'fanout-nginx', 'loss', 'store')
LIMIT_S = 600


def ask(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def describe_machine():
    model = re.search(r'model name\s*: (.*)', pathlib.Path('/proc/cpuinfo').read_text(encoding='utf-8'))
    release = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path('/etc/os-release').read_text(encoding='utf-8'))
    version = ask('gst-inspect-1.0', '--version').splitlines()[1]
    return f'{release[1] if release else "Linux"}, {version}, {os.cpu_count()} cores ({model[1].strip() if model else "unknown"})'


def describe_commit(source):
    try:
        return ask('git', '-C', source, 'describe', '--always', '--dirty', '--exclude=*').strip()
    except (OSError, subprocess.CalledProcessError):
        return 'unknown'


def run(bench, build):
    """Its rows, and whether it came to its end; what else it says goes to where we say ours."""
    process = subprocess.Popen(['timeout', '-k', '10', str(LIMIT_S), *bench['cmd']], cwd=build, env={**os.environ, **bench['env']}, stdout=subprocess.PIPE, text=True)
    rows = []
    for line in process.stdout:
        print('  ' + line.rstrip(), flush=True)
        if line.startswith('{"table"'):
            rows.append(json.loads(line))
    return rows, process.wait() == 0


def main(build, path, names):
    benches = {bench['name']: bench for bench in json.loads(ask('meson', 'introspect', '--benchmarks', build))}
    if unknown := [name for name in names if name not in benches]:
        sys.exit(f'There is no bench {", ".join(unknown)}; there are {", ".join(benches)}.')
    results = json.loads(path.read_text(encoding='utf-8')) if path.exists() else {}
    machine, commit = describe_machine(), describe_commit(pathlib.Path(__file__).parent)
    failed = []
    for name in names or ALL:
        load, began, date = os.getloadavg()[0], time.monotonic(), datetime.datetime.now(datetime.timezone.utc)
        print(f'{name} (load {load:.1f})', flush=True)
        rows, is_whole = run(benches[name], build)
        if not is_whole:
            failed.append(name)
        elif rows:
            results[name] = {'date': f'{date:%Y-%m-%d %H:%M}', 'commit': commit, 'machine': machine, 'load': load, 'seconds': time.monotonic() - began,
                             'rows': rows}
        # Each has a line, so that what changed is seen.
        text = json.dumps(results, ensure_ascii=False, indent=1)
        path.write_text(re.sub(r'\{\n\s+("table"[^}]*?)\n\s+\}', lambda row: '{' + re.sub(r'\n\s+', ' ', row[1]) + '}', text) + '\n', encoding='utf-8')
    if failed:
        sys.exit(f'Not measured, since it failed: {", ".join(failed)}')


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:])
