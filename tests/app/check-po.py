#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""usage: tests/app/check-po.py ROOT

Every file with text for people is in po/POTFILES.in and nothing else is; every language of
po/LINGUAS has every text, and none of it is marked as doubtful.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

# What marks a text for translation, by the kind of file.
MARKS = {
    '.c': re.compile(r'\b(_|N_|C_|g_dngettext|ngettext)\s?\('),
    '.ui': re.compile(r'translatable="yes"'),
    '.in': re.compile(r'^(GenericName|Comment|Keywords)=|<summary>', re.MULTILINE),
    '.xml': re.compile(r'<summary>'),
}
FOLDERS = ['src/app', 'data']


def files_with_text(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob('*')):
            mark = MARKS.get(path.suffix)
            if mark is not None and path.is_file() and mark.search(path.read_text(encoding='utf-8')):
                yield str(path.relative_to(root))


def listed_files(root):
    lines = (root / 'po/POTFILES.in').read_text(encoding='utf-8').splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith('#')]


def check_list(root):
    marked, listed = set(files_with_text(root)), set(listed_files(root))
    for name in sorted(marked - listed):
        yield f'{name} has text for people and is not in po/POTFILES.in'
    for name in sorted(listed - marked):
        yield f'po/POTFILES.in names {name}, where there is no text for people'


def extract(root, template):
    """The texts as they are now. xgettext takes files of one kind at a time for its keywords."""
    command = ['xgettext', '--from-code=UTF-8', '--keyword=_', '--keyword=N_', '--keyword=C_:1c,2',
               '--keyword=g_dngettext:2,3', '--directory', str(root), '--output', str(template)]
    subprocess.run([*command, *listed_files(root)], check=True, capture_output=True)


def check_language(root, language, template):
    po = root / 'po' / f'{language}.po'
    if not po.exists():
        yield f'po/LINGUAS names {language}, and there is no po/{language}.po'
        return
    checked = subprocess.run(['msgfmt', '--check', '--output=/dev/null', str(po)],
                             capture_output=True, text=True)
    if checked.returncode:
        yield checked.stderr.strip()
    # Fails for texts that are missing, untranslated or fuzzy.
    compared = subprocess.run(['msgcmp', str(po), str(template)], capture_output=True, text=True)
    if compared.returncode:
        yield compared.stderr.strip()


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    troubles = list(check_list(root))
    with tempfile.TemporaryDirectory() as folder:
        template = pathlib.Path(folder) / 'vitrine.pot'
        extract(root, template)
        for language in (root / 'po/LINGUAS').read_text(encoding='utf-8').split():
            troubles += check_language(root, language, template)
    print('\n'.join(troubles) or 'Every text is listed and translated.')
    return 1 if troubles else 0


if __name__ == '__main__':
    sys.exit(main())
