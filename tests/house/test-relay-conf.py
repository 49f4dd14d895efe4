#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sample configuration is one that the relay takes, also with everything in it that it leaves out."""

import os
import pathlib
import re
import sys
import unittest

SOURCE = pathlib.Path(os.environ['VITRINE_SOURCE'])
sys.path.insert(0, str(SOURCE / 'tests' / 'system'))

from town import Late, Town  # noqa: E402: the path comes first

SAMPLE = (SOURCE / 'data' / 'relay' / 'relay.conf').read_text(encoding='utf-8')


class RelayConf(unittest.TestCase):
    def start(self, text):
        """A relay with this configuration, but a data folder and ports of its own."""
        with Town() as town:
            path = town.folder / 'relay.conf'
            path.write_text(text, encoding='utf-8')
            relay = town.relay('example.org', open_registration=False, options=['--config', path])
            self.assertEqual(relay.stop(), 0)

    def test_the_sample_is_taken(self):
        self.start(SAMPLE)

    def test_every_setting_that_it_explains_exists(self):
        everything = re.sub(r'^#([a-z-]+ = )', r'\1', SAMPLE, flags=re.MULTILINE)
        everything = re.sub(r'^(listen|public-host|cert|key|federation-ca) = .*\n', '', everything, flags=re.MULTILINE)
        self.assertIn('\nmax-connections = ', everything)
        self.start(everything)

    def test_a_setting_that_does_not_exist_is_told(self):
        with self.assertRaises((Late, AssertionError)) as refused:
            self.start(SAMPLE + '\nbeauty = much\n')
        self.assertIn('beauty', str(refused.exception))


if __name__ == '__main__':
    unittest.main()
