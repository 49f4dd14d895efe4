#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/lint/check-style.py [ROOT]

The part of CONTRIBUTING.md that a program can see: licence headers, length of files,
header guards, log domains, leftovers.
"""

import pathlib
import re
import sys

FOLDERS = ('src', 'data', 'tests', 'build-aux', '.ci', 'po')
PROGRAMS = {'.c', '.h', '.py', '.sh', '.js', '.mjs'}
MAX_LINES = 1000
MAX_COLUMNS = 100
# What a test says or expects word by word stays in one piece.
LONG_STRING = re.compile(r'"(?:[^"\\]|\\.){40,}(?:"|\\?$)')

LEFTOVER = re.compile(r'\b(TODO|FIXME|XXX|HACK)\b')
GOTO = re.compile(r'^\s*goto\s', re.MULTILINE)


def is_program(path):
    if path.suffix in PROGRAMS:
        return True
    if path.suffix or not path.is_file():
        return False
    with path.open('rb') as file:
        return file.read(2) == b'#!'


def check_c(path, text, in_source):
    if path.suffix == '.h' and not re.search(r'^#pragma once$', text, re.MULTILINE):
        yield 'has no "#pragma once"'
    if path.suffix == '.c' and in_source and not re.search(r'^#define G_LOG_DOMAIN "', text, re.MULTILINE):
        yield 'sets no G_LOG_DOMAIN'
    if GOTO.search(text):
        yield 'has a goto'
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MAX_COLUMNS and not LONG_STRING.search(line):
            yield f'{number}: has {len(line)} columns; {MAX_COLUMNS} are the most'


def check_text(path, text):
    """What is wrong with one file of ours."""
    lines = text.splitlines()
    head = '\n'.join(lines[:4])
    if 'SPDX-License-Identifier: GPL-3.0-or-later' not in head or 'SPDX-FileCopyrightText: ' not in head:
        yield 'has no SPDX header'
    if len(lines) > MAX_LINES:
        yield f'has {len(lines)} lines; {MAX_LINES} are the most'
    if text and not text.endswith('\n'):
        yield 'does not end with a line feed'
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield f'{number}: ends with white space'
        if '\t' in line:
            yield f'{number}: has a tab'
        if LEFTOVER.search(line) and path.name not in ('check-style.py', 'test-lint.py'):
            yield f'{number}: is left over: {line.strip()}'


def check(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob('*')):
            if not is_program(path) or '__pycache__' in path.parts:
                continue
            name = path.relative_to(root)
            text = path.read_text(encoding='utf-8')
            for why in check_text(path, text):
                yield f'{name}: {why}'
            if path.suffix in ('.c', '.h'):
                yield from (f'{name}: {why}' for why in check_c(path, text, folder == 'src'))


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else '.').resolve()
    wrong = list(check(root))
    print('\n'.join(wrong) or 'Every file is as CONTRIBUTING.md wants it.')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
