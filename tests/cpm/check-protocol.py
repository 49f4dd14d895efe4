#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/cpm/check-protocol.py

The examples in data/protocol/ fit their schemas, each schema has an example, and
docs/protocol.md names every message and every member. The validator knows the part of JSON Schema
that tests/cpm/print-protocol.c writes, and refuses the rest.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / 'data/protocol'

TYPES = {'object': dict, 'array': list, 'string': str, 'integer': int, 'boolean': bool}
NOTES = {'$schema', '$id', 'title', 'x-senders', 'x-durable'}


def is_of_type(value, name):
    return isinstance(value, TYPES[name]) and (name == 'boolean' or not isinstance(value, bool))


def matches(pattern, text):
    assert pattern.startswith('^') and pattern.endswith('$'), pattern
    return re.fullmatch(pattern[1:-1], text) is not None


CHECKS = {
    'type': lambda value, want: is_of_type(value, want),
    'const': lambda value, want: value == want,
    'enum': lambda value, want: value in want,
    'pattern': lambda value, want: matches(want, value),
    'minLength': lambda value, want: len(value) >= want,
    'maxLength': lambda value, want: len(value) <= want,
    'x-minBytes': lambda value, want: len(value.encode()) >= want,
    'x-maxBytes': lambda value, want: len(value.encode()) <= want,
    'minimum': lambda value, want: value >= want,
    'maximum': lambda value, want: value <= want,
    'minItems': lambda value, want: len(value) >= want,
    'maxItems': lambda value, want: len(value) <= want,
    'uniqueItems': lambda value, want: len(set(value)) == len(value),
    'required': lambda value, want: all(name in value for name in want),
    'oneOf': lambda value, want: sum(not list(faults(value, one)) for one in want) == 1,
}


def faults(value, schema, path='message'):
    """What is wrong with value, as lines."""
    if schema is False:
        yield f'{path} is not allowed'
        return
    for keyword, want in schema.items():
        if keyword in NOTES:
            continue
        if keyword == 'properties':
            for name in want.keys() & value.keys():
                yield from faults(value[name], want[name], f'{path}.{name}')
        elif keyword == 'items':
            for index, item in enumerate(value):
                yield from faults(item, want, f'{path}[{index}]')
        elif keyword not in CHECKS:
            yield f'{path}: the checker does not know "{keyword}"'
        elif not CHECKS[keyword](value, want):
            yield f'{path} does not fit {keyword} {want}'
            return


def members(schema):
    """The names of all members below body."""
    for name, inner in schema.get('properties', {}).items():
        yield name
        yield from members(inner)
    if 'items' in schema:
        yield from members(schema['items'])


def check():
    document = (ROOT / 'docs/protocol.md').read_text(encoding='utf-8')
    schemas = {path.name[:-len('.schema.json')]: json.loads(path.read_text(encoding='utf-8'))
               for path in sorted(FOLDER.glob('*.schema.json'))}
    if not schemas:
        yield 'there are no schemas'
    for name, schema in schemas.items():
        if not (FOLDER / f'{name}.example.json').exists():
            yield f'{name} has no example'
        if f'`{name}`' not in document:
            yield f'docs/protocol.md does not name {name}'
        for member in members(schema['properties']['body']):
            if f'`{member}`' not in document and f'"{member}"' not in document:
                yield f'docs/protocol.md does not name {member} of {name}'

    for path in sorted(FOLDER.glob('*.example.json')):
        example = json.loads(path.read_text(encoding='utf-8'))
        schema = schemas.get(example.get('t'))
        if schema is None or not path.name.startswith(example['t'] + '.'):
            yield f'{path.name} is an example of nothing'
            continue
        yield from (f'{path.name}: {fault}' for fault in faults(example, schema))


def main():
    wrong = list(check())
    print('\n'.join(wrong) or 'The examples fit the schemas, and the document names everything.')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
