#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/bench/plot.py DATA.json...

Draws each file of measured values as horizontal bars, into an SVG of the same name beside it. A file says

    {"title": "…", "unit": "ms", "scale": "linear" or "log", "goal": 2.0 (optional),
     "rows": [{"name": "…", "values": {"p50": 0.3, "p95": 1.2}}, …]}

The values of a row are drawn below one another, in the order in which the first row names them.
"""

import html
import json
import math
import pathlib
import sys

WIDTH, LEFT, RIGHT, TOP = 760, 250, 90, 64
BAR, GAP, ROW_GAP = 13, 3, 14
COLOURS = ('#3584e4', '#e5a50a', '#2ec27e', '#c061cb')
STYLE = ('<style>text{fill:#3d3846}.quiet{fill:#77767b}.goal{fill:#c01c28}path{stroke:#c01c28}'
         '@media (prefers-color-scheme:dark){text{fill:#deddda}.quiet{fill:#9a9996}.goal{fill:#f66151}path{stroke:#f66151}}</style>')


class Scale:
    """From a value to a length in pixels."""

    def __init__(self, values, kind):
        positive = [value for value in values if value > 0]
        if kind not in ('linear', 'log') or not positive:
            raise ValueError(f'a scale of kind {kind!r} over {values}')
        self.is_log = kind == 'log'
        self.high = max(positive)
        self.low = min(positive) / 2 if self.is_log else 0
        self.room = WIDTH - LEFT - RIGHT

    def __call__(self, value):
        if not self.is_log:
            return self.room * max(value, 0) / self.high
        if value <= self.low:
            return 0
        return self.room * math.log(value / self.low) / math.log(self.high / self.low)


def text(x, y, words, kind='', size=12, anchor='start'):
    named = f' class="{kind}"' if kind else ''
    return (f'<text x="{x:.0f}" y="{y:.0f}"{named} font-size="{size}" text-anchor="{anchor}">'
            f'{html.escape(words)}</text>')


def legend(names, unit, kind):
    x = LEFT
    for number, name in enumerate(names):
        yield f'<rect x="{x}" y="34" width="11" height="11" rx="2" fill="{COLOURS[number % len(COLOURS)]}"/>'
        yield text(x + 16, 44, name)
        x += 34 + 7 * len(name)
    yield text(WIDTH - 8, 44, unit + (', logarithmic' if kind == 'log' else ''), 'quiet', 11, 'end')


def draw(data):
    names = list(data['rows'][0]['values'])
    kind = data.get('scale', 'linear')
    goal = data.get('goal')
    values = [value for row in data['rows'] for value in row['values'].values() if value is not None]
    scale = Scale(values + ([goal] if goal else []), kind)
    parts = [text(8, 22, data['title'], size=15), *legend(names, data['unit'], kind)]
    y = TOP
    for row in data['rows']:
        height = len(row['values']) * (BAR + GAP)
        parts.append(text(LEFT - 10, y + height / 2 + 2, row['name'], anchor='end'))
        for name, value in row['values'].items():
            if value is None:
                continue
            colour = COLOURS[names.index(name) % len(COLOURS)]
            length = max(scale(value), 1)
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2" fill="{colour}"/>')
            parts.append(text(LEFT + length + 5, y + BAR - 2, f'{value:.3g}', size=11))
            y += BAR + GAP
        y += ROW_GAP
    if goal:
        x = LEFT + scale(goal)
        parts.append(f'<path d="M{x:.1f} {TOP - 8}V{y - ROW_GAP + 4}" stroke-dasharray="4 3"/>')
        parts.append(text(x, TOP - 11, f'goal {goal:g}', 'goal', 11, 'middle'))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" '
            'font-family="Cantarell, Inter, sans-serif">\n' + STYLE + '\n' + '\n'.join(parts) + '\n</svg>\n')


def main(paths):
    for path in map(pathlib.Path, paths):
        try:
            drawing = draw(json.loads(path.read_text(encoding='utf-8')))
        except (OSError, ValueError, KeyError, IndexError) as error:
            sys.exit(f'plot.py: {path}: {type(error).__name__}: {error}')
        path.with_suffix('.svg').write_text(drawing, encoding='utf-8')


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
