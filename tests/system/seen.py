# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether what is on a stage is what was shown.

Not only that something is there: words and a spinner are, too.
"""

import subprocess

from town.screen import Picture
from town.wait import give

# What is shown has this shape, and whatever else it is has bars around it.
WIDTH, HEIGHT = 16, 9
COLUMNS, ROWS = 16, 9

# The colours of a cell may differ by so much on average: scaling and coding.
NEAR = 4

# Where the presenter's camera is in the corner, and what the test camera has below its numbers.
CORNER = (0.86, 0.78)
TEST_CAMERA = (41, 96, 117)

# The colour bars of SMPTE: which of red, green and blue are on, from left to right.
BARS = ((1, 1, 1), (1, 1, 0), (0, 1, 1), (0, 1, 0), (1, 0, 1), (1, 0, 0), (0, 0, 1))

# A camera that shows them, and that moves: each picture is so many pixels further to the side.
CAMERA = ('videotestsrc', 'is-live=true', 'pattern=smpte', 'horizontal-speed=6')


def area(picture):
    """left, top, width and height of what is shown in a picture of the stage."""
    scale = min(picture.width / WIDTH, picture.height / HEIGHT)
    width, height = int(WIDTH * scale), int(HEIGHT * scale)
    return (picture.width - width) // 2, (picture.height - height) // 2, width, height


def cells(picture):
    """The same in COLUMNS and ROWS: the mean red, green and blue of each, one after the other."""
    left, top, width, height = area(picture)
    columns = [left + column * width // COLUMNS for column in range(COLUMNS + 1)]
    rows = [top + row * height // ROWS for row in range(ROWS + 1)]
    for first_row, last_row in zip(rows, rows[1:]):
        for first, last in zip(columns, columns[1:]):
            size = (last_row - first_row) * (last - first)
            lines = [picture.line(row, first, last) for row in range(first_row, last_row)]
            yield from (sum(sum(line[colour::4]) for line in lines) / size for colour in (2, 1, 0))


def distance(first, second):
    return sum(abs(a - b) for a, b in zip(first, second)) / len(first)


class File:
    """A picture or a film as it should look on a stage."""

    RATE = 4

    def __init__(self, path, is_film=False):
        self.name = path.name
        width, height = 20 * WIDTH, 20 * HEIGHT
        shape = f'width={width},height={height},pixel-aspect-ratio=1/1'
        rate = ['videorate', '!', f'video/x-raw,framerate={self.RATE}/1', '!'] if is_film else []
        ran = subprocess.run(
            ['gst-launch-1.0', '-q', 'filesrc', f'location={path}', '!', 'decodebin', '!', *rate,
             'videoconvert', '!', 'videoscale', 'add-borders=true', '!',
             f'video/x-raw,format=BGRx,{shape}', '!', 'fdsink'],
            capture_output=True, check=True, timeout=give(60))
        size = 4 * width * height
        frames = (ran.stdout[start:start + size] for start in range(0, len(ran.stdout), size))
        self.frames = [list(cells(Picture(width, height, frame))) for frame in frames]
        assert self.frames, f'{path} has no picture'

    def moment(self, picture):
        """Up to which second one has seen the film when one sees this; None if it is none of it."""
        looked = list(cells(picture))
        distances = [distance(frame, looked) for frame in self.frames]
        best = min(distances)
        return (distances.index(best) + 1) / self.RATE if best < NEAR else None

    def is_in(self, picture):
        return self.moment(picture) is not None


def has_presenter(picture):
    """Is the test camera in the corner?"""
    left, top, width, height = area(picture)
    looked = picture.colour(left + int(CORNER[0] * width), top + int(CORNER[1] * height))
    return distance(looked, TEST_CAMERA) < 24


def bars(picture):
    """Which of the camera's bars stands in each column of a picture of the stage, or None.

    None when they are not there, one beside the other and in their order."""
    left, top, width, height = area(picture)

    def bar_at(column):
        on = [255 if value > 128 else 0 if value < 64 else None for value in
              picture.colour(left + (2 * column + 1) * width // 192, top + height // 3)]
        colour = tuple(value and 1 for value in on)
        return BARS.index(colour) if colour in BARS else None
    row = [bar_at(column) for column in range(96)]
    order = [bar for bar in row if bar is not None]
    follow = all((after - before) % len(BARS) in (0, 1) for before, after in zip(order, order[1:]))
    return row if follow and len(set(order)) == len(BARS) and row.count(None) < 16 else None
