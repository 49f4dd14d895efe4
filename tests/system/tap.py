# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs unittest cases in the order in which they are written and reports them as TAP, for meson.

A test's name on the wire is /class/what-its-first-docstring-line-says. A story is one class whose
tests build on each other: after a failure the rest of that class is skipped, since it would only
say the same again.
"""

import inspect
import re
import sys
import unittest


def slug(text):
    return re.sub(r'[^A-Za-z0-9]+', '-', text).strip('-').lower()


def title(test):
    words = (test.shortDescription() or test.id().rpartition('.')[2]).rstrip('.')
    return f'/{slug(type(test).__name__)}/{slug(words)}'


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0
        self.broken = set()

    def _line(self, verdict, name, tail=''):
        self.number += 1
        print(f'{verdict} {self.number} - {name}{tail}', flush=True)

    def addSuccess(self, test):
        self._line('ok', title(test))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._line('ok', title(test), f' # SKIP {reason}')

    def _fail(self, test, error):
        self.broken.add(type(test))
        name = title(test) if isinstance(test, unittest.TestCase) else str(test)
        self._line('not ok', name)
        for line in self._exc_info_to_string(error, test).splitlines():
            print('#', line, flush=True)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self._fail(test, error)

    def addError(self, test, error):
        super().addError(test, error)
        self._fail(test, error)


class Story(unittest.TestCase):
    """Tests that follow each other in one town."""

    def run(self, result=None):
        if type(self) in result.broken:
            result.startTest(self)
            result.addSkip(self, 'the story broke off before')
            result.stopTest(self)
            return result
        return super().run(result)


def note(text):
    """Something measured or seen, for whoever reads the log."""
    print('#', text, flush=True)


def main(module='__main__'):
    space = sys.modules[module]
    wanted = sys.argv[1:]
    suite = unittest.TestSuite()
    for kind in vars(space).values():
        if not (inspect.isclass(kind) and issubclass(kind, unittest.TestCase)
                and kind.__module__ == module):
            continue
        tests = [name for base in reversed(kind.__mro__) for name in vars(base) if name.startswith('test_')]
        if not wanted or kind.__name__ in wanted:
            suite.addTest(unittest.TestSuite(kind(name) for name in tests))
    print(f'1..{suite.countTestCases()}', flush=True)
    result = Result()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
