#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: build-aux/count-tests.py TESTLOG.json...

Says how the runs of `meson test` ended that left these records: names what failed, with the words
that it said of it, and what was left out (with the reason that the test gave), and ends with
"N passed, N failed, N skipped".
Exit status 0 when tests ran and none failed.
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


def main(paths):
    passed = failed = skipped = 0
    words = []
    for path in paths:
        try:
            records = read(path)
        except (OSError, ValueError) as error:
            print(f'There is no good record of a run: {path}: {error}')
            failed += 1
            continue
        folder = path.split('/')[0]
        for record in records:
            result = record.get('result')
            name = '{} ({})'.format(record.get('name'), folder)
            if result in PASSED:
                passed += 1
            elif result in SKIPPED:
                skipped += 1
                print(f'skipped: {name}')
            else:
                failed += 1
                print(f'failed: {name}: {result}')
                words += [f'--- {name} ---', *last_words(record)]
            for case in left_out(record):
                print(f'  left out in {name}: {case}')
    for line in words:
        print(line)
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return 0 if passed and not failed else 1


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
