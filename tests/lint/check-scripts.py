#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/lint/check-scripts.py [ROOT]

Every script can at least be read by its shell or by Python, and can be run.
"""

import os
import pathlib
import subprocess
import sys

FOLDERS = ('build-aux', '.ci', 'tests', 'data', 'src')


def first_line(path):
    with path.open('rb') as file:
        return file.readline(200).decode('utf-8', 'replace')


def check_python(path):
    try:
        compile(path.read_text(encoding='utf-8'), str(path), 'exec')
    except SyntaxError as error:
        yield f'line {error.lineno}: {error.msg}'


def check_shell(path, shell):
    run = subprocess.run([shell, '-n', str(path)], capture_output=True, text=True, check=False)
    if run.returncode:
        yield run.stderr.strip()


def check(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob('*')):
            if not path.is_file() or path.suffix in ('.jpg', '.png', '.pyc'):
                continue
            name, line = path.relative_to(root), first_line(path)
            wrong = []
            if path.suffix == '.py' or line.startswith('#!/usr/bin/python3'):
                wrong += check_python(path)
            elif line.startswith('#!'):
                wrong += check_shell(path, 'bash' if 'bash' in line else 'sh')
            if line.startswith('#!') and not os.access(path, os.X_OK):
                wrong.append('begins with #! but cannot be run')
            yield from (f'{name}: {why}' for why in wrong)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else '.').resolve()
    wrong = list(check(root))
    print('\n'.join(wrong) or 'Every script can be read and run.')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
