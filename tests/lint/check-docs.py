#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/lint/check-docs.py [ROOT]

The README names both commands, and what the documents point at exists: files that they link
to, programs of build-aux/ and sources that they name.
"""

import os
import pathlib
import re
import sys

COMMANDS = ('build-aux/demo', 'build-aux/test')
LINK = re.compile(r'\]\(([^)#\s]+)(?:#[^)]*)?\)')
NAMED = re.compile(r'`((?:build-aux|src|tests|data|docs|po|\.ci)/[\w./-]*\w)[^`]*`')
LAYER = re.compile(r'`((?:cpm|transport|media|client|relay|app|cli)/[\w./-]*)`')


def documents(root):
    yield from sorted(root.glob('*.md'))
    for folder in ('docs', 'src', 'tests', 'data'):
        yield from sorted((root / folder).rglob('*.md'))


def check_commands(root):
    readme = root / 'README.md'
    text = readme.read_text(encoding='utf-8') if readme.exists() else ''
    for command in COMMANDS:
        if command not in text:
            yield f'README.md does not name {command}'
        if not os.access(root / command, os.X_OK):
            yield f'{command} is not there to be run'


def check(root):
    yield from check_commands(root)
    for path in documents(root):
        text = path.read_text(encoding='utf-8')
        name = path.relative_to(root)
        for target in LINK.findall(text):
            if '://' not in target and not target.startswith('mailto:') \
                    and not (path.parent / target).exists():
                yield f'{name}: links to {target}, which is not there'
        named = NAMED.findall(text)
        if name == pathlib.Path('src/README.md'):
            named += ['src/' + target for target in LAYER.findall(text)]
        for target in named:
            if not (root / target).exists() and not list(root.glob(target + '.[ch]')):
                yield f'{name}: names {target}, which is not there'


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else '.').resolve()
    wrong = list(check(root))
    print('\n'.join(wrong) or 'The documents point at what is there.')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
