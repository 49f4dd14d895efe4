#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Vitrine developers
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each lint finds what was planted, and nothing in a tree that is in order."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SPDX = ('/* SPDX-FileCopyrightText: 2026 The Vitrine developers\n'
        ' * SPDX-License-Identifier: GPL-3.0-or-later */\n\n')
SCRIPT = ('#!/bin/sh\n# SPDX-FileCopyrightText: 2026 The Vitrine developers\n'
          '# SPDX-License-Identifier: GPL-3.0-or-later\n')

GOOD = {
    'src/cpm/cpm-message.h': SPDX + '#pragma once\n\n#include <glib-object.h>\n#include <stdint.h>\n',
    'src/cpm/cpm-error.h': SPDX + '#pragma once\n',
    'src/cpm/cpm-message.c': SPDX + '#define G_LOG_DOMAIN "cpm-message"\n#include "config.h"\n'
                                    '#include "cpm-message.h"\n#include "cpm-error.h"\n#include <math.h>\n',
    'src/transport/transport-wire.h': SPDX + '#pragma once\n#include "cpm-message.h"\n'
                                             '#include <libsoup/soup.h>\n',
    'src/media/media-stage.h': SPDX + '#pragma once\n#include <gst/gst.h>\n',
    'src/media/meson.build': "media_lib = static_library('media', dependencies: [gst_dep, gst_app_dep])\n",
    'src/client/client.h': SPDX + '#pragma once\n#include "transport-wire.h"\n#include "media-stage.h"\n',
    'src/client/store/client-store-sqlite.c': SPDX + '#define G_LOG_DOMAIN "s"\n#include <sqlite3.h>\n',
    'src/app/vitrine-window.c': SPDX + '#define G_LOG_DOMAIN "w"\n#include <adwaita.h>\n'
                                       '#include "client.h"\n#include "cpm-error.h"\n',
    'src/app/vitrine-paintable.c': SPDX + '#define G_LOG_DOMAIN "p"\n#include <gst/app/gstappsink.h>\n',
    'src/relay/relay-main.c': SPDX + '#define G_LOG_DOMAIN "r"\n#include <sodium.h>\n#include <sys/stat.h>\n',
    'src/README.md': 'See [the protocol](../docs/protocol.md) and `src/cpm/cpm-error.h`.\n',
    'docs/protocol.md': '# The protocol\n',
    'README.md': 'Run `build-aux/demo` and `build-aux/test`.\n',
    'build-aux/demo': SCRIPT + 'echo demo\n',
    'build-aux/test': SCRIPT + 'echo test\n',
    'tests/cpm/test-x.py': SCRIPT.replace('/bin/sh', '/usr/bin/python3') + 'print(1)\n',
}

