#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: build-aux/count-tests.py TESTLOG.json [--again TESTLOG.json]...
       build-aux/count-tests.py --failed TESTLOG.json

Says how the runs of `meson test` ended that left these records: names what failed, with the words
that it said of it, and what was left out (with the reason that the test gave), and ends with
"N passed, N failed, N skipped".
The record after --again is of the same build: tests that failed there were asked once more. One that
passed then counts as passed, but is named as unsteady, with what it said when it failed.
Exit status 0 when tests ran and none failed.

--failed: only the names of the tests that failed, a line each, as `meson test` takes them.
"""

import json
import re
import sys

PASSED = {'OK', 'EXPECTEDFAIL'}
SKIPPED = {'SKIP'}
WORDS_LIMIT = 60  # lines of a failed test
TAP_SKIP = re.compile(r'^ok \d+ (?:- )?(\S+) +# SKIP\s*(.*)', re.IGNORECASE)


def read(path):
    """The records of one run; everything that is not a clear success counts as a failure."""
    with open(path, encoding='utf-8') as log:
        return [json.loads(line) for line in log if line.strip()]


def left_out(record):
    """The cases inside one test that its output (TAP) says were skipped, with the reason."""
    for line in (record.get('stdout') or '').splitlines():
        match = TAP_SKIP.match(line)
        if match:
            yield '{}{}'.format(match[1], ' – ' + match[2] if match[2] else '')


def last_words(record):
    """What a failed test said: its cases that went wrong and what follows each, and the end of its errors."""
    lines = (record.get('stdout') or '').splitlines()
    told, is_wanted = [], False
    for line in lines:
        if re.match(r'(not )?ok \d', line):
            is_wanted = line.startswith('not ok')
        if is_wanted or line.startswith('Bail out!'):
            told.append(line)
    yield from told[:WORDS_LIMIT] or lines[-WORDS_LIMIT:]
    yield from (record.get('stderr') or '').splitlines()[-WORDS_LIMIT:]


def is_failed(record):
    return record.get('result') not in PASSED | SKIPPED


class Sum:
    """What all runs came to, and what is to be told of it below the names."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.words = []

    def add(self, record, folder, passed_again):
        result = record.get('result')
        name = '{} ({})'.format(record.get('name'), folder)
        if result in SKIPPED:
            self.skipped += 1
            print(f'skipped: {name}')
        elif not is_failed(record):
            self.passed += 1
        elif record.get('name') in passed_again:
            self.passed += 1
            print(f'unsteady: {name}: {result} the first time, passed when it was asked again')
            self.words += [f'--- {name}, the first time ---', *last_words(record)]
        else:
            self.failed += 1
            print(f'failed: {name}: {result}')
            self.words += [f'--- {name} ---', *last_words(record)]
        for case in left_out(record):
            print(f'  left out in {name}: {case}')

    def add_run(self, path, again_path):
        try:
            records = read(path)
            again = read(again_path) if again_path else []
        except (OSError, ValueError) as error:
            print(f'There is no good record of a run: {path}: {error}')
            self.failed += 1
            return
        passed_again = {record.get('name') for record in again if record.get('result') in PASSED}
        for record in records:
            self.add(record, path.split('/')[0], passed_again)


def pair(arguments):
    """[record, record of asking again or None] of each run."""
    runs = []
    arguments = iter(arguments)
    for argument in arguments:
        if argument == '--again' and runs:
            runs[-1][1] = next(arguments, None)
        else:
            runs.append([argument, None])
    return runs


def print_failed(path):
    for record in read(path):
        if is_failed(record):
            print(record['name'].split(' / ')[-1])


def main(arguments):
    total = Sum()
    for path, again_path in pair(arguments):
        total.add_run(path, again_path)
    for line in total.words:
        print(line)
    print(f'{total.passed} passed, {total.failed} failed, {total.skipped} skipped')
    return 0 if total.passed and not total.failed else 1


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if sys.argv[1] == '--failed':
        sys.exit(print_failed(sys.argv[2]))
    sys.exit(main(sys.argv[1:]))
