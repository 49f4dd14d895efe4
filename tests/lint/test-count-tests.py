#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The last line of build-aux/test says what meson's record says."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

COUNT = pathlib.Path(__file__).resolve().parents[2] / 'build-aux/count-tests.py'


def count(*runs, again=None):
    """(exit status, last line, all lines) for runs given as lists of records, or as raw text."""
    if again is not None:
        runs += (again,)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, records in enumerate(runs):
            path = pathlib.Path(folder) / f'{number}.json'
            text = records if isinstance(records, str) else '\n'.join(map(json.dumps, records))
            path.write_text(text, encoding='utf-8')
            if again is not None and number == len(runs) - 1:
                paths.append('--again')
            paths.append(str(path))
        ran = subprocess.run([sys.executable, str(COUNT), *paths],
                             capture_output=True, text=True, check=False)
    lines = ran.stdout.splitlines()
    return ran.returncode, lines[-1], lines


class Count(unittest.TestCase):
    def test_adds_the_runs(self):
        status, last, _ = count([{'name': 'a', 'result': 'OK'}, {'name': 'b', 'result': 'SKIP'}],
                                [{'name': 'a', 'result': 'OK'}])
        self.assertEqual((status, last), (0, '2 passed, 0 failed, 1 skipped'))

    def test_counts_all_that_is_no_success_as_failed(self):
        for result in ('FAIL', 'TIMEOUT', 'ERROR', 'INTERRUPT', 'UNEXPECTEDPASS', 'SOMETHING', None):
            status, last, _ = count([{'name': 'a', 'result': 'OK'}, {'name': 'b', 'result': result}])
            self.assertEqual((status, last), (1, '1 passed, 1 failed, 0 skipped'), result)

    def test_fails_without_tests_or_without_a_record(self):
        self.assertEqual(count([])[0], 1)
        self.assertEqual(count('{"name":')[:2], (1, '0 passed, 1 failed, 0 skipped'))

    def test_names_cases_that_were_left_out(self):
        record = {'name': 'a', 'result': 'OK', 'stdout': 'ok 1 /a/b # SKIP no camera here\nok 2 /a/c\n'}
        self.assertTrue(any('/a/b – no camera here' in line for line in count([record])[2]))

    def test_names_what_passed_when_asked_again(self):
        first = [{'name': 'x / a', 'result': 'OK'}, {'name': 'x / b', 'result': 'ERROR', 'stderr': 'too late\n'},
                 {'name': 'x / c', 'result': 'FAIL'}]
        status, last, lines = count(first, again=[{'name': 'x / b', 'result': 'OK'}, {'name': 'x / c', 'result': 'FAIL'}])
        self.assertEqual((status, last), (1, '2 passed, 1 failed, 0 skipped'))
        self.assertTrue(any(line.startswith('unsteady: x / b') for line in lines))
        self.assertIn('too late', lines)
        status, last, _ = count(first[:2], again=[{'name': 'x / b', 'result': 'OK'}])
        self.assertEqual((status, last), (0, '2 passed, 0 failed, 0 skipped'))

    def test_a_lost_record_of_asking_again_is_a_failure(self):
        self.assertEqual(count([{'name': 'a', 'result': 'OK'}], again='{"name":')[0], 1)

    def test_says_what_a_failed_test_said(self):
        record = {'name': 'a', 'result': 'ERROR', 'stderr': 'a warning\n',
                  'stdout': 'ok 1 /a/b\n# fine\nnot ok 2 /a/c\n# 1 is not 2\nok 3 /a/d\n'}
        lines = count([record, {'name': 'e', 'result': 'OK', 'stdout': 'ok 1 /e\n# quiet\n'}])[2]
        self.assertIn('# 1 is not 2', lines)
        self.assertIn('a warning', lines)
        self.assertNotIn('# fine', lines)
        self.assertNotIn('# quiet', lines)


if __name__ == '__main__':
    unittest.main()