# lint, file, its text (or what is added to its good text), what the lint has to say
PLANTED = [
    ('layers', 'src/cpm/cpm-error.h', '+#include "client.h"\n', 'cpm may not use client'),
    ('layers', 'src/cpm/cpm-error.h', '+#include <gio/gio.h>\n', 'cpm may not use gio'),
    ('layers', 'src/cpm/cpm-error.h', '+#include <pthread.h>\n', 'cpm has none'),
    ('layers', 'src/cpm/cpm-error.h', '+#include "../app/vitrine.h"\n', 'climbs out'),
    ('layers', 'src/cpm/cpm-error.h', '+#include "nowhere.h"\n', 'no header of this project'),
    ('layers', 'src/media/media-stage.h', '+#include "cpm-error.h"\n', 'media may not use cpm'),
    ('layers', 'src/media/media-stage.h', '+#include <gtk/gtk.h>\n', 'media may not use gtk'),
    ('layers', 'src/client/client.h', '+#include <sqlite3.h>\n', 'in client is only for'),
    ('layers', 'src/client/client.h', '+#include <curl/curl.h>\n', 'of no library'),
    ('layers', 'src/relay/relay-main.c', '+#include <sqlite3.h>\n', 'in relay is only for'),
    ('layers', 'src/relay/relay-main.c', '+#include <gst/gst.h>\n', 'relay may not use gstreamer'),
    ('layers', 'src/relay/relay-main.c', '+#include "client.h"\n', 'relay may not use client'),
    ('layers', 'src/app/vitrine-window.c', '+#include <gst/gst.h>\n', 'in app is only for'),
    ('layers', 'src/app/vitrine-window.c', '+#include <libsoup/soup.h>\n', 'app may not use libsoup'),
    ('layers', 'src/app/vitrine-window.c', '+#include "cpm-message.h"\n', 'not among the headers'),
    ('layers', 'src/app/vitrine-window.c', '+#include "transport-wire.h"\n', 'app may not use transport'),
    ('layers', 'src/media/meson.build', "+x = [soup_dep]\n", 'media may not use libsoup'),
    ('layers', 'src/media/meson.build', "+x = [client_dep]\n", 'media may not use client'),
    ('layers', 'tests/cpm/test-x.c', SPDX + '#include "../src/x.h"\n', 'climbs out'),
    ('style', 'src/cpm/cpm-new.h', SPDX, 'no "#pragma once"'),
    ('style', 'src/cpm/cpm-new.h', '#pragma once\n', 'no SPDX header'),
    ('style', 'src/cpm/cpm-new.c', SPDX, 'no G_LOG_DOMAIN'),
    ('style', 'src/cpm/cpm-message.c', '+\n' * 1 + 'int x;\n' * 1001, 'lines; 1000 are the most'),
    ('style', 'src/cpm/cpm-message.c', '+  goto out;\n', 'has a goto'),
    ('style', 'src/cpm/cpm-message.c', '+int x' + 100 * 'x' + ';\n', '100 are the most'),
    ('style', 'src/cpm/cpm-message.c', '+/* TODO: later */\n', 'left over'),
    ('style', 'src/cpm/cpm-message.c', '+int x; \n', 'white space'),
    ('style', 'src/cpm/cpm-message.c', '+\tint x;\n', 'a tab'),
    ('style', 'build-aux/test', '#!/bin/sh\n', 'no SPDX header'),
    ('docs', 'README.md', 'Run `build-aux/test`.\n', 'does not name build-aux/demo'),
    ('docs', 'README.md', 'Run `build-aux/demo`.\n', 'does not name build-aux/test'),
    ('docs', 'src/README.md', 'See [x](gone.md).\n', 'links to gone.md'),
    ('docs', 'src/README.md', 'See `cpm/gone.c`.\n', 'names src/cpm/gone.c'),
    ('docs', 'docs/protocol.md', 'Read `src/cpm/gone.h`.\n', 'names src/cpm/gone.h'),
    ('scripts', 'build-aux/test', SCRIPT + 'if true; then\n', 'build-aux/test'),
    ('scripts', 'tests/cpm/test-x.py', 'def x(:\n', 'line 1'),
]


def plant(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
        if text.startswith('#!'):
            os.chmod(path, 0o755)


def run(lint, root):
    return subprocess.run([sys.executable, str(HERE / f'check-{lint}.py'), str(root)],
                          capture_output=True, text=True, check=False)


class Lint(unittest.TestCase):
    def test_accepts_a_tree_in_order(self):
        with tempfile.TemporaryDirectory() as root:
            plant(pathlib.Path(root), GOOD)
            for lint in ('layers', 'style', 'docs', 'scripts'):
                with self.subTest(lint=lint):
                    ran = run(lint, root)
                    self.assertEqual((ran.returncode, ran.stderr), (0, ''), ran.stdout)

    def test_finds_what_was_planted(self):
        for lint, name, text, complaint in PLANTED:
            with self.subTest(lint=lint, name=name, complaint=complaint), \
                    tempfile.TemporaryDirectory() as root:
                if text.startswith('+'):
                    text = GOOD[name] + text[1:]
                plant(pathlib.Path(root), {**GOOD, name: text})
                ran = run(lint, root)
                self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
                self.assertIn(complaint, ran.stdout)

    def test_finds_a_script_that_cannot_be_run(self):
        with tempfile.TemporaryDirectory() as root:
            plant(pathlib.Path(root), GOOD)
            os.chmod(pathlib.Path(root) / 'build-aux/demo', 0o644)
            self.assertIn('cannot be run', run('scripts', root).stdout)
            self.assertIn('is not there to be run', run('docs', root).stdout)


if __name__ == '__main__':
    unittest.main()
