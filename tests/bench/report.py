#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/bench/report.py RESULTS.json DOCUMENT.md

Writes what run.py measured into the document: between the lines "<!-- bench: NAME -->" and "<!-- end -->" stand the tables of that name, and
the plots go into images/ beside it.
"""

import json
import pathlib
import re
import sys

import plot

BLOCK = re.compile(r'(<!-- bench: ([\w-]+) -->\n).*?(<!-- end -->)', re.DOTALL)
SPREAD_GOALS = {'loopback, Vitrine, picture': 2, 'loopback, Vitrine, sound': 1, 'delayed, Vitrine, picture': 8, 'delayed, Vitrine, sound': 1}
STAGE_GOALS = {'picture': 45, 'series': 45, 'film': 50, 'camera': 100}
CROWDS = ('1', '50', '200')
JOIN_GOAL_MS, SWITCH_GOAL_MS, ADDED_GOAL_MS, CPU_GOAL, FANOUT_GOAL = 80, 300, 6, 1.3, 1.5


def number(value):
    if value is None:
        return ''
    return f'{value:.0f}' if abs(value) >= 100 else f'{value:.3g}'


def judge(value, goal):
    if goal is None or value is None:
        return ''
    return f'{goal:g}: {"kept" if value <= goal else "**missed**"}'


def table(heads, rows):
    yield '| ' + ' | '.join(heads) + ' |'
    yield '|' + '---|' * len(heads)
    for row in rows:
        yield '| ' + ' | '.join(row) + ' |'


class Results:
    """The rows by table: {table: {row: values}}."""

    def __init__(self, runs):
        self.runs = runs
        self.tables = {}
        for run in runs.values():
            for row in run['rows']:
                values = {key: value for key, value in row.items() if key not in ('table', 'row')}
                self.tables.setdefault(row['table'], {})[row['row']] = values

    def rows(self, name):
        return self.tables.get(name, {}).items()

    def simple(self, name, first, columns, goal=None, judged='p95'):
        """A table with a column for each (key, head), and one for the goal of the judged one."""
        heads = [first, *(head for _, head in columns), *(['goal'] if goal else [])]
        return table(heads, ([row, *(number(values.get(key)) for key, _ in columns),
                              *([judge(values.get(judged), goal(row))] if goal else [])] for row, values in self.rows(name)))


# What stands in each block

def conditions(results):
    heads = ('bench', 'when (UTC)', 'commit', 'took', 'load before it')
    yield next(iter(results.runs.values()))['machine'] + '.'
    yield ''
    yield from table(heads, ([name, run['date'], run['commit'], f"{run['seconds']:.0f} s", number(run['load'])]
                             for name, run in results.runs.items()))


def latency(results):
    columns = (('p50', 'p50, ms'), ('p95', 'p95, ms'), ('ratio', 'ratio to the floor'), ('added', 'above floor and latency, ms'), ('gap', 'longest gap, ms'))
    for name, codec in ('latency-h264', 'H.264'), ('latency-vp8', 'VP8'):
        yield from results.simple(name, f'{codec}, glass to glass', columns, lambda row: ADDED_GOAL_MS if row.endswith(' 0') else None, 'added')
        yield ''
    yield '![Latency](images/bench-latency.svg)'


def join(results):
    columns = (('n', 'n'), ('p50', 'p50, ms'), ('p95', 'p95, ms'), ('max', 'longest, ms'))
    return results.simple('join', 'from “watch” to the first whole picture', columns, lambda row: JOIN_GOAL_MS if row.endswith(' 0') else None)


def switch(results):
    columns = (('n', 'n'), ('floor', 'floor, ms'), ('p50', 'p50, ms'), ('max', 'longest, ms'), ('gap50', 'gap, p50, ms'), ('gap', 'longest gap, ms'))
    for name, how in ('switch-cut', 'cut'), ('switch-crossfade', 'crossfade'):
        yield from results.simple(name, f'{how} to', columns, lambda row: SWITCH_GOAL_MS, 'max')
        yield ''
    yield '![Switch](images/bench-switch.svg)'


def spread(results):
    columns = (('n', 'n'), ('p50', 'p50, ms'), ('p95', 'p95, ms'), ('max', 'max, ms'))
    yield from results.simple('spread', 'three viewers', columns, SPREAD_GOALS.get)
    yield ''
    yield '![Spread](images/bench-spread.svg)'


def cpu(results):
    columns = (('vitrine', 'Vitrine, % of a core'), ('bare', 'bare `gst-launch`'), ('ratio', 'ratio'), ('fps', 'frames a second'))
    yield from results.simple('cpu', 'part', columns, lambda row: CPU_GOAL if not row.startswith('relay') else None, 'ratio')
    yield ''
    yield '![CPU](images/bench-cpu.svg)'


def fanout_rows(results):
    """{name: [µs for each crowd]}, with what follows from them."""
    rows = {}
    for crowd in CROWDS:
        for name, values in results.rows(f'fanout-{crowd}'):
            rows.setdefault(name, {})[crowd] = values.get('us')
    return {name: [values.get(crowd) for crowd in CROWDS] for name, values in rows.items()}


def fanout(results):
    rows = fanout_rows(results)
    for name, values in rows.items():
        rows[name] = [number(value) for value in values]
    raw = fanout_rows(results)
    if raw.keys() >= {'bare writev', 'bare gnutls_record_send', 'relay, TLS'}:
        crowds = list(zip(raw['bare writev'], raw['bare gnutls_record_send'], raw['relay, TLS']))
        rows['relay: ratio to the bare TLS loop'] = [f'{own / tls:.2f}' for _, tls, own in crowds]
        without = [(own - (tls - plain)) / plain for plain, tls, own in crowds]
        rows[f'relay without what TLS adds: ratio to `writev` (goal: {FANOUT_GOAL})'] = [f'{ratio:.2f}' for ratio in without]
    yield from table(('CPU µs a packet', *(f'{crowd} viewer{"s" * (crowd != "1")}' for crowd in CROWDS)), ([name, *values] for name, values in rows.items()))
    yield ''
    yield '![Fan-out](images/bench-fanout.svg)'


def loss(results):
    heads = ('packets', *(f'{way}: {what}' for way in ('TCP, Vitrine', 'UDP, stock') for what in ('not seen, %', 'late, %', 'longest gap, ms')))
    keys = [f'{way}_{what}' for way in ('tcp', 'udp') for what in ('missing', 'late', 'gap')]
    yield from table(heads, ([row, *(number(values.get(key)) for key in keys)] for row, values in results.rows('loss')))
    yield ''
    yield '![Loss](images/bench-loss.svg)'


def stage(results):
    columns = (('n', 'n'), ('p50', 'first frame, p50, ms'), ('p95', 'p95, ms'), ('gap50', 'gap, p50, ms'), ('gap95', 'p95, ms'), ('gap', 'longest, ms'))
    for name, how in ('stage-cut', 'cut'), ('stage-crossfade', 'crossfade'):
        yield from results.simple(name, f'{how} to', columns, STAGE_GOALS.get, 'p50')
        yield ''


def store(results):
    columns = (('n', 'messages'), ('waits', 'times it waited for the disk'), ('pause', 'longest pause, ms'), ('p50', 'acknowledged after, p50, ms'), ('p95', 'p95, ms'))
    return results.simple('store', 'the main loop', columns)


def stage_cpu(results):
    yield from results.simple('stage-cpu', 'on the stage', (('stage', '% of a core'), ('bare', 'bare pipeline'), ('ratio', 'ratio')))
    yield ''
    yield from results.simple('stage-blend', 'a frame', (('crossfade', 'of a crossfade, ms'), ('presenter', 'with the presenter, ms')))


BLOCKS = {make.__name__.replace('_', '-'): make
          for make in (conditions, latency, join, switch, spread, cpu, fanout, loss, stage, stage_cpu, store)}


# The plots

def rows_of(results, name, keys, only=None, prefix=''):
    return [{'name': prefix + row, 'values': {label: values.get(key) for key, label in keys.items()}}
            for row, values in results.rows(name) if only is None or only(row)]


def plots(results):
    usual = {'p50': 'p50', 'p95': 'p95'}
    yield 'latency', {'title': 'Glass to glass, latency 0', 'unit': 'ms', 'rows': [
        row for name, codec in (('latency-h264', 'H.264, '), ('latency-vp8', 'VP8, '))
        for row in rows_of(results, name, usual, lambda row: not row.endswith('100'), codec)]}
    yield 'switch', {'title': 'From the command to the first frame at a viewer', 'unit': 'ms', 'goal': SWITCH_GOAL_MS, 'rows': [
        row for name, how in (('switch-cut', 'cut to '), ('switch-crossfade', 'crossfade to '))
        for row in rows_of(results, name, {'floor': 'floor', 'p50': 'p50', 'max': 'longest'}, None, how)]}
    yield 'spread', {'title': 'How far apart three viewers are', 'unit': 'ms', 'scale': 'log', 'rows': rows_of(results, 'spread', usual)}
    yield 'cpu', {'title': 'CPU time', 'unit': '% of a core', 'rows': rows_of(results, 'cpu', {'vitrine': 'Vitrine', 'bare': 'gst-launch'},
                                                                              lambda row: not row.startswith('relay'))}
    yield 'fanout', {'title': 'CPU time for each packet to each viewer', 'unit': 'µs', 'scale': 'log', 'rows': [
        {'name': name, 'values': {f'{crowd} viewers': value for crowd, value in zip(CROWDS, values)}} for name, values in fanout_rows(results).items()]}
    yield 'loss', {'title': 'Longest time without a new frame', 'unit': 'ms', 'scale': 'log',
                   'rows': rows_of(results, 'loss', {'tcp_gap': 'TCP, Vitrine', 'udp_gap': 'UDP, stock'})}


def main(results_path, document_path):
    results = Results(json.loads(pathlib.Path(results_path).read_text(encoding='utf-8')))
    document = pathlib.Path(document_path)
    text = BLOCK.sub(lambda block: block[1] + '\n' + '\n'.join(BLOCKS[block[2]](results)).rstrip() + '\n\n' + block[3], document.read_text(encoding='utf-8'))
    document.write_text(text, encoding='utf-8')
    for name, data in plots(results):
        if data['rows']:
            (document.parent / 'images' / f'bench-{name}.svg').write_text(plot.draw(data), encoding='utf-8')


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
