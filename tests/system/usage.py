# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""What programs take of the machine while they run: memory, descriptors, threads, and programs of their own."""

import os
import pathlib

PAGE_KB = os.sysconf('SC_PAGE_SIZE') // 1024

# By how much the least of each may be more in the second half of a run than in the first: some contents need more than others, but what
# is not given back stays.
GROWTH = {'memory_kb': 24 * 1024, 'files': 8, 'threads': 8, 'children': 2}
# AddressSanitizer keeps what was freed for a while, up to 256 MB.
GROWTH_ASAN = {**GROWTH, 'memory_kb': 300 * 1024}


class Usage:
    """What one program has at each moment at which it is asked."""

    def __init__(self, name, pid):
        self.name = name
        self.folder = pathlib.Path('/proc', str(pid))
        self.growth = GROWTH_ASAN if 'libasan' in (self.folder / 'maps').read_text('utf-8') else GROWTH
        self.samples = []

    def _children(self):
        lists = (task / 'children' for task in (self.folder / 'task').iterdir())
        return sum(len(one.read_text('ascii').split()) for one in lists if one.exists())

    def take(self):
        try:
            sample = {
                'memory_kb': int((self.folder / 'statm').read_text('ascii').split()[1]) * PAGE_KB,
                'files': len(os.listdir(self.folder / 'fd')),
                'threads': len(os.listdir(self.folder / 'task')),
                'children': self._children(),
            }
        except (FileNotFoundError, ProcessLookupError):
            return  # a thread ended while we looked
        self.samples.append(sample)

    def _least(self, number, n_parts):
        """The least that was seen in this part of the run, of so many."""
        part = self.samples[len(self.samples) * number // n_parts:len(self.samples) * (number + 1) // n_parts]
        return {what: min(sample[what] for sample in part) for what in GROWTH}

    def tell(self):
        """The least in each fifth of the run."""
        fifths = [self._least(number, 5) for number in range(5)]
        return f'{self.name}: ' + ', '.join(f'{what} ' + ' '.join(str(fifth[what]) for fifth in fifths) for what in GROWTH)

    def grown(self):
        """What has grown by more than it may."""
        before, after = self._least(0, 2), self._least(1, 2)
        return [f'{what} of {self.name}: {before[what]} -> {after[what]}' for what, more in self.growth.items()
                if after[what] > before[what] + more]
